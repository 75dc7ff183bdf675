"""The one seam to a language model. To add another service, write a ChatModel."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """One message of a chat prompt."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user", "assistant"]
    content: str


class Usage(BaseModel):
    """What a call cost; zero where the service does not say."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )


class Ask(BaseModel):
    """How a reply should be made."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    max_tokens: Annotated[int, Field(gt=0)] = 200
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    seed: int | None = None
    json_schema: dict[str, Any] | None = None
    """The reply must be a JSON document of this schema."""
    stop: tuple[str, ...] = ()


DEFAULT_ASK = Ask()


class Reply(BaseModel):
    """What a model answered."""

    model_config = ConfigDict(frozen=True)

    text: str
    usage: Usage = Usage()


class ChatModel(Protocol):
    """Answers chat prompts. Raises ServiceDown or BadAnswer, never a library's own error."""

    @property
    def name(self) -> str:
        """Name as given on the command line, for example `openai/gpt-4o-mini`."""

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        """Return the whole answer."""

    def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        """Yield the answer piece by piece."""

    async def aclose(self) -> None:
        """Let go of connections and memory."""


@runtime_checkable
class Completer(Protocol):
    """A model that also continues plain text, as the embedded one does."""

    async def complete(self, prompt: str, ask: Ask = DEFAULT_ASK, n: int = 1) -> tuple[list[str], Usage]:
        """Return n continuations of the prompt, each ended at a stop string."""

    async def warm(self, prompt: str) -> None:
        """Read the prompt into the cache, so that the next continuation starts at once."""
