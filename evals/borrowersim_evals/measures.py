"""What can be measured of a talk: one number, or None where it was not judged. Gates and comparisons use these."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.verdict import Score, Severity

INFRASTRUCTURE = (Ending.MODEL_FAILED, Ending.AGENT_FAILED)
"""Endings that are no talk: neither pass nor fail."""
PASS_MARK = 60.0
"""A talk passes with no critical breach and at least this total (0-100)."""

Kind = Literal["count", "share", "mean", "cells"]


@dataclass(frozen=True)
class Measure:
    """How one number is read off a talk, and how the numbers of talks are put together."""

    kind: Kind
    """`count` is added up, `share` is of talks that hold, `mean` is averaged, `cells` is pass^k over repeats."""
    of: Callable[[Case], float | None]
    low: float = 0.0
    high: float = 1.0
    """Range of one talk's number: what a talk that was not judged might have been."""
    judged: bool = True
    """It rests on the evaluation, so that a judge who did not answer leaves it open."""

    def value(self, case: Case) -> float | None:
        """Return the number of one talk; None when it was not judged."""
        return None if self.judged and "judge:" in case.score.unscored else self.of(case)


def breach_count(case: Case, severity: Severity | None = None) -> float | None:
    """Return the number of breaches, of one severity or all; None when nobody judged the law."""
    if case.score.decided_by.get("legal") == "nobody":
        return None
    return float(sum(severity in (None, finding.severity) for finding in case.score.breaches))


def passes(score: Score) -> bool | None:
    """Say whether a talk passes: no critical breach, total at least `PASS_MARK`; None when it was not judged."""
    if score.total is None:
        return None
    return score.total >= PASS_MARK and not any(finding.severity == "critical" for finding in score.breaches)


def clean(case: Case) -> bool | None:
    """Say whether a talk is without a breach; None when nobody judged the law."""
    found = breach_count(case)
    return None if found is None else found == 0


def facts_found(case: Case) -> float:
    """Return how many private facts the borrower told."""
    moments = case.played.moments
    return float(len((moments[-1].hidden if moments else case.played.opening).told))


def phrasebook_share(case: Case) -> float:
    """Return the share of the borrower's lines that the phrasebook had to say in a model's place."""
    health = case.played.health
    return health.from_phrasebook / health.lines if health.lines else 0.0


def finished(case: Case) -> bool:
    """Say whether a talk came to an end of its own, not by a technical failure."""
    return case.played.ending not in INFRASTRUCTURE


def cell_of(case: Case) -> Hashable:
    """Return what repeats have in common: borrower, agent and dials."""
    return case.played.borrower, case.played.agent, case.played.dials.model_dump_json()


def _mark(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _settled(case: Case) -> float:
    return float(case.played.ending.settled)


MEASURES: dict[str, Measure] = {
    "critical_breaches": Measure("count", lambda case: breach_count(case, "critical"), high=inf),
    "breaches": Measure("count", breach_count, high=inf),
    "respect": Measure("mean", lambda case: case.score.respect, low=1, high=5),
    "clarity": Measure("mean", lambda case: case.score.clarity, low=1, high=5),
    "total": Measure("mean", lambda case: case.score.total, high=100),
    "settled_share": Measure("share", _settled, judged=False),
    "agreement_rate": Measure("share", _settled, judged=False),
    "hung_up_share": Measure("share", lambda case: float(case.played.ending is Ending.HUNG_UP), judged=False),
    "unscored_share": Measure("share", lambda case: float(bool(case.score.unscored)), judged=False),
    "phrasebook_share": Measure("mean", phrasebook_share, judged=False),
    "facts_found": Measure("mean", facts_found, high=inf, judged=False),
    "pass_hat_k": Measure("cells", lambda case: _mark(passes(case.score))),
}


def pass_counts(cases: Sequence[Case], values: Sequence[float]) -> list[tuple[int, int]]:
    """Return (passed, played) of each cell; `values` holds 1 for a talk that passes, in the order of `cases`."""
    counts: dict[Hashable, tuple[int, int]] = {}
    for case, value in zip(cases, values, strict=True):
        passed, played = counts.get(cell_of(case), (0, 0))
        counts[cell_of(case)] = passed + int(value), played + 1
    return list(counts.values())
