"""borrowersim compare A B: two runs, talk by talk."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from borrowersim.talk import Language
from borrowersim_app.cli.codes import FAILED, INCONCLUSIVE, PASSED
from borrowersim_app.cli.common import paper, screen
from borrowersim_app.cli.results import PageLanguage
from borrowersim_app.cli.stored import StoreUrl, place_of
from borrowersim_evals.compare import Side, compare
from borrowersim_evals.compare_page import ROW_HEAD, STYLES, rows, write_comparison
from borrowersim_evals.comparison import Comparison

app = typer.Typer(add_completion=False, rich_markup_mode=None)
CODES = {"worse": FAILED, "not comparable": INCONCLUSIVE}
"""Verdict -> exit code; every other has passed."""
MOST_CHANGES = 20


@app.command("compare", epilog="Example: borrowersim compare runs/before runs/after --out comparison")
def compare_(
    a: Annotated[str, typer.Argument(help="The run to compare with: id, folder, or `latest`.")],
    b: Annotated[str, typer.Argument(help="The run that is compared.")],
    store: StoreUrl = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the page and files; none are written without it.")
    ] = None,
    formats: Annotated[str, typer.Option("--format", help="Files to write, with commas: html, json, md.")] = "html",
    language: PageLanguage = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Say whether run B is better or worse than run A, with intervals, and which talks changed.

    Exit 0 better or no difference shown, 1 worse, 3 not comparable.
    """
    found = compare(_side(a, store), _side(b, store))
    if out is not None:
        names = [name.strip() for name in formats.split(",") if name.strip()]
        for path in write_comparison(out, found, names, language):
            screen.print(f"written: {path}", markup=False, soft_wrap=True)
    if as_json:
        paper.print_json(found.model_dump_json(), ensure_ascii=False)
    else:
        _show(found)
    raise typer.Exit(CODES.get(found.verdict, PASSED))


def _side(run: str, store: str | None) -> Side:
    place = place_of(run, store)
    return Side(place.store.run(place.id), list(place.store.cases(place.id)))


def _show(found: Comparison) -> None:
    table = Table(*ROW_HEAD, title=f"A {found.a}, B {found.b}: {found.pairs} pairs", title_justify="left")
    for row in rows(found):
        table.add_row(*(Text(cell) for cell in row), style=STYLES.get(row[-1]))
    paper.print(table)
    for change in found.changes[:MOST_CHANGES]:
        kinds = ", ".join(change.kinds)
        paper.print(f"{change.key}: {kinds} ({change.ending_a} -> {change.ending_b})", markup=False, soft_wrap=True)
    if len(found.changes) > MOST_CHANGES:
        paper.print(f"... and {len(found.changes) - MOST_CHANGES} more; --json or --out lists all", markup=False)
    for warning in found.warnings:
        screen.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    by = f", decided by {found.decided_by}" if found.decided_by else ""
    paper.print(f"verdict of B beside A: {found.verdict}{by}", markup=False)
