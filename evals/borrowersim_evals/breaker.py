"""Stop in time: a halt that anything may ask for, and a breaker that waits while a service is down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio

from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.measures import INFRASTRUCTURE


@dataclass
class Halt:
    """Is asked once, with a reason; then no new talk begins."""

    reason: str = ""

    def ask(self, reason: str) -> None:
        """Ask to stop; the first reason stays."""
        self.reason = self.reason or reason


def technical(case: Case) -> str:
    """Return what failed in a talk apart from the agent's conduct: agent, model, judge; or nothing.

    A judge that answered nonsense leaves a talk unscored, which is no failure of its service.
    """
    if case.played.ending in INFRASTRUCTURE:
        return "agent" if case.played.ending is Ending.AGENT_FAILED else "model"
    return "judge" if UNREACHED in case.score.unscored else ""


@dataclass
class Breaker:
    """Opens after failures in a row; then one talk at a time tries whether the service is back.

    Every call has already been tried again by then, so a few talks in a row mean that the
    service is down, not that it hiccups. After `trials` failed trials the run is halted: what
    is not played stays unplayed and `resume` goes on from there.
    """

    halt: Halt
    threshold: int = 5
    """Failed talks in a row that open it."""
    cooldown: float = 30.0
    """Seconds before each trial."""
    trials: int = 3
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _failed: int = 0
    _tried: int = 0
    _trying: bool = False
    _changed: anyio.Event = field(default_factory=anyio.Event)

    async def admits(self) -> bool:
        """Wait until a talk may begin; False when the run is halted."""
        while self._failed >= self.threshold and not self.halt.reason:
            if not self._trying:
                self._trying = True
                self._tried += 1
                await self.sleep(self.cooldown)
                return not self.halt.reason
            await self._changed.wait()
        return not self.halt.reason

    def note(self, case: Case) -> None:
        """Take in how a talk ended."""
        if failed := technical(case):
            self._failed += 1
            if self._tried >= self.trials:
                last = case.played.failure or f"{failed}: {case.score.unscored}"
                self.halt.ask(f"{self._failed} talks in a row failed, the last one: {last}")
        else:
            self._failed = self._tried = 0
        self._trying = False
        self._changed.set()
        self._changed = anyio.Event()
