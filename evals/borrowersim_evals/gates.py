"""Gates: what must hold over a run's talks. No talk to look at is no pass.

A talk that could not be judged is neither pass nor fail: the value is taken of the others, and the
gate is decided only when it would come out the same whatever that talk had scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from borrowersim_evals.case import Case
from borrowersim_evals.measures import MEASURES, Measure, cell_of, finished, pass_counts
from borrowersim_evals.stats import Estimate, mean, pass_hat, share, talks_to_decide
from borrowersim_evals.suite import Gate

Outcome = Literal["passed", "failed", "inconclusive"]
SLACK = 1e-9
"""Sums of decimal fractions are not exact; a bound that is met to this is met."""
MOST_TALKS = 1_000_000
"""More talks than this decide nothing in practice."""


class GateResult(BaseModel):
    """How a gate came out."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    name: str
    outcome: Outcome
    text: str
    measure: str = ""
    value: float | None = None
    """The measured value; of a gate on each talk, the share of talks that keep the bound."""
    interval: tuple[float, float] | None = None
    """95 % interval of the value; None for counts, and where one talk stands alone."""
    n: int = 0
    """Talks that were judged (cells, for pass_hat_k)."""
    bound: str = ""
    """What was asked for, in words."""
    at_least: float | None = None
    at_most: float | None = None
    """The bounds on `value`."""
    each_at_least: float | None = None
    each_at_most: float | None = None
    """The bounds on each talk, of which `value` is the share that keeps them."""
    k: int = 1
    """Of pass_hat_k: repeats that must all pass."""
    missing: int = 0
    """Talks that could not be judged."""
    needed: int | None = None
    """About how many talks (cells, for pass_hat_k) would probably decide it; None when it is decided, or hopeless."""


@dataclass(frozen=True)
class _Question:
    """A gate's talks as numbers: what was measured, and how to make one value of it."""

    gate: Gate
    cases: tuple[Case, ...]
    values: tuple[float | None, ...]
    measure: Measure
    seed: int

    @property
    def missing(self) -> int:
        return sum(value is None for value in self.values)

    def estimate(self, instead: float | None) -> Estimate:
        """Return the value of all talks; `instead` stands for those not judged, None leaves them out."""
        pairs = [(c, instead if v is None else v) for c, v in zip(self.cases, self.values, strict=True)]
        known = [(c, v) for c, v in pairs if v is not None]
        cases, numbers = [c for c, _ in known], [v for _, v in known]
        cells = [cell_of(case) for case in cases]
        if self.measure.kind == "count":
            return Estimate(sum(numbers), n=len(numbers)) if numbers else Estimate(None)
        if self.measure.kind == "cells":
            return pass_hat(pass_counts(cases, numbers), self.gate.k, self.seed)
        if self.measure.kind == "share":
            return share([number > 0 for number in numbers], cells)
        return mean(numbers, cells, self.seed, (self.measure.low, self.measure.high))


def check_gate(gate: Gate, cases: Sequence[Case], seed: int = 0) -> GateResult:
    """Return whether a gate holds; `seed` draws the bootstrap, so that the same talks give the same result."""
    seen = tuple(case for case in cases if looks_at(gate, case) and finished(case))
    question = _question(gate, seen, seed)
    found = question.estimate(None)
    low, high = _bounds(gate)
    result = GateResult(
        name=gate.name,
        outcome="inconclusive",
        text="no talk to look at",
        measure=gate.measure,
        value=None if found.value is None else round(found.value, 4),
        interval=found.interval,
        n=found.n,
        bound=_wanted(gate),
        at_least=low,
        at_most=high,
        each_at_least=gate.each_at_least,
        each_at_most=gate.each_at_most,
        k=gate.k,
        missing=question.missing,
    )
    if not seen:
        return result
    if found.value is None:
        return result.model_copy(update={"text": _nothing(question)})
    outcome = _outcome(question)
    needed = _needed(question, found) if outcome == "inconclusive" else None
    text = _text(question, found, outcome, needed)
    return result.model_copy(update={"outcome": outcome, "needed": needed, "text": text})


def looks_at(gate: Gate, case: Case) -> bool:
    """Say whether a gate looks at a talk: its filters on agent, borrower, language and jurisdiction."""
    talk = case.played.talk
    wanted = (
        (gate.agents, case.played.agent),
        (gate.borrowers, case.played.borrower),
        (gate.languages, talk.language),
        (gate.jurisdictions, talk.jurisdiction),
    )
    return all(not allowed or own in allowed for allowed, own in wanted)


def violates(gate: Gate, case: Case) -> bool:
    """Say whether a talk breaks a gate's bound on each talk; one that was not judged does not."""
    if not on_each(gate) or not looks_at(gate, case) or not finished(case):
        return False
    value = MEASURES[gate.measure].value(case)
    return value is not None and not _keeps(gate, value)


def _question(gate: Gate, seen: tuple[Case, ...], seed: int) -> _Question:
    measure = MEASURES[gate.measure]
    values = tuple(measure.value(case) for case in seen)
    if on_each(gate):
        values = tuple(None if value is None else float(_keeps(gate, value)) for value in values)
        measure = Measure("share", measure.of)
    return _Question(gate, seen, values, measure, seed)


def on_each(gate: Gate | GateResult) -> bool:
    """Say whether a gate bounds each talk, so that its value is a share."""
    return gate.each_at_least is not None or gate.each_at_most is not None


