"""Keep to a service's limits: so many requests and tokens a minute, all talks together."""

from collections.abc import AsyncIterator, Sequence

from aiolimiter import AsyncLimiter

from borrowersim.models.base import DEFAULT_ASK, Ask, ChatModel, Message, Reply

MINUTE = 60.0
BURST = 5.0
"""Seconds of the rate that may go out at once. A minute's would let twice the rate through in the first minute."""
CHARACTERS = 3
"""Characters of a token, for the guess before a call: English has about four, Chinese about one and a half."""


class Limiter:
    """Lets calls through at a rate; made once for each service and event loop."""

    def __init__(self, requests_per_minute: float | None = None, tokens_per_minute: float | None = None) -> None:
        self._requests = _bucket(requests_per_minute) if requests_per_minute else None
        self._tokens = _bucket(tokens_per_minute) if tokens_per_minute else None

    async def admit(self, messages: Sequence[Message], ask: Ask) -> None:
        """Wait until one more call of this size may go out."""
        if self._requests:
            await self._requests.acquire()
        if self._tokens:
            await _take(self._tokens, guessed_tokens(messages, ask))


def _bucket(per_minute: float) -> AsyncLimiter:
    """Return a bucket that holds some seconds of the rate, but at least one request."""
    size = max(1.0, per_minute * BURST / MINUTE)
    return AsyncLimiter(size, size * MINUTE / per_minute)


async def _take(bucket: AsyncLimiter, amount: float) -> None:
    """Wait for an amount that may be more than the bucket holds."""
    while amount > 0:
        part = min(bucket.max_rate, amount)
        await bucket.acquire(part)
        amount -= part


def guessed_tokens(messages: Sequence[Message], ask: Ask) -> float:
    """Return about how many tokens a call will use, the answer at its longest."""
    return sum(len(message.content) for message in messages) / CHARACTERS + ask.max_tokens


class LimitedModel:
    """A chat model behind a limiter."""

    def __init__(self, model: ChatModel, limiter: Limiter) -> None:
        self._model = model
        self._limiter = limiter

    @property
    def name(self) -> str:
        return self._model.name

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        await self._limiter.admit(messages, ask)
        return await self._model.reply(messages, ask)

    async def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        await self._limiter.admit(messages, ask)
        async for piece in self._model.stream(messages, ask):
            yield piece

    async def aclose(self) -> None:
        await self._model.aclose()
