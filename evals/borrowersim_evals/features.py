"""What the marks read from one turn of the agent: its acts, its signs, and what came before it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from borrowersim.acts import HARMFUL, AgentAct, Perceived
from borrowersim.cues import CueFile, Lexicon, cues_in
from borrowersim.documents import load
from borrowersim.perception.lexical import perceive
from borrowersim.talk import Language, Speaker, Talk
from borrowersim.text import Folded, fold, han_share
from borrowersim_evals.identity import for_each_object
from borrowersim_evals.rubric import rubrics_dir
from borrowersim_evals.rules.balance import stated_totals
from borrowersim_evals.rules.state import Standing, standings

DEMANDS = HARMFUL | {AgentAct.ASKS_PAYMENT, AgentAct.HINTS_VAGUELY, AgentAct.STATES_CONSEQUENCE}
"""Acts that push towards paying."""
ANSWERS = frozenset(
    {
        AgentAct.EMPATHISES,
        AgentAct.REFLECTS,
        AgentAct.ASKS_OPEN_QUESTION,
        AgentAct.OFFERS_PLAN,
        AgentAct.OFFERS_HELP,
        AgentAct.APOLOGISES,
        AgentAct.CARES_IN_CRISIS,
        AgentAct.ACKNOWLEDGES_DISPUTE,
        AgentAct.ACKNOWLEDGES_LAWYER,
        AgentAct.ACKNOWLEDGES_CEASE,
    }
)
"""Acts that take up what the borrower said."""

_WHOLE_TURNS = frozenset({"unclear.filler", "unclear.fragment"})
"""Signs that say something of a turn only when they are all of it."""
_SAME_SENTENCE = 12
"""Folded characters below which a repeated sentence is no repetition: yes, thank you, 您好."""
_FOREIGN_LETTERS = 12
"""Letters below which a turn's language is not judged: names and product codes mix scripts."""


@dataclass(frozen=True)
class Reading:
    """One turn of the agent, read for the marks."""

    index: int
    text: str
    language: Language
    perceived: Perceived
    cues: frozenset[str]
    """Names of the shared cues and of the signs in it."""
    before: str
    """What the other side said right before; empty at the start."""
    asked: frozenset[str]
    """What the other side asked right before: asks.who, asks.amount, ..."""
    said: frozenset[str]
    """Shared cues in what the other side said right before, for example said.hardship."""
    standing: Standing
    told: frozenset[str]
    """Cues and signs of the agent's earlier turns."""
    amounts_told: bool
    """Has the agent named a sum of money in an earlier turn?"""
    balances: tuple[Decimal, ...]
    """Balances that this turn states."""
    balances_told: tuple[Decimal, ...]
    """Balances that earlier turns stated."""
    repeats: bool
    """Is a whole sentence of it one that the agent said before?"""
    foreign: bool
    """Is it in a script that neither the talk's language nor the borrower uses?"""
    written: bool
    """Is the channel one in which longer texts are read at leisure?"""

    @property
    def acts(self) -> frozenset[AgentAct]:
        return self.perceived.acts

    @property
    def demands(self) -> bool:
        """Does it push towards paying?"""
        return bool(self.acts & DEMANDS) or "tone.command" in self.cues

    @property
    def answers(self) -> bool:
        """Does it take up what the borrower said?"""
        return bool(self.acts & ANSWERS)

    @property
    def empty(self) -> bool:
        """Is there nothing in it that could be judged?"""
        return not any(char.isalnum() for char in self.text)

    @property
    def filler(self) -> bool:
        """Is it only a sound that keeps the line open?"""
        return "unclear.filler" in self.cues


Computed = dict[str, Callable[[Reading], bool]]
"""Features found by code: name -> test."""


@for_each_object(8)
def readings(talk: Talk) -> tuple[Reading, ...]:
    """Return the agent's turns, each read with what came before it; pure."""
    return tuple(_read(talk))


def reading_at(talk: Talk, turn: int) -> Reading:
    """Return one of the agent's turns, read with what came before it."""
    return next(reading for reading in _read(talk) if reading.index == turn)


def _read(talk: Talk) -> Iterator[Reading]:
    standing = standings(talk)
    foreign_ok = _scripts(talk)
    told: frozenset[str] = frozenset()
    sentences: set[str] = set()
    balances: tuple[Decimal, ...] = ()
    amounts = False
    for index, text in talk.agent_turns():
        perceived = perceive(text, talk.language)
        cues = _cue_names(text, talk.language)
        own = _sentences(fold(text))
        stated = _totals(text, talk.language)
        before = _before(talk, index)
        yield Reading(
            index=index,
            text=text,
            language=talk.language,
            perceived=perceived,
            cues=cues,
            before=before,
            asked=frozenset(name for name in signs_in(before, talk.language) if name.startswith("asks.")),
            said=frozenset(match.cue for match in cues_in(before, talk.language)),
            standing=standing[index],
            told=told,
            amounts_told=amounts,
            balances=stated,
            balances_told=balances,
            repeats=bool(own & sentences),
            foreign=_foreign(text, foreign_ok),
            written=talk.facts.channel in ("email", "letter"),
        )
        told |= cues
        sentences |= own
        balances += stated
        amounts = amounts or bool(perceived.amounts)


def signs_in(text: str, language: Language) -> frozenset[str]:
    """Return the names of the signs (evals/rubrics/signs) in a text."""
    return _signs_in(text, "zh" if language.chinese else "en")


@lru_cache(maxsize=8192)
def _signs_in(text: str, stem: str) -> frozenset[str]:
    lexicon, folded = _signs(stem), fold(text)
    return frozenset(
        name
        for start, end in folded.sentences()
        for name, cue in lexicon.cues.items()
        if any(True for _ in lexicon.matches(name, cue, folded, start, end))
    )


@lru_cache(maxsize=2)
def _signs(stem: str) -> Lexicon:
    return Lexicon(load(CueFile, rubrics_dir() / "signs" / f"{stem}.yaml"))


def _cue_names(text: str, language: Language) -> frozenset[str]:
    names = signs_in(text, language) | {match.cue for match in cues_in(text, language)}
    return names - _WHOLE_TURNS if len(fold(text).sentences()) > 1 else names


def _before(talk: Talk, index: int) -> str:
    """Return what others said between the agent's last turn and this one."""
    words: list[str] = []
    for turn in reversed(talk.turns[:index]):
        if turn.speaker is Speaker.AGENT:
            break
        words.insert(0, turn.text)
    return "\n".join(words)


def _sentences(text: Folded) -> set[str]:
    spans = (text.text[start:end].strip() for start, end in text.sentences())
    return {sentence for sentence in spans if len(sentence) >= _SAME_SENTENCE}


def _totals(text: str, language: Language) -> tuple[Decimal, ...]:
    return tuple(value for _, _, value in stated_totals(fold(text), cues_in(text, language), language))


def _scripts(talk: Talk) -> frozenset[str]:
    """Return the scripts that the borrower can be taken to read."""
    theirs = {_script(t.text) for t in talk.turns if t.speaker is not Speaker.AGENT}
    return frozenset({"han" if talk.language.chinese else "latin", *theirs} - {""})


@lru_cache(maxsize=8192)
def _script(text: str) -> str:
    if sum(char.isalpha() for char in text) < _FOREIGN_LETTERS:
        return ""
    return "han" if han_share(text) > 0.2 else "latin"


def _foreign(text: str, fine: frozenset[str]) -> bool:
    script = _script(text)
    return bool(script) and script not in fine
