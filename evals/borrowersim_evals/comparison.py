"""What a comparison of two runs says: frozen values, readable as JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from borrowersim.talk import Ending

Verdict = Literal["better", "worse", "no difference shown", "not comparable"]
"""How B stands to A."""
ChangeKind = Literal["newly_breached", "newly_clean", "ending_changed"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Difference(_Value):
    """One measure in both runs, over the pairs in which it was judged both times."""

    measure: str
    pairs: int
    a: float | None = None
    b: float | None = None
    difference: float | None = None
    """B - A."""
    interval: tuple[float, float] | None = None
    """95 % bootstrap interval of the difference, pairs (or cells of repeats) resampled."""
    p: float | None = None
    """Exact McNemar p, of shares whose talks are all cells of their own; None otherwise."""
    verdict: Verdict = "not comparable"


class Broken(_Value):
    """A breach that a change rests on, in one of the runs."""

    turn: int
    """0-based."""
    rule: str
    severity: str
    quote: str
    citation: str


class Change(_Value):
    """A talk that came out otherwise in B."""

    key: str
    kinds: tuple[ChangeKind, ...]
    ending_a: Ending
    ending_b: Ending
    breaches_a: tuple[Broken, ...] = ()
    breaches_b: tuple[Broken, ...] = ()
    said_a: str = ""
    """Last turn of the talk."""
    said_b: str = ""


class Comparison(_Value):
    """Two runs side by side."""

    a: str
    """Run id."""
    b: str
    verdict: Verdict
    decided_by: str
    """Measure that decided; empty when none did."""
    paired_by: Literal["talk", "agent"]
    pairs: int
    only_a: int
    only_b: int
    broken: int
    """Pairs of which one talk failed technically."""
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
