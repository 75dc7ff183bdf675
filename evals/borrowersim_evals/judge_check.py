"""How well a judge agrees with labelled turns, talks and pairs.

A judged turn is found when the judge reports a breach on it; a doubt (`cannot_tell`) is no
breach. What may be tuned on and what is only measured never share a figure. A talk that the
judge could not score is left out and counted: it is neither right nor wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Protocol

import anyio

from borrowersim.talk import Talk
from borrowersim_evals.check_figures import Judged, figures, gravity, raters, rule_lines, stability
from borrowersim_evals.check_report import (
    SPLITS,
    CheckReport,
    Figures,
    Grouping,
    SplitReport,
    Stability,
)
from borrowersim_evals.combine import combine
from borrowersim_evals.evaluate import judge_by_rules
from borrowersim_evals.jury import JudgeModel, judgement_of
from borrowersim_evals.label_shapes import LabelledTalk
from borrowersim_evals.verdict import RANK, Score

STEADY = 5
"""Talks on which a deterministic judge is asked again; the others would only cost time."""
GROUPS: dict[Grouping, Callable[[LabelledTalk], str]] = {
    "language": lambda labelled: labelled.talk.language,
    "jurisdiction": lambda labelled: labelled.talk.jurisdiction,
    "kind": lambda labelled: labelled.kind,
    "slice": lambda labelled: labelled.slice,
    "source": lambda labelled: labelled.source,
}


class Judge(Protocol):
    """Who is measured."""

    @property
    def name(self) -> str: ...

    @property
    def deterministic(self) -> bool:
        """Say whether the same talk must give the same score."""

    async def __call__(self, talk: Talk, /) -> Score:
        """Return the score of a talk."""


class ProductJudge:
    """The judge of `borrowersim judge`: the rules, and a model beside them when there is one.

    It looks for no better lines: they are no part of what is measured.
    """

    def __init__(self, model: JudgeModel | None = None) -> None:
        self.name = model.name if model else "rules"
        self.deterministic = model is None
        self._model = model

    async def __call__(self, talk: Talk) -> Score:
        by_model = await judgement_of(talk, self._model) if self._model else None
        return combine(talk, judge_by_rules(talk), by_model)


async def measure(
    judge: Judge, labelled: Sequence[LabelledTalk], rng: Random, *, repeats: int = 1, jobs: int = 1
) -> CheckReport:
    """Return how a judge does on labelled talks."""
    judged = await hear(judge, labelled, repeats=repeats, jobs=jobs)
    return report(judge.name, judged, rng, await steadiness(judge, judged, rng, repeats=repeats))


async def hear(
    judge: Judge, labelled: Sequence[LabelledTalk], *, repeats: int = 1, jobs: int = 1
) -> tuple[Judged, ...]:
    """Ask the judge about each talk, at most `jobs` at once; in order. A deterministic judge is asked once."""
    times = 1 if judge.deterministic else repeats
    limit = anyio.CapacityLimiter(jobs)
    heard: dict[int, Judged] = {}

    async def one(place: int, talk: LabelledTalk) -> None:
        async with limit:
            heard[place] = Judged(talk, tuple([await judge(talk.talk) for _ in range(times)]))

    try:
        async with anyio.create_task_group() as tasks:
            for place, talk in enumerate(labelled):
                tasks.start_soon(one, place, talk)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return tuple(heard[place] for place in sorted(heard))


async def steadiness(judge: Judge, judged: Sequence[Judged], rng: Random, *, repeats: int = 1) -> Stability | None:
    """Return whether the judge said the same each time; a deterministic one is asked again about a few talks."""
    if not judge.deterministic:
        return stability(judged, rng)
    few = judged[:: max(1, len(judged) // STEADY)][:STEADY]
    again = [
        Judged(one.labelled, (one.score, *[await judge(one.labelled.talk) for _ in range(max(1, repeats - 1))]))
        for one in few
    ]
    return stability(again, rng)


def report(name: str, judged: Sequence[Judged], rng: Random, steady: Stability | None = None) -> CheckReport:
    """Return the figures of every split that has talks; pure."""
    scored = [one for one in judged if not one.score.unscored]
    parts = ([one for one in scored if one.labelled.split == split] for split in SPLITS)
    return CheckReport(
        judge=name,
        versions=_versions(judged),
        splits=tuple(_split_report(part, rng) for part in parts if part),
        raters=raters(name, [row for one in scored for row in one.rows], rng),
        stability=steady,
        unscored=dict(Counter(one.score.unscored for one in judged if one.score.unscored)),
    )


def _versions(judged: Iterable[Judged]) -> dict[str, tuple[str, ...]]:
    versions: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        for judge, version in one.score.judges.items():
            versions[judge].add(version)
    return {judge: tuple(sorted(found)) for judge, found in versions.items()}


def _split_report(judged: Sequence[Judged], rng: Random) -> SplitReport:
    rows = [row for one in judged for row in one.rows]
    found = {severity: gravity(rows, severity, rng) for severity in RANK}
    blind = any(one.labelled.blind for one in judged)
    return SplitReport(
        split=judged[0].labelled.split,
        talks=len(judged),
        whole=figures(judged, rng),
        by={grouping: _by(judged, name_of, rng) for grouping, name_of in GROUPS.items()},
        severity={severity: part for severity, part in found.items() if part.turns},
        rules=() if blind else rule_lines(rows),
    )


def _by(judged: Iterable[Judged], name_of: Callable[[LabelledTalk], str], rng: Random) -> dict[str, Figures]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if name := str(name_of(one.labelled)):
            groups[name].append(one)
    return {name: figures(groups[name], rng) for name in sorted(groups)}
