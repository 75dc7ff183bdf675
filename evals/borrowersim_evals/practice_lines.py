"""A practice in short, and the breaches in it: what lists, trends and a coach's view are made of."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.verdict import Finding, Severity


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class PracticeLine(_Value):
    """One practice in a list: everything but the words."""

    learner: str
    id: str
    began: float
    """Seconds since 1970."""
    active: float
    """The same for the last change."""
    started: str
    """ISO 8601, with offset, as it was where the call was made."""
    changed: str
    borrower: str
    language: Language
    jurisdiction: str
    resistance: float
    financial_stress: float
    ending: str
    turns: int
    judged: bool
    """The call is over and has a score."""
    respect: float | None
    clarity: float | None
    total: float | None
    breaches: int | None
    critical: int | None
    parent: str
    """The practice that it was rewound from; empty for a first try."""
    assignment: str

    @property
    def fresh(self) -> bool:
        """Judged, and made from the first word on: what a trend may rest on."""
        return self.judged and not self.parent


class Slip(_Value):
    """One breach in a practice, in the learner's own words."""

    learner: str
    practice: str
    began: float
    """When the practice began, seconds since 1970."""
    started: str
    language: Language
    """Of the talk, and so of quote and reason."""
    turn: int
    rule: str
    severity: Severity
    citation: str
    quote: str
    """Empty when the breach is something left unsaid."""
    why: str
    better: str
    """What to say instead; empty when nothing better is known."""


def line_of(record: PracticeRecord) -> PracticeLine:
    """Return a practice in short; raise UsageError when a time of it is none."""
    played, score = record.played, record.score
    return PracticeLine(
        learner=record.learner,
        id=record.id,
        began=_seconds(record.started),
        active=_seconds(record.changed),
        started=record.started,
        changed=record.changed,
        borrower=played.borrower,
        language=played.talk.language,
        jurisdiction=played.talk.jurisdiction.value,
        resistance=played.dials.resistance,
        financial_stress=played.dials.financial_stress,
        ending=played.ending.value,
        turns=len(played.talk.turns),
        judged=score is not None,
        respect=score.respect if score else None,
        clarity=score.clarity if score else None,
        total=score.total if score else None,
        breaches=len(score.breaches) if score else None,
        critical=sum(f.severity == "critical" for f in score.breaches) if score else None,
        parent=record.parent,
        assignment=record.assignment,
    )


def slips_of(record: PracticeRecord) -> list[Slip]:
    """Return the breaches that were made in this practice; those taken over from its parent were counted there."""
    if record.score is None:
        return []
    better = {marks.turn: marks.better for marks in record.score.turns}
    first = _first_own_turn(record)
    return [_slip(record, f, better.get(f.turn, "")) for f in record.score.breaches if f.turn >= first]


def _slip(record: PracticeRecord, finding: Finding, better: str) -> Slip:
    return Slip(
        learner=record.learner,
        practice=record.id,
        began=_seconds(record.started),
        started=record.started,
        language=record.played.talk.language,
        turn=finding.turn,
        rule=finding.rule,
        severity=finding.severity,
        citation=finding.citation,
        quote=finding.quote,
        why=finding.why,
        better=better,
    )


def _first_own_turn(record: PracticeRecord) -> int:
    kept = record.played.moments[: record.parent_turns] if record.parent else ()
    return kept[-1].turn + 1 if kept else 0


def _seconds(moment: str) -> float:
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise UsageError(f"{moment!r} is no time; give one in ISO 8601 with its offset, as 2026-11-23T19:05:00+00:00")
    return parsed.timestamp()
