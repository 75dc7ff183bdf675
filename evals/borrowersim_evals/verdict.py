"""What an evaluation says: findings of law, marks per turn, a score. Frozen values."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["critical", "major", "minor"]
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


class Score(_Value):
    """The combined result of a talk, in the form of `borrowersim judge --json`."""

    id: str
    legal: tuple[Finding, ...]
    turns: tuple[TurnMarks, ...]
    respect: float | None
    clarity: float | None
    total: Annotated[float, Field(ge=0, le=100)] | None
    decided_by: dict[str, str] = Field(default_factory=dict)
    """Criterion -> which judge decided it."""
    unscored: str = ""

    @property
    def breaches(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.legal if f.status == "breach")
