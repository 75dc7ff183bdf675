"""The web page: assembly of its screens and tabs, and what concerns more than one of them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from borrowersim.errors import BorrowerSimError
from borrowersim.record import Played
from borrowersim.talk import Language
from borrowersim_app.web import view
from borrowersim_app.web.after import AfterScreen
from borrowersim_app.web.frame import Frame, noted, once
from borrowersim_app.web.people import People
from borrowersim_app.web.person import LEARNER, OPEN, QUIET, Update, browser_state, open_call, reason
from borrowersim_app.web.progress import ProgressTab
from borrowersim_app.web.progress_words import progress_words
from borrowersim_app.web.scripts import TELL_THE_BROWSER, TO_MESSAGE, TO_TOP
from borrowersim_app.web.session import Refused, Session
from borrowersim_app.web.start import ANY, StartScreen
from borrowersim_app.web.studio import Studio
from borrowersim_app.web.talk import TalkScreen
from borrowersim_app.web.watch import Watch
from borrowersim_app.web.watch_words import watch_words
from borrowersim_app.web.words import NATIVE, page_words
from borrowersim_evals.report.words import Words

PRACTISE = "practise"


@dataclass(frozen=True)
class Around:
    """What a page may have besides practice: named people, their progress, talks to watch."""

    people: People | None = None
    progress: ProgressTab | None = None
    watch: Watch | None = None


def build_page(studio: Studio, pace: float = 0.06, around: Around | None = None) -> gr.Blocks:
    """Return the page; a line of the borrower appears in pieces, `pace` seconds apart."""
    blocks: gr.Blocks = Page(studio, pace, around).blocks
    return blocks


def preferred(header: str | None) -> Language:
    """Return the first of our languages that a browser asks for (Accept-Language)."""
    for part in (header or "").lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith("zh"):
            traditional = any(place in tag for place in ("tw", "hk", "mo", "hant"))
            return Language.ZH_TW if traditional else Language.ZH_CN
        if tag.startswith("en"):
            return Language.EN
    return Language.EN


class Page:
    """One page for everybody; what belongs to one person lives on the desk, under their own id."""

    def __init__(self, studio: Studio, pace: float, around: Around | None = None) -> None:
        self._around = around or Around()
        with gr.Blocks(title=page_words(Language.EN)["title"], analytics_enabled=False) as self.blocks:
            self.person = browser_state()
            self._head()
            self.frame = Frame(studio, self.language, self.person, self._around.people)
            self.frame.labels.put(self.language, label="interface")
            self._tabs(pace)
            self._wire()
            self._wire_around()

    def _head(self) -> None:
        with gr.Row(equal_height=False, elem_classes=["noprint", "head-row"]):
            self.heading = gr.HTML(view.heading(page_words(Language.EN)), apply_default_css=False, min_width=160)
            self.language = gr.Dropdown(
                [(name, str(language)) for language, name in NATIVE.items()],
                value=str(Language.EN),
                filterable=False,
                container=False,
                scale=0,
                min_width=130,
            )

    def _tabs(self, pace: float) -> None:
        progress, watch, labels = self._around.progress, self._around.watch, self.frame.labels
        if not (progress or watch):
            self._screens(pace)
            return
        with gr.Tabs(selected=PRACTISE) as self.tabs:
            with labels.put(gr.Tab(id=PRACTISE), label="practise"):
                self._screens(pace)
            if progress:
                title = gr.Tab(id="progress")
                with labels.made(title, lambda language: {"label": progress_words(language)["tab"]}) as self.place:
                    progress.build(startable=True)
                labels.rows.update(progress.labels.rows)
            if watch:
                title = gr.Tab(id="watch")
                with labels.made(title, lambda language: {"label": watch_words(language)["watch"]}):
                    watch.build(self.language)

    def _screens(self, pace: float) -> None:
        self.start = StartScreen(self.frame)
        self.talk = TalkScreen(self.frame, pace)
        self.after = AfterScreen(self.frame)

    @property
    def _drawn(self) -> list[Any]:
        start = [*self.start.drawn, self.start.waiting_says, self.start.waiting]
        return once([self.heading, *self.frame.labels.rows, *start, *self.talk.drawn, *self.after.drawn])

    def _wire(self) -> None:
        self.start.wire(self.talk)
        self.talk.wire()
        self.after.wire(self.talk)
        frame = self.frame
        here = [self.language, self.person, frame.call]
        everything = once([*self._drawn, *self.talk.opens, *self.after.shows])
        watched = self._around.watch.shown if self._around.watch else []
        chosen = [self.start.borrower, self.start.spoken]
        arrived = self.blocks.load(self.arrive, self.person, once([*everything, *chosen, *watched]), **QUIET)
        self.talk.wire_return(arrived)
        self.language.change(None, self.language, None, js=TELL_THE_BROWSER)
        self.language.input(self.relabel, [*here, *self.start.choice], self._drawn, **QUIET)
        self.start.go_on.click(self.go_on, here[:2], everything, **QUIET).then(None, js=TO_MESSAGE)
        self.start.finish_it.click(self.finish_it, here[:2], everything, **QUIET).then(None, js=TO_TOP)
        ends = [*self.after.shows, self.talk.notice, self.talk.end, self.start.waiting, self.start.waiting_says]
        self.talk.end.click(self.hang_up, here, ends, **QUIET).then(None, js=TO_TOP)
        self.talk.hand_over.click(self.hand_over, here, ends, **QUIET).then(None, js=TO_TOP)
        gr.on([self.talk.aside.click, self.after.other.click], self.leave, here[:2], ends, **QUIET).then(
            None, js=TO_TOP
        )

    def _wire_around(self) -> None:
        progress, watch = self._around.progress, self._around.watch
        if progress:
            progress.wire(self.blocks, self.language, self.place)
            begun = [*self.talk.opens, self.tabs, progress.notice]
            progress.begin.click(self.begin_task, [self.language, self.person, progress.task], begun, **QUIET).then(
                None, js=TO_MESSAGE
            )
        if watch:
            taken = [*self.talk.opens, self.tabs]
            watch.connect(self.language, self.person, self.take_over, taken)

    # What happens. Each callback gets the browser's values and returns what to show.

    def arrive(self, kept: Any, request: gr.Request) -> Update:
        """Set the page up in the browser's language, and put a call through again that was on its screen."""
        language = preferred(request.headers.get("accept-language"))
        persona = self.start.easiest(language)
        known = {LEARNER: self.frame.badge(kept, request), OPEN: open_call(kept)}
        levels = persona.dials.model_dump().values()
        drawn = self._redrawn(page_words(language), known, "", (persona.id, str(persona.language), ANY, ANY, *levels))
        sliders = {
            slider: drawn[slider] | {"value": getattr(persona.dials, dial)}
            for dial, slider in self.start.sliders.items()
        }
        return {
            **drawn,
            **sliders,
            self.language: drawn[self.language] | {"value": str(language)},
            self.start.spoken: drawn[self.start.spoken] | {"value": str(persona.language)},
            self.start.borrower: persona.id,
            self.start.start: drawn[self.start.start] | {"interactive": True},
            self.person: known,
            **self._back(known, page_words(language)),
            **(self._around.watch.arrive(language) if self._around.watch else {}),
        }

    def _back(self, known: dict[str, str], words: Words) -> Update:
        """Show again what was on this browser's screen a short while ago."""
        practice = open_call(known)
        record = self.frame.record(known, practice)
        if record and record.score and self.frame.fresh(record):
            return self.after.shown(record, known, words)
        session = self.frame.session(known, practice)
        if session and (record is None or self.frame.fresh(record)):
            return self.talk.opened(session, known, words)
        return self.frame.show("start") | self.frame.holds(known, "")

    def relabel(self, language: str, kept: Any, practice: str, *choice: Any) -> Update:
        """Change the language of everything that is shown."""
        return self._redrawn(page_words(Language(language)), kept, practice, choice)

    def _redrawn(self, words: Words, kept: Any, practice: str, choice: Sequence[Any]) -> Update:
        drawn = self.frame.labels.relabelled(words.language) | {self.heading: view.heading(words)}
        drawn |= self.start.redrawn(words.language, *choice) | self.start.says_waiting(kept, words)
        session, record = self.frame.session(kept, practice), self.frame.record(kept, practice)
        if session:
            drawn |= self.talk.redrawn(session, words)
        if record and record.score:
            drawn |= self.after.redrawn(record, kept, words)
        return drawn

    def go_on(self, language: str, kept: Any) -> Update:
        """Take up the call that was left open."""
        words, session = page_words(Language(language)), self._left_open(kept)
        if session is None:
            return self.start.says_waiting(kept, words)
        return self.talk.opened(session, kept, words)

    async def finish_it(self, language: str, kept: Any) -> AsyncIterator[Update]:
        """End the call that was left open, and show its card."""
        session = self._left_open(kept)
        async for update in self._finished(language, kept, session, handed_over=False):
            yield update

    async def hang_up(self, language: str, kept: Any, practice: str) -> AsyncIterator[Update]:
        """End the call and show its card."""
        async for update in self._finished(language, kept, self.frame.session(kept, practice), handed_over=False):
            yield update

    async def hand_over(self, language: str, kept: Any, practice: str) -> AsyncIterator[Update]:
        """Give the call to a colleague, which ends it here, and show its card."""
        async for update in self._finished(language, kept, self.frame.session(kept, practice), handed_over=True):
            yield update

    async def _finished(
        self, language: str, kept: Any, session: Session | None, *, handed_over: bool
    ) -> AsyncIterator[Update]:
        words = page_words(Language(language))
        if session is None:
            yield {self.talk.notice: noted(words["no_call"])}
            return
        yield {self.talk.notice: noted(words["judging"]), self.talk.end: gr.update(interactive=False)}
        try:
            async for update in self.after.finish(session, kept, words, handed_over=handed_over):
                yield {self.talk.end: gr.update(interactive=True), **update}
        except Refused:  # nothing was said: there is nothing to judge, and the person may choose again
            yield {self.talk.end: gr.update(interactive=True), **self.leave(language, kept)}
        except BorrowerSimError as failure:
            why = words["judge_failed"].format(reason(failure))
            yield {self.talk.notice: noted(why), self.talk.end: gr.update(interactive=True)}

    def leave(self, language: str, kept: Any) -> Update:
        """Go back to the borrowers; a call that is not over waits."""
        waiting = self.start.says_waiting(kept, page_words(Language(language)))
        return {**self.frame.show("start"), **self.frame.holds(kept, ""), **waiting, self.talk.notice: noted("")}

    def begin_task(self, language: str, kept: Any, key: str, request: gr.Request) -> Update:
        """Begin a call of an assignment."""
        words, progress = page_words(Language(language)), self._around.progress
        try:
            errand = progress.errand(key, request) if progress else None
            if errand is None:
                return {}
            learner = self.frame.learner(kept)
            session = self.frame.desk.begin(learner, errand.persona, errand.dials, errand.assignment)
        except BorrowerSimError as refused:
            why = words[refused.why].format(*refused.values) if isinstance(refused, Refused) else str(refused)
            return {progress.notice: noted(why)} if progress else {}
        return self._to_practise(self.talk.opened(session, kept, words))

    def take_over(self, language: str, kept: Any, played: Played, exchanges: int) -> Update:
        """Go on by hand with a talk that was watched."""
        words = page_words(Language(language))
        try:
            session = self.frame.desk.take_over(self.frame.learner(kept), played, exchanges)
        except Refused as refused:
            return self._to_practise({self.start.notice: noted(words[refused.why].format(*refused.values))})
        return self._to_practise(self.talk.opened(session, kept, words))

    def _to_practise(self, update: Update) -> Update:
        return update | {self.tabs: gr.Tabs(selected=PRACTISE)}

    def _left_open(self, kept: Any) -> Session | None:
        record = self.frame.waiting(kept)
        return self.frame.session(kept, record.id) if record else None
