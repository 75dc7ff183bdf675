"""Play in several processes: one Python process fills one core, whatever the service could bear."""

import gc
import multiprocessing
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import anyio
from anyio.to_thread import run_sync

from borrowersim.errors import BorrowerSimError, one_error
from borrowersim.persona import persona_named
from borrowersim_app.engines.job import Job, Take
from borrowersim_app.engines.worker import work
from borrowersim_app.warm import warm
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned

RESTARTS = 3
"""How often a worker that was killed is started again for what it left."""
GLANCE = 0.1
"""Seconds between two looks at whether somebody asked to stop."""


class ProcessEngine:
    """Divides a plan among worker processes; the parent keeps what they finish."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._started: list[_Worker] = []

    def start(self, plan: Sequence[Planned], job: Job) -> None:
        """Start the workers, before any event loop: then they can be forked, and share what is loaded here once.

        Without it they are started by `run`, each from nothing.
        """
        if not _may_fork():
            return
        warm(persona_named(name) for name in dict.fromkeys(planned.borrower for planned in plan))
        gc.freeze()  # what is loaded stays, and its pages stay shared
        part, shares = self._divided(plan, job)
        for share in shares:
            self._started.append(_Worker(share, part, "fork", [worker.pipe for worker in self._started]))

    async def run(self, plan: Sequence[Planned], job: Job, take: Take, halt: Halt) -> None:
        part, shares = self._divided(plan, job)
        first: list[_Worker | None] = [*self._started] or [None] * len(shares)
        with one_error():
            async with anyio.create_task_group() as tasks:
                for share, worker in zip(shares, first, strict=True):
                    tasks.start_soon(_share, share, part, take, halt, worker)

    def _divided(self, plan: Sequence[Planned], job: Job) -> tuple[Job, list[list[Planned]]]:
        shares = [share for i in range(self.workers) if (share := list(plan[i :: self.workers]))]
        return job.shared_by(len(shares)), shares


def _may_fork() -> bool:
    """Say whether a fork is safe: on Linux, while this is the only thread."""
    return sys.platform == "linux" and threading.active_count() == 1


async def _share(share: Sequence[Planned], job: Job, take: Take, halt: Halt, first: "_Worker | None") -> None:
    """Play one share, in a new worker when one dies."""
    left = {planned.id: planned for planned in share}
    for _ in range(RESTARTS + 1):
        async with first or _Worker(list(left.values()), job) as worker:
            if await worker.listen(left, take, halt) or not left:
                return
        first = None
    raise BorrowerSimError(
        f"a worker process died {RESTARTS + 1} times (no memory?); lower --concurrency or --workers, then resume"
    )


class _Worker:
    """One process and the pipe to it."""

    def __init__(
        self, share: Sequence[Planned], job: Job, method: str = "spawn", inherited: Sequence[Connection] = ()
    ) -> None:
        context = multiprocessing.get_context(method)
        self.pipe, theirs = context.Pipe()
        # A forked child has copies of the parent's ends; while one is open, nobody hears that the parent is gone.
        ends = [self.pipe, *inherited] if method == "fork" else []
        self._process: BaseProcess = context.Process(target=work, args=(theirs, share, job, ends), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()

    async def __aenter__(self) -> "_Worker":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(5)
        self.pipe.close()

    async def listen(self, left: dict[str, Planned], take: Take, halt: Halt) -> bool:
        """Take what the worker sends until it is done (True) or dies (False)."""
        asked = False
        while True:
            if halt.reason and not asked:
                asked = True
                self._ask(halt.reason)
            if not await run_sync(self.pipe.poll, GLANCE):
                continue
            try:
                message = self.pipe.recv()
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
            self.pipe.send(reason)
        except OSError:
            return  # the worker is gone; the next read says so
