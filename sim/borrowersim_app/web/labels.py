"""Which words each component shows, so that a page can change its language."""

from collections.abc import Callable
from typing import Any

from borrowersim.talk import Language
from borrowersim_app.web.words import page_words

Props = dict[str, Any]


class Labels:
    """Component -> what it shows in a language; a page asks all of them when the language changes."""

    def __init__(self) -> None:
        self.rows: dict[Any, Callable[[Language], Props]] = {}

    def put(self, component: Any, **rows: str) -> Any:
        """Remember which rows of the page's words a component shows, begin in English, and return it."""

        def says(language: Language) -> Props:
            words = page_words(language)
            return {name: words[row] for name, row in rows.items()}

        return self.made(component, says)

    def made(self, component: Any, says: Callable[[Language], Props]) -> Any:
        """Remember how a component's properties follow from the language, begin in English, and return it."""
        for name, value in says(Language.EN).items():
            setattr(component, name, value)
        self.rows[component] = says
        return component
