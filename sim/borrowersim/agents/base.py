"""The one seam to an agent under test. To add another kind, write an Agent."""

from typing import Protocol

from borrowersim.acts import BorrowerAct
from borrowersim.talk import Talk


class Agent(Protocol):
    """Speaks the collector's turns. Raises AgentError when it fails."""

    @property
    def name(self) -> str:
        """Name for tables and records."""

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        """Return the next turn of the agent, or None to end the talk.

        `last_act` is what the borrower just did. Only scripts look at it; an agent under
        test gets the words alone.
        """

    async def aclose(self) -> None:
        """Let go of connections."""
