"""Play on a Ray cluster: batches of talks as tasks, each batch async inside."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio.to_thread import run_sync

from borrowersim.errors import BorrowerSimError, UsageError
from borrowersim_app.engines.job import Job, Take, play_here
from borrowersim_app.engines.loop import run_loop
from borrowersim_app.settings import read_settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned
from borrowersim_evals.store.rows import Row
from borrowersim_evals.store.store import Store

BATCH = 50
"""Talks of one task: large enough that starting it costs little, small enough that a dead worker costs little."""
GLANCE = 0.5
"""Seconds between two looks at whether somebody asked to stop."""
RETRIES = 5
"""How often Ray plays a batch again whose worker died. What the batch had stored stays and is not played again."""
PASSED_ON = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "BORROWERSIM_AGENT_KEY", "BORROWERSIM_MODEL", "BORROWERSIM_RULES")
"""Settings of this machine that the workers need; Ray hands them on as environment, nothing stores them."""


@dataclass(frozen=True)
class RayEngine:
    """Plays batches on a cluster. With a PostgreSQL store the workers write into it; else rows come back here."""

    address: str
    workers: int
    run_id: str
    store_url: str

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        ray = _ray()
        ray.init(address=self.address or None, **({} if self.address else self._here()), **_options())
        try:
            await self._play(ray, plan, job, take, halt)
        finally:
            ray.shutdown()

    def _here(self) -> dict[str, Any]:
        return {"num_cpus": self.workers or os.cpu_count(), "include_dashboard": False}

    async def _play(self, ray: Any, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        shared = self.store_url if self.store_url.startswith("postgres") else ""
        cpus = int(ray.cluster_resources().get("CPU", 1))
        part = job.shared_by(max(1, min(cpus, -(-len(plan) // BATCH))))
        task = ray.remote(max_retries=RETRIES)(play_batch)
        batches = [list(plan[i : i + BATCH]) for i in range(0, len(plan), BATCH)]
        waiting = [task.remote(batch, part, self.run_id, shared) for batch in batches]
        while waiting:
            done, waiting = await run_sync(partial(ray.wait, waiting, num_returns=1, timeout=GLANCE))
            for ref in done:
                await take(await run_sync(_rows, ray, ref))
            if halt.reason:
                for ref in waiting:
                    ray.cancel(ref)
                return


def play_batch(plan: Sequence[Planned], job: Job, run_id: str, store_url: str) -> list[Row]:
    """Play a batch in a worker and return its rows; what the shared store holds already is not played again."""
    store = Store(store_url) if store_url else None
    open_ = {planned.id for planned in store.waiting(run_id)} if store else {planned.id for planned in plan}
    rows: list[Row] = []

    async def take(some: Sequence[Row]) -> None:
        if store:
            store.add(run_id, some)
        rows.extend(some)

    async def main() -> None:
        await play_here([planned for planned in plan if planned.id in open_], job, take, Halt(), read_settings())

    run_loop(main)
    if store:
        store.close()
    return rows


def _rows(ray: Any, ref: Any) -> list[Row]:
    try:
        rows: list[Row] = ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        cause = error.cause
        raise cause if isinstance(cause, BorrowerSimError) else BorrowerSimError(f"a batch failed: {cause}") from None
    except ray.exceptions.RayError as error:
        raise BorrowerSimError(f"the Ray cluster lost a batch: {str(error)[:300]}; go on with resume") from None
    return rows


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise UsageError("--engine ray needs Ray: pip install 'borrowersim[ray]'") from None
    return ray


def _options() -> dict[str, Any]:
    passed = {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}
    return {"runtime_env": {"env_vars": passed}, "log_to_driver": False, "logging_level": "error"}
