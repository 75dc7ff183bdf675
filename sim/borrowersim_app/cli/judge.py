"""borrowersim judge FILE: respect, clarity and legal safety of talks from a file."""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import anyio
import typer
from rich.table import Table
from rich.text import Text

from borrowersim.talk import Talk, read_talks
from borrowersim_app.build import RULES, Services, judge_named
from borrowersim_app.cli.codes import FAILED, INFRASTRUCTURE, PASSED
from borrowersim_app.cli.common import OwnRulesFiles, paper, screen, use_rules
from borrowersim_app.cli.show import DISCLAIMER, findings
from borrowersim_app.settings import read_settings
from borrowersim_evals.evaluate import judge_talk, score_by_rules
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.jury import JudgeModel
from borrowersim_evals.rubric import Criterion, label
from borrowersim_evals.verdict import Score, TurnMarks

app = typer.Typer(add_completion=False, rich_markup_mode=None)
CHUNK = 16
"""Talks handed to a worker process at once: one is judged in milliseconds."""


class Level(StrEnum):
    """How grave a breach must be to fail."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class _Tally:
    """Takes each score as it comes: prints it, and remembers what the exit code needs."""

    def __init__(self, fail_on: Level | None, *, as_json: bool) -> None:
        levels = list(Level)
        self._failing = {level.value for level in levels[: levels.index(fail_on) + 1]} if fail_on else set()
        self._as_json = as_json
        self.judged = self.failed = self.unreached = self.lawless = 0

    def __call__(self, talk: Talk, score: Score) -> None:
        self.judged += 1
        self.failed += any(finding.severity in self._failing for finding in score.breaches)
        self.unreached += UNREACHED in score.unscored
        self.lawless += score.decided_by.get("legal") == "nobody"
        if self._as_json:
            sys.stdout.write(score.model_dump_json() + "\n")
        else:
            show(talk, score)
        if self.judged % 100 == 0 and sys.stderr.isatty():
            screen.print(f"{self.judged} talks judged")

    @property
    def code(self) -> int:
        if self.judged and self.unreached == self.judged:
            return INFRASTRUCTURE
        return FAILED if self.failed else PASSED


@app.command(epilog="Example: borrowersim judge talks.jsonl --judge rules --json --fail-on critical")
def judge(
    file: Annotated[Path, typer.Argument(help="Talks: JSON, a list of them, or one a line (JSONL).")],
    judge_name: Annotated[
        str,
        typer.Option(
            "--judge", help="rules, or a model beside them: openai/NAME, local/NAME, langchain/PROVIDER:NAME."
        ),
    ] = RULES,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a line for each talk.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=256, help="Talks judged at once.")] = 1,
    fail_on: Annotated[
        Level | None, typer.Option("--fail-on", help="Exit with 1 when a breach at least this grave is found.")
    ] = None,
    rules: OwnRulesFiles = None,
) -> None:
    """Judge the talks in FILE; exit 0, 1 with --fail-on, 2 for wrong input, 4 when the judge cannot be reached."""
    use_rules(rules)
    model = judge_named(judge_name, Services(read_settings()))
    tally = _Tally(fail_on, as_json=as_json)
    if model is None:
        by_rules(read_talks(file), jobs, tally)
    else:
        anyio.run(by_model, read_talks(file), model, jobs, tally)
    if not as_json:
        paper.print(DISCLAIMER, style="dim", soft_wrap=True)
    sys.stdout.flush()
    if tally.unreached:
        screen.print(f"the judge {judge_name} could not be reached for {tally.unreached} of {tally.judged} talks")
    if tally.lawless:
        screen.print(f"the law was not judged in {tally.lawless} of {tally.judged} talks; see `unscored` of each")
    raise typer.Exit(tally.code)


Take = Callable[[Talk, Score], None]


def by_rules(talks: Iterable[Talk], jobs: int, take: Take) -> None:
    """Judge by the rules alone, in order; with several jobs in as many processes."""
    if jobs == 1:
        for talk in talks:
            take(talk, score_by_rules(talk))
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting: deque[tuple[list[Talk], Future[list[Score]]]] = deque()
        for chunk in _chunks(talks):
            waiting.append((chunk, pool.submit(_scores, chunk)))
            if len(waiting) > 2 * jobs:
                _hand_over(*waiting.popleft(), take)
        while waiting:
            _hand_over(*waiting.popleft(), take)


def _scores(talks: list[Talk]) -> list[Score]:
    return [score_by_rules(talk) for talk in talks]


def _hand_over(talks: list[Talk], scores: "Future[list[Score]]", take: Take) -> None:
    for talk, score in zip(talks, scores.result(), strict=True):
        take(talk, score)


def _chunks(talks: Iterable[Talk]) -> Iterable[list[Talk]]:
    chunk: list[Talk] = []
    for talk in talks:
        chunk.append(talk)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def by_model(talks: Iterable[Talk], model: JudgeModel, jobs: int, take: Take) -> None:
    """Judge by rules and model, in order, at most `jobs` talks at once."""
    waiting: deque[tuple[Talk, asyncio.Task[Score]]] = deque()
    try:
        async with asyncio.TaskGroup() as group:
            for talk in talks:
                waiting.append((talk, group.create_task(judge_talk(talk, model))))
                if len(waiting) >= jobs:
                    await _take_first(waiting, take)
            while waiting:
                await _take_first(waiting, take)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    finally:
        await model.aclose()


async def _take_first(waiting: deque[tuple[Talk, asyncio.Task[Score]]], take: Take) -> None:
    talk, task = waiting.popleft()
    take(talk, await task)


def show(talk: Talk, score: Score) -> None:
    """Print one talk's marks, findings and better lines."""
    paper.print(_table(talk, score))
    findings(paper, score)
    for marks in score.turns:
        if marks.better:
            paper.print(Text(f"  turn {marks.turn}, better: {marks.better}", "green"), soft_wrap=True)
    for line in filter(None, [score.unscored and f"not judged: {score.unscored}", *score.notes]):
        paper.print(Text(f"  {line}", "yellow"), soft_wrap=True)
    paper.print()


def _table(talk: Talk, score: Score) -> Table:
    marks = ", ".join(f"{name} {_said(getattr(score, name))}" for name in ("respect", "clarity", "total"))
    table = Table(title=Text(f"{score.id}: {marks}"), title_justify="left")
    table.add_column("turn", justify="right")
    for column in ("respect", "clarity"):
        table.add_column(column, justify="right")
    table.add_column("what moved the marks", overflow="fold")
    for turn in score.turns:
        table.add_row(str(turn.turn), _said(turn.respect), _said(turn.clarity), Text(_why(talk, turn)))
    return table


def _said(value: float | None) -> str:
    return "not judged" if value is None else f"{value:g}"


def _why(talk: Talk, turn: TurnMarks) -> str:
    named: list[tuple[Criterion, tuple[str, ...]]] = [("respect", turn.respect_why), ("clarity", turn.clarity_why)]
    labels = [label(criterion, name, talk.language) for criterion, names in named for name in names]
    return ("、" if talk.language.chinese else ", ").join(labels)
