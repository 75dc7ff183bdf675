"""A talk that is watched: live, turn by turn as it is played, or stored. Knows nothing of the page around it."""

from collections.abc import Callable

import anyio

from borrowersim.agents.base import Agent
from borrowersim.borrower import Borrower
from borrowersim.engine import BROKEN_OFF, MAX_TURNS, Call
from borrowersim.errors import UsageError
from borrowersim.hidden import Hidden
from borrowersim.persona import Persona
from borrowersim.record import Moment, Played
from borrowersim.talk import Ending, Language, Speaker, Turn
from borrowersim_app.web.studio import Judge
from borrowersim_evals.case import Case
from borrowersim_evals.verdict import Score

SHORTEST, LONGEST = 1.2, 7.0
"""Seconds that a turn stays before the next one, at speed 1."""
SECONDS_PER_CHARACTER = {Language.EN: 0.04, Language.ZH_CN: 0.13, Language.ZH_TW: 0.13}
"""Quick reading: some 300 English words or 460 Chinese characters a minute."""


def reading_seconds(turn: Turn, language: Language) -> float:
    """Return how long a turn stays at speed 1: long enough to be read, never so long that it drags."""
    return min(LONGEST, max(SHORTEST, len(turn.text) * SECONDS_PER_CHARACTER[language]))


