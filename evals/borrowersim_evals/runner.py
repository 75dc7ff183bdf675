"""Play a plan: talks side by side with a limit, each judged and handed over as it finishes. No printing."""

import math
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol

import anyio
from anyio.lowlevel import checkpoint

from borrowersim.agents.base import Agent
from borrowersim.borrower import Borrower
from borrowersim.briefing import Briefing, briefing
from borrowersim.engine import Observer, Slots, converse
from borrowersim.errors import one_error
from borrowersim.persona import persona_named
from borrowersim.talk import Talk
from borrowersim.voices.base import Voice
from borrowersim_evals.breaker import Admission, Breaker, Halt
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.verdict import Score

Keep = Callable[[Case], Awaitable[None]]
"""Is handed each case as soon as it is finished."""


class Casting(Protocol):
    """Who plays: made by the application from names."""

    voice: Voice

    async def agent(self, name: str, case: Briefing) -> Agent:
        """Return a new agent for one talk."""

    async def judge(self, talk: Talk) -> Score:
        """Return the evaluation of a talk."""


AHEAD = 1.25
"""Talks under way for each slot; they cost memory, and all of them are begun anew after a kill."""


@dataclass(frozen=True)
class Pace:
    """How a plan is played."""

    concurrency: int = 8
    """Answers of agents, voices and judges that are waited for at once, all talks together."""
    max_turns: int = 12
    talk_seconds: float | None = None
    """After so long whoever is being waited for has failed."""

    def under_way(self, talks: int) -> int:
        """Return how many of these talks to have under way, so that nobody's slot is idle, to the end.

        A few more than there are slots use those of talks that hear, judge and store. Dividing the talks
        evenly spares a last wave that is nearly empty: 200 talks in 64 slots are two waves of 100 that take
        turns, not three of 64 and one of 8. One slot stays one talk after the other.
        """
        waves = max(1, round(talks / int(self.concurrency * AHEAD)))
        return math.ceil(talks / waves)


async def play(
    plan: Sequence[Planned],
    casting: Casting,
    keep: Keep,
    pace: Pace | None = None,
    *,
    halt: Halt | None = None,
    breaker: Breaker | None = None,
) -> None:
    """Play every planned talk, `concurrency` answers being waited for at once; hand each to `keep` when it is done.

    Failures of models and agents are endings of their talks; a bug still crashes. When
    something asks `halt`, no new talk begins and those that run come to their end. The
    breaker holds new talks back while a service is down. `rehearse` first.
    """
    pace, halt = pace or Pace(), halt or Halt()
    breaker = breaker or Breaker(halt)
    waiting = iter(plan)
    slots = anyio.Semaphore(pace.concurrency, fast_acquire=True)

    async def player() -> None:
        for planned in _until(halt, waiting):
            if (admission := await breaker.admits()) is Admission.REFUSED:
                return
            case = await play_one(planned, casting, pace.max_turns, talk_seconds=pace.talk_seconds, slots=slots)
            breaker.note(case, admission)
            await keep(case)
            await checkpoint()  # talks without a service never wait: let Ctrl-C and the budget's clock have their turn

    with one_error():
        async with anyio.create_task_group() as tasks:
            for _ in range(pace.under_way(len(plan))):
                tasks.start_soon(player)


def _until(halt: Halt, waiting: Iterator[Planned]) -> Iterator[Planned]:
    while not halt.reason:
        planned = next(waiting, None)
        if planned is None:
            return
        yield planned


async def rehearse(plan: Sequence[Planned], casting: Casting) -> None:
    """Make every agent once and let it go, so that a wrong name is found before anything is played."""
    for borrower, agent in sorted({(planned.borrower, planned.agent) for planned in plan}):
        made = await casting.agent(agent, briefing(persona_named(borrower)))
        await made.aclose()


async def play_one(
    planned: Planned,
    casting: Casting,
    max_turns: int = 12,
    observers: Sequence[Observer] = (),
    talk_seconds: float | None = None,
    clock: Callable[[], float] = time.monotonic,
    slots: Slots | None = None,
) -> Case:
    """Play and judge one talk; each answer is waited for in one of the `slots`."""
    slots = slots or nullcontext()
    persona = persona_named(planned.borrower)
    borrower = Borrower(persona, casting.voice, seed=planned.seed, dials=planned.dials)
    agent = await casting.agent(planned.agent, briefing(persona))
    try:
        played = await converse(
            borrower,
            agent,
            id=planned.id,
            max_turns=max_turns,
            observers=observers,
            seconds=talk_seconds,
            clock=clock,
            slots=slots,
        )
    finally:
        await agent.aclose()
    played = played.model_copy(update={"agent": planned.agent})
    async with slots:
        return Case(played=played, score=await casting.judge(played.talk))
