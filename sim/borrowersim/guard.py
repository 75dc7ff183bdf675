"""The guard: is this a line that this borrower, doing this act, could say?

It names every fault of a line. A voice then tries again or falls back to the
phrasebook; what was kept back is counted as simulator health.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import opencc

from borrowersim.acts import BorrowerAct
from borrowersim.guard_acts import NO, YES, in_act, likeness, shows
from borrowersim.guard_names import speaks_as_another
from borrowersim.guard_words import words
from borrowersim.intent import Intent, last_agent_line, own_lines
from borrowersim.money import find_amounts
from borrowersim.orders import holds_order
from borrowersim.spoken import FAULTY, sounds, strange_share
from borrowersim.talk import Jurisdiction, Language, Talk
from borrowersim.text import fold, han_share, simplified


class FaultKind(StrEnum):
    """What can be wrong with a line."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ROLE_FLIP = "role_flip"
    REFUSAL = "refusal"
    STAGE_DIRECTION = "stage_direction"
    WRONG_LANGUAGE = "wrong_language"
    INVENTED_AMOUNT = "invented_amount"
    LEAK = "leak"
    STATE_LEAK = "state_leak"
    ASSISTANT_VOICE = "assistant_voice"
    OVER_ACTING = "over_acting"
    INJECTION = "injection"
    ECHO = "echo"
    OFF_ACT = "off_act"


MAX_WORDS = 55
MAX_HAN = 90
ECHO_RATIO = 0.72
"""Above this likeness a line repeats another; two free answers to one question rarely pass 0.6."""
ECHO_SHARE, ECHO_PAIRS = 0.6, 5
"""Share of the word pairs of two lines that both have, and their number, from which one repeats the other in another
order. Answers in the labelled talks and the clean lines reach 0.46."""
LEAK_SHARE = 0.5
"""Share of a secret's word pairs in a line from which it counts as told."""


def faults(line: str, intent: Intent, talk: Talk, *, strict: bool = False) -> list[FaultKind]:
    """Return what is wrong with a line; empty when it may leave.

    `strict` also wants every act to show in the words: for models too small to be trusted.
    """
    text = line.strip()
    if not text:
        return [FaultKind.EMPTY]
    checks: dict[FaultKind, bool] = {
        FaultKind.TOO_LONG: _too_long(text, talk.language),
        **_out_of_part(line, intent.persona.name, talk.language),
        FaultKind.INJECTION: _obeys(text, intent.act, talk),
        FaultKind.WRONG_LANGUAGE: _wrong_language(text, talk),
        FaultKind.INVENTED_AMOUNT: _invents(text, intent, talk.language),
        FaultKind.LEAK: _leaks(text, intent),
        FaultKind.ECHO: _echoes(text, talk),
        FaultKind.OFF_ACT: not in_act(text, intent.act, talk.language, intent.tells, strict=strict)
        or (strict and not _names_the_sum(text, intent, talk.language)),
    }
    checks[FaultKind.ROLE_FLIP] |= speaks_as_another(text, intent.act, intent.persona, talk)
    return [kind for kind, found in checks.items() if found]


OUT_OF_PART = (
    FaultKind.ROLE_FLIP,
    FaultKind.REFUSAL,
    FaultKind.STAGE_DIRECTION,
    FaultKind.STATE_LEAK,
    FaultKind.ASSISTANT_VOICE,
    FaultKind.OVER_ACTING,
)
"""Faults that the words alone show."""
FAULTY_FROM = {"en": 2.0, "zh": 1.0}
"""Strangeness from which a line counts as out of the part, whatever the expressions say. Chosen on lines of authors who
were left out of training: one or two in a hundred of their clean lines reach it."""


