"""One person's call, from picking up to the report. Knows nothing of the web page around it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random

import anyio

from borrowersim.borrower import Borrower
from borrowersim.engine import Call
from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Persona
from borrowersim.talk import Ending, Language, Speaker, Talk
from borrowersim.voices.base import Voice
from borrowersim_evals.case import Case
from borrowersim_evals.verdict import Score

MAX_CHARS = 1000
"""Of one turn; a minute and a half of speech."""
MAX_TURNS = 40
"""Of a person in one call; a real first call rarely takes half of that."""
TRAINEE = "trainee"

LANGUAGES = list(Language)
"""The order in which borrowers are offered."""

Judge = Callable[[Talk], Awaitable[Score]]


@dataclass(frozen=True)
class Studio:
    """What a page offers to everybody: the borrowers, who speaks, who judges."""

    personas: tuple[Persona, ...]
    voice: Voice
    judge: Judge
    judge_name: str
    rng: Random
    """Gives each call its seed."""
    clock: Callable[[], float]

    def persona(self, persona_id: str) -> Persona:
        """Return one of the borrowers on offer; the browser may ask for anything."""
        found = next((persona for persona in self.personas if persona.id == persona_id), None)
        if found is None:
            raise UsageError(f"no borrower {persona_id!r} is on offer here")
        return found


def offered(personas: Sequence[Persona]) -> tuple[Persona, ...]:
    """Return the borrowers in the order of the list: by language, then by name."""
    return tuple(sorted(personas, key=lambda persona: (LANGUAGES.index(persona.language), persona.name)))


class Refused(UsageError):
    """The turn cannot be taken now; `why` names the page's word for it."""

    def __init__(self, why: str, *values: int) -> None:
        super().__init__(why)
        self.why = why
        self.values = values


class Session:
    """One call of one person, and its result."""

    def __init__(self, studio: Studio, persona: Persona, dials: Dials) -> None:
        self._studio = studio
        seed = studio.rng.randrange(2**31)
        self.persona = persona
        self.call = Call(Borrower(persona, studio.voice, seed=seed, dials=dials), id=f"{persona.id}-{seed}")
        self._begun = studio.clock()
        self._seconds: float | None = None
        self._answering: anyio.CancelScope | None = None
        self._silent = anyio.Event()
        self._case: Case | None = None
        self.hung_up = False
        """The person ended the call."""

    @property
    def ending(self) -> Ending | None:
        """Return how the call ended, None while it goes on."""
        if self.call.ending:
            return self.call.ending
        if len(self.call.moments) >= MAX_TURNS:
            return Ending.OUT_OF_TURNS
        return Ending.AGENT_CLOSED if self.hung_up else None

    def check(self, text: str) -> str:
        """Return the turn as it will be said; raise Refused when it cannot be taken."""
        said = text.strip()
        if self.ending:
            raise Refused("already_over")
        if self._answering:
            raise Refused("busy")
        if not said:
            raise Refused("say_something")
        if len(said) > MAX_CHARS:
            raise Refused("too_long", len(said), MAX_CHARS)
        return said

    async def say(self, text: str) -> str:
        """Say a turn and return the answer. On ModelError nothing has changed: say it again.

        Raises Refused when the person hangs up before the answer is there; what they said counts.
        """
        said = self.check(text)
        with anyio.CancelScope() as self._answering:
            try:
                return (await self.call.hear(said)).text
            finally:
                self._answering = None
                self._silent.set()
        self.call.talk = self.call.talk.said(Speaker.AGENT, said)
        raise Refused("already_over")

    async def finish(self) -> Case:
        """End the call if it still goes on, have it judged once, and return the case.

        Raises Refused when nothing was said, ModelError when the judge's service fails.
        """
        if self._answering:
            self._silent = anyio.Event()
            self._answering.cancel()
            await self._silent.wait()
        if not self.call.talk.turns:
            raise Refused("nothing_said")
        self.hung_up = True
        if self._seconds is None:
            self._seconds = self._studio.clock() - self._begun
        if self._case is None:
            played = self.call.played(TRAINEE, ending=self.ending, seconds=self._seconds)
            self._case = Case(played=played, score=await self._studio.judge(played.talk))
        return self._case
