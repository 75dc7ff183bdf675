"""Play a talk: agent and borrower in turn, until one of them ends it."""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

import anyio

from borrowersim.acts import BorrowerAct
from borrowersim.agents.base import Agent
from borrowersim.borrower import Answer, Borrower
from borrowersim.errors import AgentError, ModelError, ServiceDown
from borrowersim.guard import effect
from borrowersim.hidden import Hidden
from borrowersim.mind import disposable
from borrowersim.models.base import Usage
from borrowersim.record import Fault, Health, Moment, Played
from borrowersim.talk import LONGEST_TURN, Ending, Speaker, Talk, Turn
from borrowersim.voices.base import Tell

T = TypeVar("T")
BROKEN_OFF = (Ending.AGENT_CLOSED, Ending.AGENT_FAILED, Ending.MODEL_FAILED)
"""Endings that the borrower did not choose: the call may go on."""
MAX_TURNS = 12
"""Turns of the agent in one talk; a real first call rarely takes more."""

Observer = Callable[[Turn, Answer | None], Awaitable[None]]
"""Is told each turn as it is said; the answer comes with the borrower's turns only."""
Slots = AbstractAsyncContextManager[Any]
"""Is entered while an answer is waited for: a semaphore that talks share holds them back."""


class Call:
    """One talk while it goes on, from the borrower's side. The web chat drives it turn by turn."""

    def __init__(self, borrower: Borrower, *, id: str) -> None:
        persona = borrower.persona
        self.borrower = borrower
        self.talk = Talk(id=id, language=persona.language, jurisdiction=persona.jurisdiction, facts=persona.facts)
        self.hidden: Hidden = borrower.opening()
        self.moments: tuple[Moment, ...] = ()
        self.ending: Ending | None = None
        self.failure = ""
        self.usage = Usage()
        self._faults: tuple[Fault, ...] = ()

    @property
    def last_act(self) -> BorrowerAct | None:
        return self.moments[-1].act if self.moments else None

    async def hear(self, text: str, tell: Tell | None = None) -> Answer:
        """Take a turn of the agent and answer it; `tell` gets the words as they come.

        On ModelError nothing has changed: try again.
        """
        asked = self.talk.said(Speaker.AGENT, text)
        answer = await self.borrower.answer(asked, self.hidden, tell)
        self.talk = asked.said(Speaker.BORROWER, answer.text)
        self.hidden = answer.hidden
        self.ending = answer.ending
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        turn = len(self.talk.turns) - 1
        spoken = answer.spoken
        heard = tuple(sorted(answer.perceived.acts))
        moment = Moment(
            turn=turn, heard=heard, act=answer.act, hidden=answer.hidden, from_phrasebook=spoken.from_phrasebook
        )
        self.moments = (*self.moments, moment)
        self.usage += spoken.usage
        language = self.talk.language
        self._faults += tuple(
            Fault(turn=turn, kind=kind, line=line, effect=effect(kind, line, answer.act, language))
            for kind, line in spoken.kept_back
        )

    @classmethod
    def resumed(cls, borrower: Borrower, played: Played) -> "Call":
        """Return the call of a record, as it stood: it goes on, or is rewound, as if it had never been put away.

        The borrower must be made with the record's persona, dials and seed.
        """
        call = cls(borrower, id=played.id)
        call.talk, call.moments, call.usage = played.talk, played.moments, played.usage
        call.hidden = played.moments[-1].hidden if played.moments else played.opening
        call._faults = played.health.faults
        call.ending = None if played.ending in (Ending.OUT_OF_TURNS, *BROKEN_OFF) else played.ending
        return call

    def rewound(self, turns: int) -> "Call":
        """Return a new call as it stood after the first `turns` exchanges."""
        earlier = Call(self.borrower, id=self.talk.id)
        kept = self.moments[:turns]
        earlier.moments = kept
        earlier.hidden = kept[-1].hidden if kept else earlier.hidden
        earlier.talk = self.talk.model_copy(update={"turns": self.talk.turns[: kept[-1].turn + 1 if kept else 0]})
        earlier._faults = tuple(f for f in self._faults if kept and f.turn <= kept[-1].turn)
        return earlier

    def played(
        self, agent: str, *, ending: Ending | None = None, seconds: float = 0, agent_usage: Usage | None = None
    ) -> Played:
        """Return the record of the talk so far."""
        borrower = self.borrower
        return Played(
            id=self.talk.id,
            borrower=borrower.persona.id,
            agent=agent,
            voice=borrower.voice.name,
            seed=borrower.seed,
            dials=borrower.dials,
            talk=self.talk,
            ending=ending or self.ending or Ending.OUT_OF_TURNS,
            plan=self.hidden.plan,
            affordable=str(disposable(borrower.persona, borrower.dials)),
            opening=borrower.opening(),
            moments=self.moments,
            health=self._health(),
            usage=self.usage,
            agent_usage=agent_usage or Usage(),
            failure=self.failure,
            seconds=round(seconds, 3),
            versions={"persona": f"{borrower.persona.id}@{borrower.persona.version}"},
        )

    def _health(self) -> Health:
        stood_in = sum(moment.from_phrasebook for moment in self.moments)
        return Health(lines=len(self.moments), from_phrasebook=stood_in, faults=self._faults)


