"""The inside of a Ray worker: plays a batch and hands over each talk as it finishes."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from queue import Queue
from threading import Thread
from typing import Any

import anyio

from borrowersim.errors import one_error
from borrowersim_app.engines.job import Job, play_here
from borrowersim_app.engines.loop import run_loop
from borrowersim_app.settings import read_settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned
from borrowersim_evals.store.rows import Row
from borrowersim_evals.store.store import Store

GLANCE = 1.0
"""Seconds between two questions whether the run is to stop."""
Message = tuple[list[Row], str]
"""Finished talks, and why the run must stop, or nothing."""


@dataclass(frozen=True)
class Batch:
    """What a worker is told. It holds secrets, so it is not shown and only travels as an argument."""

    plan: tuple[Planned, ...]
    job: Job
    run_id: str
    store_url: str = field(default="", repr=False)
    """Of a store that the worker can reach; empty sends whole rows back."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    again: bool = False
    """Another worker died over it, and may have stored more than it could tell."""


class Flag:
    """One for a run, on the cluster: workers ask it whether to stop."""

    def __init__(self) -> None:
        self._reason = ""

    def ask(self, reason: str) -> None:
        self._reason = self._reason or reason

    def asked(self) -> str:
        """Return why to stop, or nothing."""
        return self._reason


def play_batch(batch: Batch, flag: Any) -> Iterator[Message]:
    """Play a batch; yield each finished talk, at last the reason when a halt was asked here.

    Rows that went into the shared store come without their words.
    """
    os.environ.update(batch.environment)
    store = Store(batch.store_url) if batch.store_url else None
    done = store.done(batch.run_id, [planned.id for planned in batch.plan]) if store and batch.again else []
    if done:
        yield done, ""
    out: Queue[Message | BaseException | None] = Queue()
    known = {row.id for row in done}
    playing = _Playing(replace(batch, plan=tuple(p for p in batch.plan if p.id not in known)), store, flag, out)
    Thread(target=playing.run, daemon=True).start()
    try:
        while (message := out.get()) is not None:
            if isinstance(message, BaseException):
                raise message
            yield message
    finally:
        if store:
            store.close()


class _Playing:
    """An event loop in a thread of its own, beside the generator that Ray draws from."""

    def __init__(
        self, batch: Batch, store: Store | None, flag: Any, out: "Queue[Message | BaseException | None]"
    ) -> None:
        self._batch = batch
        self._store = store
        self._flag = flag
        self._out = out
        self._halt = Halt()

    def run(self) -> None:
        try:
            run_loop(self._main)
            self._out.put(([], self._halt.reason))
            self._out.put(None)
        except BaseException as error:  # the generator raises it; a thread would only print it
            self._out.put(error)

    async def _main(self) -> None:
        with one_error():
            await self._both()

    async def _both(self) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._ask)
            await play_here(self._batch.plan, self._batch.job, self._take, self._halt, read_settings())
            tasks.cancel_scope.cancel()

    async def _ask(self) -> None:
        while not self._halt.reason:  # the breaker may ask too, and the driver cannot call back
            await anyio.sleep(GLANCE)
            if reason := await self._flag.asked.remote():
                self._halt.ask(reason)

    async def _take(self, rows: Sequence[Row], *, stored: bool = False) -> None:
        if self._store:
            self._store.add(self._batch.run_id, rows)
            rows = [replace(row, talk="") for row in rows]
        self._out.put((list(rows), ""))
