"""The web page: layout and wiring. Its callbacks call the session and show what comes back."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import gradio as gr

from borrowersim.errors import BorrowerSimError, ModelError
from borrowersim.talk import Language
from borrowersim_app.web import view
from borrowersim_app.web.server import PEOPLE_AT_ONCE
from borrowersim_app.web.session import MAX_CHARS, Refused, Session, Studio
from borrowersim_app.web.words import NATIVE, level_meaning, page_words
from borrowersim_evals.report.words import Words

TELL_THE_BROWSER = "(language) => { document.documentElement.lang = language; }"
"""For screen readers and fonts."""
log = logging.getLogger(__name__)
Update = dict[Any, Any]
STATE_SECONDS = 12 * 3600
"""How long a call that nobody touches is kept."""


def build_page(studio: Studio, pace: float = 0.04) -> gr.Blocks:
    """Return the page; a line of the borrower appears in pieces, `pace` seconds apart."""
    blocks: gr.Blocks = Page(studio, pace).blocks
    return blocks


def _reason(failure: BorrowerSimError) -> str:
    """Return what the person may know; what else failed is for the server's log."""
    log.warning("a call was held up: %s", failure)
    return str(failure) if isinstance(failure, ModelError) else type(failure).__name__


def _note(text: str) -> Any:
    """Show a message about the call, or nothing at all."""
    return gr.update(value=view.notice(text), visible=bool(text))


