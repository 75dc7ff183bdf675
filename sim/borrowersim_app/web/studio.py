"""What a page offers to everybody: the borrowers, who speaks, who judges, where practices are kept."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from borrowersim.errors import UsageError
from borrowersim.persona import Persona
from borrowersim.talk import Language, Talk
from borrowersim.voices.base import Voice
from borrowersim_app.web.limits import Rates
from borrowersim_evals.practice import MemoryBook, PracticeBook
from borrowersim_evals.verdict import Score

LANGUAGES = list(Language)
"""The order in which borrowers are offered."""

Judge = Callable[[Talk], Awaitable[Score]]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Studio:
    """The page's parts that are the same for all people."""

    personas: tuple[Persona, ...]
    voice: Voice
    judge: Judge
    judge_name: str
    rng: Random
    """Gives each call its seed, each practice and each new learner their id."""
    clock: Callable[[], float]
    """Seconds, for durations and limits."""
    book: PracticeBook = field(default_factory=MemoryBook)
    now: Callable[[], datetime] = _now
    rates: Rates = field(default_factory=Rates)

    def persona(self, persona_id: str) -> Persona:
        """Return one of the borrowers on offer; raise UsageError, since the browser may ask for anything."""
        found = next((persona for persona in self.personas if persona.id == persona_id), None)
        if found is None:
            raise UsageError(f"no borrower {persona_id!r} is on offer here")
        return found

    def code(self) -> str:
        """Return a new name that nobody guesses."""
        return f"{self.rng.getrandbits(128):032x}"

    @property
    def judged_by_rules_alone(self) -> bool:
        return self.judge_name == "rules"


def offered(personas: Sequence[Persona]) -> tuple[Persona, ...]:
    """Return the borrowers in the order of the list: by language, then by name."""
    return tuple(sorted(personas, key=lambda persona: (LANGUAGES.index(persona.language), persona.name)))
