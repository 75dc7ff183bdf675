"""What the agents of one run share: connections and models, opened once and closed with the run."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Sequence

import aiohttp

from borrowersim.models.base import DEFAULT_ASK, Ask, ChatModel, Message, Reply


class Pool:
    """Lends models and connections to the agents of many talks. Close it after the last talk."""

    def __init__(self) -> None:
        self._models: dict[Hashable, ChatModel] = {}
        self._connector: tuple[aiohttp.TCPConnector, asyncio.AbstractEventLoop] | None = None

    def model(self, key: Hashable, make: Callable[[], ChatModel]) -> ChatModel:
        """Return the one model of this key; the first call makes it. Closing what is returned does nothing."""
        if key not in self._models:
            self._models[key] = make()
        return _Lent(self._models[key])

    def connector(self) -> aiohttp.TCPConnector:
        """Return the connections of the running event loop; the number of talks at once limits them."""
        loop = asyncio.get_running_loop()
        if self._connector is None or self._connector[1] is not loop:
            self._connector = aiohttp.TCPConnector(limit=0), loop
        return self._connector[0]

    async def aclose(self) -> None:
        """Close everything that was lent."""
        models, self._models = list(self._models.values()), {}
        for model in models:
            await model.aclose()
        if self._connector and self._connector[1] is asyncio.get_running_loop():
            await self._connector[0].close()
        self._connector = None


class _Lent:
    """A shared model in the hands of one talk: the talk cannot close it."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return self._model.name

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        return await self._model.reply(messages, ask)

    def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        return self._model.stream(messages, ask)

    async def aclose(self) -> None:
        """Nothing: the pool closes it."""
