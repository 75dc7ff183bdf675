"""Watch one talk: turns, the borrower's inside beside them, controls, and the report card below."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from borrowersim.errors import AgentError, BorrowerSimError, ModelError, UsageError
from borrowersim.talk import Language
from borrowersim_app.web import watch_view
from borrowersim_app.web.frame import noted
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.server import PEOPLE_AT_ONCE
from borrowersim_app.web.showing import Showing
from borrowersim_app.web.studio import Judge
from borrowersim_app.web.watch_words import watch_words
from borrowersim_evals.report.words import Words

log = logging.getLogger(__name__)
SPEEDS = (0.5, 1.0, 2.0, 4.0)
SOON = 0.15
"""Seconds after which a turn that is not there yet is said to be thought of."""
STATE_SECONDS = 12 * 3600
JUMP = """
element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-turn]");
  if (chosen) trigger("click", { turn: Number(chosen.dataset.turn) });
});
"""
"""Tells the server which turn was clicked, and nothing when none was."""
FOLLOW = """
const follow = () => {
  const now = element.querySelector(".thinking") || element.querySelector(".now");
  const box = element.closest("#watched-scene");
  if (!now || !box) return;
  const below = now.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom + 12;
  const above = now.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
  if (below > 0 || above < 0) box.scrollTop += below > 0 ? Math.min(below, above) : above;
};
watch("value", () => requestAnimationFrame(follow));
"""
"""Keeps the turn that is on in sight."""
SHOW_CARD = """() => setTimeout(() => {
  const card = document.querySelector("#watched-card");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (card && card.offsetHeight) card.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}, 150)"""


SHOW_SCENE = """() => {
  const title = document.querySelector("#watched-title");
  if (title) title.scrollIntoView({ block: "nearest" });
}"""
"""On a phone the findings stand far below the turns they lead to."""
BEGIN = """() => setTimeout(() => {
  const title = document.querySelector("#watched-title");
  if (title) title.scrollIntoView({ block: "nearest" });
  const play = document.querySelector("#watched-play");
  if (play) play.focus({ preventScroll: true });
}, 100)"""
"""Goes to the beginning of what was opened; the keyboard waits at Play."""


class Player:
    """Plays the talk in `state`, which belongs to one person."""

    def __init__(self, judge: Judge) -> None:
        self.labels = Labels(watch_words)
        self._judge = judge

    def build(self, language: Any) -> None:
        """Lay the part out inside gr.Blocks; `language` is the component that holds the page's language."""
        self.state = gr.State(None, time_to_live=STATE_SECONDS)
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=190):
                self.title = gr.HTML(apply_default_css=False, elem_id="watched-title")
            with gr.Column(scale=1, min_width=110):
                self.leave = gr.Button(size="sm")
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=300):
                self.scene = gr.HTML(apply_default_css=False, js_on_load=JUMP + FOLLOW, elem_id="watched-scene")
                self.notice = gr.HTML(visible=False, apply_default_css=False)
                self._controls()
            with gr.Column(scale=2, min_width=300):
                self.inside = gr.HTML(apply_default_css=False)
                self.findings = gr.HTML(apply_default_css=False, js_on_load=JUMP)
        self.card = gr.HTML(visible=False, apply_default_css=False, elem_id="watched-card")
        self.labels.put(self.position, label="position")
        self.labels.put(self.speed, label="speed")
        for button, row in ((self.back, "back"), (self.play, "play"), (self.step, "step")):
            self.labels.put(button, value=row)
        for button, row in ((self.report, "stop"), (self.take_over, "take_over_start"), (self.leave, "leave")):
            self.labels.put(button, value=row)
        self._wire(language)

    def _controls(self) -> None:
        with gr.Row(elem_classes="controls"):
            self.back = gr.Button(min_width=80)
            self.play = gr.Button(variant="primary", min_width=96, elem_id="watched-play")
            self.step = gr.Button(min_width=80)
        with gr.Row(equal_height=False):
            self.position = gr.Slider(0, 1, 0, step=1, buttons=[], min_width=180, scale=4)
            self.speed = gr.Radio(
                [(f"{speed:g}×", speed) for speed in SPEEDS], value=1.0, min_width=250, scale=5, elem_id="watched-speed"
            )
        with gr.Row():
            self.report = gr.Button(min_width=140)
            self.take_over = gr.Button(min_width=140)

    def _wire(self, language: Any) -> None:
        here = [language, self.state]
        crowd = {"concurrency_limit": PEOPLE_AT_ONCE, **QUIET}
        # `multiple`: the same button pauses while its first event still plays.
        self.play.click(self.toggle, here, self.shown, trigger_mode="multiple", **crowd)
        self.step.click(self.forward, here, self.shown, **crowd)
        self.back.click(self.backward, here, self.shown, **QUIET)
        self.position.input(self.go, [*here, self.position], self.shown, trigger_mode="always_last", **QUIET)
        for part in (self.scene, self.findings):
            jumped = part.click(self.jump, here, self.shown, trigger_mode="always_last", **QUIET)
        jumped.then(None, None, None, js=SHOW_SCENE)
        self.speed.input(self.set_speed, [self.state, self.speed], None, **QUIET)
        self.report.click(self.toggle_card, here, self.shown, **crowd).then(None, None, None, js=SHOW_CARD)

    @property
    def shown(self) -> list[Any]:
        """Return every component that `view` and `relabelled` change."""
        parts = [self.title, self.scene, self.inside, self.findings, self.card, self.notice]
        return [*parts, *self.labels.rows]

    # What happens. Each callback gets the browser's values and returns what to show.

    def view(self, showing: Showing, words: Words, note: str = "") -> Update:
        """Return the talk as it stands for this spectator."""
        count = len(showing.turns)
        row = "hide_report" if showing.card else "see_report" if showing.complete else "stop"
        return {
            self.title: watch_view.title(showing, words),
            self.scene: watch_view.scene(showing, words),
            self.inside: watch_view.inside(showing, words),
            self.findings: watch_view.findings(showing, words),
            self.card: self._card(showing, words),
            self.notice: noted(note),
            self.play: gr.update(value=words["pause" if showing.playing else "play"]),
            self.back: gr.update(interactive=showing.at > 0),
            self.step: gr.update(interactive=not showing.ended),
            self.position: gr.update(value=showing.at, maximum=max(1, count), interactive=count > 0),
            self.report: gr.update(value=words[row], interactive=True, variant=self._weight(showing)),
            self.take_over: gr.update(
                value=words["take_over" if showing.exchanges else "take_over_start"],
                interactive=showing.persona is not None,
            ),
        }

    def _weight(self, showing: Showing) -> str:
        """Make the report stand out when it is the next thing to do."""
        return "primary" if showing.ended and showing.case is None else "secondary"

    def _card(self, showing: Showing, words: Words) -> Any:
        if not showing.card or showing.case is None:
            return gr.update(visible=False)
        return gr.update(value=watch_view.report_card(showing.case, showing.persona, words), visible=True)

    def relabel(self, language: Language, showing: Showing | None) -> Update:
        """Return the part in another language, the talk where it stands."""
        labels = self.labels.relabelled(language)
        if showing is None:
            return labels
        showing.language = language
        for component, shown in self.view(showing, watch_words(language)).items():
            both = component in labels and isinstance(shown, dict)
            labels[component] = labels[component] | shown if both else shown
        return labels

    async def toggle(self, language: str, showing: Showing | None) -> AsyncIterator[Update]:
        """Play, or pause what is playing."""
        words = watch_words(Language(language))
        if showing is None:
            yield self._gone(words)
        elif showing.playing:
            showing.pause()
            yield self.view(showing, words)
        else:
            async for update in self.run(language, showing):
                yield update

    async def run(self, language: str, showing: Showing | None) -> AsyncIterator[Update]:
        """Play on until the end, a pause or a failure."""
        words = watch_words(Language(language))
        if showing is None or showing.playing:
            return
        showing.play()
        showing.language = words.language
        yield self.view(showing, words)
        while showing.playing:
            await showing.rest()
            if not showing.playing:
                break
            if showing.ended:
                showing.pause()
                yield self.view(showing, watch_words(showing.language))
                break
            async for update in self._advance(showing):
                yield update

    async def forward(self, language: str, showing: Showing | None) -> AsyncIterator[Update]:
        """Show one turn more, playing it when it is not there yet."""
        words = watch_words(Language(language))
        if showing is None:
            yield self._gone(words)
            return
        showing.pause()
        showing.language = words.language
        if showing.live is None or not showing.live.busy:
            async for update in self._advance(showing):
                yield update
        else:
            yield self.view(showing, words)

    async def _advance(self, showing: Showing) -> AsyncIterator[Update]:
        step = asyncio.ensure_future(showing.forward())
        try:
            done, _ = await asyncio.wait({step}, timeout=SOON)
            if not done:
                yield self.view(showing, watch_words(showing.language))
            await step
        except BorrowerSimError as failure:
            showing.pause()
            words = watch_words(showing.language)
            yield self.view(showing, words, _failed(failure, words))
            return
        finally:
            step.cancel()
        yield self.view(showing, watch_words(showing.language))

    def backward(self, language: str, showing: Showing | None) -> Update:
        """Show one turn less."""
        return self.go(language, showing, showing.at - 1 if showing else 0)

    def go(self, language: str, showing: Showing | None, at: float) -> Update:
        """Show the talk up to a turn, and stand still there."""
        words = watch_words(Language(language))
        if showing is None:
            return self._gone(words)
        showing.go(int(at))
        return self.view(showing, words)

    def jump(self, language: str, showing: Showing | None, event: gr.EventData) -> Update:
        """Go to the turn that was clicked; the browser may send anything."""
        data = event._data
        turn = data.get("turn") if isinstance(data, dict) else None
        if not isinstance(turn, int):
            return {}
        return self.go(language, showing, turn)

    def set_speed(self, showing: Showing | None, speed: float) -> None:
        if showing is not None and speed in SPEEDS:
            showing.speed = speed

    async def toggle_card(self, language: str, showing: Showing | None) -> AsyncIterator[Update]:
        """Show the report card, ending and judging the talk first if need be; or put the card away."""
        words = watch_words(Language(language))
        if showing is None:
            yield self._gone(words)
            return
        if showing.card:
            showing.card = False
            yield self.view(showing, words)
            return
        if showing.case is None:
            yield self.view(showing, words, words["judging"]) | {self.report: gr.update(interactive=False)}
        try:
            await showing.finish(self._judge)
        except UsageError:
            yield self.view(showing, words, words["nothing_said"])
        except BorrowerSimError as failure:
            yield self.view(showing, words, words["judge_failed"].format(_reason(failure)))
        else:
            showing.card = True
            yield self.view(showing, words)

    def _gone(self, words: Words) -> Update:
        return {self.notice: noted(words["no_talk"])}


def _failed(failure: BorrowerSimError, words: Words) -> str:
    row = "agent_failed" if isinstance(failure, AgentError) else "voice_failed"
    return words[row].format(_reason(failure))


def _reason(failure: BorrowerSimError) -> str:
    """Return what a spectator may know; what else failed is for the server's log."""
    log.warning("a watched talk was held up: %s", failure)
    return str(failure) if isinstance(failure, ModelError | AgentError) else type(failure).__name__
