"""Play in several processes: one Python process fills one core, whatever the service could bear."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import anyio
from anyio.to_thread import run_sync

from borrowersim.errors import BorrowerSimError
from borrowersim_app.engines.job import Job, Take
from borrowersim_app.engines.worker import work
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned
from borrowersim_evals.runner import one_error

RESTARTS = 3
"""How often a worker that was killed is started again for what it left."""
GLANCE = 0.1
"""Seconds between two looks at whether somebody asked to stop."""


@dataclass(frozen=True)
class ProcessEngine:
    """Divides a plan among worker processes; the parent keeps what they finish."""

    workers: int

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        shares = [share for i in range(self.workers) if (share := list(plan[i :: self.workers]))]
        part = job.shared_by(len(shares))
        with one_error():
            async with anyio.create_task_group() as tasks:
                for share in shares:
                    tasks.start_soon(_share, share, part, take, halt)


async def _share(share: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
    """Play one share, in a new worker when one dies."""
    left = {planned.id: planned for planned in share}
    for _ in range(RESTARTS + 1):
        async with _Worker(list(left.values()), job) as worker:
            if await worker.listen(left, take, halt) or not left:
                return
    raise BorrowerSimError(
        f"a worker process died {RESTARTS + 1} times (no memory?); lower --concurrency or --workers, then resume"
    )


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, share: Sequence[Planned], job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, self._theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=work, args=(self._theirs, share, job), daemon=True)

    async def __aenter__(self) -> "_Worker":
        self._process.start()
        self._theirs.close()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(5)
        self._pipe.close()

    async def listen(self, left: dict[str, Planned], take: Take, halt: Halt) -> bool:
        """Take what the worker sends until it is done (True) or dies (False)."""
        asked = False
        while True:
            if halt.reason and not asked:
                asked = True
                self._ask(halt.reason)
            if not await run_sync(self._pipe.poll, GLANCE):
                continue
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                return bool(halt.reason)
            if isinstance(message, BorrowerSimError):
                raise message
            if isinstance(message, tuple):
                halt.ask(message[1])
                return True
            await take(message)
            for row in message:
                left.pop(row.id, None)

    def _ask(self, reason: str) -> None:
        try:
            self._pipe.send(reason)
        except OSError:
            return  # the worker is gone; the next read says so
