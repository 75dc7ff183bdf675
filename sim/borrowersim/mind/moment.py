"""What a choice looks at, and what it is."""

from dataclasses import dataclass
from random import Random

from borrowersim.acts import AgentAct, BorrowerAct, Offer, Perceived
from borrowersim.hidden import Hidden
from borrowersim.persona import Dials, Persona, PrivateFact
from borrowersim.talk import Ending


@dataclass(frozen=True)
class Choice:
    """What the borrower does, with what the words will need."""

    act: BorrowerAct
    fact: PrivateFact | None = None
    volunteered: bool = False
    offer: Offer | None = None
    """The plan that is agreed, promised, proposed or turned down."""
    ending: Ending | None = None
    asks: str = ""
    """The question that now waits for an answer."""


@dataclass(frozen=True)
class Moment:
    """Everything a choice may look at."""

    hidden: Hidden
    before: Hidden
    perceived: Perceived
    persona: Persona
    dials: Dials
    rng: Random
    repeats: bool
    ignored: bool
    """The agent left the borrower's question unanswered."""
    contradicts: bool = False
    """The turn goes against the agent's own earlier words."""

    def heard(self, *acts: AgentAct) -> bool:
        return self.perceived.has(*acts)

    @property
    def offer(self) -> Offer | None:
        """The offer on the table: this turn's, else the last one."""
        return self.perceived.offer or self.hidden.offer
