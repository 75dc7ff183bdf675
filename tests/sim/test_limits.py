"""Requests and tokens a minute, on a clock that only the waiting moves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from borrowersim.models.base import Ask, Message
from borrowersim.models.limits import CHARACTERS, LimitedModel, Limiter, guessed_tokens
from borrowersim.models.scripted import ScriptedModel

HELLO = (Message(role="user", content="x" * 30),)
ASK = Ask(max_tokens=90)
TOKENS = 100
"""That HELLO and ASK are guessed to use."""


class Virtual(asyncio.SelectorEventLoop):
    """An event loop whose time passes only, and at once, when all wait."""

    now = 0.0

    def __init__(self) -> None:
        super().__init__()
        selector: Any = getattr(self, "_selector")  # noqa: B009
        real = selector.select

        def select(timeout: float | None = None) -> Any:
            self.now += max(timeout or 0, 1e-6)  # never less, or what waits for a rounding error waits for ever
            return real(0)

        selector.select = select

    def time(self) -> float:
        return self.now


def on_virtual_time(main: Callable[[], Awaitable[list[float]]]) -> list[float]:
    """Return what `main` gives on such a loop."""

    async def run() -> list[float]:
        return await main()

    with asyncio.Runner(loop_factory=Virtual) as runner:
        return runner.run(run())


def admitted(calls: int, ask: Ask = ASK, **rates: float) -> list[float]:
    """Return when each of so many calls that come at once is let through, in seconds."""

    async def main() -> list[float]:
        limiter, times = Limiter(**rates), list[float]()

        async def call() -> None:
            await limiter.admit(HELLO, ask)
            times.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(call() for _ in range(calls)))
        return times

    return on_virtual_time(main)


def test_without_limits_nobody_waits() -> None:
    assert max(admitted(100)) < 0.01


@pytest.mark.parametrize("rate", [60.0, 600.0])
def test_the_first_minute_holds_the_rate_too(rate: float) -> None:
    times = admitted(int(2 * rate), requests_per_minute=rate)
    in_first = sum(time <= 60 for time in times)
    assert 0.95 * rate <= in_first <= 1.1 * rate + 1
    assert sum(60 < time <= 120 for time in times) <= 1.05 * rate


def test_less_than_one_request_a_minute_is_kept() -> None:
    times = admitted(3, requests_per_minute=0.5)
    assert times == pytest.approx([0, 120, 240], abs=1)


def test_tokens_are_counted_by_what_a_call_may_use() -> None:
    assert guessed_tokens(HELLO, ASK) == 30 / CHARACTERS + 90 == TOKENS
    times = admitted(30, tokens_per_minute=1_000)
    assert sum(time <= 60 for time in times) <= 12
    assert times[-1] == pytest.approx(60 * 30 * TOKENS / 1_000, rel=0.1)


def test_a_call_larger_than_the_bucket_waits_for_all_it_needs() -> None:
    times = admitted(2, Ask(max_tokens=1_990), tokens_per_minute=1_000)
    assert times[1] == pytest.approx(2 * 60 * 2_000 / 1_000, rel=0.1)


def test_both_limits_hold_together() -> None:
    by_requests = admitted(20, requests_per_minute=10, tokens_per_minute=1_000_000)
    by_tokens = admitted(20, requests_per_minute=1_000, tokens_per_minute=500)
    assert by_requests[-1] == pytest.approx(114, rel=0.1)
    assert by_tokens[-1] == pytest.approx(235, rel=0.1)


@pytest.mark.anyio
async def test_a_limited_model_answers_as_the_model_does() -> None:
    inner = ScriptedModel(["Yes.", "No, thank you."])
    seen: list[int] = []

    class Counting(Limiter):
        async def admit(self, messages: Any, ask: Ask) -> None:
            seen.append(ask.max_tokens)

    model = LimitedModel(inner, Counting())
    assert (await model.reply(HELLO, ASK)).text == "Yes."
    assert "".join([piece async for piece in model.stream(HELLO, ASK)]) == "No, thank you."
    assert seen == [90, 90]
    assert model.name == "scripted"
    await model.aclose()
    assert inner.closed
