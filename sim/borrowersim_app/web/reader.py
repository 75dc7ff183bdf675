"""Who reads a page: language, zone, the time now; and how borrowers and moments are said to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from borrowersim.persona import Persona
from borrowersim.talk import Language
from borrowersim_app.web.progress_words import progress_words
from borrowersim_app.web.when import say_ago, say_day, say_time
from borrowersim_evals.report.words import Words


@dataclass(frozen=True)
class Reader:
    """One reader, for the time of one answer."""

    language: Language
    zone: tzinfo
    now: datetime
    personas: Mapping[str, Persona]
    """Borrowers by id; one that is no longer there is called by its id."""

    @property
    def words(self) -> Words:
        return progress_words(self.language)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def borrower(self, id: str) -> str:
        """Return a borrower's name."""
        return self.personas[id].name if id in self.personas else id

    def spoken(self, id: str) -> str:
        """Return the language of a borrower's name, for the `lang` of what holds it."""
        return str(self.personas[id].language) if id in self.personas else str(self.language)

    def time(self, seconds: float) -> str:
        return say_time(seconds, self.language, self.zone)

    def day(self, day: date) -> str:
        return say_day(day, self.language)

    def ago(self, seconds: float) -> str:
        return say_ago(seconds, self.now, self.language)
