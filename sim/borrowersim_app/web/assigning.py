"""The coach's form: put an assignment together, set it, take one back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import gradio as gr
from markupsafe import Markup

from borrowersim.persona import Persona
from borrowersim_app.web.assignment_view import say_dials
from borrowersim_app.web.cards import list_entry
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.person import Update
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.view import inert
from borrowersim_evals.assignment import Assignment, Task
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.report.words import Words

DUE_DAYS = (3, 7, 14, 30)
LONGEST_TITLE = 120


class AssigningForm:
    """Components and what they mean; the tab around it says who may use it, and keeps what is set."""

    def __init__(self, personas: Sequence[Persona]) -> None:
        self._personas = {persona.id: persona for persona in personas}

    def build(self, labels: Labels) -> None:
        """Lay the form out inside gr.Blocks; `labels` remembers its words."""
        first = next(iter(self._personas.values()))
        choices = [(f"{list_entry(persona)} ({persona.id})", persona.id) for persona in self._personas.values()]
        with gr.Accordion(open=False, visible=False, elem_classes="assigning") as self.frame:
            self.title = gr.Textbox(max_lines=1, max_length=LONGEST_TITLE)
            self.borrower = gr.Dropdown(choices, value=first.id)
            with gr.Row():
                self.resistance = gr.Slider(0, 10, first.dials.resistance, step=0.5, buttons=[])
                self.stress = gr.Slider(0, 10, first.dials.financial_stress, step=0.5, buttons=[])
            with gr.Row():
                self.add = gr.Button()
                self.clear = gr.Button()
            self.listed = gr.HTML(apply_default_css=False)
            self.tasks = gr.State([])
            with gr.Row():
                self.pass_mark = gr.Slider(0, 100, PASS_MARK, step=1, buttons=[])
                self.due = gr.Dropdown([""], value="", filterable=False)
            self.whom = gr.Dropdown([], value=[], multiselect=True)
            self.set = gr.Button(variant="primary")
            self.said = gr.HTML(visible=False, apply_default_css=False)
            with gr.Row(equal_height=False, elem_classes="errand"):
                self.standing = gr.Dropdown([], value=None, filterable=False)
                self.take_back = gr.Button(variant="secondary")
        labels.put(self.frame, label="set_assignment")
        labels.put(self.title, label="title", placeholder="title_example")
        labels.put(self.borrower, label="borrower")
        labels.put(self.resistance, label="resistance")
        labels.put(self.stress, label="stress")
        labels.put(self.add, value="add")
        labels.put(self.clear, value="clear")
        labels.put(self.pass_mark, label="pass_mark")
        labels.put(self.due, label="due_day")
        labels.put(self.whom, label="for_whom")
        labels.put(self.set, value="set")
        labels.put(self.standing, label="take_back")
        labels.put(self.take_back, value="take_back_button")

    def fill(self, names: Sequence[str], standing: Sequence[Assignment], tasks: list[Task], reader: Reader) -> Update:
        """Return the choices as they are now."""
        return {
            self.whom: gr.update(choices=list(names)),
            self.due: gr.update(choices=due_choices(reader)),
            self.standing: gr.update(choices=[(one.title, one.id) for one in standing], value=None),
            self.listed: task_list(tasks, reader),
        }

    def levels(self, borrower: str) -> Update:
        """Set both dials to what the borrower's file says."""
        dials = self._personas[borrower].dials
        return {self.resistance: dials.resistance, self.stress: dials.financial_stress}

    def added(self, tasks: list[Task], borrower: str, resistance: float, stress: float, reader: Reader) -> Update:
        """Put a call on the list, in the place of an earlier one with this borrower."""
        others = [task for task in tasks if task.borrower != borrower]
        listed = [*others, Task(borrower=borrower, resistance=resistance, financial_stress=stress)]
        return {self.tasks: listed, self.listed: task_list(listed, reader)}

    def emptied(self, reader: Reader) -> Update:
        """Return the form with nothing in it but its choices."""
        return {
            self.title: "",
            self.tasks: [],
            self.listed: task_list([], reader),
            self.whom: gr.update(value=[]),
            self.due: gr.update(value=""),
            self.pass_mark: PASS_MARK,
        }


def assembled(
    title: str,
    tasks: Sequence[Task],
    pass_mark: float,
    due: str,
    whom: Sequence[str],
    by: str,
    now: datetime,
    rng: Random,
) -> Assignment:
    """Return the assignment that a form describes; `due` is a day in ISO 8601 or empty."""
    return Assignment(
        id=f"a{rng.randrange(16**8):08x}",
        title=" ".join(title.split())[:LONGEST_TITLE],
        by=by,
        made=now,
        tasks=tuple(tasks),
        pass_mark=pass_mark,
        due=datetime.fromisoformat(due).date() if due else None,
        learners=tuple(whom),
    )


def due_choices(reader: Reader) -> list[tuple[str, str]]:
    """Return the due days to choose from: what is shown, and the day in ISO 8601."""
    words = reader.words
    days = [(number, reader.today + timedelta(days=number)) for number in DUE_DAYS]
    return [
        (words["no_due"], ""),
        *((words["in_days"].format(number, reader.day(day)), day.isoformat()) for number, day in days),
    ]


def task_list(tasks: Sequence[Task], reader: Reader) -> str:
    """Return the calls of the form as HTML."""
    words = reader.words
    items = Markup("").join(
        Markup("<li><span lang='{}'>{}</span> <span class='soft small'>{}</span></li>").format(
            reader.spoken(task.borrower), reader.borrower(task.borrower), say_dials(task, reader)
        )
        for task in tasks
    )
    body = (
        Markup("<ol>{}</ol>").format(items) if tasks else Markup("<p class='soft'>{}</p>").format(words["no_calls_yet"])
    )
    return inert(
        Markup("<section class='bsr progress listed' lang='{}' aria-live='polite'><h4>{}</h4>{}</section>").format(
            words.language, words["calls_to_make"], body
        )
    )


def missing(title: str, tasks: Sequence[Task], words: Words) -> str:
    """Return what the form still needs, empty when it is whole."""
    if not title.strip():
        return words["need_title"]
    return "" if tasks else words["need_calls"]


def whom_said(assignment: Assignment, words: Words) -> str:
    """Return for whom an assignment is, to be read."""
    return words["list"].join(assignment.learners) or words["everybody"]
