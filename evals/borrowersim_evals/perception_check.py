"""How well a perceiver hears what agents do: its answers beside turns that were labelled by hand (evals/labels)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import mean
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from borrowersim.acts import AgentAct, Perceived
from borrowersim.documents import check, read_lines, twice
from borrowersim.errors import UsageError
from borrowersim.perception.base import Perceiver
from borrowersim.talk import Language
from borrowersim_evals.resources import data_dir

Split = Literal["tune", "measure"]
Slice = Literal["plain", "negation", "irony", "hypothetical", "indirect_threat", "polite_pressure", "spoken"]
SPLITS: tuple[Split, ...] = get_args(Split)
SLICES: tuple[Slice, ...] = get_args(Slice)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class LabelledTurn(_Value):
    """One turn of an agent and what a careful person hears in it."""

    id: Annotated[str, Field(min_length=1)]
    language: Language
    text: Annotated[str, Field(min_length=1)]
    acts: tuple[AgentAct, ...]
    """Sorted by name; none when the turn does nothing that has a name."""
    amounts: tuple[Decimal, ...]
    """Sums of money, in order, one for each mention."""
    count: Annotated[int, Field(ge=1)] | None
    """Number of instalments, when it is named."""
    split: Split
    """`tune` may be read while cues are written; `measure` may not."""
    slice: Slice
    """What makes the turn hard to hear."""
    source: Literal["constructed", "recorded"]
    """Written for this file, or from a talk that took place."""

    @field_validator("text")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if text != text.strip() or "\n" in text:
            raise ValueError("write the turn on one line, without blanks around it")
        return text

    @field_validator("acts")
    @classmethod
    def _in_order(cls, acts: tuple[AgentAct, ...]) -> tuple[AgentAct, ...]:
        if list(acts) != sorted(set(acts)):
            raise ValueError(f"name each act once, in this order: {', '.join(sorted(set(acts)))}")
        return acts


class Reading(_Value):
    """A labelled turn and what the perceiver took from it."""

    turn: LabelledTurn
    acts: frozenset[AgentAct]
    amounts: tuple[Decimal, ...]
    count: int | None

    @property
    def acts_right(self) -> bool:
        return self.acts == frozenset(self.turn.acts)

    @property
    def amounts_right(self) -> bool:
        return self.amounts == self.turn.amounts

    @property
    def count_right(self) -> bool:
        return self.count == self.turn.count


class ActScore(_Value):
    """How one act was heard over a set of turns."""

    act: AgentAct
    hits: int
    """Labelled and heard."""
    false_alarms: int
    """Heard, not labelled."""
    misses: int
    """Labelled, not heard."""

    @property
    def support(self) -> int:
        return self.hits + self.misses

    @property
    def precision(self) -> float | None:
        """Share of what was heard that is there; None when nothing was heard."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float | None:
        """Share of what is there that was heard; None when there was nothing to hear."""
        return _share(self.hits, self.support)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; None when the act was neither labelled nor heard."""
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)


class Part(_Value):
    """The figures over one set of turns."""

    turns: int
    acts: tuple[ActScore, ...]
    """Every act that was labelled or heard, in the order of `AgentAct`."""
    acts_exact: float
    """Share of the turns with exactly the labelled acts."""
    amounts_exact: float
    """Share of all turns with exactly the labelled sums, in order: finding none where none are is right too."""
    named_amounts_exact: float | None
    """The same over turns that name a sum; None when no turn does."""
    counts_exact: float
    """Share of all turns with exactly the labelled number of instalments."""
    named_counts_exact: float | None
    """The same over turns that name a number of instalments."""

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 over the acts that are labelled at least once."""
        scores = [score.f1 for score in self.acts if score.support and score.f1 is not None]
        return mean(scores) if scores else None

    @property
    def micro_f1(self) -> float | None:
        """F1 over all labels together; it also counts acts that were heard and labelled nowhere."""
        hits = sum(score.hits for score in self.acts)
        wrong = sum(score.false_alarms + score.misses for score in self.acts)
        return _share(2 * hits, 2 * hits + wrong)

    def score(self, act: AgentAct) -> ActScore:
        """Return how `act` was heard; all zeros when it was neither labelled nor heard."""
        empty = ActScore(act=act, hits=0, false_alarms=0, misses=0)
        return next((score for score in self.acts if score.act is act), empty)

    def worst(self, number: int) -> tuple[ActScore, ...]:
        """Return the labelled acts with the lowest F1, worst first."""
        labelled = [score for score in self.acts if score.support]
        return tuple(sorted(labelled, key=lambda score: (score.f1 or 0.0, score.act))[:number])


class SplitReport(_Value):
    """One language's turns of one split: all of them, and slice by slice."""

    language: Language
    split: Split
    whole: Part
    slices: dict[Slice, Part]


class PerceptionReport(_Value):
    """How a perceiver did, per language and split."""

    perceiver: str
    """Who was measured, as the caller names it."""
    parts: tuple[SplitReport, ...]

    def part(self, language: Language, split: Split) -> SplitReport:
        for report in self.parts:
            if (report.language, report.split) == (language, split):
                return report
        raise UsageError(f"no {split} turns in {language} were measured; choose a language and split with labels")


def labels_dir() -> Path:
    """Return the folder of labels, from the wheel or from a checkout."""
    return data_dir("labels")


