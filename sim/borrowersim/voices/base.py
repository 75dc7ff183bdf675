"""The one seam to a voice: an intent becomes words. To add another, write a Voice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from borrowersim.intent import Intent
from borrowersim.models.base import Usage
from borrowersim.talk import Talk

Tell = Callable[[str], Awaitable[None]]
"""Gets each piece of a line as soon as it may leave; the pieces make up the line."""


@dataclass(frozen=True)
class Spoken:
    """A line that may leave, and what it took to get it."""

    text: str
    from_phrasebook: bool = False
    """A model was asked, but the phrasebook spoke."""
    kept_back: tuple[tuple[str, str], ...] = ()
    """(kind of fault, line) of each line that the guard kept."""
    usage: Usage = field(default_factory=Usage)


class Voice(Protocol):
    """Puts an act into words. Raises ModelError only when the service itself fails."""

    @property
    def name(self) -> str:
        """Name as given on the command line."""

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        """Return one line that the guard lets through; `tell` gets it piece by piece, where that can be."""

    async def aclose(self) -> None:
        """Let go of the model."""
