"""What the borrower is about to say, before any words: the order to a voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from borrowersim.acts import BorrowerAct
from borrowersim.persona import Persona, PrivateFact
from borrowersim.talk import Speaker, Talk


@dataclass(frozen=True)
class Intent:
    """One line to be spoken."""

    act: BorrowerAct
    persona: Persona
    slots: Mapping[str, str]
    """Values for the phrasebook's slots, already formatted for speech."""
    amounts: frozenset[Decimal]
    """Sums that the line may name."""
    fact: PrivateFact | None = None
    """The private fact that is told in this line."""
    untold: tuple[PrivateFact, ...] = ()
    """Facts that must not slip out."""

    @property
    def tells(self) -> tuple[str, ...]:
        return self.fact.tell if self.fact else ()


def own_lines(talk: Talk) -> list[str]:
    """Return what the borrower has said so far."""
    return [turn.text for turn in talk.turns if turn.speaker is Speaker.BORROWER]


def last_agent_line(talk: Talk) -> str:
    """Return the agent's last words, or an empty text."""
    return next((turn.text for turn in reversed(talk.turns) if turn.speaker is Speaker.AGENT), "")
