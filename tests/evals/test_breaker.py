"""The breaker and the halt: nobody waits for ever, nothing is given up too soon."""

from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest

from borrowersim.talk import Ending
from borrowersim_evals.breaker import Admission, Breaker, Halt, technical
from borrowersim_evals.case import Case
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.planning import Planned
from borrowersim_evals.runner import Pace, play
from tests.evals.made import PLAN, Casting, cases, failed

pytestmark = pytest.mark.anyio
GOOD, BAD = cases()[0], failed(cases()[0])


@dataclass
class Clock:
    """Time that passes when somebody sleeps."""

    slept: list[float] = field(default_factory=list)
    ask_after: int = 1_000
    halt: Halt | None = None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.halt and len(self.slept) >= self.ask_after:
            self.halt.ask("stopped by hand")
        await anyio.lowlevel.checkpoint()


def breaker(halt: Halt, clock: Clock, **fields: Any) -> Breaker:
    return Breaker(halt, **{"threshold": 2, "cooldown": 3.0, "trials": 2, "sleep": clock.sleep, **fields})


def test_the_first_reason_to_stop_stays() -> None:
    halt = Halt()
    halt.ask("one")
    halt.ask("two")
    assert halt.reason == "one"


def test_what_failed_is_told_apart_from_conduct() -> None:
    judged = GOOD.model_copy(update={"score": GOOD.score.model_copy(update={"unscored": f"judge: {UNREACHED}: x"})})
    nonsense = GOOD.model_copy(update={"score": GOOD.score.model_copy(update={"unscored": "judge: bad form"})})
    kinds = [technical(case) for case in (GOOD, BAD, failed(GOOD, Ending.AGENT_FAILED), judged, nonsense)]
    assert kinds == ["", "model", "agent", "judge", ""]


async def test_it_opens_after_failures_in_a_row_only() -> None:
    clock = Clock()
    guard = breaker(Halt(), clock)
    for case in (BAD, GOOD, BAD):
        guard.note(case)
    assert await guard.admits() is Admission.FREE
    guard.note(BAD)
    assert await guard.admits() is Admission.TRIAL
    assert sum(clock.slept) == 3


async def test_failed_trials_halt_with_the_last_reason() -> None:
    halt, clock = Halt(), Clock()
    guard = breaker(halt, clock)
    guard.note(BAD)
    guard.note(BAD)
    for _ in range(2):
        assert not halt.reason
        guard.note(BAD, await guard.admits())
    assert halt.reason == "4 talks in a row failed, the last one: no route"
    assert await guard.admits() is Admission.REFUSED
    assert sum(clock.slept) == 6


async def test_talks_that_began_before_are_no_trials() -> None:
    """With many talks at once, one short outage fails them all; that must not halt the run without a try."""
    halt, clock = Halt(), Clock()
    guard = breaker(halt, clock)
    for _ in range(32):
        guard.note(BAD)
    assert not halt.reason
    guard.note(GOOD, await guard.admits())
    assert await guard.admits() is Admission.FREE
    assert sum(clock.slept) == 3


async def test_one_tries_and_the_others_wait() -> None:
    halt, clock, came = Halt(), Clock(), list[Admission]()
    guard = breaker(halt, clock)
    guard.note(BAD)
    guard.note(BAD)

    async def player() -> None:
        came.append(await guard.admits())
        if came[-1] is Admission.TRIAL:
            assert came == [Admission.TRIAL]
            guard.note(GOOD, came[-1])

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(player)
    assert came == [Admission.TRIAL] + [Admission.FREE] * 4


async def test_a_halt_during_the_cooldown_is_heard_and_frees_who_waits() -> None:
    halt = Halt()
    clock, came = Clock(ask_after=2, halt=halt), list[Admission]()
    guard = breaker(halt, clock, cooldown=1_000.0)
    guard.note(BAD)
    guard.note(BAD)

    async def player() -> None:
        came.append(await guard.admits())

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(player)
    assert came == [Admission.REFUSED] * 3
    assert len(clock.slept) == 2


async def test_a_late_good_talk_closes_it_during_the_cooldown() -> None:
    halt, came = Halt(), list[Admission]()
    guard = Breaker(halt, threshold=1, cooldown=1_000.0, sleep=lambda _: anyio.lowlevel.checkpoint())
    guard.note(BAD)

    async def player() -> None:
        came.append(await guard.admits())

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(player)
            tasks.start_soon(player)
            await anyio.lowlevel.checkpoint()
            guard.note(GOOD)
    assert came == [Admission.FREE] * 2


async def test_a_judge_that_is_down_is_named() -> None:
    halt, clock = Halt(), Clock()
    guard = breaker(halt, clock, threshold=1, trials=1)
    unreached = GOOD.model_copy(update={"score": GOOD.score.model_copy(update={"unscored": f"judge: {UNREACHED}"})})
    guard.note(unreached)
    guard.note(unreached, await guard.admits())
    assert UNREACHED in halt.reason


async def test_a_halt_lets_running_talks_end_and_begins_none() -> None:
    halt, kept = Halt(), list[Case]()

    async def keep(case: Case) -> None:
        kept.append(case)
        halt.ask("enough")

    await play(PLAN, Casting(), keep, Pace(concurrency=1, max_turns=2), halt=halt)
    assert [case.played.id for case in kept] == [PLAN[0].id]


async def test_others_get_a_turn_between_talks_that_never_wait() -> None:
    """A Ctrl-C is heard by the event loop, so the loop must come round while phrasebook talks are played."""
    halt, kept = Halt(), list[Case]()

    async def keep(case: Case) -> None:
        kept.append(case)

    async def stop() -> None:
        await anyio.lowlevel.checkpoint()
        halt.ask("stopped by hand")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stop)
        await play(many(50), Casting(), keep, Pace(concurrency=2, max_turns=1), halt=halt)
    assert 1 <= len(kept) < 10


def many(number: int) -> list[Planned]:
    return [PLAN[0].model_copy(update={"id": f"t{i}", "seed": i}) for i in range(number)]


async def test_several_errors_become_one_and_a_bug_stays_a_bug() -> None:
    from borrowersim.errors import UsageError, one_error

    with pytest.raises(UsageError, match=r"^first$"), one_error():
        raise ExceptionGroup("", [ExceptionGroup("", [UsageError("first")]), UsageError("second")])
    with pytest.raises(ExceptionGroup), one_error():
        raise ExceptionGroup("", [UsageError("first"), KeyError("bug")])
