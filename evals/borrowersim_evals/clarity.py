"""Clarity, found by code: a mark of 1-5 for each turn of the agent, and one for the talk."""

import re
from collections.abc import Sequence

from borrowersim.acts import AgentAct
from borrowersim.text import HAN, fold
from borrowersim_evals.features import Computed, Reading
from borrowersim_evals.marks import marked
from borrowersim_evals.rubric import rubric_of, weighed

WORST_SHARE = 0.3
"""Weight of the worst turn in the talk's mark: one dark hint is remembered."""
LONGEST_WORDS = 38
"""Words in a spoken English sentence; plain-language guides ask for 15-20 on average."""
LONGEST_HAN = 80
"""Chinese characters in a sentence; about 20 seconds of speech."""
LONGEST_CLAUSE_HAN = 34
"""Chinese characters without any pause."""
MOST_WORDS, MOST_HAN = 130, 230
"""Of a whole turn on the telephone: about a minute."""
WRITTEN_FACTOR = 2
"""A letter or an email is read at leisure."""
MANY_QUESTIONS = 3
UNTOLD = {"amount": -0.5, "date": -0.25, "options": -0.25}
"""What the talk's mark loses for each thing never told once money was the subject."""
ALL_TOLD = 0.25
"""What it gains when all of them were."""

