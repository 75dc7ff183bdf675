"""The weights that are shipped were fitted on the labels that are shipped."""

import pytest

from borrowersim.orders import order_classifier
from borrowersim.perception.learned import classifier
from borrowersim.spoken import line_classifier
from borrowersim.talk import Language
from borrowersim_evals.labelled import load_labels, shipped_files
from borrowersim_evals.marks import mark_classifier
from borrowersim_evals.rules.kinds import kind_classifier
from borrowersim_evals.training import acts, kinds, lines, marks, orders
from borrowersim_evals.training.acts import tuned
from borrowersim_evals.training.fit import LANGUAGES, Row, fit

FITTED = {
    "acts": (classifier, acts.digest),
    "kinds": (kind_classifier, kinds.digest),
    "lines": (line_classifier, lines.digest),
    "marks": (mark_classifier, marks.digest),
    "orders": (order_classifier, orders.digest),
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


def test_rare_features_may_be_worth_more_and_none_is_left_out() -> None:
    pytest.importorskip("sklearn")
    common, rare, other = {"please": 1.0, "jail": 1.0}, {"please": 1.0, "bailiff": 1.0}, {"please": 1.0, "plan": 1.0}
    bad = frozenset({"bad"})
    turns = [Row(common, bad)] * 6 + [Row(rare, bad)] * 2 + [Row(other, frozenset())] * 8
    model = fit(turns, ("bad",), rarity=2.0)
    assert model.features == ("bailiff", "jail", "plan", "please")
    assert model.worth is not None
    bailiff, jail, _, please = model.worth
    assert bailiff > jail > please == pytest.approx(1.0)
    assert model.scores(rare)["bad"] > 0.5 > model.scores(other)["bad"]


def test_a_part_of_a_row_teaches_and_is_not_counted() -> None:
    pytest.importorskip("sklearn")
    bad = frozenset({"bad"})
    turns = [Row({"thanks": 1.0, "jail": 1.0}, bad)] * 4 + [Row({"hello": 1.0, "plan": 1.0}, frozenset())] * 4
    parts = [Row({"thanks": 1.0, "once": 1.0}, frozenset(), part=True)] * 4
    without, model = fit(turns, ("bad",), rarity=1.0), fit([*turns, *parts], ("bad",), rarity=1.0)
    assert model.features == without.features
    assert model.scores({"thanks": 1.0})["bad"] < without.scores({"thanks": 1.0})["bad"]


def test_each_sentence_of_a_lawful_turn_is_learnt_as_lawful_and_none_of_an_unlawful_one() -> None:
    text, en = "Thank you for calling. The balance is $60.", Language.EN
    whole, *sentences = kinds.rows_of_turn(text, frozenset(), en, frozenset())
    assert not whole.part
    assert [(row.part, row.has, row.weight) for row in sentences] == [(True, frozenset(), kinds.BY_ITSELF)] * 2
    assert len(list(kinds.rows_of_turn(text, frozenset(), en, frozenset({"unlawful"})))) == 1
    assert len(list(kinds.rows_of_turn("Thank you.", frozenset(), en, frozenset()))) == 1