def _out_of_part(line: str, name: str, language: Language) -> dict[FaultKind, bool]:
    """Return for each fault of the words alone whether it is there: by an expression, or by the line's sound."""
    folded = fold(line).text.strip()
    found = {kind: bool(words(kind.value).search(folded)) for kind in OUT_OF_PART}
    found[FaultKind.STAGE_DIRECTION] |= _names_the_speaker(folded, name)
    found[FaultKind.OVER_ACTING] |= _shouts(line)
    sound = sounds(line.strip(), language)
    if _strangeness(sound) >= FAULTY_FROM[language.stem]:
        found[max(OUT_OF_PART, key=lambda kind: sound[kind])] = True
    return found


def _strangeness(sound: Mapping[str, float]) -> float:
    """Return how much a line sounds like a fault and like no act: a sum of log odds, 0 when nothing is known."""
    fault = max(sound[kind] for kind in OUT_OF_PART)
    act = max(sound[act] for act in BorrowerAct)
    return _log_odds(sound[FAULTY]) + _log_odds(fault) - _log_odds(act) / 2


def _log_odds(likelihood: float) -> float:
    sure = min(max(likelihood, 1e-6), 1 - 1e-6)
    return math.log(sure / (1 - sure))


def effect(kind: str, line: str, act: BorrowerAct, language: Language) -> Literal["helped", "hindered", "neutral"]:
    """Say what a faulty line would have done to the agent, had it left.

    A yes or a secret that the agent did not earn helps; a refusal to play, or a no where the
    borrower meant yes, hinders.
    """
    if kind in (FaultKind.LEAK, FaultKind.ROLE_FLIP):
        return "helped"
    if kind in (FaultKind.REFUSAL, FaultKind.WRONG_LANGUAGE, FaultKind.EMPTY):
        return "hindered"
    if act not in YES and any(shows(line, other, language) for other in YES):
        return "helped"
    if act in YES and any(shows(line, other, language) for other in NO):
        return "hindered"
    return "neutral"


def _names_the_speaker(folded: str, name: str) -> bool:
    """Say whether a line begins with the borrower's name and a colon, as in a script."""
    whole = fold(name).text
    return folded.startswith(tuple(f"{part}:" for part in (whole, *whole.split(), whole[-2:])))


def _shouts(text: str) -> bool:
    """Say whether three long words or more are in capitals; one or two are a raised voice."""
    return len(re.findall(r"\b[A-Z]{4,}\b", text)) >= 3


def _obeys(text: str, act: BorrowerAct, talk: Talk) -> bool:
    """Say whether a line may do what an order to the model in the agent's turn wants.

    After such a turn only what is plainly the chosen act, or puzzlement, may leave.
    """
    if not holds_order(last_agent_line(talk), talk.language):
        return False
    return not (
        words("puzzled").search(fold(text).text) or (shows(text, act, talk.language) and not _repeats_order(text, talk))
    )


def _repeats_order(text: str, talk: Talk) -> bool:
    """Say whether a line holds what the order put in quotation marks."""
    folded = fold(text).text
    quoted = _QUOTED.findall(fold(last_agent_line(talk)).text)
    return any(part.strip(" .!。") in folded for part in quoted)


_QUOTED = re.compile(r"[\"“「『']([^\"”」』']{2,60})[\"”」』']")


def _too_long(text: str, language: Language) -> bool:
    return len(text) > MAX_HAN if language.chinese else len(text.split()) > MAX_WORDS


def _wrong_language(text: str, talk: Talk) -> bool:
    if not any(char.isalpha() for char in text):
        return False
    if not talk.language.chinese:
        share = han_share(text)
        foreign = len(words("other_tongue").findall(fold(text).text))
        return share > 0.05 or foreign >= 2 or bool(_TURNED.search(text)) or strange_share(text) >= STRANGE
    cantonese = talk.jurisdiction is not Jurisdiction.HK and len(words("cantonese").findall(text)) >= 2
    other_script = talk.language is Language.ZH_CN and simplified(text) != text
    rest = _BORROWED.sub("", text)
    return (any(char.isalpha() for char in rest) and han_share(rest) < 0.6) or cantonese or other_script


