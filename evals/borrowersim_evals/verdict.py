"""What an evaluation says: findings of law, marks per turn, a score. Frozen values."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.models.base import Usage

Severity = Literal["critical", "major", "minor"]
RANK: dict[Severity, int] = {"critical": 0, "major": 1, "minor": 2}
"""Order of gravity: the gravest is 0."""
Mark = Annotated[int, Field(ge=1, le=5)]
Source = Literal["rules", "judge"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Finding(_Value):
    """One rule that a turn broke, or may have broken."""

    turn: int
    """0-based index in the talk's turns."""
    rule: str
    status: Literal["breach", "cannot_tell"]
    """`cannot_tell`: the words alone do not decide it, and a needed fact is not known."""
    severity: Severity
    quote: str
    """Verbatim part of the turn; empty when the breach is something left unsaid."""
    citation: str
    source: Source
    why: str = ""
    """The rule in one sentence, or which fact is missing, in the talk's language."""
    verified: Literal["primary", "secondary", "memory"] = "primary"
    """How far the rule's law was verified; `memory` is unverified."""


class TurnMarks(_Value):
    """Respect and clarity of one turn of the agent, 1-5; None is not judged."""

    turn: int
    respect: Mark | None = None
    clarity: Mark | None = None
    respect_why: tuple[str, ...] = ()
    """Names of the features that moved the mark, for example `insult`."""
    clarity_why: tuple[str, ...] = ()
    better: str = ""
    """A better line for this turn; empty when none is needed or known."""


class Judgement(_Value):
    """What one judge (the rules, or a model) says of one talk."""

    judge: str
    version: str
    legal: tuple[Finding, ...] = ()
    turns: tuple[TurnMarks, ...] = ()
    respect: Annotated[float, Field(ge=1, le=5)] | None = None
    clarity: Annotated[float, Field(ge=1, le=5)] | None = None
    legal_judged: bool = True
    """False: this judge could not say anything about the law; then an empty list is no praise."""
    unscored: str = ""
    """Why nothing could be judged; empty when it was."""
    dropped: Annotated[int, Field(ge=0)] = 0
    """Parts of a model's answer that were refused: unknown turn or rule, quote not in the turn, mark out of range."""
    left_out: Annotated[int, Field(ge=0)] = 0
    """Rules that apply and did not fit into the model's prompt."""
    usage: Usage = Usage()


class Score(_Value):
    """The combined result of a talk, in the form of `borrowersim judge --json`."""

    id: str
    legal: tuple[Finding, ...]
    turns: tuple[TurnMarks, ...]
    respect: float | None
    clarity: float | None
    total: Annotated[float, Field(ge=0, le=100)] | None
    decided_by: dict[str, str] = Field(default_factory=dict)
    """Criterion (legal, respect, clarity) -> rules, judge, rules+judge, or nobody."""
    unscored: str = ""
    """What could not be judged, as `criterion: reason` or `judge: reason`, joined by "; "; empty when all was."""
    judges: dict[str, str] = Field(default_factory=dict)
    """Judge -> version, of every judge that had a part in this score."""
    notes: tuple[str, ...] = ()
    """What a reader should know: parts of an answer refused, rules left out, why a judge failed."""
    usage: Usage = Usage()
    """What the judge's model cost."""

    @property
    def breaches(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.legal if f.status == "breach")
