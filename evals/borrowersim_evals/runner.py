"""Play a plan: talks side by side with a limit, each judged and handed over as it finishes. No printing."""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import anyio
from anyio.lowlevel import checkpoint

from borrowersim.agents.base import Agent
from borrowersim.borrower import Borrower
from borrowersim.briefing import Briefing, briefing
from borrowersim.engine import Observer, converse
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


@dataclass(frozen=True)
class Pace:
    """How a plan is played."""

    concurrency: int = 8
    max_turns: int = 12
    talk_seconds: float | None = None
    """After so long whoever is being waited for has failed."""


async def play(
    plan: Iterable[Planned],
    casting: Casting,
    keep: Keep,
    pace: Pace | None = None,
    *,
    halt: Halt | None = None,
    breaker: Breaker | None = None,
) -> None:
    """Play every planned talk, at most `concurrency` at once; hand each to `keep` when it is done.

    Failures of models and agents are endings of their talks; a bug still crashes. When
    something asks `halt`, no new talk begins and those that run come to their end. The
    breaker holds new talks back while a service is down. `rehearse` first.
    """
    pace, halt = pace or Pace(), halt or Halt()
    breaker = breaker or Breaker(halt)
    waiting = iter(plan)

    async def player() -> None:
        for planned in _until(halt, waiting):
            if (admission := await breaker.admits()) is Admission.REFUSED:
                return
            case = await play_one(planned, casting, pace.max_turns, talk_seconds=pace.talk_seconds)
            breaker.note(case, admission)
            await keep(case)
            await checkpoint()  # talks without a service never wait: let Ctrl-C and the budget's clock have their turn

    with one_error():
        async with anyio.create_task_group() as tasks:
            for _ in range(pace.concurrency):
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
) -> Case:
    """Play and judge one talk."""
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
        )
    finally:
        await agent.aclose()
    played = played.model_copy(update={"agent": planned.agent})
    return Case(played=played, score=await casting.judge(played.talk))
