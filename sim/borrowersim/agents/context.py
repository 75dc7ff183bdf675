"""What an agent under test is given: the words of the talk and the case file, never the hidden side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from uuid import uuid4

from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError
from borrowersim.models.form import excerpt
from borrowersim.talk import Speaker, Talk

OPENING = {"en": "(The phone is answered.)", "zh-CN": "（电话接通了。）", "zh-TW": "（電話接通了。）"}
"""What an agent is told first: chat services want a user's turn to answer."""
LONGEST = 20_000
"""Characters of the longest turn that a talk can hold."""


class Said(TypedDict):
    """One message of a talk as the agent sees it: the borrower is the user, the agent the assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Context:
    """What a Python agent gets beside the words."""

    conversation_id: str
    """The same through one talk; a new one for every talk, repeats included."""
    language: str
    """en, zh-CN or zh-TW."""
    jurisdiction: str
    """us, cn, tw, hk or uk."""
    turn: int
    """Number of the turn that is asked for, from 1."""
    briefing: tuple[tuple[str, str], ...]
    """The case file as (label, value) lines in the talk's language."""
    case: Mapping[str, str | int | float]
    """The case file as fields; see `case_fields`."""

    @property
    def card(self) -> str:
        """The case file as text, one line a field, fit for a prompt."""
        return card(self.briefing)


def context_of(case: Briefing, conversation_id: str, turn: int) -> Context:
    """Return the context of one turn."""
    return Context(
        conversation_id=conversation_id,
        language=case.language.value,
        jurisdiction=case.jurisdiction.value,
        turn=turn,
        briefing=tuple(case.lines()),
        case=case_fields(case),
    )


def case_fields(case: Briefing) -> dict[str, str | int | float]:
    """Return the fields of the case file; sums are numbers in `currency`."""
    return {
        "name": case.addressed,
        "full_name": case.name,
        "creditor": case.creditor,
        "product": case.product,
        "currency": case.currency,
        "balance": float(case.balance),
        "principal": float(case.principal),
        "fees": float(case.fees),
        "days_overdue": case.days_overdue,
        "account_ending": case.account_ending,
        "contact_history": case.contact_history,
        "language": case.language,
        "jurisdiction": case.jurisdiction,
        "card": card(case.lines()),
    }


def card(lines: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> str:
    """Return (label, value) lines as text."""
    return "\n".join(f"{label}: {value}" for label, value in lines)


def history(talk: Talk) -> list[Said]:
    """Return all that was said; it begins with OPENING and ends with the borrower's last words."""
    said = [Said(role="user", content=OPENING[talk.language])]
    for turn in talk.turns:
        role = "assistant" if turn.speaker is Speaker.AGENT else "user"
        said.append(Said(role=role, content=turn.text))
    return said


def turn_number(talk: Talk) -> int:
    """Return the number of the agent's turn that comes next, from 1."""
    return len(talk.agent_turns()) + 1


def fresh_id(talk_id: str) -> str:
    """Return a conversation id that no earlier talk had: services remember talks by their id."""
    return f"{talk_id}-{uuid4().hex[:12]}"


def spoken_text(value: object, name: str) -> str:
    """Return the agent's words; raise AgentError when they are not words that can be said."""
    if not isinstance(value, str):
        raise AgentError(
            f"the agent {name} answered {excerpt(repr(value), 80)}, which is not text; answer with a string"
        )
    text = value.strip()
    if not text:
        raise AgentError(
            f"the agent {name} answered with an empty text; to end the talk, say so as docs/agents.md tells"
        )
    if len(text) > LONGEST:
        raise AgentError(f"the agent {name} said {len(text)} characters in one turn; a turn holds {LONGEST}")
    return text
