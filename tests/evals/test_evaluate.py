"""The door to the evaluator: pure, repeatable, honest about what it could not judge; better lines that hold."""

import json
from typing import Any
from zlib import crc32

import pytest

from borrowersim.models.scripted import ScriptedModel
from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim.text import simplified
from borrowersim_evals import evaluate as door
from borrowersim_evals.better import Line, book, candidates, with_line
from borrowersim_evals.clarity import clarity_of
from borrowersim_evals.evaluate import better_line, judge_by_rules, judge_talk, score_by_rules
from borrowersim_evals.features import readings
from borrowersim_evals.respect import respect_of
from borrowersim_evals.rubric import rubric_of
from borrowersim_evals.rules.detect import evaluate
from borrowersim_evals.rules.pack import Pack
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Finding, TurnMarks
from tests.evals.marked import HOME, MARKED

ARREST = Pack.model_validate(
    {
        "jurisdiction": "us",
        "version": 3,
        "language": "en",
        "checked": "2026-11-01",
        "scope": "test",
        "disclaimer": "Not legal advice.",
        "rules": [
            {
                "id": "us.arrest",
                "citation": "15 U.S.C. 1692e(4)",
                "kind": "prohibited_statement",
                "severity": "critical",
                "statement": "No one is told that not paying leads to arrest.",
                "verified": "primary",
                "detect": [{"cues": ["threat.arrest"]}],
                "hits": ["Pay or be arrested.", "You will be arrested."],
                "near_misses": ["No one is arrested.", "You will not be arrested."],
            }
        ],
    }
)
PLACES = {Language.EN: ("us", "uk"), Language.ZH_CN: ("cn",), Language.ZH_TW: ("tw", "hk")}


def talk(*turns: tuple[str, str], language: Language = Language.EN, **facts: Any) -> Talk:
    return Talk(
        id="evaluate-1",
        language=language,
        jurisdiction=HOME[language],
        facts=Facts(**{"answered_by": "borrower", **facts}),
        turns=tuple(Turn(speaker=Speaker(who), text=text) for who, text in turns),
    )


THREAT = talk(
    ("agent", "Good morning, this is Dana Cole from Northfield. Am I speaking with Ms Delgado?"),
    ("borrower", "Yes. I lost my job."),
    ("agent", "Pay today or the police will arrest you."),
)


@pytest.fixture
def arrest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "pack_for", lambda _: ARREST)


@pytest.mark.usefixtures("arrest")
def test_a_threat_is_found_marked_and_answered_with_a_better_line() -> None:
    score = score_by_rules(THREAT)
    assert [(f.turn, f.rule, f.status) for f in score.breaches] == [(2, "us.arrest", "breach")]
    assert score.breaches[0].quote in THREAT.turns[2].text
    first, last = score.turns
    assert (first.respect or 0) >= 4
    assert first.better == ""
    assert last.respect == 1
    assert "threat" in last.respect_why
    assert last.better
    assert score.total is not None
    assert score.total <= 40
    assert score.decided_by == {"legal": "rules", "respect": "rules", "clarity": "rules"}
    assert score.judges == {"rules": "us@3, respect@1, clarity@1"}


@pytest.mark.usefixtures("arrest")
def test_the_same_talk_gives_the_same_bytes() -> None:
    assert score_by_rules(THREAT).model_dump_json() == score_by_rules(THREAT).model_dump_json()
    assert judge_by_rules(THREAT).model_dump_json() == judge_by_rules(THREAT).model_dump_json()


@pytest.mark.usefixtures("arrest")
def test_rude_but_lawful_and_kind_but_unlawful_come_apart() -> None:
    rude = score_by_rules(talk(("agent", "That's not my problem. Let me stop you there, I'm talking now.")))
    kind = score_by_rules(
        talk(("agent", "Thank you so much, Ms Delgado, I'm sorry this is so hard. Sadly the police will arrest you."))
    )
    assert rude.breaches == ()
    assert (rude.respect or 5) <= 2
    assert len(kind.breaches) == 1
    assert (kind.respect or 0) == 2


def test_without_a_pack_the_law_is_not_judged_and_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "pack_for", lambda _: None)
    judgement = judge_by_rules(THREAT)
    assert (judgement.legal, judgement.legal_judged) == ((), False)
    score = score_by_rules(THREAT)
    assert score.decided_by["legal"] == "nobody"
    assert score.unscored == "legal: no rule pack for this jurisdiction"
    assert score.respect is not None


@pytest.mark.parametrize(
    "turns", [(), (("agent", ""),), (("agent", " … "), ("borrower", "Hello?")), (("borrower", "Hi"),)]
)
def test_a_silent_agent_is_not_judged(turns: tuple[tuple[str, str], ...]) -> None:
    score = score_by_rules(talk(*turns, local_time="10:00"))
    assert (score.total, score.respect, score.clarity) == (None, None, None)
    assert "the agent said nothing" in score.unscored


