"""The pure step of the mind: hidden state and a heard turn -> next state and a choice."""

from dataclasses import dataclass
from random import Random

from borrowersim.acts import AgentAct, BorrowerAct, Perceived
from borrowersim.hidden import Dispute, Hidden
from borrowersim.mind.choice import Choice, Moment, choose
from borrowersim.mind.feelings import answers, moved
from borrowersim.mind.ground import fits
from borrowersim.persona import Dials, Persona
from borrowersim.text import fold

REPEAT_LENGTH = 12
"""Shorter sentences ("I see.") may be said twice without offence; in folded characters."""


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
    taken_up = hidden.asked == "bargain" and perceived.has(AgentAct.CONFIRMS)
    offer_fits = True if taken_up else fits(perceived.offer, persona, dials)
    felt = moved(hidden, perceived, dials, offer_fits=offer_fits, repeats=repeats)
    knows = felt.model_copy(update=_learnt(felt, perceived, sentences))
    moment = Moment(knows, hidden, perceived, persona, dials, rng, repeats=repeats, ignored=ignored)
    choice = choose(moment)
    return Step(knows.model_copy(update=_done(knows, choice)), choice)


def _sentences(text: str) -> tuple[str, ...]:
    folded = fold(text)
    parts = (folded.text[start:end].strip() for start, end in folded.sentences())
    return tuple(part for part in parts if len(part) >= REPEAT_LENGTH)


def _learnt(hidden: Hidden, perceived: Perceived, sentences: tuple[str, ...]) -> dict[str, object]:
    """Return what the turn adds to what the borrower knows."""
    dispute = hidden.dispute
    if dispute is Dispute.OPEN and perceived.has(AgentAct.ACKNOWLEDGES_DISPUTE):
        dispute = Dispute.ACKNOWLEDGED
    return {
        "turn": hidden.turn + 1,
        "identified": hidden.identified or perceived.has(AgentAct.IDENTIFIES_SELF),
        "debt_known": hidden.debt_known or perceived.has(AgentAct.DISCLOSES_DEBT),
        "asked_about": hidden.asked_about or perceived.has(AgentAct.ASKS_OPEN_QUESTION),
        "offer": perceived.offer or hidden.offer,
        "heard_before": hidden.heard_before + sentences,
        "dispute": dispute,
    }


def _done(hidden: Hidden, choice: Choice) -> dict[str, object]:
    """Return what the borrower's own act changes."""
    done: dict[str, object] = {"acts": (*hidden.acts, choice.act), "asked": choice.asks}
    if choice.act is BorrowerAct.CONFIRMS_IDENTITY or hidden.turn >= 3:
        done["named"] = True
    if choice.fact is not None:
        done["told"] = (*hidden.told, choice.fact.id)
        if choice.volunteered:
            done["volunteered"] = (*hidden.volunteered, choice.fact.id)
    if choice.act is BorrowerAct.BARGAINS:
        done["offer"] = choice.offer
    if choice.act is BorrowerAct.REJECTS_UNAFFORDABLE and choice.offer and choice.offer.amount:
        done["refused"] = (*hidden.refused, choice.offer.amount)
    if choice.act in (BorrowerAct.ACCEPTS_PLAN, BorrowerAct.PROMISES_TO_PAY, BorrowerAct.FAKE_PROMISE):
        done["plan"] = choice.offer
        done["means_it"] = choice.act is not BorrowerAct.FAKE_PROMISE
    return done
