"""How far a judge and labels agree: pure measures, each with a bootstrap percentile interval.

Every measure is a formula over sums to which each item adds its part. A resample draws whole
talks with replacement (Efron 1979): turns of one talk are no independent witnesses.
"""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

RESAMPLES = 1000
TAILS = (2.5, 97.5)
"""Percentiles of the resampled values: a 95 % interval."""
COVERED = TAILS[1]
"""Percent covered by the one open end of a share of 0 or 1."""
LEAST_TALKS = 2
DIGITS = 4

Floats: TypeAlias = npt.NDArray[np.float64]
Formula: TypeAlias = Callable[[Floats], Floats]
"""Sums in the last axis -> the measure; NaN where it is not defined."""


class Figure(BaseModel):
    """A measured value with its 95 % interval."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    value: float | None = None
    """None: there was nothing to measure, which is neither good nor bad."""
    low: float | None = None
    high: float | None = None
    """Ends of the interval; None when too few talks stand behind it. Of a share that is 0 or 1
    every resample is the same; then the far end is the exact one of Clopper and Pearson (1934)."""
    n: int = 0
    """Items (turns, talks, pairs) that it rests on."""


class Call(NamedTuple):
    """One item that is, or is not, and that was, or was not, found."""

    talk: str
    """Items of the same talk are resampled together."""
    wanted: bool
    found: bool


class Rating(NamedTuple):
    """One item that two raters marked on the same scale."""

    talk: str
    one: float
    other: float


def precision(calls: Iterable[Call], rng: Random) -> Figure:
    """Return the share of what was found that is there."""
    return share(((c.talk, c.wanted) for c in calls if c.found), rng)


def recall(calls: Iterable[Call], rng: Random) -> Figure:
    """Return the share of what is there that was found."""
    return share(((c.talk, c.found) for c in calls if c.wanted), rng)


def f1(calls: Iterable[Call], rng: Random) -> Figure:
    """Return the harmonic mean of precision and recall; what is neither there nor found plays no part."""
    items = [(c.talk, (2.0 * (c.wanted and c.found), float(c.wanted + c.found))) for c in calls if c.wanted or c.found]
    return _figure(items, _ratio, rng)


def share(items: Iterable[tuple[str, bool]], rng: Random) -> Figure:
    """Return the share of (talk, holds) that hold."""
    rows = list(items)
    figure = mean(((talk, float(holds)) for talk, holds in rows), rng)
    if figure.low is None or figure.value not in (0.0, 1.0):
        return figure
    nearest = (1 - COVERED / 100) ** (1 / len({talk for talk, _ in rows}))
    ends = {"high": round(1 - nearest, DIGITS)} if figure.value == 0 else {"low": round(nearest, DIGITS)}
    return figure.model_copy(update=ends)


def mean(items: Iterable[tuple[str, float]], rng: Random) -> Figure:
    """Return the mean of (talk, value)."""
    return _figure([(talk, (value, 1.0)) for talk, value in items], _ratio, rng)


def mean_error(ratings: Iterable[Rating], rng: Random) -> Figure:
    """Return the mean absolute difference of two raters."""
    return mean(((r.talk, abs(r.one - r.other)) for r in ratings), rng)


def weighted_kappa(ratings: Iterable[Rating], rng: Random) -> Figure:
    """Return Cohen's kappa with quadratic weights (1968): 1 is full agreement, 0 is what chance gives.

    On two values (no, yes) it is the plain kappa of 1960. Not defined while both raters give one and the same mark.
    """
    items = [(r.talk, (1.0, r.one, r.other, r.one**2 + r.other**2, (r.one - r.other) ** 2)) for r in ratings]
    return _figure(items, _kappa, rng)


def _ratio(sums: Floats) -> Floats:
    return _divided(sums[..., 0], sums[..., 1])


def _kappa(sums: Floats) -> Floats:
    """Return 1 less observed over expected disagreement.

    The scale's length cancels out of the weights, and the squared difference that chance gives
    needs only the raters' own sums: E(a - b)^2 = E a^2 + E b^2 - 2 E a E b.
    """
    n, one, other, squares, observed = np.moveaxis(sums, -1, 0)
    expected = squares - 2 * one * _divided(other, n)
    return 1 - _divided(observed, np.where(expected > 1e-9, expected, 0.0))


def _divided(above: Floats, below: Floats) -> Floats:
    result: Floats = np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below != 0)
    return result


def _figure(items: Sequence[tuple[str, tuple[float, ...]]], formula: Formula, rng: Random) -> Figure:
    if not items:
        return Figure()
    talks = _by_talk(items)
    value = float(formula(talks.sum(axis=0)[np.newaxis])[0])
    if np.isnan(value):
        return Figure(n=len(items))
    low, high = _interval(talks, formula, rng)
    return Figure(value=round(value, DIGITS), low=low, high=high, n=len(items))


def _by_talk(items: Sequence[tuple[str, tuple[float, ...]]]) -> Floats:
    """Return one row of sums for each talk."""
    rows: dict[str, Any] = {}
    for talk, adds in items:
        rows[talk] = rows.get(talk, 0.0) + np.asarray(adds, np.float64)
    return np.stack(list(rows.values()))


def _interval(talks: Floats, formula: Formula, rng: Random) -> tuple[float | None, float | None]:
    if len(talks) < LEAST_TALKS:
        return None, None
    drawn = np.random.default_rng(rng.getrandbits(64)).integers(len(talks), size=(RESAMPLES, len(talks)))
    values = formula(talks[drawn].sum(axis=1))
    low, high = np.nanpercentile(values, TAILS)
    return round(float(low), DIGITS), round(float(high), DIGITS)
