"""borrowersim runs: what the store holds; in and out of it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from borrowersim_app.cli.common import paper, screen
from borrowersim_app.cli.show import score_table
from borrowersim_app.cli.stored import RunName, StoreUrl, place_of, store_url
from borrowersim_evals.runs import RunLine
from borrowersim_evals.store.store import Store
from borrowersim_evals.store.transfer import export_jsonl, export_parquet, import_jsonl

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Stored runs.")
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


class FileKind(StrEnum):
    """What a run can be exported as."""

    JSONL = "jsonl"
    PARQUET = "parquet"


@app.command("list", epilog="Example: borrowersim runs list")
def list_(store: StoreUrl = None, as_json: Json = False) -> None:
    """List the runs of the store, the newest first."""
    lines = Store(store_url(store)).lines()
    if as_json:
        paper.print_json(data=[line.model_dump() for line in lines], ensure_ascii=False)
        return
    table = Table("run", "started", "voice", "judge", "talks", "verdict", "total", "critical")
    for line in lines:
        table.add_row(*_cells(line))
    paper.print(table)


def _cells(line: RunLine) -> tuple[str, ...]:
    talks = f"{line.done}/{line.planned}" + (f", {line.failed} failed" if line.failed else "")
    total = "" if line.total is None else f"{line.total:.0f}"
    verdict = line.verdict or ("stopped" if line.stopped else "unfinished")
    return (line.id, line.started[:16], line.voice, line.judge, talks, verdict, total, str(line.critical))


@app.command(epilog="Example: borrowersim runs show latest")
def show(run: RunName, store: StoreUrl = None, as_json: Json = False) -> None:
    """Show the talks of a run."""
    place = place_of(run, store)
    cases = list(place.store.cases(place.id))
    if as_json:
        rows = [{"id": case.played.id, **case.model_dump(mode="json")} for case in cases]
        paper.print_json(data=rows, ensure_ascii=False)
        return
    paper.print(score_table(cases))


@app.command(epilog="Example: borrowersim runs export latest run.jsonl")
def export(
    run: RunName,
    file: Annotated[Path, typer.Argument(help="File to write.")],
    kind: Annotated[
        FileKind, typer.Option("--as", help="jsonl holds the run whole; parquet one row a turn.")
    ] = FileKind.JSONL,
    store: StoreUrl = None,
) -> None:
    """Write a run to a file: JSONL can be imported again, Parquet is for data tools."""
    place = place_of(run, store)
    write = export_parquet if kind is FileKind.PARQUET else export_jsonl
    screen.print(f"{write(place.store, place.id, file)} talks in {file}", markup=False, soft_wrap=True)


@app.command("import", epilog="Example: borrowersim runs import run.jsonl")
def import_(
    file: Annotated[Path, typer.Argument(help="JSONL that `runs export` wrote.")],
    store: StoreUrl = None,
    id: Annotated[str | None, typer.Option(help="Another id for the run.")] = None,
) -> None:
    """Take a run from a file into the store."""
    run, talks = import_jsonl(Store(store_url(store)), file, id)
    screen.print(f"run {run} with {talks} talks", markup=False, soft_wrap=True)


@app.command(epilog="Example: borrowersim runs delete article-20260102-101500-4711")
def delete(run: RunName, store: StoreUrl = None) -> None:
    """Take a run out of the store; files in its folder stay."""
    place = place_of(run, store)
    place.store.delete(place.id)
    screen.print(f"run {place.id} is deleted", markup=False, soft_wrap=True)
