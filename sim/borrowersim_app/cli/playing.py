"""Play what waits in a run: engine, progress, budget, Ctrl-C. Every finished talk is stored at once."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import anyio
import typer
from anyio import to_thread
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from borrowersim.errors import one_error
from borrowersim_app.cli.common import screen
from borrowersim_app.cli.stored import RunPlace
from borrowersim_app.engines.here import HereEngine
from borrowersim_app.engines.job import Engine, Job
from borrowersim_app.engines.loop import run_loop
from borrowersim_app.engines.processes import ProcessEngine
from borrowersim_app.settings import Settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned
from borrowersim_evals.report import prepare
from borrowersim_evals.runner import Pace
from borrowersim_evals.runs import RunFile
from borrowersim_evals.spending import Spending
from borrowersim_evals.store.rows import Row

SERVICE_CONCURRENCY, LOCAL_CONCURRENCY = 32, 2
WORTH_A_PROCESS = 60
"""Talks for each worker process from which starting it (a second or two) pays."""
EngineName = Annotated[
    Literal["local", "ray"], typer.Option(help="Where talks are played: on this machine, or on a Ray cluster.")
]


@dataclass(frozen=True)
class Place:
    """Where talks are played."""

    engine: str = "local"
    address: str = ""
    workers: int = 0


def carry_on(place: RunPlace, run: RunFile, talks: Sequence[Planned], where: Place, settings: Settings) -> str:
    """Play these talks of a run and store each; return why it stopped before its end, or nothing."""
    job, halt = job_of(run), Halt()
    playing = _Playing(place, run, talks, halt)
    engine = _engine(where, place, job, len(talks), settings)
    if isinstance(engine, ProcessEngine):
        engine.start(talks, job)
    run_loop(lambda: playing.to_the_end(engine, job))
    return halt.reason


def job_of(run: RunFile) -> Job:
    """Return what the workers of a run are told."""
    limits, local = run.suite.limits, "local/" in run.voice + run.judge
    concurrency = limits.concurrency or (LOCAL_CONCURRENCY if local else SERVICE_CONCURRENCY)
    pace = Pace(concurrency, run.suite.max_turns, limits.talk_seconds)
    return Job(run.voice, run.judge, pace, limits, run.agent_model, run.redacted, run.suite.scripts)


def _engine(where: Place, place: RunPlace, job: Job, talks: int, settings: Settings) -> Engine:
    if where.engine == "ray":
        from borrowersim_app.engines.cluster import RayEngine

        return RayEngine(where.address, where.workers, place.id, place.store.url)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    alone = "local/" in job.voice + job.judge  # the embedded model fills all cores by itself
    workers = where.workers or (1 if alone else max(1, min(cores, talks // WORTH_A_PROCESS)))
    return HereEngine(settings) if workers == 1 else ProcessEngine(workers)


class _Playing:
    """One stretch of a run, with its bar."""

    def __init__(self, place: RunPlace, run: RunFile, talks: Sequence[Planned], halt: Halt) -> None:
        self._place = place
        self._talks = talks
        self._halt = halt
        self._spending = Spending(run.suite.budget, run.suite.prices, halt, time.monotonic)
        columns = (
            TextColumn("talks"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        quiet = not sys.stderr.isatty()
        self._progress = Progress(*columns, console=screen, transient=True, disable=quiet)
        self._bar: TaskID = self._progress.add_task("talks", total=len(talks), rate="")

    async def to_the_end(self, engine: Engine, job: Job) -> None:
        """Play everything; the first Ctrl-C lets running talks end, the second leaves them."""
        with self._progress, one_error():
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._listen, tasks.cancel_scope)
                tasks.start_soon(self._watch_clock)
                tasks.start_soon(to_thread.run_sync, prepare)  # nobody waits for the report while others play
                await engine.run(self._talks, job, self.take, self._halt)
                tasks.cancel_scope.cancel()

    async def take(self, rows: Sequence[Row], *, stored: bool = False) -> None:
        """Store finished talks unless a worker has, count what they cost, move the bar."""
        if not stored:
            self._place.store.add(self._place.id, rows)
        for row in rows:
            self._spending.add(row)
        self._progress.update(self._bar, advance=len(rows), rate=self._spending.text())

    async def _listen(self, scope: anyio.CancelScope) -> None:
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                if self._halt.reason:
                    scope.cancel()
                    return
                self._halt.ask("stopped by hand")
                screen.print("stopping: running talks come to their end; Ctrl-C again leaves them")

    async def _watch_clock(self) -> None:
        if (seconds := self._spending.seconds_left()) is not None:
            await anyio.sleep(seconds)
            self._spending.late()
