"""Ask a chat service for a line: one call, the persona as a prefix that stays cacheable."""

from collections.abc import AsyncIterator
from random import Random

from borrowersim.intent import Intent
from borrowersim.models.base import Ask, ChatModel, Message, Usage
from borrowersim.money import say_sum
from borrowersim.persona import Persona
from borrowersim.prompts import Prompt, prompt_named
from borrowersim.talk import Speaker, Talk
from borrowersim.voices.book import examples
from borrowersim.voices.notes import note_for

CONTEXT_TURNS = 8
"""Turns of the talk that a chat model sees: enough to answer, short enough to stay cheap."""


class ChatAsking:
    """Asks a chat model: one call a line, the persona as a prefix that stays cacheable."""

    strict = False

    def __init__(self, model: ChatModel, prompt: Prompt | None = None) -> None:
        self.name = model.name
        self._model = model
        self._prompt = prompt or prompt_named("borrower/line")

    async def candidates(self, intent: Intent, talk: Talk, rng: Random) -> tuple[list[str], Usage]:
        ask = _ask(rng)
        reply = await self._model.reply(self._messages(intent, talk, rng), ask)
        return [reply.text], reply.usage

    def pieces(self, intent: Intent, talk: Talk, rng: Random) -> AsyncIterator[str]:
        """Yield one line piece by piece, as the service sends it."""
        ask = _ask(rng)
        return self._model.stream(self._messages(intent, talk, rng), ask)

    async def aclose(self) -> None:
        await self._model.aclose()

    def _messages(self, intent: Intent, talk: Talk, rng: Random) -> list[Message]:
        earlier = talk.turns[:-1][-CONTEXT_TURNS:]
        messages = [Message(role="system", content=self._system(intent.persona))]
        for turn in earlier:
            spoken_by_agent = turn.speaker is Speaker.AGENT
            content = _said(turn.text) if spoken_by_agent else turn.text
            messages.append(Message(role="user" if spoken_by_agent else "assistant", content=content))
        agent = talk.turns[-1].text if talk.turns else ""
        sounds = " / ".join(examples(intent, talk, rng, 2))
        note = f"[Note: {note_for(intent)}. For example: {sounds}]"
        return [*messages, Message(role="user", content=f"{_said(agent)}\n{note}")]

    def _system(self, persona: Persona) -> str:
        debt = persona.debt
        return self._prompt.fill(
            name=persona.name,
            age=str(persona.age),
            language=persona.language,
            summary=persona.summary,
            speech=persona.speech,
            debt=f"{debt.creditor}, {debt.product}, {say_sum(debt.balance, debt.currency, persona.language)}",
        )


def _ask(rng: Random) -> Ask:
    return Ask(max_tokens=120, temperature=0.8, seed=rng.randrange(2**31))


def _said(text: str) -> str:
    """Fence the agent's words, so that they cannot pass for a note."""
    return "Collector: " + text.replace("[", "(").replace("]", ")")
