"""What a fetch of a model file is made of: a place to get it from, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from borrowersim.models.catalogue import Known


@dataclass(frozen=True)
class Progress:
    """How far a pull has come."""

    stage: Literal["waiting", "download", "check", "failed"]
    done: int
    total: int
    source: str = ""
    note: str = ""


Listener = Callable[[Progress], None]


class Source(Protocol):
    """A place to get model files from. To add another, write one and pass it to `pull`."""

    @property
    def name(self) -> str:
        """How messages call the place."""

    def fetch(self, model: Known, folder: Path, listener: Listener) -> Path:
        """Bring the whole file into the folder and return it, not yet checked; raise DownloadError.

        What is left after an error or Ctrl-C is taken up by the next fetch.
        """

    def discard(self, model: Known, folder: Path) -> None:
        """Remove what unfinished fetches left in the folder."""
