"""Constructed people and turns for tests."""

from decimal import Decimal
from typing import Any

from borrowersim.acts import AgentAct, Heard, Offer, Perceived
from borrowersim.persona import Archetype, Debt, Dials, Finances, Persona, PrivateFact
from borrowersim.talk import Facts, Jurisdiction, Language


def person(*, willing: bool = True, able: bool = False, **dials: float) -> Persona:
    """Return a borrower; able ones hold more than they owe."""
    levels: dict[str, Any] = {"resistance": 4, "financial_stress": 8, "honesty": 10, **dials}
    return Persona(
        id="us-test-person",
        language=Language.EN,
        jurisdiction=Jurisdiction.US,
        name="Robin Reed",
        addressed="Mx Reed",
        age=40,
        archetype=Archetype.HARDSHIP if willing else Archetype.STRATEGIC_DEFAULTER,
        summary="A constructed person.",
        trains="Nothing; a test.",
        story="Made for a test.",
        manner="plain",
        speech="Plain.",
        willing=willing,
        able=able,
        debt=Debt(
            creditor="Test Bank",
            product="card",
            currency="USD",
            principal=Decimal(2000),
            balance=Decimal(2310),
            fees=Decimal(310),
            days_overdue=90,
            account_ending="4417",
        ),
        finances=Finances(
            income=Decimal(2000),
            essentials=Decimal(1900),
            other_debts=Decimal(0),
            lump_sum=Decimal(5000 if able else 0),
        ),
        dials=Dials(**levels),
        facts=Facts(answered_by="borrower", channel="phone", collector_type="agency"),
        private=(
            PrivateFact(
                id="hours", about="Hours were cut.", trust=3, asked_by=("work",), tell=("They cut my hours in May.",)
            ),
            PrivateFact(id="ill", about="A parent is ill.", trust=6, tell=("My mum has been in hospital since June.",)),
        ),
        moved_by="Being heard.",
        closed_by="Threats.",
        payday="the fifteenth",
    )


def heard(*acts: AgentAct, text: str = "", offer: Offer | None = None, amounts: tuple[int, ...] = ()) -> Perceived:
    """Return a turn in which exactly these acts were heard."""
    found = tuple(Heard(act=act, quote=act.value, start=0, cue=f"test.{act.value}") for act in acts)
    return Perceived(text=text or " ".join(acts), heard=found, offer=offer, amounts=tuple(Decimal(a) for a in amounts))
