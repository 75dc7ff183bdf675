"""borrowersim report RUN: make the report of a run again."""

from pathlib import Path
from typing import Annotated

import typer

from borrowersim_app.cli.run import conclude
from borrowersim_evals.runs import RunFolder

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: borrowersim report runs/article-20260102-101500")
def report(
    run: Annotated[Path, typer.Argument(help="Folder that `borrowersim run` wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read RUN, check its gates again, write report.html into it; exit codes as of `run`."""
    folder = RunFolder(run)
    raise typer.Exit(conclude(folder, folder.run().suite, as_json=as_json))
