"""The weights that are shipped were fitted on the labels that are shipped."""

import pytest

from borrowersim.perception.learned import classifier
from borrowersim.spoken import line_classifier
from borrowersim_evals.labelled import load_labels, shipped_files
from borrowersim_evals.marks import mark_classifier
from borrowersim_evals.rules.kinds import kind_classifier
from borrowersim_evals.training import acts, kinds, lines, marks
from borrowersim_evals.training.acts import tuned
from borrowersim_evals.training.fit import LANGUAGES, Row, fit

FITTED = {
    "acts": (classifier, acts.digest),
    "kinds": (kind_classifier, kinds.digest),
    "lines": (line_classifier, lines.digest),
    "marks": (mark_classifier, marks.digest),
}


@pytest.mark.parametrize("stem", LANGUAGES)
@pytest.mark.parametrize("name", FITTED)
def test_the_weights_are_not_stale(name: str, stem: str) -> None:
    weights_of, digest = FITTED[name]
    fitted_on = weights_of(LANGUAGES[stem][0]).trained_on
    assert fitted_on == digest(stem), f"what is learnt from changed: run python -m borrowersim_evals.training {name}"


@pytest.mark.parametrize("stem", LANGUAGES)
def test_nothing_of_the_judges_measured_half_is_learnt_from(stem: str) -> None:
    assert {labelled.split for labelled in kinds.labelled_for_tuning()} == {"tune"}
    measured = {
        t.talk.turns[j.turn].text for t in load_labels(shipped_files()) if t.split == "measure" for j in t.turns
    }
    learnt = {turn.text for language in LANGUAGES[stem] for turn in kinds.kind_turns(language)}
    assert len(measured & learnt) <= 2  # "thank you" and the like


@pytest.mark.parametrize("stem", LANGUAGES)
def test_nothing_that_is_measured_is_learnt_from(stem: str) -> None:
    assert {turn.split for turn in tuned(stem)} == {"tune"}


def test_a_small_classifier_learns_what_tells_labels_apart() -> None:
    pytest.importorskip("sklearn")
    asks, greets = frozenset({"asks"}), frozenset({"greets"})
    words = [({"pay": 1.0, "now": 1.0}, asks), ({"pay": 1.0, "please": 1.0}, asks), ({"hello": 1.0}, greets)]
    model = fit([Row(seen, has) for seen, has in words] * 4, ("asks", "greets"))
    assert model.scores({"pay": 1.0})["asks"] > 0.6 > model.scores({"hello": 1.0})["asks"]
