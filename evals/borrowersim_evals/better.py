"""A better line for a weak turn: curated, chosen by weakness, and checked before it is shown."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from borrowersim.documents import load
from borrowersim.money import say_sum
from borrowersim.phrasebook import SLOT, fill
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.rubric import rubric_of, rubrics_dir
from borrowersim_evals.rules.pack import Pack, Rule
from borrowersim_evals.verdict import Finding, TurnMarks

WEAK = 2
"""A mark up to here calls for a better line."""
FIT = 3
"""A line must reach this in both marks to be shown."""
_CURRENCIES = {"us": "USD", "uk": "GBP", "cn": "CNY", "tw": "TWD", "hk": "HKD"}
_OF_CUES = {"threat.": "threat", "insult.": "insult", "false.": "false_claim", "pressure.": "pressure",
            "deadline.": "pressure", "hint.": "vague", "disclose.": "disclosure"}  # fmt: skip
_OF_STATES = {
    "crisis": "crisis",
    "third_party": "disclosure",
    "represented": "lawyer",
    "ceased": "cease",
    "medium_refused": "cease",
    "inconvenient": "bad_time",
    "at_work": "bad_time",
    "disputed": "dispute",
    "identity_theft": "dispute",
    "paid": "dispute",
    "bankrupt": "stop",
    "discharged": "stop",
    "deceased": "stop",
    "hardship": "ignores_hardship",
    "asked_who": "unsaid",
    "asked_writing": "unsaid",
    "asked_human": "unsaid",
}
_OF_KINDS = {
    "prohibited_statement": "false_claim",
    "prohibited_conduct": "pressure",
    "required_statement": "unsaid",
    "required_conduct_after_trigger": "unsaid",
    "time_or_frequency_limit": "bad_time",
    "disclosure_privacy": "disclosure",
}


class Line(BaseModel):
    """One line, for all jurisdictions of its language or for some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, Field(min_length=1)]
    only: tuple[Jurisdiction, ...] = ()


class Weakness(BaseModel):
    """One weakness: the features that show it, and what to say instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    shown_by: Annotated[tuple[str, ...], Field(alias="from")]
    lines: dict[Language, tuple[Line, ...]]

    @field_validator("lines", mode="before")
    @classmethod
    def _short_form(cls, lines: object) -> object:
        """Let a plain string stand for a line that fits everywhere."""
        if not isinstance(lines, dict):
            return lines
        return {lang: [{"text": e} if isinstance(e, str) else e for e in entries] for lang, entries in lines.items()}


class Book(BaseModel):
    """All better lines (evals/rubrics/better.yaml)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    weaknesses: dict[str, Weakness]


@lru_cache(maxsize=1)
def book() -> Book:
    """Return the better lines that come with the product."""
    return load(Book, rubrics_dir() / "better.yaml")


def is_weak(marks: TurnMarks, findings: Sequence[Finding]) -> bool:
    """Say whether a turn calls for a better line: a low mark, or a breach."""
    low = any(mark is not None and mark <= WEAK for mark in (marks.respect, marks.clarity))
    return low or any(f.turn == marks.turn and f.status == "breach" for f in findings)


def weaknesses(marks: TurnMarks, findings: Iterable[Finding], pack: Pack | None) -> list[str]:
    """Return the weaknesses of a turn, the most pressing first: law, then manner, then information."""
    breached = [f.rule for f in findings if f.turn == marks.turn and f.status == "breach"]
    named = [name for rule in breached for name in _of_rule(pack.rule(rule))] if pack else []
    respect = _of_features("respect", marks.respect_why)
    clarity = _of_features("clarity", marks.clarity_why)
    first = ["crisis"] if "crisis" in (*named, *respect) else []
    return list(dict.fromkeys([*first, *named, *respect, *clarity]))


def _of_rule(rule: Rule) -> list[str]:
    """Return the weaknesses that a broken rule shows: by the states that wake it, its duties, its cues, its kind."""
    whens = (rule.when, *(detect.when for detect in rule.detect))
    by_state = [_OF_STATES[state] for when in whens for state in when.state if state in _OF_STATES]
    unsaid = ["unsaid"] if any(detect.absent for detect in rule.detect) else []
    cues = [cue for detect in rule.detect for cue in detect.cues]
    by_cue = [weakness for start, weakness in _OF_CUES.items() if any(cue.startswith(start) for cue in cues)]
    return [*by_state, *unsaid, *by_cue, _OF_KINDS[rule.kind]]


def _of_features(criterion: str, names: Iterable[str]) -> list[str]:
    """Return the weaknesses that features of one criterion show, the one that costs most first."""
    features = rubric_of("respect" if criterion == "respect" else "clarity").features
    down = sorted((n for n in names if features[n].step < 0), key=lambda n: features[n].step)
    shown = {feature: name for name, weakness in book().weaknesses.items() for feature in weakness.shown_by}
    return [shown[f"{criterion}.{name}"] for name in down if f"{criterion}.{name}" in shown]


def candidates(talk: Talk, names: Sequence[str], seed: int) -> Iterator[str]:
    """Yield the lines for these weaknesses in a seeded order, each filled in for this talk."""
    slots = _slots(talk)
    for name in names:
        lines = [line.text for line in book().weaknesses[name].lines[talk.language] if _fits(line, talk, slots)]
        # Lines that name what this talk is about come first; among equals the seed decides.
        Random(f"{seed}:{name}").shuffle(lines)
        for line in sorted(lines, key=lambda text: not SLOT.search(text)):
            yield fill(line, slots)


def _fits(line: Line, talk: Talk, slots: dict[str, str]) -> bool:
    here = not line.only or talk.jurisdiction in line.only
    return here and all(name in slots for name in SLOT.findall(line.text))


def _slots(talk: Talk) -> dict[str, str]:
    if talk.facts.balance is None:
        return {}
    balance = Decimal(str(talk.facts.balance))
    return {"balance": say_sum(balance, _CURRENCIES[talk.jurisdiction], talk.language)}


def with_line(talk: Talk, turn: int, line: str) -> Talk:
    """Return the talk up to a turn, with the line in that turn's place."""
    said = Turn(speaker=Speaker.AGENT, text=line)
    return talk.model_copy(update={"turns": (*talk.turns[:turn], said)})
