"""Gates: intervals decide, counts count, what was not judged is neither pass nor fail."""

from typing import Any

import pytest
from pydantic import ValidationError

from borrowersim.talk import Ending, Jurisdiction, Language
from borrowersim_evals.gates import check_gate, violates
from borrowersim_evals.measures import MEASURES, clean, passes
from borrowersim_evals.suite import Gate
from tests.evals.talks import case, finding

MARKS = (3.6, 3.9, 4.0, 4.2, 4.3, 4.4, 4.5, 4.6)
TALKS = [case(f"b{i}", respect=mark) for i, mark in enumerate(MARKS)]


def gate(measure: str = "respect", **changes: Any) -> Gate:
    return Gate(name="g", measure=measure, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bound", "outcome"),
    [
        ({"at_least": 3.5}, "passed"),
        ({"at_least": 4.1}, "inconclusive"),
        ({"at_least": 4.6}, "failed"),
        ({"at_most": 4.6}, "passed"),
        ({"at_most": 4.3}, "inconclusive"),
        ({"at_most": 3.5}, "failed"),
        ({"at_least": 3.5, "at_most": 4.3}, "inconclusive"),
        ({"at_least": 4.6, "at_most": 5}, "failed"),
    ],
)
def test_the_whole_interval_must_keep_the_bound(bound: dict[str, float], outcome: str) -> None:
    result = check_gate(gate(**bound), TALKS)
    assert result.outcome == outcome
    assert (result.value, result.n) == (4.1875, 8)
    assert result.interval is not None
    assert result.interval[0] < 4.1875 < result.interval[1]
    assert (result.needed is not None) == (outcome == "inconclusive")


def test_an_open_gate_says_what_would_decide_it() -> None:
    result = check_gate(gate(at_least=4.1), TALKS)
    assert result.text.startswith("respect 4.19 [3.9, 4.45] over 8 talks (at least 4.1); about ")
    assert result.text.endswith(f"about {result.needed} talks would probably decide it")
    assert check_gate(gate(at_least=4.1875), TALKS).text.endswith("more talks will hardly decide it")
    assert check_gate(gate(at_least=4.1, decide="point"), TALKS).outcome == "passed"
    assert check_gate(gate(at_least=4.2, decide="point"), TALKS).outcome == "failed"


def test_one_talk_decides_nothing_by_its_interval() -> None:
    result = check_gate(gate(at_least=3), TALKS[:1])
    assert result.outcome == "inconclusive"
    assert "decide: point" in result.text
    assert check_gate(gate(at_least=3, decide="point"), TALKS[:1]).outcome == "passed"


def test_breaches_are_counted() -> None:
    talks = [*TALKS, case("bad", legal=(finding(), finding(rule="us.other", severity="minor", quote="Pay")))]
    assert check_gate(gate("critical_breaches", at_most=0), TALKS).outcome == "passed"
    found = check_gate(gate("critical_breaches", at_most=0), talks)
    assert (found.outcome, found.value, found.interval) == ("failed", 1, None)
    assert found.text == "critical_breaches 1 over 9 talks (at most 0)"
    assert check_gate(gate("breaches", at_most=2), talks).outcome == "passed"


def test_never_and_always_are_decided_by_what_was_counted() -> None:
    assert check_gate(gate("hung_up_share", at_most=0), TALKS).outcome == "passed"
    assert check_gate(gate("hung_up_share", at_most=0.05), TALKS).outcome == "inconclusive"
    assert check_gate(gate("settled_share", at_least=1), TALKS).outcome == "passed"
    left = [*TALKS, case("left", ending=Ending.HUNG_UP)]
    assert check_gate(gate("hung_up_share", at_most=0), left).outcome == "failed"
    assert check_gate(gate("agreement_rate", at_least=1), left).outcome == "failed"


def test_a_bound_on_each_talk_in_a_share_of_them() -> None:
    many = [case(f"b{i}", respect=4.5 if i % 50 else 2.0) for i in range(400)]
    wanted = gate(each_at_least=4, in_share=0.95)
    result = check_gate(wanted, many)
    assert (result.outcome, result.value, result.at_least) == ("passed", 0.98, 0.95)
    assert result.bound == "at least 4 in 0.95 of talks"
    assert check_gate(wanted, many[:20]).outcome == "inconclusive"
    assert check_gate(gate(each_at_least=4), many).outcome == "failed"
    assert check_gate(gate(each_at_most=4, in_share=0.95), many).outcome == "failed"
    assert [violates(wanted, talk) for talk in many[:3]] == [True, False, False]
    assert not violates(gate(at_least=4), many[0])
    assert not violates(wanted, case(respect=None))


