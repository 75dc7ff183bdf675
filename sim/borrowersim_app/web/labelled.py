"""Components that change their words with the language of the page."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from borrowersim.talk import Language
from borrowersim_app.web.watch_words import watch_words
from borrowersim_evals.report.words import Words

Update = dict[Any, Any]
"""What a callback shows: component -> its new value, or a `gr.update`."""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Labelled:
    """A part of a tab that remembers which words its components show."""

    def __init__(self) -> None:
        self.labels: list[tuple[Any, Callable[[Words], dict[str, Any]]]] = []
        """Component -> its words in the language of the given words."""

    def label(self, component: Any, **rows: str) -> Any:
        """Remember which words a component shows; begin in English."""

        def say(words: Words) -> dict[str, Any]:
            own = watch_words(words.language)
            return {name: own[row] for name, row in rows.items()}

        for name, text in say(Words(Language.EN)).items():
            setattr(component, name, text)
        self.labels.append((component, say))
        return component

    def relabelled(self, language: Language) -> Update:
        """Return every remembered component with its words in a language."""
        words = Words(language)
        return {component: gr.update(**say(words)) for component, say in self.labels}
