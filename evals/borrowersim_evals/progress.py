"""Progress: what a learner's practices show over time, and what a coach should look at. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean
from typing import Literal

from borrowersim_evals.assignment import passes
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.practice_lines import PracticeLine, Slip

Criterion = Literal["respect", "clarity", "total", "critical"]
CRITERIA: tuple[Criterion, ...] = ("total", "respect", "clarity", "critical")
"""`critical`: critical breaches in a call; the fewer the better."""
SCALES: Mapping[Criterion, tuple[float, float]] = {
    "total": (0, 100),
    "respect": (1, 5),
    "clarity": (1, 5),
    "critical": (0, 3),
}
"""Lowest and highest value of each; more critical breaches than that are possible."""
MATTERS: Mapping[Criterion, float] = {"total": 4, "respect": 0.25, "clarity": 0.25, "critical": 0.34}
"""A smaller change than this is no change: one call differs from the next by more."""
WINDOW = 5
"""Calls on each side of a comparison, at most."""
ENOUGH = 4
"""Calls below which nothing is said about a direction."""
LATELY = 5
"""Calls that count as the last ones where a mistake is looked for."""
Direction = Literal["better", "worse", "level", "unknown"]


@dataclass(frozen=True)
class Point:
    """One call on a curve."""

    practice: str
    started: str
    value: float


@dataclass(frozen=True)
class Trend:
    """One criterion over time, the oldest call first."""

    criterion: Criterion
    points: tuple[Point, ...]
    earlier: float | None
    """Mean of the calls before the latest ones; None when there are too few."""
    latest: float | None
    """Mean of the latest calls; None when there are none."""
    direction: Direction


@dataclass(frozen=True)
class Mistake:
    """One rule that a learner broke, over all calls."""

    rule: str
    times: int
    calls: int
    lately: int
    """In how many of the learner's last calls."""
    last: Slip
    """The last time, with the learner's own words."""


@dataclass(frozen=True)
class Member:
    """One learner in a coach's view."""

    name: str
    calls: int
    """Judged calls, those that were rewound among them."""
    active: float | None
    """When something was last said, seconds since 1970; None for never."""
    pass_share: float | None
    """Of the calls made from the first word on; None when there are none."""
    trend: Trend
    """Of the total."""
    worst: Mistake | None
    """The rule broken most often."""


def trend_of(lines: Iterable[PracticeLine], criterion: Criterion) -> Trend:
    """Return a criterion over the calls made from the first word on: a rewound call repeats what was said."""
    fresh = sorted((line for line in lines if line.fresh), key=lambda line: (line.began, line.id))
    points = tuple(
        Point(line.id, line.started, float(value)) for line in fresh if (value := getattr(line, criterion)) is not None
    )
    values = [point.value for point in points]
    size = max(1, min(WINDOW, len(values) // 2))
    earlier = mean(values[-2 * size : -size]) if len(values) >= ENOUGH else None
    latest = mean(values[-size:]) if values else None
    return Trend(criterion, points, earlier, latest, _direction(criterion, earlier, latest))


def _direction(criterion: Criterion, earlier: float | None, latest: float | None) -> Direction:
    if earlier is None or latest is None:
        return "unknown"
    gained = earlier - latest if criterion == "critical" else latest - earlier
    if abs(gained) < MATTERS[criterion]:
        return "level"
    return "better" if gained > 0 else "worse"


def mistakes_of(slips: Iterable[Slip], lines: Iterable[PracticeLine]) -> list[Mistake]:
    """Return one learner's broken rules: what still happens first, then what happened most often."""
    judged = sorted((line for line in lines if line.judged), key=lambda line: (line.began, line.id), reverse=True)
    latest = {line.id for line in judged[:LATELY]}
    by_rule = groupby(sorted(slips, key=lambda slip: slip.rule), key=lambda slip: slip.rule)
    found = [_mistake(rule, list(group), latest) for rule, group in by_rule]
    return sorted(found, key=lambda mistake: (-mistake.lately, -mistake.times, mistake.rule))


def _mistake(rule: str, slips: Sequence[Slip], latest: set[str]) -> Mistake:
    calls = {slip.practice for slip in slips}
    return Mistake(
        rule=rule,
        times=len(slips),
        calls=len(calls),
        lately=len(calls & latest),
        last=max(slips, key=lambda slip: (slip.began, slip.turn)),
    )


def pass_share(lines: Iterable[PracticeLine], pass_mark: float = PASS_MARK) -> float | None:
    """Return the share (0-1) of calls made from the first word on that are good enough; None without one.

    A call that could not be scored counts for neither side.
    """
    scored = [line for line in lines if line.fresh and line.total is not None]
    return sum(passes(line, pass_mark) for line in scored) / len(scored) if scored else None


def team_of(names: Iterable[str], lines: Sequence[PracticeLine], slips: Sequence[Slip]) -> list[Member]:
    """Return everybody in a coach's view, by name; those with practices too whose name is not on the list."""
    everybody = sorted({*names, *(line.learner for line in lines)})
    own: dict[str, list[PracticeLine]] = {name: [] for name in everybody}
    wrong: dict[str, list[Slip]] = {name: [] for name in everybody}
    for line in lines:
        own[line.learner].append(line)
    for slip in slips:
        wrong.setdefault(slip.learner, []).append(slip)
    return [_member(name, own[name], wrong[name]) for name in everybody]


def _member(name: str, lines: Sequence[PracticeLine], slips: Sequence[Slip]) -> Member:
    mistakes = mistakes_of(slips, lines)
    return Member(
        name=name,
        calls=sum(line.judged for line in lines),
        active=max((line.active for line in lines), default=None),
        pass_share=pass_share(lines),
        trend=trend_of(lines, "total"),
        worst=max(mistakes, key=lambda mistake: (mistake.times, mistake.rule), default=None),
    )


def common_mistakes(slips: Iterable[Slip]) -> list[tuple[str, int, int]]:
    """Return (rule, how many learners, how often) over a team, the most widespread first."""
    times: Counter[str] = Counter()
    who: dict[str, set[str]] = {}
    for slip in slips:
        times[slip.rule] += 1
        who.setdefault(slip.rule, set()).add(slip.learner)
    return sorted(((rule, len(who[rule]), times[rule]) for rule in times), key=lambda row: (-row[1], -row[2], row[0]))
