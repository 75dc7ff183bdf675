"""What stands in the way of collecting is said, respected, or ends the call."""

import pytest

from borrowersim import Borrower, Ending, converse, persona_named
from borrowersim.acts import BorrowerAct
from borrowersim.agents.scripted import ScriptedAgent, script_named
from borrowersim.briefing import briefing
from borrowersim.persona import Archetype, Persona, all_personas
from borrowersim.record import Played
from borrowersim.voices.book import PhrasebookVoice

pytestmark = pytest.mark.anyio
Act = BorrowerAct
STATED = {
    Archetype.WRONG_PERSON: Act.WRONG_PERSON,
    Archetype.THIRD_PARTY: Act.THIRD_PARTY,
    Archetype.REPRESENTED: Act.STATES_LAWYER,
    Archetype.BANKRUPT: Act.STATES_BANKRUPTCY,
    Archetype.IDENTITY_THEFT: Act.STATES_IDENTITY_THEFT,
    Archetype.CEASE_CONTACT: Act.STATES_CEASE,
    Archetype.CRISIS: Act.SIGNALS_CRISIS,
    Archetype.ANGRY_DISPUTER: Act.DISPUTES,
    Archetype.DEBT_RELIEF_COACHED: Act.QUOTES_RULES,
}
GOOD = {
    Archetype.WRONG_PERSON: {Ending.AGENT_CLOSED},
    Archetype.THIRD_PARTY: {Ending.AGENT_CLOSED},
    Archetype.REPRESENTED: {Ending.REFERRED},
    Archetype.BANKRUPT: {Ending.REFERRED},
    Archetype.IDENTITY_THEFT: {Ending.DISPUTED},
    Archetype.CEASE_CONTACT: {Ending.CEASED},
    Archetype.CRISIS: {Ending.CRISIS},
}


def people(*archetypes: Archetype) -> list[Persona]:
    return [persona for persona in all_personas() if persona.archetype in archetypes]


async def play(persona: Persona, agent: str, seed: int = 1) -> Played:
    borrower = Borrower(persona, PhrasebookVoice(), seed=seed)
    return await converse(borrower, ScriptedAgent(script_named(agent), briefing(persona)), id="t", max_turns=16)


@pytest.mark.parametrize("persona", people(*STATED), ids=lambda p: p.id)
async def test_it_is_said(persona: Persona) -> None:
    played = await play(persona, "skilled")
    assert STATED[persona.archetype] in {moment.act for moment in played.moments}


@pytest.mark.parametrize("persona", people(*GOOD), ids=lambda p: p.id)
async def test_an_agent_who_respects_it_comes_to_the_right_ending(persona: Persona) -> None:
    assert (await play(persona, "skilled")).ending in GOOD[persona.archetype]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("persona", people(*GOOD), ids=lambda p: p.id)
async def test_an_agent_who_presses_on_gets_nothing(persona: Persona, seed: int) -> None:
    played = await play(persona, "threatening", seed)
    assert not played.ending.settled
    assert played.plan is None or played.ending is Ending.FAKE_PROMISE


@pytest.mark.parametrize("persona", people(Archetype.WRONG_PERSON, Archetype.THIRD_PARTY), ids=lambda p: p.id)
async def test_who_owes_nothing_tells_nothing(persona: Persona) -> None:
    for agent in ("skilled", "pushy"):
        played = await play(persona, agent)
        assert all(moment.hidden.told == () for moment in played.moments)


def test_every_archetype_is_there_in_every_language() -> None:
    for language in {persona.language for persona in all_personas()}:
        assert {p.archetype for p in all_personas() if p.language is language} == set(Archetype)


async def test_a_dispute_bars_a_plan_until_it_is_taken_up() -> None:
    for persona in people(Archetype.ANGRY_DISPUTER):
        played = await play(persona, "respectful")
        taken_up = [m for m in played.moments if m.hidden.dispute == "acknowledged"]
        assert not played.ending.settled or taken_up


def test_the_wrong_persons_case_file_names_somebody_else() -> None:
    for persona in people(Archetype.WRONG_PERSON):
        assert briefing(persona).name == persona.addressed
    assert briefing(persona_named("us-maria-delgado")).name == "Maria Delgado"


@pytest.mark.parametrize("persona", people(Archetype.VULNERABLE), ids=lambda p: p.id)
async def test_a_vulnerable_person_asked_only_to_pay_makes_no_real_arrangement(persona: Persona) -> None:
    for agent in ("pushy", "threatening"):
        assert not (await play(persona, agent)).ending.settled
