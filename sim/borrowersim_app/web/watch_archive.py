"""Find a talk of a stored run: the part of the Watch tab with runs, filters and the list of talks."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from sqlalchemy.exc import SQLAlchemyError

from borrowersim.errors import BorrowerSimError
from borrowersim.talk import Language
from borrowersim_app.web.frame import noted
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.run_view import run_entry, talk_list
from borrowersim_app.web.stage import Stage
from borrowersim_app.web.watch_words import agent_name, watch_words
from borrowersim_evals.store.shelf import PAGE, VERDICTS, Shelf, Wanted

log = logging.getLogger(__name__)
ANY = ""
MOST_RUNS = 200
"""Runs in the list, the newest ones."""
PICK = """
element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-talk]");
  if (chosen) trigger("click", { talk: chosen.dataset.talk });
});
"""
"""Tells the server which talk of the list was clicked, and nothing when none was."""


class Archive:
    """Runs of the store, and the talks of the chosen one."""

    def __init__(self, stage: Stage) -> None:
        self.labels = Labels(watch_words)
        self._stage = stage
        self._names = {persona.id: persona.name for persona in stage.studio.personas}

    def build(self, language: Any) -> None:
        """Lay the part out inside gr.Blocks; `language` is the component that holds the page's language."""
        self.most = gr.State(PAGE)
        with gr.Row(elem_classes="controls"):
            self.run = gr.Dropdown([], scale=4, min_width=240)
            self.refresh = gr.Button(scale=1, min_width=110)
        with gr.Row(equal_height=False):
            self.agent = gr.Dropdown([], min_width=150)
            self.borrower = gr.Dropdown([], min_width=150)
            self.verdict = gr.Dropdown([], min_width=150, filterable=False)
            self.text = gr.Textbox(max_length=200, max_lines=1, min_width=150)
        self.notice = gr.HTML(visible=False, apply_default_css=False)
        self.talks = gr.HTML(apply_default_css=False, js_on_load=PICK)
        self.more = gr.Button(visible=False)
        for component, row in ((self.run, "run"), (self.agent, "agent"), (self.borrower, "borrower")):
            self.labels.put(component, label=row)
        self.labels.put(self.verdict, label="verdict")
        self.labels.put(self.text, label="search", placeholder="search_hint")
        self.labels.put(self.refresh, value="refresh")
        self.labels.put(self.more, value="more")
        self._wire(language)

    def _wire(self, language: Any) -> None:
        found = [self.talks, self.more, self.most, self.notice]
        chosen = [self.run, self.agent, self.borrower, self.verdict, *found]
        filters = [language, self.run, self.agent, self.borrower, self.verdict, self.text]
        self.refresh.click(self.list_runs, [language, self.run], chosen, **QUIET)
        self.run.input(self.choose_run, [language, self.run], chosen, **QUIET)
        for component in (self.agent, self.borrower, self.verdict, self.text):
            component.input(self.list_talks, filters, found, trigger_mode="always_last", **QUIET)
        self.more.click(self.list_more, [*filters, self.most], found, **QUIET)

    @property
    def filters(self) -> list[Any]:
        """Return the components whose values `relabel` wants."""
        return [self.run, self.agent, self.borrower, self.verdict, self.text, self.most]

    @property
    def shown(self) -> list[Any]:
        """Return every component that `relabel` and `list_runs` change."""
        return [*self.labels.rows, self.talks, self.most, self.notice]

    def list_runs(self, language: str, run: str | None) -> Update:
        """Read the list of runs anew; keep the chosen one where it is still there, else take the newest."""
        words = watch_words(Language(language))

        def read(shelf: Shelf) -> Update:
            lines = shelf.lines()[:MOST_RUNS]
            if not lines:
                return self._empty("no_runs", language)
            kept = run if run in {line.id for line in lines} else lines[0].id
            choices = [(run_entry(line, words), line.id) for line in lines]
            return self._talks_of(shelf, language, kept) | {self.run: gr.update(choices=choices, value=kept)}

        return self._with_shelf(language, read)

    def choose_run(self, language: str, run: str | None) -> Update:
        """Show a run's talks, all of them, and offer its agents and borrowers as filters."""
        if not run:
            return self._empty("choose_run", language)
        return self._with_shelf(language, lambda shelf: self._talks_of(shelf, language, run))

    def list_talks(
        self,
        language: str,
        run: str | None,
        agent: str | None,
        borrower: str | None,
        verdict: str | None,
        text: str,
        most: int = PAGE,
    ) -> Update:
        """Show the talks that fit the filters."""
        if not run:
            return self._empty("choose_run", language)
        chosen = verdict if verdict in VERDICTS else None
        wanted = Wanted(agent=agent or "", borrower=borrower or "", verdict=chosen, text=text.strip())
        return self._with_shelf(language, lambda shelf: self._found(shelf, language, run, wanted, most))

    def list_more(
        self,
        language: str,
        run: str | None,
        agent: str | None,
        borrower: str | None,
        verdict: str | None,
        text: str,
        most: int,
    ) -> Update:
        return self.list_talks(language, run, agent, borrower, verdict, text, most + PAGE)

    def relabel(
        self,
        language: Language,
        run: str | None,
        agent: str | None,
        borrower: str | None,
        verdict: str | None,
        text: str,
        most: int,
    ) -> Update:
        """Return the part in another language, what was chosen unchanged; nothing is read before a run is."""
        labels = self.labels.relabelled(language)
        if not run:
            return labels
        shown = self.list_talks(str(language), run, agent, borrower, verdict, text, most)
        names = self._with_shelf(str(language), lambda shelf: self._choices(shelf, language, run))
        for component in (self.agent, self.borrower, self.verdict, self.more):
            labels[component] |= {**names, **shown}.get(component, {})
        return labels | {part: shown[part] for part in (self.talks, self.most, self.notice)}

    def _with_shelf(self, language: str, read: Callable[[Shelf], Update]) -> Update:
        """Return what `read` makes of the stored runs, or say why there is nothing to read."""
        try:
            shelf = self._stage.shelf()
            return read(shelf) if shelf else self._empty("no_runs", language)
        except (BorrowerSimError, SQLAlchemyError) as failure:
            log.warning("the stored runs could not be read: %s", failure)
            return self._empty("store_failed", language)

    def _empty(self, row: str, language: str) -> Update:
        text = watch_words(Language(language))[row]
        return {
            self.talks: "",
            self.more: gr.update(visible=False),
            self.most: PAGE,
            self.notice: noted(text),
        }

    def _talks_of(self, shelf: Shelf, language: str, run: str) -> Update:
        choices = self._choices(shelf, Language(language), run)
        chosen = {component: shown | {"value": ANY} for component, shown in choices.items()}
        return chosen | self._found(shelf, language, run, Wanted(), PAGE)

    def _choices(self, shelf: Shelf, language: Language, run: str) -> Update:
        words = watch_words(language)
        agents, borrowers = shelf.names(run)
        every = (words["any"], ANY)
        return {
            self.agent: gr.update(choices=[every, *((agent_name(name, language), name) for name in agents)]),
            self.borrower: gr.update(
                choices=[every, *((self._names.get(name, Path(name).stem), name) for name in borrowers)]
            ),
            self.verdict: gr.update(choices=[every, *((words[f"verdict.{name}"], name) for name in VERDICTS)]),
        }

    def _found(self, shelf: Shelf, language: str, run: str, wanted: Wanted, most: int) -> Update:
        talks, more = shelf.talks(run, wanted, most)
        return {
            self.talks: talk_list(talks, more, self._names, watch_words(Language(language))),
            self.more: gr.update(visible=more),
            self.most: most,
            self.notice: noted(""),
        }
