"""A model without a model: answers with the lines it was given. For tests, yours too."""

from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice

from borrowersim.errors import ServiceDown
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Reply, Usage


class ScriptedModel:
    """Answers with the given lines in order and raises ServiceDown after the last.

    A line may be an exception: it is raised when its turn comes. What was asked is kept in
    `prompts` (chat), `texts` (plain continuation), `warmed` and `asks`.

    >>> model = ScriptedModel(["I cannot pay.", ServiceDown("no connection")])
    """

    def __init__(self, lines: Iterable[str | Exception], name: str = "scripted") -> None:
        self._lines = iter(lines)
        self._name = name
        self.prompts: list[tuple[Message, ...]] = []
        self.texts: list[str] = []
        self.warmed: list[str] = []
        self.asks: list[Ask] = []
        self.used = Usage()
        self.closed = False

    @property
    def name(self) -> str:
        return self._name

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        self.prompts.append(tuple(messages))
        return Reply(text=self._answers(1, ask)[0], usage=Usage(calls=1))

    async def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        """Yield the line in pieces of a few characters, as a service would."""
        text = (await self.reply(messages, ask)).text
        pieces = iter(text)
        while piece := "".join(islice(pieces, 5)):
            yield piece

    async def complete(self, prompt: str, ask: Ask = DEFAULT_ASK, n: int = 1) -> tuple[list[str], Usage]:
        """Return the next n lines, each ended at a stop string."""
        self.texts.append(prompt)
        return self._answers(n, ask), Usage(calls=1)

    async def warm(self, prompt: str) -> None:
        self.warmed.append(prompt)

    async def aclose(self) -> None:
        self.closed = True

    def _answers(self, n: int, ask: Ask) -> list[str]:
        self.asks.append(ask)
        self.used += Usage(calls=1)
        return [_until_stop(self._next(), ask.stop) for _ in range(n)]

    def _next(self) -> str:
        line = next(self._lines, None)
        if line is None:
            raise ServiceDown("script ended: the scripted model has no line left; give it more lines")
        if isinstance(line, Exception):
            raise line
        return line


def _until_stop(text: str, stops: Sequence[str]) -> str:
    for stop in stops:
        text = text.split(stop, 1)[0]
    return text
