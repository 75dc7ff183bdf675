"""Runs in a database: begun with their plan, each talk kept as it finishes, read back whole.

A talk is one row from the beginning: `planned`, then `done` or `failed`. Only a row that is not
done can be written, so a talk that two workers finished counts once, and a run that was killed
is continued by asking for the rows that are not done.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, func, insert, select, update
from sqlalchemy import case as when
from sqlalchemy.exc import IntegrityError

from borrowersim.errors import UsageError
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.runs import RunFile, RunLine
from borrowersim_evals.store.engine import engine_of, troubles_told, without_password
from borrowersim_evals.store.rows import Row
from borrowersim_evals.store.tables import runs, talks

Model = TypeVar("Model", bound=BaseModel)
CHUNK = 1000
"""Rows of a plan written at once."""


class Store:
    """A database of runs. Make one for each process; its connections are not shared between them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine: Engine = engine_of(url)

    def __repr__(self) -> str:
        return f"Store({without_password(self.url)!r})"

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with troubles_told(self.url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with troubles_told(self.url), self._engine.begin() as connection:
            yield connection

    def begin(self, run: RunFile) -> None:
        """Write a run and its plan; raise UsageError when its id is taken."""
        facts = run.model_dump_json(exclude={"plan"})
        head = {"id": run.id, "suite": run.suite.id, "started": run.started, "voice": run.voice, "judge": run.judge}
        with self._writing() as connection:
            try:
                connection.execute(insert(runs).values(**head, facts=facts, planned=len(run.plan)))
            except IntegrityError:
                raise UsageError(f"the store already holds a run {run.id!r}; choose another --id") from None
            for chunk in _chunks(_planned_rows(run)):
                connection.execute(insert(talks), chunk)

    def add(self, run: str, rows: Sequence[Row]) -> None:
        """Keep finished talks; one that is done already stays as it is."""
        with self._writing() as connection:
            for row in rows:
                which = (talks.c.run == run) & (talks.c.id == row.id) & (talks.c.status != "done")
                connection.execute(update(talks).where(which).values(**row.values(), attempts=talks.c.attempts + 1))

    def waiting(self, run: str, *, failed_too: bool = True) -> list[Planned]:
        """Return the talks that are not done, in the plan's order; those that failed technically among them."""
        open_ = ("planned", "failed") if failed_too else ("planned",)
        asked = select(talks.c.planned).where(talks.c.run == run, talks.c.status.in_(open_)).order_by(talks.c.position)
        with self._reading() as connection:
            return [_read(Planned, text, run) for text in connection.scalars(asked)]

    def done(self, run: str, ids: Sequence[str]) -> list[Row]:
        """Return the rows of those of these talks that are done, without their words."""
        asked = select(*(talks.c[name] for name in LIGHT)).where(
            talks.c.run == run, talks.c.id.in_(ids), talks.c.status == "done"
        )
        with self._reading() as connection:
            return [Row(**row, talk="") for row in connection.execute(asked).mappings()]

    def run_id(self, name: str) -> str:
        """Return the id of a run from the whole id or a beginning that only one has; raise UsageError otherwise."""
        begins = func.substr(runs.c.id, 1, len(name)) == name  # LIKE tells case apart on one database only
        with self._reading() as connection:
            found = list(connection.scalars(select(runs.c.id).where(begins).order_by(runs.c.id).limit(20)))
        if name in found or len(found) == 1:
            return name if name in found else found[0]
        if found:
            raise UsageError(f"{name!r} begins several runs: {', '.join(found)}; name one whole")
        raise _no_run(name)

    def run(self, id: str) -> RunFile:
        """Return a run's facts and plan; raise UsageError when there is none of this id."""
        with self._reading() as connection:
            facts = connection.scalar(select(runs.c.facts).where(runs.c.id == id))
            if facts is None:
                raise _no_run(id)
            planned = select(talks.c.planned).where(talks.c.run == id).order_by(talks.c.position)
            plan = tuple(_read(Planned, text, id) for text in connection.scalars(planned))
        return _read(RunFile, facts, id).model_copy(update={"plan": plan})

    def cases(self, run: str) -> Iterator[Case]:
        """Yield the played talks in the plan's order, technical failures included."""
        asked = select(talks.c.talk).where(talks.c.run == run, talks.c.talk.is_not(None)).order_by(talks.c.position)
        with self._reading() as connection, connection.execution_options(yield_per=500).execute(asked) as found:
            for text in found.scalars():
                yield _read(Case, text, run)

    def case(self, run: str, talk: str) -> Case:
        """Return one played talk; raise UsageError when there is none."""
        with self._reading() as connection:
            text = connection.scalar(select(talks.c.talk).where(talks.c.run == run, talks.c.id == talk))
        if text is None:
            raise UsageError(f"run {run!r} holds no played talk {talk!r}; `borrowersim runs show {run}` lists them")
        return _read(Case, text, run)

    def finish(self, run: str, verdict: str | None, stopped: str = "") -> None:
        """Write how a run came out; no verdict means that it was stopped and can be resumed."""
        with self._writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(verdict=verdict, stopped=stopped or None))

    def lines(self) -> list[RunLine]:
        """Return a line for each run, the newest first."""
        return sorted(self._lines(_asked_lines()), key=lambda line: (_moment(line.started), line.id), reverse=True)

    def line(self, run: str) -> RunLine:
        """Return the line of one run; raise UsageError when there is none."""
        for line in self._lines(_asked_lines().where(runs.c.id == run)):
            return line
        raise _no_run(run)

    def _lines(self, asked: Select[Any]) -> list[RunLine]:
        with self._reading() as connection:
            return [RunLine.model_validate(dict(row)) for row in connection.execute(asked).mappings()]

    def delete(self, run: str) -> None:
        """Take a run out of the store; raise UsageError when there is none."""
        with self._writing() as connection:
            connection.execute(delete(talks).where(talks.c.run == run))
            if connection.execute(delete(runs).where(runs.c.id == run)).rowcount == 0:
                raise _no_run(run)


