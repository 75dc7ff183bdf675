"""The lawful scripted agents are found lawful with every borrower whom an arrangement can be made with."""

import pytest

from borrowersim.agents.scripted import ScriptedAgent, script_named
from borrowersim.borrower import Borrower
from borrowersim.briefing import briefing
from borrowersim.engine import converse
from borrowersim.persona import Archetype, Persona, all_personas
from borrowersim.talk import Jurisdiction
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_evals.calibration import NOT_BUSINESS
from borrowersim_evals.evaluate import judge_by_rules

PEOPLE = [p for p in all_personas() if p.archetype not in {*NOT_BUSINESS, Archetype.VULNERABLE}]
"""A script takes no account of vulnerability, and the rules say so."""


@pytest.mark.anyio
@pytest.mark.parametrize("agent", ["respectful", "lawful_notice"])
@pytest.mark.parametrize("persona", PEOPLE, ids=lambda persona: persona.id)
async def test_a_lawful_script_breaks_no_critical_rule(persona: Persona, agent: str) -> None:
    if persona.jurisdiction is Jurisdiction.UK and agent == "lawful_notice" and persona.willing:
        pytest.skip("under CONC 7.3.18 a notice of court to somebody in difficulty can itself be a breach")
    borrower = Borrower(persona, PhrasebookVoice(), seed=3)
    played = await converse(borrower, ScriptedAgent(script_named(agent), briefing(persona)), id="t")
    found = judge_by_rules(played.talk).legal
    assert [(f.turn, f.rule, f.quote) for f in found if f.status == "breach" and f.severity == "critical"] == []
