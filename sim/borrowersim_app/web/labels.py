"""Which words each component shows, so that a page can change its language."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from borrowersim.talk import Language
from borrowersim_app.web.person import Update
from borrowersim_app.web.words import page_words
from borrowersim_evals.report.words import Words

Props = dict[str, Any]


class Labels:
    """Component -> what it shows in a language; a page asks all of them when the language changes."""

    def __init__(self, words: Callable[[Language], Words] = page_words) -> None:
        self._words = words
        self.rows: dict[Any, Callable[[Language], Props]] = {}

    def put(self, component: Any, **rows: str) -> Any:
        """Remember which rows of the words a component shows, begin in English, and return it."""

        def says(language: Language) -> Props:
            words = self._words(language)
            return {name: words[row] for name, row in rows.items()}

        return self.made(component, says)

    def made(self, component: Any, says: Callable[[Language], Props]) -> Any:
        """Remember how a component's properties follow from the language, begin in English, and return it."""
        for name, value in says(Language.EN).items():
            setattr(component, name, value)
        self.rows[component] = says
        return component

    def relabelled(self, language: Language) -> Update:
        """Return an update for each remembered component, with its words in a language."""
        return {component: gr.update(**says(language)) for component, says in self.rows.items()}