async def converse(
    borrower: Borrower,
    agent: Agent,
    *,
    id: str,
    max_turns: int = MAX_TURNS,
    observers: Sequence[Observer] = (),
    clock: Callable[[], float] = time.monotonic,
    seconds: float | None = None,
    slots: Slots | None = None,
) -> Played:
    """Play one talk to its end and return the record.

    Failures of the agent or of the borrower's model end this talk with an ending of their
    own; they are never scored against the agent. After `seconds`, waiting for `slots` left
    out, whoever is being waited for has failed.
    """
    call = Call(borrower, id=id)
    patience = _Patience(seconds, slots or nullcontext())
    begun = clock()
    ending = None
    for _ in range(max_turns):
        try:
            if await _exchange(call, agent, observers, patience):
                break
        except AgentError as failure:
            ending, call.failure = Ending.AGENT_FAILED, str(failure)
            break
        except ModelError as failure:
            ending, call.failure = Ending.MODEL_FAILED, str(failure)
            break
    cost = getattr(agent, "usage", None)
    return call.played(agent.name, ending=ending, seconds=clock() - begun, agent_usage=cost)


class _Patience:
    """The time that is left for a talk, and the slots that it shares with others."""

    def __init__(self, seconds: float | None, slots: Slots) -> None:
        self._seconds = seconds
        self._slots = slots
        self._deadline = math.inf if seconds is None else anyio.current_time() + seconds

    async def wait(self, ask: Callable[[], Awaitable[T]], failure: type[Exception], who: str) -> T:
        """Ask and return the answer; raise `failure` when the time is up before."""
        queued = anyio.current_time()
        async with self._slots:
            self._deadline += anyio.current_time() - queued  # nobody has failed while it was not this talk's turn
            with anyio.CancelScope(deadline=self._deadline):
                return await ask()
        raise failure(f"the talk took longer than {self._seconds:g} s, while waiting for {who}")


async def _exchange(call: Call, agent: Agent, observers: Sequence[Observer], patience: _Patience) -> bool:
    """Play one turn of each; return whether the talk is over."""
    text = await patience.wait(lambda: agent.speak(call.talk, call.last_act), AgentError, "the agent")
    if text is None:
        call.ending = call.ending or Ending.AGENT_CLOSED
        return True
    if len(text) > LONGEST_TURN:
        raise AgentError(f"the agent said {len(text):,} characters in one turn; a talk holds {LONGEST_TURN:,}")
    for observe in observers:
        await observe(Turn(speaker=Speaker.AGENT, text=text), None)
    answer = await patience.wait(lambda: call.hear(text), ServiceDown, "the borrower's model")
    for observe in observers:
        await observe(call.talk.turns[-1], answer)
    return answer.ending is not None
