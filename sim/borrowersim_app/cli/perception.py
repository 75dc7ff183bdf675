"""borrowersim perception-check: what a perceiver hears, beside the labelled turns."""

from collections.abc import Callable
from typing import Annotated

import anyio
import typer
from rich.markdown import Markdown

from borrowersim.perception.base import Perceiver
from borrowersim.perception.learned import LearnedPerceiver
from borrowersim.perception.lexical import LexicalPerceiver
from borrowersim.perception.model import ModelPerceiver
from borrowersim.talk import Language
from borrowersim_app.build import chat_model
from borrowersim_app.cli.common import paper
from borrowersim_app.settings import read_settings
from borrowersim_evals.perception_check import labelled, markdown, measure

app = typer.Typer(add_completion=False, rich_markup_mode=None)
DETERMINISTIC: dict[str, Callable[[], Perceiver]] = {"learned": LearnedPerceiver, "cues": LexicalPerceiver}


@app.command(epilog="Example: borrowersim perception-check --language zh-TW")
def perception_check(
    perceiver: Annotated[
        str, typer.Option(help="learned (the default of every talk), cues alone, or a model: openai/NAME.")
    ] = "learned",
    language: Annotated[list[Language] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure perception on agent turns that the authors constructed and labelled; tuned and measured part apart."""
    made = DETERMINISTIC.get(perceiver)
    hears = made() if made else ModelPerceiver(chat_model(perceiver, read_settings()))
    turns = [turn for wanted in language or list(Language) for turn in labelled(wanted)]
    measured = anyio.run(measure, perceiver, hears, turns)
    if as_json:
        paper.print_json(measured.model_dump_json())
    else:
        paper.print(Markdown(markdown(measured)))
