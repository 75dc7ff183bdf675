"""Look through the talks of stored runs: filtered, a page at a time, each with its gravest finding."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, func, make_url, select
from sqlalchemy.exc import ArgumentError

from borrowersim.talk import Ending, Language
from borrowersim_evals.breaker import technical
from borrowersim_evals.case import Case
from borrowersim_evals.report.summary import worst
from borrowersim_evals.store.store import Store
from borrowersim_evals.store.tables import talks
from borrowersim_evals.verdict import Finding

PAGE = 30
"""Talks that a list shows at once."""
Verdict = Literal["critical", "breach", "clean", "unjudged", "failed"]
"""What came of a talk; `failed` ended for technical reasons."""
VERDICTS: tuple[Verdict, ...] = ("critical", "breach", "clean", "unjudged", "failed")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Wanted(_Value):
    """Which talks of a run; what is empty does not narrow the choice."""

    agent: str = ""
    borrower: str = ""
    """As the plan names the borrower: an id, or the path of a file."""
    verdict: Verdict | None = None
    text: str = ""
    """Stands in a turn, capitals or not."""


class TalkLine(_Value):
    """One talk in a list of talks."""

    id: str
    borrower: str
    agent: str
    language: Language
    ending: Ending
    turns: int
    respect: float | None
    clarity: float | None
    total: float | None
    verdict: Verdict
    worst: Finding | None
    """The gravest finding; a doubt when there is no breach."""


class Shelf(Store):
    """A store that somebody looks through."""

    def names(self, run: str) -> tuple[list[str], list[str]]:
        """Return the agents and the borrowers of a run's played talks, sorted."""
        with self._engine.connect() as connection:
            found = [
                list(connection.scalars(select(column).where(_played(run)).distinct().order_by(column)))
                for column in (talks.c.agent, talks.c.borrower)
            ]
        return found[0], found[1]

    def talks(self, run: str, wanted: Wanted | None = None, most: int = PAGE) -> tuple[list[TalkLine], bool]:
        """Return the first talks of a run that are wanted, in the plan's order, and whether there are more."""
        wanted = wanted or Wanted()
        found: list[TalkLine] = []
        for case in self._wanted(run, wanted):
            if len(found) == most:
                return found, True
            found.append(line_of(case))
        return found, False

    def _wanted(self, run: str, wanted: Wanted) -> Iterator[Case]:
        asked = select(talks.c.talk).where(_played(run), *_conditions(wanted)).order_by(talks.c.position)
        with self._engine.connect() as connection:
            for text in connection.execution_options(yield_per=100).scalars(asked):
                case = Case.model_validate_json(text)
                # The database looked at the whole record, where a name may hold the words as well.
                if not wanted.text or any(_holds(turn.text, wanted.text) for turn in case.played.talk.turns):
                    yield case


def shelf_at(url: str) -> Shelf | None:
    """Return the store of a URL; None for a file of SQLite that is not there, which looking must not make."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return Shelf(url)  # says what is wrong with it
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return None if file and file != ":memory:" and not Path(file).is_file() else Shelf(url)


def line_of(case: Case) -> TalkLine:
    """Return a talk's line in a list."""
    played, score = case.played, case.score
    return TalkLine(
        id=played.id,
        borrower=played.borrower,
        agent=played.agent,
        language=played.talk.language,
        ending=played.ending,
        turns=len(played.talk.turns),
        respect=score.respect,
        clarity=score.clarity,
        total=score.total,
        verdict=_verdict(case),
        worst=worst(score.legal),
    )


def _verdict(case: Case) -> Verdict:
    """Say the same as `_BY_VERDICT` of the row."""
    if technical(case):
        return "failed"
    if any(finding.severity == "critical" for finding in case.score.breaches):
        return "critical"
    if case.score.breaches:
        return "breach"
    return "unjudged" if case.score.total is None else "clean"


_DONE = talks.c.status == "done"
_BY_VERDICT: dict[Verdict, ColumnElement[bool]] = {
    "failed": talks.c.status == "failed",
    "critical": and_(_DONE, talks.c.critical > 0),
    "breach": and_(_DONE, talks.c.breaches > 0, talks.c.critical == 0),
    "clean": and_(_DONE, talks.c.breaches == 0, talks.c.total.is_not(None)),
    "unjudged": and_(_DONE, talks.c.breaches == 0, talks.c.total.is_(None)),
}


def _played(run: str) -> ColumnElement[bool]:
    return and_(talks.c.run == run, talks.c.talk.is_not(None))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.agent:
        yield talks.c.agent == wanted.agent
    if wanted.borrower:
        yield talks.c.borrower == wanted.borrower
    if wanted.verdict:
        yield _BY_VERDICT[wanted.verdict]
    if wanted.text.isascii() and wanted.text:
        # Databases differ in how they fold other letters; those are looked for in the record.
        yield func.lower(talks.c.talk).contains(_in_json(wanted.text.lower()), autoescape=True)
    elif wanted.text and not _has_case(wanted.text):
        yield talks.c.talk.contains(_in_json(wanted.text), autoescape=True)


def _has_case(text: str) -> bool:
    return text.lower() != text.upper()


def _in_json(text: str) -> str:
    """Return a text as it stands inside a string of the stored JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _holds(text: str, sought: str) -> bool:
    return sought.casefold() in text.casefold()
