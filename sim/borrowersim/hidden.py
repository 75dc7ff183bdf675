"""What the borrower feels, knows and withholds at one moment. Only the mind changes it."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import BorrowerAct, Offer

Feeling = Annotated[float, Field(ge=0, le=10)]


class Dispute(StrEnum):
    """Where an objection to the debt stands."""

    NONE = "none"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


class Hidden(BaseModel):
    """The hidden state. Feelings are on the dials' scale, 0-10; every step is bounded."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    trust: Feeling
    """0 expects to be cheated; 10 tells this caller everything."""
    anger: Feeling
    anxiety: Feeling
    patience: Feeling
    """At 0 the call ends."""
    stakes: Feeling = 0
    """How far the borrower believes that not paying costs more than paying."""
    turn: int = 0
    """Turns of the agent heard so far."""
    courtesy: float = 0
    """Trust gained by kind words alone; capped, since kindness without substance wears off."""
    identified: bool = False
    """The agent has said who they are."""
    named: bool = False
    """The borrower has confirmed their own name."""
    debt_known: bool = False
    asked_about: bool = False
    """The agent has asked how things stand, at least once."""
    notice_given: bool = False
    """A lawful consequence was stated clearly."""
    threats: int = 0
    """Threats, insults and false claims so far."""
    dispute: Dispute = Dispute.NONE
    pushes: int = 0
    """How often the agent went on collecting after a statement that should end it."""
    crisis: bool = False
    """The borrower has spoken of despair that needs care."""
    told: tuple[str, ...] = ()
    """Ids of private facts told, in order."""
    volunteered: tuple[str, ...] = ()
    """Those of them that were told without being asked for."""
    offer: Offer | None = None
    """The last offer on the table."""
    refused: tuple[Decimal, ...] = ()
    """Instalments that were turned down as unaffordable."""
    plan: Offer | None = None
    """What was agreed."""
    means_it: bool = True
    """Will the promise be kept?"""
    figures: tuple[Decimal, ...] = ()
    """Balances that the agent has named."""
    offered: Offer | None = None
    """The last offer of the agent's that named a sum."""
    last_chance: bool = False
    """The agent has called something the last chance."""
    caught: tuple[str, ...] = ()
    """Contradictions of the agent's that were held against them, in order."""
    heard_before: tuple[str, ...] = ()
    """Folded sentences of the agent so far, to notice repeats."""
    acts: tuple[BorrowerAct, ...] = ()
    """What the borrower did, in order."""
    asked: str = ""
    """A question of the borrower's that waits for an answer: who, amount, consequence, options; or empty."""
