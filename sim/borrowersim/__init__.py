"""borrowersim: a simulator of difficult borrowers, to train and test collection agents."""

from borrowersim.borrower import Borrower
from borrowersim.engine import Call, converse
from borrowersim.errors import (
    AgentError,
    BadAnswer,
    BorrowerSimError,
    DownloadError,
    ModelError,
    ServiceDown,
    UsageError,
)
from borrowersim.persona import Dials, Persona, all_personas, persona_named
from borrowersim.record import Played
from borrowersim.talk import Ending, Facts, Jurisdiction, Language, Speaker, Talk, Turn, read_talks

__version__ = "0.1.0"

__all__ = [
    "AgentError",
    "BadAnswer",
    "Borrower",
    "BorrowerSimError",
    "Call",
    "Dials",
    "DownloadError",
    "Ending",
    "Facts",
    "Jurisdiction",
    "Language",
    "ModelError",
    "Persona",
    "Played",
    "ServiceDown",
    "Speaker",
    "Talk",
    "Turn",
    "UsageError",
    "all_personas",
    "converse",
    "persona_named",
    "read_talks",
]
