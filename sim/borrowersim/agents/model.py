"""An agent that a language model plays: our own collector prompt, or somebody's endpoint."""

from collections.abc import Sequence

from borrowersim.acts import BorrowerAct
from borrowersim.agents.context import LONGEST, card, history
from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError, ModelError, UsageError
from borrowersim.models.base import Ask, ChatModel, Message, Usage
from borrowersim.prompts import Prompt
from borrowersim.talk import Talk

HANGS_UP = "[END]"
"""The built-in collector writes this alone to end the call."""
ASK = Ask(max_tokens=250)
"""A turn is a few sentences."""


class ModelAgent:
    """Sends the talk to a chat model as it sees it: borrower = user, agent = assistant.

    With a prompt it is our LLM agent; without one it is an agent under test behind an
    OpenAI-compatible endpoint, which brings its own instructions. `system` is sent as it is.
    """

    def __init__(
        self,
        model: ChatModel,
        case: Briefing,
        prompt: Prompt | None = None,
        *,
        name: str = "",
        system: str = "",
        ask: Ask = ASK,
    ) -> None:
        self.name = name or model.name
        self.usage = Usage()
        self._model = model
        self._ask = ask
        self._system = instructions(prompt, case) if prompt else system

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        try:
            reply = await self._model.reply(self._messages(talk), self._ask)
        except (ModelError, UsageError) as failure:
            raise AgentError(f"the agent {self.name} failed: {failure}") from failure
        self.usage += reply.usage
        text = reply.text.replace(HANGS_UP, "").strip()
        return text[:LONGEST] or None

    async def aclose(self) -> None:
        await self._model.aclose()

    def _messages(self, talk: Talk) -> Sequence[Message]:
        system = [Message(role="system", content=self._system)] if self._system else []
        return [*system, *(Message.model_validate(said) for said in history(talk))]


def instructions(prompt: Prompt, case: Briefing) -> str:
    """Return the system message that a prompt makes of a case; raise UsageError when it asks for what no case has."""
    known = {
        "language": case.language,
        "jurisdiction": case.jurisdiction,
        "case": card(case.lines()),
        "end": HANGS_UP,
        **case.slots(),
    }
    unknown = sorted(set(prompt.variables) - set(known))
    if unknown:
        raise UsageError(f"prompt {prompt.id}: an agent's prompt has no {unknown[0]!r}; it may use: {', '.join(known)}")
    return prompt.fill(**{name: known[name] for name in prompt.variables})
