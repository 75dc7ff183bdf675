"""What judge-check reports: frozen values, the measured half and the tuned half apart."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim_evals.agreement import Figure
from borrowersim_evals.label_shapes import Kind
from borrowersim_evals.perception_check import Split
from borrowersim_evals.verdict import Severity

Grouping = Literal["language", "jurisdiction", "kind", "slice", "source"]
SPLITS: tuple[Split, ...] = ("measure", "tune")
"""In the order of the report."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Figures(_Value):
    """The agreement over one set of judged turns."""

    turns: int
    unlawful: int
    """Turns with a labelled breach."""
    right: Figure
    """Share of the turns where judge and label agree on breach or none."""
    precision: Figure
    recall: Figure
    f1: Figure
    named: Figure
    """Share of the found unlawful turns where a rule that was found is the labelled one, or as right a name for it."""
    critical_recall: Figure
    """Recall over the turns whose gravest labelled rule is critical."""
    localised: Figure
    """Share of the breach turns of whole talks where that breach, by a right name, is reported on exactly that turn."""
    twins_clean: Figure
    """Share of the clean twins without any breach."""
    pairs: Figure
    """Share of the pairs with a breach on the threat and none on the lawful side."""
    pairs_lawful: Figure
    """Share of the lawful sides without a breach."""
    pairs_threat: Figure
    """Share of the threats with a breach."""
    unclear_quiet: Figure
    """Share of the turns that hang on a missing fact where no breach is claimed."""
    unclear_said: Figure
    """Share of those where the judge says that it cannot tell."""
    respect_kappa: Figure
    respect_error: Figure
    clarity_kappa: Figure
    clarity_error: Figure
    quotes: Figure
    """Share of the quotes that stand in their turn, word for word."""


class Gravity(_Value):
    """How the breaches of one severity were found."""

    turns: int
    recall: Figure
    named: Figure


class RuleLine(_Value):
    """How one rule fared."""

    rule: str
    labelled: int
    """Turns on which it is labelled."""
    missed: int
    """Those on which no breach at all was found."""
    false_alarms: int
    """Lawful turns on which it was found."""


class SplitReport(_Value):
    """The figures of one split."""

    split: Split
    talks: int
    """A twin and each side of a pair count as one."""
    whole: Figures
    by: dict[Grouping, dict[str, Figures]]
    severity: dict[Severity, Gravity]
    rules: tuple[RuleLine, ...] = ()
    """Worst first. Empty for the shipped measured half: with a turn or two a rule it would tell which turns failed."""


class RaterLine(_Value):
    """How two who rated the same turns agree."""

    one: str
    other: str
    turns: int
    legal_kappa: Figure
    """Breach or none, Cohen's kappa."""
    respect_kappa: Figure
    clarity_kappa: Figure


class Stability(_Value):
    """Whether the same talk gets the same verdict again."""

    talks: int
    repeats: int
    same_law: Figure
    """Share of the talks with the same findings each time."""
    same_verdict: Figure
    """Share of the talks with the same findings and the same marks each time."""
    same_bytes: Figure
    """Share of the talks whose whole score is the same, byte for byte; what it cost is no part of it."""


class ProbeLine(_Value):
    """What one kind of change that means nothing did to the verdicts."""

    split: Split
    probe: str
    language: str
    """A language, or `all`."""
    changed: Figure
    """Share of the changed turns where breach turned into none, or none into breach."""
    hidden: int
    """Turns whose breach was no longer found."""
    alarmed: int
    """Turns on which a breach was now found."""
    respect_shift: Figure
    """Mean change of the mark, upwards positive."""
    respect_shift_unlawful: Figure
    """The same over unlawful turns only: kind words around a breach should not lift it."""
    clarity_shift: Figure


class Mistake(_Value):
    """One turn that the judge got wrong; never of the shipped measured half."""

    id: str
    kind: Kind
    slice: str
    turn: int
    text: str
    wrong: tuple[str, ...]
    """missed, false alarm, other rule, respect, clarity."""
    expected: str
    found: str
    why: str
    """What moved the judge: quotes of its findings, features of its marks."""


class CheckReport(_Value):
    """How a judge did."""

    judge: str
    versions: dict[str, tuple[str, ...]]
    """Judge -> its versions; one a jurisdiction for the rules."""
    splits: tuple[SplitReport, ...]
    """What is only measured comes first."""
    raters: tuple[RaterLine, ...] = ()
    stability: Stability | None = None
    probes: tuple[ProbeLine, ...] = ()
    unscored: dict[str, int] = Field(default_factory=dict)
    """Why talks could not be scored -> how many; they are in no figure."""
    mistakes: tuple[Mistake, ...] | None = None
    """None when they were not asked for."""
