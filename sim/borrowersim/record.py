"""The record of one played talk: words, hidden states, ending, health. What runs store."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import AgentAct, BorrowerAct, Offer
from borrowersim.hidden import Hidden
from borrowersim.models.base import Usage
from borrowersim.persona import Dials
from borrowersim.talk import Ending, Talk


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Moment(_Value):
    """The borrower's side of one exchange."""

    turn: int
    """0-based index in talk.turns of the borrower's answer, or of the agent's last turn when there is none."""
    heard: tuple[AgentAct, ...]
    """What the borrower heard in the agent's turn before it."""
    act: BorrowerAct
    hidden: Hidden
    """State after hearing it."""
    from_phrasebook: bool = False
    """The voice's own lines were not fit to leave, so the phrasebook spoke."""


class Fault(_Value):
    """One line that the guard kept from leaving."""

    turn: int
    kind: str
    """For example role_flip, refusal, invented_amount, leak, wrong_language, echo, off_act."""
    line: str
    effect: Literal["helped", "hindered", "neutral"] = "neutral"
    """What it would have done to the agent, had it left."""


class Health(_Value):
    """How well the simulator itself behaved; apart from the agent's score."""

    lines: int = 0
    """Lines of the borrower that left."""
    from_phrasebook: int = 0
    """Of these, lines that replaced a model's."""
    faults: tuple[Fault, ...] = ()


class Played(_Value):
    """One played talk, whole."""

    id: str
    """Stable: the same plan gives the same id."""
    borrower: str
    """Persona id."""
    agent: str
    voice: str
    seed: int
    dials: Dials
    talk: Talk
    ending: Ending
    plan: Offer | None = None
    """What was agreed or promised."""
    affordable: str = ""
    """What the borrower could really pay each month, in the debt's currency."""
    opening: Hidden
    """State before the first turn."""
    moments: tuple[Moment, ...] = ()
    health: Health = Health()
    usage: Usage = Usage()
    """What the borrower's voice cost."""
    agent_usage: Usage = Usage()
    """What the agent cost, where it says so."""
    failure: str = ""
    """What failed, when the ending is model_failed or agent_failed."""
    seconds: float = 0
    versions: dict[str, str] = Field(default_factory=dict)
    """Prompt, persona and pack versions that shaped this record."""
