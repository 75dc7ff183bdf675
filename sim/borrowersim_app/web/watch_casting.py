"""Choose who talks with whom: the part of the Watch tab where a new talk begins."""

from typing import Any

import gradio as gr

from borrowersim.persona import Persona
from borrowersim.talk import Language
from borrowersim_app.web.cards import briefing_card, list_entry
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.levels import level_meaning
from borrowersim_app.web.person import QUIET, Update
from borrowersim_app.web.stage import Stage
from borrowersim_app.web.watch_view import about_agent
from borrowersim_app.web.watch_words import agent_name, watch_words
from borrowersim_app.web.words import NATIVE, page_words


class Casting:
    """Language, borrower, dials and agent of a talk that is to be watched."""

    def __init__(self, stage: Stage) -> None:
        self.labels = Labels(watch_words)
        self._stage = stage

    def build(self, language: Any) -> None:
        """Lay the part out inside gr.Blocks; `language` is the component that holds the page's language."""
        first = self._stage.studio.personas[0]
        spoken = sorted({p.language for p in self._stage.studio.personas}, key=list(NATIVE).index)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=300):
                self.talk_language = gr.Radio([(NATIVE[s], str(s)) for s in spoken], value=str(first.language))
                self.agent = gr.Dropdown(self._agents(first, Language.EN), value=self._first(first), filterable=False)
                self.borrower = gr.Dropdown(self._borrowers(first.language), value=first.id, filterable=False)
                self.resistance = gr.Slider(0, 10, first.dials.resistance, step=0.5, buttons=[])
                self.stress = gr.Slider(0, 10, first.dials.financial_stress, step=0.5, buttons=[])
                self.begin = gr.Button(variant="primary", size="lg")
            with gr.Column(scale=2, min_width=300):
                self.agent_card = gr.HTML(apply_default_css=False)
                self.file = gr.HTML(apply_default_css=False)
        for component, row in (
            (self.talk_language, "talk_language"),
            (self.agent, "agent"),
            (self.borrower, "borrower"),
            (self.resistance, "resistance"),
            (self.stress, "financial_stress"),
        ):
            self.labels.put(component, label=row)
        self.labels.put(self.begin, value="begin")
        self._wire(language)

    def _wire(self, language: Any) -> None:
        dials = [self.resistance, self.stress]
        self.talk_language.input(
            self.list_people,
            [language, self.talk_language],
            [self.agent, self.borrower, *dials, self.agent_card, self.file],
            **QUIET,
        )
        self.agent.input(self.choose_agent, [language, self.agent], self.agent_card, **QUIET)
        self.borrower.input(self.choose_borrower, [language, self.borrower], [*dials, self.file], **QUIET)
        for dial, slider in (("resistance", self.resistance), ("financial_stress", self.stress)):
            slider.change(
                lambda language, level, dial=dial: _means(dial, level, Language(language)),
                [language, slider],
                slider,
                trigger_mode="always_last",
                **QUIET,
            )

    @property
    def choice(self) -> list[Any]:
        """Return the components that say which talk is wanted: agent, borrower, both dials."""
        return [self.agent, self.borrower, self.resistance, self.stress]

    @property
    def shown(self) -> list[Any]:
        """Return every component that `relabel` and `arrive` change."""
        return [*self.labels.rows, self.agent_card, self.file]

    def arrive(self, language: Language) -> Update:
        """Set the part up for somebody who reads this language, with people who speak it where there are any."""
        own = (persona for persona in self._stage.studio.personas if persona.language is language)
        persona = next(own, self._stage.studio.personas[0])
        agent, dials = self._first(persona), persona.dials
        shown = self.relabel(language, agent, persona.id, dials.resistance, dials.financial_stress)
        shown[self.talk_language] |= {"value": str(persona.language)}
        shown[self.agent] |= {"value": agent}
        shown[self.borrower] |= {"choices": self._borrowers(persona.language), "value": persona.id}
        shown[self.resistance] |= {"value": dials.resistance}
        shown[self.stress] |= {"value": dials.financial_stress}
        return shown

    def relabel(self, language: Language, agent: str, borrower: str, resistance: float, stress: float) -> Update:
        """Return the part in another language, what was chosen unchanged."""
        persona = self._stage.studio.persona(borrower)
        labels = self.labels.relabelled(language)
        labels[self.agent] |= {"choices": self._agents(persona, language)}
        labels[self.resistance] |= {"info": level_meaning("resistance", resistance, language)}
        labels[self.stress] |= {"info": level_meaning("financial_stress", stress, language)}
        return labels | {
            self.agent_card: about_agent(agent, watch_words(language)),
            self.file: briefing_card(persona, page_words(language)),
        }

    def list_people(self, language: str, spoken: str) -> Update:
        """Offer the borrowers and agents who speak a language."""
        borrowers = self._borrowers(Language(spoken))
        persona = self._stage.studio.persona(borrowers[0][1])
        agent = self._first(persona)
        return {
            self.agent: gr.update(choices=self._agents(persona, Language(language)), value=agent),
            self.borrower: gr.update(choices=borrowers, value=persona.id),
            self.agent_card: self.choose_agent(language, agent),
        } | self.choose_borrower(language, persona.id)

    def choose_agent(self, language: str, agent: str) -> str:
        return about_agent(agent, watch_words(Language(language)))

    def choose_borrower(self, language: str, borrower: str) -> Update:
        """Set the dials to what this borrower is by nature, and show their file."""
        persona = self._stage.studio.persona(borrower)
        return {
            self.resistance: persona.dials.resistance,
            self.stress: persona.dials.financial_stress,
            self.file: briefing_card(persona, page_words(Language(language))),
        }

    def _first(self, persona: Persona) -> str:
        return self._stage.agents(persona.language)[0]

    def _agents(self, persona: Persona, language: Language) -> list[tuple[str, str]]:
        return [(agent_name(name, language), name) for name in self._stage.agents(persona.language)]

    def _borrowers(self, spoken: Language) -> list[tuple[str, str]]:
        return [(list_entry(p), p.id) for p in self._stage.studio.personas if p.language is spoken]


def _means(dial: str, level: float, language: Language) -> Any:
    return gr.update(info=level_meaning(dial, level, language))
