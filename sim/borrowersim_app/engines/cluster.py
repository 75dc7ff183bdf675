"""Play on a Ray cluster: batches of talks as tasks, each batch async inside, each talk handed over as it finishes."""

import os
import re
import socket
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import anyio

from borrowersim.errors import BorrowerSimError, UsageError, one_error
from borrowersim_app.engines.batch import Batch, Flag, play_batch
from borrowersim_app.engines.job import Job, Take
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned

SMALLEST, LARGEST = 20, 500
"""Talks of one task: enough that starting it costs little, few enough that all workers finish at about one time."""
ROUNDS = 4
"""Batches for each worker, where the plan is long enough."""
GLANCE = 0.5
"""Seconds between two looks at whether somebody asked to stop."""
RETRIES = 5
"""How often what a dead worker left of its batch is begun again."""
OURS = ("OPENAI_", "BORROWERSIM_")
NOT_PASSED_ON = ("BORROWERSIM_PASSWORD", "BORROWERSIM_STORE", "BORROWERSIM_TEST_POSTGRES")


@dataclass(frozen=True)
class RayEngine:
    """Plays batches on a cluster. With a PostgreSQL store the workers write into it; else rows come back here.

    `workers` is how many batches are played at once; 0 takes the processors that the cluster has when the run begins.
    """

    address: str
    workers: int
    run_id: str
    store_url: str

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        with _cluster(self.address or os.environ.get("RAY_ADDRESS", ""), self.workers) as ray:
            await self._play(ray, plan, job, take, halt)

    async def _play(self, ray: Any, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        slots = self.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        batches = [list(some) for some in batched(plan, slots)]
        slots = min(slots, len(batches))
        flag = ray.remote(num_cpus=0)(Flag).remote()
        shared = self.store_url if self.store_url.startswith("postgres") else ""
        begun = Batch((), job.shared_by(slots), self.run_id, shared, passed_on(job))
        waiting = iter(batches)

        async def play_some() -> None:
            for some in waiting:
                if halt.reason:
                    return
                await _played(ray, replace(begun, plan=tuple(some)), flag, take, halt)

        with one_error():
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_tell, flag, halt)
                async with anyio.create_task_group() as players:
                    for _ in range(slots):
                        players.start_soon(play_some)
                tasks.cancel_scope.cancel()


def batched(plan: Sequence[Planned], slots: int) -> Iterator[Sequence[Planned]]:
    """Yield a plan in parts that suit so many workers."""
    size = min(LARGEST, max(SMALLEST, -(-len(plan) // (slots * ROUNDS))))
    for begin in range(0, len(plan), size):
        yield plan[begin : begin + size]


def passed_on(job: Job) -> dict[str, str]:
    """Return the settings of this machine that the workers need.

    They travel as an argument of the task. Ray's own way, `runtime_env`, writes them into its logs.
    """
    providers = re.findall(r"langchain/([A-Za-z\d]+)", f"{job.voice} {job.judge} {job.agent_model}")
    prefixes = (*OURS, *(f"{provider.upper()}_" for provider in providers))
    return {k: v for k, v in os.environ.items() if k.startswith(prefixes) and k not in NOT_PASSED_ON}


async def _played(ray: Any, batch: Batch, flag: Any, take: Take, halt: Halt) -> None:
    """Play one batch; when its worker dies, begin again with what it left."""
    left, task = {planned.id: planned for planned in batch.plan}, _task(ray)
    for attempt in range(RETRIES + 1):
        part = replace(batch, plan=tuple(left.values()), again=attempt > 0)
        try:
            async with aclosing(_messages(ray, task.remote(part, flag))) as messages:
                async for rows, reason in messages:
                    await take(rows, stored=bool(batch.store_url))
                    for row in rows:
                        left.pop(row.id, None)
                    if reason:
                        halt.ask(reason)
            return
        except ray.exceptions.RayTaskError as error:
            cause = error.cause
            raise cause if isinstance(cause, BorrowerSimError) else error from None
        except ray.exceptions.RayError as error:
            if halt.reason or not left:
                return
            lost = " ".join(str(error).split())[:300]
    raise BorrowerSimError(f"the Ray cluster lost a batch {RETRIES + 1} times: {lost}; go on with `borrowersim resume`")


async def _messages(ray: Any, stream: Any) -> AsyncGenerator[Any, None]:
    """Yield what a task yields, as soon as it does; end the task when nobody listens any more."""
    ended = False
    try:
        async for ref in stream:
            yield await ref
        ended = True
    finally:
        if not ended:
            ray.cancel(stream, force=True)


async def _tell(flag: Any, halt: Halt) -> None:
    """Tell the workers when somebody asks to stop."""
    while not halt.reason:  # noqa: ASYNC110 - any thread may ask, so there is no event to wait for
        await anyio.sleep(GLANCE)
    await flag.ask.remote(halt.reason)


def _task(ray: Any) -> Any:
    """Return the task. Ray must not repeat it: it would take the second try's rows for those it has already seen."""
    return ray.remote(max_retries=0, num_returns="streaming")(play_batch)


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[Any]:
    """Join a cluster, or start one here, and leave it again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report its use to its makers
    ray = _ray()
    here = {"num_cpus": workers or os.cpu_count(), "include_dashboard": False}
    try:
        _reach(address)
        ray.init(address=address or "local", log_to_driver=False, logging_level="error", **({} if address else here))
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"no Ray cluster {address or 'here'}: {' '.join(str(error).split())[:300]}") from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Raise OSError when nobody listens; Ray itself would wait for minutes before it says so."""
    if named := re.fullmatch(r"(?:ray://)?([^:/]+):(\d+)", address):
        socket.create_connection((named[1], int(named[2])), timeout=10).close()


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise UsageError("--engine ray needs Ray: pip install 'borrowersim[ray]'") from None
    return ray
