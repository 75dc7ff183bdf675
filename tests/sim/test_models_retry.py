"""Only transport faults are tried again, as often and as long as was said."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.models.retry import Retried, Retry, TransportFault, retry_after

pytestmark = pytest.mark.anyio


class Clock:
    """Sleeps without waiting and remembers how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def failing(*faults: Exception, then: str = "done") -> Callable[[], Awaitable[str]]:
    left = list(faults)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return then

    return call


def retry(clock: Clock, **options: Any) -> Retry:
    return Retry(rng=Random(1), sleep=clock.sleep, **options)


async def test_a_fault_that_passes_is_waited_out_with_growing_pauses() -> None:
    clock, heard = Clock(), list[Retried]()
    faults = [TransportFault(f"fault {i}") for i in range(3)]
    answer = await retry(clock, on_retry=heard.append).run(failing(*faults), "at X")
    assert answer == "done"
    assert [note.reason for note in heard] == ["fault 0", "fault 1", "fault 2"]
    assert [(note.attempt, note.attempts, note.service) for note in heard] == [
        (1, 7, "at X"),
        (2, 7, "at X"),
        (3, 7, "at X"),
    ]
    assert clock.slept == [note.wait for note in heard]
    for step, slept in zip((0.5, 1.0, 2.0), clock.slept, strict=True):
        assert step / 2 <= slept <= step


async def test_the_same_generator_gives_the_same_pauses() -> None:
    first, second = Clock(), Clock()
    for clock in (first, second):
        await retry(clock).run(failing(TransportFault("x"), TransportFault("x")), "at X")
    assert first.slept == second.slept != []


async def test_an_unreachable_service_is_given_up_after_all_tries() -> None:
    clock = Clock()
    fault = TransportFault("connection refused", advice="start it or change OPENAI_BASE_URL")
    with pytest.raises(ServiceDown) as caught:
        await retry(clock).run(failing(*[fault] * 9), "at http://host:1/v1")
    assert str(caught.value) == (
        "the model service at http://host:1/v1 could not be reached after 5 tries (connection refused); "
        "start it or change OPENAI_BASE_URL"
    )
    assert len(clock.slept) == 4


async def test_a_service_that_keeps_failing_is_named_so() -> None:
    with pytest.raises(ServiceDown, match=r"at X kept failing: 1 try, the last one 503 overloaded; wait a little"):
        await retry(Clock(), attempts=1).run(failing(TransportFault("503 overloaded", reached=True)), "at X")


async def test_a_wait_that_was_asked_for_is_never_shortened_but_capped() -> None:
    clock = Clock()
    faults = [TransportFault("429", reached=True, after=after) for after in (0.0, 2.0, 20.0, 3600.0)]
    await retry(clock, longest=30, total=1000).run(failing(*faults), "at X")
    zero, two, twenty, hour = clock.slept
    assert zero == 0
    assert 2 <= two <= 2.5
    assert 20 <= twenty <= 21
    assert hour == 30


async def test_no_try_begins_after_the_total() -> None:
    clock = Clock()
    with pytest.raises(ServiceDown, match="1 try"):
        await retry(clock, total=10).run(failing(TransportFault("429", reached=True, after=11)), "at X")
    assert clock.slept == []


async def test_other_errors_are_not_tried_again() -> None:
    clock = Clock()
    with pytest.raises(UsageError, match="key"):
        await retry(clock).run(failing(UsageError("no key")), "at X")
    with pytest.raises(KeyError):
        await retry(clock).run(failing(KeyError("bug")), "at X")
    assert clock.slept == []


NOW = datetime(2026, 5, 4, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Mon, 04 May 2026 10:00:30 GMT"}, 30.0),
        ({"retry-after": "Mon, 04 May 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 04 May 2026 10:00:30 GMT", "date": "Mon, 04 May 2026 10:00:20 GMT"}, 10.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds
