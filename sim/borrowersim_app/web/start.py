"""The first screen: an open call to go on with, the borrowers as cards, the case file, the dials."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from borrowersim.persona import Archetype, Dials, Persona
from borrowersim.talk import Language
from borrowersim_app.web import cards
from borrowersim_app.web.frame import Frame, noted
from borrowersim_app.web.levels import DIALS, MAIN_DIALS, OTHER_DIALS, difficulty, level_meaning
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.scripts import CARDS, TO_BRIEFING, TO_MESSAGE
from borrowersim_app.web.session import Refused
from borrowersim_app.web.talk import TalkScreen
from borrowersim_app.web.words import NATIVE, page_words
from borrowersim_evals.report.words import Words

ANY = "any"
HARDNESS = {ANY: (1, 5), "easier_ones": (1, 2), "middle_ones": (3, 3), "harder_ones": (4, 5)}
"""Row of the page's words -> fewest and most dots."""


class StartScreen:
    """Chooses whom to call, and how difficult."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._personas = frame.studio.personas
        first = self.easiest(self._personas[0].language)
        with gr.Column(elem_classes="noprint") as screen:
            frame.screens["start"] = screen
            self.speaks = gr.HTML(apply_default_css=False)
            self._waiting()
            self.borrower = gr.State(first.id)
            with gr.Row(equal_height=False):
                with gr.Column(scale=6, min_width=300):
                    self._filters(first)
                    self.gallery = gr.HTML(
                        cards.gallery(self._among(first.language, ANY, ANY), first.id, page_words(Language.EN)),
                        js_on_load=CARDS,
                        apply_default_css=False,
                    )
                with gr.Column(scale=4, min_width=300, elem_id="briefing"):
                    # Not before the page knows who sits here: `arrive` lets them.
                    start = gr.Button(variant="primary", size="lg", elem_id="start", interactive=False)
                    self.start = frame.labels.put(start, value="start")
                    self.notice = gr.HTML(visible=False, apply_default_css=False)
                    self.file = gr.HTML(apply_default_css=False)
                    self._dials(first.dials)
                    self.law = gr.HTML(apply_default_css=False)

    def easiest(self, language: Language) -> Persona:
        """Return whom to begin with: the gentlest who speaks this language, else the first of all."""
        return next(iter(self._among(language, ANY, ANY)), self._personas[0])

    def _waiting(self) -> None:
        labels = self._frame.labels
        with gr.Row(visible=False, equal_height=True) as self.waiting:
            self.waiting_says = gr.HTML(apply_default_css=False, min_width=280)
            self.go_on = labels.put(gr.Button(variant="primary", min_width=140, scale=0), value="go_on")
            self.finish_it = labels.put(gr.Button(min_width=200, scale=0), value="finish_it")

    def _filters(self, first: Persona) -> None:
        spoken = sorted({p.language for p in self._personas}, key=list(NATIVE).index)
        labels = self._frame.labels
        with gr.Row():
            self.spoken = labels.put(
                gr.Radio([(NATIVE[lang], str(lang)) for lang in spoken], value=str(first.language), min_width=370),
                label="talk_language",
            )
            self.kind = labels.made(gr.Dropdown([(ANY, ANY)], value=ANY, filterable=False, min_width=130), self._kinds)
            self.hardness = labels.made(
                gr.Dropdown([(ANY, ANY)], value=ANY, filterable=False, min_width=100), _hardness
            )

    def _dials(self, dials: Dials) -> None:
        labels = self._frame.labels
        self.sliders: dict[str, Any] = {}
        with labels.put(gr.Accordion(open=False), label="build"):
            for dial in (*MAIN_DIALS, *OTHER_DIALS):
                slider = gr.Slider(0, 10, getattr(dials, dial), step=0.5, buttons=[])
                self.sliders[dial] = labels.put(slider, label=dial)

    def _kinds(self, language: Language) -> dict[str, Any]:
        words, own = page_words(language), Words(language)
        present = {persona.archetype for persona in self._personas}
        named = [(own.name("archetype", kind), str(kind)) for kind in Archetype if kind in present]
        return {"label": words["kind"], "choices": [(words["any"], ANY), *named]}

    @property
    def drawn(self) -> list[Any]:
        """Return what `redrawn` draws."""
        return [self.speaks, self.gallery, self.file, self.law, *self.sliders.values()]

    @property
    def choice(self) -> list[Any]:
        """Return what says whom the person has chosen: the inputs of `redrawn` after the language."""
        return [self.borrower, self.spoken, self.kind, self.hardness, *self.sliders.values()]

    def wire(self, talk: TalkScreen) -> None:
        """Let the screen answer; calls begin on the screen of the talk."""
        frame, filters = self._frame, [self.spoken, self.kind, self.hardness]
        chosen = [self.borrower, *self.sliders.values(), self.file, self.law]
        # Events of the person only (`input`): what a callback sets itself must not set off another,
        # which would still hold the old choice.
        gr.on(
            [part.input for part in filters],
            self.list_borrowers,
            [frame.language, *filters],
            [self.gallery, *chosen],
            **QUIET,
        )
        self.gallery.select(self.choose, frame.language, chosen, **QUIET).then(None, js=TO_BRIEFING)
        for dial, slider in self.sliders.items():
            slider.input(self.mean(dial), [frame.language, slider], slider, trigger_mode="always_last", **QUIET)
        self.start.click(
            self._opener(talk),
            [frame.language, frame.person, self.borrower, *self.sliders.values()],
            [*talk.opens, self.notice],
            **QUIET,
        ).then(None, js=TO_MESSAGE)

    # What happens. Each callback gets the browser's values and returns what to show.

    def list_borrowers(self, language: str, spoken: str, kind: str, hardness: str) -> Update:
        """List who fits, the first of them chosen."""
        fitting = self._among(Language(spoken), kind, hardness)
        listed: Update = {self.gallery: cards.gallery(fitting, fitting[0].id if fitting else "", _words(language))}
        return listed | (self._chosen(language, fitting[0]) if fitting else {})

    def choose(self, language: str, card: gr.EventData) -> Update:
        """Show the case file of the card that was pressed; the browser may name anything."""
        return self._chosen(language, self._frame.studio.persona(str(card._data.get("value"))))

    def _chosen(self, language: str, persona: Persona) -> Update:
        words = _words(language)
        return {
            self.borrower: persona.id,
            self.file: cards.briefing_card(persona, words),
            self.law: cards.law_card(persona, words),
            **{
                self.sliders[dial]: gr.update(value=level, info=level_meaning(dial, level, words.language))
                for dial in DIALS
                for level in (getattr(persona.dials, dial),)
            },
        }

    def mean(self, dial: str) -> Callable[[str, float], Any]:
        """Return what shows the meaning of a dial's level."""
        return lambda language, level: gr.update(info=level_meaning(dial, level, Language(language)))

    def _opener(self, talk: TalkScreen) -> Callable[..., Update]:
        def open_call(language: str, kept: Any, borrower: str, *levels: float) -> Update:
            return self.open(talk, language, kept, borrower, levels)

        return open_call

    def open(self, talk: TalkScreen, language: str, kept: Any, borrower: str, levels: Sequence[float]) -> Update:
        """Begin a call with these dials, in the order of the page."""
        words, persona = _words(language), self._frame.studio.persona(borrower)
        dials = Dials.model_validate(dict(zip(DIALS, levels, strict=True)))
        try:
            session = self._frame.desk.begin(self._frame.learner(kept), persona, dials)
        except Refused as refused:
            return {self.notice: noted(words[refused.why].format(*refused.values))}
        return talk.opened(session, kept, words) | {self.notice: noted("")}

    def redrawn(self, language: str, borrower: str, spoken: str, kind: str, hardness: str, *levels: float) -> Update:
        """Draw what is on the screen in a language."""
        words, persona = _words(language), self._frame.studio.persona(borrower)
        labels = self._frame.labels.relabelled(words.language)
        means = {
            self.sliders[dial]: labels[self.sliders[dial]] | {"info": level_meaning(dial, level, words.language)}
            for dial, level in zip(DIALS, levels, strict=True)
        }
        return means | {
            self.speaks: cards.who_speaks(self._frame.studio.voice.name, self._frame.studio.judge_name, words),
            self.gallery: cards.gallery(self._among(Language(spoken), kind, hardness), borrower, words),
            self.file: cards.briefing_card(persona, words),
            self.law: cards.law_card(persona, words),
        }

    def says_waiting(self, kept: Any, words: Words) -> Update:
        """Offer the call that was left open, where there is one."""
        record = self._frame.waiting(kept)
        if record is None:
            return {self.waiting: gr.update(visible=False), self.waiting_says: ""}
        name = self._frame.studio.persona(record.played.borrower).name
        text = words["waiting"].format(name, len(record.played.talk.agent_turns()))
        return {self.waiting: gr.update(visible=True), self.waiting_says: noted(text)}

    def _among(self, spoken: Language, kind: str, hardness: str) -> list[Persona]:
        fewest, most = HARDNESS.get(hardness, HARDNESS[ANY])
        fitting = [
            persona
            for persona in self._personas
            if persona.language is spoken
            and kind in (ANY, persona.archetype)
            and fewest <= difficulty(persona.dials) <= most
        ]
        return sorted(fitting, key=lambda persona: difficulty(persona.dials))


def _words(language: str) -> Words:
    return page_words(Language(language))


def _hardness(language: Language) -> dict[str, Any]:
    words = page_words(language)
    return {"label": words["hardness"], "choices": [(words[row], row) for row in HARDNESS]}
