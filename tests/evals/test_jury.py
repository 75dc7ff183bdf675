"""Juries: what a majority decides, and what it takes to be one."""

import json

import pytest

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.models.scripted import ScriptedModel
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_app.build import Services, judge_named
from borrowersim_app.settings import Settings
from borrowersim_evals.evaluate import judge_talk
from borrowersim_evals.jury import Jury, majority
from borrowersim_evals.verdict import Finding, Judgement, TurnMarks

pytestmark = pytest.mark.anyio

TALK = Talk(
    id="jury-1",
    language=Language.EN,
    jurisdiction=Jurisdiction.US,
    turns=(
        Turn(speaker=Speaker.AGENT, text="Good morning, is this Maria Delgado?"),
        Turn(speaker=Speaker.BORROWER, text="Yes."),
        Turn(speaker=Speaker.AGENT, text="Pay today or the police will come for you."),
    ),
)


def found(rule: str = "us.x", status: str = "breach", turn: int = 2) -> Finding:
    return Finding.model_validate(
        {
            "turn": turn,
            "rule": rule,
            "status": status,
            "severity": "major",
            "quote": "Pay today",
            "citation": "c",
            "source": "judge",
        }
    )


def said(*legal: Finding, respect: int | None = 3, clarity: int | None = 3, unscored: str = "") -> Judgement:
    turns = () if unscored else (TurnMarks(turn=2, respect=respect, clarity=clarity),)
    return Judgement(judge="m", version="v", legal=legal, turns=turns, unscored=unscored, legal_judged=not unscored)


def test_a_finding_stands_when_more_than_half_made_it() -> None:
    assert majority("j", [said(found()), said(found()), said()]).legal == (found(),)
    assert majority("j", [said(found()), said()]).legal == ()
    assert majority("j", [said(found()), said(), said()]).legal == ()


def test_a_breach_needs_more_who_are_sure_than_who_doubt() -> None:
    doubt = found(status="cannot_tell")
    assert majority("j", [said(found()), said(doubt), said(doubt)]).legal == (doubt,)
    assert majority("j", [said(found()), said(found()), said(doubt)]).legal == (found(),)


def test_marks_are_the_median_and_the_lower_one_of_two() -> None:
    marks = majority("j", [said(respect=1), said(respect=4), said(respect=5, clarity=None)]).turns[0]
    assert (marks.respect, marks.clarity) == (4, 3)
    assert majority("j", [said(respect=2), said(respect=5)]).turns[0].respect == 2


def test_half_a_jury_is_none() -> None:
    silent = said(unscored="it said nothing")
    assert majority("j", [said(found()), silent]).unscored == "it said nothing"
    heard = majority("j", [said(found()), said(found()), silent])
    assert (heard.unscored, len(heard.legal)) == ("", 1)


async def test_jurors_judge_apart_each_with_its_own_seed() -> None:
    answer = {"findings": [], "turns": [{"turn": t, "seen": "", "respect": 2, "clarity": 4} for t in (0, 2)]}
    model = ScriptedModel([json.dumps(answer)] * 3)
    score = await judge_talk(TALK, Jury((model,) * 3))
    assert [turn.respect for turn in score.turns] == [2, 2]
    assert score.usage.calls == 3
    assert sorted(ask.seed for ask in model.asks) == [0, 1, 2]


async def test_a_juror_that_is_down_leaves_the_others() -> None:
    answer = json.dumps(
        {"findings": [], "turns": [{"turn": t, "seen": "", "respect": 2, "clarity": 4} for t in (0, 2)]}
    )
    down = ScriptedModel([ServiceDown("gone")])
    score = await judge_talk(TALK, Jury((ScriptedModel([answer]), ScriptedModel([answer]), down)))
    assert score.unscored == ""
    alone = await judge_talk(TALK, Jury((ScriptedModel([answer]), down)))
    assert "judge:" in alone.unscored


def test_a_jury_is_named_by_its_seats() -> None:
    services = Services(Settings(base_url="http://127.0.0.1:9/v1"))
    jury = judge_named("openai/a*2, openai/b", services)
    assert isinstance(jury, Jury)
    assert jury.name == "openai/a*2,openai/b"
    one = judge_named("openai/a", services)
    assert one is not None
    assert one.name == "openai/a"
    for wrong in ("openai/a*0", "openai/a*x", "openai/a*99", "rules,openai/a", "phrasebook"):
        with pytest.raises(UsageError):
            judge_named(wrong, services)
