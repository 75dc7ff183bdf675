"""How a call stands against the pass mark, and against the person's own earlier calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from borrowersim_evals.combine import legal_points
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.report.summary import legally_judged
from borrowersim_evals.verdict import Score

RECENT = 5
"""Earlier calls that a new one is measured against."""
MEASURES = ("respect", "clarity", "legal", "total")


@dataclass(frozen=True)
class Standing:
    """One measure of a call."""

    measure: str
    value: float | None
    most: int
    before: float | None
    """Mean of the latest earlier calls; None when there are none."""

    @property
    def change(self) -> float | None:
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


def standings(score: Score, past: Sequence[PracticeRecord]) -> list[Standing]:
    """Return each measure of a call beside the mean of the person's latest calls (`past`: the newest first)."""
    earlier = [record.score for record in past[:RECENT] if record.score is not None]
    rows = []
    for measure in MEASURES:
        known = [value for other in earlier if (value := measured(other, measure)) is not None]
        most = 100 if measure in ("legal", "total") else 5
        rows.append(Standing(measure, measured(score, measure), most, fmean(known) if known else None))
    return rows


def measured(score: Score, measure: str) -> float | None:
    """Return a measure of a score: respect and clarity 1-5, legal and total 0-100; None when not judged."""
    if measure == "legal":
        return legal_points(score.legal) if legally_judged(score) else None
    value: float | None = getattr(score, measure)
    return value
