"""A person at the terminal as the agent."""

from collections.abc import Awaitable, Callable

from borrowersim.acts import BorrowerAct
from borrowersim.talk import Talk


class HumanAgent:
    """Asks `read` for each turn; an empty answer or None ends the talk."""

    name = "human"

    def __init__(self, read: Callable[[], Awaitable[str | None]]) -> None:
        self._read = read

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        text = await self._read()
        return text.strip() or None if text else None

    async def aclose(self) -> None:
        """Nothing to let go of."""
