"""Persona: who the borrower is. Frozen, checked, read from a YAML file in seeds/borrowers."""

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.resources import data_dir
from borrowersim.talk import Facts, Jurisdiction, Language

Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Level = Annotated[float, Field(ge=0, le=10)]
Currency = Literal["USD", "GBP", "CNY", "TWD", "HKD"]


class Archetype(StrEnum):
    """The kinds of difficult borrower that the product covers."""

    AVOIDER = "avoider"
    ANGRY_DISPUTER = "angry_disputer"
    HARDSHIP = "hardship"
    STRATEGIC_DEFAULTER = "strategic_defaulter"
    BARGAINER = "bargainer"
    DESPAIRING = "despairing"
    WRONG_PERSON = "wrong_person"
    THIRD_PARTY = "third_party"
    REPRESENTED = "represented"
    BANKRUPT = "bankrupt"
    IDENTITY_THEFT = "identity_theft"
    CEASE_CONTACT = "cease_contact"
    REPEAT_PROMISER = "repeat_promiser"
    DEBT_RELIEF_COACHED = "debt_relief_coached"
    VULNERABLE = "vulnerable"
    CRISIS = "crisis"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Dials(_Part):
    """How difficult this borrower is; each level has a meaning."""

    resistance: Level
    """0 takes any fair plan; 3 wants to be asked politely; 5 refuses until some trust is earned;
    8 tests the agent on every turn; 10 yields only to sustained good conduct."""
    financial_stress: Level
    """0 could pay it all this week; 3 is short this month; 5 has to choose between bills;
    8 is behind on rent or food; 10 has nothing left at all."""
    hostility: Level = 3
    """0 never raises the voice; 10 is angry from the first word."""
    legal_knowledge: Level = 3
    """0 believes what is said about the law; 10 quotes it."""
    honesty: Level = 7
    """0 promises anything to end the call; 10 never promises what cannot be kept."""
    talkativeness: Level = 5
    """0 answers in a word; 10 tells the whole story."""


class Debt(_Part):
    """What is owed, as the creditor's file has it."""

    creditor: str
    product: str
    currency: Currency
    principal: Money
    balance: Money
    """Owed today, interest and fees included."""
    fees: Money = Decimal(0)
    days_overdue: Annotated[int, Field(ge=0)]
    account_ending: Annotated[str, Field(pattern=r"^\d{2,4}$")]
    contact_history: str = ""
    """What happened before this call, for the briefing."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.principal + self.fees > self.balance:
            raise ValueError("principal and fees are more than the balance; correct one of the three")
        return self


class Finances(_Part):
    """A month of this household's money, in the debt's currency, at the persona's own stress level."""

    income: Money
    essentials: Money
    """Rent, food, transport, medicine, children."""
    other_debts: Money = Decimal(0)
    """Monthly payments to others."""
    lump_sum: Money = Decimal(0)
    """Can be paid at once if the borrower wants to."""

    @property
    def disposable(self) -> Decimal:
        """Left each month; may be negative."""
        return self.income - self.essentials - self.other_debts


class PrivateFact(_Part):
    """Something the borrower does not tell for nothing."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    about: str
    """One sentence for the report, in the persona's language."""
    trust: Level
    """Trust needed before it is told, 0-10."""
    asked_by: tuple[str, ...] = ()
    """Words in a question that ask for it; it is then told 1 point of trust earlier."""
    tell: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ways this person says it, in their own register."""


class Persona(_Part):
    """One borrower: a whole, believable person."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(ge=1)] = 1
    language: Language
    jurisdiction: Jurisdiction
    name: str
    """What the borrower is called on the file."""
    addressed: str
    """How a polite agent says the name on the phone, for example "Ms Delgado" or "周先生"."""
    age: Annotated[int, Field(ge=18, le=110)]
    archetype: Archetype
    summary: str
    """One line for lists: who this is and what is hard."""
    trains: str
    """What an agent learns from this borrower."""
    story: str
    """Why things are as they are; a paragraph."""
    manner: Literal["plain", "curt", "warm", "formal", "rough"]
    """The register this person talks in; chooses the phrasebook's lines."""
    speech: str
    """Traits of speech for the model: pace, favourite words, dialect."""
    willing: bool
    """Wants to pay, at heart."""
    able: bool
    """Could pay, if wanted."""
    debt: Debt
    finances: Finances
    dials: Dials
    facts: Facts = Facts()
    """What the case file says of this contact: hour, who answers, calls so far."""
    private: tuple[PrivateFact, ...] = ()
    moved_by: str
    """What opens this person."""
    closed_by: str
    """What shuts this person."""
    payday: str
    """When money comes in, as this person says it, for example "the fifteenth"."""

    @model_validator(mode="after")
    def _coheres(self) -> Self:
        ids = [fact.id for fact in self.private]
        if len(ids) != len(set(ids)):
            raise ValueError("two private facts share an id")
        can = self.finances.lump_sum >= self.debt.balance or self.finances.disposable * 6 >= self.debt.balance
        if self.able and not can:
            raise ValueError(
                "able is true, but neither the lump sum nor six months' disposable income covers the balance"
            )
        return self


def borrowers_dir() -> Path:
    """Return the folder of the personas that come with the product."""
    return data_dir("seeds") / "borrowers"


@lru_cache(maxsize=256)
def load_persona(path: Path) -> Persona:
    """Read one persona file; raise UsageError that names line and field of each mistake."""
    return load(Persona, path)


def persona_named(name: str) -> Persona:
    """Return a persona by id, or from a path that ends in .yaml."""
    if name.endswith((".yaml", ".yml")):
        return load_persona(Path(name))
    path = borrowers_dir() / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in borrowers_dir().glob("*.yaml")))
        raise UsageError(f"no borrower {name!r}; choose one of: {known}; or give the path of a YAML file")
    return load_persona(path)


def all_personas() -> list[Persona]:
    """Return the personas that come with the product, by id."""
    return [load_persona(path) for path in sorted(borrowers_dir().glob("*.yaml"))]
