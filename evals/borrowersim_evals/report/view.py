"""One talk as the template wants it: turns cut at their quotes, findings numbered, facts named."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from borrowersim.acts import Offer
from borrowersim.mind.ability import affordable
from borrowersim.persona import Persona
from borrowersim.record import Played
from borrowersim.talk import Facts, Turn
from borrowersim_evals.case import Case
from borrowersim_evals.report.curve import draw_curve, draw_spark, turning_points
from borrowersim_evals.report.figures import TalkVerdict, talk_verdict
from borrowersim_evals.report.summary import gravity, legally_judged, worst
from borrowersim_evals.report.words import Words
from borrowersim_evals.rubric import Criterion, rubric_of
from borrowersim_evals.verdict import RANK, Finding, TurnMarks


@dataclass(frozen=True)
class Numbered:
    """A finding with its number in the talk, gravest first."""

    number: int
    finding: Finding
    found: bool
    """The quote stands in its turn, word for word."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a turn with the findings whose quotes cover it."""

    text: str
    covered_by: tuple[Numbered, ...] = ()
    ends: tuple[Numbered, ...] = ()
    """Findings whose quote ends here: the place for their reference."""

    @property
    def look(self) -> str:
        """Return `breach` when any finding here is one."""
        return "breach" if any(n.finding.status == "breach" for n in self.covered_by) else "cannot_tell"


@dataclass(frozen=True)
class TurnView:
    """One turn, ready to print."""

    index: int
    turn: Turn
    pieces: list[Piece]
    unsaid: list[Numbered]
    """Findings without a quote: something that should have been said."""
    marks: TurnMarks | None = None
    respect_why: list[str] = field(default_factory=list)
    clarity_why: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    phrasebook: bool = False


@dataclass(frozen=True)
class TalkView:
    """One talk, ready to print."""

    case: Case
    words: Words
    anchor: str
    persona: Persona | None
    turns: list[TurnView]
    findings: list[Numbered]
    curve: Markup
    turnings: list[dict[str, str | int]]
    plan: str
    fits: bool | None
    """Is the plan within what was affordable? None without a plan or a known household."""
    facts: list[tuple[str, str]]
    """What it was -> told, volunteered, or never told."""
    known: list[str]
    lean: bool = False
    """Shown with little markup, since the run is large."""

    @property
    def verdict(self) -> TalkVerdict:
        return talk_verdict(self.case)

    @property
    def breach(self) -> Finding | None:
        """Return the gravest breach; doubts are none."""
        return worst(self.case.score.breaches)

    @property
    def rank(self) -> int:
        """Return 0 for a critical breach to 3 for none, to sort by."""
        return RANK[self.breach.severity] if self.breach else len(RANK)

    @property
    def played(self) -> Played:
        return self.case.played

    @property
    def legally_judged(self) -> bool:
        return legally_judged(self.case.score)

    def better(self, turn: int) -> str:
        """Return the better line for a turn; empty when there is none."""
        return next((marks.better for marks in self.case.score.turns if marks.turn == turn), "")

    @property
    def worst(self) -> Finding | None:
        return worst(self.case.score.legal)


def view_talk(case: Case, persona: Persona | None, anchor: str, *, lean: bool = False) -> TalkView:
    """Prepare one talk in its own language; `anchor` begins every id in its part of the page."""
    played, words = case.played, Words(case.played.talk.language)
    findings = number_findings(case)
    return TalkView(
        case=case,
        words=words,
        anchor=anchor,
        persona=persona,
        turns=_turns(case, findings, words),
        findings=findings,
        curve=draw_spark(played.opening, played.moments, words)
        if lean
        else draw_curve(played.opening, played.moments, words, f"{anchor}-curve"),
        turnings=_turnings(played, words),
        plan=say_offer(played.plan, persona, words) if played.plan else "",
        fits=affordable(played.plan, persona, played.dials) if played.plan and persona else None,
        facts=_private(played, persona),
        known=[] if lean else say_facts(played.talk.facts, words),
        lean=lean,
    )


def number_findings(case: Case) -> list[Numbered]:
    """Number the findings, gravest first, and check that each quote stands in its turn."""
    turns = case.played.talk.turns
    ordered = sorted(case.score.legal, key=gravity)
    return [
        Numbered(number, finding, finding.turn < len(turns) and finding.quote in turns[finding.turn].text)
        for number, finding in enumerate(ordered, 1)
    ]


def cut(text: str, findings: Sequence[Numbered]) -> list[Piece]:
    """Cut a turn where quotes begin and end, so that quotes may overlap."""
    spans = _spans(text, findings)
    edges = sorted({0, len(text), *(edge for _, start, end in spans for edge in (start, end))})
    return [
        Piece(
            text[start:end],
            tuple(n for n, first, last in spans if first <= start and end <= last),
            tuple(n for n, _, last in spans if last == end),
        )
        for start, end in pairwise(edges)
    ]


