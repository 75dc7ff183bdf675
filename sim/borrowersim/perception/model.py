"""Perception by a language model: one structured call a turn, checked against the turn's own words."""

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from borrowersim.acts import AgentAct, Heard, Perceived
from borrowersim.errors import BadAnswer
from borrowersim.models.base import Ask, ChatModel, Message
from borrowersim.perception.lexical import ASKING, perceive
from borrowersim.prompts import Prompt, prompt_named
from borrowersim.talk import Language
from borrowersim.text import fold

MAX_ACTS = 8


class Found(BaseModel):
    """One act in the model's answer."""

    model_config = ConfigDict(extra="forbid")

    act: AgentAct
    quote: Annotated[str, Field(max_length=400)]


class FoundActs(BaseModel):
    """The form of the model's answer."""

    model_config = ConfigDict(extra="forbid")

    acts: Annotated[list[Found], Field(max_length=MAX_ACTS)]


class ModelPerceiver:
    """Asks a model which acts a turn holds. Sums and offers stay with the deterministic reading.

    A quote that is not in the turn is refused. Raises BadAnswer when the model twice gives no
    answer in the form that was asked for.
    """

    def __init__(self, model: ChatModel, prompt: Prompt | None = None) -> None:
        self._model = model
        self._prompt = prompt or prompt_named("perception/acts")

    async def perceive(self, text: str, language: Language) -> Perceived:
        sums = perceive(text, language)
        found = await self._found(text, language)
        heard = tuple(h for item in found.acts if (h := _heard(item, text)) is not None)
        asks = ASKING & {h.act for h in heard}
        return sums.model_copy(update={"heard": heard, "offer": sums.offer if asks else None})

    async def _found(self, text: str, language: Language) -> FoundActs:
        ask = Ask(max_tokens=400, temperature=0, json_schema=FoundActs.model_json_schema())
        messages = self._messages(text, language)
        for _ in range(2):
            reply = await self._model.reply(messages, ask)
            try:
                return FoundActs.model_validate_json(reply.text)
            except ValidationError as error:
                complaint = f"That was not the form asked for: {error.errors()[0]['msg']}. Answer again, JSON only."
                messages = [
                    *messages,
                    Message(role="assistant", content=reply.text),
                    Message(role="user", content=complaint),
                ]
        raise BadAnswer(
            f"{self._model.name} gave no list of acts; use another model for perception, or the deterministic one"
        )

    def _messages(self, text: str, language: Language) -> list[Message]:
        acts = "\n".join(f"- {act}" for act in AgentAct)
        fenced = json.dumps(text.replace("<", "‹"), ensure_ascii=False)
        filled = self._prompt.messages(acts=acts, language=language, turn=fenced)
        return [Message(role=role, content=content) for role, content in filled]


def _heard(found: Found, text: str) -> Heard | None:
    """Return the act with its place in the turn, or None when the quote is not there."""
    whole, quote = fold(text), fold(found.quote).text.strip()
    start = whole.text.find(quote) if quote else -1
    if start < 0:
        return None
    words = whole.original(start, start + len(quote))
    return Heard(act=found.act, quote=words, start=whole.places[start], cue=f"model.{found.act}")