def _no_run(name: str) -> UsageError:
    return UsageError(f"the store holds no run {name!r}; `borrowersim runs list` shows those it holds")


LIGHT = tuple(field.name for field in fields(Row) if field.name != "talk")
"""Columns of a row besides the words."""


def _asked_lines() -> Select[Any]:
    counts = (
        select(
            talks.c.run,
            _number_of("done").label("done"),
            _number_of("failed").label("failed"),
            func.avg(talks.c.total).label("total"),
            func.coalesce(func.sum(talks.c.critical), 0).label("critical"),
        )
        .group_by(talks.c.run)
        .subquery()
    )
    head = (runs.c[name] for name in ("id", "suite", "started", "voice", "judge", "planned", "verdict", "stopped"))
    sums = (counts.c[name] for name in ("done", "failed", "total", "critical"))
    return select(*head, *sums).join(counts, counts.c.run == runs.c.id)


def _number_of(status: str) -> ColumnElement[int]:
    return func.sum(when((talks.c.status == status, 1), else_=0))


def _planned_rows(run: RunFile) -> Iterator[dict[str, Any]]:
    for position, planned in enumerate(run.plan):
        yield {
            "run": run.id,
            "id": planned.id,
            "position": position,
            "planned": planned.model_dump_json(),
            "status": "planned",
            "attempts": 0,
            "borrower": planned.borrower,
            "agent": planned.agent,
        }


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _moment(started: str) -> datetime:
    """Return when a run started, comparable between machines in different time zones."""
    try:
        found = datetime.fromisoformat(started)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(model: type[Model], text: str, run: str) -> Model:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise UsageError(f"run {run!r} was written by another version and cannot be read ({problem})") from None
