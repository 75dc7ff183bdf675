"""An assignment: calls that a coach wants made, how well, by when; and how far a learner is with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Level
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.practice_lines import PracticeLine

Standing = Literal["done", "late", "open", "overdue"]
"""`late`: done, but after the due day. `overdue`: the day is over and it is not done."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Task(_Value):
    """One call of an assignment."""

    borrower: str
    resistance: Level | None = None
    """None: as the borrower's file says."""
    financial_stress: Level | None = None

    def dials(self, own: Dials) -> Dials:
        """Return a borrower's dials as the task wants them."""
        wanted = {"resistance": self.resistance, "financial_stress": self.financial_stress}
        return own.model_copy(update={name: level for name, level in wanted.items() if level is not None})

    def meant(self, line: PracticeLine) -> bool:
        """Say whether a call is the one that was asked for: this borrower, made no easier."""
        hard = line.resistance >= (self.resistance or 0) and line.financial_stress >= (self.financial_stress or 0)
        return line.borrower == self.borrower and hard


class Assignment(_Value):
    """What a coach asks for."""

    id: str
    title: Annotated[str, Field(min_length=1, max_length=120)]
    by: str
    """Who set it."""
    made: AwareDatetime
    tasks: Annotated[tuple[Task, ...], Field(min_length=1, max_length=50)]
    pass_mark: Annotated[float, Field(ge=0, le=100)] = PASS_MARK
    """Least total of each call; a critical breach fails it whatever the total."""
    due: date | None = None
    """The last day; counted where the call was made."""
    learners: tuple[str, ...] = ()
    """Whom it is for; empty for everybody."""

    @model_validator(mode="after")
    def _each_borrower_once(self) -> "Assignment":
        if len({task.borrower for task in self.tasks}) < len(self.tasks):
            raise ValueError("a borrower is listed twice; each is called once")
        return self

    def concerns(self, learner: str) -> bool:
        """Say whether it is for a learner."""
        return not self.learners or learner in self.learners


@dataclass(frozen=True)
class TaskState:
    """How far a learner is with one call of an assignment."""

    task: Task
    tries: int
    best: float | None
    """Best total of the tries without a critical breach; None when there is none."""
    passed_on: str | None
    """When the first try that passed was finished (ISO 8601)."""


@dataclass(frozen=True)
class AssignmentState:
    """How far a learner is with an assignment."""

    assignment: Assignment
    learner: str
    tasks: tuple[TaskState, ...]
    standing: Standing

    @property
    def passed(self) -> int:
        return sum(state.passed_on is not None for state in self.tasks)


def state_of(assignment: Assignment, learner: str, lines: Iterable[PracticeLine], today: date) -> AssignmentState:
    """Return how far a learner is; `lines` may hold other calls too.

    A call counts that was begun for the assignment, was not rewound, and was made no easier than asked.
    """
    own = [line for line in lines if _counts(line, assignment, learner)]
    tasks = tuple(_task_state(task, own, assignment.pass_mark) for task in assignment.tasks)
    return AssignmentState(assignment, learner, tasks, _standing(assignment, tasks, today))


def _counts(line: PracticeLine, assignment: Assignment, learner: str) -> bool:
    return line.learner == learner and line.assignment == assignment.id and line.judged and not line.parent


def _task_state(task: Task, lines: Sequence[PracticeLine], pass_mark: float) -> TaskState:
    tried = [line for line in lines if task.meant(line)]
    clean = [line for line in tried if line.total is not None and not line.critical]
    passed = sorted((line for line in clean if passes(line, pass_mark)), key=lambda line: line.active)
    return TaskState(
        task=task,
        tries=len(tried),
        best=max((line.total for line in clean if line.total is not None), default=None),
        passed_on=passed[0].changed if passed else None,
    )


def passes(line: PracticeLine, pass_mark: float = PASS_MARK) -> bool:
    """Say whether a call is good enough: judged, high enough, and without a critical breach."""
    return line.total is not None and line.total >= pass_mark and not line.critical


def _standing(assignment: Assignment, tasks: Sequence[TaskState], today: date) -> Standing:
    days = [datetime.fromisoformat(state.passed_on).date() for state in tasks if state.passed_on]
    due = assignment.due
    if len(days) == len(tasks):
        return "late" if due and max(days) > due else "done"
    return "overdue" if due and today > due else "open"


def parse_task(text: str) -> Task:
    """Read `BORROWER` or `BORROWER@RESISTANCE/STRESS`, for example `us-maria-delgado@7/5`.

    Raises UsageError for levels that are no numbers from 0 to 10.
    """
    borrower, at, levels = text.strip().partition("@")
    if not at:
        return Task(borrower=borrower)
    try:
        resistance, stress = (float(level) for level in levels.split("/"))
        return Task(borrower=borrower, resistance=resistance, financial_stress=stress)
    except ValueError:
        raise UsageError(
            f"{text!r} names no levels; write BORROWER@RESISTANCE/STRESS, each 0 to 10, for example {borrower}@7/5"
        ) from None
