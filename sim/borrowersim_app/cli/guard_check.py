"""borrowersim guard-check: planted faults beside clean lines; what the guard keeps back, and what it lets through."""

from typing import Annotated

import typer
from rich.table import Table

from borrowersim.talk import Language
from borrowersim_app.cli.common import paper
from borrowersim_evals.guard_check import SPLITS, GuardFigures, caught, figures, labelled_lines

app = typer.Typer(add_completion=False, rich_markup_mode=None)
COLUMNS = ("language", "split", "planted", "recall", "named", "clean", "false alarms", "missed")


@app.command(epilog="Example: borrowersim guard-check --language en")
def guard_check(
    language: Annotated[list[Language] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the guard on lines that the authors constructed: tuned and measured part apart."""
    measured = [line for wanted in language or list(Language) for line in _of(wanted)]
    if as_json:
        paper.print_json(data=[line.model_dump(mode="json") for line in measured], ensure_ascii=False)
        return
    table = Table(*COLUMNS)
    for line in measured:
        missed = ", ".join(f"{kind} {number}" for kind, number in line.missed.items())
        shares = [f"{value:.2f}" for value in (line.recall, line.named, line.false_alarms)]
        table.add_row(line.language, line.split, str(line.planted), *shares[:2], str(line.clean), shares[2], missed)
    paper.print(table)


def _of(language: Language) -> list[GuardFigures]:
    heard = [caught(line) for line in labelled_lines(language)]
    return [figures(heard, language, split) for split in SPLITS]
