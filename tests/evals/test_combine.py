"""Two judgements into one score: who may add, who may not take away, what the total is."""

import json

import pytest

from borrowersim.models.base import Usage
from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.combine import combine, legal_points, total
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.verdict import Finding, Judgement, Severity, TurnMarks

TALK = Talk(
    id="combine-1",
    language=Language.EN,
    jurisdiction=Jurisdiction.US,
    facts=Facts(answered_by="borrower"),
    turns=(
        Turn(speaker=Speaker.AGENT, text="Good morning, my name is Dana Cole from Northfield."),
        Turn(speaker=Speaker.BORROWER, text="Yes?"),
        Turn(speaker=Speaker.AGENT, text="Would you like to hear the options?"),
    ),
)


def found(
    rule: str, turn: int = 2, severity: Severity = "major", *, judge: bool = False, doubt: bool = False
) -> Finding:
    return Finding(
        turn=turn,
        rule=rule,
        status="cannot_tell" if doubt else "breach",
        severity=severity,
        quote="the options",
        citation="A law",
        source="judge" if judge else "rules",
    )


def rules(*legal: Finding, respect: int | None = 4, clarity: int | None = 4, judged: bool = True) -> Judgement:
    turns = tuple(TurnMarks(turn=turn, respect=respect, clarity=clarity, respect_why=("greeting",)) for turn in (0, 2))
    return Judgement(judge="rules", version="us@1", legal=legal, turns=turns, legal_judged=judged)


def model(*legal: Finding, marks: tuple[tuple[int, int | None, int | None], ...] = (), **more: object) -> Judgement:
    turns = tuple(TurnMarks(turn=turn, respect=respect, clarity=clarity) for turn, respect, clarity in marks)
    fields = {"judge": "scripted", "version": "1", "legal": legal, "turns": turns, **more}
    return Judgement.model_validate(fields)


@pytest.mark.parametrize(
    ("by_rules", "by_model", "status", "source"),
    [
        (found("us.a"), None, "breach", "rules"),
        (found("us.a"), found("us.a", judge=True, doubt=True), "breach", "rules"),
        (found("us.a", doubt=True), found("us.a", judge=True), "breach", "judge"),
        (found("us.a", doubt=True), found("us.a", judge=True, doubt=True), "cannot_tell", "rules"),
        (found("us.a", doubt=True), None, "cannot_tell", "rules"),
        (None, found("us.a", judge=True), "breach", "judge"),
        (None, found("us.a", judge=True, doubt=True), "cannot_tell", "judge"),
        (found("us.a"), found("us.a", judge=True), "breach", "rules"),
    ],
)
def test_one_turn_and_rule_gives_one_finding(
    by_rules: Finding | None, by_model: Finding | None, status: str, source: str
) -> None:
    score = combine(TALK, rules(*filter(None, [by_rules])), model(*filter(None, [by_model]), marks=((2, 4, 4),)))
    assert [(f.status, f.source) for f in score.legal] == [(status, source)]


def test_findings_come_by_turn_and_the_gravest_first() -> None:
    score = combine(
        TALK,
        rules(found("us.b", severity="minor"), found("us.z", turn=0)),
        model(found("us.c", severity="critical", judge=True), marks=((0, 3, 3),)),
    )
    assert [f.rule for f in score.legal] == ["us.z", "us.c", "us.b"]
    assert score.decided_by == {"legal": "rules+judge", "respect": "rules+judge", "clarity": "rules+judge"}


def test_a_mark_is_the_models_where_it_gave_one() -> None:
    score = combine(TALK, rules(respect=4, clarity=4), model(marks=((0, 2, None), (2, 3, 5))))
    assert [(t.turn, t.respect, t.clarity) for t in score.turns] == [(0, 2, 4), (2, 3, 5)]
    assert score.decided_by == {"legal": "rules+judge", "respect": "judge", "clarity": "rules+judge"}
    assert score.respect == pytest.approx(0.6 * 2.5 + 0.4 * 2)
    assert score.turns[0].respect_why == ("greeting",)


def test_a_model_that_failed_leaves_the_rules_and_says_so() -> None:
    why = f"{UNREACHED}: nothing answers on an illegal port"
    score = combine(TALK, rules(), model(unscored=why, legal_judged=False, usage=Usage(calls=1)))
    assert score.decided_by == {"legal": "rules", "respect": "rules", "clarity": "rules"}
    assert score.unscored == f"judge: {UNREACHED}"
    assert score.notes == (f"scripted: {why}",)
    assert score.usage.calls == 1
    assert score.total == total((), 4.0, 4.0)


def test_refused_parts_and_rules_left_out_are_told() -> None:
    score = combine(TALK, rules(), model(marks=((0, 3, 3),), dropped=2, left_out=5))
    assert score.notes == (
        "scripted: 2 parts of the answer were refused",
        "scripted: 5 rules did not fit into the prompt",
    )
    assert score.unscored == ""


def test_nothing_judged_is_no_total() -> None:
    silent = Judgement(judge="rules", version="1", legal_judged=False, unscored="the agent said nothing")
    score = combine(TALK.model_copy(update={"turns": ()}), silent, None)
    assert (score.total, score.respect, score.clarity) == (None, None, None)
    assert score.decided_by == {"legal": "nobody", "respect": "nobody", "clarity": "nobody"}
    assert score.unscored == "legal: the agent said nothing; respect: no turn to judge; clarity: no turn to judge"


def test_without_a_judgement_of_the_law_there_is_no_total() -> None:
    score = combine(TALK, rules(judged=False), None)
    assert score.decided_by["legal"] == "nobody"
    assert score.unscored.startswith("legal: no rule pack")
    assert score.total is None


@pytest.mark.parametrize(
    ("legal", "respect", "clarity", "expected"),
    [
        ((), 5.0, 5.0, 100.0),
        ((), 1.0, 1.0, 40.0),
        ((), 3.0, 3.0, 70.0),
        ((found("us.a", severity="minor"),), 5.0, 5.0, 96.0),
        ((found("us.a", severity="major"),), 5.0, 5.0, 70.0),
        ((found("us.a", severity="critical"),), 5.0, 5.0, 40.0),
        ((found("us.a", severity="critical", doubt=True),), 5.0, 5.0, 100.0),
        ((found("us.a", severity="critical"), found("us.b", severity="critical")), 1.0, 1.0, 16.0),
        (tuple(found("us.a", turn=i, severity="critical") for i in range(3)), 1.0, 1.0, 0.0),
        ((), None, 5.0, 100.0),
        ((), None, None, 100.0),
        (None, 3.0, None, None),
        (None, None, None, None),
    ],
)
def test_the_total(
    legal: tuple[Finding, ...] | None, respect: float | None, clarity: float | None, expected: float | None
) -> None:
    assert total(legal, respect, clarity) == expected


def test_one_sentence_that_breaks_four_laws_is_one_sentence() -> None:
    four = [found(f"us.{name}", severity="major") for name in "abcd"]
    assert legal_points(four) == 70.0
    assert legal_points([*four, found("us.a", turn=0, severity="minor")]) == 60.0


def test_the_json_has_the_agreed_keys_first() -> None:
    score = combine(TALK, rules(found("us.a")), None)
    document = json.loads(score.model_dump_json())
    assert list(document)[:6] == ["id", "legal", "turns", "respect", "clarity", "total"]
    assert list(document["legal"][0])[:7] == ["turn", "rule", "status", "severity", "quote", "citation", "source"]
    assert list(document["turns"][0])[:3] == ["turn", "respect", "clarity"]
    assert "\n" not in score.model_dump_json()
