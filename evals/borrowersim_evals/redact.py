"""Take personal data out of the texts of a talk before they are stored.

Borrowers are invented; what an agent under test says may come from somebody's real systems.
Patterns find what has a form: addresses, numbers of phones, cards, accounts and identity
papers. Names and street addresses have none and stay.
"""

import re
from collections.abc import Callable

from borrowersim.record import Fault, Played
from borrowersim.talk import Talk
from borrowersim_evals.case import Case
from borrowersim_evals.verdict import Finding, Score

_DIGITS = re.compile(r"\D")


def _luhn(text: str) -> bool:
    """Say whether digits are a card number by their check digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in _DIGITS.sub("", text)][::-1]
    doubled = sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    return 13 <= len(digits) <= 19 and (sum(digits[::2]) + doubled) % 10 == 0


def _always(_: str) -> bool:
    return True


PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _always),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"), _always),
    ("id", re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"), _always),  # mainland resident identity number, GB 11643
    ("id", re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"), _always),  # US social security number
    ("id", re.compile(r"(?<![A-Za-z])[A-Z][12]\d{8}(?!\d)"), _always),  # Taiwan national identification number
    ("id", re.compile(r"(?<![A-Za-z])[A-Z]{1,2}\d{6}\([\dA]\)"), _always),  # Hong Kong identity card
    ("id", re.compile(r"(?<![A-Za-z])[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _always),  # UK NI number
    ("card", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), _luhn),
    ("account", re.compile(r"(?<![\d.,])\d(?:[ -]?\d){11,18}(?![\d.,]?\d)"), _always),
    ("phone", re.compile(r"(?<!\d)\+\d{1,3}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}(?!\d)"), _always),
    ("phone", re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), _always),  # mainland mobile
    ("phone", re.compile(r"(?<!\d)09\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)"), _always),  # Taiwan mobile
    ("phone", re.compile(r"(?<!\d)\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)"), _always),  # North America
    ("phone", re.compile(r"(?<!\d)0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)"), _always),  # UK and others, with an area code
)
"""(what stands in its place, form, does it count); the first that fits a place wins."""


def redact(text: str) -> str:
    """Return the text with personal data replaced by its kind, for example [email]."""
    for kind, pattern, counts in PATTERNS:
        text = pattern.sub(_mask(kind, counts), text)
    return text


def _mask(kind: str, counts: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    return lambda found: f"[{kind}]" if counts(found.group()) else found.group()


def redacted(case: Case) -> Case:
    """Return a case whose texts and quotes hold no personal data that has a form; a quote still stands in its turn."""
    return Case(played=_played(case.played), score=_score(case.score))


def _played(played: Played) -> Played:
    faults = tuple(_fault(fault) for fault in played.health.faults)
    health = played.health.model_copy(update={"faults": faults})
    update = {"talk": _talk(played.talk), "health": health, "failure": redact(played.failure)}
    return played.model_copy(update=update)


def _talk(talk: Talk) -> Talk:
    turns = tuple(turn.model_copy(update={"text": redact(turn.text)}) for turn in talk.turns)
    return talk.model_copy(update={"turns": turns, "note": redact(talk.note)})


def _fault(fault: Fault) -> Fault:
    return fault.model_copy(update={"line": redact(fault.line)})


def _score(score: Score) -> Score:
    legal = tuple(_finding(finding) for finding in score.legal)
    turns = tuple(marks.model_copy(update={"better": redact(marks.better)}) for marks in score.turns)
    return score.model_copy(update={"legal": legal, "turns": turns, "notes": tuple(map(redact, score.notes))})


def _finding(finding: Finding) -> Finding:
    return finding.model_copy(update={"quote": redact(finding.quote)})
