"""Stopped, killed and out of money: what was played stays, what was not is played, and nothing counts twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from borrowersim.errors import BorrowerSimError
from borrowersim_evals.store.store import Store
from tests.app.test_cli import borrowersim

PLAN = ["many.yaml", "--voice", "phrasebook", "--judge", "rules"]
TALKS = 160


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the talks of the run as it is when nothing happens."""
    folder = tmp_path_factory.mktemp("unbroken")
    suite(folder)
    done = borrowersim("run", *PLAN, "--id", "r", "--json", "--workers", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    return cases(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    suite(tmp_path)
    return tmp_path


def suite(folder: Path) -> None:
    block = "{borrowers: [us-maria-delgado, cn-zhou-min], agents: [respectful, threatening]}"
    text = f"id: many\nseed: 5\nrepeats: {TALKS // 4}\nmax_turns: 4\nblocks:\n- {block}\n"
    (folder / "many.yaml").write_text(text, "utf-8")


def cases(folder: Path) -> list[dict[str, Any]]:
    """Return every talk of the run, all but how long it took."""
    store = Store(f"sqlite:///{folder / 'runs' / 'borrowersim.sqlite'}")
    found = [case.model_dump(mode="json", exclude={"played": {"seconds"}}) for case in store.cases("r")]
    store.close()
    return found


def attempts(folder: Path) -> dict[str, int]:
    """Return how often each finished talk was played."""
    with sqlite3.connect(folder / "runs" / "borrowersim.sqlite") as database:
        rows = dict(database.execute("SELECT id, attempts FROM talks WHERE status = 'done'"))
    database.close()
    return rows


def finished(folder: Path) -> int:
    try:
        return len(attempts(folder))
    except sqlite3.Error:
        return 0  # not begun yet


@contextmanager
def running(folder: Path, *words: str, share: float = 0.4) -> Iterator[subprocess.Popen[str]]:
    """Begin a run in a process group of its own, and come back when this share of its talks is done."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "BORROWERSIM_"))}
    command = [sys.executable, "-m", "borrowersim_app.cli.main", "run", *PLAN, "--id", "r", *words]
    piped: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "start_new_session": True}
    process = subprocess.Popen(command, cwd=folder, env=clean, text=True, **piped)
    try:
        while finished(folder) < share * TALKS:
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def resume(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return borrowersim("resume", "r", "--json", *words, cwd=folder)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_that_was_killed_goes_on_as_if_nothing_had_been(
    folder: Path, workers: str, unbroken: list[dict[str, Any]]
) -> None:
    with running(folder, "--workers", workers) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
    before = finished(folder)
    assert 0 < before < TALKS
    done = resume(folder)
    assert done.returncode == 0, done.stderr
    assert f"{TALKS - before} talks to play" in done.stderr
    assert cases(folder) == unbroken
    assert set(attempts(folder).values()) == {1}


def test_a_killed_worker_is_started_again(folder: Path, unbroken: list[dict[str, Any]]) -> None:
    with running(folder, "--workers", "2") as process:
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert cases(folder) == unbroken
    assert set(attempts(folder).values()) == {1}


def workers_of(parent: int) -> list[int]:
    """Return the process ids of the workers that a run has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8").split()
    return [int(c) for c in children if b"resource_tracker" not in Path(f"/proc/{c}/cmdline").read_bytes()]


@pytest.mark.parametrize(("workers", "asked"), [("1", signal.SIGINT), ("2", signal.SIGINT), ("1", signal.SIGTERM)])
def test_asked_to_stop_it_ends_its_talks_and_can_be_resumed(
    folder: Path, workers: str, asked: signal.Signals, unbroken: list[dict[str, Any]]
) -> None:
    with running(folder, "--workers", workers, share=0.05) as process:  # workers run ahead of what is stored
        os.kill(process.pid, asked)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 3, said
    assert "stopping: running talks come to their end" in said
    assert "stopped: stopped by hand; go on with: borrowersim resume r" in said
    assert 0 < finished(folder) < TALKS
    listed = json.loads(borrowersim("runs", "list", "--json", cwd=folder).stdout)
    assert (listed[0]["verdict"], listed[0]["stopped"]) == (None, "stopped by hand")
    assert resume(folder).returncode == 0
    assert cases(folder) == unbroken
    assert set(attempts(folder).values()) == {1}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--max-seconds", "0.001"], "the budget of 0.001 seconds is spent"),
    ],
)
def test_a_spent_budget_stops_and_resume_goes_on(
    folder: Path, words: list[str], reason: str, unbroken: list[dict[str, Any]]
) -> None:
    done = borrowersim("run", *PLAN, "--id", "r", "--json", *words, cwd=folder)
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["stopped"] == reason
    kept = borrowersim("report", "r", "--json", cwd=folder)
    assert json.loads(kept.stdout)["stopped"] == reason
    store = Store(f"sqlite:///{folder / 'runs' / 'borrowersim.sqlite'}")
    left = store.waiting("r")
    assert left
    store.close()