def _keeps(gate: Gate, value: float) -> bool:
    low = gate.each_at_least is None or value >= gate.each_at_least - SLACK
    return low and (gate.each_at_most is None or value <= gate.each_at_most + SLACK)


def _bounds(gate: Gate) -> tuple[float | None, float | None]:
    """Return the bounds on the value: those of the gate, or the share that must keep the bound on each."""
    return (gate.in_share, None) if on_each(gate) else (gate.at_least, gate.at_most)


def _outcome(question: _Question) -> Outcome:
    """Decide each bound on the worst and on the best that the talks not judged could have been."""
    lowest, highest = question.estimate(question.measure.low), question.estimate(question.measure.high)
    low, high = _bounds(question.gate)
    found = []
    if low is not None:
        ends = _ends(question, low, lowest, highest)
        found.append(_side(ends[0] >= low - SLACK, ends[1] < low - SLACK) if ends else "inconclusive")
    if high is not None:
        ends = _ends(question, high, lowest, highest)
        found.append(_side(ends[1] <= high + SLACK, ends[0] > high + SLACK) if ends else "inconclusive")
    return next((outcome for outcome in ("failed", "inconclusive") if outcome in found), "passed")


def _side(kept: bool, broken: bool) -> Outcome:
    return "passed" if kept else "failed" if broken else "inconclusive"


def _ends(question: _Question, bound: float, lowest: Estimate, highest: Estimate) -> tuple[float, float] | None:
    """Return between what the value lies; None when one talk gives no interval."""
    if _counted(question, bound):
        return (lowest.value or 0.0, highest.value or 0.0)
    if lowest.low is None or highest.high is None:
        return None
    return lowest.low, highest.high


def _counted(question: _Question, bound: float) -> bool:
    """Say whether what was counted decides: breaches, `point`, and "never" or "always"."""
    measure, gate = question.measure, question.gate
    low, high = _bounds(gate)
    at_the_end = (bound == low and bound == measure.high) or (bound == high and bound == measure.low)
    return measure.kind == "count" or gate.decide == "point" or at_the_end


def _nothing(question: _Question) -> str:
    talks = len(question.values)
    if question.measure.kind == "cells" and question.missing < talks:
        return f"no cell has {question.gate.k} judged repeats; raise `repeats` in the suite"
    return f"{question.missing} of {talks} talks could not be judged"


def _text(question: _Question, found: Estimate, outcome: Outcome, needed: int | None) -> str:
    gate = question.gate
    unit = "cells" if question.measure.kind == "cells" else "talks"
    shown = f"{found.value:.3g}" if question.measure.kind != "count" else f"{found.value:g}"
    ends = f" [{found.low:.3g}, {found.high:.3g}]" if found.interval and not _all_counted(question) else ""
    name = f"{gate.measure} {_each_wanted(gate)} in a share of" if on_each(gate) else gate.measure
    name = f"pass^{gate.k}" if question.measure.kind == "cells" else name
    parts = [f"{name} {shown}{ends} over {found.n} {unit} ({_wanted(gate)})"]
    if question.missing:
        parts.append(f"{question.missing} of {len(question.values)} talks could not be judged")
    if outcome == "inconclusive":
        parts.append(_advice(question, found, needed, unit))
    return "; ".join(filter(None, parts))


def _all_counted(question: _Question) -> bool:
    return all(_counted(question, bound) for bound in _bounds(question.gate) if bound is not None)


def _needed(question: _Question, found: Estimate) -> int | None:
    """Return about how many talks would decide every bound."""
    if _all_counted(question) or found.interval is None:
        return None
    is_share = question.measure.kind in ("share", "cells")
    wanted = [talks_to_decide(found, bound, share=is_share) for bound in _bounds(question.gate) if bound is not None]
    known = [number for number in wanted if number is not None]
    return None if len(known) < len(wanted) or max(known) > MOST_TALKS else max(known)


def _advice(question: _Question, found: Estimate, needed: int | None, unit: str) -> str:
    """Say what would decide it."""
    if _all_counted(question):
        return ""
    if found.interval is None:
        return "one talk gives no interval: play more, or set `decide: point`"
    if needed is None:
        return "the value lies on the bound: more talks will hardly decide it"
    return f"about {needed} {unit} would probably decide it"


def _wanted(gate: Gate) -> str:
    if on_each(gate):
        return f"{_each_wanted(gate)} in {gate.in_share:.4g} of talks"
    return _range(gate.at_least, gate.at_most)


def _each_wanted(gate: Gate) -> str:
    return _range(gate.each_at_least, gate.each_at_most)


def _range(low: float | None, high: float | None) -> str:
    return ", ".join(
        filter(None, [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""])
    )


def run_outcome(cases: Sequence[Case], gates: Sequence[GateResult], planned: int) -> tuple[Outcome, int]:
    """Return (verdict, exit code): 0 passed, 1 a gate failed, 3 inconclusive, 4 nothing but technical failures."""
    broken = sum(not finished(case) for case in cases)
    if not cases or broken == len(cases):
        return "inconclusive", 4
    if any(gate.outcome == "failed" for gate in gates):
        return "failed", 1
    if broken or len(cases) < planned or any(gate.outcome == "inconclusive" for gate in gates):
        return "inconclusive", 3
    return "passed", 0