def _means(dial: str, level: float, words: Words) -> dict[str, str]:
    return {"info": level_meaning(dial, level, words.language)}


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
    """One page for everybody; what belongs to one person lives in their gr.State."""

    def __init__(self, studio: Studio, pace: float) -> None:
        self._studio = studio
        self._pace = pace
        self._labels: list[tuple[Any, Callable[[Words], dict[str, Any]]]] = []
        with gr.Blocks(title=page_words(Language.EN)["title"], analytics_enabled=False) as self.blocks:
            self.session = gr.State(None, time_to_live=STATE_SECONDS)
            self._head()
            self._setup()
            self._talk()
            self._result()
            self._wire()

    def _label(self, component: Any, **rows: str) -> Any:
        """Remember which words a component shows, so that it can change its language; begin in English."""
        for name, row in rows.items():
            setattr(component, name, page_words(Language.EN)[row])
        self._labels.append((component, lambda words: {name: words[row] for name, row in rows.items()}))
        return component

    def _head(self) -> None:
        words = page_words(Language.EN)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=280):
                self.heading = gr.HTML(view.heading(words), apply_default_css=False)
                self.speaks = gr.HTML(apply_default_css=False)
            with gr.Column(scale=1, min_width=220):
                self.language = gr.Dropdown(
                    [(name, str(language)) for language, name in NATIVE.items()],
                    value=str(Language.EN),
                    filterable=False,
                )
        self._label(self.language, label="interface")

    def _setup(self) -> None:
        first = self._studio.personas[0]
        offered = sorted({p.language for p in self._studio.personas}, key=list(NATIVE).index)
        with gr.Row(equal_height=False) as self.setup_screen:
            with gr.Column(scale=3, min_width=300):
                self.talk_language = gr.Radio(
                    [(NATIVE[lang], str(lang)) for lang in offered], value=str(first.language)
                )
                self.borrower = gr.Dropdown(self._choices(first.language), value=first.id, filterable=False)
                self.resistance = gr.Slider(0, 10, first.dials.resistance, step=0.5, buttons=[])
                self.stress = gr.Slider(0, 10, first.dials.financial_stress, step=0.5, buttons=[])
                self.start = gr.Button(variant="primary", size="lg")
            with gr.Column(scale=2, min_width=300):
                self.file = gr.HTML(apply_default_css=False)
        self._label(self.talk_language, label="talk_language")
        self._label(self.borrower, label="borrower")
        self._label(self.resistance, label="resistance")
        self._label(self.stress, label="financial_stress")
        self._label(self.start, value="start")

    def _talk(self) -> None:
        with gr.Row(equal_height=False, visible=False) as self.talk_screen:
            with gr.Column(scale=3, min_width=300):
                self.chat = gr.Chatbot(
                    height="55vh",
                    min_height=260,
                    render_markdown=False,
                    latex_delimiters=[],
                    allow_tags=False,
                    buttons=[],
                    elem_classes="chat",
                )
                self.notice = gr.HTML(visible=False, apply_default_css=False)
                with gr.Row(elem_classes="say"):
                    self.message = gr.Textbox(
                        lines=1, max_lines=4, max_length=4 * MAX_CHARS, scale=5, min_width=180, autofocus=True
                    )
                    self.send = gr.Button(variant="primary", scale=1, min_width=90)
                self.end = gr.Button(variant="secondary", elem_id="end")
            with gr.Column(scale=2, min_width=300):
                self.talk_file = gr.HTML(apply_default_css=False)
        self._label(self.chat, label="chat", placeholder="empty_chat")
        self._label(self.message, label="your_words", placeholder="placeholder")
        self._label(self.send, value="send")
        self._label(self.end, value="end")

    def _result(self) -> None:
        with gr.Column(visible=False) as self.result_screen:
            self.card = gr.HTML(apply_default_css=False)
            with gr.Row():
                self.again = gr.Button(variant="primary")
                self.other = gr.Button()
        self._label(self.again, value="again")
        self._label(self.other, value="other")

    def _wire(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        setup = [self.resistance, self.stress, self.file]
        words = [self.heading, self.speaks, *(component for component, _ in self._labels)]
        shown = [self.file, self.talk_file, self.card, self.notice]
        now = [self.language, self.borrower, self.resistance, self.stress, self.session]
        # Events of the person only (`input`): what a callback sets itself must not set off another,
        # which would still hold the old choice.
        self.blocks.load(self.arrive, None, [self.talk_language, self.borrower, *words, *shown], **quiet)
        self.language.change(None, self.language, None, js=TELL_THE_BROWSER)
        self.language.input(self.relabel, now, [*words, *shown], **quiet)
        self.talk_language.input(
            self.list_borrowers, [self.language, self.talk_language], [self.borrower, *setup], **quiet
        )
        self.borrower.input(self.choose, [self.language, self.borrower], setup, **quiet)
        for dial, slider in (("resistance", self.resistance), ("financial_stress", self.stress)):
            slider.change(self.mean(dial), [self.language, slider], slider, trigger_mode="always_last", **quiet)
        self._wire_call(now, quiet)

    def _wire_call(self, now: list[Any], quiet: dict[str, Any]) -> None:
        screens = [self.setup_screen, self.talk_screen, self.result_screen]
        call = [self.chat, self.message, self.send, self.end, self.notice]
        opened = [*screens, *call, self.session, self.talk_file]
        for button in (self.start, self.again):
            button.click(self.open, now[:-1], opened, **quiet)
        gr.on(
            [self.message.submit, self.send.click],
            self.say,
            [self.language, self.session, self.message],
            call,
            concurrency_limit=PEOPLE_AT_ONCE,
            **quiet,
        )
        self.end.click(self.finish, [self.language, self.session], [*screens, *call, self.card, self.session], **quiet)
        self.other.click(self.leave, None, [*screens, self.session], **quiet)

    # What happens. Each callback gets the browser's values and returns what to show.

    def arrive(self, request: gr.Request) -> Update:
        """Set the page up in the browser's language, with a borrower who speaks it where there is one."""
        language = preferred(request.headers.get("accept-language"))
        own = (persona for persona in self._studio.personas if persona.language is language)
        persona = next(own, self._studio.personas[0])
        dials = persona.dials
        labels = self.relabel(language, persona.id, dials.resistance, dials.financial_stress, None)
        listed = self.list_borrowers(language, persona.language)
        return labels | {
            self.language: labels[self.language] | {"value": str(language)},
            self.talk_language: labels[self.talk_language] | {"value": str(persona.language)},
            self.borrower: labels[self.borrower] | listed[self.borrower],
            self.resistance: labels[self.resistance] | {"value": dials.resistance},
            self.stress: labels[self.stress] | {"value": dials.financial_stress},
        }

    def relabel(
        self, language: str, borrower: str, resistance: float, stress: float, session: Session | None
    ) -> Update:
        words = page_words(Language(language))
        labels = {component: gr.update(**rows(words)) for component, rows in self._labels}
        if session and session.ending:
            labels[self.end] = gr.update(value=words["see_report"])
        persona = self._studio.persona(borrower)
        return labels | {
            self.heading: view.heading(words),
            self.speaks: view.who_speaks(self._studio.voice.name, self._studio.judge_name, words),
            self.resistance: labels[self.resistance] | _means("resistance", resistance, words),
            self.stress: labels[self.stress] | _means("financial_stress", stress, words),
            self.file: view.briefing_card(persona, words),
            self.talk_file: view.briefing_card(session.persona if session else persona, words),
            self.notice: _note(view.ended(session, words) if session else ""),
        }

    def _choices(self, language: Language) -> list[tuple[str, str]]:
        return [(view.list_entry(p), p.id) for p in self._studio.personas if p.language is language]

    def list_borrowers(self, language: str, spoken: str) -> Update:
        choices = self._choices(Language(spoken))
        first = choices[0][1]
        return self.choose(language, first) | {self.borrower: gr.update(choices=choices, value=first)}

    def choose(self, language: str, borrower: str) -> Update:
        words, persona = page_words(Language(language)), self._studio.persona(borrower)
        return {
            self.resistance: persona.dials.resistance,
            self.stress: persona.dials.financial_stress,
            self.file: view.briefing_card(persona, words),
        }

    def mean(self, dial: str) -> Callable[[str, float], Any]:
        return lambda language, level: gr.update(info=level_meaning(dial, level, Language(language)))

    def open(self, language: str, borrower: str, resistance: float, stress: float) -> Update:
        words, persona = page_words(Language(language)), self._studio.persona(borrower)
        dials = persona.dials.model_copy(update={"resistance": resistance, "financial_stress": stress})
        return self._screen(self.talk_screen) | {
            self.session: Session(self._studio, persona, dials),
            self.chat: [],
            self.message: gr.update(value="", interactive=True),
            self.send: gr.update(interactive=True),
            self.end: gr.update(value=words["end"], interactive=True),
            self.notice: _note(""),
            self.talk_file: view.briefing_card(persona, words),
        }

    async def say(self, language: str, session: Session | None, text: str) -> AsyncIterator[Update]:
        """Show the trainee's words at once, then the answer in pieces, or why there is none."""
        words = page_words(Language(language))
        if session is None:
            yield {self.notice: _note(words["no_call"])}
            return
        try:
            said = session.check(text)
            asked = {"role": "user", "content": said}
            earlier = session.call.talk.turns
            yield self._waiting(view.messages(earlier, [asked, {"role": "assistant", "content": words["thinking"]}]))
            answer = await session.say(said)
        except Refused as refused:
            yield {self.notice: _note(words[refused.why].format(*refused.values))}
            return
        except BorrowerSimError as failure:
            yield self._kept(session, words, text, _reason(failure))
            return
        for piece in view.pieces(answer)[:-1]:
            yield {self.chat: view.messages(earlier, [asked, {"role": "assistant", "content": piece}])}
            await anyio.sleep(self._pace)
        yield self._heard(session, words)

    def _waiting(self, chat: list[view.Message]) -> Update:
        return {
            self.chat: chat,
            self.message: gr.update(value="", interactive=False),
            self.send: gr.update(interactive=False),
            self.notice: _note(""),
        }

    def _kept(self, session: Session, words: Words, text: str, why: str) -> Update:
        return self._heard(session, words) | {
            self.message: gr.update(value=text, interactive=True),
            self.notice: _note(words["voice_failed"].format(why)),
        }

    def _heard(self, session: Session, words: Words) -> Update:
        """Show the talk as it stands; once it is over, only the report is left to ask for."""
        over = session.ending is not None
        return {
            self.chat: view.messages(session.call.talk.turns),
            self.message: gr.update(interactive=not over),
            self.send: gr.update(interactive=not over),
            self.end: gr.update(
                value=words["see_report" if over else "end"],
                variant="primary" if over else "secondary",
                interactive=True,
            ),
            self.notice: _note(view.ended(session, words)),
        }

    async def finish(self, language: str, session: Session | None) -> AsyncIterator[Update]:
        words = page_words(Language(language))
        if session is None:
            yield {self.notice: _note(words["no_call"])}
            return
        yield {self.notice: _note(words["judging"]), self.end: gr.update(interactive=False)}
        try:
            case = await session.finish()
        except Refused as refused:
            # Who hangs up without a word has nothing to be judged, and may choose again.
            yield self.leave() if refused.why == "nothing_said" else {self.notice: _note(words[refused.why])}
        except BorrowerSimError as failure:
            yield self._heard(session, words) | {self.notice: _note(words["judge_failed"].format(_reason(failure)))}
        else:
            yield self._screen(self.result_screen) | {self.card: view.report_card(case, session.persona, words)}

    def leave(self) -> Update:
        return self._screen(self.setup_screen) | {self.session: None}

    def _screen(self, chosen: Any) -> Update:
        screens = (self.setup_screen, self.talk_screen, self.result_screen)
        return {screen: gr.update(visible=screen is chosen) for screen in screens}
