"""What the tests of the web page share: an invented borrower, voices that do as told, a studio."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import anyio

from borrowersim.intent import Intent
from borrowersim.persona import Archetype, Debt, Dials, Finances, Persona, PrivateFact
from borrowersim.talk import Facts, Jurisdiction, Language, Talk
from borrowersim.voices.base import Spoken, Tell
from borrowersim_app.web.desk import Desk
from borrowersim_app.web.session import Session
from borrowersim_app.web.studio import Studio
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.practice import MemoryBook
from borrowersim_evals.verdict import Score

EVIL = "<script>alert(1)</script> ${alert(2)} {{value}} <img src=x onerror=alert(3)>"
SECRET = "She sends money to her brother."
ANA = {"learner": "ana", "open": ""}
BEN = {"learner": "ben", "open": ""}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class LineVoice:
    """Says its lines in order; a line that is an error is raised."""

    name = "lines"

    def __init__(self, lines: Iterable[str | Exception] = (), *, tells: bool = False) -> None:
        self._lines = iter(lines)
        self._tells = tells

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        line = next(self._lines, "Yes?")
        if isinstance(line, Exception):
            raise line
        if tell and self._tells:
            for word in line.split(" "):
                await tell(f"{word} ")
        return Spoken(text=line)

    async def aclose(self) -> None:
        """Nothing to let go of."""


class HeldVoice(LineVoice):
    """Waits before it speaks, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = anyio.Event(), anyio.Event()

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        self.begun.set()
        await self.go.wait()
        return Spoken(text="Yes?")


def person(persona_id: str = "hale", language: Language = Language.EN, name: str = "Dana Hale") -> Persona:
    return Persona(
        id=persona_id,
        language=language,
        jurisdiction=Jurisdiction.US,
        name=name,
        addressed="Ms Hale",
        age=41,
        archetype=Archetype.HARDSHIP,
        summary="Lost shifts; wants to pay and cannot.",
        trains="Listening.",
        story="The plant cut its hours.",
        manner="plain",
        speech="short",
        willing=True,
        able=False,
        debt=Debt(
            creditor="Northgate",
            product="card",
            currency="USD",
            principal=Decimal(1100),
            balance=Decimal(1240),
            days_overdue=75,
            account_ending="4410",
            contact_history="Two letters.",
        ),
        finances=Finances(income=Decimal(2400), essentials=Decimal(2100), other_debts=Decimal(210)),
        dials=Dials(resistance=5, financial_stress=6),
        facts=Facts(local_time="14:30", balance=1240, disputed=False, first_contact=True),
        private=(PrivateFact(id="brother", about=SECRET, trust=9, tell=("I help my brother.",)),),
        moved_by="being heard",
        closed_by="threats",
        payday="the fifteenth",
    )


async def by_rules(talk: Talk) -> Score:
    return score_by_rules(talk)


class Clock:
    """Moves on by one second whenever it is read, and as far as it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def studio(
    *lines: str | Exception,
    personas: tuple[Persona, ...] = (),
    judge: Any = by_rules,
    judge_name: str = "rules",
    voice: Any = None,
    clock: Any = None,
    book: Any = None,
    now: Any = None,
) -> Studio:
    return Studio(
        personas=personas or (person(),),
        voice=voice or LineVoice(lines),
        judge=judge,
        judge_name=judge_name,
        rng=Random(1),
        clock=clock or Clock(),
        book=book or MemoryBook(),
        now=now or (lambda: NOON),
    )


def session(*lines: str | Exception, judge: Any = by_rules, voice: Any = None) -> Session:
    made = studio(*lines, judge=judge, voice=voice)
    return Desk(made).begin("ana", made.personas[0], made.personas[0].dials)


async def last(updates: AsyncIterator[dict[Any, Any]]) -> dict[Any, Any]:
    shown: dict[Any, Any] = {}
    async for update in updates:
        shown |= update
    return shown
