"""Run one peer against the mock: its own meter joined with the mock's counters and its processes' memory."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import HERE, HOME, PEERS, environment, python_of

FAULTS = ("--rate-limit", 0.10, "--error", 0.05, "--malformed", 0.05, "--reset", 0.02)
KILLED_AT = 0.4
"""Share of a full run's requests after which it is killed."""
GLANCE = 0.1
"""Seconds between two looks at the memory of child processes."""
SETTLING = 0.3
"""Seconds after a kill until the mock has answered what was under way."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much work: talks, and talks at once."""

    n: int
    concurrency: int

    @classmethod
    def parsed(cls, text: str) -> "Size":
        """Return the size written as N/CONCURRENCY; raise ValueError when it is not."""
        n, _, concurrency = text.partition("/")
        return cls(int(n), int(concurrency or 64))


@dataclass(frozen=True)
class Mocks:
    """Addresses of the two mocks: one takes up examples, one always says its fixed sentence."""

    example: str
    fixed: str

    def of(self, name: str) -> str:
        """Return the mock that a peer runs against."""
        return self.fixed if PEERS[name].fixed else self.example


@contextlib.contextmanager
def mock(*flags: object) -> Iterator[str]:
    """Run the mock in a process of its own and yield its address."""
    command = [sys.executable, str(HERE / "mock_llm.py"), *map(str, flags)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline().split() if server.stdout else []
            if len(said) != 2:
                raise SystemExit("the mock did not start; it needs uvloop and httptools: pip install -e '.[dev]'")
            yield f"http://127.0.0.1:{said[1]}"
        finally:
            server.terminate()


@contextlib.contextmanager
def mocks(*flags: object) -> Iterator[Mocks]:
    """Run both mocks."""
    with mock(*flags) as example, mock("--fixed", *flags) as fixed:
        yield Mocks(example, fixed)


def ask(url: str, method: str = "GET") -> Any:
    """Return the JSON of an address."""
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as response:
        return json.load(response)


def scratch(name: str) -> Path:
    """Return a new folder for one run."""
    folder = HOME / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))


def start(name: str, url: str, size: Size, folder: Path, more: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start a peer in a session of its own; its words go to log.txt."""
    command = [str(python_of(PEERS[name])), str(HERE / "peers" / PEERS[name].script), "--base-url", f"{url}/v1"]
    command += ["--n", str(size.n), "--concurrency", str(size.concurrency), "--out", str(folder / "result.json"), *more]
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment(PEERS[name]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a peer with all its processes, as SIGKILL does: nobody can say goodbye."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def measured(
    name: str, url: str, size: Size, limit: float, folder: Path | None = None, more: Sequence[str] = ()
) -> Row:
    """Run a peer to its end, or `limit` seconds, and return one row."""
    ask(f"{url}/reset", "POST")
    folder = folder or scratch(name)
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    process = start(name, url, size, folder, more)
    with Memory(process.pid) as memory:
        note = _waited(process, limit)
    row: Row = {"peer": name, "n": size.n, "concurrency": size.concurrency, "note": note}
    row |= {"mock": ask(f"{url}/stats"), "processes": memory.most}
    if result.exists():
        found: Row = json.loads(result.read_text("utf-8"))
        return row | found | {"memory_mb": memory.peak or found["own_rss_mb"] + found["child_rss_mb"]}
    print((folder / "log.txt").read_text("utf-8", "replace")[-2000:], file=sys.stderr)
    return row


def _waited(process: subprocess.Popen[bytes], limit: float) -> str:
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        end(process)
        return f"stopped after {limit:g} s"
    return f"exit {code}" if code else ""


class Memory:
    """Watches a peer and all its processes: the most memory that they held together.

    Counted as proportional set size (Pss): a page that several processes share counts once, so a
    peer whose workers are forks of one process is not charged for each of them anew. Read every
    `GLANCE` seconds; a peak between two looks is missed.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0.0
        """MiB, of all together."""
        self.most = 0
        """Processes that were there at one look, the peer's first among them."""

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Add up what the processes hold now."""
        held = [pss_of(pid) for pid in (self._pid, *descendants(self._pid))]
        self.peak = max(self.peak, sum(held) / 1024)
        self.most = max(self.most, sum(kib > 0 for kib in held))

    def _watch(self) -> None:
        while not self._over.wait(GLANCE):
            self.look()


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text("ascii").split()):
                found += [child, *descendants(child)]
    return found


def pss_of(pid: int) -> int:
    """Return the memory of a process in KiB, shared pages divided among those who share them; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def killed_and_resumed(name: str, url: str, size: Size, limit: float) -> Row:
    """Run a peer whole; run it again, kill it on the way, give the same command once more."""
    full = measured(name, url, size, limit, more=["--resume"])
    total = full["mock"]["requests"]
    folder = scratch(name)
    killed = _killed(name, url, size, folder, total * KILLED_AT, limit)
    second = measured(name, url, size, limit, folder, more=["--resume"])
    return second | {
        "full_requests": total,
        "killed_at": killed["requests"],
        "judged_before": finished(killed, full["mock"], size.n),
        "repeated": repeated(killed, second["mock"], full["mock"], size.n),
        "same": full.get("digest") == second.get("digest"),
    }


def _killed(name: str, url: str, size: Size, folder: Path, requests: float, limit: float) -> Row:
    """Kill a run after so many requests; return the mock's counts."""
    ask(f"{url}/reset", "POST")
    process = start(name, url, size, folder, ["--resume"])
    deadline = time.monotonic() + limit
    while ask(f"{url}/stats")["requests"] < requests and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    end(process)
    counts: Row = ask(f"{url}/stats")
    time.sleep(SETTLING)
    return counts


def finished(counts: Row, full: Row, n: int) -> float:
    """Return how many talks were judged, from the judge's answers in a run and in a full one of n talks."""
    return float(counts["answered"]["judge"] * n / max(1, full["answered"]["judge"]))


def repeated(killed: Row, second: Row, full: Row, n: int) -> int:
    """Return how many talks were judged before the kill and again after it."""
    return max(0, round(finished(killed, full, n) + finished(second, full, n) - n))
