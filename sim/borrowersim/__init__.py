"""borrowersim: a simulator of difficult borrowers, to train and test collection agents.

Its names are imported when they are first used, so that a command line's help need not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "borrower": ("Borrower",),
    "engine": ("Call", "converse"),
    "errors": (
        "AgentError",
        "BadAnswer",
        "BorrowerSimError",
        "DownloadError",
        "ModelError",
        "ServiceDown",
        "UsageError",
    ),
    "persona": ("Dials", "Persona", "all_personas", "persona_named"),
    "record": ("Played",),
    "talk": ("Ending", "Facts", "Jurisdiction", "Language", "Speaker", "Talk", "Turn", "read_talks"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import the home of a public name."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