def _spans(text: str, findings: Sequence[Numbered]) -> list[tuple[Numbered, int, int]]:
    """Place each quote; when one rule has the same quote again, it means the next occurrence."""
    spans: list[tuple[Numbered, int, int]] = []
    after: dict[tuple[str, str], int] = {}
    for numbered in findings:
        quote, key = numbered.finding.quote, (numbered.finding.rule, numbered.finding.quote)
        start = text.find(quote, after.get(key, 0))
        start = start if start >= 0 else text.find(quote)
        if quote and start >= 0:
            spans.append((numbered, start, start + len(quote)))
            after[key] = start + len(quote)
    return spans


def _turns(case: Case, findings: Sequence[Numbered], words: Words) -> list[TurnView]:
    marks = {mark.turn: mark for mark in case.score.turns}
    moments = {moment.turn: moment for moment in case.played.moments}
    views = []
    for index, turn in enumerate(case.played.talk.turns):
        here = [n for n in findings if n.finding.turn == index]
        mark = marks.get(index)
        moment, answer = moments.get(index), moments.get(index + 1)
        views.append(
            TurnView(
                index=index,
                turn=turn,
                pieces=cut(turn.text, here),
                unsaid=[n for n in here if not n.finding.quote],
                marks=mark,
                respect_why=[_reason("respect", name, words) for name in mark.respect_why] if mark else [],
                clarity_why=[_reason("clarity", name, words) for name in mark.clarity_why] if mark else [],
                heard=[words.name("act", act) for act in answer.heard] if answer and turn.speaker == "agent" else [],
                phrasebook=bool(moment and moment.from_phrasebook),
            )
        )
    return views


def _reason(criterion: Criterion, name: str, words: Words) -> str:
    """Return what moved a mark, as the rubric calls it; a judge's own words speak for themselves."""
    feature = rubric_of(criterion).features.get(name)
    return feature.label.of(words.language) if feature else name.replace("_", " ")


def _turnings(played: Played, words: Words) -> list[dict[str, str | int]]:
    return [
        {
            "letter": "ABC"[rank],
            "turn": point.turn,
            "feeling": words.name("feeling", point.feeling),
            "change": f"{point.change:+.1f}".replace("-", "−"),
            "heard": words["list"].join(words.name("act", act) for act in point.heard),
        }
        for rank, point in enumerate(turning_points(played.opening, played.moments))
    ]


def say_sum(value: Decimal, persona: Persona | None) -> str:
    """Return a sum with its currency's code where that is known: USD 1,200."""
    digits = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{persona.debt.currency} {digits}" if persona else digits


def say_offer(offer: Offer, persona: Persona | None, words: Words) -> str:
    """Return an offer in words: USD 60 a month, 6 times, from the fifteenth."""
    if offer.in_full:
        parts = [words.name("offer", "in_full")]
    elif offer.amount is None:
        parts = [words.name("offer", "open")]
    else:
        parts = [words.name("period", offer.period).format(say_sum(offer.amount, persona))]
    parts += [words.name("offer", "count").format(offer.count)] if offer.count else []
    parts += [words.name("offer", "start").format(offer.start)] if offer.start else []
    return words["comma"].join(parts)


def _private(played: Played, persona: Persona | None) -> list[tuple[str, str]]:
    """Pair each private fact with how it came out; without the persona, only what was told."""
    last = played.moments[-1].hidden if played.moments else played.opening
    about = {fact.id: fact.about for fact in persona.private} if persona else {}
    ids = [*last.told, *(fact_id for fact_id in about if fact_id not in last.told)]
    return [(about.get(fact_id, fact_id), _how(fact_id, last.told, last.volunteered)) for fact_id in ids]


def _how(fact_id: str, told: Sequence[str], volunteered: Sequence[str]) -> str:
    if fact_id in volunteered:
        return "volunteered"
    return "told" if fact_id in told else "never_told"


def say_facts(facts: Facts, words: Words, without: Container[str] = ()) -> list[str]:
    """Return what is known in a few phrases: each value, then what holds, then what does not."""
    known = {name: value for name, value in facts.model_dump(exclude_none=True).items() if name not in without}
    values = [f"{words.name('fact', n)} {_say_fact(v, words)}" for n, v in known.items() if not isinstance(v, bool)]
    for truth in (True, False):
        names = [words.name("fact", name) for name, value in known.items() if value is truth]
        answer = words["yes" if truth else "no"]
        values += [f"{answer}{words['colon']}{words['list'].join(names)}"] if names else []
    return values


def _say_fact(value: object, words: Words) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return words.name("value", value) if isinstance(value, str) else str(value)
