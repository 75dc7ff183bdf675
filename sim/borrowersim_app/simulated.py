"""A borrower for other frameworks, from names: `simulated_borrower("us-maria-delgado")`."""

from collections.abc import Mapping
from typing import cast

from borrowersim.documents import check
from borrowersim.errors import UsageError
from borrowersim.models.base import ChatModel
from borrowersim.persona import Dials, Persona, persona_named
from borrowersim.simulated import SimulatedBorrower
from borrowersim.voices.base import Voice
from borrowersim_app.build import PHRASEBOOK, Services, voice_named
from borrowersim_app.settings import read_settings


def simulated_borrower(
    persona: str | Persona,
    voice: str | Voice | ChatModel = PHRASEBOOK,
    *,
    dials: Dials | Mapping[str, float] | None = None,
    seed: int = 0,
) -> SimulatedBorrower:
    """Return a borrower to talk to from Python, LangChain, openevals, Inspect or a test.

    `persona` is an id, the path of a YAML file, or a Persona; `voice` a name as on the command
    line, or a Voice or model of yours; `dials` those that differ from the persona's own, 0-10
    each, for example {"resistance": 8}. Raises UsageError for an unknown name or dial.
    """
    who = persona_named(persona) if isinstance(persona, str) else persona
    return SimulatedBorrower(who, voice_given(voice), seed=seed, dials=dials_over(who.dials, dials))


def voice_given(voice: str | Voice | ChatModel) -> Voice:
    """Return a voice by name, or that an object stands for."""
    if isinstance(voice, str):
        return voice_named(voice, Services(read_settings()))
    if hasattr(voice, "say"):
        return cast(Voice, voice)
    if hasattr(voice, "reply"):
        from borrowersim.voices.model import voice_of

        return voice_of(voice)
    raise UsageError(f"{type(voice).__name__} is no voice; give a name such as {PHRASEBOOK}, a Voice, or a ChatModel")


def dials_over(own: Dials, change: Dials | Mapping[str, float] | None) -> Dials:
    """Return a persona's dials with some changed; raise UsageError for an unknown dial or a level beyond 0-10."""
    if change is None or isinstance(change, Dials):
        return change or own
    return check(Dials, {**own.model_dump(), **change}, "dials")
