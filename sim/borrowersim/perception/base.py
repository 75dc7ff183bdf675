"""The one seam to perception: what did the agent do with this turn?"""

from typing import Protocol

from borrowersim.acts import Perceived
from borrowersim.talk import Language


class Perceiver(Protocol):
    """Reads a turn of the agent. To add another depth, write one of these."""

    async def perceive(self, text: str, language: Language) -> Perceived:
        """Return the acts, sums and offer of a turn."""
