"""The inside of a worker process: plays its share and sends each finished talk to its parent."""

import os
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from threading import Lock, Thread

from borrowersim.errors import BorrowerSimError
from borrowersim_app.engines.job import Job, play_here
from borrowersim_app.engines.loop import run_loop
from borrowersim_app.memory import collect_rarely
from borrowersim_app.settings import read_settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.planning import Planned
from borrowersim_evals.store.rows import Row

DONE = "done"


def work(pipe: Connection, plan: Sequence[Planned], job: Job, not_ours: Sequence[Connection] = ()) -> None:
    """Play a share of the plan; send `Row`s, then `done` or an error.

    Ctrl-C is the parent's to hear: it asks through the pipe. When the parent is gone, so is
    the worker, whatever it was doing. `not_ours` are the parent's ends of pipes that a fork copied.
    """
    for end in not_ours:
        end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    halt, sending = Halt(), Lock()
    Thread(target=_listen, args=(pipe, halt), daemon=True).start()

    async def take(rows: Sequence[Row], *, stored: bool = False) -> None:
        with sending:
            pipe.send(list(rows))

    async def main() -> None:
        await play_here(plan, job, take, halt, read_settings())

    try:
        run_loop(main)
    except BorrowerSimError as error:
        pipe.send(error)
    else:
        pipe.send((DONE, halt.reason))


def _listen(pipe: Connection, halt: Halt) -> None:
    try:
        halt.ask(pipe.recv())
    except (EOFError, OSError):
        os._exit(1)
