"""Three sentences for the person who made the call: what to keep, what to start, what to stop."""

from collections.abc import Iterator
from typing import NamedTuple

from borrowersim.persona import Archetype
from borrowersim_app.web.advice_words import FRAMES, KEEP, NOT_YET, START, STOP
from borrowersim_evals.case import Case
from borrowersim_evals.report.words import Row, Words
from borrowersim_evals.verdict import RANK, Finding, TurnMarks

NO_COLLECTING = {
    Archetype.WRONG_PERSON,
    Archetype.THIRD_PARTY,
    Archetype.REPRESENTED,
    Archetype.BANKRUPT,
    Archetype.CEASE_CONTACT,
    Archetype.CRISIS,
    Archetype.IDENTITY_THEFT,
}
"""Borrowers with whom a good call ends without a word about paying."""
LONGEST_QUOTE = 80


class Advice(NamedTuple):
    """One sentence each, in the talk's language."""

    keep: str
    start: str
    stop: str


def advice_on(case: Case, archetype: Archetype) -> Advice:
    """Return what to take along from a call, from its findings and marks."""
    words = Words(case.played.talk.language, FRAMES)
    return Advice(_keep(case, words), _start(case, archetype, words), _stop(case, words))


def reasons(marks: TurnMarks) -> Iterator[str]:
    """Yield what moved the marks of a turn, as `criterion.feature`."""
    yield from (f"respect.{name}" for name in marks.respect_why)
    yield from (f"clarity.{name}" for name in marks.clarity_why)


def _said(row: Row, words: Words) -> str:
    return Words(words.language, {"row": row})["row"]


def _turn(index: int, words: Words) -> str:
    return Words(words.language)["turn"].format(index + 1)


def _keep(case: Case, words: Words) -> str:
    """Praise what stood out in a turn that did no harm, the most telling first."""
    harmed = {finding.turn for finding in case.score.breaches}
    shown: dict[str, int] = {}
    for marks in case.score.turns:
        if marks.turn not in harmed and (marks.respect or 0) >= 3:
            for name in reasons(marks):
                shown.setdefault(name, marks.turn)
    best = next((name for name in KEEP if name in shown), None)
    if best is None:
        return words["keep_none"]
    return _first_large(words["keep"].format(what=_said(KEEP[best], words), turn=_turn(shown[best], words)))


def _start(case: Case, archetype: Archetype, words: Words) -> str:
    """Name what the law wanted said and was not, else the most needed thing that was never shown."""
    unsaid = [finding for finding in case.score.breaches if not finding.quote and finding.why]
    if unsaid:
        return words["start_unsaid"].format(what=_gravest(unsaid).why)
    shown = {name for marks in case.score.turns for name in reasons(marks)}
    left_out = NOT_YET if archetype in NO_COLLECTING else ()
    missing = next((name for name in START if name not in shown and name not in left_out), None)
    return words["start"].format(what=_said(START[missing], words)) if missing else words["start_none"]


def _stop(case: Case, words: Words) -> str:
    """Quote the gravest breach in words that were said, else name the worst habit."""
    quoted = [finding for finding in case.score.breaches if finding.quote and finding.why]
    if quoted:
        marks = {m.turn: m.respect or 5 for m in case.score.turns}
        worst = min(quoted, key=lambda f: (RANK[f.severity], marks.get(f.turn, 5), f.turn))
        return words["stop_quote"].format(what=_short(worst.quote), turn=_turn(worst.turn, words), why=worst.why)
    first = _habits(case)
    habit = next((name for name in STOP if name in first), None)
    if habit is None:
        return words["stop_none"]
    return _first_large(words["stop"].format(what=_said(STOP[habit], words), turn=_turn(first[habit], words)))


def _habits(case: Case) -> dict[str, int]:
    """Return each feature that a turn showed, with the first turn that did."""
    first: dict[str, int] = {}
    for marks in case.score.turns:
        for name in reasons(marks):
            first.setdefault(name, marks.turn)
    return first


def _gravest(findings: list[Finding]) -> Finding:
    return min(findings, key=lambda finding: (RANK[finding.severity], finding.turn))


def _first_large(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"
