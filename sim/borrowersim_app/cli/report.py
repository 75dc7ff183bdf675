"""borrowersim report RUN: make the results of a run again."""

from typing import Annotated

import typer

from borrowersim.talk import Language
from borrowersim_app.cli.results import Formats, PageLanguage, conclude, formats_of
from borrowersim_app.cli.stored import RunName, StoreUrl, place_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: borrowersim report latest --format html,junit")
def report(
    run: RunName,
    store: StoreUrl = None,
    formats: Formats = None,
    language: PageLanguage = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check the gates of RUN again and write its files; exit codes as of `run`."""
    raise typer.Exit(conclude(place_of(run, store), formats_of(formats), language, as_json=as_json))