def test_own_rules_hold_after_resume_too(folder: Path) -> None:
    rules = "jurisdiction: us\nversion: 1\nrules: []\n"
    (folder / "house.yaml").write_text(rules, "utf-8")
    done = borrowersim("run", *PLAN, "--id", "r", "--rules", "house.yaml", "--sample", "4", cwd=folder)
    if done.returncode == 2:
        pytest.fail(done.stderr)
    store = Store(f"sqlite:///{folder / 'runs' / 'borrowersim.sqlite'}")
    assert store.run("r").rules == (str(folder / "house.yaml"),)
    store.close()
    (folder / "house.yaml").unlink()
    lost = resume(folder)
    assert lost.returncode == 2
    assert "house.yaml" in lost.stderr


def test_a_finished_run_has_nothing_to_resume(folder: Path) -> None:
    assert borrowersim("run", *PLAN, "--id", "r", "--sample", "3", cwd=folder).returncode == 0
    before = cases(folder)
    done = resume(folder)
    assert done.returncode == 0
    assert "0 talks to play" in done.stderr
    assert cases(folder) == before


def test_a_folder_finds_its_run_from_anywhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    words = ["--sample", "3", "--out", "out", "--store", "sqlite:///kept/here.sqlite"]
    assert borrowersim("run", *PLAN, "--id", "r", *words, cwd=folder).returncode == 0
    away = tmp_path_factory.mktemp("away")
    elsewhere = f"sqlite:///{away / 'other.sqlite'}"
    done = borrowersim("report", str(folder / "out"), "--json", cwd=away, BORROWERSIM_STORE=elsewhere)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["talks"]) == 3
    assert list(away.iterdir()) == []


def test_a_password_is_not_written_beside_the_results(folder: Path) -> None:
    from borrowersim_app.cli.stored import place_of

    note = folder / "out" / "run.json"
    note.parent.mkdir()
    note.write_text(json.dumps({"run": "r", "store": "postgresql://me:***@127.0.0.1:9/db"}), "utf-8")
    with pytest.raises(BorrowerSimError, match="give its URL with the password in BORROWERSIM_STORE"):
        place_of(str(note.parent), None)
    note.write_text('{"run": 3', "utf-8")
    with pytest.raises(BorrowerSimError, match=r"run\.json is damaged"):
        place_of(str(note.parent), None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", *PLAN, "--id", "../up"], "a run cannot be named '../up'"),
        (["run", *PLAN, "--max-money", "3"], "--max-money needs --price"),
        (["run", *PLAN, "--max-seconds", "0"], "--max-seconds"),
        (["run", *PLAN, "--price", "-1", "2"], "--price"),
        (["run", *PLAN, "--store", "nonsense"], "the store's URL is none"),
        (["run", *PLAN, "--out", "/proc/none"], "cannot write to /proc/none"),
        (["resume", "latest"], "holds no run yet"),
        (["resume", "nobody"], "holds no run 'nobody'"),
        (["report", "nobody"], "holds no run 'nobody'"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_played(folder: Path, words: list[str], message: str) -> None:
    done = borrowersim(*words, cwd=folder)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