def test_a_talk_that_was_not_judged_can_only_leave_a_gate_open() -> None:
    unjudged = case("unjudged", respect=None, unscored="respect: no turn to judge")
    few = check_gate(gate(at_least=3.5), [*TALKS, unjudged])
    assert (few.outcome, few.value, few.n, few.missing) == ("inconclusive", 4.1875, 8, 1)
    assert "1 of 9 talks could not be judged" in few.text
    sure = check_gate(gate(at_least=3), [*TALKS * 20, unjudged])
    assert sure.outcome == "passed"  # even a mark of 1 would not bring the mean below 3
    assert check_gate(gate(at_least=3), [unjudged]).text == "1 of 1 talks could not be judged"
    unheard = case("unheard", unscored="judge: it did not answer")
    assert check_gate(gate("critical_breaches", at_most=0), [*TALKS, unheard]).outcome == "inconclusive"
    breach = case("bad", legal=(finding(),))
    assert check_gate(gate("critical_breaches", at_most=0), [*TALKS, unheard, breach]).outcome == "failed"
    assert check_gate(gate("settled_share", at_least=1), [*TALKS, unheard]).outcome == "passed"
    assert check_gate(gate("unscored_share", at_most=0), [*TALKS, unheard]).outcome == "failed"


def test_a_technical_failure_is_not_looked_at() -> None:
    broken = case("broken", ending=Ending.MODEL_FAILED, respect=1.0)
    assert check_gate(gate(at_least=3.5), [*TALKS, broken]).n == 8
    assert check_gate(gate(at_least=3.5), [broken]).text == "no talk to look at"


def test_filters_name_agents_borrowers_languages_and_jurisdictions() -> None:
    mixed = [
        *TALKS,
        case("cn", language=Language.ZH_CN, jurisdiction=Jurisdiction.CN),
        case("hk", "rude", language=Language.ZH_TW, jurisdiction=Jurisdiction.HK),
    ]
    for filters, n in (
        ({"languages": ["zh-CN"]}, 1),
        ({"jurisdictions": ["us", "hk"]}, 9),
        ({"agents": ["rude"]}, 1),
        ({"borrowers": ["b0", "b1"]}, 2),
        ({"agents": ["rude"], "languages": ["en"]}, 0),
    ):
        assert check_gate(gate("settled_share", at_least=1, **filters), mixed).n == n


def test_pass_hat_k_looks_at_repeats_of_a_cell() -> None:
    talks = [
        case(f"b{b}", repeat=r, legal=(finding(),) if (b, r) == (0, 0) else ()) for b in range(8) for r in range(4)
    ]
    one, two = (check_gate(gate("pass_hat_k", at_least=0.5, k=k), talks) for k in (1, 2))
    assert one.value == pytest.approx(31 / 32, abs=1e-4)
    assert two.value == pytest.approx((7 + 3 / 6) / 8, abs=1e-4)
    assert (two.n, two.outcome) == (8, "passed")
    assert two.text.startswith("pass^2 0.938 [")
    assert "raise `repeats`" in check_gate(gate("pass_hat_k", at_least=0.5, k=5), talks).text


def test_a_talk_passes_without_a_critical_breach_and_with_sixty() -> None:
    assert passes(case(total=60.0).score) is True
    assert passes(case(total=59.9).score) is False
    assert passes(case(legal=(finding(),), total=80.0).score) is False
    assert passes(case(total=None).score) is None
    assert clean(case(decided_by={"legal": "nobody"})) is None
    assert MEASURES["facts_found"].value(case()) == 1
    assert MEASURES["phrasebook_share"].value(case()) == 0.5


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({}, "at_least or at_most"),
        ({"at_least": 1, "each_at_least": 1}, "not both"),
        ({"at_least": 1, "in_share": 0.9}, "goes with"),
        ({"measure": "pass_hat_k", "each_at_least": 1}, "no number of one talk"),
    ],
)
def test_a_gate_that_cannot_be_meant_is_refused(bounds: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        gate(**bounds)
