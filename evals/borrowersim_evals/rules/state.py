"""What holds before each turn of the agent: from the facts, and from what the other side said.

The words that begin a state are cues named `said.<state>`; cues named `unsaid.<state>` end it.
`said.confirms_name` answers a question for the name, `said.owns_debt` speaks of the debt as
one's own: both make the speaker the verified borrower.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from borrowersim.acts import AgentAct, BorrowerAct
from borrowersim.cues import cues_in
from borrowersim.spoken import sounds
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk
from borrowersim.text import fold
from borrowersim_evals.identity import for_each_object
from borrowersim_evals.rules.aside import to_the_borrower
from borrowersim_evals.rules.pack import State

STATES: frozenset[State] = frozenset(get_args(State))
FROM_FACTS = -1
"""Where a state began that the facts tell of: before the first turn."""
_FACT_STATES: tuple[State, ...] = ("ceased", "represented", "bankrupt", "disputed", "time_barred")
_IDENTITY: frozenset[State] = frozenset({"verified", "unverified", "third_party"})


@dataclass(frozen=True)
class Standing:
    """The states that hold at one moment, and the turn at which each began."""

    began: Mapping[State, int]

    def holds(self, states: Iterable[State]) -> bool:
        """Say whether any of the states holds."""
        return any(state in self.began for state in states)

    @property
    def said(self) -> frozenset[str]:
        """The states that began in the talk itself; what only the facts tell was not just said."""
        return frozenset(state for state, index in self.began.items() if index > FROM_FACTS)

    def since(self, states: Iterable[State]) -> int | None:
        """Return the turn that began the latest of the states that hold, -1 for the facts; None if none holds."""
        turns = [self.began[state] for state in states if state in self.began]
        return max(turns) if turns else None


@for_each_object(8)
def standings(talk: Talk) -> Mapping[int, Standing]:
    """Return, for the index of each turn of the agent, what holds before it."""
    tracker = _Tracker(talk)
    found = {}
    for index, turn in enumerate(talk.turns):
        if turn.speaker is Speaker.AGENT:
            found[index] = Standing(MappingProxyType(dict(tracker.began)))
            tracker.agent_said(turn.text)
        else:
            tracker.answered(index, turn.speaker, turn.text)
    return found


class _Tracker:
    """Walks through a talk and keeps what holds."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.began: dict[State, int] = {}
        self._asked_name = False
        facts = talk.facts
        for state in _FACT_STATES:
            if getattr(facts, state):
                self.began[state] = FROM_FACTS
        for state in STATES - set(_FACT_STATES) - _IDENTITY:
            if (facts.model_extra or {}).get(state) is True:
                self.began[state] = FROM_FACTS
        self._is(_identity(talk), FROM_FACTS)

    def agent_said(self, text: str) -> None:
        self._asked_name = any(m.act is AgentAct.VERIFIES_IDENTITY for m in cues_in(text, self.talk.language))

    def answered(self, index: int, speaker: Speaker, text: str) -> None:
        """Take in what the borrower, or somebody else, said."""
        names = {m.cue for m in cues_in(text, self.talk.language)} | _sounded(text, self.talk.language)
        for state in STATES - _IDENTITY:
            if f"unsaid.{state}" in names:
                self.began.pop(state, None)
            elif f"said.{state}" in names:
                self._begin(state, index)
        if "said.refuses" in names and self.talk.jurisdiction is Jurisdiction.US and self._in_writing():
            self._begin("ceased", index)
        self._identify(index, speaker, names)
        self._asked_name = False

    def _begin(self, state: State, index: int) -> None:
        """Begin a state; under US law only writing ("stop contacting me", "I refuse to pay") ends all contact."""
        if state == "ceased" and not self._ends_contact():
            self.began.setdefault("medium_refused", index)
            return
        self.began.setdefault(state, index)

    def _ends_contact(self) -> bool:
        return self.talk.jurisdiction is not Jurisdiction.US or self._in_writing()

    def _in_writing(self) -> bool:
        return self.talk.facts.channel in ("sms", "email", "chat", "letter")

    def _identify(self, index: int, speaker: Speaker, names: set[str]) -> None:
        """Settle who is on the line after this answer."""
        if speaker is Speaker.OTHER or ("said.third_party" in names and "verified" not in self.began):
            self._is("third_party", index)
        elif self._confirms(names):
            self._is("verified", index)
        elif self._is_back_on_the_line():
            self._is("verified" if self.talk.facts.answered_by == "borrower" else "unverified", index)

    def _confirms(self, names: set[str]) -> bool:
        """Say whether this answer makes the speaker the borrower; a relative's "yes" does not."""
        if "third_party" in self.began:
            return "unsaid.third_party" in names
        return (self._asked_name and "said.confirms_name" in names) or "said.owns_debt" in names

    def _is_back_on_the_line(self) -> bool:
        """Say whether somebody else stood in, and the borrower speaks again."""
        return "third_party" in self.began and self.talk.facts.answered_by != "third_party" and self._other_spoke()

    def _other_spoke(self) -> bool:
        began = self.began["third_party"]
        return began >= 0 and self.talk.turns[began].speaker is Speaker.OTHER

    def _is(self, who: State, index: int) -> None:
        if who not in self.began:
            for state in _IDENTITY:
                self.began.pop(state, None)
            self.began[who] = index


_SOUNDS: dict[BorrowerAct, str] = {
    BorrowerAct.STATES_CEASE: "said.ceased",
    BorrowerAct.STATES_LAWYER: "said.represented",
    BorrowerAct.STATES_BANKRUPTCY: "said.bankrupt",
    BorrowerAct.STATES_IDENTITY_THEFT: "said.identity_theft",
    BorrowerAct.SIGNALS_CRISIS: "said.crisis",
    BorrowerAct.THIRD_PARTY: "said.third_party",
    BorrowerAct.PLEADS_HARDSHIP: "said.hardship",
}
"""What a statement is in the language of states, when no cue names its words."""
SOUNDED_FROM = 0.7
"""Likelihood from which a statement counts as made: a state binds the agent for the rest of the talk."""

BESIDE_MOST = 0.5
"""Likelihood of the next best act from which it is not: "they don't send lawyers for a few grand" is a doubt, too."""


def _sounded(text: str, language: Language) -> set[str]:
    """Return the states that a line begins by its sound; where a cue knows its words, the cue is right."""
    if any(m.cue.startswith("said.") for m in cues_in(text, language)) or _SUPPOSED.search(fold(text).text):
        return set()
    heard = sounds(to_the_borrower(text), language)
    next_best, likeliest = sorted(BorrowerAct, key=lambda act: heard[act])[-2:]
    sure = heard[likeliest] >= SOUNDED_FROM and heard[next_best] < BESIDE_MOST
    return {_SOUNDS[likeliest]} if sure and likeliest in _SOUNDS else set()


_SUPPOSED = re.compile(
    r"\b(?:might|may|could|if|thinking (?:of|about)|considering)\b|如果|要是|可能|考虑|打算|万一|再说下去"
)
"""What is only thought of begins no state."""


def _identity(talk: Talk) -> State:
    match talk.facts.answered_by:
        case "borrower":
            return "verified"
        case "third_party":
            return "third_party"
        case _:
            return "unverified"
