"""A borrower: persona, mind and voice together. Hears a turn, changes, answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from borrowersim.acts import BorrowerAct, Perceived
from borrowersim.hidden import Hidden
from borrowersim.intent import Intent, last_agent_line
from borrowersim.mind import Choice, opening, step
from borrowersim.money import find_amounts, instalment, say_instalment, say_sum
from borrowersim.perception.base import Perceiver
from borrowersim.perception.learned import LearnedPerceiver
from borrowersim.persona import Dials, Persona
from borrowersim.talk import Ending, Talk
from borrowersim.text import fold
from borrowersim.voices.base import Spoken, Tell, Voice


@dataclass(frozen=True)
class Answer:
    """What a turn of the agent brought about."""

    spoken: Spoken
    act: BorrowerAct
    perceived: Perceived
    hidden: Hidden
    ending: Ending | None
    """Set when the borrower ends the talk with this answer."""

    @property
    def text(self) -> str:
        return self.spoken.text


class Borrower:
    """Plays one persona. Holds no state of a talk, so that a talk can be rewound and tried again."""

    def __init__(
        self,
        persona: Persona,
        voice: Voice,
        *,
        seed: int = 0,
        dials: Dials | None = None,
        perceiver: Perceiver | None = None,
    ) -> None:
        self.persona = persona
        self.voice = voice
        self.seed = seed
        self.dials = dials or persona.dials
        self.perceiver = perceiver or LearnedPerceiver()

    def opening(self) -> Hidden:
        """Return the hidden state before the first word."""
        return opening(self.persona, self.dials)

    async def answer(self, talk: Talk, hidden: Hidden, tell: Tell | None = None) -> Answer:
        """Hear the agent's last turn in `talk` and answer it; `tell` gets the words as they come.

        The random draws depend on seed and turn only: the same talk and state give the
        same choice. Raises ModelError when the voice's service fails.
        """
        perceived = await self.perceiver.perceive(last_agent_line(talk), talk.language)
        taken = step(hidden, perceived, self.persona, self.dials, self._rng(hidden.turn, "mind"))
        intent = self._intent(taken.choice, taken.hidden, talk)
        spoken = await self.voice.say(intent, talk, self._rng(hidden.turn, "voice"), tell)
        return Answer(spoken, taken.choice.act, perceived, taken.hidden, taken.choice.ending)

    def _rng(self, turn: int, use: str) -> Random:
        return Random(f"{self.seed}/{self.persona.id}/{turn}/{use}")

    def _intent(self, choice: Choice, hidden: Hidden, talk: Talk) -> Intent:
        slots = self._slots(choice)
        untold = tuple(fact for fact in self.persona.private if fact.id not in hidden.told)
        return Intent(
            act=choice.act,
            persona=self.persona,
            slots=slots,
            amounts=self._amounts(slots, choice, talk),
            fact=choice.fact,
            untold=untold,
        )

    def _slots(self, choice: Choice) -> dict[str, str]:
        """Return what the words may name: only what this act is about."""
        persona, slots = self.persona, {"name": self.persona.name}
        currency, language = persona.debt.currency, persona.language
        if choice.act is BorrowerAct.CORRECTS_AMOUNT:
            slots["balance"] = say_sum(persona.debt.balance, currency, language)
        if choice.offer is None:
            return slots
        amount, start = instalment(choice.offer, persona.debt.balance), choice.offer.start
        if amount is not None:
            said = say_instalment(choice.offer.model_copy(update={"amount": amount}), currency, language)
            slots |= {"instalment": said, "offered": said, "sum": say_sum(amount, currency, language)}
        slots["day"] = _as_day(start) or persona.payday
        return slots

    def _amounts(self, slots: Mapping[str, str], choice: Choice, talk: Talk) -> frozenset[Decimal]:
        """Return every sum that may be named: the slots', the balance, what was said, what a told fact holds."""
        texts = [*slots.values(), *(turn.text for turn in talk.turns), *(choice.fact.tell if choice.fact else ())]
        found = {a.value for text in texts for a in find_amounts(fold(text), talk.language)}
        return frozenset(found | {self.persona.debt.balance})


_NO_DAY = {"today", "tonight", "now", "今天", "今日", "今晚"}


def _as_day(words: str | None) -> str:
    """Return the agent's words for a day as a promise can use them; empty when they cannot stand in one."""
    day = re.sub(r"^(?:by|on)\s+", "", words or "", flags=re.IGNORECASE)
    if day.lower() in _NO_DAY:
        return ""
    return f"the {day}" if re.match(r"end of|\d", day) and day.isascii() else day
