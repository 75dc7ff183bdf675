"""What the borrower remembers of the agent's own words, and holds against them.

Only what an agent can be pinned down on counts: the balance, the instalment on offer, and
a "last chance" that turns out not to be one. Whoever corrects themselves and says sorry is
not caught out.
"""

from decimal import Decimal
from enum import StrEnum

from borrowersim.acts import AgentAct, BorrowerAct, Offer, Perceived
from borrowersim.hidden import Hidden
from borrowersim.persona import Persona

SAME = Decimal("0.01")
"""Figures within one per cent are one figure, rounded."""


class Contradiction(StrEnum):
    """What does not go together with what the agent said before."""

    BALANCE = "balance"
    """Another amount owed."""
    OFFER = "offer"
    """A dearer instalment than the one on the table."""
    DEADLINE = "deadline"
    """The last chance has passed, and the offer is still there."""


def contradiction(hidden: Hidden, perceived: Perceived, persona: Persona) -> Contradiction | None:
    """Return what in this turn goes against the agent's earlier words, each kind once; pure."""
    if perceived.has(AgentAct.APOLOGISES):
        return None
    found = (
        (Contradiction.BALANCE, _another_balance(hidden, perceived, persona)),
        (Contradiction.OFFER, _dearer(hidden.offered, perceived.offer)),
        (Contradiction.DEADLINE, _not_the_last(hidden, perceived)),
    )
    return next((kind for kind, shown in found if shown and kind not in hidden.caught), None)


def remembered(hidden: Hidden, perceived: Perceived, persona: Persona) -> dict[str, object]:
    """Return what this turn adds to the memory of figures, offers and deadlines."""
    offer = perceived.offer
    named = offer is not None and offer.amount is not None and perceived.has(AgentAct.OFFERS_PLAN)
    return {
        "figures": hidden.figures + _balances(perceived, persona),
        "offered": offer if named else hidden.offered,
        "last_chance": hidden.last_chance or perceived.has(AgentAct.FALSE_DEADLINE),
    }


def _balances(perceived: Perceived, persona: Persona) -> tuple[Decimal, ...]:
    """Return the sums that can only mean the whole debt: told as the debt, and half of it or more."""
    if not perceived.has(AgentAct.DISCLOSES_DEBT):
        return ()
    return tuple(amount for amount in perceived.amounts if amount >= persona.debt.balance / 2)


def _another_balance(hidden: Hidden, perceived: Perceived, persona: Persona) -> bool:
    """Taking up the borrower's own correction is no contradiction."""
    told = _balances(perceived, persona)
    if not hidden.figures or not told:
        return False
    if BorrowerAct.CORRECTS_AMOUNT in hidden.acts and any(_near(a, persona.debt.balance) for a in told):
        return False
    return not any(_near(a, before) for a in told for before in hidden.figures)


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= other * SAME


def _dearer(before: Offer | None, now: Offer | None) -> bool:
    """Say whether the same kind of instalment costs more now; fewer of them is another plan, not a dearer one."""
    if before is None or now is None or before.amount is None or now.amount is None:
        return False
    if before.period != now.period or now.period == "once" or now.amount <= before.amount * (1 + SAME):
        return False
    return now.count is None or (before.count is not None and now.count >= before.count)


def _not_the_last(hidden: Hidden, perceived: Perceived) -> bool:
    """A new offer, without a new deadline, after the one that was the last."""
    return hidden.last_chance and perceived.has(AgentAct.OFFERS_PLAN) and not perceived.has(AgentAct.FALSE_DEADLINE)
