"""An agent that a language model plays: our own collector prompt, or somebody's endpoint."""

from collections.abc import Sequence

from borrowersim.acts import BorrowerAct
from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError, ModelError
from borrowersim.models.base import Ask, ChatModel, Message, Usage
from borrowersim.prompts import Prompt
from borrowersim.talk import Speaker, Talk

OPENING = {"en": "(The phone is answered.)", "zh-CN": "（电话接通了。）", "zh-TW": "（電話接通了。）"}
"""What an endpoint is told first: chat services want a user's turn to answer."""
HANDS_OVER = "[END]"
"""The built-in collector writes this alone to end the call."""


class ModelAgent:
    """Sends the talk to a chat model as it sees it: borrower = user, agent = assistant.

    With a prompt it is our LLM agent; without one it is an agent under test behind an
    OpenAI-compatible endpoint, which brings its own instructions.
    """

    def __init__(self, model: ChatModel, case: Briefing, prompt: Prompt | None = None, *, name: str = "") -> None:
        self.name = name or model.name
        self.usage = Usage()
        self._model = model
        self._opening = OPENING[case.language]
        self._system = _instructions(prompt, case) if prompt else None

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        try:
            reply = await self._model.reply(self._messages(talk), Ask(max_tokens=250))
        except ModelError as failure:
            raise AgentError(f"the agent {self.name} failed: {failure}") from failure
        self.usage += reply.usage
        text = reply.text.replace(HANDS_OVER, "").strip()
        return text or None

    async def aclose(self) -> None:
        await self._model.aclose()

    def _messages(self, talk: Talk) -> Sequence[Message]:
        messages = [Message(role="system", content=self._system)] if self._system else []
        messages.append(Message(role="user", content=self._opening))
        for turn in talk.turns:
            role = "assistant" if turn.speaker is Speaker.AGENT else "user"
            messages.append(Message(role=role, content=turn.text))
        return messages


def _instructions(prompt: Prompt, case: Briefing) -> str:
    card = "\n".join(f"{label}: {value}" for label, value in case.lines())
    return prompt.fill(language=case.language, jurisdiction=case.jurisdiction, case=card, end=HANDS_OVER)
