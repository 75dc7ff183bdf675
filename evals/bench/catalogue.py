"""Who is measured: one entry a peer, its script, its environment. To add one, add an entry and a script."""

import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOME = Path(os.environ.get("BENCH_HOME") or tempfile.gettempdir()) / "borrowersim-bench"
"""Environments of the peers, scratch folders and raw rows; never inside the repository."""


@dataclass(frozen=True)
class Peer:
    """One harness under measurement."""

    script: str
    about: str
    requires: tuple[str, ...] = ()
    """What pip installs into an environment of its own; nothing: it runs in this one."""
    venv: str = ""
    fixed: bool = False
    """Runs against the mock that always says its fixed sentence."""

    @property
    def ours(self) -> bool:
        """Say whether it is the product itself, which runs in this environment."""
        return not self.requires


PEERS = {
    "borrowersim": Peer("borrowersim_peer.py", "the product, its command line from suite to report"),
    "borrowersim-worst": Peer(
        "borrowersim_peer.py", "the same where the guard keeps back what the model says", fixed=True
    ),
    "floor-aiohttp": Peer("floor_aiohttp.py", "bare aiohttp on uvloop, no retries", ("aiohttp", "uvloop"), "floor"),
    "floor-openai": Peer("floor_openai.py", "bare AsyncOpenAI, two retries", ("openai",), "floor"),
    "openevals": Peer(
        "openevals_peer.py",
        "openevals with langchain-openai, one judge call a criterion",
        ("openevals", "openai", "langchain-openai"),
        "openevals",
    ),
}
OURS = tuple(name for name, peer in PEERS.items() if peer.ours)
QUIET = {
    "OPENAI_API_KEY": "mock",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "OTEL_SDK_DISABLED": "true",
    "NO_COLOR": "1",
}
"""No telemetry, no tracing, nothing that leaves this machine."""


def python_of(peer: Peer) -> Path:
    """Return the Python that runs a peer."""
    return Path(sys.executable) if peer.ours else HOME / f"venv-{peer.venv}" / "bin" / "python"


def environment(peer: Peer) -> dict[str, str]:
    """Return the environment of a peer; the product is taken from this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BORROWERSIM_", "OPENAI_"))}
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "sim"), str(ROOT / "evals")])} if peer.ours else {}
    kept.pop("PYTHONPATH", None)
    return {**kept, **QUIET, **paths}


def set_up(names: list[str]) -> None:
    """Make the environments that are missing; uses the package index."""
    for name in names:
        peer = PEERS[name]
        if peer.ours:
            continue
        python = python_of(peer)
        if not python.exists():
            venv.create(python.parents[1], with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *peer.requires], check=True)


def missing(names: list[str]) -> list[str]:
    """Return the peers whose environment is not there."""
    return [name for name in names if not python_of(PEERS[name]).exists()]


def versions(names: list[str]) -> dict[str, str]:
    """Return package -> version of what is measured, by asking each environment."""
    code = "import sys; from importlib.metadata import version; print(*(version(n) for n in sys.argv[1:]))"
    found: dict[str, str] = {}
    for name in names:
        wanted = PEERS[name].requires or ("borrowersim", "openai", "aiohttp")
        asked = [str(python_of(PEERS[name])), "-c", code, *wanted]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment(PEERS[name]))
        found[name] = ", ".join(" ".join(pair) for pair in zip(wanted, answer.stdout.split(), strict=True))
    return found
