"""Try again after transport faults, and only after those.

A refused key, an unknown model or a bad answer is not mended by asking once more;
a busy service or a lost connection often is.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
)
from tenacity.stop import stop_base

from borrowersim.errors import ServiceDown

log = logging.getLogger(__name__)

T = TypeVar("T")
MODEL_SERVICE = "the model service"

RETRIED_STATUS = frozenset({408, 409, 425, 429})
"""Besides these, every status of 500 or more: the service asks for patience, or broke."""


class TransportFault(Exception):
    """One try failed on its way; worth another. Never leaves this package."""

    def __init__(self, reason: str, *, reached: bool = False, after: float | None = None, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached
        self.after = after
        self.advice = advice


@dataclass(frozen=True)
class Retried:
    """A try that failed and will be followed by another."""

    service: str
    attempt: int
    attempts: int
    reason: str
    wait: float
    """Seconds until the next try."""


@dataclass(frozen=True)
class Retry:
    """How often and how long to try. Jitter only spreads waits, so its generator need not be seeded."""

    attempts: int = 7
    """Of a service that answers. With one request in six failing, seven tries lose one call in 300,000."""
    unreached: int = 5
    """Of a service that cannot be reached at all: more seldom comes back, and somebody is waiting."""
    total: float = 120.0
    """Seconds after which no new try begins."""
    longest: float = 60.0
    """Longest wait in seconds, whatever the service asks for."""
    first: float = 0.5
    """Seconds of the first wait; it doubles from try to try, up to eight."""
    rng: Random = field(default_factory=Random, repr=False)
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    on_retry: Callable[[Retried], None] | None = field(default=None, repr=False)

    async def run(self, call: Callable[[], Awaitable[T]], service: str, what: str = MODEL_SERVICE) -> T:
        """Return what `call` returns; raise ServiceDown when transport faults do not end.

        `what` and `service` together name in messages who failed.
        """
        begun = time.monotonic()
        try:
            return await call()
        except TransportFault as fault:
            return await self._again(call, fault, begun, service, what)

    async def _again(
        self, call: Callable[[], Awaitable[T]], first: TransportFault, begun: float, service: str, what: str
    ) -> T:
        """Go on after a first try that failed; most calls never come here, and are spared the machinery."""
        failed, left = [first], self.total - (time.monotonic() - begun)
        retrying = AsyncRetrying(
            sleep=self.sleep,
            retry=retry_if_exception_type(TransportFault),
            wait=self._wait,
            stop=stop_after_attempt(self.attempts) | stop_before_delay(left) | _InVain(self.unreached),
            before_sleep=lambda state: self._note(state, service),
            reraise=True,
        )

        async def attempt() -> T:  # tenacity awaits coroutine functions only, not lambdas that return a coroutine
            if failed:
                raise failed.pop()
            return await call()

        try:
            return await retrying(attempt)
        except TransportFault as fault:
            raise given_up(fault, service, retrying.statistics.get("attempt_number", 1), what) from None

    def _wait(self, state: RetryCallState) -> float:
        fault = _fault(state)
        if fault.after is not None:
            # Not shorter than asked, and not the same moment for everybody who was asked.
            return min(self.longest, fault.after + self.rng.uniform(0, min(1.0, fault.after / 4)))
        step = min(8.0, self.longest, self.first * 2.0 ** (state.attempt_number - 1))
        return step * self.rng.uniform(0.5, 1)

    def _note(self, state: RetryCallState, service: str) -> None:
        wait = state.next_action.sleep if state.next_action else 0.0
        note = Retried(service, state.attempt_number, self.attempts, _fault(state).reason, wait)
        log.info("%s: %s; try %d of %d, next in %.1f s", service, note.reason, note.attempt, note.attempts, wait)
        if self.on_retry:
            self.on_retry(note)


class _InVain(stop_base):
    """Stops when a service could not be reached so many times."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def __call__(self, retry_state: RetryCallState) -> bool:
        return not _fault(retry_state).reached and retry_state.attempt_number >= self._tries


def given_up(fault: TransportFault, service: str, tries: int, what: str = MODEL_SERVICE) -> ServiceDown:
    """Return the error for a service that failed `tries` times, with what to do about it."""
    count = "1 try" if tries == 1 else f"{tries} tries"
    if fault.reached:
        advice = fault.advice or "wait a little and run it again"
        return ServiceDown(f"{what} {service} kept failing: {count}, the last one {fault.reason}; {advice}")
    advice = fault.advice or "check its address and the network"
    return ServiceDown(f"{what} {service} could not be reached after {count} ({fault.reason}); {advice}")


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds a service asks to wait, from Retry-After in seconds or as a date.

    A date is read against the service's own Date header where there is one, so that a wrong
    clock on either side does no harm.
    """
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if (seconds := _number(value)) is not None:
        return seconds
    then = _date(value)
    if then is None:
        return None
    return max(0.0, (then - (_date(headers.get("date")) or now or datetime.now(UTC))).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < float("inf") else None


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return date.replace(tzinfo=UTC) if date and date.tzinfo is None else date


def _fault(state: RetryCallState) -> TransportFault:
    fault = state.outcome.exception() if state.outcome else None
    if not isinstance(fault, TransportFault):
        raise AssertionError("only transport faults are retried")
    return fault
