"""What a worker is told: names and limits, nothing live, nothing secret; so it can travel to any process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from borrowersim.agents.scripted import AgentScript
from borrowersim_app.build import NO_LIMITS
from borrowersim_app.cast import Cast, cast_named
from borrowersim_app.settings import Settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.redact import redacted
from borrowersim_evals.runner import Pace, play
from borrowersim_evals.store.rows import Row, row_of
from borrowersim_evals.suite import Limits


class Take(Protocol):
    """Is handed finished talks, as soon as they are."""

    async def __call__(self, rows: Sequence[Row], *, stored: bool = False) -> None:
        """Keep and count rows; `stored` ones are in the store already, and come without their words."""


@dataclass(frozen=True)
class Job:
    """How talks are played, by names. Keys come from the worker's own environment."""

    voice: str
    judge: str
    pace: Pace
    limits: Limits = NO_LIMITS
    agent_model: str = ""
    redact: bool = False
    scripts: tuple[AgentScript, ...] = ()
    """Agents that the suite brings itself."""

    def shared_by(self, workers: int) -> "Job":
        """Return one worker's part: rates and concurrency divided."""
        if workers == 1:
            return self
        rates = ("requests_per_minute", "tokens_per_minute")
        parts = {name: rate / workers for name in rates if (rate := getattr(self.limits, name)) is not None}
        pace = replace(self.pace, concurrency=max(1, -(-self.pace.concurrency // workers)))
        return replace(self, pace=pace, limits=self.limits.model_copy(update=parts))

    def cast(self, settings: Settings) -> Cast:
        """Return who plays, alive."""
        return cast_named(
            self.voice,
            self.judge,
            settings,
            agent_model=self.agent_model,
            limits=self.limits,
            scripts=self.scripts,
        )


class Engine(Protocol):
    """Plays a plan somewhere."""

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        """Play every talk and hand its row to `take`; stop early, whole talks only, when `halt` is asked."""


async def play_here(plan: Sequence[Planned], job: Job, take: Take, halt: Halt, settings: Settings) -> None:
    """Play a plan in this event loop."""
    made = job.cast(settings)

    async def keep(case: Case) -> None:
        await take([row_of(redacted(case) if job.redact else case)])

    try:
        await play(plan, made, keep, job.pace, halt=halt)
    finally:
        await made.aclose()