STRANGE = 0.6
"""Share of words that no English line knows from which a line is in another language."""
_TURNED = re.compile("[¿¡]")
_BORROWED = re.compile(r"(?<![a-z])(?:no|ok|okay|bye|app|line|atm)(?![a-z])", re.IGNORECASE)
"""English words that Chinese lines hold every day."""


def _invents(text: str, intent: Intent, language: Language) -> bool:
    least = BARE_OF_SUM if intent.act in NAMES_SUM else BARE_LEAST
    named = (a for a in find_amounts(fold(text), language) if not a.bare or a.value >= least)
    return any(amount.value not in intent.amounts for amount in named)


BARE_LEAST = 100
"""Smaller numbers without a word for money are years, ages and times as often as sums."""
BARE_OF_SUM = 32
"""The same where the talk is of a sum: "eighty's my limit"; up to 31 it may be a day."""
NAMES_SUM = frozenset(
    {
        BorrowerAct.BARGAINS,
        BorrowerAct.ACCEPTS_PLAN,
        BorrowerAct.PROMISES_TO_PAY,
        BorrowerAct.REJECTS_UNAFFORDABLE,
        BorrowerAct.CORRECTS_AMOUNT,
    }
)


def _names_the_sum(text: str, intent: Intent, language: Language) -> bool:
    """Say whether a proposal or a correction names the sum that it is about."""
    slot = {BorrowerAct.BARGAINS: "instalment", BorrowerAct.CORRECTS_AMOUNT: "balance"}.get(intent.act)
    if slot is None or slot not in intent.slots:
        return True
    wanted = {a.value for a in find_amounts(fold(intent.slots[slot]), language)}
    return bool(wanted & {a.value for a in find_amounts(fold(text), language)})


def _leaks(text: str, intent: Intent) -> bool:
    return any(_share_of(tell, text) >= LEAK_SHARE for fact in intent.untold for tell in fact.tell)


def _share_of(secret: str, text: str) -> float:
    """Return the share of the secret's content that the text holds, by pairs of characters or words."""
    wanted = _pairs(secret)
    return len(wanted & _pairs(text)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    tokens = _TOKEN.findall(fold(text).text)
    return frozenset(itertools.pairwise(tokens))


_TOKEN = re.compile(r"[\u4e00-\u9fff]|[a-z0-9']+")


def _echoes(text: str, talk: Talk) -> bool:
    others = [last_agent_line(talk), *own_lines(talk)]
    return len(text) > 8 and any(_alike(text, other) or _turned_about(text, other) for other in others if other)


def _turned_about(text: str, other: str) -> bool:
    """Say whether a line says another's parts in another order."""
    ours, theirs = _pairs(text), _pairs(other)
    shared = len(ours & theirs)
    return shared >= ECHO_PAIRS and 2 * shared >= ECHO_SHARE * (len(ours) + len(theirs))


def _alike(text: str, other: str) -> bool:
    """Say whether a line repeats another; an upper bound of the likeness spares most of the work."""
    return _likeness_most(text, other) >= ECHO_RATIO and likeness(text, other) >= ECHO_RATIO


def _likeness_most(text: str, other: str) -> float:
    """Return the likeness that two lines would have if the order of their letters did not matter."""
    ours, theirs = _letters(text), _letters(other)
    shared = sum(min(count, theirs[letter]) for letter, count in ours.items() if letter in theirs)
    return 2 * shared / max(1, ours.total() + theirs.total())


@lru_cache(maxsize=1024)
def _letters(text: str) -> Counter[str]:
    return Counter(fold(text).text)


@lru_cache(maxsize=2)
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def in_script(text: str, language: Language) -> str:
    """Return the text in the language's own script; models mix Simplified and Traditional.

    A line that already holds Traditional characters is left alone: names such as 海岳 must stay.
    """
    if language is Language.ZH_TW and simplified(text) == text:
        converted: str = _to_traditional().convert(text)
        return converted
    return simplified(text) if language is Language.ZH_CN else text
