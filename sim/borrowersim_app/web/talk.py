"""The screen of the call: what is said, how it sounds, the coach, and the ways out of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr
from anyio import to_thread

from borrowersim.errors import BorrowerSimError
from borrowersim.talk import Language, Speaker
from borrowersim_app.web import cards, view
from borrowersim_app.web.coach import comment_on
from borrowersim_app.web.frame import Frame, noted, notice
from borrowersim_app.web.person import QUIET, Update, reason
from borrowersim_app.web.scripts import CLOCK
from borrowersim_app.web.server import PEOPLE_AT_ONCE
from borrowersim_app.web.session import MAX_CHARS, Refused, Session
from borrowersim_app.web.words import page_words
from borrowersim_evals.report.words import Words

Props = dict[str, Any]
SLOW = 10.0
"""Seconds of silence after which the person is told that the service is slow."""


class TalkScreen:
    """One call while it goes on; a line of the borrower appears in pieces, `pace` seconds apart."""

    def __init__(self, frame: Frame, pace: float, slow: float = SLOW) -> None:
        self._frame = frame
        self._pace = pace
        self._slow = slow
        self._shown: WeakKeyDictionary[Session, dict[Any, Props]] = WeakKeyDictionary()
        with gr.Row(equal_height=False, visible=False, elem_classes="noprint") as screen:
            frame.screens["talk"] = screen
            with gr.Column(scale=5, min_width=300):
                self.line = gr.HTML(js_on_load=CLOCK, apply_default_css=False)
                self._chat()
                self._ways_out()
            with gr.Column(scale=3, min_width=300):
                self.file = gr.HTML(apply_default_css=False)
                self.law = gr.HTML(apply_default_css=False)

    def _chat(self) -> None:
        labels = self._frame.labels
        chat = gr.Chatbot(
            height="clamp(16rem, 54vh, 42rem)",
            show_label=False,
            render_markdown=False,
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            group_consecutive_messages=False,
            elem_classes="chat",
        )
        self.chat = labels.put(chat, label="chat", placeholder="empty_chat")
        self.notice = gr.HTML(visible=False, apply_default_css=False)
        self.retry = labels.put(gr.Button(visible=False, variant="primary"), value="try_again")
        with gr.Row(elem_classes="say"):
            box = gr.Textbox(lines=1, max_lines=4, max_length=4 * MAX_CHARS, scale=5, min_width=180, elem_id="message")
            self.message = labels.put(box, label="your_words", placeholder="placeholder")
            self.send = labels.put(gr.Button(variant="primary", scale=1, min_width=90, elem_id="send"), value="send")

    def _ways_out(self) -> None:
        labels = self._frame.labels
        with gr.Row():
            self.end = labels.put(gr.Button(elem_id="end", size="md", min_width=96), value="end")
            self.hand_over = labels.put(gr.Button(elem_id="hand-over", size="md", min_width=96), value="hand_over")
            self.aside = labels.put(gr.Button(elem_id="aside", size="md", min_width=96), value="put_aside")
        coach = gr.Checkbox(value=False, container=False, elem_id="coach")
        self.coach = labels.put(coach, label="coach", info="coach_means")

    @property
    def opens(self) -> list[Any]:
        """Return what `opened` shows."""
        frame = self._frame
        return [*frame.screens.values(), frame.call, frame.person, *self.drawn, self.message, self.send]

    @property
    def drawn(self) -> list[Any]:
        """Return what `redrawn` draws."""
        return [self.chat, self.line, self.notice, self.retry, self.file, self.law, self.end]

    def wire(self) -> None:
        """Let the call go back and forth; how it ends is the page's business."""
        frame = self._frame
        call = [self.chat, self.message, self.send, self.notice, self.retry, self.end, self.line]
        here = [frame.language, frame.person, frame.call, self.coach]
        speaking: dict[str, Any] = {"concurrency_limit": PEOPLE_AT_ONCE, **QUIET}
        gr.on(
            [self.message.submit, self.send.click],
            self.say,
            [*here, self.message],
            call,
            trigger_mode="once",
            **speaking,
        )
        self.retry.click(self.try_again, here, call, **speaking)

    def wire_return(self, arrived: Any) -> None:
        """Once the page is there again, wait for an answer that was on its way when it was left."""
        frame = self._frame
        here = [frame.language, frame.person, frame.call]
        arrived.then(self.catch_up, here, [*self.drawn, self.message, self.send], **QUIET)

    # What happens. Each callback gets the browser's values and returns what to show.

    def opened(self, session: Session, kept: Any, words: Words) -> Update:
        """Show a call, new or gone on with."""
        return {
            **self._frame.show("talk"),
            **self._frame.holds(kept, session.id),
            **self.redrawn(session, words),
            self.message: gr.update(value="", interactive=session.ending is None),
            self.send: gr.update(interactive=session.ending is None),
        }

    def redrawn(self, session: Session, words: Words) -> Update:
        """Draw the call as it stands, in a language."""
        return {
            **self._heard(session, words),
            self.file: cards.briefing_card(session.persona, words),
            self.law: cards.law_card(session.persona, words),
        }

    async def catch_up(self, language: str, kept: Any, practice: str) -> AsyncIterator[Update]:
        """Show what was said before a reload and is being answered, then the answer."""
        words, session = page_words(Language(language)), self._frame.session(kept, practice)
        if session is None or not session.answering:
            yield {self.chat: gr.skip()}  # Gradio blanks what a generator that says nothing was to show
            return
        asked = view.message(Speaker.AGENT, view.escape(session.unsent))
        waiting = view.message(Speaker.BORROWER, words["thinking"])
        yield {self.chat: [*self._messages(session, words), asked, waiting]}
        await session.quiet()
        yield self._heard(session, words)

    async def try_again(self, language: str, kept: Any, practice: str, coach: bool) -> AsyncIterator[Update]:
        """Say once more what could not be said."""
        session = self._frame.session(kept, practice)
        async for update in self.say(language, kept, practice, coach, session.unsent if session else ""):
            yield update

    async def say(self, language: str, kept: Any, practice: str, coach: bool, text: str) -> AsyncIterator[Update]:
        """Show the trainee's words at once, then the answer as it comes, or why there is none."""
        words, session = page_words(Language(language)), self._frame.session(kept, practice)
        if session is None:
            yield {self.notice: noted(words["no_call"])}
            return
        try:
            said = session.check(text)
            self._frame.desk.admit(session.learner)
        except Refused as refused:
            yield self._changed(session, {self.notice: notice(words[refused.why].format(*refused.values))})
            return
        async for update in self._exchange(session, said, words):
            yield update
        if coach and session.call.talk.turns and not session.unsent:
            comment = await to_thread.run_sync(comment_on, session.call.talk)
            if comment:
                session.comments[comment.turn] = comment
                yield {self.chat: self._messages(session, words)}

    async def _exchange(self, session: Session, said: str, words: Words) -> AsyncIterator[Update]:
        earlier = self._messages(session, words)
        asked = view.message(Speaker.AGENT, view.escape(said))
        yield {
            self.chat: [*earlier, asked, view.message(Speaker.BORROWER, words["thinking"])],
            self.message: "",
            **self._changed(session, {self.notice: notice(""), self.retry: {"visible": False}}),
        }
        hearing = _Hearing(session, said, self._slow)
        async for line in hearing.lines(self._pace):
            if line is None:
                yield self._changed(session, {self.notice: notice(words["slow"])})
            else:
                yield {self.chat: [*earlier, asked, view.message(Speaker.BORROWER, view.escape(line))]}
        try:
            await hearing.answer
        except Refused:  # hung up meanwhile: what follows is on another screen
            return
        except BorrowerSimError as failure:
            told = {self.notice: notice(words["voice_failed"].format(reason(failure)))}
            yield self._said(session, words) | self._changed(session, self._around(session, words) | told)
        else:
            yield self._said(session, words) | self._changed(session, self._around(session, words))

    def _messages(self, session: Session, words: Words) -> list[view.Message]:
        talk = session.call.talk
        return view.messages(talk.turns, words, session.call.moments, session.comments, talk.language)

    def _heard(self, session: Session, words: Words) -> Update:
        """Show the talk as it stands, all of it: what the browser shows until now is not known."""
        around = self._around(session, words)
        self._shown[session] = around
        return self._said(session, words) | {part: gr.update(**props) for part, props in around.items()}

    def _said(self, session: Session, words: Words) -> Update:
        chat, unsent = self._messages(session, words), _unsent(session)
        return {
            self.chat: [*chat, view.not_heard(unsent, words)] if unsent else chat,
            self.line: view.on_the_line(session, words),
        }

    def _around(self, session: Session, words: Words) -> dict[Any, Props]:
        """Return how what is around the words has to be; once the call is over, only the report is left to ask for."""
        over = session.ending is not None
        return {
            self.message: {"interactive": not over},
            self.send: {"interactive": not over},
            self.notice: notice(view.ended(session, words)),
            self.retry: {"visible": bool(_unsent(session))},
            self.end: {"value": words["see_report" if over else "end"], "variant": "primary" if over else "secondary"},
        }

    def _changed(self, session: Session, wanted: dict[Any, Props]) -> Update:
        """Return updates for what is not shown so yet: Gradio builds a component for each, which takes its time."""
        shown = self._shown.setdefault(session, {})
        changed = {part: props for part, props in wanted.items() if shown.get(part) != props}
        shown.update(changed)
        return {part: gr.update(**props) for part, props in changed.items()}


def _unsent(session: Session) -> str:
    return "" if session.answering else session.unsent


class _Hearing:
    """The borrower's answer while it comes. It is finished and kept even when nobody looks any more."""

    def __init__(self, session: Session, said: str, slow: float) -> None:
        self._slow = slow
        self._told: asyncio.Queue[str | None] = asyncio.Queue()
        self.answer = asyncio.create_task(session.say(said, self._told.put))
        self.answer.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[str]") -> None:
        self._told.put_nowait(None)
        if not task.cancelled():
            task.exception()  # is known to whoever still waits; nobody else needs a warning

    async def lines(self, pace: float) -> AsyncIterator[str | None]:
        """Yield growing beginnings of the line; None once, when the service is slow to begin."""
        line, waited = "", False
        while True:
            try:
                # Only the first word is waited for with a limit.
                piece = await asyncio.wait_for(self._told.get(), None if line or waited else self._slow)
            except TimeoutError:
                waited = True
                yield None
                continue
            if piece is None:
                return
            for part in view.pieces(piece):
                yield line + part
                await asyncio.sleep(pace)
            line += piece
