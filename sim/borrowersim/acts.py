"""What an agent does with a turn, and what a borrower does back."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class AgentAct(StrEnum):
    """What perception finds in a turn of the agent."""

    GREETS = "greets"
    IDENTIFIES_SELF = "identifies_self"
    VERIFIES_IDENTITY = "verifies_identity"
    DISCLOSES_DEBT = "discloses_debt"
    EMPATHISES = "empathises"
    ASKS_OPEN_QUESTION = "asks_open_question"
    REFLECTS = "reflects"
    OFFERS_PLAN = "offers_plan"
    ASKS_PAYMENT = "asks_payment"
    STATES_CONSEQUENCE = "states_consequence"
    HINTS_VAGUELY = "hints_vaguely"
    THREATENS = "threatens"
    INSULTS = "insults"
    FALSE_CLAIM = "false_claim"
    FALSE_DEADLINE = "false_deadline"
    PRESSURES = "pressures"
    ACKNOWLEDGES_DISPUTE = "acknowledges_dispute"
    ACKNOWLEDGES_LAWYER = "acknowledges_lawyer"
    ACKNOWLEDGES_CEASE = "acknowledges_cease"
    GIVES_RIGHTS = "gives_rights"
    OFFERS_HELP = "offers_help"
    CARES_IN_CRISIS = "cares_in_crisis"
    APOLOGISES = "apologises"
    CONFIRMS = "confirms"
    CLOSES = "closes"


HARMFUL = frozenset(
    {AgentAct.THREATENS, AgentAct.INSULTS, AgentAct.FALSE_CLAIM, AgentAct.FALSE_DEADLINE, AgentAct.PRESSURES}
)
"""Acts that never raise trust."""


class Offer(BaseModel):
    """A payment that somebody proposes: `amount` each `period`, `count` times."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    amount: Decimal | None = None
    """Of one instalment, or of the whole payment when `period` is once; None when not named."""
    count: int | None = None
    """Number of instalments; None when not named."""
    period: Literal["once", "week", "fortnight", "month"] = "once"
    start: str | None = None
    """The agent's own words for the day, for example "next Friday"."""
    in_full: bool = False
    """The whole balance at once."""


class Heard(BaseModel):
    """One act found in a turn, with the words that show it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    act: AgentAct
    quote: str
    """Verbatim part of the turn."""
    start: int
    """Offset of the quote in the turn, in characters."""
    cue: str
    """Which cue found it, for example `threat.arrest`."""


class Perceived(BaseModel):
    """Everything that perception took from one turn of the agent."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    text: str
    heard: tuple[Heard, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    """Sums of money in the turn, in order."""
    offer: Offer | None = None
    questions: int = 0
    """Number of questions asked in the turn."""

    def has(self, *acts: AgentAct) -> bool:
        """Say whether any of the acts was heard."""
        return any(h.act in acts for h in self.heard)

    @property
    def acts(self) -> frozenset[AgentAct]:
        return frozenset(h.act for h in self.heard)


class BorrowerAct(StrEnum):
    """What the borrower does with a turn; the phrasebook has lines for each."""

    ASKS_WHO = "asks_who"
    """Who is calling, and for whom?"""
    CONFIRMS_IDENTITY = "confirms_identity"
    GUARDED = "guarded"
    """Speaks as little as possible; what do you want?"""
    DENIES = "denies"
    """I do not owe that, or not as you say."""
    DISPUTES = "disputes"
    """Wants proof; contests amount or debt in earnest."""
    CORRECTS_AMOUNT = "corrects_amount"
    """The agent named a wrong sum."""
    STALLS = "stalls"
    """Later, another day, busy."""
    REFUSES = "refuses"
    """Will not pay, and says so."""
    HOSTILE = "hostile"
    """Anger at the agent or the company."""
    CALLS_OUT_THREAT = "calls_out_threat"
    """Are you threatening me?"""
    COUNTER_THREATENS = "counter_threatens"
    """Will complain, records the call, asks for the employee number."""
    DESPAIRS = "despairs"
    """Sees no way out; no words of self-harm."""
    TELLS_FACT = "tells_fact"
    """Gives away one private fact of the persona; the words come from the persona file."""
    PLEADS_HARDSHIP = "pleads_hardship"
    """Cannot pay as asked; names no private fact."""
    ASKS_OPTIONS = "asks_options"
    """What can be done? Is there a plan?"""
    BARGAINS = "bargains"
    """Proposes a smaller instalment: slot {instalment}."""
    REJECTS_UNAFFORDABLE = "rejects_unaffordable"
    """The instalment is more than is left each month: slot {offered}."""
    ASKS_CONSEQUENCE = "asks_consequence"
    """And if I do not pay?"""
    DOUBTS = "doubts"
    """Does not believe that anything will happen."""
    WEIGHS = "weighs"
    """Thinks it over; gives a little ground, no promise yet."""
    ACCEPTS_PLAN = "accepts_plan"
    """Agrees to the offered instalment: slot {instalment}."""
    PROMISES_TO_PAY = "promises_to_pay"
    """Promises a sum by a day: slots {sum} and {day}."""
    FAKE_PROMISE = "fake_promise"
    """Says yes to be rid of the call; vague and quick."""
    THANKS = "thanks"
    """Warm close after an arrangement."""
    SILENT = "silent"
    """Hardly anything: a breath, a pause."""
    NOTICES_REPEAT = "notices_repeat"
    """You said that already."""
    CALLS_OUT_CONTRADICTION = "calls_out_contradiction"
    """That is not what you said before."""
    CALLS_OUT_IGNORED = "calls_out_ignored"
    """You did not answer my question."""
    STATES_CEASE = "states_cease"
    """Stop contacting me."""
    WRONG_PERSON = "wrong_person"
    """That is not me; wrong number; I do not know this person."""
    THIRD_PARTY = "third_party"
    """Somebody else of the household picked up; the borrower is not here. Slot {name}: the borrower."""
    FISHES = "fishes"
    """The third party wants to know what it is about: is it about money?"""
    STATES_LAWYER = "states_lawyer"
    """A lawyer or adviser handles this; talk to them."""
    STATES_BANKRUPTCY = "states_bankruptcy"
    """Bankrupt, in a debt scheme or arrangement; this is dealt with there."""
    STATES_IDENTITY_THEFT = "states_identity_theft"
    """Somebody else opened this in my name; I have reported it."""
    QUOTES_RULES = "quotes_rules"
    """Speaks as coached: cites rules, wants documents, says what they are allowed to do."""
    CONFUSED = "confused"
    """Does not follow; asks to hear it again, slower or simpler."""
    SIGNALS_CRISIS = "signals_crisis"
    """Despair that needs care: cannot go on. Within safe-messaging practice: no method, no plan."""
    CALMS = "calms"
    """Is a little steadier after being cared for."""
    HANGS_UP = "hangs_up"
    """Last words before ending the call."""
