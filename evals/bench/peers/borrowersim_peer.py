"""borrowersim: its own command line from the suite to the written report, with everything switched on.

Mind, hearing, guard, rules, model judge, storage and report. The whole of it is measured, from
after the imports; how long the playing alone took is given beside it. Worker processes that it
starts are its own doing and count, their imports included.

Nothing of the product is imported at the top: a worker process reads this file again, and the
real command line, too, imports a command only when it is called.
"""

import os
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import shared

SUITES = Path(__file__).resolve().parents[1] / "suites"
RUN = "bench"
STORE = "sqlite:///bench.sqlite"
FOLDER = Path("results")
COMMANDS = ("run", "resume")
TALKS = {"talks": 30, "phrasebook": 300}
"""At least so many talks are planned for each repeat of a suite; of all repeats N are drawn."""
IMPORTS = (
    *(f"borrowersim_app.cli.{name}" for name in (*COMMANDS, "main")),
    "borrowersim.models.openai",
    "borrowersim.voices.model",
)


def arguments(options: Namespace) -> list[str]:
    """Return the command line: `run`, or `resume` when a killed run lies in this folder."""
    if options.resume and (FOLDER / "run.json").is_file():
        return ["resume", str(FOLDER)]
    played = ["run", str(SUITES / f"{options.suite}.yaml"), "--id", RUN, "--store", STORE, "--out", str(FOLDER)]
    repeats = options.n // TALKS[options.suite] + 1
    played += ["--sample", str(options.n), "--repeats", str(repeats), "--concurrency", str(options.concurrency)]
    played += ["--workers", str(options.workers)]
    if options.suite == "phrasebook":
        return [*played, "--voice", "phrasebook", "--judge", "rules"]
    agent = ["--agent", options.base_url, "--agent-model", "agent"]
    return [*played, "--voice", "openai/user", "--judge", "openai/judge", *agent]


def of_case(case: Any) -> shared.Outcome:
    """Return what came of one talk; it is lost when the model judge had no part in its score."""
    played, score = case.played, case.score
    error = played.failure or score.unscored
    verdicts = [None if score.decided_by.get(name) == "nobody" else True for name in ("legal", "respect", "clarity")]
    record = case.model_copy(update={"played": played.model_copy(update={"seconds": 0})}).model_dump_json()
    return shared.outcome(len(played.talk.turns), verdicts, error, record)


def timed(spent: list[float], play: Callable[..., Any]) -> Callable[..., Any]:
    """Return the product's function that plays, which also notes how long it took."""

    def playing(*args: Any) -> Any:
        begun = time.perf_counter()
        try:
            return play(*args)
        finally:
            spent.append(time.perf_counter() - begun)

    return playing


def cases() -> Iterator[Any]:
    """Yield what the run has stored."""
    store = import_module("borrowersim_evals.store.store").Store(STORE)
    yield from store.cases(RUN)
    store.close()


def main() -> None:
    """Run the command line and measure it."""
    made = shared.parser()
    made.add_argument("--suite", choices=tuple(TALKS), default="talks")
    made.add_argument("--workers", type=int, default=0)
    options = made.parse_args()
    os.environ |= {"OPENAI_BASE_URL": options.base_url, "OPENAI_API_KEY": shared.API_KEY}
    loaded: dict[str, Any] = {name.rpartition(".")[2]: import_module(name) for name in IMPORTS}
    playing: list[float] = []
    for name in COMMANDS:
        loaded[name].carry_on = timed(playing, loaded[name].carry_on)
    meter = shared.Meter(options.out.resolve())
    loaded["main"].app(arguments(options), standalone_mode=False)
    meter.stop()
    report_mb = (FOLDER / "report.html").stat().st_size / 2**20
    outcomes = [of_case(case) for case in cases()]
    meter.write(outcomes, play_s=sum(playing), report_mb=report_mb)


if __name__ == "__main__":
    main()
