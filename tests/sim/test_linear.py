"""The classifier: grams, scores between 0 and 1, weights that survive a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from borrowersim.errors import UsageError
from borrowersim.linear import Floats, Linear, grams, read_linear
from borrowersim.talk import Language
from borrowersim.text import fold


def made() -> Linear:
    weights = np.array([[2.0, -1.0], [0.0, 0.5]], np.float32)
    return Linear(("pay", "now"), ("asks", "greets"), weights, np.array([-0.5, 0.25], np.float32), "abc")


def test_scores_follow_the_formula() -> None:
    scores = made().scores({"pay": 3.0, "now": 4.0, "unheard": 9.0})
    asks = -0.5 + 5 * (2.0 * 3 + 0.0 * 4) / 5
    greets = 0.25 + 5 * (-1.0 * 3 + 0.5 * 4) / 5
    assert scores == pytest.approx({"asks": 1 / (1 + np.exp(-asks)), "greets": 1 / (1 + np.exp(-greets))})


def test_a_rare_feature_is_worth_more_and_counts_more_to_the_length() -> None:
    scores = replace(made(), worth=np.array([1.0, 10.0], np.float32)).scores({"pay": 3.0, "now": 0.4})
    asks = -0.5 + 5 * (2.0 * 3 + 0.0 * 4) / 5
    greets = 0.25 + 5 * (-1.0 * 3 + 0.5 * 4) / 5
    assert scores == pytest.approx({"asks": 1 / (1 + np.exp(-asks)), "greets": 1 / (1 + np.exp(-greets))})
    assert replace(made(), worth=np.array([1.0, 10.0], np.float32)).pull(["pay", "now"], "greets") == 4.0


def test_a_text_without_known_words_scores_the_bias() -> None:
    assert (
        made().scores({"else": 1.0}) == made().scores({}) == pytest.approx({"asks": 0.37754, "greets": 0.56218}, 1e-4)
    )


@pytest.mark.parametrize("worth", [None, np.array([1.0, 10.0], np.float32)])
def test_weights_survive_a_file(tmp_path: Path, worth: Floats | None) -> None:
    path, linear = tmp_path / "w.npz", replace(made(), worth=worth)
    linear.save(path)
    again = read_linear(path)
    assert (again.features, again.labels, again.trained_on) == (("pay", "now"), ("asks", "greets"), "abc")
    assert np.array_equal(again.weights, made().weights)
    assert again.scores({"pay": 1.0, "now": 1.0}) == linear.scores({"pay": 1.0, "now": 1.0})


def test_the_same_weights_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        replace(made(), worth=np.ones(2, np.float32)).save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("content", [None, b"", b"no weights"])
def test_a_file_that_is_none_is_said_plainly(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "w.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="install borrowersim again"):
        read_linear(path)


def test_grams_of_both_kinds_of_language() -> None:
    english = grams(fold("Pay $60 now!"), Language.EN)
    assert {"^ pay", "pay $ #", "now ! $end", "~pay", "~ now"} <= english
    chinese = grams(fold("還 500 塊嗎？"), Language.ZH_TW)
    assert {"^还#", "块吗?", "吗?$", "还"} <= chinese
    assert chinese == grams(fold("还500块吗?"), Language.ZH_CN)
