"""The pure step of the mind: hidden state and a heard turn -> next state and a choice."""

from dataclasses import dataclass
from random import Random

from borrowersim.acts import AgentAct, BorrowerAct, Perceived
from borrowersim.hidden import Dispute, Hidden
from borrowersim.mind.choice import choose
from borrowersim.mind.feelings import answers, moved
from borrowersim.mind.ground import fits
from borrowersim.mind.memory import contradiction, remembered
from borrowersim.mind.moment import Choice, Moment
from borrowersim.mind.standing import BARS, COLLECTING
from borrowersim.persona import Dials, Persona
from borrowersim.text import fold

REPEAT_LENGTH = 12
"""Shorter sentences ("I see.") may be said twice without offence; in folded characters."""


STATEMENTS = frozenset(bar.act for bar in BARS.values()) | {
    BorrowerAct.WRONG_PERSON,
    BorrowerAct.THIRD_PARTY,
    BorrowerAct.SIGNALS_CRISIS,
}
"""After one of these, going on to collect is pressing on."""
OBJECTIONS = frozenset({BorrowerAct.DISPUTES, BorrowerAct.QUOTES_RULES, BorrowerAct.CORRECTS_AMOUNT})
"""Acts that open a dispute; no plan is agreed while it is open."""


@dataclass(frozen=True)
class Step:
    """What one turn of the agent did."""

    hidden: Hidden
    choice: Choice


def step(hidden: Hidden, perceived: Perceived, persona: Persona, dials: Dials, rng: Random) -> Step:
    """Return the next state and what the borrower does; pure, bounded, the same for the same rng."""
    sentences = _sentences(perceived.text)
    repeats = bool(set(sentences) & set(hidden.heard_before))
    ignored = bool(hidden.asked) and not answers(hidden.asked, perceived)
    against = contradiction(hidden, perceived, persona)
    felt = moved(
        hidden,
        perceived,
        dials,
        offer_fits=_offered(hidden, perceived, persona, dials),
        repeats=repeats,
        contradicts=against is not None,
    )
    learnt = _learnt(felt, perceived, sentences) | remembered(hidden, perceived, persona)
    caught = hidden.caught + ((against.value,) if against else ())
    knows = felt.model_copy(update=learnt | {"caught": caught})
    moment = Moment(
        knows, hidden, perceived, persona, dials, rng, repeats=repeats, ignored=ignored, contradicts=against is not None
    )
    choice = choose(moment)
    return Step(knows.model_copy(update=_done(knows, choice)), choice)


def _offered(hidden: Hidden, perceived: Perceived, persona: Persona, dials: Dials) -> bool | None:
    """Say whether the turn makes an offer that fits; None when it makes no new one.

    Taking up the borrower's own sum is an offer that fits. A demand for the whole balance, or
    the same offer again, is none: nothing is conceded.
    """
    if hidden.asked == "bargain" and perceived.has(AgentAct.CONFIRMS):
        return True
    offer = perceived.offer
    if offer is None or offer == hidden.offer:
        return None
    fit = fits(offer, persona, dials)
    return None if fit and (offer.in_full or not perceived.has(AgentAct.OFFERS_PLAN)) else fit


def _sentences(text: str) -> tuple[str, ...]:
    folded = fold(text)
    parts = (folded.text[start:end].strip() for start, end in folded.sentences())
    return tuple(part for part in parts if len(part) >= REPEAT_LENGTH)


def _learnt(hidden: Hidden, perceived: Perceived, sentences: tuple[str, ...]) -> dict[str, object]:
    """Return what the turn adds to what the borrower knows."""
    dispute = hidden.dispute
    if dispute is Dispute.OPEN and perceived.has(AgentAct.ACKNOWLEDGES_DISPUTE, AgentAct.GIVES_RIGHTS):
        dispute = Dispute.ACKNOWLEDGED
    stated = bool(STATEMENTS & set(hidden.acts))
    pushed = stated and perceived.has(AgentAct.DISCLOSES_DEBT, AgentAct.PRESSURES, *COLLECTING)
    return {
        "turn": hidden.turn + 1,
        "identified": hidden.identified or perceived.has(AgentAct.IDENTIFIES_SELF),
        "debt_known": hidden.debt_known or perceived.has(AgentAct.DISCLOSES_DEBT),
        "asked_about": hidden.asked_about or perceived.has(AgentAct.ASKS_OPEN_QUESTION),
        "offer": perceived.offer or hidden.offer,
        "heard_before": hidden.heard_before + sentences,
        "dispute": dispute,
        "pushes": hidden.pushes + pushed,
    }


def _done(hidden: Hidden, choice: Choice) -> dict[str, object]:
    """Return what the borrower's own act changes."""
    act = choice.act
    done: dict[str, object] = {"acts": (*hidden.acts, act), "asked": choice.asks}
    if act is BorrowerAct.CONFIRMS_IDENTITY or hidden.turn >= 3:
        done["named"] = True
    if act in OBJECTIONS and hidden.dispute is Dispute.NONE:
        done["dispute"] = Dispute.OPEN
    if act is BorrowerAct.SIGNALS_CRISIS:
        done["crisis"] = True
    return done | _told(hidden, choice) | _settled(hidden, choice)


def _told(hidden: Hidden, choice: Choice) -> dict[str, object]:
    if choice.fact is None:
        return {}
    volunteered = (choice.fact.id,) if choice.volunteered else ()
    return {"told": (*hidden.told, choice.fact.id), "volunteered": hidden.volunteered + volunteered}


def _settled(hidden: Hidden, choice: Choice) -> dict[str, object]:
    """Return what the act does to the offer on the table."""
    act, offer = choice.act, choice.offer
    if act is BorrowerAct.BARGAINS:
        return {"offer": offer}
    if act is BorrowerAct.REJECTS_UNAFFORDABLE and offer and offer.amount:
        return {"refused": (*hidden.refused, offer.amount)}
    if act in (BorrowerAct.ACCEPTS_PLAN, BorrowerAct.PROMISES_TO_PAY, BorrowerAct.FAKE_PROMISE):
        return {"plan": offer, "means_it": act is not BorrowerAct.FAKE_PROMISE}
    return {}