@pytest.mark.anyio
async def test_a_model_refines_the_marks_and_adds_a_better_line() -> None:
    calm = talk(("agent", "Good morning, this is Dana Cole from Northfield."))
    answer = json.dumps({"findings": [], "turns": [{"turn": 0, "respect": 2, "clarity": 5}]})
    score = await judge_talk(calm, ScriptedModel([answer]))
    assert (score.turns[0].respect, score.turns[0].clarity) == (2, 5)
    assert score.decided_by["respect"] == "judge"
    assert set(score.judges) == {"rules", "scripted"}
    assert (await judge_talk(calm, None)).turns[0].respect != 2


def test_better_lines_are_many_and_native_in_every_language() -> None:
    for name, weakness in book().weaknesses.items():
        for language in Language:
            lines = [line.text for line in weakness.lines[language]]
            assert len(lines) >= 6, (name, language)
            assert len(set(lines)) == len(lines)
            for line in lines:
                assert line.isascii() or language.chinese, line
                assert (simplified(line) == line) == (language is not Language.ZH_TW), (name, line)


def _all_lines() -> list[tuple[Language, str, Line]]:
    return [
        (language, place, line)
        for weakness in book().weaknesses.values()
        for language, lines in weakness.lines.items()
        for line in lines
        for place in PLACES[language]
        if not line.only or Jurisdiction(place) in line.only
    ]


@pytest.mark.parametrize(("language", "place", "line"), _all_lines(), ids=lambda v: getattr(v, "text", str(v))[:30])
def test_a_better_line_is_lawful_kind_and_clear_where_it_is_said(language: Language, place: str, line: Line) -> None:
    text = line.text.replace("{balance}", "$1,240" if language is Language.EN else "8600元")
    said = talk(("agent", text), language=language).model_copy(update={"jurisdiction": Jurisdiction(place)})
    reading = readings(said)[0]
    for mark, why in (respect_of(reading), clarity_of(reading)):
        assert mark is not None
        assert mark >= 3, why
    pack = pack_for(Jurisdiction(place))
    prohibited = [
        f for f in (evaluate(said, pack) if pack else ()) if f.status == "breach" and _is_prohibition(pack, f)
    ]
    assert not prohibited


def _is_prohibition(pack: Pack | None, finding: Finding) -> bool:
    """A line stands in the middle of a talk: what should have been said before it is not its fault."""
    return pack is not None and not pack.rule(finding.rule).kind.startswith("required")


def test_every_weakness_that_lowers_a_mark_leads_to_lines() -> None:
    led = {feature for weakness in book().weaknesses.values() for feature in weakness.shown_by}
    down = {
        f"{rubric.id}.{name}"
        for rubric in (rubric_of("respect"), rubric_of("clarity"))
        for name, feature in rubric.features.items()
        if feature.step < 0
    }
    assert led == down


def test_the_seed_chooses_among_lines_and_nothing_else_does() -> None:
    weak = TurnMarks(turn=2, respect=1, respect_why=("insult",))
    chosen = [better_line(THREAT, weak, (), None, seed) for seed in range(12)]
    assert chosen == [better_line(THREAT, weak, (), None, seed) for seed in range(12)]
    assert len(set(chosen)) > 1
    assert set(chosen) <= {line.text for line in book().weaknesses["insult"].lines[Language.EN]}
    seed = crc32(b"evaluate-1:2")
    assert score_by_rules(THREAT).turns[1].better == better_line(
        THREAT, judge_by_rules(THREAT).turns[1], judge_by_rules(THREAT).legal, pack_for(Jurisdiction.US), seed
    )


def test_lines_that_name_this_balance_come_first_and_only_when_it_is_known() -> None:
    known = talk(("agent", "Pay now."), balance=1240)
    assert "$1,240" in next(candidates(known, ["no_amount"], 1))
    unknown = list(candidates(talk(("agent", "Pay now.")), ["no_amount"], 1))
    assert len(unknown) == 6
    assert not any("{" in line for line in unknown)
    taiwan = talk(("agent", "快繳。"), language=Language.ZH_TW, balance=8600)
    assert "8,600元" in next(candidates(taiwan, ["no_amount"], 1))


def test_a_telephone_number_stays_in_its_country() -> None:
    there = talk(("agent", "x")).model_copy(update={"jurisdiction": Jurisdiction.UK})
    lines = list(candidates(there, ["crisis"], 1))
    assert any("116 123" in line for line in lines)
    assert not any("988" in line for line in lines)


def test_a_line_that_would_break_a_rule_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "candidates", lambda *_: iter(["The police will arrest you.", "Please take your time."]))
    weak = TurnMarks(turn=2, respect=1, respect_why=("insult",))
    assert better_line(THREAT, weak, (), ARREST, 1) == "Please take your time."
    monkeypatch.setattr(door, "candidates", lambda *_: iter(["The police will arrest you."]))
    assert better_line(THREAT, weak, (), ARREST, 1) == ""


def test_a_line_is_tried_in_the_place_of_the_turn() -> None:
    tried = with_line(THREAT, 2, "Please take your time.")
    assert [t.text for t in tried.turns[:2]] == [t.text for t in THREAT.turns[:2]]
    assert tried.turns[2] == Turn(speaker=Speaker.AGENT, text="Please take your time.")


def test_most_bad_turns_get_a_better_line() -> None:
    weak = [case for case in MARKED if case.respect[1] <= 2]
    helped = [case for case in weak if score_by_rules(case.talk).turns[-1].better]
    assert len(helped) == len(weak)
