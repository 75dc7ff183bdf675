"""borrowersim borrowers list|show."""

from typing import Annotated

import typer
from rich.table import Table

from borrowersim.briefing import briefing
from borrowersim.mind import disposable
from borrowersim.money import say_sum
from borrowersim.persona import Persona, all_personas, persona_named
from borrowersim_app.cli.common import paper

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The borrowers: list, show.")
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list", epilog="Example: borrowersim borrowers list --json")
def list_(as_json: Json = False) -> None:
    """List the borrowers that come with the product."""
    personas = all_personas()
    if as_json:
        keys = {"id", "language", "jurisdiction", "name", "archetype", "summary", "trains", "willing", "able", "dials"}
        paper.print_json(data=[p.model_dump(mode="json", include=keys) for p in personas], ensure_ascii=False)
        return
    table = Table("id", "language", "law", "archetype", "resistance", "stress", "who")
    for p in personas:
        dials = p.dials
        table.add_row(
            p.id,
            p.language,
            p.jurisdiction,
            p.archetype,
            f"{dials.resistance:g}",
            f"{dials.financial_stress:g}",
            p.summary,
        )
    paper.print(table)


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
