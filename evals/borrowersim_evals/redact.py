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

_DATES = re.compile(r"(?:(?:19|20)\d\d-\d\d-\d\d ?)+")
_DIGITS = re.compile(r"\D")


def _luhn(text: str) -> bool:
    """Say whether digits are a card number by their check digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in _DIGITS.sub("", text)][::-1]
    doubled = sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    return 13 <= len(digits) <= 19 and (sum(digits[::2]) + doubled) % 10 == 0


def _iban(text: str) -> bool:
    """Say whether letters and digits are an account number by their check digits (ISO 13616, ISO 7064 mod 97-10)."""
    packed = text.replace(" ", "")
    turned = packed[4:] + packed[:4]
    return 15 <= len(packed) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _no_dates(text: str) -> bool:
    """Say whether digits are more than dates that follow one another."""
    return not _DATES.fullmatch(text)


def _always(_: str) -> bool:
    return True


PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), _always),
    ("iban", re.compile(r"(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?(?![A-Za-z\d])"), _iban),
    ("id", re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"), _always),  # mainland resident identity number, GB 11643
    ("id", re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"), _always),  # US social security number
    ("id", re.compile(r"(?<![A-Za-z])[A-Z][1289]\d{8}(?!\d)"), _always),  # Taiwan national and resident numbers
    ("id", re.compile(r"(?<![A-Za-z])[A-Z]{1,2}\d{6}\([\dA]\)"), _always),  # Hong Kong identity card
    ("id", re.compile(r"(?<![A-Za-z])[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z])"), _always),  # UK NI
    ("card", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), _luhn),
    ("phone", re.compile(r"(?<!\d)\+\d{1,3}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}(?!\d)"), _always),
    ("account", re.compile(r"(?<![\d.,])\d(?:[ -]?\d){11,18}(?![\d.,]?\d)"), _no_dates),
    ("phone", re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), _always),  # mainland mobile
    ("phone", re.compile(r"(?<!\d)09\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)"), _always),  # Taiwan mobile
    ("phone", re.compile(r"(?<!\d)07\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)"), _always),  # UK mobile
    ("phone", re.compile(r"(?<!\d)\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?!\d)"), _always),  # North America
    ("phone", re.compile(r"(?<!\d)[2-9]\d{2}[2-9]\d{6}(?!\d)"), _always),  # the same, written in one piece
    ("phone", re.compile(r"(?<!\d)\(?0\d{1,4}\)?[ -]{1,2}\d{3,4}[ -]?\d{3,4}(?!\d)"), _always),  # with an area code
    ("phone", re.compile(r"(?<![\d.,$])[569]\d{3}[ -]\d{4}(?![\d.,]?\d)"), _always),  # Hong Kong mobile
)
"""(what stands in its place, form, does it count); the first that fits a place wins."""

Place = tuple[int, int, str]
"""Begin, end and kind of one piece of personal data."""


def redact(text: str) -> str:
    """Return the text with personal data replaced by its kind, for example [email]."""
    return _masked(text, places(text), 0, len(text))


def places(text: str) -> list[Place]:
    """Return where personal data stands in a text, in order."""
    found: list[Place] = []
    for kind, pattern, counts in PATTERNS:
        for match in pattern.finditer(text):
            if counts(match.group()):
                found.append((match.start(), match.end(), kind))
        for begin, end, _ in found:
            text = text[:begin] + "\0" * (end - begin) + text[end:]
    return sorted(found)


def _masked(text: str, found: list[Place], begin: int, end: int) -> str:
    """Return one stretch of a text, what is found in it replaced."""
    parts, at = [], begin
    for low, high, kind in found:
        if begin <= low and high <= end:
            parts += [text[at:low], f"[{kind}]"]
            at = high
    return "".join([*parts, text[at:end]])


def quoted(quote: str, text: str) -> str:
    """Return a quote from a text as it stands in the redacted text: half a number becomes its whole mask."""
    begin = text.find(quote)
    if begin < 0 or not quote:
        return redact(quote)
    found, end = places(text), begin + len(quote)
    cut = [place for place in found if place[0] < end and place[1] > begin]
    return _masked(text, found, min([begin, *(low for low, _, _ in cut)]), max([end, *(high for _, high, _ in cut)]))


def redacted(case: Case) -> Case:
    """Return a case whose texts and quotes hold no personal data that has a form; a quote still stands in its turn."""
    return Case(played=_played(case.played), score=_score(case.score, case.played.talk))


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


def _score(score: Score, talk: Talk) -> Score:
    legal = tuple(_finding(finding, talk) for finding in score.legal)
    turns = tuple(marks.model_copy(update={"better": redact(marks.better)}) for marks in score.turns)
    notes, unscored = tuple(map(redact, score.notes)), redact(score.unscored)
    return score.model_copy(update={"legal": legal, "turns": turns, "notes": notes, "unscored": unscored})


def _finding(finding: Finding, talk: Talk) -> Finding:
    turn = talk.turns[finding.turn].text if finding.turn < len(talk.turns) else ""
    return finding.model_copy(update={"quote": quoted(finding.quote, turn)})
