"""Figures of the product alone: how long its help takes, and a run without any model."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from catalogue import OURS, PEERS, environment
from measure import Row, Size, measured, mock

HELP = ("-m", "borrowersim_app.cli.main", "--help")
NOTHING = ("-c", "pass")
PHRASEBOOK_TALKS = 1000


def seconds_of(arguments: Sequence[str], rounds: int) -> float:
    """Return the median seconds of a Python process from its start to its end."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        command = [sys.executable, *arguments]
        subprocess.run(command, env=environment(PEERS[OURS[0]]), check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def figures(rounds: int, limit: float, talks: int = PHRASEBOOK_TALKS) -> Row:
    """Return help_s and python_s (seconds), and the row of a run from the phrasebook."""
    with mock() as url:  # the peer script wants an address; nothing asks it
        run = measured(OURS[0], url, Size(talks, 64), limit, more=["--suite", "phrasebook"])
    return {"help_s": seconds_of(HELP, rounds), "python_s": seconds_of(NOTHING, rounds), "phrasebook": run}