def load_turns(path: Path) -> tuple[LabelledTurn, ...]:
    """Read a file of labelled turns; raise UsageError that names every wrong line."""
    turns, complaints = read_lines(path, lambda data, source: check(LabelledTurn, data, source))
    complaints += [f"{path}: the id {name} occurs twice; ids are unique" for name in twice(t.id for t in turns)]
    complaints += [f"{path}: this text occurs twice: {text}" for text in twice(t.text for t in turns)]
    if complaints:
        raise UsageError("\n".join(complaints))
    if not turns:
        raise UsageError(f"{path} holds no labelled turn; write one JSON object a line")
    return tuple(turns)


def labelled(language: Language) -> tuple[LabelledTurn, ...]:
    """Return the turns that come with borrowersim in `language`."""
    path = labels_dir() / "perception" / f"{language}.jsonl"
    turns = load_turns(path)
    strange = [turn.id for turn in turns if turn.language is not language]
    if strange:
        raise UsageError(f"{path}: not in {language}: {', '.join(strange)}; move them to their language's file")
    return turns


async def read_turns(perceiver: Perceiver, turns: Iterable[LabelledTurn]) -> tuple[Reading, ...]:
    """Let the perceiver hear each turn, in order."""
    return tuple([reading(turn, await perceiver.perceive(turn.text, turn.language)) for turn in turns])


async def measure(name: str, perceiver: Perceiver, turns: Sequence[LabelledTurn]) -> PerceptionReport:
    """Return how `perceiver`, called `name`, does on labelled turns."""
    return report(name, await read_turns(perceiver, turns))


def reading(turn: LabelledTurn, heard: Perceived) -> Reading:
    """Set what was heard beside the labels."""
    count = heard.offer.count if heard.offer else None
    return Reading(turn=turn, acts=heard.acts, amounts=heard.amounts, count=count)


def report(name: str, readings: Sequence[Reading]) -> PerceptionReport:
    """Return the figures of every language and split that has turns; pure."""
    parts = [
        SplitReport(language=language, split=split, whole=part(chosen), slices=_slices(chosen))
        for language in Language
        for split in SPLITS
        if (chosen := [r for r in readings if (r.turn.language, r.turn.split) == (language, split)])
    ]
    return PerceptionReport(perceiver=name, parts=tuple(parts))


def part(readings: Sequence[Reading]) -> Part:
    """Return the figures over these turns; pure."""
    if not readings:
        raise UsageError("no turn was read; choose a language, split or slice that has labels")
    return Part(
        turns=len(readings),
        acts=tuple(_act_scores(readings)),
        acts_exact=mean(r.acts_right for r in readings),
        amounts_exact=mean(r.amounts_right for r in readings),
        named_amounts_exact=_mean(r.amounts_right for r in readings if r.turn.amounts),
        counts_exact=mean(r.count_right for r in readings),
        named_counts_exact=_mean(r.count_right for r in readings if r.turn.count is not None),
    )


def markdown(measured: PerceptionReport) -> str:
    """Return the figures as tables: one line a language and split, then its slices and its acts."""
    head = "| language | split | turns | macro F1 | micro F1 | acts exact | sums exact | counts exact |"
    rows = [_row(p.language, p.split, p.whole) for p in measured.parts]
    blocks = [f"# Perception: {measured.perceiver}", "\n".join([head, "|---|---|---|---|---|---|---|---|", *rows])]
    for p in measured.parts:
        blocks += [f"## {p.language}, {p.split}", _slice_table(p), _act_table(p.whole)]
    return "\n\n".join(blocks) + "\n"


def _row(language: str, split: str, figures: Part) -> str:
    return (
        f"| {language} | {split} | {figures.turns} | {_shown(figures.macro_f1)} | {_shown(figures.micro_f1)} "
        f"| {_shown(figures.acts_exact)} | {_shown(figures.named_amounts_exact)} "
        f"| {_shown(figures.named_counts_exact)} |"
    )


def _slice_table(measured: SplitReport) -> str:
    rows = [
        f"| {name} | {p.turns} | {_shown(p.micro_f1)} | {_shown(p.acts_exact)} | {_shown(p.named_amounts_exact)} |"
        for name, p in measured.slices.items()
    ]
    return "\n".join(["| slice | turns | micro F1 | acts exact | sums exact |", "|---|---|---|---|---|", *rows])


def _act_table(figures: Part) -> str:
    rows = [
        f"| {s.act} | {s.support} | {_shown(s.precision)} | {_shown(s.recall)} | {_shown(s.f1)} |" for s in figures.acts
    ]
    return "\n".join(["| act | labelled | precision | recall | F1 |", "|---|---|---|---|---|", *rows])


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _act_scores(readings: Sequence[Reading]) -> Iterator[ActScore]:
    for act in AgentAct:
        seen = Counter((act in r.turn.acts, act in r.acts) for r in readings)
        hits, false_alarms, misses = seen[True, True], seen[False, True], seen[True, False]
        if hits or false_alarms or misses:
            yield ActScore(act=act, hits=hits, false_alarms=false_alarms, misses=misses)


def _slices(readings: Sequence[Reading]) -> dict[Slice, Part]:
    return {name: part(chosen) for name in SLICES if (chosen := [r for r in readings if r.turn.slice == name])}


def _mean(values: Iterable[bool]) -> float | None:
    known = list(values)
    return mean(known) if known else None


def _share(of: int, all_: int) -> float | None:
    return of / all_ if all_ else None
