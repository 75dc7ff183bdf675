"""Runs in a database: begun with their plan, each talk kept as it finishes, read back whole.

A talk is one row from the beginning: `planned`, then `done` or `failed`. Only a row that is not
done can be written, so a talk that two workers finished counts once, and a run that was killed
is continued by asking for the rows that are not done.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Engine, delete, func, insert, select, update
from sqlalchemy import case as when
from sqlalchemy.exc import IntegrityError

from borrowersim.errors import UsageError
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.runs import RunFile, RunLine
from borrowersim_evals.store.engine import engine_of, without_password
from borrowersim_evals.store.rows import Row
from borrowersim_evals.store.tables import runs, talks

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

    def begin(self, run: RunFile) -> None:
        """Write a run and its plan; raise UsageError when its id is taken."""
        facts = run.model_dump_json(exclude={"plan"})
        head = {"id": run.id, "suite": run.suite.id, "started": run.started, "voice": run.voice, "judge": run.judge}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(runs).values(**head, facts=facts, planned=len(run.plan)))
                for chunk in _chunks(_planned_rows(run)):
                    connection.execute(insert(talks), chunk)
        except IntegrityError:
            raise UsageError(f"the store already holds a run {run.id!r}; choose another --id") from None

    def add(self, run: str, rows: Sequence[Row]) -> None:
        """Keep finished talks; one that is done already stays as it is."""
        with self._engine.begin() as connection:
            for row in rows:
                which = (talks.c.run == run) & (talks.c.id == row.id) & (talks.c.status != "done")
                connection.execute(update(talks).where(which).values(**row.values(), attempts=talks.c.attempts + 1))

    def waiting(self, run: str, *, failed_too: bool = True) -> list[Planned]:
        """Return the talks that are not done, in the plan's order; those that failed technically among them."""
        open_ = ("planned", "failed") if failed_too else ("planned",)
        asked = select(talks.c.planned).where(talks.c.run == run, talks.c.status.in_(open_)).order_by(talks.c.position)
        with self._engine.connect() as connection:
            return [Planned.model_validate_json(text) for text in connection.scalars(asked)]

    def run_id(self, name: str) -> str:
        """Return the id of a run from the whole id or a beginning that only one has; raise UsageError otherwise."""
        begins = runs.c.id.startswith(name, autoescape=True)
        with self._engine.connect() as connection:
            found = list(connection.scalars(select(runs.c.id).where(begins).order_by(runs.c.id).limit(20)))
        if name in found or len(found) == 1:
            return name if name in found else found[0]
        if found:
            raise UsageError(f"{name!r} begins several runs: {', '.join(found)}; name one whole")
        raise UsageError(f"{self!r} holds no run {name!r}; `borrowersim runs list` shows those it holds")

    def run(self, id: str) -> RunFile:
        """Return a run's facts and plan; raise UsageError when there is none of this id."""
        with self._engine.connect() as connection:
            facts = connection.scalar(select(runs.c.facts).where(runs.c.id == id))
            planned = select(talks.c.planned).where(talks.c.run == id).order_by(talks.c.position)
            plan = [Planned.model_validate_json(text) for text in connection.scalars(planned)] if facts else []
        if facts is None:
            raise UsageError(f"the store holds no run {id!r}; `borrowersim runs list` shows those it holds")
        return _run_file(facts, id).model_copy(update={"plan": tuple(plan)})

    def cases(self, run: str) -> Iterator[Case]:
        """Yield the played talks in the plan's order, technical failures included."""
        asked = select(talks.c.talk).where(talks.c.run == run, talks.c.talk.is_not(None)).order_by(talks.c.position)
        with self._engine.connect() as connection:
            for text in connection.execution_options(yield_per=500).scalars(asked):
                yield Case.model_validate_json(text)

    def case(self, run: str, talk: str) -> Case:
        """Return one played talk; raise UsageError when there is none."""
        with self._engine.connect() as connection:
            text = connection.scalar(select(talks.c.talk).where(talks.c.run == run, talks.c.id == talk))
        if text is None:
            raise UsageError(f"run {run!r} holds no played talk {talk!r}; `borrowersim runs show {run}` lists them")
        return Case.model_validate_json(text)

    def finish(self, run: str, verdict: str | None, stopped: str = "") -> None:
        """Write how a run came out; no verdict means that it was stopped and can be resumed."""
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(verdict=verdict, stopped=stopped or None))

    def lines(self) -> list[RunLine]:
        """Return a line for each run, the newest first."""
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
        asked = select(
            runs.c.id,
            runs.c.suite,
            runs.c.started,
            runs.c.voice,
            runs.c.judge,
            runs.c.planned,
            runs.c.verdict,
            runs.c.stopped,
            counts.c.done,
            counts.c.failed,
            counts.c.total,
            counts.c.critical,
        ).join(counts, counts.c.run == runs.c.id)
        with self._engine.connect() as connection:
            found = [RunLine.model_validate(dict(row)) for row in connection.execute(asked).mappings()]
        return sorted(found, key=lambda line: (line.started, line.id), reverse=True)

    def delete(self, run: str) -> None:
        """Take a run out of the store; raise UsageError when there is none."""
        with self._engine.begin() as connection:
            connection.execute(delete(talks).where(talks.c.run == run))
            if connection.execute(delete(runs).where(runs.c.id == run)).rowcount == 0:
                raise UsageError(f"the store holds no run {run!r}; `borrowersim runs list` shows those it holds")


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


def _run_file(facts: str, id: str) -> RunFile:
    try:
        return RunFile.model_validate_json(facts)
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise UsageError(f"run {id!r} was written by another version and cannot be read ({problem})") from None
