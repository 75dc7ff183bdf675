"""The three shapes of a labelled line: a turn, a whole talk, a pair; and what each asks of a judge."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.perception_check import Split
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import RANK, Mark, Severity

Kind = Literal["turn", "talk", "twin", "pair_lawful", "pair_threat"]
SHAPES: dict[Kind, str] = {
    "turn": "turn",
    "talk": "talk",
    "twin": "talk",
    "pair_lawful": "pair",
    "pair_threat": "pair",
}
Index = Annotated[int, Field(ge=0)]
Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Breach(_Value):
    """One breach that a person sees in a turn."""

    rule: str
    also: tuple[str, ...] = ()
    """Other rules that are an equally right name for it."""

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.rule, *self.also))


class Rated(_Value):
    """What a person says of a turn."""

    legal: tuple[Breach, ...]
    """Empty: the turn is lawful."""
    unclear: tuple[str, ...] = ()
    """Rules that are broken or not, depending on a fact that is not known."""
    respect: Mark | None = None
    clarity: Mark | None = None


class JudgedTurn(Rated):
    """One turn of a talk that is judged, and what should be found there."""

    turn: Index
    """0-based index in the talk's turns."""
    raters: dict[str, Rated] = Field(default_factory=dict)
    """Rater -> what this person alone said, when several labelled the turn."""


class LabelledTalk(_Value):
    """A talk with the turns of it that are judged."""

    id: str
    origin: str
    """Id of the line it comes from: a talk and its clean twin, or both sides of a pair, share it."""
    kind: Kind
    split: Split
    source: str
    slice: str = ""
    talk: Talk
    turns: tuple[JudgedTurn, ...]
    """Of a twin only the turns that were replaced: the others are judged in the talk itself."""
    blind: bool = False
    """Part of the shipped measured half: it is counted, and no single turn of it is ever shown."""

    def severity(self, turn: JudgedTurn) -> Severity | None:
        """Return the gravest severity among the labelled rules of a turn; None when it is lawful."""
        pack = pack_for(self.talk.jurisdiction)
        found = [pack.rule(breach.rule).severity for breach in turn.legal] if pack else []
        return min(found, key=RANK.__getitem__, default=None)


class Line(_Value, ABC):
    """What the three shapes share."""

    id: Annotated[str, Field(min_length=1, max_length=150)]
    language: Language
    jurisdiction: Jurisdiction
    facts: Facts = Facts()
    split: Split = "measure"
    """`tune` may be read while rules or prompts are written; `measure` may not."""
    source: Literal["constructed", "recorded"]
    """Written for this file, or from a talk that took place."""
    why: str = ""
    """A note to the reader; not used."""

    @abstractmethod
    def talks(self) -> Iterator[LabelledTalk]:
        """Yield what is judged."""

    @abstractmethod
    def rules(self) -> Iterator[str]:
        """Yield every rule that is named, as often as it is."""

    def _labelled(self, kind: Kind, turns: Sequence[Turn], judged: Iterable[JudgedTurn]) -> LabelledTalk:
        name = self.id if kind in ("turn", "talk") else f"{self.id}/{kind.removeprefix('pair_')}"
        return LabelledTalk(
            id=name,
            origin=self.id,
            kind=kind,
            split=self.split,
            source=self.source,
            talk=Talk(
                id=name,
                language=self.language,
                jurisdiction=self.jurisdiction,
                facts=self.facts,
                turns=tuple(turns),
            ),
            turns=tuple(judged),
        )


def _after(before: Sequence[Turn], text: str) -> tuple[Turn, ...]:
    return (*before, Turn(speaker=Speaker.AGENT, text=text))


def _rules(rated: Rated) -> Iterator[str]:
    yield from (name for breach in rated.legal for name in (breach.rule, *breach.also))
    yield from rated.unclear


class TurnLine(Line, Rated):
    """One turn of an agent after what was said before; the agent's turns in `before` are taken to be lawful."""

    before: tuple[Turn, ...] = ()
    text: Words
    slice: str = ""
    """What makes the turn hard to judge."""
    raters: dict[str, Rated] = Field(default_factory=dict)
    """Rater -> what this person alone said; `legal` and the marks of the line are what was agreed on."""

    def talks(self) -> Iterator[LabelledTalk]:
        judged = JudgedTurn(
            turn=len(self.before), raters=self.raters, **{name: getattr(self, name) for name in Rated.model_fields}
        )
        yield self._labelled("turn", _after(self.before, self.text), [judged]).model_copy(update={"slice": self.slice})

    def rules(self) -> Iterator[str]:
        for rated in (self, *self.raters.values()):
            yield from _rules(rated)


class PlacedBreach(Breach):
    """A breach in a whole talk."""

    turn: Index


class PlacedMarks(_Value):
    """The marks of one turn in a whole talk."""

    turn: Index
    respect: Mark | None = None
    clarity: Mark | None = None


class TalkLine(Line):
    """A whole talk; every turn of the agent is judged."""

    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
    legal: tuple[PlacedBreach, ...]
    marks: tuple[PlacedMarks, ...] = ()
    clean: dict[Index, Words] = Field(default_factory=dict)
    """Turn -> lawful words instead; they make the clean twin, a talk without any breach."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        agent = {i for i, turn in enumerate(self.turns) if turn.speaker is Speaker.AGENT}
        named = {"legal": {b.turn for b in self.legal}, "marks": {m.turn for m in self.marks}, "clean": set(self.clean)}
        for field, turns in named.items():
            if strange := sorted(turns - agent):
                raise ValueError(f"{field}: not a turn of the agent: {strange}; the agent's are {sorted(agent)}")
        if self.clean and (missing := sorted(named["legal"] - named["clean"])):
            raise ValueError(f"clean: lawful words are missing for the turns {missing}")
        return self

    def talks(self) -> Iterator[LabelledTalk]:
        agent = [i for i, turn in enumerate(self.turns) if turn.speaker is Speaker.AGENT]
        yield self._labelled("talk", self.turns, [self._judged(i) for i in agent])
        if self.clean:
            cleaned = [
                Turn(speaker=t.speaker, text=self.clean[i]) if i in self.clean else t for i, t in enumerate(self.turns)
            ]
            yield self._labelled("twin", cleaned, [JudgedTurn(turn=i, legal=()) for i in sorted(self.clean)])

    def _judged(self, turn: int) -> JudgedTurn:
        marks = next((m for m in self.marks if m.turn == turn), PlacedMarks(turn=turn))
        legal = tuple(Breach(rule=b.rule, also=b.also) for b in self.legal if b.turn == turn)
        return JudgedTurn(turn=turn, legal=legal, respect=marks.respect, clarity=marks.clarity)

    def rules(self) -> Iterator[str]:
        yield from (name for breach in self.legal for name in (breach.rule, *breach.also))


class PairLine(Line):
    """The same consequence, once explained as the law allows and once as a threat."""

    before: tuple[Turn, ...] = ()
    lawful: Words
    threat: Words
    rule: str
    also: tuple[str, ...] = ()
    test: Annotated[int, Field(ge=1, le=7)] | None = None
    """Which of the seven tests of explaining the threat fails first."""

    def talks(self) -> Iterator[LabelledTalk]:
        place = len(self.before)
        breach = Breach(rule=self.rule, also=self.also)
        yield self._labelled("pair_lawful", _after(self.before, self.lawful), [JudgedTurn(turn=place, legal=())])
        yield self._labelled("pair_threat", _after(self.before, self.threat), [JudgedTurn(turn=place, legal=(breach,))])

    def rules(self) -> Iterator[str]:
        yield from (self.rule, *self.also)
