"""Options that several commands share, and the plain words about who speaks and who judges."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from borrowersim_app.build import Chosen, default_judge, default_voice
from borrowersim_app.cast import Cast, cast_named
from borrowersim_app.settings import Settings
from borrowersim_evals.rules.own import VARIABLE, read_own

VoiceName = Annotated[
    str | None,
    typer.Option(
        "--voice",
        "--model",
        help="Who speaks the borrower: openai/NAME, local/NAME-or-path.gguf, langchain/PROVIDER:NAME, phrasebook.",
    ),
]
JudgeName = Annotated[
    str | None,
    typer.Option(
        "--judge",
        help="Who judges beside the rules: openai/NAME, local/NAME, langchain/PROVIDER:NAME; several with commas or "
        "NAME*3 are a jury; or rules alone.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Same seed, same talk.")]

OwnRulesFiles = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Your own rules, added to the pack of their law (`rules check FILE`); repeatable."),
]

screen = Console(stderr=True, highlight=False)
"""Words about what happens; results go to standard output."""
paper = Console(highlight=False)


def use_rules(files: list[Path] | None) -> None:
    """Put own rules in force for this process and those it starts; raise UsageError when a file is wrong."""
    for path in files or ():
        read_own(path)
    if files:
        os.environ[VARIABLE] = os.pathsep.join(str(path.resolve()) for path in files)


def cast(
    voice: str | None, judge: str | None, settings: Settings, *, agent_model: str = "", say: bool = True
) -> tuple[Cast, str, str]:
    """Return the cast with the names of voice and judge; says on the screen which were chosen, and why."""
    spoken, judged = chosen(voice, judge, settings, say=say)
    return cast_named(spoken, judged, settings, agent_model=agent_model), spoken, judged


def chosen(voice: str | None, judge: str | None, settings: Settings, *, say: bool = True) -> tuple[str, str]:
    """Return the names of voice and judge, the defaults where none is named; says which, and why."""
    spoken = Chosen(voice, "as asked") if voice else default_voice(settings)
    judged = Chosen(judge, "as asked") if judge else default_judge(settings)
    if say:
        screen.print(f"voice: {spoken.name} ({spoken.why})", markup=False, soft_wrap=True)
        screen.print(f"judge: {judged.name} ({judged.why})", markup=False, soft_wrap=True)
    return spoken.name, judged.name
