"""Assignments as HTML: a learner's own with each call, and a coach's with each learner."""

from collections.abc import Sequence

from markupsafe import Markup

from borrowersim_app.web.reader import Reader
from borrowersim_evals.assignment import Assignment, AssignmentState, Task, TaskState
from borrowersim_evals.report.words import Words


def assignment_cards(states: Sequence[AssignmentState], reader: Reader) -> Markup:
    """Return a learner's assignments, those that wait first; nothing when there are none."""
    if not states:
        return Markup("")
    waiting = {"overdue": 0, "open": 1, "late": 2, "done": 3}
    cards = [_card(state, reader) for state in sorted(states, key=lambda state: waiting[state.standing])]
    return Markup("<h3>{}</h3>{}<p class='soft small'>{}</p>").format(
        reader.words["assignments"], Markup("").join(cards), reader.words["rewound_not"]
    )


def _card(state: AssignmentState, reader: Reader) -> Markup:
    words = reader.words
    tasks = Markup("").join(_task(task, reader) for task in state.tasks)
    return Markup(
        "<article class='assignment {}'><h4>{} {}</h4><p class='soft small'>{}</p><ul>{}</ul></article>"
    ).format(
        state.standing,
        state.assignment.title,
        standing_badge(state, words),
        " · ".join([*terms(state.assignment, reader), words["set_by"].format(state.assignment.by)]),
        tasks,
    )


def standing_badge(state: AssignmentState, words: Words) -> Markup:
    """Say how far a learner is: in words, and by colour."""
    kind = {"done": "good", "late": "minor", "open": "plain", "overdue": "major"}[state.standing]
    return Markup("<span class='badge {}'>{} · {}</span>").format(
        kind,
        words[f"standing.{state.standing}"],
        words["of_calls"].format(state.passed, len(state.tasks)),
    )


def terms(assignment: Assignment, reader: Reader) -> list[str]:
    """Return by when and how well."""
    words = reader.words
    due = words["due"].format(reader.day(assignment.due)) if assignment.due else words["no_due"]
    return [due, words["pass_at"].format(f"{assignment.pass_mark:g}")]


def _task(state: TaskState, reader: Reader) -> Markup:
    done = state.passed_on is not None
    return Markup(
        "<li class='{}'><span aria-hidden='true'>{}</span> {} <span class='soft small'>{}</span></li>"
    ).format(
        "passed" if done else "waits",
        "✓" if done else "○",
        say_task(state.task, reader),
        _how_far(state, reader.words),
    )


def say_task(task: Task, reader: Reader) -> Markup:
    """Return the borrower of a call, and its dials where a coach set them."""
    name = Markup("<span lang='{}'>{}</span>").format(reader.spoken(task.borrower), reader.borrower(task.borrower))
    dials = say_dials(task, reader)
    return name + Markup(" <span class='soft small'>({})</span>").format(dials) if dials else name


def say_dials(task: Task, reader: Reader) -> str:
    """Return the dials that a task sets, empty when it sets none."""
    if task.resistance is None and task.financial_stress is None:
        return ""
    shown = ["–" if level is None else f"{level:g}" for level in (task.resistance, task.financial_stress)]
    return reader.words["dials"].format(*shown)


def _how_far(state: TaskState, words: Words) -> str:
    if not state.tries:
        return words["not_tried"]
    if state.best is None:
        return words["not_clean"].format(state.tries)
    tried = words["best"].format(f"{state.best:.0f}", state.tries)
    return f"{words['passed']} · {tried}" if state.passed_on else tried


def assignment_overview(assignment: Assignment, states: Sequence[AssignmentState], reader: Reader) -> Markup:
    """Return an assignment as its coach sees it: the calls, and each learner's state."""
    words = reader.words
    calls = Markup(words["list"]).join(say_task(task, reader) for task in assignment.tasks)
    rows = Markup("").join(
        Markup("<li><b>{}</b> {}</li>").format(state.learner, standing_badge(state, words)) for state in states
    )
    return Markup(
        "<article class='assignment'><h4>{}</h4><p class='soft small'>{}</p><p>{}</p><ul class='who'>{}</ul></article>"
    ).format(
        assignment.title,
        " · ".join([*terms(assignment, reader), words["set_by"].format(assignment.by)]),
        calls,
        rows,
    )
