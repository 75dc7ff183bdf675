"""The weights that are shipped were fitted on the labels that are shipped."""

import pytest

from borrowersim.perception.learned import classifier
from borrowersim_evals.training.acts import digest, tuned
from borrowersim_evals.training.fit import LANGUAGES, Row, fit


@pytest.mark.parametrize("stem", LANGUAGES)
def test_the_weights_are_not_stale(stem: str) -> None:
    fitted_on = classifier(LANGUAGES[stem][0]).trained_on
    assert fitted_on == digest(tuned(stem)), "labels changed: run python -m borrowersim_evals.training"


@pytest.mark.parametrize("stem", LANGUAGES)
def test_nothing_that_is_measured_is_learnt_from(stem: str) -> None:
    assert {turn.split for turn in tuned(stem)} == {"tune"}


def test_a_small_classifier_learns_what_tells_labels_apart() -> None:
    pytest.importorskip("sklearn")
    asks, greets = frozenset({"asks"}), frozenset({"greets"})
    words = [({"pay": 1.0, "now": 1.0}, asks), ({"pay": 1.0, "please": 1.0}, asks), ({"hello": 1.0}, greets)]
    model = fit([Row(seen, has) for seen, has in words] * 4, ("asks", "greets"))
    assert model.scores({"pay": 1.0})["asks"] > 0.6 > model.scores({"hello": 1.0})["asks"]