_MONEY_MATTERS = frozenset(
    {
        AgentAct.OFFERS_PLAN,
        AgentAct.ASKS_PAYMENT,
        AgentAct.STATES_CONSEQUENCE,
        AgentAct.HINTS_VAGUELY,
        AgentAct.THREATENS,
        AgentAct.FALSE_CLAIM,
        AgentAct.FALSE_DEADLINE,
        AgentAct.PRESSURES,
    }
)
_PAYMENT = frozenset({AgentAct.ASKS_PAYMENT, AgentAct.PRESSURES, AgentAct.FALSE_DEADLINE})
_HAN_CHAR = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z0-9$£][\w'’,.$£-]*")
_PAUSE = re.compile(r"[,、;:,.!?。\n—…]")


def about_money(reading: Reading) -> bool:
    """Say whether a turn is about paying; only then does it owe amount, day and options."""
    if reading.acts & _MONEY_MATTERS or reading.perceived.amounts or "tone.command" in reading.cues:
        return True
    # "Take care of it soon" asks for money without the word.
    return "unclear.vague" in reading.cues and not reading.answers


def _asks_payment(reading: Reading) -> bool:
    return bool(reading.acts & _PAYMENT) or "tone.command" in reading.cues


def _dated(reading: Reading) -> bool:
    offer = reading.perceived.offer
    return "told.date" in reading.cues or bool(offer and (offer.start or offer.period != "once"))


def _no_amount(reading: Reading) -> bool:
    asks_them = AgentAct.ASKS_OPEN_QUESTION in reading.acts
    return _asks_payment(reading) and not (reading.perceived.amounts or reading.amounts_told or asks_them)


def _no_day(reading: Reading) -> bool:
    due = _asks_payment(reading) or AgentAct.OFFERS_PLAN in reading.acts
    return due and not _dated(reading) and AgentAct.ASKS_OPEN_QUESTION not in reading.acts


def _contradicts(reading: Reading) -> bool:
    fresh = [b for b in reading.balances if b not in reading.balances_told]
    return bool(fresh and reading.balances_told) and "told.correction" not in reading.cues


def _limit(reading: Reading, most: int) -> int:
    return most * WRITTEN_FACTOR if reading.written else most


def _long_sentence(reading: Reading) -> bool:
    folded = fold(reading.text)
    sentences = [folded.text[start:end] for start, end in folded.sentences()]
    if any(len(_WORD.findall(s)) > LONGEST_WORDS or len(_HAN_CHAR.findall(s)) > LONGEST_HAN for s in sentences):
        return True
    return any(len(_HAN_CHAR.findall(clause)) > LONGEST_CLAUSE_HAN for clause in _PAUSE.split(folded.text))


def _overloaded(reading: Reading) -> bool:
    words, han = len(_WORD.findall(reading.text)), len(_HAN_CHAR.findall(reading.text))
    return words > _limit(reading, MOST_WORDS) or han > _limit(reading, MOST_HAN)


def _one_question(reading: Reading) -> bool:
    rhetorical = any(cue.startswith(("tone.", "insult.")) for cue in reading.cues)
    return reading.perceived.questions == 1 and not rhetorical and not about_money(reading)


def _many_questions(reading: Reading) -> bool:
    return reading.perceived.questions >= MANY_QUESTIONS


def _unanswered(reading: Reading) -> bool:
    return any(asked in reading.asked and not _ANSWERED[asked](reading) for asked in _ANSWERED)


def _vague(reading: Reading) -> bool:
    """Vague words beside a sum and a day are a manner of speaking."""
    settled = bool(reading.perceived.amounts) and _dated(reading)
    return "unclear.vague" in reading.cues and not settled


_ANSWERED: Computed = {
    # Who is calling is answered before anything else; a counter-question for the name is none.
    "asks.who": lambda r: AgentAct.IDENTIFIES_SELF in r.acts or AgentAct.IDENTIFIES_SELF.value in r.told,
    # The sum may have to wait until the agent knows who is on the line.
    "asks.amount": lambda r: bool(r.perceived.amounts) or AgentAct.VERIFIES_IDENTITY in r.acts,
    "asks.consequence": lambda r: (
        bool(r.acts & {AgentAct.STATES_CONSEQUENCE, AgentAct.GIVES_RIGHTS, AgentAct.THREATENS, AgentAct.FALSE_CLAIM})
        or bool(r.cues & {"told.who_decides", "told.next_step"})
    ),
    "asks.options": lambda r: (
        bool(r.acts & {AgentAct.OFFERS_PLAN, AgentAct.OFFERS_HELP, AgentAct.ASKS_OPEN_QUESTION})
        or bool(r.cues & {"told.options", "told.next_step"})
        or bool(r.perceived.amounts)
    ),
}

COMPUTED: Computed = {
    "amount": lambda r: bool(r.perceived.amounts),
    "date": _dated,
    "one_question": _one_question,
    "no_amount": _no_amount,
    "no_day": _no_day,
    "contradiction": _contradicts,
    "long_sentence": _long_sentence,
    "overloaded": _overloaded,
    "unanswered": _unanswered,
    "many_questions": _many_questions,
    "vague": _vague,
    "wrong_language": lambda r: r.foreign,
}


def clarity_of(reading: Reading) -> tuple[int | None, tuple[str, ...]]:
    """Return the mark of a turn, None when there is nothing to judge, and the features that moved it."""
    if reading.empty or reading.filler:
        return None, ()
    rubric = rubric_of("clarity")
    computed = {name: test(reading) for name, test in COMPUTED.items()}
    names = rubric.shown(reading.acts, reading.cues, computed)
    return marked(reading, rubric, names), names


def weighed_clarity(marks: Sequence[int | None]) -> float | None:
    """Return the mark that the turns alone give a talk: their mean, with the worst weighing more."""
    value = weighed(marks, WORST_SHARE)
    return None if value is None else round(value, 2)


def talk_clarity(readings: Sequence[Reading], marks: Sequence[int | None]) -> float | None:
    """Return the talk's mark: its turns, and what was told over all of them.

    Whether amount, day and options were ever told counts only when money was the subject: an
    agent who meets a third party, a lawyer's client or a crisis has nothing to tell.
    """
    value = weighed(marks, WORST_SHARE)
    if value is None:
        return None
    if any(about_money(reading) for reading in readings):
        value += _told(readings)
    return round(max(1.0, min(5.0, value)), 2)


def _told(readings: Sequence[Reading]) -> float:
    told = {
        "amount": any(r.perceived.amounts for r in readings),
        "date": any(_dated(r) for r in readings),
        "options": any(AgentAct.OFFERS_PLAN in r.acts or "told.options" in r.cues for r in readings),
    }
    return ALL_TOLD if all(told.values()) else sum(UNTOLD[name] for name, was in told.items() if not was)
