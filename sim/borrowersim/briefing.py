"""The case file that an agent sees before the call: never the hidden side of the persona."""

from dataclasses import dataclass
from decimal import Decimal

from borrowersim.money import say_sum
from borrowersim.persona import Archetype, Persona
from borrowersim.talk import Facts, Jurisdiction, Language


@dataclass(frozen=True)
class Briefing:
    """What the creditor's file says of a case."""

    language: Language
    jurisdiction: Jurisdiction
    name: str
    addressed: str
    creditor: str
    product: str
    currency: str
    balance: Decimal
    principal: Decimal
    fees: Decimal
    days_overdue: int
    account_ending: str
    contact_history: str
    facts: Facts

    def slots(self) -> dict[str, str]:
        """Return the values that scripted lines may use, formatted for speech."""
        sums = {
            "balance": self.balance,
            "principal": self.principal,
            "fees": self.fees,
            "half": _round(self.balance / 2),
            "twelfth": _round(self.balance / 12),
            "quarter": _round(self.balance / 4),
        }
        spoken = {name: say_sum(value, self.currency, self.language) for name, value in sums.items()}
        return {
            **spoken,
            "name": self.addressed,
            "full_name": self.name,
            "creditor": self.creditor,
            "product": self.product,
            "days": str(self.days_overdue),
            "account": self.account_ending,
        }

    def lines(self) -> list[tuple[str, str]]:
        """Return (label, value) pairs for a card or a prompt, in the case's language."""
        slots = self.slots()
        labels = _LABELS[self.language]
        parts = ", ".join(f"{labels[part]} {slots[part]}" for part in ("principal", "fees"))
        values = {
            "name": self.name,
            "creditor": f"{self.creditor}, {self.product} ({self.account_ending})",
            "balance": f"{slots['balance']} ({parts})",
            "days": slots["days"],
            "history": self.contact_history,
        }
        return [(labels[key], value) for key, value in values.items() if value]


def _round(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1))


_LABELS = {
    Language.EN: {
        "name": "Borrower",
        "creditor": "Creditor",
        "balance": "Balance",
        "principal": "principal",
        "fees": "fees and interest",
        "days": "Days overdue",
        "history": "History",
    },
    Language.ZH_CN: {
        "name": "借款人",
        "creditor": "债权方",
        "balance": "应还金额",
        "principal": "本金",
        "fees": "利息及费用",
        "days": "逾期天数",
        "history": "联系记录",
    },
    Language.ZH_TW: {
        "name": "債務人",
        "creditor": "債權人",
        "balance": "應繳金額",
        "principal": "本金",
        "fees": "利息及費用",
        "days": "逾期天數",
        "history": "聯絡紀錄",
    },
}


def briefing(persona: Persona) -> Briefing:
    """Return what an agent may know of this persona before the call."""
    debt = persona.debt
    return Briefing(
        language=persona.language,
        jurisdiction=persona.jurisdiction,
        name=persona.addressed if persona.archetype is Archetype.WRONG_PERSON else persona.name,
        addressed=persona.addressed,
        creditor=debt.creditor,
        product=debt.product,
        currency=debt.currency,
        balance=debt.balance,
        principal=debt.principal,
        fees=debt.balance - debt.principal,
        days_overdue=debt.days_overdue,
        account_ending=debt.account_ending,
        contact_history=debt.contact_history,
        facts=persona.facts,
    )
