"""Intervals: against published values, against each other, and with repeats that resemble each other."""

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowersim_evals.stats import Estimate, _stretch, mcnemar, mean, pass_hat, share, talks_to_decide, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (8, 10, 0.49016, 0.94332),
        (81, 263, 0.25529, 0.36621),  # 0.2553 to 0.3662 in Newcombe (1998), table I
        (1, 29, 0.00611, 0.17176),  # 0.0061 to 0.1718 there
    ],
)
def test_wilson_is_what_was_published(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_wilson_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no interval"):
        wilson(0, 0)


@pytest.mark.parametrize(("one", "other", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (3, 9, 0.14599609375), (10, 10, 1.0)])
def test_mcnemar_is_the_exact_binomial_test(one: int, other: int, p: float) -> None:
    assert mcnemar(one, other) == mcnemar(other, one) == pytest.approx(p)


def test_a_mean_without_repeats_has_the_interval_of_the_normal() -> None:
    values = list(np.random.default_rng(1).normal(3.5, 0.6, 400))
    found = mean(values, range(400))
    half = 1.96 * float(np.std(values)) / sqrt(400)
    assert found.value == pytest.approx(float(np.mean(values)))
    assert found.interval == pytest.approx((np.mean(values) - half, np.mean(values) + half), abs=0.01)
    assert mean(values, range(400)) == found
    assert mean(values, range(400), seed=1) != found


def test_few_talks_have_the_interval_of_student() -> None:
    for n, t in ((2, 12.7062), (5, 2.7764), (29, 2.0484), (30, 2.0452), (31, 2.0423), (200, 1.9720)):
        assert _stretch(n) == pytest.approx(t / 1.959964 * sqrt(n / (n - 1)), abs=0.002)
    values = [3.0, 3.5, 4.0, 4.5]
    half = 3.1824 * float(np.std(values, ddof=1)) / 2
    found = mean(values, range(4))
    assert found.interval == pytest.approx((3.75 - half, 3.75 + half), abs=0.15)
    assert mean([1.0, 5.0], range(2), within=(1, 5)).interval == (1.0, 5.0)


def test_repeats_of_one_cell_are_no_new_witnesses() -> None:
    values = [float(i % 10) for i in range(10)]
    alone = mean(values, range(10))
    repeated = mean(values * 50, list(range(10)) * 50)
    assert repeated.interval == alone.interval
    assert mean(values * 50, range(500)).interval != alone.interval
    halves = [i % 10 < 5 for i in range(500)]
    assert share(halves, [i % 10 for i in range(500)]).effective == pytest.approx(9, abs=0.01)
    assert share(halves, range(500)).effective == 500
    assert share([True] * 500, [i % 10 for i in range(500)]).interval == pytest.approx(wilson(10, 10), abs=1e-4)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=60))
def test_an_interval_holds_its_value_and_stays_a_share(talks: list[tuple[bool, int]]) -> None:
    holds, cells = [held for held, _ in talks], [cell for _, cell in talks]
    found = share(holds, cells)
    assert found.interval is not None
    assert found.value is not None
    assert 0 <= found.low <= round(found.value, 4) <= found.high <= 1  # type: ignore[operator]
    assert 1 <= found.effective <= len(talks)
    assert found.low <= share(holds, range(len(talks))).low + 1e-9  # type: ignore[operator]


def test_few_cells_are_no_sample_of_borrowers() -> None:
    assert share([True] * 100, ["only"] * 100).effective == 100
    assert mean([1.0, 2.0] * 50, ["only"] * 100).effective == 100


def test_one_talk_has_no_interval_and_none_has_no_value() -> None:
    assert mean([4.0], ["a"]).interval is None
    assert mean([], []) == share([], []) == Estimate(None)


def test_pass_hat_k_is_the_share_of_drawings_that_pass_whole() -> None:
    counts = [(3, 4), (4, 4), (1, 4)]
    drawings = [
        all(drawn) for passed, n in counts for drawn in combinations([True] * passed + [False] * (n - passed), 2)
    ]
    assert pass_hat(counts, 2).value == pytest.approx(sum(drawings) / len(drawings))
    assert pass_hat([(1, 1), (3, 4)], 2).n == 1  # a cell with one talk says nothing of two
    assert pass_hat([(1, 1)], 2) == Estimate(None)
    assert pass_hat([(4, 4)] * 10, 4).interval == pytest.approx(wilson(10, 10), abs=1e-4)
    with pytest.raises(ValueError, match="at least 1"):
        pass_hat(counts, 0)


@pytest.mark.parametrize(("hits", "n", "bound"), [(10, 10, 0.9), (30, 40, 0.6), (12, 40, 0.45)])
def test_the_talks_that_would_decide_a_share_do(hits: int, n: int, bound: float) -> None:
    wanted = talks_to_decide(share([i < hits for i in range(n)], range(n)), bound, share=True)
    assert wanted is not None
    low, high = wilson(wanted * hits / n, wanted)
    assert not low < bound < high
    if wanted > n + 1:
        low, high = wilson((wanted - 2) * hits / n, wanted - 2)
        assert low < bound < high


def test_the_talks_that_would_decide_a_mean_grow_with_the_square_of_the_distance() -> None:
    found = Estimate(4.0, 3.6, 4.4, 20, 20)
    assert talks_to_decide(found, 3.8, share=False) == 80
    assert talks_to_decide(found, 4.2, share=False) == 80
    assert talks_to_decide(found, 4.0, share=False) is None
    assert talks_to_decide(Estimate(4.0), 3.0, share=False) is None
