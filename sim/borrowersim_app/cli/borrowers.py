"""borrowersim borrowers list|show|check|new."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table

from borrowersim.briefing import briefing
from borrowersim.documents import read_text
from borrowersim.errors import UsageError
from borrowersim.mind import disposable
from borrowersim.money import say_sum
from borrowersim.persona import Archetype, Persona, all_personas, borrowers_dir, persona_named
from borrowersim.talk import Language
from borrowersim_app.cli.common import paper

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The borrowers: list, show, check, new."
)
ID = re.compile(r"^[a-z][a-z0-9-]*$")
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list", epilog="Example: borrowersim borrowers list --language zh-TW --json")
def list_(
    language: Annotated[Language | None, typer.Option(help="Only this language.")] = None,
    archetype: Annotated[Archetype | None, typer.Option(help="Only this archetype.")] = None,
    as_json: Json = False,
) -> None:
    """List the borrowers that come with the product."""
    wanted = [p for p in all_personas() if language in (None, p.language) and archetype in (None, p.archetype)]
    if as_json:
        keys = {"id", "language", "jurisdiction", "name", "archetype", "summary", "trains", "willing", "able", "dials"}
        paper.print_json(data=[p.model_dump(mode="json", include=keys) for p in wanted], ensure_ascii=False)
        return
    for p in wanted:
        dials = f"resistance {p.dials.resistance:g}, stress {p.dials.financial_stress:g}"
        paper.print(f"[bold]{p.id}[/bold]  {p.language}, {p.jurisdiction}  {p.archetype}  {dials}")
        paper.print(Padding(p.summary, (0, 0, 0, 4)))


@app.command(epilog="Example: borrowersim borrowers show us-maria-delgado")
def show(
    borrower: Annotated[str, typer.Argument(help="Id of a borrower, or the path of a YAML file.")],
    as_json: Json = False,
) -> None:
    """Show one borrower whole: the hidden side too, so not before you practise with them."""
    persona = persona_named(borrower)
    if as_json:
        paper.print_json(persona.model_dump_json())
        return
    _print(persona)


def _print(persona: Persona) -> None:
    money = persona.debt.currency, persona.language
    rows = [
        ("id", f"{persona.id} (version {persona.version})"),
        *briefing(persona).lines(),
        ("archetype", persona.archetype),
        ("willing, able", f"{'yes' if persona.willing else 'no'}, {'yes' if persona.able else 'no'}"),
        ("dials", ", ".join(f"{name} {value:g}" for name, value in persona.dials.model_dump().items())),
        ("left each month", say_sum(disposable(persona, persona.dials), *money)),
        ("story", persona.story),
        ("moved by", persona.moved_by),
        ("closed by", persona.closed_by),
        ("trains", persona.trains),
        *((f"private, trust {fact.trust:g}", fact.about) for fact in persona.private),
    ]
    table = Table.grid(padding=(0, 2))
    for label, value in rows:
        table.add_row(f"[dim]{label}[/dim]", value)
    paper.print(table)


@app.command(epilog="Example: borrowersim borrowers check my-borrower.yaml")
def check(files: Annotated[list[str], typer.Argument(help="Paths of persona files.")]) -> None:
    """Check persona files: form, money that adds up, and lines that can be said; exit 2 with what to mend."""
    for name in files:
        persona = persona_named(name)
        for warning in warnings(persona):
            paper.print(f"{name}: {warning}", style="yellow", markup=False, soft_wrap=True)
        paper.print(f"{name}: {persona.id} is sound", markup=False)


def warnings(persona: Persona) -> list[str]:
    """Return what is allowed but probably not meant."""
    found = []
    if persona.facts.balance is not None and abs(persona.facts.balance - float(persona.debt.balance)) > 0.01:
        found.append(f"facts.balance {persona.facts.balance:g} is not debt.balance {persona.debt.balance}")
    if not persona.private:
        found.append("there is no private fact to find out")
    if persona.finances.disposable < 0:
        found.append("more is spent than comes in; no instalment will ever fit")
    found += [
        f"private fact {f.id} costs {f.trust:g} trust: hardly anybody will hear it"
        for f in persona.private
        if f.trust > 8
    ]
    return found


@app.command(epilog="Example: borrowersim borrowers new my-borrower.yaml --from us-maria-delgado")
def new(
    file: Annotated[Path, typer.Argument(help="File to write; its name becomes the id.")],
    source: Annotated[str, typer.Option("--from", help="Borrower to begin with.")] = "us-maria-delgado",
) -> None:
    """Write a new persona file, copied from another with its comments, for you to change."""
    if file.exists():
        raise UsageError(f"{file} is already there; choose another name")
    if not ID.match(file.stem) or file.suffix != ".yaml":
        raise UsageError(
            f"{file.name}: a persona file is named like its id, in lower case with dashes, and ends in .yaml"
        )
    persona_named(source)
    text = read_text(Path(source) if source.endswith((".yaml", ".yml")) else borrowers_dir() / f"{source}.yaml")
    file.write_text(re.sub(r"(?m)^id:.*$", f"id: {file.stem}", text, count=1), "utf-8")
    persona_named(str(file))
    paper.print(f"{file}: change it, then run: borrowersim borrowers check {file}", markup=False, soft_wrap=True)
