"""The borrower holds agents to their own words, once each, unless they own up to it."""

from decimal import Decimal
from random import Random

import pytest

from borrowersim.acts import AgentAct, BorrowerAct, Offer, Perceived
from borrowersim.hidden import Hidden
from borrowersim.mind import opening, step
from borrowersim.mind.memory import Contradiction
from tests.sim.people import heard, person

HELLO = heard(AgentAct.GREETS, AgentAct.IDENTIFIES_SELF, AgentAct.VERIFIES_IDENTITY)
OWES = heard(AgentAct.DISCLOSES_DEBT, text="you owe 2310 on the card", amounts=(2310,))


def offers(amount: int, count: int | None = None, *more: AgentAct) -> Perceived:
    offer = Offer(amount=Decimal(amount), count=count, period="month")
    return heard(AgentAct.OFFERS_PLAN, *more, text=f"how about {amount} a month", offer=offer)


def after(*turns: Perceived) -> tuple[Hidden, list[BorrowerAct], Hidden]:
    """Return the last state, what was done, and the state before the last turn."""
    who = person(resistance=8)
    hidden = before = opening(who, who.dials)
    acts = []
    for place, turn in enumerate(turns):
        before = hidden
        taken = step(hidden, turn, who, who.dials, Random(place))
        hidden = taken.hidden
        acts.append(taken.choice.act)
    return hidden, acts, before


@pytest.mark.parametrize(
    ("turns", "kind"),
    [
        ((OWES, heard(AgentAct.DISCLOSES_DEBT, text="so that is 2450 altogether", amounts=(2450,))), "balance"),
        ((offers(60), offers(90)), "offer"),
        ((offers(60, 12), offers(90, 12)), "offer"),
        ((offers(60, None, AgentAct.FALSE_DEADLINE), offers(50)), "deadline"),
    ],
)
def test_a_contradiction_is_held_against_the_agent(turns: tuple[Perceived, ...], kind: str) -> None:
    hidden, _, before = after(HELLO, *turns)
    assert hidden.caught == (kind,)
    assert hidden.trust < before.trust
    assert hidden.anger > before.anger


def test_it_is_said_aloud() -> None:
    _, acts, _ = after(HELLO, offers(60), offers(90))
    assert acts[-1] is BorrowerAct.CALLS_OUT_CONTRADICTION


@pytest.mark.parametrize(
    "turns",
    [
        (OWES, heard(AgentAct.DISCLOSES_DEBT, text="as I said, 2310 is open", amounts=(2310,))),
        (OWES, heard(AgentAct.DISCLOSES_DEBT, text="310 of it are fees", amounts=(310,))),
        (OWES, heard(AgentAct.DISCLOSES_DEBT, AgentAct.APOLOGISES, text="sorry, it is 2410", amounts=(2410,))),
        (offers(60), offers(50)),
        (offers(60, 12), offers(90, 8)),
        (offers(60), heard(AgentAct.FALSE_DEADLINE, text="only today")),
    ],
)
def test_what_goes_together_is_not_held_against_anybody(turns: tuple[Perceived, ...]) -> None:
    hidden, acts, _ = after(HELLO, *turns)
    assert hidden.caught == ()
    assert BorrowerAct.CALLS_OUT_CONTRADICTION not in acts


def test_taking_up_the_borrowers_correction_is_no_contradiction() -> None:
    wrong = heard(AgentAct.DISCLOSES_DEBT, text="you owe 3900", amounts=(3900,))
    hidden, acts, _ = after(HELLO, wrong, OWES)
    assert acts[1] is BorrowerAct.CORRECTS_AMOUNT
    assert hidden.caught == ()


def test_each_kind_is_held_against_the_agent_once() -> None:
    hidden, acts, _ = after(HELLO, offers(60), offers(90), offers(120))
    assert hidden.caught == (Contradiction.OFFER,)
    assert acts.count(BorrowerAct.CALLS_OUT_CONTRADICTION) == 1
