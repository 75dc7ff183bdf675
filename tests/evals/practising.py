"""Practices made up for tests: the words, marks and breaches that a test needs, and nothing else."""

from datetime import UTC, datetime, timedelta, timezone

from borrowersim.acts import BorrowerAct
from borrowersim.hidden import Hidden
from borrowersim.persona import Dials
from borrowersim.record import Moment, Played
from borrowersim.talk import Ending, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.verdict import Finding, Score, Severity, TurnMarks

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ARREST = "us.fdcpa.1692e-4"
FEELS = Hidden(trust=3, anger=4, anxiety=4, patience=6)


def breach(turn: int = 0, rule: str = ARREST, severity: Severity = "critical", quote: str = "or jail") -> Finding:
    return Finding(
        turn=turn,
        rule=rule,
        status="breach",
        severity=severity,
        quote=quote,
        citation="15 USC 1692e(4)",
        source="rules",
        why="No suggestion of arrest.",
    )


def practice(
    id: str = "p1",
    learner: str = "Ana",
    day: float = 0,
    *,
    total: float | None = 80,
    breaches: tuple[Finding, ...] = (),
    judged: bool = True,
    borrower: str = "us-maria-delgado",
    dials: tuple[float, float] = (5, 5),
    parent: str = "",
    parent_turns: int = 0,
    assignment: str = "",
    say: str = "Pay now or jail",
    better: str = "",
    offset: timedelta = timedelta(),
) -> PracticeRecord:
    """Return a practice of two exchanges that began `day` days after START."""
    at = (START + timedelta(days=day)).astimezone(timezone(offset))
    said = ((Speaker.AGENT, say), (Speaker.BORROWER, "No."), (Speaker.AGENT, "I see."), (Speaker.BORROWER, "Bye."))
    talk = Talk(
        id=id,
        language=Language.EN,
        jurisdiction=Jurisdiction.US,
        turns=tuple(Turn(speaker=speaker, text=text) for speaker, text in said),
    )
    score = Score(
        id=id,
        legal=breaches,
        turns=(TurnMarks(turn=0, respect=2, clarity=3, better=better),),
        respect=None if total is None else total / 20,
        clarity=None if total is None else total / 20,
        total=total,
    )
    return PracticeRecord(
        id=id,
        learner=learner,
        started=at.isoformat(),
        changed=(at + timedelta(minutes=5)).isoformat(),
        played=Played(
            id=id,
            borrower=borrower,
            agent="trainee",
            voice="phrasebook",
            seed=1,
            dials=Dials(resistance=dials[0], financial_stress=dials[1]),
            talk=talk,
            ending=Ending.AGREED,
            opening=FEELS,
            moments=tuple(Moment(turn=turn, heard=(), act=next(iter(BorrowerAct)), hidden=FEELS) for turn in (1, 3)),
        ),
        score=score if judged else None,
        parent=parent,
        parent_turns=parent_turns,
        assignment=assignment,
    )
