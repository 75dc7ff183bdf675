"""The tab where a learner sees how they get on, and a coach how everybody does."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

import gradio as gr

from borrowersim.errors import BorrowerSimError
from borrowersim.persona import Persona
from borrowersim.talk import Language
from borrowersim_app.web.assigning import AssigningForm, assembled, missing, whom_said
from borrowersim_app.web.frame import noted, once
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.people import Asked, People
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.progress_words import progress_words
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.records import ONE, OWN, TEAM, Errand, Records
from borrowersim_app.web.when import zone_named
from borrowersim_evals.assignment import Task
from borrowersim_evals.report.words import Words
from borrowersim_evals.store.practices import PracticeStore

log = logging.getLogger(__name__)
ASK_ZONE = "() => Intl.DateTimeFormat().resolvedOptions().timeZone"
SAVE = """(name, text) => {
  if (!text) { return; }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
"""The table goes from the answer into the reader's file; it never lies on the server."""
HERE = "borrowersim-calls.csv"


class ProgressTab:
    """Build it inside a gr.Tab, then wire it. What it shows is asked of the store each time."""

    def __init__(
        self,
        store: PracticeStore,
        people: People,
        personas: Sequence[Persona],
        now: Callable[[], datetime],
        rng: Random,
    ) -> None:
        self._store = store
        self._people = people
        self._personas = {persona.id: persona for persona in personas}
        self._now = now
        self._rng = rng
        self.labels = Labels(progress_words)
        self.form = AssigningForm(personas)

    def build(self, *, startable: bool = False) -> None:
        """Lay the tab out; with `startable` an assigned call can be begun here (`task`, `begin`, `errand`)."""
        self.startable = startable
        self.zone = gr.Textbox("UTC", visible="hidden")
        self.whose = gr.Dropdown([OWN, TEAM], value=None, visible=False, filterable=False)
        self.notice = gr.HTML(visible=False, apply_default_css=False)
        with gr.Row(equal_height=False, visible=False, elem_classes="errand") as self.errands:
            self.task = gr.Dropdown([], value=None, filterable=False, scale=3, min_width=220)
            self.begin = gr.Button(variant="primary", scale=1, min_width=140)
        self.board = gr.HTML(apply_default_css=False)
        with gr.Accordion(open=False, visible=False) as self.again:
            self.call = gr.Dropdown([], value=None, filterable=False)
            self.card = gr.HTML(apply_default_css=False)
        self.form.build(self.labels)
        self.export = gr.Button(visible=False, elem_classes="export")
        self.csv_name = gr.Textbox(HERE, visible="hidden")
        self.csv = gr.Textbox("", visible="hidden")
        self.labels.put(self.whose, label="whose")
        self.labels.put(self.task, label="next_task")
        self.labels.put(self.begin, value="start_task")
        self.labels.put(self.again, label="read_again")
        self.labels.put(self.call, label="which_call")
        self.labels.put(self.export, value="download")

    @property
    def shown(self) -> list[Any]:
        """Return what `show` sets."""
        form = self.form
        own = [self.whose, self.notice, self.board, self.errands, self.task, self.again, self.call, self.card]
        return [*own, self.export, form.frame, form.whom, form.due, form.standing, form.listed, form.said]

    def wire(self, blocks: gr.Blocks, language: gr.Dropdown, tab: gr.Tab | None = None) -> None:
        """Let the tab follow the page: shown anew when it is opened and when the language changes.

        The page itself changes the words of `labels` together with its own.
        """
        now = [language, self.whose, self.zone, self.form.tasks]
        loaded = blocks.load(None, None, self.zone, js=ASK_ZONE)
        loaded.then(self.show, now, self.shown, **QUIET)
        language.change(self.show, now, self.shown, **QUIET)
        if tab is not None:
            tab.select(self.show, now, self.shown, **QUIET)
        self.whose.input(self.show, now, self.shown, **QUIET)
        self.call.input(self.read, [language, self.whose, self.zone, self.call], [self.card, self.notice], **QUIET)
        self.export.click(self.table, [self.whose], self.csv, **QUIET).then(
            None, [self.csv_name, self.csv], None, js=SAVE
        )
        self._wire_form(language)

    def _wire_form(self, language: gr.Dropdown) -> None:
        form = self.form
        seen = [language, self.zone]
        dials = [form.resistance, form.stress]
        form.borrower.input(form.levels, form.borrower, dials, **QUIET)
        form.add.click(self.add, [*seen, form.tasks, form.borrower, *dials], [form.tasks, form.listed], **QUIET)
        form.clear.click(self.clear, seen, [form.tasks, form.listed], **QUIET)
        emptied = [form.title, form.tasks, form.listed, form.whom, form.due, form.pass_mark]
        form.set.click(
            self.assign,
            [language, self.whose, self.zone, form.title, form.tasks, form.pass_mark, form.due, form.whom],
            once([*self.shown, *emptied]),
            **QUIET,
        )
        form.take_back.click(
            self.take_back, [language, self.whose, self.zone, form.tasks, form.standing], self.shown, **QUIET
        )

    # What happens. Each callback gets the browser's values and who asks, and returns what to show.

    def show(
        self, language: str, whose: str | None, zone: str, tasks: list[Task], request: gr.Request, say: str = ""
    ) -> Update:
        """Show what the person may see, as it is now; `say` is said in the coach's form."""
        reader = self._reader(language, zone)
        try:
            records = self._records(request)
            return self._everything(records, records.whose(whose), reader, tasks) | {
                self.notice: noted(""),
                self.form.said: noted(say),
            }
        except BorrowerSimError as failure:
            log.warning("progress was not shown: %s", failure)
            hidden = (self.whose, self.errands, self.again, self.export, self.form.frame)
            return {part: gr.update(visible=False) for part in hidden} | {
                self.board: "",
                self.card: "",
                self.notice: noted(reader.words["not_now"]),
            }

    def _everything(self, records: Records, whose: str, reader: Reader, tasks: list[Task]) -> Update:
        calls, waiting = records.calls(whose, reader), records.waiting(reader) if self.startable else []
        coaches = records.person.coaches
        shown = {
            self.whose: gr.update(choices=self._choices(records, reader.words), value=whose, visible=coaches),
            self.board: records.board(whose, reader),
            self.errands: gr.update(visible=bool(waiting) and whose == OWN),
            self.task: gr.update(choices=waiting, value=waiting[0][1] if waiting else None),
            self.again: gr.update(visible=bool(calls)),
            self.call: gr.update(choices=calls, value=None),
            self.card: "",
            self.export: gr.update(visible=bool(calls) or whose == TEAM),
            self.form.frame: gr.update(visible=coaches and whose == TEAM),
        }
        if not coaches:
            return shown
        names = [name for name in records.everybody() if name != records.person.name]
        return shown | self.form.fill(names, self._store.assignments(), tasks, reader)

    def _choices(self, records: Records, words: Words) -> list[tuple[str, str]]:
        if not records.person.coaches:
            return [(words["own"], OWN)]
        others = [(name, ONE + name) for name in records.everybody() if name != records.person.name]
        return [(words["team"], TEAM), (words["own"], OWN), *others]

    def read(self, language: str, whose: str, zone: str, call: str | None, request: gr.Request) -> Update:
        """Show the report of one call again."""
        reader = self._reader(language, zone)
        try:
            records = self._records(request)
            card = records.card(records.whose(whose), call, reader) if call else ""
        except BorrowerSimError as failure:
            log.warning("a call was not shown: %s", failure)
            return {self.card: "", self.notice: noted(reader.words["not_now"])}
        return {self.card: card, self.notice: noted("")}

    def table(self, whose: str, request: gr.Request) -> str:
        """Return the calls that are looked at as CSV; nothing to who may not see them."""
        try:
            records = self._records(request)
            return records.table(records.whose(whose))
        except BorrowerSimError as failure:
            log.warning("no table was made: %s", failure)
            return ""

    def errand(self, key: str, request: Asked | None) -> Errand:
        """Return an assigned call that the person may begin, for the page to start it.

        Raises UsageError when it is none of theirs.
        """
        return self._records(request).errand(key, self._personas)

    def add(
        self, language: str, zone: str, tasks: list[Task], borrower: str, resistance: float, stress: float
    ) -> Update:
        """Put a call on the list of the form."""
        return self.form.added(tasks, borrower, resistance, stress, self._reader(language, zone))

    def clear(self, language: str, zone: str) -> Update:
        """Empty the list of the form."""
        emptied = self.form.emptied(self._reader(language, zone))
        return {part: emptied[part] for part in (self.form.tasks, self.form.listed)}

    def assign(
        self,
        language: str,
        whose: str,
        zone: str,
        title: str,
        tasks: list[Task],
        pass_mark: float,
        due: str,
        whom: list[str],
        request: gr.Request,
    ) -> Update:
        """Keep what the form describes, or say what it needs."""
        words = progress_words(Language(language))
        coach, lacks = self._coach(request), missing(title, tasks, words)
        if lacks or not coach:
            return {self.form.said: noted(lacks or words["not_now"])}
        made = assembled(title, tasks, pass_mark, due, whom, coach, self._now(), self._rng)
        self._store.assign(made)
        say = words["set_done"].format(made.title, whom_said(made, words))
        shown = self.show(language, whose, zone, [], request, say)
        return shown | {
            part: shown.get(part, {}) | value if isinstance(value, dict) else value
            for part, value in self.form.emptied(self._reader(language, zone)).items()
        }

    def take_back(
        self, language: str, whose: str, zone: str, tasks: list[Task], id: str | None, request: gr.Request
    ) -> Update:
        """Take an assignment back, if a coach asks for it."""
        words = progress_words(Language(language))
        if not id or not self._coach(request):
            return {self.form.said: noted("" if not id else words["not_now"])}
        found = next((one for one in self._store.assignments() if one.id == id), None)
        if found is None:  # another coach was quicker
            return self.show(language, whose, zone, tasks, request)
        self._store.withdraw(id)
        return self.show(language, whose, zone, tasks, request, words["taken_back"].format(found.title))

    def _coach(self, request: Asked | None) -> str:
        """Return the name of the coach who asks, empty when it is none."""
        try:
            person = self._people.who(request)
        except BorrowerSimError:
            return ""
        return person.name if person.coaches else ""

    def _records(self, request: Asked | None) -> Records:
        return Records(self._store, self._people, self._people.who(request))

    def _reader(self, language: str, zone: str) -> Reader:
        return Reader(Language(language), zone_named(zone), self._now(), self._personas)
