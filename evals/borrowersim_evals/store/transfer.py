"""Runs out of the store and into it: JSONL holds everything, Parquet is for data tools."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from borrowersim.errors import UsageError
from borrowersim_evals.case import Case
from borrowersim_evals.runs import RunFile
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.store import Store

FORM = "borrowersim-run/1"
"""First thing in an exported file, so that another file is not taken for one."""
ROWS = 2000
"""Rows that are held in memory at once."""


class Head(BaseModel):
    """The first line of an exported run."""

    model_config = ConfigDict(frozen=True)

    form: str
    run: RunFile
    verdict: str | None = None
    stopped: str | None = None


def export_jsonl(store: Store, run: str, path: Path) -> int:
    """Write the run's facts and plan, then a played talk a line; return how many talks.

    Raises UsageError when the file cannot be written; a file that was there before stays until the new one is whole.
    """
    line, number = store.line(run), 0
    head = Head(form=FORM, run=store.run(run), verdict=line.verdict, stopped=line.stopped)
    with _made(path) as part, part.open("w", encoding="utf-8") as sink:
        sink.write(head.model_dump_json() + "\n")
        for case in store.cases(run):
            sink.write(case.model_dump_json() + "\n")
            number += 1
    return number


def import_jsonl(store: Store, path: Path, id: str | None = None) -> tuple[str, int]:
    """Take a run that `export_jsonl` wrote into the store; return its id and how many talks.

    Raises UsageError for a file of another form, a damaged line, or an id that is taken; then
    nothing was taken in.
    """
    head = _checked(path)
    run = head.run if id is None else head.run.model_copy(update={"id": id})
    store.begin(run)
    cases, number = (case for case, _ in _cases(path)), 0
    while some := [row_of(case) for case in islice(cases, ROWS)]:
        store.add(run.id, some)
        number += len(some)
    store.finish(run.id, head.verdict, head.stopped or "")
    return run.id, number


def _checked(path: Path) -> Head:
    """Read the file once through, a talk at a time, so that a damaged one leaves no trace in the store."""
    with _opened(path) as lines:
        head = _head(lines.readline(), path)
    open_ = {planned.id for planned in head.run.plan}
    for case, source in _cases(path):
        if case.played.id not in open_:
            raise UsageError(f"{source}: the talk {case.played.id!r} is not in the run's plan, or stands there twice")
        open_.remove(case.played.id)
    return head


def _cases(path: Path) -> Iterator[tuple[Case, str]]:
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if number > 1 and line.strip():
                source = f"{path}:{number}"
                yield _case(line, source), source


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield lines
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}; check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text; it is no exported run") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


@contextmanager
def _made(path: Path) -> Iterator[Path]:
    """Give a file beside the wanted one, and put it in its place when it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name a file in a folder that exists") from None
    finally:
        part.unlink(missing_ok=True)


def _head(line: str, path: Path) -> Head:
    try:
        head = Head.model_validate_json(line)
    except ValidationError:
        head = None
    if head is None or head.form != FORM:
        raise UsageError(f"{path} is no exported run; make one with `borrowersim runs export RUN FILE`")
    return head


def _case(line: str, source: str) -> Case:
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        raise UsageError(f"{source}: not a talk of a run ({error.errors()[0]['msg']})") from None


def export_parquet(store: Store, run: str, path: Path) -> int:
    """Write one row a turn, with its talk's outcome and its own marks and findings; return how many talks."""
    if find_spec("pyarrow") is None:
        raise UsageError("Parquet needs its library: pip install 'borrowersim[parquet]'; JSONL needs none")
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    number, schema = 0, pa.schema([(name, getattr(pa, kind)()) for name, kind in COLUMNS.items()])
    with _made(path) as part, ParquetWriter(part, schema) as writer:

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal number
            for case in store.cases(run):
                number += 1
                yield from turn_rows(run, case)

        rows = counted()
        while some := list(islice(rows, ROWS)):
            writer.write_table(pa.Table.from_pylist(some, schema))
    return number


COLUMNS = {
    "run": "string",
    "talk": "string",
    "borrower": "string",
    "agent": "string",
    "language": "string",
    "jurisdiction": "string",
    "seed": "int64",
    "resistance": "float64",
    "financial_stress": "float64",
    "ending": "string",
    "talk_respect": "float64",
    "talk_clarity": "float64",
    "talk_total": "float64",
    "turn": "int32",
    "speaker": "string",
    "text": "string",
    "act": "string",
    "trust": "float64",
    "anger": "float64",
    "anxiety": "float64",
    "respect": "int32",
    "clarity": "int32",
    "breaches": "string",
}
"""Column -> Arrow type; `breaches` joins the ids of rules with spaces."""


def turn_rows(run: str, case: Case) -> Iterator[dict[str, Any]]:
    """Yield one row a turn of a talk."""
    played, score = case.played, case.score
    talk = {
        "run": run,
        "talk": played.id,
        "borrower": played.borrower,
        "agent": played.agent,
        "language": played.talk.language.value,
        "jurisdiction": played.talk.jurisdiction.value,
        "seed": played.seed,
        "resistance": float(played.dials.resistance),
        "financial_stress": float(played.dials.financial_stress),
        "ending": played.ending.value,
        "talk_respect": score.respect,
        "talk_clarity": score.clarity,
        "talk_total": score.total,
    }
    moments = {moment.turn: moment for moment in played.moments}
    marks = {mark.turn: mark for mark in score.turns}
    for index, turn in enumerate(played.talk.turns):
        moment, mark = moments.get(index), marks.get(index)
        yield talk | {
            "turn": index,
            "speaker": turn.speaker.value,
            "text": turn.text,
            "act": moment.act.value if moment else None,
            "trust": moment.hidden.trust if moment else None,
            "anger": moment.hidden.anger if moment else None,
            "anxiety": moment.hidden.anxiety if moment else None,
            "respect": mark.respect if mark else None,
            "clarity": mark.clarity if mark else None,
            "breaches": " ".join(finding.rule for finding in score.breaches if finding.turn == index),
        }
