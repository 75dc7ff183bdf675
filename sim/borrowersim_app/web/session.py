"""One person's call, from picking up to the report. Knows nothing of the web page around it."""

import anyio
from anyio import to_thread

from borrowersim.engine import Call
from borrowersim.errors import UsageError
from borrowersim.persona import Persona
from borrowersim.record import Played
from borrowersim.talk import Ending, Speaker
from borrowersim.voices.base import Tell
from borrowersim_app.web.coach import Comment
from borrowersim_app.web.studio import Studio
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.report.words import Row
from borrowersim_evals.verdict import Score

MAX_CHARS = 1000
"""Of one turn; a minute and a half of speech."""
MAX_TURNS = 40
"""Of a person in one call; a real first call rarely takes half of that."""
TRAINEE = "trainee"
HANDED_OVER: Row = (
    "The collector handed the call over to a colleague here.",
    "催收员在此把通话转交给了同事。",
    "催收人員在此把通話轉交給同事。",
)


class Refused(UsageError):
    """The turn cannot be taken now; `why` names the page's word for it."""

    def __init__(self, why: str, *values: int) -> None:
        super().__init__(why)
        self.why = why
        self.values = values


class Session:
    """One call of one person, and its result."""

    def __init__(
        self,
        studio: Studio,
        learner: str,
        call: Call,
        *,
        parent: str = "",
        parent_turns: int = 0,
        assignment: str = "",
        started: str = "",
        seconds: float = 0,
    ) -> None:
        self._studio = studio
        self.learner = learner
        self.call = call
        self.parent = parent
        self.parent_turns = parent_turns
        self.assignment = assignment
        self.started = started or studio.now().isoformat(timespec="seconds")
        self._earlier = seconds
        self._begun = studio.clock()
        self._closed: float | None = None
        self._answering: anyio.CancelScope | None = None
        self._silent = anyio.Event()
        self.hung_up = False
        self.unsent = ""
        """What the borrower could not be told, because the service failed; kept to be tried again."""
        self.comments: dict[int, Comment] = {}
        """The coach's, by the turn of the agent that they are on."""

    @property
    def id(self) -> str:
        return self.call.talk.id

    @property
    def persona(self) -> Persona:
        return self.call.borrower.persona

    @property
    def answering(self) -> bool:
        """Say whether the borrower is being waited for."""
        return self._answering is not None

    @property
    def ending(self) -> Ending | None:
        """Return how the call ended, None while it goes on."""
        if self.call.ending:
            return self.call.ending
        if len(self.call.moments) >= MAX_TURNS:
            return Ending.OUT_OF_TURNS
        return Ending.AGENT_CLOSED if self.hung_up else None

    @property
    def seconds(self) -> float:
        """Return how long the call has lasted, the time that it was put away left out."""
        until = self._closed if self._closed is not None else self._studio.clock()
        return self._earlier + until - self._begun

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

    async def say(self, text: str, tell: Tell | None = None) -> str:
        """Say a turn and return the answer; `tell` gets its words as they come.

        On ModelError nothing has changed, and the turn waits in `unsent`. Raises Refused when the
        person hangs up before the answer is there; what they said counts.
        """
        said = self.check(text)
        self.unsent, self._silent = said, anyio.Event()
        with anyio.CancelScope() as self._answering:
            try:
                answer = await self.call.hear(said, tell)
                self.unsent = ""
                await self.keep()
                return answer.text
            finally:
                self._answering = None
                self._silent.set()
        self.unsent = ""
        self.call.talk = self.call.talk.said(Speaker.AGENT, said)
        raise Refused("already_over")

    async def quiet(self) -> None:
        """Wait until nobody is being answered."""
        if self._answering:
            await self._silent.wait()

    async def close(self, *, handed_over: bool = False) -> None:
        """End the call if it still goes on; raise Refused when nothing was said in it."""
        if self._answering:
            self._answering.cancel()
            await self._silent.wait()
        if not self.call.talk.turns:
            raise Refused("nothing_said")
        if handed_over and self.ending is None:
            note = HANDED_OVER[list(type(self.persona.language)).index(self.persona.language)]
            self.call.talk = self.call.talk.model_copy(update={"note": note})
        self.hung_up = True
        if self._closed is None:
            self._closed = self._studio.clock()

    async def judged_by_rules(self) -> Case:
        """Return the closed call with what the deterministic evaluator says, and keep it."""
        return await self._judged(await to_thread.run_sync(score_by_rules, self.call.talk))

    async def judged(self) -> Case:
        """Return the closed call with what the studio's judge says, and keep it; ModelError when it fails."""
        return await self._judged(await self._studio.judge(self.call.talk))

    async def _judged(self, score: Score) -> Case:
        await self.keep(score)
        return Case(played=self.played(), score=score)

    def played(self) -> Played:
        """Return the record of the call so far."""
        return self.call.played(TRAINEE, ending=self.ending, seconds=self.seconds)

    async def keep(self, score: Score | None = None) -> None:
        """Write the call into the book as it stands."""
        record = PracticeRecord(
            id=self.id,
            learner=self.learner,
            started=self.started,
            changed=self._studio.now().isoformat(timespec="seconds"),
            played=self.played(),
            score=score,
            parent=self.parent,
            parent_turns=self.parent_turns,
            assignment=self.assignment,
        )
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(self._studio.book.keep, record)
