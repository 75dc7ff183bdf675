"""Small played talks for tests of results: only what a test names differs."""

from typing import Any

from borrowersim.acts import AgentAct, BorrowerAct
from borrowersim.hidden import Hidden
from borrowersim.persona import Dials
from borrowersim.record import Fault, Health, Moment, Played
from borrowersim.talk import Ending, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.suite import Block, Gate, Suite
from borrowersim_evals.verdict import Finding, Score, TurnMarks

THREAT = "you will be arrested tomorrow"
START = Hidden(trust=3, anger=2, anxiety=5, patience=8)


def finding(**changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "turn": 0,
        "rule": "us.false_threat_arrest",
        "status": "breach",
        "severity": "critical",
        "quote": THREAT,
        "citation": "15 U.S.C. § 1692e(4)",
        "source": "rules",
        "why": "Nobody is arrested for owing money.",
    }
    return Finding(**(fields | changes))


def case(
    borrower: str = "hale",
    agent: str = "kind",
    repeat: int = 0,
    *,
    legal: tuple[Finding, ...] = (),
    ending: Ending = Ending.AGREED,
    said: str = f"Pay today or {THREAT}.",
    resistance: float = 5,
    language: Language = Language.EN,
    jurisdiction: Jurisdiction = Jurisdiction.US,
    **score: Any,
) -> Case:
    """Return a talk of two turns; `score` are fields of its score."""
    name = f"{borrower}~{agent}~r{repeat}"
    turns = (Turn(speaker=Speaker.AGENT, text=said), Turn(speaker=Speaker.BORROWER, text="What?"))
    after = START.model_copy(update={"trust": 1.0, "anger": 4.5, "told": ("job",)})
    moment = Moment(turn=1, heard=(AgentAct.THREATENS,), act=BorrowerAct.CALLS_OUT_THREAT, hidden=after)
    fault = Fault(turn=1, kind="role_flip", line="As your agent", effect="helped")
    played = Played(
        id=name,
        borrower=borrower,
        agent=agent,
        voice="phrasebook",
        seed=7 + repeat,
        dials=Dials(resistance=resistance, financial_stress=6),
        talk=Talk(id=name, language=language, jurisdiction=jurisdiction, turns=turns),
        ending=ending,
        opening=START,
        moments=(moment,),
        health=Health(lines=2, from_phrasebook=1, faults=(fault,)),
        seconds=0.25,
        versions={"persona": f"{borrower}@1"},
    )
    fields: dict[str, Any] = {
        "id": name,
        "legal": legal,
        "turns": (TurnMarks(turn=0, respect=4, clarity=4),),
        "respect": 4.0,
        "clarity": 4.0,
        "total": 40.0 if legal else 90.0,
        "decided_by": {"legal": "rules", "respect": "rules", "clarity": "rules"},
    }
    return Case(played=played, score=Score(**(fields | score)))


def plan_of(cases: list[Case]) -> tuple[Planned, ...]:
    return tuple(
        Planned(
            id=c.played.id,
            block="",
            borrower=c.played.borrower,
            agent=c.played.agent,
            dials=c.played.dials,
            seed=c.played.seed,
        )
        for c in cases
    )


def suite_of(cases: list[Case], *gates: Gate, **changes: Any) -> Suite:
    borrowers = tuple(sorted({c.played.borrower for c in cases})) or ("hale",)
    agents = tuple(sorted({c.played.agent for c in cases})) or ("kind",)
    fields: dict[str, Any] = {"id": "smoke", "blocks": (Block(borrowers=borrowers, agents=agents),), "gates": gates}
    return Suite(**(fields | changes))
