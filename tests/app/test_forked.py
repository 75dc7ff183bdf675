"""Workers that are forked before the event loop: they play the same, and share what was loaded."""

import sys
from collections.abc import Sequence

import pytest

from borrowersim_app.engines import processes
from borrowersim_app.engines.here import HereEngine
from borrowersim_app.engines.job import Job
from borrowersim_app.engines.loop import run_loop
from borrowersim_app.engines.processes import ProcessEngine
from borrowersim_app.settings import Settings
from borrowersim_evals.breaker import Halt
from borrowersim_evals.case import Case
from borrowersim_evals.planning import plan
from borrowersim_evals.runner import Pace
from borrowersim_evals.store.rows import Row
from borrowersim_evals.suite import Block, Suite

TALKS = plan(
    Suite(
        id="forked", blocks=(Block(borrowers=("us-maria-delgado", "cn-zhou-min"), agents=("respectful",)),), repeats=3
    )
)
JOB = Job("phrasebook", "rules", Pace(4))


def played(engine: HereEngine | ProcessEngine) -> dict[str, Case]:
    rows: list[Row] = []

    async def take(some: Sequence[Row], *, stored: bool = False) -> None:
        rows.extend(some)

    async def main() -> None:
        await engine.run(TALKS, JOB, take, Halt())

    run_loop(main)
    cases = {row.id: Case.model_validate_json(row.talk) for row in rows}
    return {
        id: case.model_copy(update={"played": case.played.model_copy(update={"seconds": 0})})
        for id, case in cases.items()
    }


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_forked_workers_play_the_same_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_may_fork", lambda: True)
    engine = ProcessEngine(2)
    engine.start(TALKS, JOB)
    assert len(engine._started) == 2
    assert played(engine) == played(HereEngine(Settings()))


def test_with_other_threads_about_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.threading, "active_count", lambda: 2)
    engine = ProcessEngine(2)
    engine.start(TALKS, JOB)
    assert engine._started == []
