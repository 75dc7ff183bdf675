"""borrowersim agents list|show|check."""

from typing import Annotated, Any

import anyio
import typer
from rich.padding import Padding
from rich.table import Table

from borrowersim.agents.definition import Definition, HttpDefinition, OpenAIDefinition
from borrowersim.agents.pool import Pool
from borrowersim.agents.scripted import AgentScript, script_named, scripts_dir
from borrowersim.agents.secrets import is_secret, masked, variables
from borrowersim.borrower import Borrower
from borrowersim.briefing import briefing
from borrowersim.engine import converse
from borrowersim.errors import AgentError, UsageError
from borrowersim.persona import all_personas, persona_named
from borrowersim.record import Played
from borrowersim.talk import Ending
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.agents import FORMS, Workshop, definition_named, made
from borrowersim_app.cli.common import paper, screen
from borrowersim_app.cli.show import narrator
from borrowersim_app.settings import read_settings

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The agents under test: list, show, check."
)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Name = Annotated[
    str, typer.Argument(help="As for --agent: a script, a file, an address, python:..., runnable:..., llm.")
]


@app.command("list", epilog="Example: borrowersim agents list")
def list_(as_json: Json = False) -> None:
    """List the scripted agents that come with the product, and the forms that an agent's name can have."""
    scripts = [script_named(path.stem) for path in sorted(scripts_dir().glob("*.yaml"))]
    if as_json:
        rows = [{"id": s.id, "about": s.about, "languages": list(s.parts)} for s in scripts]
        paper.print_json(data={"scripts": rows, "forms": FORMS}, ensure_ascii=False)
        return
    for script in scripts:
        paper.print(f"[bold]{script.id}[/bold]  script, {', '.join(script.parts)}")
        paper.print(Padding(script.about, (0, 0, 0, 4)))
    paper.print("\nOther agents, by the form of their name:")
    table = Table.grid(padding=(0, 2))
    for form, about in FORMS.items():
        table.add_row(f"  {form}", about)
    paper.print(table)


@app.command(epilog="Example: borrowersim agents show respectful")
def show(agent: Name, as_json: Json = False) -> None:
    """Show what a name stands for, every default filled in; keys are never shown."""
    data = shown(definition_named(agent))
    if as_json:
        paper.print_json(data=data, ensure_ascii=False)
        return
    import yaml

    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    paper.print(text.rstrip(), markup=False, soft_wrap=True)


def shown(definition: Definition) -> dict[str, Any]:
    """Return a definition as it may be shown: without what was left out, and without keys."""
    data = {"kind": definition.kind, **definition.model_dump(mode="json", exclude_none=True)}
    for call in (data, data.get("start", {}), data.get("close", {})):
        if "headers" in call:
            call["headers"] = {name: masked(name, value) for name, value in call["headers"].items()}
    return {key: value for key, value in data.items() if value not in ("", {}, None)}


@app.command(epilog="Example: borrowersim agents check my-agent.yaml --try us-maria-delgado")
def check(
    agents: Annotated[list[str], typer.Argument(help="Names of agents, as for --agent; most often a file.")],
    borrower: Annotated[
        str | None, typer.Option("--try", help="Let each agent talk to this borrower (phrasebook), and show the talk.")
    ] = None,
    turns: Annotated[int, typer.Option(min=1, max=40, help="Turns of the agent in that talk.")] = 2,
) -> None:
    """Check agents: the file's form, Python code that can be imported, keys that are set; exit 2 with what to mend.

    With --try also that the agent answers: exit 4 when it does not.
    """
    for name in agents:
        definition = definition_named(name)
        for warning in warnings(definition):
            paper.print(f"{name}: {warning}", style="yellow", markup=False, soft_wrap=True)
        anyio.run(_check, definition, name, borrower, turns)
        paper.print(f"{name}: {definition.kind} agent, {'it answers' if borrower else 'it can be made'}", markup=False)


async def _check(definition: Definition, name: str, borrower: str | None, turns: int) -> None:
    """Make the agent, and let it talk when that is wanted."""
    pool = Pool()
    persona = persona_named(borrower) if borrower else _somebody(definition)
    try:
        agent = made(definition, briefing(persona), Workshop(read_settings(), pool), name)
        try:
            if borrower:
                tell = narrator(screen, persona.name.split()[0])
                whom = Borrower(persona, PhrasebookVoice())
                _answered(await converse(whom, agent, id=f"check-{persona.id}", max_turns=turns, observers=[tell]))
        finally:
            await agent.aclose()
    finally:
        await pool.aclose()


def _somebody(definition: Definition) -> Any:
    """Return a borrower whose language the agent speaks."""
    spoken = set(definition.parts) if isinstance(definition, AgentScript) else None
    people = [p for p in all_personas() if spoken is None or p.language in spoken]
    if not people:
        raise UsageError("no borrower speaks a language of this script")
    return people[0]


def _answered(played: Played) -> None:
    if played.ending is Ending.AGENT_FAILED:
        raise AgentError(played.failure)
    if not played.talk.turns:
        raise AgentError(
            f"the agent {played.agent} ended the talk without a word; let it begin when history has one entry"
        )


def warnings(definition: Definition) -> list[str]:
    """Return what is allowed but probably not meant."""
    found = []
    if isinstance(definition, HttpDefinition):
        for call in definition.calls:
            found += [
                f"header {name} holds its key in the file; write ${{NAME}} and set that variable instead"
                for name, value in call.headers.items()
                if is_secret(name) and not variables({name: value})
            ]
    if isinstance(definition, OpenAIDefinition) and not (definition.prompt or definition.briefing):
        found.append("it is not told the case; unless it knows its cases, set briefing: true in a definition file")
    return found
