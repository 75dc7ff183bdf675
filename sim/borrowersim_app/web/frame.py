"""What the screens of one page share: the studio, the language, who sits here, which screen is shown."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import gradio as gr

from borrowersim_app.web import view
from borrowersim_app.web.desk import Desk
from borrowersim_app.web.labels import Labels
from borrowersim_app.web.people import People
from borrowersim_app.web.person import LEARNER, OPEN, Update, learner_of
from borrowersim_app.web.session import Session
from borrowersim_app.web.studio import Studio
from borrowersim_evals.practice import PracticeRecord

STATE_SECONDS = 12 * 3600
"""How long the server remembers what an untouched page shows."""
MOST_BADGES = 10_000
"""Browsers that are known at once; those away longest load the page anew."""
AWAY = timedelta(minutes=30)
"""Who comes back within this is put through again at once; later they are asked."""


class Frame:
    """The parts of the page that every screen needs. Made inside gr.Blocks."""

    def __init__(self, studio: Studio, language: Any, person: Any, people: People | None = None) -> None:
        self.studio = studio
        self._people = people
        self._badges: OrderedDict[str, str] = OrderedDict()
        self._begun: OrderedDict[str, set[str]] = OrderedDict()
        self.desk = Desk(studio)
        self.labels = Labels()
        self.language = language
        self.person = person
        self.call = gr.State("", time_to_live=STATE_SECONDS)
        """Id of the practice on this page's screen."""
        self.screens: dict[str, Any] = {}

    def badge(self, kept: Any, request: Any) -> str:
        """Return the code by which a browser names its learner; raise UsageError when nobody is signed in.

        A code is a badge that cannot be guessed: what stands on it, the learner's own name, stays here.
        Without people the code is the learner.
        """
        code = learner_of(kept)
        if self._people is None:
            return code or self.studio.code()
        name = self._people.who(request).name
        if self._badges.get(code) != name:
            code = self.studio.code()
            self._badges[code] = name
        self._badges.move_to_end(code)
        while len(self._badges) > MOST_BADGES:
            self._badges.popitem(last=False)
        return code

    def learner(self, kept: Any) -> str:
        """Return who sits at a browser; empty when it has no badge, or one of before a restart."""
        code = learner_of(kept)
        return code if self._people is None else self._badges.get(code, "")

    def show(self, name: str) -> Update:
        """Show one screen and hide the others."""
        return {screen: gr.update(visible=screen is self.screens[name]) for screen in self.screens.values()}

    def waiting(self, kept: Any) -> PracticeRecord | None:
        """Return this person's newest open call; where several browsers are one learner, this browser's own."""
        learner = self.learner(kept)
        return self.desk.waiting(learner, self._begun.get(learner_of(kept), ())) if learner else None

    def holds(self, kept: Any, practice: str) -> Update:
        """Note which practice is on the screen, so that a reload finds it again; empty for none."""
        if practice:
            self._begun.setdefault(learner_of(kept), set()).add(practice)
            while len(self._begun) > MOST_BADGES:
                self._begun.popitem(last=False)
        return {self.call: practice, self.person: {LEARNER: learner_of(kept), OPEN: practice}}

    def session(self, kept: Any, practice: str) -> Session | None:
        """Return this person's call that goes on; None when there is none."""
        learner = self.learner(kept)
        return self.desk.session(learner, practice) if practice and learner else None

    def record(self, kept: Any, practice: str) -> PracticeRecord | None:
        """Return this person's practice as it was kept; None when there is none."""
        learner = self.learner(kept)
        return self.desk.record(learner, practice) if practice and learner else None

    def fresh(self, record: PracticeRecord) -> bool:
        """Say whether a practice was touched a short while ago."""
        return self.studio.now() - datetime.fromisoformat(record.changed) < AWAY


def noted(text: str) -> Any:
    """Show a message, or nothing at all."""
    return gr.update(**notice(text))


def notice(text: str) -> dict[str, Any]:
    """Return how the place of a message has to be, to show it, or nothing at all."""
    return {"value": view.notice(text), "visible": bool(text)}


def once(components: Iterable[Any]) -> list[Any]:
    """Return the components in order, each once: Gradio wants no output twice."""
    return list(dict.fromkeys(components))
