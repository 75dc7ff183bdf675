"""Whether a line can be read back as the act that was chosen for it: by expressions, by its sound, by likeness."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from borrowersim.acts import BorrowerAct
from borrowersim.guard_words import words
from borrowersim.phrasebook import phrasebook_of
from borrowersim.readback import readback_of
from borrowersim.spoken import sounds
from borrowersim.talk import Language
from borrowersim.text import fold

YES = frozenset({BorrowerAct.ACCEPTS_PLAN, BorrowerAct.PROMISES_TO_PAY, BorrowerAct.FAKE_PROMISE})
NO = frozenset(
    {
        BorrowerAct.REFUSES,
        BorrowerAct.DENIES,
        BorrowerAct.DISPUTES,
        BorrowerAct.REJECTS_UNAFFORDABLE,
        BorrowerAct.COUNTER_THREATENS,
        BorrowerAct.STATES_CEASE,
    }
)
MUST_SHOW = YES | frozenset(
    {
        BorrowerAct.BARGAINS,
        BorrowerAct.REJECTS_UNAFFORDABLE,
        BorrowerAct.REFUSES,
        BorrowerAct.CORRECTS_AMOUNT,
        BorrowerAct.STATES_CEASE,
        BorrowerAct.ASKS_WHO,
        BorrowerAct.HANGS_UP,
        BorrowerAct.DENIES,
        BorrowerAct.DISPUTES,
    }
)
"""Acts that decide a talk: the words must show them, or agent and record would disagree."""

OWN_LEAST, LEAD_MOST = 0.22, 0.1
"""Likeness to the act's own lines from which a line counts as near, and by how much another act may
lead. Chosen on lines of the embedded model: what reads as off is mostly below, what reads well above."""


def in_act(
    text: str, act: BorrowerAct, language: Language, tells: tuple[str, ...] = (), *, strict: bool = False
) -> bool:
    """Say whether a line can be read back as the act: it shows it where that decides, and shows no opposite."""
    if act is BorrowerAct.TELLS_FACT:
        return not tells or max(likeness(text, tell) for tell in tells) >= 0.3
    sound = sounds(text, language)
    if _opposed(sound, act) or _takes_back(text, act):
        return False
    if strict:
        return _plainly(text, act, language)
    heard = sound[act] >= TRACE or max(sound[a] for a in _kin(act)) >= HEARD
    return act not in MUST_SHOW or heard or shows(text, act, language)


TRACE, HEARD, OPPOSITE, BESIDE, PLAIN = 0.03, 0.2, 0.3, 0.5, 0.4
"""Likelihoods of an act in a line: the least that a deciding act must have; enough for its kin, and beside an opposite
act; an opposite that is meant; the share of its likelihood that the act must have beside it; enough alone. Chosen on
lines of authors who were left out of training, each as the act that it does and as acts that it denies."""


def _kin(act: BorrowerAct) -> frozenset[BorrowerAct]:
    """Return the acts that mean the same to the talk: every kind of yes, every kind of no."""
    return YES if act in YES else NO if act in NO else frozenset({act})


CONTESTS = frozenset(
    {BorrowerAct.DENIES, BorrowerAct.DISPUTES, BorrowerAct.STATES_IDENTITY_THEFT, BorrowerAct.CORRECTS_AMOUNT}
)
"""Acts that say that the debt, or its sum, is not so."""
ADMITS = frozenset({BorrowerAct.WEIGHS, BorrowerAct.CONFIRMS_IDENTITY}) | YES
"""Acts that take it as so: "yes, that's my card, I know I owe it" weighs."""


WILLING = YES | frozenset(
    {
        BorrowerAct.THANKS,
        BorrowerAct.CALMS,
        BorrowerAct.WEIGHS,
        BorrowerAct.CONFIRMS_IDENTITY,
        BorrowerAct.ASKS_OPTIONS,
    }
)
"""Acts that come towards the agent."""
AGAINST = (
    NO
    | CONTESTS
    | frozenset(
        {
            BorrowerAct.HOSTILE,
            BorrowerAct.COUNTER_THREATENS,
            BorrowerAct.QUOTES_RULES,
            BorrowerAct.CALLS_OUT_THREAT,
            BorrowerAct.CALLS_OUT_IGNORED,
            BorrowerAct.CALLS_OUT_CONTRADICTION,
            BorrowerAct.STATES_CEASE,
            BorrowerAct.HANGS_UP,
            BorrowerAct.DOUBTS,
            BorrowerAct.DESPAIRS,
            BorrowerAct.SIGNALS_CRISIS,
            BorrowerAct.STATES_LAWYER,
            BorrowerAct.STATES_BANKRUPTCY,
            BorrowerAct.WRONG_PERSON,
            BorrowerAct.THIRD_PARTY,
        }
    )
)
"""Acts that turn from the agent or from the debt."""
MOOD, NO_TRACE, NEXT_TO = 0.4, 0.1, 0.2
"""Likelihood of an act of the other mood that is meant; below these nothing of the own mood is there."""


def _opposed(sound: Mapping[str, float], act: BorrowerAct) -> bool:
    """Say whether a line agrees or refuses, or comes near or turns away, where it should do the opposite."""
    if _outdone(sound, _kin(act), NO if act in YES else YES):
        return True
    if act in CONTESTS and _outdone(sound, CONTESTS, ADMITS):
        return True
    mine, others = (WILLING, AGAINST) if act in WILLING else (AGAINST, WILLING)
    against = max(sound[other] for other in others)
    return act in mine and against >= MOOD and max(sound[a] for a in mine) < max(NO_TRACE, NEXT_TO * against)


TAKES_BACK = {
    BorrowerAct.DENIES: "admits",
    BorrowerAct.DISPUTES: "admits",
    BorrowerAct.STATES_CEASE: "welcomes",
    BorrowerAct.ACCEPTS_PLAN: "withdraws",
    BorrowerAct.PROMISES_TO_PAY: "withdraws",
}
"""Acts, and the words that say the reverse."""


def _takes_back(text: str, act: BorrowerAct) -> bool:
    """Say whether a line owns the debt it should contest, welcomes calls it should end, or takes its yes back."""
    return act in TAKES_BACK and bool(words(TAKES_BACK[act]).search(fold(text).text))


def _outdone(sound: Mapping[str, float], meant: frozenset[BorrowerAct], others: frozenset[BorrowerAct]) -> bool:
    """Say whether one of the others is heard and next to it none that is meant."""
    against = max(sound[act] for act in others)
    return against >= OPPOSITE and max(sound[act] for act in meant) < max(HEARD, BESIDE * against)


NEARLY = 0.1
"""Likelihood that is enough for a line near the phrasebook's lines of the act."""


def _plainly(text: str, act: BorrowerAct, language: Language) -> bool:
    """Say whether a small model's line does the act beyond doubt."""
    heard = sounds(text, language)[act]
    near = shows(text, act, language) and sounds_like(text, act, language)
    return heard >= PLAIN or (near and heard >= NEARLY)


def sounds_like(text: str, act: BorrowerAct, language: Language) -> bool:
    """Say whether a line is near the phrasebook's lines of the act, and not much nearer to another's."""
    likeness = readback_of(language).likeness(text)
    if not likeness:
        return act is BorrowerAct.SILENT
    own = likeness.pop(act, 0.0)
    return own >= OWN_LEAST and max(likeness.values(), default=0.0) - own <= LEAD_MOST


def shows(text: str, act: BorrowerAct, language: Language) -> bool:
    """Say whether the words show the act, by the phrasebook's own expressions."""
    return bool(_shows(act, language).search(fold(text).text))


@lru_cache(maxsize=256)
def _shows(act: BorrowerAct, language: Language) -> re.Pattern[str]:
    patterns = phrasebook_of(language).acts[act].shows
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def likeness(text: str, other: str) -> float:
    return SequenceMatcher(None, fold(text).text, fold(other).text, autojunk=False).ratio()
