"""What the borrower could really pay, at a given financial stress."""

from decimal import ROUND_DOWN, Decimal

from borrowersim.acts import Offer
from borrowersim.money import per_month
from borrowersim.persona import Dials, Persona

EASE_PER_LEVEL = Decimal("0.03")
"""Each level of stress below the persona's own leaves 3 % of income more a month: a made choice,
so that ten levels span about a third of income, from secure to nothing left."""
LUMP_PER_LEVEL = Decimal("0.1")
"""Each level below the persona's own adds a tenth to what could be raised at once."""
MONTHS_TO_CLEAR = 6
"""Able means: the lump sum, or six months of what is left, clears the balance."""
ROUND_TO = {"USD": 5, "GBP": 5, "CNY": 50, "TWD": 100, "HKD": 50}
"""People name round sums."""


def disposable(persona: Persona, dials: Dials) -> Decimal:
    """Return what is left each month, in the debt's currency; falls to 0 at stress 10."""
    own, now = persona.dials.financial_stress, dials.financial_stress
    left = max(persona.finances.disposable, Decimal(0))
    if now > own:
        return _cents(left * _remaining(own, now))
    return _cents(left + Decimal(str(own - now)) * EASE_PER_LEVEL * persona.finances.income)


def lump_sum(persona: Persona, dials: Dials) -> Decimal:
    """Return what could be paid at once, in the debt's currency; falls to 0 at stress 10."""
    own, now = persona.dials.financial_stress, dials.financial_stress
    lump = persona.finances.lump_sum
    if now > own:
        return _cents(lump * _remaining(own, now))
    return _cents(lump * (1 + Decimal(str(own - now)) * LUMP_PER_LEVEL))


def _remaining(own: float, now: float) -> Decimal:
    """Return the share that is left when stress rises from `own` to `now`: 1 down to 0."""
    return Decimal(str((10 - now) / (10 - own))) if own < 10 else Decimal(0)


def able(persona: Persona, dials: Dials) -> bool:
    """Say whether this borrower could clear the debt, if they wanted."""
    balance = persona.debt.balance
    return lump_sum(persona, dials) >= balance or disposable(persona, dials) * MONTHS_TO_CLEAR >= balance


def affordable(offer: Offer, persona: Persona, dials: Dials) -> bool | None:
    """Say whether an offer fits the household's money; None when it names no sum.

    An instalment fits when it is within the monthly disposable income; one payment fits
    when it is within the lump sum or a month's disposable income.
    """
    balance = persona.debt.balance
    left, lump = disposable(persona, dials), lump_sum(persona, dials)
    if offer.in_full:
        return max(lump, left) >= balance
    monthly = per_month(offer, balance)
    if monthly is None:
        return None
    return monthly <= (max(lump, left) if offer.period == "once" else left)


def own_proposal(persona: Persona, dials: Dials) -> Offer | None:
    """Return the instalment that this borrower would propose, or None when nothing is left.

    About four fifths of what is left, in a round sum: people keep a little in hand.
    """
    step = Decimal(ROUND_TO[persona.debt.currency])
    left = disposable(persona, dials)
    amount = (left * Decimal("0.8") / step).to_integral_value(ROUND_DOWN) * step
    amount = amount or (left / step).to_integral_value(ROUND_DOWN) * step
    return Offer(amount=min(amount, persona.debt.balance), period="month") if amount > 0 else None


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_DOWN)
