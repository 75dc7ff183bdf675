"""What holds before each turn of the agent: from the facts, and from what the other side said.

The words that begin a state are cues named `said.<state>`; cues named `unsaid.<state>` end it.
`said.confirms_name` answers a question for the name, `said.owns_debt` speaks of the debt as
one's own: both make the speaker the verified borrower.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from borrowersim.acts import AgentAct
from borrowersim.cues import cues_in
from borrowersim.talk import Jurisdiction, Speaker, Talk
from borrowersim_evals.identity import for_each_object
from borrowersim_evals.rules.pack import State
from borrowersim_evals.rules.sounded import sounded

STATES: frozenset[State] = frozenset(get_args(State))
FROM_FACTS = -1
"""Where a state began that the facts tell of: before the first turn."""
_FACT_STATES: tuple[State, ...] = ("ceased", "represented", "bankrupt", "disputed", "time_barred")
_MESSAGES = ("sms", "email", "letter")
"""Channels on which nobody answers first: what the file tells is due in the first message."""
_IDENTITY: frozenset[State] = frozenset({"verified", "unverified", "third_party"})
_LASTING: frozenset[State] = frozenset({"crisis", "hardship"})
"""How somebody is; who calls with such a note on file owes care without being told again."""
_OWN: frozenset[State] = frozenset({"disputed", "identity_theft", "paid", "time_barred", "hardship"})
"""What only the borrower can say of the debt; somebody else's "it's not me" contests nothing."""


@dataclass(frozen=True)
class Standing:
    """The states that hold at one moment, and the turn at which each began."""

    began: Mapping[State, int]
    reached: int | None = None
    """The turn by which the borrower was on the line and had spoken; -1 for a message, None before that."""

    def holds(self, states: Iterable[State]) -> bool:
        """Say whether any of the states holds."""
        return any(state in self.began for state in states)

    @property
    def said(self) -> frozenset[str]:
        """The states that began in the talk itself; what only the facts tell was not just said."""
        return frozenset(state for state, index in self.began.items() if index > FROM_FACTS)

    def due_since(self, states: Iterable[State]) -> int | None:
        """Return the turn from which the latest of the states that hold asks the agent to do something.

        What was said is due from the turn that said it. How somebody is (`crisis: true`) the agent
        knew all along, but can speak of it only once the borrower has answered (`reached`). What
        the file has on record (a dispute, a complaint) was acknowledged then. None when nothing is due.
        """
        held = [state for state in states if state in self.began]
        triggers = [state for state in held if state not in _IDENTITY] or held
        turns = [self._due(state) for state in triggers]
        return max((turn for turn in turns if turn is not None), default=None)

    def _due(self, state: State) -> int | None:
        if self.began[state] > FROM_FACTS or state in _IDENTITY:
            return self.began[state]
        return self.reached if state in _LASTING else None

    def on_file(self, states: Iterable[State]) -> bool:
        """Say whether only the file tells what else would have been said in the talk: a crisis, hardship."""
        held = [state for state in states if state in self.began and state not in _IDENTITY]
        return any(state not in _FACT_STATES for state in held) and all(self.began[s] == FROM_FACTS for s in held)


@for_each_object(8)
def standings(talk: Talk) -> Mapping[int, Standing]:
    """Return, for the index of each turn of the agent, what holds before it."""
    tracker = _Tracker(talk)
    found = {}
    for index, turn in enumerate(talk.turns):
        if turn.speaker is Speaker.AGENT:
            found[index] = Standing(MappingProxyType(dict(tracker.began)), tracker.reached)
            tracker.agent_said(turn.text)
        else:
            tracker.answered(index, turn.speaker, turn.text)
    return found


class _Tracker:
    """Walks through a talk and keeps what holds."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.began: dict[State, int] = {}
        self.reached = FROM_FACTS if talk.facts.channel in _MESSAGES else None
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
        names = self._names(text)
        stranger = self._is_stranger(speaker, names)
        for state in STATES - _IDENTITY:
            if f"unsaid.{state}" in names:
                self.began.pop(state, None)
            elif f"said.{state}" in names and not (stranger and state in _OWN):
                self._begin(state, index)
        if "said.refuses" in names and self.talk.jurisdiction is Jurisdiction.US and self._in_writing():
            self._begin("ceased", index)
        self._identify(index, speaker, names)
        if self.reached is None and "verified" in self.began:
            self.reached = index
        self._asked_name = False

    def _names(self, text: str) -> set[str]:
        """Return the cues that a line shows, and what it sounds like."""
        language, known = self.talk.language, self.talk.facts.answered_by == "borrower"
        return {m.cue for m in cues_in(text, language)} | sounded(text, language, known_borrower=known)

    def _is_stranger(self, speaker: Speaker, names: set[str]) -> bool:
        """Say whether this line is somebody's who is no party to the debt: "wrong number, it's not me"."""
        return speaker is Speaker.OTHER or ("said.third_party" in names and "verified" not in self.began)

    def _begin(self, state: State, index: int) -> None:
        """Begin a state.

        Under US law only writing ("stop contacting me", "I refuse to pay") ends all contact. Who
        is known to be the borrower mourns somebody else.
        """
        if state == "deceased" and "verified" in self.began:
            return
        if state == "ceased" and not self._ends_contact():
            state = "medium_refused"
        if self.began.get(state, FROM_FACTS) == FROM_FACTS:  # what the file knew is now said, and asks for an answer
            self.began[state] = index

    def _ends_contact(self) -> bool:
        return self.talk.jurisdiction is not Jurisdiction.US or self._in_writing()

    def _in_writing(self) -> bool:
        return self.talk.facts.channel in ("sms", "email", "chat", "letter")

    def _identify(self, index: int, speaker: Speaker, names: set[str]) -> None:
        """Settle who is on the line after this answer."""
        if self._is_stranger(speaker, names):
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


def _identity(talk: Talk) -> State:
    match talk.facts.answered_by:
        case "borrower":
            return "verified"
        case "third_party":
            return "third_party"
        case _:
            return "unverified"
