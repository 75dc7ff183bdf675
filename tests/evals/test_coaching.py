"""Better lines in a model's words: shown only when the rules find nothing in them."""

import json

import pytest

from borrowersim.errors import ServiceDown
from borrowersim.models.scripted import ScriptedModel
from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.coaching import coached
from borrowersim_evals.evaluate import score_by_rules

pytestmark = pytest.mark.anyio

TALK = Talk(
    id="coach-1",
    language=Language.EN,
    jurisdiction=Jurisdiction.US,
    facts=Facts(collector_type="agency", answered_by="borrower", first_contact=False, channel="phone"),
    turns=(
        Turn(speaker=Speaker.AGENT, text="Good morning, I am Dana, a debt collector with Northfield. Is this Maria?"),
        Turn(speaker=Speaker.BORROWER, text="Yes. My hours were cut, I can't pay it all."),
        Turn(speaker=Speaker.AGENT, text="Not my problem. Pay today or the police will come and arrest you."),
    ),
)
GOOD = "I'm sorry to hear your hours were cut. What could you manage each month without missing rent or food?"


def answer(*lines: tuple[int, str]) -> ScriptedModel:
    return ScriptedModel([json.dumps({"lines": [{"turn": turn, "line": line} for turn, line in lines]})])


async def test_a_fit_line_takes_the_place_of_the_curated_one() -> None:
    score = score_by_rules(TALK)
    model = answer((2, GOOD))
    better = await coached(TALK, score, model)
    assert {turn.turn: turn.better for turn in better.turns}[2] == GOOD
    assert better.usage.calls == 1
    assert better.legal == score.legal
    assert "police" in model.prompts[0][-1].content


@pytest.mark.parametrize(
    "line",
    ["Pay now or you will be arrested.", "Shut up and pay, you deadbeat.", "我们很理解您的难处。", "x" * 500, "   "],
)
async def test_an_unfit_line_is_refused_and_the_curated_one_stays(line: str) -> None:
    score = score_by_rules(TALK)
    better = await coached(TALK, score, answer((2, line)))
    assert better.turns == score.turns
    assert "refused" in better.notes[-1]


async def test_turns_that_were_not_asked_about_are_left_alone() -> None:
    score = score_by_rules(TALK)
    assert (await coached(TALK, score, answer((0, GOOD), (7, GOOD)))).turns == score.turns


@pytest.mark.parametrize("said", [ServiceDown("gone"), "no JSON here", '{"lines": 3}'])
async def test_without_an_answer_everything_stays(said: str | Exception) -> None:
    score = score_by_rules(TALK)
    better = await coached(TALK, score, ScriptedModel([said]))
    assert better.turns == score.turns
    assert "no better lines" in better.notes[-1]


async def test_a_talk_without_weak_turns_costs_no_call() -> None:
    clean = TALK.model_copy(update={"turns": TALK.turns[:2]})
    score = score_by_rules(clean)
    assert await coached(clean, score, ScriptedModel([])) == score