class Live:
    """A talk that an agent and a borrower are having, one turn at a time."""

    def __init__(
        self,
        borrower: Borrower,
        agent: Agent,
        name: str,
        *,
        id: str,
        clock: Callable[[], float],
        max_turns: int = MAX_TURNS,
    ) -> None:
        self.call = Call(borrower, id=id)
        self._agent = agent
        self._name = name
        self._clock = clock
        self._max_turns = max_turns
        self._begun = clock()
        self._seconds: float | None = None
        self._asked: str | None = None
        self._ending: Ending | None = None
        self._scope: anyio.CancelScope | None = None
        self._silent = anyio.Event()

    @property
    def busy(self) -> bool:
        """Say whether somebody is being waited for."""
        return self._scope is not None

    @property
    def over(self) -> bool:
        return self._ending is not None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Return what was said so far, a turn of the agent that waits for its answer included."""
        said = self.call.talk.turns
        return said if self._asked is None else (*said, Turn(speaker=Speaker.AGENT, text=self._asked))

    async def turn(self) -> None:
        """Play one more turn: the agent's, or the answer to it. Does nothing while one is being played, or at the end.

        Raises AgentError or ModelError when the one whose turn it is fails; nothing has changed then: try again.
        """
        if self.busy or self.over:
            return
        with anyio.CancelScope() as self._scope:
            try:
                await self._next()
            finally:
                self._scope = None
                self._silent.set()
        if self.over:
            await self._close()

    async def _next(self) -> None:
        if self._asked is None:
            self._asked = await self._agent.speak(self.call.talk, self.call.last_act)
            self._ending = Ending.AGENT_CLOSED if self._asked is None else None
            return
        answer = await self.call.hear(self._asked)
        self._asked = None
        spent = len(self.call.moments) >= self._max_turns
        self._ending = answer.ending or (Ending.OUT_OF_TURNS if spent else None)

    async def stop(self) -> None:
        """End the talk where it stands; who is being waited for is not heard any more, what was said counts."""
        if self._scope is not None:
            self._silent = anyio.Event()
            self._scope.cancel()
            await self._silent.wait()
        if self.over:
            return
        if self._asked is not None:
            self.call.talk = self.call.talk.said(Speaker.AGENT, self._asked)
            self._asked = None
        self._ending = Ending.AGENT_CLOSED
        await self._close()

    async def _close(self) -> None:
        self._seconds = self._clock() - self._begun
        await self._agent.aclose()

    def played(self) -> Played:
        """Return the record of the talk so far."""
        seconds = self._clock() - self._begun if self._seconds is None else self._seconds
        cost = getattr(self._agent, "usage", None)
        return self.call.played(self._name, ending=self._ending, seconds=seconds, agent_usage=cost)


class Showing:
    """What one spectator watches: a live or a stored talk, and how far it has been shown."""

    def __init__(self, source: Live | Case, persona: Persona | None) -> None:
        self.live = source if isinstance(source, Live) else None
        self.case = source if isinstance(source, Case) else None
        self.persona = persona
        self.at = 0
        """How many turns are shown."""
        self.seen = 0
        """How many turns were shown at some time; those after `at` stay in sight."""
        self.language = Language.EN
        """What the spectator reads; may change while the talk plays."""
        self.speed = 1.0
        self.playing = False
        self.card = False
        """The report card is open."""
        self._paused = anyio.Event()

    @property
    def played(self) -> Played:
        """Return the record of the talk, of a live one as far as it has come."""
        if self.case is not None:
            return self.case.played
        assert self.live is not None
        return self.live.played()

    @property
    def score(self) -> Score | None:
        return self.case.score if self.case else None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Return every turn that there is by now, also those that are not shown yet."""
        return self.live.turns if self.live else self.played.talk.turns

    @property
    def shown(self) -> tuple[Turn, ...]:
        return self.turns[: self.at]

    @property
    def complete(self) -> bool:
        """Say whether no turn will be added."""
        return self.live is None or self.live.over

    @property
    def ended(self) -> bool:
        """Say whether everything has been shown."""
        return self.complete and self.at >= len(self.turns)

    @property
    def waiting(self) -> bool:
        """Say whether the next turn is being thought of, right behind the last one that is shown."""
        return self.live is not None and self.live.busy and self.at >= len(self.turns)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Return the borrower's side of the exchanges that are shown."""
        moments = self.live.call.moments if self.live else self.played.moments
        return tuple(moment for moment in moments if moment.turn < self.at)

    @property
    def states(self) -> tuple[Hidden, ...]:
        """Return the borrower's states up to here, the one before the first word first."""
        opening = self.live.call.borrower.opening() if self.live else self.played.opening
        return (opening, *(moment.hidden for moment in self.moments))

    @property
    def exchanges(self) -> int:
        """Return how many exchanges a person who takes over here leaves as they are.

        Where the borrower has ended the talk, the last one is theirs to do better.
        """
        played = self.played
        final = self.ended and played.ending not in (Ending.OUT_OF_TURNS, *BROKEN_OFF)
        return max(0, min(len(self.moments), len(played.moments) - final))

    async def forward(self) -> None:
        """Show one more turn, and play it if it is not there yet; errors are those of `Live.turn`."""
        if self.live and self.at >= len(self.turns):
            await self.live.turn()
        self._show(self.at + 1)

    def _show(self, at: int) -> None:
        self.at = max(0, min(at, len(self.turns)))
        self.seen = max(self.seen, self.at)

    def go(self, at: int) -> None:
        """Show so many turns, within what there is, and stand still there."""
        self.pause()
        self._show(at)

    def play(self) -> None:
        """Begin to play by itself; from the start again when everything was shown."""
        self.at = 0 if self.ended and self.case else self.at
        self.playing = True
        self._paused = anyio.Event()

    def pause(self) -> None:
        """Stand still; `rest` ends at once."""
        self.playing = False
        self._paused.set()

    async def rest(self) -> None:
        """Wait until the last turn has been read, or somebody pauses."""
        if not self.shown:
            return
        seconds = reading_seconds(self.shown[-1], self.played.talk.language) / self.speed
        with anyio.move_on_after(seconds):
            await self._paused.wait()

    async def finish(self, judge: Judge) -> Case:
        """End a talk that still goes on, show all of it, have it judged once, and return the case.

        Raises UsageError when nothing was said, ModelError when the judge's service fails: ask again.
        """
        self.pause()
        if self.live is not None:
            await self.live.stop()
            self._show(len(self.turns))
        if self.case is None:
            played = self.played
            if not played.talk.turns:
                raise UsageError("nothing was said; let the talk begin first")
            self.case = Case(played=played, score=await judge(played.talk))
        return self.case

    async def leave(self) -> None:
        """Let go of a talk that nobody watches any more."""
        self.pause()
        if self.live is not None:
            await self.live.stop()
