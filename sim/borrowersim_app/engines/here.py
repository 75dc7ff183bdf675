"""Play in this process."""

from collections.abc import Sequence
from dataclasses import dataclass

from borrowersim_app.engines.job import Job, Take, play_here
from borrowersim_app.settings import Settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned


@dataclass(frozen=True)
class HereEngine:
    """One process, one event loop: for the embedded model and for small plans."""

    settings: Settings

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        await play_here(plan, job, take, halt, self.settings)
