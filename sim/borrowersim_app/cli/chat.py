"""borrowersim chat: a person talks to a borrower in the terminal."""

import sys
from typing import Annotated

import anyio
import typer

from borrowersim.agents.human import HumanAgent
from borrowersim.borrower import Answer, Borrower
from borrowersim.briefing import briefing
from borrowersim.engine import Observer, converse
from borrowersim.persona import Persona, persona_named
from borrowersim.talk import Turn
from borrowersim_app.cast import Cast
from borrowersim_app.cli.common import JudgeName, Seed, VoiceName, cast, paper
from borrowersim_app.cli.show import DISCLAIMER, findings, score_table
from borrowersim_app.settings import read_settings
from borrowersim_evals.case import Case
from borrowersim_evals.suite import DialSetting

app = typer.Typer(add_completion=False, rich_markup_mode=None)
MAX_TURNS = 40


@app.command(epilog="Example: borrowersim chat us-maria-delgado --resistance 8")
def chat(
    borrower: Annotated[str, typer.Argument(help="Id of a borrower (`borrowersim borrowers list`), or a YAML file.")],
    voice: VoiceName = None,
    judge: JudgeName = None,
    resistance: Annotated[
        float | None, typer.Option(min=0, max=10, help="0 takes any fair plan, 10 is hard to move.")
    ] = None,
    stress: Annotated[float | None, typer.Option(min=0, max=10, help="Financial stress; 10 has nothing left.")] = None,
    seed: Seed = 0,
) -> None:
    """Call a borrower: you are the agent. An empty line hangs up; then you see your report card."""
    persona = persona_named(borrower)
    made, _, _ = cast(voice, judge, read_settings())
    dials = DialSetting(resistance=resistance, financial_stress=stress).over(persona.dials)
    anyio.run(_chat, Borrower(persona, made.voice, seed=seed, dials=dials), made)


async def _chat(borrower: Borrower, made: Cast) -> None:
    persona = borrower.persona
    for label, value in briefing(persona).lines():
        paper.print(f"[dim]{label}:[/dim] {value}")
    paper.print("[dim]The phone rings. Type what you say; an empty line hangs up.[/dim]\n")
    agent = HumanAgent(_read)
    try:
        played = await converse(
            borrower, agent, id=f"chat-{persona.id}", max_turns=MAX_TURNS, observers=[_printer(persona)]
        )
        score = await made.coach(played.talk)
    finally:
        await made.aclose()
    paper.print(f"\nThe call is over: {played.ending.value}. {played.failure}", markup=False)
    findings(paper, score)
    for marks in score.turns:
        if marks.better:
            paper.print(f"  turn {marks.turn}, better: {marks.better}", style="green", markup=False, soft_wrap=True)
    paper.print(score_table([Case(played=played, score=score)]))
    told = len(played.moments[-1].hidden.told) if played.moments else 0
    paper.print(f"private facts told: {told} of {len(persona.private)}\n{DISCLAIMER}", markup=False)


def _printer(persona: Persona) -> Observer:
    """Return an observer that prints the borrower's lines; the person has just typed the others."""

    async def tell(turn: Turn, answer: Answer | None) -> None:
        if answer is not None:
            paper.print(f"{persona.name}: {turn.text}", style="green", markup=False, soft_wrap=True)

    return tell


async def _read() -> str | None:
    """Read a line without blocking the event loop; None at the end of the input."""

    def ask() -> str | None:
        try:
            return input("you: ") if sys.stdin.isatty() else _line()
        except EOFError:
            return None

    return await anyio.to_thread.run_sync(ask, abandon_on_cancel=True)


def _line() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
