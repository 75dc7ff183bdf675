"""The measures of agreement, against examples that were worked by hand."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowersim_evals.agreement import (
    Call,
    Figure,
    Rating,
    f1,
    mean,
    mean_error,
    precision,
    recall,
    share,
    weighted_kappa,
)


def rng() -> Random:
    return Random(7)


def rated(*pairs: tuple[float, float]) -> list[Rating]:
    """Return ratings, each in a talk of its own."""
    return [Rating(str(i), one, other) for i, (one, other) in enumerate(pairs)]


def calls(hits: int, false_alarms: int, misses: int, silences: int) -> list[Call]:
    kinds = [(True, True)] * hits + [(False, True)] * false_alarms + [(True, False)] * misses
    return [Call(str(i), *kind) for i, kind in enumerate(kinds + [(False, False)] * silences)]


def test_precision_recall_and_f1_by_hand() -> None:
    # 6 found and there, 2 found and not there, 4 there and not found, 8 neither
    counted = calls(6, 2, 4, 8)
    assert (precision(counted, rng()).value, precision(counted, rng()).n) == (6 / 8, 8)
    assert (recall(counted, rng()).value, recall(counted, rng()).n) == (6 / 10, 10)
    assert f1(counted, rng()).value == pytest.approx(2 * 6 / (2 * 6 + 2 + 4), abs=1e-4)
    assert f1(counted, rng()).n == 12


def test_what_has_nothing_to_look_at_has_no_value() -> None:
    silent = calls(0, 0, 0, 5)
    assert precision(silent, rng()) == recall(silent, rng()) == f1(silent, rng()) == Figure()
    assert weighted_kappa([], rng()) == mean_error([], rng()) == share([], rng()) == Figure()


def test_weighted_kappa_of_five_marks_by_hand() -> None:
    # One rater says 1 2 3 4 5, the other 1 2 3 4 4. Squared differences: 0 0 0 0 1, observed 1/5.
    # Over all 25 pairs the expected one is var + var + (difference of means)^2 = 2 + 1.36 + 0.2^2 = 3.4.
    found = weighted_kappa(rated((1, 1), (2, 2), (3, 3), (4, 4), (5, 4)), rng())
    assert found.value == pytest.approx(1 - 0.2 / 3.4, abs=1e-4)
    assert found.n == 5


def test_weighted_kappa_from_a_table_by_hand() -> None:
    # Counts        other 1  2  3    Weights (i - j)^2:  0 1 4
    #   one 1             4  1  0                        1 0 1
    #   one 2             1  2  1                        4 1 0
    #   one 3             0  0  1
    # Observed: (1 + 1 + 1) / 10 = 0.3. Rows 5 4 1, columns 5 3 2, expected counts row x column / 10:
    #   2.5 1.5 1.0 / 2.0 1.2 0.8 / 0.5 0.3 0.2
    # weighted: 1.5 + 4 x 1.0 + 2.0 + 0.8 + 4 x 0.5 + 0.3 = 10.6, over 10: 1.06. Kappa: 1 - 0.3 / 1.06.
    table = [(1, 1)] * 4 + [(1, 2), (2, 1)] + [(2, 2)] * 2 + [(2, 3), (3, 3)]
    assert weighted_kappa(rated(*table), rng()).value == pytest.approx(1 - 0.3 / 1.06, abs=1e-4)


def test_on_yes_and_no_it_is_the_plain_kappa() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreed 0.7, by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5
    table = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert weighted_kappa(rated(*table), rng()).value == pytest.approx((0.7 - 0.5) / 0.5, abs=1e-4)


def test_kappa_at_its_ends() -> None:
    assert weighted_kappa(rated((1, 5), (5, 1)), rng()).value == -1
    assert weighted_kappa(rated((1, 1), (5, 5)), rng()).value == 1
    same = weighted_kappa(rated((3, 3), (3, 3)), rng())
    assert (same.value, same.n) == (None, 2)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=30))
def test_kappa_is_the_same_from_the_full_matrix(pairs: list[tuple[int, int]]) -> None:
    observed = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    expected = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / len(pairs) ** 2
    found = weighted_kappa(rated(*pairs), rng()).value
    assert found == (pytest.approx(1 - observed / expected, abs=1e-3) if expected else None)


def test_mean_error_by_hand() -> None:
    assert mean_error(rated((1, 5), (3, 3), (4, 2)), rng()).value == 2
    assert mean([("a", -1.0), ("b", 2.0)], rng()).value == 0.5


def test_an_interval_holds_its_value_and_repeats_with_its_seed() -> None:
    counted = calls(30, 10, 20, 40)
    found = recall(counted, rng())
    assert found == recall(counted, rng())
    assert found.low is not None
    assert found.high is not None
    assert 0.4 < found.low < 0.6 < found.high < 0.8
    other = recall(counted, Random(8))
    assert other.value == found.value
    # The normal approximation gives 0.6 -+ 1.96 x sqrt(0.24 / 50) = 0.464 to 0.736.
    assert found.low == pytest.approx(0.464, abs=0.04)
    assert found.high == pytest.approx(0.736, abs=0.04)


def test_whole_talks_are_resampled() -> None:
    """Fifty turns of two talks are two witnesses: a resample is all right, all wrong, or half and half."""
    two = share([("good", True)] * 25 + [("bad", False)] * 25, rng())
    assert (two.value, two.low, two.high) == (0.5, 0.0, 1.0)
    fifty = share([(str(i), i % 2 == 0) for i in range(50)], rng())
    assert fifty.low is not None
    assert fifty.low > 0.3


def test_one_talk_has_no_interval() -> None:
    alone = share([("a", True), ("a", False)], rng())
    assert (alone.value, alone.low, alone.high, alone.n) == (0.5, None, None, 2)


def test_none_of_thirty_is_not_never() -> None:
    # Clopper and Pearson, 0 of 30: 1 - 0.025^(1/30) = 0.1157
    never = share([(str(i), False) for i in range(30)], rng())
    assert (never.value, never.low, never.high) == (0.0, 0.0, 0.1157)
    always = share([(str(i), True) for i in range(30)], rng())
    assert (always.value, always.low, always.high) == (1.0, 0.8843, 1.0)


def test_resamples_without_a_value_are_left_out() -> None:
    """Two talks: half of the resamples draw one of them twice, and then both raters give one and the same mark."""
    found = weighted_kappa(rated((1, 1), (5, 5)), rng())
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
