"""The Watch tab: an agent and a borrower talk, or a talk of a stored run is opened; a spectator looks on."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from sqlalchemy.exc import SQLAlchemyError

from borrowersim.errors import BorrowerSimError
from borrowersim.record import Played
from borrowersim.talk import Language
from borrowersim_app.web.frame import noted
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.server import PEOPLE_AT_ONCE
from borrowersim_app.web.showing import Showing
from borrowersim_app.web.stage import Stage
from borrowersim_app.web.watch_archive import Archive
from borrowersim_app.web.watch_casting import Casting
from borrowersim_app.web.watch_player import BEGIN, Player
from borrowersim_app.web.watch_view import intro
from borrowersim_app.web.watch_words import watch_words

log = logging.getLogger(__name__)
OnContinue = Callable[[str, Any, Played, int], Update]
"""Is given the page's language, what the browser keeps of its person, the talk, and how many of its exchanges stay;
returns what the page shows."""


class Watch:
    """Choose a talk, new or stored, and watch it. `build` it inside a gr.Tab of the page."""

    def __init__(self, stage: Stage) -> None:
        self.labels = Labels(watch_words)
        self._stage = stage
        self.casting = Casting(stage)
        self.archive = Archive(stage)
        self.player = Player(stage.studio.judge)

    def build(self, language: Any) -> None:
        """Lay the tab out; `language` is the component that holds the page's language."""
        with gr.Column() as self.choosing:
            self.intro = gr.HTML(intro(watch_words(Language.EN)), apply_default_css=False)
            self.notice = gr.HTML(visible=False, apply_default_css=False)
            with gr.Tabs():
                with gr.Tab() as self.live_tab:
                    self.casting.build(language)
                with gr.Tab() as self.stored_tab:
                    self.archive.build(language)
        with gr.Column(visible=False) as self.watching:
            self.player.build(language)
        self.labels.put(self.live_tab, label="live")
        self.labels.put(self.stored_tab, label="stored")
        self._wire(language)

    def _wire(self, language: Any) -> None:
        player, screens = self.player, [self.choosing, self.watching, self.notice]
        opened = [*screens, player.state, *player.shown]
        begun = self.casting.begin.click(
            self.open_live, [language, player.speed, *self.casting.choice], opened, **QUIET
        )
        here = [language, player.state]
        begun.success(player.run, here, player.shown, concurrency_limit=PEOPLE_AT_ONCE, **QUIET)
        picked = self.archive.talks.click(self.open_stored, [language, player.speed, self.archive.run], opened, **QUIET)
        for opening in (begun, picked):
            opening.success(None, None, None, js=BEGIN)
        self.stored_tab.select(self.archive.list_runs, [language, self.archive.run], self.archive.shown, **QUIET)
        player.leave.click(self.leave, player.state, [*screens, player.state], **QUIET)
        now = [language, player.state, *self.casting.choice, *self.archive.filters]
        # The person's own choice only: what the page sets when it loads comes with `arrive`.
        language.input(self.relabel, now, self.shown, **QUIET)

    def connect(self, language: Any, person: Any, on_continue: OnContinue, outputs: Sequence[Any]) -> None:
        """Wire the button that takes over.

        `person` holds what the browser keeps; `outputs` are the page's components that `on_continue`
        may change. Call it inside the same gr.Blocks after everything is built.
        """

        def take_over(language: str, kept: Any, showing: Showing | None) -> Update:
            if showing is None or showing.persona is None:
                row = "no_talk" if showing is None else "unknown_borrower"
                text = watch_words(Language(language))[row]
                return {self.player.notice: noted(text)}
            showing.pause()
            return on_continue(language, kept, showing.played, showing.exchanges)

        here = [language, person, self.player.state]
        self.player.take_over.click(take_over, here, [*outputs, self.player.notice], **QUIET)

    @property
    def shown(self) -> list[Any]:
        """Return every component that `relabel` and `arrive` change."""
        own = [self.intro, self.notice, *self.labels.rows]
        return [*own, *self.casting.shown, *self.archive.shown, *self.player.shown]

    def arrive(self, language: Language) -> Update:
        """Set the tab up for somebody who reads this language; for the page's own load event."""
        return (
            self._own(language)
            | self.casting.arrive(language)
            | self.archive.labels.relabelled(language)
            | self.player.labels.relabelled(language)
        )

    def relabel(self, language: str, showing: Showing | None, *chosen: Any) -> Update:
        """Return the tab in another language, everything else as it stands."""
        spoken, casting = Language(language), len(self.casting.choice)
        return (
            self._own(spoken)
            | self.casting.relabel(spoken, *chosen[:casting])
            | self.archive.relabel(spoken, *chosen[casting:])
            | self.player.relabel(spoken, showing)
        )

    def _own(self, language: Language) -> Update:
        own = {self.intro: intro(watch_words(language)), self.notice: noted("")}
        return self.labels.relabelled(language) | own

    def open_live(
        self, language: str, speed: float, agent: str, borrower: str, resistance: float, stress: float
    ) -> Update:
        """Begin a new talk."""
        return self._opened(language, speed, lambda: self._stage.live(agent, borrower, resistance, stress))

    def open_stored(self, language: str, speed: float, run: str | None, event: gr.EventData) -> Update:
        """Open the talk of the list that was clicked; the browser may send anything."""
        data = event._data
        talk = data.get("talk") if isinstance(data, dict) else None
        if not isinstance(talk, str):
            return {}
        return self._opened(language, speed, lambda: self._stage.stored(run or "", talk))

    def _opened(self, language: str, speed: float, make: Callable[[], Showing]) -> Update:
        words = watch_words(Language(language))
        try:
            showing = make()
        except (BorrowerSimError, SQLAlchemyError) as failure:
            log.warning("a talk could not be opened: %s", failure)
            return self._choice(True) | {
                self.player.state: None,
                self.notice: noted(words["not_to_be_had"]),
            }
        self.player.set_speed(showing, speed)
        return self._choice(False) | {self.player.state: showing} | self.player.view(showing, words)

    async def leave(self, showing: Showing | None) -> Update:
        """Let go of the talk and offer the choice again."""
        if showing is not None:
            await showing.leave()
        return self._choice(True) | {self.player.state: None}

    def _choice(self, choosing: bool) -> Update:
        return {
            self.choosing: gr.update(visible=choosing),
            self.watching: gr.update(visible=not choosing),
            self.notice: noted(""),
        }
