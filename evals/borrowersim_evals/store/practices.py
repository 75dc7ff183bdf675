"""Practices and assignments in the same database as the runs."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from borrowersim.errors import UsageError
from borrowersim_evals.assignment import Assignment
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.practice_lines import PracticeLine, Slip, line_of, slips_of
from borrowersim_evals.store.engine import engine_of, without_password
from borrowersim_evals.store.tables import assignments, practices, slips

SHORT = [practices.c[name] for name in PracticeLine.model_fields]
SLIP = [slips.c[name] for name in Slip.model_fields]


class PracticeStore:
    """A PracticeBook over a database (SQLite or PostgreSQL by URL), with what a coach asks of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = engine_of(url)

    def __repr__(self) -> str:
        return f"PracticeStore({without_password(self.url)!r})"

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    # Practices, as PracticeBook says.

    def keep(self, record: PracticeRecord) -> None:
        """Write a practice, in the place of an earlier state of it.

        Raises UsageError when one of its times is none.
        """
        line, wrong = line_of(record), slips_of(record)
        values = line.model_dump() | {"record": record.model_dump_json()}
        # PostgreSQL's text holds no NUL; the record, being JSON, keeps it.
        rows = [
            slip.model_dump() | {"position": position, "quote": slip.quote.replace("\0", "")}
            for position, slip in enumerate(wrong)
        ]
        try:
            self._write(values, rows)
        except IntegrityError:  # it was kept for the first time by somebody else just now
            self._write(values, rows)

    def _write(self, values: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Write a practice and its breaches; the update first, so that a second writer waits for this one."""
        mine = (practices.c.learner == values["learner"]) & (practices.c.id == values["id"])
        with self._engine.begin() as connection:
            if connection.execute(update(practices).where(mine).values(**values)).rowcount == 0:
                connection.execute(insert(practices).values(**values))
            old = (slips.c.learner == values["learner"]) & (slips.c.practice == values["id"])
            connection.execute(delete(slips).where(old))
            if rows:
                connection.execute(insert(slips), rows)

    def practice(self, learner: str, id: str) -> PracticeRecord:
        """Return one practice of a learner; raise UsageError when they have none of this id."""
        asked = select(practices.c.record).where(practices.c.learner == learner, practices.c.id == id)
        with self._engine.connect() as connection:
            text = connection.scalar(asked)
        if text is None:
            raise UsageError(f"{learner!r} has no practice {id!r}; choose one of the list")
        return _record(text, id)

    def practices(self, learner: str) -> Sequence[PracticeRecord]:
        """Return a learner's practices whole, the newest first."""
        asked = select(practices.c.id, practices.c.record).where(practices.c.learner == learner).order_by(*_NEWEST)
        with self._engine.connect() as connection:
            return [_record(text, id) for id, text in connection.execute(asked)]

    # In short, for lists and figures.

    def lines(self, learner: str | None = None) -> list[PracticeLine]:
        """Return the practices of one learner, or of all, in short; the newest first."""
        asked = _of(select(*SHORT), practices.c.learner, learner).order_by(*_NEWEST)
        with self._engine.connect() as connection:
            return [PracticeLine.model_validate(dict(row)) for row in connection.execute(asked).mappings()]

    def slips(self, learner: str | None = None) -> list[Slip]:
        """Return the breaches of one learner, or of all; the newest first."""
        newest = (slips.c.began.desc(), slips.c.practice.desc(), slips.c.position)
        asked = _of(select(*SLIP), slips.c.learner, learner).order_by(*newest)
        with self._engine.connect() as connection:
            return [Slip.model_validate(dict(row)) for row in connection.execute(asked).mappings()]

    def learners(self) -> list[str]:
        """Return everybody who has a practice, by name."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(practices.c.learner).distinct().order_by(practices.c.learner)))

    def forget(self, learner: str) -> int:
        """Delete everything a learner said and how it was judged, and their name from assignments.

        Returns how many practices that were.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(slips).where(slips.c.learner == learner))
            number = connection.execute(delete(practices).where(practices.c.learner == learner)).rowcount
            for assignment in _assignments(connection):
                if learner in assignment.learners:
                    _without(connection, assignment, learner)
        return number

    # Assignments.

    def assign(self, assignment: Assignment) -> None:
        """Keep an assignment, in the place of an earlier one of the same id."""
        with self._engine.begin() as connection:
            _write(connection, assignment)

    def assignments(self, learner: str | None = None) -> list[Assignment]:
        """Return the assignments of a learner, or all; the newest first."""
        with self._engine.connect() as connection:
            found = _assignments(connection)
        return [assignment for assignment in found if learner is None or assignment.concerns(learner)]

    def assignment(self, id: str) -> Assignment:
        """Return an assignment; raise UsageError when there is none of this id."""
        with self._engine.connect() as connection:
            text = connection.scalar(select(assignments.c.facts).where(assignments.c.id == id))
        if text is None:
            raise UsageError(f"there is no assignment {id!r}; `borrowersim learners assignments` lists them")
        return _assignment(text, id)

    def withdraw(self, id: str) -> None:
        """Take an assignment back; the calls made for it stay. Raises UsageError when there is none of this id."""
        self.assignment(id)
        with self._engine.begin() as connection:
            connection.execute(delete(assignments).where(assignments.c.id == id))


_NEWEST = (practices.c.began.desc(), practices.c.id.desc())


def _of(asked: Select[Any], column: Any, learner: str | None) -> Select[Any]:
    return asked if learner is None else asked.where(column == learner)


def _assignments(connection: Connection) -> list[Assignment]:
    newest = (assignments.c.made.desc(), assignments.c.id.desc())
    asked = select(assignments.c.id, assignments.c.facts).order_by(*newest)
    return [_assignment(text, id) for id, text in connection.execute(asked)]


def _write(connection: Connection, assignment: Assignment) -> None:
    connection.execute(delete(assignments).where(assignments.c.id == assignment.id))
    connection.execute(
        insert(assignments).values(
            id=assignment.id,
            made=assignment.made.timestamp(),
            due=assignment.due.isoformat() if assignment.due else None,
            facts=assignment.model_dump_json(),
        )
    )


def _without(connection: Connection, assignment: Assignment, learner: str) -> None:
    """Take a name out; an assignment for nobody else goes too, since an empty list would mean everybody."""
    left = tuple(name for name in assignment.learners if name != learner)
    if left:
        _write(connection, assignment.model_copy(update={"learners": left}))
    else:
        connection.execute(delete(assignments).where(assignments.c.id == assignment.id))


def _record(text: str, id: str) -> PracticeRecord:
    try:
        return PracticeRecord.model_validate_json(text)
    except ValidationError as error:
        raise _unreadable(f"practice {id!r}", error) from None


def _assignment(text: str, id: str) -> Assignment:
    try:
        return Assignment.model_validate_json(text)
    except ValidationError as error:
        raise _unreadable(f"assignment {id!r}", error) from None


def _unreadable(what: str, error: ValidationError) -> UsageError:
    return UsageError(f"{what} was written by another version and cannot be read ({error.errors()[0]['msg']})")
