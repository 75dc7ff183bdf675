"""A person's practice: one call, running or finished, as it is kept so that it can be gone on with."""

from collections.abc import Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from borrowersim.errors import UsageError
from borrowersim.record import Played
from borrowersim_evals.verdict import Score


class PracticeRecord(BaseModel):
    """One call of one learner."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    id: str
    learner: str
    started: str
    """ISO 8601, with offset."""
    changed: str
    """When the last turn was said or the call was finished."""
    played: Played
    """The talk so far, with seed and dials: enough to go on with it."""
    score: Score | None = None
    """Set when the call is over and judged."""
    parent: str = ""
    """The practice that this one was rewound from; empty for a first try."""
    parent_turns: int = 0
    """Exchanges taken over from the parent."""
    assignment: str = ""
    """Id of the assignment that it counts for."""


class PracticeBook(Protocol):
    """Keeps practices. Raises UsageError for a practice or a learner that is not there."""

    def keep(self, record: PracticeRecord) -> None:
        """Write a practice, in the place of an earlier state of it."""

    def practice(self, learner: str, id: str) -> PracticeRecord:
        """Return one practice of a learner; nobody else's."""

    def practices(self, learner: str) -> Sequence[PracticeRecord]:
        """Return a learner's practices, the newest first; those without a score are still open."""


class MemoryBook:
    """Keeps practices as long as the process lives."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], PracticeRecord] = {}

    def keep(self, record: PracticeRecord) -> None:
        self._records[record.learner, record.id] = record

    def practice(self, learner: str, id: str) -> PracticeRecord:
        found = self._records.get((learner, id))
        if found is None:
            raise UsageError(f"{learner!r} has no practice {id!r}; choose one of the list")
        return found

    def practices(self, learner: str) -> Sequence[PracticeRecord]:
        own = [record for record in self._records.values() if record.learner == learner]
        return sorted(own, key=lambda record: (record.started, record.id), reverse=True)
