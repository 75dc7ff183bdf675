"""Many people in talk at once on one process of the page: errors, our own time a turn, memory.

    python evals/bench/web_load.py --people 50 --turns 5

starts the page in a process of its own, with a borrower's voice that takes 300 ms (in the place of a
model service), and plays as many browsers as asked for, over HTTP on this machine as browsers speak
to Gradio. A turn's own time is what it took beyond the voice's 300 ms, from the click to the last
word on the screen. People begin within five seconds of each other and type for a few seconds between turns.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from borrowersim.intent import Intent
from borrowersim.persona import all_personas
from borrowersim.talk import Talk
from borrowersim.voices.base import Spoken, Tell
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.memory import collect_rarely
from borrowersim_app.warm import warm
from borrowersim_app.web import Studio, build_page, launch, offered
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.report import prepare
from borrowersim_evals.verdict import Score

VOICE_SECONDS = 0.3
ARRIVING = 5.0
"""Seconds in which all of them begin: nobody presses a button in the same instant as 49 others."""
LINES = (
    "Hello, this is Ana Reyes from Northgate Recovery, a debt collector. Am I speaking with the account holder?",
    "I understand that this is not easy. How is the month looking for you?",
    "Thank you for telling me. What could you manage without going short?",
    "Would 20 dollars a month, starting on the fifteenth, be possible for you?",
    "I will put that in writing. Is there anything else that you want me to note?",
)


class SlowVoice(PhrasebookVoice):
    """The phrasebook behind a service that takes its time."""

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        await asyncio.sleep(VOICE_SECONDS)
        return await super().say(intent, talk, rng, tell)


async def by_rules(talk: Talk) -> Score:
    return score_by_rules(talk)


def serve(port: int, pace: float) -> None:
    """Serve the page until the process is ended."""
    personas = offered([p for p in all_personas() if p.language == "en"])
    studio = Studio(personas, SlowVoice(), by_rules, "rules", Random(1), time.monotonic)
    collect_rarely()  # as the command does
    warm(personas)
    prepare()
    launch(build_page(studio, pace=pace), "127.0.0.1", port)


@dataclass
class Figures:
    """What was measured."""

    turns: list[float] = field(default_factory=list)
    """Seconds beyond the voice's."""
    cards: list[float] = field(default_factory=list)
    """Seconds from hanging up to the report card."""
    errors: list[str] = field(default_factory=list)


class Person:
    """One browser: its session, and the events that it sends."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any], name: str) -> None:
        self._client = client
        self._session = name
        self._config = config
        self._ids = {c["props"].get("elem_id"): c["id"] for c in config["components"] if c["props"].get("elem_id")}
        self._kept: Any = {"learner": name, "open": ""}

    async def press(self, element: str, event: str = "click", words: str = "") -> str:
        """Set off an event and return all that the page says to it, as it came; raise RuntimeError if it fails."""
        wanted = [self._ids[element], event]
        number, dependency = next(
            (i, d) for i, d in enumerate(self._config["dependencies"]) if wanted in d["targets"] and d["backend_fn"]
        )
        body = {
            "data": [self._value(i, words) for i in dependency["inputs"]],
            "fn_index": dependency.get("id", number),
            "session_hash": self._session,
            "trigger_id": wanted[0],
            "event_data": None,
        }
        (await self._client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        return await self._listen()

    def _value(self, component: int, words: str) -> Any:
        known = next(c for c in self._config["components"] if c["id"] == component)
        if known["type"] == "browserstate":
            return self._kept
        if component == self._ids["message"]:
            return words
        return None if known["type"] == "state" else known["props"].get("value")

    async def _listen(self) -> str:
        heard = []
        path = f"/gradio_api/queue/data?session_hash={self._session}"
        async with self._client.stream("GET", path) as events:
            async for line in events.aiter_lines():
                if not line.startswith("data:"):
                    continue
                heard.append(line)
                said = json.loads(line[5:])
                if said["msg"] == "process_completed":
                    if not said["success"]:
                        raise RuntimeError(str(said.get("output"))[:200])
                    return "".join(heard)
                if said["msg"] in ("unexpected_error", "queue_full"):
                    raise RuntimeError(said["msg"])
        raise RuntimeError("the page stopped speaking")


async def practise(person: Person, turns: int, figures: Figures, rng: Random) -> None:
    """Play one person: begin, speak, hang up."""
    try:
        await asyncio.sleep(rng.uniform(0, ARRIVING))
        await person.press("start")
        for line in (LINES * turns)[:turns]:
            await asyncio.sleep(rng.uniform(1, 4))
            begun = time.perf_counter()
            if line[:20] not in await person.press("send", words=line):
                break  # the borrower has hung up
            figures.turns.append(time.perf_counter() - begun - VOICE_SECONDS)
        begun = time.perf_counter()
        if "bsr result" not in await person.press("end"):
            raise RuntimeError("no report card")
        figures.cards.append(time.perf_counter() - begun)
    except Exception as failure:  # every kind of failure counts, and is told
        figures.errors.append(f"{type(failure).__name__}: {failure}")


async def load(url: str, people: int, turns: int) -> Figures:
    """Let so many people talk at once."""
    figures = Figures()
    limits = httpx.Limits(max_connections=4 * people)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        config = (await client.get("/config")).json()
        async with asyncio.TaskGroup() as tasks:
            for number in range(people):
                person = Person(client, config, f"person{number}")
                tasks.create_task(practise(person, turns, figures, Random(number)))
    return figures


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB, where the system tells it."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text("utf-8").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), float("nan"))


def report(figures: Figures, people: int, before: float, after: float) -> str:
    """Return the figures as lines."""
    own = sorted(figures.turns) or [float("nan")]
    p95 = own[min(len(own) - 1, int(0.95 * len(own)))]
    cards = sorted(figures.cards) or [float("nan")]
    return "\n".join(
        [
            f"people at once   {people}",
            f"turns            {len(figures.turns)}",
            f"errors           {len(figures.errors)}",
            f"own time a turn  median {statistics.median(own) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms",
            f"report card      median {statistics.median(cards) * 1000:.0f} ms, slowest {cards[-1] * 1000:.0f} ms",
            f"memory           {before:.0f} MB before, {after:.0f} MB after",
            *sorted(set(figures.errors))[:5],
        ]
    )


def main() -> int:
    """Measure, print, and return 1 when anything failed."""
    options = argparse.ArgumentParser(description="Many people in talk at once on one process of the page.")
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--turns", type=int, default=5)
    options.add_argument("--pace", type=float, default=0.0, help="seconds between pieces of a line on the screen")
    options.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.serve, given.pace)
        return 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, __file__, "--serve", str(port), "--pace", str(given.pace)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(words, env=os.environ) as server:
        try:
            _wait(url)
            before = memory(server.pid)
            asyncio.run(load(url, 1, 2))  # weights and rules are read when they are first needed
            figures = asyncio.run(load(url, given.people, given.turns))
            print(report(figures, given.people, before, memory(server.pid)))
        finally:
            server.terminate()
    return 1 if figures.errors else 0


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise SystemExit("the page did not come up")


if __name__ == "__main__":
    sys.exit(main())
