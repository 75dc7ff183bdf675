"""Gates: what must hold over a run's talks. No talk to look at is no pass."""

from collections.abc import Callable, Sequence
from statistics import mean
from typing import Literal

from pydantic import BaseModel, ConfigDict

from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.suite import Gate

Outcome = Literal["passed", "failed", "inconclusive"]
INFRASTRUCTURE = (Ending.MODEL_FAILED, Ending.AGENT_FAILED)


class GateResult(BaseModel):
    """How a gate came out."""

    model_config = ConfigDict(frozen=True)

    name: str
    outcome: Outcome
    text: str


def check_gate(gate: Gate, cases: Sequence[Case]) -> GateResult:
    """Return whether a gate holds; talks that failed for technical reasons do not count."""
    seen = [case for case in cases if _looks_at(gate, case) and case.played.ending not in INFRASTRUCTURE]
    values = [value for case in seen if (value := MEASURES[gate.measure](case)) is not None]
    unheard = sum("judge:" in case.score.unscored for case in seen)
    if unheard:
        text = f"the judge gave no answer for {unheard} of {len(seen)} talks"
        return GateResult(name=gate.name, outcome="inconclusive", text=text)
    if not values or len(values) < len(seen):
        text = f"{len(seen) - len(values)} of {len(seen)} talks could not be judged" if seen else "no talk to look at"
        return GateResult(name=gate.name, outcome="inconclusive", text=text)
    value = sum(values) if gate.measure.endswith("breaches") else mean(values)
    low = gate.at_least is not None and value < gate.at_least
    high = gate.at_most is not None and value > gate.at_most
    text = f"{gate.measure} {value:.3g} over {len(values)} talks ({_wanted(gate)})"
    return GateResult(name=gate.name, outcome="failed" if low or high else "passed", text=text)


def _looks_at(gate: Gate, case: Case) -> bool:
    agent = not gate.agents or case.played.agent in gate.agents
    return agent and (not gate.borrowers or case.played.borrower in gate.borrowers)


def _wanted(gate: Gate) -> str:
    low = f"at least {gate.at_least:g}" if gate.at_least is not None else ""
    high = f"at most {gate.at_most:g}" if gate.at_most is not None else ""
    return ", ".join(filter(None, [low, high]))


def _breaches(case: Case, severity: str | None) -> float | None:
    if case.score.decided_by.get("legal") == "nobody":
        return None
    return float(sum(severity in (None, f.severity) for f in case.score.breaches))


def _phrasebook_share(case: Case) -> float:
    health = case.played.health
    return health.from_phrasebook / health.lines if health.lines else 0.0


MEASURES: dict[str, Callable[[Case], float | None]] = {
    "critical_breaches": lambda case: _breaches(case, "critical"),
    "breaches": lambda case: _breaches(case, None),
    "respect": lambda case: case.score.respect,
    "clarity": lambda case: case.score.clarity,
    "total": lambda case: case.score.total,
    "settled_share": lambda case: float(case.played.ending.settled),
    "phrasebook_share": _phrasebook_share,
}


def run_outcome(cases: Sequence[Case], gates: Sequence[GateResult], planned: int) -> tuple[Outcome, int]:
    """Return (verdict, exit code): 0 passed, 1 a gate failed, 3 inconclusive, 4 nothing but technical failures."""
    broken = sum(case.played.ending in INFRASTRUCTURE for case in cases)
    if not cases or broken == len(cases):
        return "inconclusive", 4
    if any(gate.outcome == "failed" for gate in gates):
        return "failed", 1
    if broken or len(cases) < planned or any(gate.outcome == "inconclusive" for gate in gates):
        return "inconclusive", 3
    return "passed", 0
