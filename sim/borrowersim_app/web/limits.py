"""How fast one person may go on: so many turns and so many new calls in a minute."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW = 60.0
"""Seconds."""
PEOPLE_REMEMBERED = 5_000


@dataclass(frozen=True)
class Rates:
    """What one person may do in a minute: each turn may cost an answer of a model, each call a report."""

    turns: int = 20
    calls: int = 10


class Pace:
    """Counts what each person did in the last minute."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, person: str) -> int:
        """Count one more and return 0; when that were too many, count nothing and return the seconds to wait."""
        now = self._clock()
        times = self._times.setdefault(person, deque())
        self._times.move_to_end(person)
        while len(self._times) > PEOPLE_REMEMBERED:
            self._times.popitem(last=False)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= self._most:
            return max(1, math.ceil(times[0] + WINDOW - now))
        times.append(now)
        return 0
