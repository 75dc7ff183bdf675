"""Intervals and tests over talks: pure functions, numpy where it must be quick.

Talks of one cell (the same borrower, dials and agent, played again) resemble each other, so they
are no independent witnesses. With repeats, whole cells are resampled, and a share's interval is
widened by the design effect (Kish 1965). Fewer than `LEAST_CELLS` cells are no sample of borrowers:
then talks are resampled, and the interval speaks of these cells alone.
"""

from collections.abc import Hashable, Sequence
from math import ceil, comb, inf, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
"""Of the two-sided 95 % interval."""
TAILS = (2.5, 97.5)
RESAMPLES = 2000
AT_ONCE = 4_000_000
"""Draws held in memory at a time."""
T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
)  # fmt: skip
"""Student's t of the two-sided 95 % interval, for 1 to 29 degrees of freedom."""
LEAST_CELLS = 5
DIGITS = 4

Floats: TypeAlias = npt.NDArray[np.float64]


class Estimate(NamedTuple):
    """A value with its 95 % interval."""

    value: float | None
    """None: there was nothing to measure."""
    low: float | None = None
    high: float | None = None
    """Ends of the interval; None when fewer than two talks stand behind the value."""
    n: int = 0
    """Talks that it rests on (cells, for pass^k)."""
    effective: float = 0.0
    """Independent talks that would give as narrow an interval: n without repeats, fewer with them."""

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


NOTHING = Estimate(None)


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of `hits` in `n` (Wilson 1927); n may be an effective one.

    Raises ValueError when n is not above 0.
    """
    if n <= 0:
        raise ValueError("a share of nothing has no interval")
    p, z2 = hits / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (0.0 if p == 0 else max(0.0, middle - half), 1.0 if p == 1 else min(1.0, middle + half))


def share(holds: Sequence[bool], cells: Sequence[Hashable]) -> Estimate:
    """Return the share of talks that hold; `cells` names the cell of each talk."""
    n = len(holds)
    if not n:
        return NOTHING
    p = float(sum(holds) / n)
    effective = n / _design_effect(np.asarray(holds, np.float64), _numbered(cells))
    low, high = wilson(p * effective, effective)
    return Estimate(p, round(low, DIGITS), round(high, DIGITS), n, effective)


def mean(
    values: Sequence[float], cells: Sequence[Hashable], seed: int = 0, within: tuple[float, float] = (-inf, inf)
) -> Estimate:
    """Return the mean of talks with its bootstrap interval; the same seed gives the same ends.

    The percentile interval of few talks is too narrow; it is stretched about the mean as Student's t
    is wider than the normal (Hesterberg 2015), and kept `within` what a mean can be.
    """
    n = len(values)
    if not n:
        return NOTHING
    numbers = np.asarray(values, np.float64)
    value = float(numbers.mean())
    if n < 2 or not np.isfinite(numbers).all():
        return Estimate(value, n=n, effective=float(n))
    groups = _units(_numbered(cells), n)
    rows = np.stack([np.bincount(groups, numbers), np.bincount(groups).astype(np.float64)], axis=1)
    ends = value + _stretch(len(rows)) * (np.percentile(_resampled(rows, seed), TAILS) - value)
    low, high = (round(float(end), DIGITS) for end in np.clip(ends, *within))
    return Estimate(value, low, high, n, float(len(rows)))


def pass_hat(counts: Sequence[tuple[int, int]], k: int, seed: int = 0) -> Estimate:
    """Return pass^k: the chance that k repeats of one cell all pass, averaged over cells.

    `counts` holds (passed, played) of each cell. The estimator C(passed, k) / C(played, k) is free of
    bias (Yao et al. 2024, tau-bench); cells with fewer than k talks say nothing and are left out.
    Raises ValueError when k is below 1.
    """
    if k < 1:
        raise ValueError("k must be at least 1")
    chances = [comb(passed, k) / comb(played, k) for passed, played in counts if played >= k]
    found = mean(chances, range(len(chances)), seed, (0.0, 1.0))
    if found.value in (0.0, 1.0):
        low, high = wilson(found.value * found.n, found.n)
        return found._replace(low=round(low, DIGITS), high=round(high, DIGITS))
    return found


def mcnemar(one_way: int, other_way: int) -> float:
    """Return the exact two-sided p of paired yes/no values that changed one way and the other (McNemar 1947)."""
    changed = one_way + other_way
    tail = sum(comb(changed, i) for i in range(min(one_way, other_way) + 1)) / (1 << changed)
    return min(1.0, 2 * tail)


def talks_to_decide(found: Estimate, bound: float, *, share: bool) -> int | None:
    """Return how many talks would probably decide on which side of a bound the value lies.

    It takes for granted that the value stays what it is now. None: it lies on the bound.
    """
    if found.value is None or found.interval is None or abs(found.value - bound) < 1e-9:
        return None
    away = abs(found.value - bound)
    if share:
        # Wilson's interval leaves the bound out when the score test rejects it.
        independent = Z * Z * bound * (1 - bound) / away**2
        return max(found.n + 1, ceil(independent * found.n / max(1.0, found.effective)))
    low, high = found.interval
    half = found.value - low if bound < found.value else high - found.value
    return max(found.n + 1, ceil(found.n * (half / away) ** 2))


def _numbered(cells: Sequence[Hashable]) -> npt.NDArray[np.intp]:
    """Return the cells as numbers from 0, in order of appearance."""
    known: dict[Hashable, int] = {}
    return np.asarray([known.setdefault(cell, len(known)) for cell in cells], np.intp)


def _units(cells: npt.NDArray[np.intp], n: int) -> npt.NDArray[np.intp]:
    """Return what is resampled: the cells, or single talks when there are too few cells."""
    return cells if int(cells.max()) + 1 >= LEAST_CELLS else np.arange(n, dtype=np.intp)


def _design_effect(holds: Floats, cells: npt.NDArray[np.intp]) -> float:
    """Return by what the cells widen the variance of a share; never below 1."""
    n = len(holds)
    groups = _units(cells, n)
    count = int(groups.max()) + 1
    p = float(holds.mean())
    if count == n:
        return 1.0
    if p in (0.0, 1.0):
        return float(n / count)  # every cell agrees with itself as far as can be seen
    off = np.bincount(groups, holds) - p * np.bincount(groups)
    clustered: float = count / (count - 1) * float(off @ off) / n**2
    return max(1.0, float(clustered / (p * (1 - p) / n)))


def _stretch(n: int) -> float:
    """Return by what the percentile interval of n units falls short of Student's."""
    t = T[n - 2] if n - 2 < len(T) else Z * (1 + (Z * Z + 1) / (4 * (n - 1)))
    return t / Z * sqrt(n / (n - 1))


def _resampled(rows: Floats, seed: int) -> Floats:
    """Return the ratio of the two sums for each resample of whole rows."""
    rng, count = np.random.default_rng(seed), len(rows)
    step = max(1, AT_ONCE // count)
    parts = []
    for start in range(0, RESAMPLES, step):
        drawn = rng.integers(count, size=(min(step, RESAMPLES - start), count))
        parts.append(rows[:, 0][drawn].sum(axis=1) / rows[:, 1][drawn].sum(axis=1))
    return np.concatenate(parts)
