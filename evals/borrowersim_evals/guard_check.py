"""How well the guard tells faulty lines of a borrower's model from fair ones: planted faults beside clean lines."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import BorrowerAct
from borrowersim.documents import check_lines
from borrowersim.guard import FaultKind, faults
from borrowersim.intent import Intent
from borrowersim.money import find_amounts
from borrowersim.persona import Persona, persona_named
from borrowersim.talk import Language, Speaker, Talk
from borrowersim.text import fold
from borrowersim_evals.resources import data_dir

WHO = {Language.EN: "us-maria-delgado", Language.ZH_CN: "cn-zhou-min", Language.ZH_TW: "tw-lin-yijun"}
"""The person whom the labelled lines are spoken by, in each language."""
Split = Literal["tune", "measure"]
SPLITS: tuple[Split, ...] = ("tune", "measure")


class LabelledLine(BaseModel):
    """A line of the borrower, what it should have done, and the fault that was planted in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: str
    language: Language
    act: BorrowerAct
    agent: str
    """The agent's turn just before."""
    own: tuple[str, ...] = ()
    """What the borrower said earlier in the talk."""
    offer: str | None = None
    """The sum that the line may name, as it is said."""
    line: Annotated[str, Field(min_length=1)]
    fault: FaultKind | None
    """None for a clean line."""
    split: Split
    source: Literal["constructed", "recorded"]


class Caught(BaseModel):
    """What the guard says of one labelled line."""

    model_config = ConfigDict(frozen=True)

    line: LabelledLine
    found: tuple[FaultKind, ...]

    @property
    def right(self) -> bool:
        """Is a planted fault kept back, and a clean line let through?"""
        return bool(self.found) == (self.line.fault is not None)


class GuardFigures(BaseModel):
    """Recall over planted faults and false alarms over clean lines, in one language and split."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    language: Language
    split: Split
    planted: int
    recall: float
    """Share of the planted lines that were kept back, whatever the guard called the fault."""
    named: float
    """Share of those kept back whose fault was called by its name."""
    clean: int
    false_alarms: float
    """Share of the clean lines that were kept back."""
    missed: dict[str, int]
    """Fault -> planted lines that left."""


def labelled_lines(language: Language) -> tuple[LabelledLine, ...]:
    """Return the labelled lines that come with borrowersim; raise UsageError that names every wrong line."""
    return guard_lines(data_dir("labels") / "guard" / f"{language}.jsonl")


def guard_lines(path: Path) -> tuple[LabelledLine, ...]:
    """Read a file of labelled lines."""
    return check_lines(LabelledLine, path)


def caught(line: LabelledLine) -> Caught:
    """Let the guard hear a line in its place; pure."""
    persona = persona_named(WHO[line.language])
    talk = Talk(id=line.id, language=line.language, jurisdiction=persona.jurisdiction)
    for said in line.own:
        talk = talk.said(Speaker.BORROWER, said)
    talk = talk.said(Speaker.AGENT, line.agent)
    return Caught(line=line, found=tuple(faults(line.line, _intent(line, persona), talk)))


def _intent(line: LabelledLine, persona: Persona) -> Intent:
    slots = {"name": persona.name}
    if line.offer:
        slots |= {"instalment": line.offer, "offered": line.offer, "sum": line.offer}
    known = [line.offer or "", line.agent, *line.own]
    amounts: set[Decimal] = {a.value for text in known for a in find_amounts(fold(text), line.language)}
    return Intent(line.act, persona, slots, frozenset(amounts | {persona.debt.balance}), untold=persona.private)


def figures(lines: Sequence[Caught], language: Language, split: Split) -> GuardFigures:
    """Return the figures of one language and split; pure."""
    chosen = [c for c in lines if (c.line.language, c.line.split) == (language, split)]
    planted = [c for c in chosen if c.line.fault is not None]
    kept = [c for c in planted if c.found]
    clean = [c for c in chosen if c.line.fault is None]
    missed = [c.line.fault for c in planted if not c.found and c.line.fault]
    return GuardFigures(
        language=language,
        split=split,
        planted=len(planted),
        recall=len(kept) / len(planted) if planted else 0.0,
        named=sum(c.line.fault in c.found for c in kept) / len(kept) if kept else 0.0,
        clean=len(clean),
        false_alarms=sum(bool(c.found) for c in clean) / len(clean) if clean else 0.0,
        missed={kind: missed.count(kind) for kind in sorted(set(missed))},
    )
