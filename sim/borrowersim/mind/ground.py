"""When this borrower gives ground: the price of an agreement, and of a private fact."""

from dataclasses import dataclass

from borrowersim.acts import AgentAct, Offer, Perceived
from borrowersim.hidden import Dispute, Hidden
from borrowersim.mind.ability import able, affordable, disposable
from borrowersim.persona import Dials, Persona, PrivateFact

ASKED_DISCOUNT = 1.0
"""A fact that is asked for is told one point of trust earlier: it was heard to matter."""
ANGER_LIMIT = 6.5
"""Nobody agrees to anything in a rage."""


@dataclass(frozen=True)
class Price:
    """What an agreement costs the agent, on the 0-10 scale."""

    trust: float
    stakes: float


def price(persona: Persona, dials: Dials) -> Price:
    """Return the trust and the sense of what is at stake that an agreement needs.

    Willing people need to trust that the plan is fair; unwilling ones need to believe that
    refusing costs more, and only as much trust as it takes to deal with anybody. Both
    prices rise with resistance.
    """
    resistance = dials.resistance
    if persona.willing:
        return Price(trust=2.0 + 0.5 * resistance, stakes=0.0)
    floor = 0.22 * resistance if able(persona, dials) else 1.0 + 0.35 * resistance
    return Price(trust=floor, stakes=0.6 + 0.5 * resistance)


def won_over(hidden: Hidden, persona: Persona, dials: Dials) -> bool:
    """Say whether the borrower would now agree to a plan that fits."""
    due = price(persona, dials)
    calm = hidden.anger <= ANGER_LIMIT and hidden.threats == 0 and hidden.dispute is not Dispute.OPEN
    return calm and hidden.trust >= due.trust and hidden.stakes >= due.stakes


def progress(hidden: Hidden, persona: Persona, dials: Dials) -> float:
    """Return how near the borrower is to giving ground, 0 to 1: the scarcer of trust and stakes."""
    due = price(persona, dials)
    shares = [have / need for have, need in ((hidden.trust, due.trust), (hidden.stakes, due.stakes)) if need > 0]
    return min([1.0, *shares])


def fits(offer: Offer | None, persona: Persona, dials: Dials) -> bool | None:
    """Say whether an offer is affordable; None when there is none or it names no sum."""
    return None if offer is None else affordable(offer, persona, dials)


def hopeless(persona: Persona, dials: Dials) -> bool:
    """Say whether nothing is left that any plan could use."""
    return disposable(persona, dials) <= 0 and not able(persona, dials)


def next_fact(hidden: Hidden, perceived: Perceived, persona: Persona) -> tuple[PrivateFact, bool] | None:
    """Return (fact, asked for) that trust now pays for: one that was asked about, else the cheapest."""
    if hidden.threats or perceived.acts & {AgentAct.HINTS_VAGUELY, AgentAct.PRESSURES}:
        return None
    words = perceived.text.lower()
    untold = [fact for fact in persona.private if fact.id not in hidden.told]
    asked = [f for f in untold if any(w in words for w in f.asked_by) and hidden.trust >= f.trust - ASKED_DISCOUNT]
    if asked:
        return min(asked, key=lambda f: f.trust), True
    if not perceived.has(AgentAct.ASKS_OPEN_QUESTION, AgentAct.EMPATHISES, AgentAct.REFLECTS, AgentAct.OFFERS_HELP):
        return None
    paid = [f for f in untold if hidden.trust >= f.trust]
    return (min(paid, key=lambda f: f.trust), perceived.has(AgentAct.ASKS_OPEN_QUESTION)) if paid else None
