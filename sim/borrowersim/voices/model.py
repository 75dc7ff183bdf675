"""The voice that a language model speaks: it words the act that the mind chose, and the guard listens.

A chat service gets the persona as a stable system prompt and a note with each turn
(`chat`); a small embedded model continues a transcript (`continuing`). Whatever comes
back is read by the guard; what may not leave is asked for again, and after that the
phrasebook speaks.
"""

from collections.abc import AsyncIterator
from random import Random
from typing import Protocol, runtime_checkable

from borrowersim.acts import BorrowerAct
from borrowersim.guard import FaultKind, faults, in_script
from borrowersim.intent import Intent
from borrowersim.models.base import ChatModel, Completer, Usage
from borrowersim.persona import Persona
from borrowersim.readback import readback_of
from borrowersim.talk import Talk
from borrowersim.voices.base import Spoken, Tell
from borrowersim.voices.book import phrasebook_line
from borrowersim.voices.chat import ChatAsking
from borrowersim.voices.continuing import ContinuingAsking
from borrowersim.voices.streaming import spoken_from, streams

TRIES = 2
"""Calls for one line before the phrasebook speaks."""


class Asking(Protocol):
    """One way of asking a model for candidate lines."""

    strict: bool
    """Must every act show in the words? For models too small to be trusted."""

    @property
    def name(self) -> str: ...

    async def candidates(self, intent: Intent, talk: Talk, rng: Random) -> tuple[list[str], Usage]:
        """Return raw candidate lines and what they cost."""

    async def aclose(self) -> None: ...


@runtime_checkable
class Streaming(Protocol):
    """A way of asking whose lines can be heard while they are spoken."""

    def pieces(self, intent: Intent, talk: Talk, rng: Random) -> AsyncIterator[str]:
        """Yield one line piece by piece."""


class ModelVoice:
    """Asks for a line, checks it, asks again, and lets the phrasebook speak when nothing fits.

    A private fact is told in the persona file's own words where the model is small: left to
    word it, such a model invents another one.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.name = asking.name

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        if tell is None:
            return await self._whole(intent, talk, rng)
        if isinstance(self._asking, Streaming) and streams(intent):
            spoken = await spoken_from(self._asking.pieces(intent, talk, rng), intent, talk, tell)
            if spoken is not None:
                return spoken
        spoken = await self._whole(intent, talk, rng)
        await tell(spoken.text)
        return spoken

    async def _whole(self, intent: Intent, talk: Talk, rng: Random) -> Spoken:
        if self._asking.strict and intent.fact is not None:
            return Spoken(phrasebook_line(intent, talk, rng))
        usage, kept_back = Usage(), []
        for _ in range(TRIES):
            raw, cost = await self._asking.candidates(intent, talk, rng)
            usage += cost
            best, rejected = best_line(
                [tidy(line, intent.persona) for line in raw], intent, talk, strict=self._asking.strict
            )
            kept_back += rejected
            if best is not None:
                return Spoken(best, kept_back=tuple(kept_back), usage=usage)
        line = phrasebook_line(intent, talk, rng)
        return Spoken(line, from_phrasebook=True, kept_back=tuple(kept_back), usage=usage)

    async def aclose(self) -> None:
        await self._asking.aclose()


def best_line(
    lines: list[str], intent: Intent, talk: Talk, *, strict: bool = False
) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the line that fits best, or None, and the (fault, line) of each that may not leave."""
    fit: list[str] = []
    rejected: list[tuple[str, str]] = []
    for line in lines:
        found: list[FaultKind] = faults(line, intent, talk, strict=strict)
        if found:
            rejected.append((found[0], line))
        elif line not in fit:
            fit.append(line)
    if len(fit) < 2:
        return (fit[0] if fit else None), rejected
    return max(fit, key=lambda line: _fitness(line, intent, talk)), rejected


def _fitness(line: str, intent: Intent, talk: Talk) -> float:
    """Prefer lines that sound like the act in words of their own; a copy of the phrasebook is worth less."""
    if intent.act is BorrowerAct.TELLS_FACT:
        return 0.0
    near = readback_of(talk.language).likeness(line).get(intent.act, 0.0)
    return near if near < COPY else COPY / 2


COPY = 0.9
"""Likeness from which a line repeats a phrasebook line."""


def tidy(line: str, persona: Persona) -> str:
    """Take the model's habits off a line: quotation marks, a name before it, more takes after it, mixed script."""
    text = line.strip().split("\n")[0].strip()
    for name in (persona.name, persona.name.split()[0]):
        for colon in (":", "："):
            text = text.removeprefix(f"{name}{colon}").split(f"{name}{colon}")[0].strip()
    if len(text) > 1 and text[0] in "\"“「『'" and text[-1] in "\"”」』'":
        text = text[1:-1].strip()
    return in_script(text, persona.language)


def voice_of(model: ChatModel) -> ModelVoice:
    """Return the voice that suits a model: continuation for the embedded kind, chat for services."""
    if isinstance(model, Completer):
        return ModelVoice(ContinuingAsking(model, model.name))
    return ModelVoice(ChatAsking(model))
