"""What one person may see of the practices: a learner their own, a coach everybody's. Knows no component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Persona
from borrowersim_app.web.people import People, Person
from borrowersim_app.web.progress_view import Past, learner_board
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.team_view import team_board
from borrowersim_app.web.view import inert
from borrowersim_evals.assignment import Assignment, AssignmentState, state_of
from borrowersim_evals.case import Case
from borrowersim_evals.practice_export import practices_csv
from borrowersim_evals.practice_lines import PracticeLine
from borrowersim_evals.progress import team_of
from borrowersim_evals.report import render_talk
from borrowersim_evals.store.practices import PracticeStore

OWN, TEAM, ONE = "own", "team", "one:"
"""What a coach may look at: themselves, everybody, or `one:` and a name."""
CALLS = 100
"""Calls that can be read again from the list."""


@dataclass(frozen=True)
class Errand:
    """A call that a learner makes for an assignment."""

    assignment: str
    persona: Persona
    dials: Dials


@dataclass(frozen=True)
class Records:
    """The store, seen by one person."""

    store: PracticeStore
    people: People
    person: Person

    def whose(self, wanted: str | None) -> str:
        """Return whose practices to show; only a coach may choose, whatever the browser asks."""
        if not self.person.coaches:
            return OWN
        known = wanted in (TEAM, OWN) or (wanted or "").removeprefix(ONE) in self.everybody()
        return wanted if wanted and known else TEAM

    def name(self, whose: str) -> str | None:
        """Return the learner whom a choice means, None for the team."""
        if whose == TEAM:
            return None
        return self.person.name if whose == OWN else whose.removeprefix(ONE)

    def everybody(self) -> list[str]:
        """Return the names on the roll and those with practices."""
        return sorted({*self.people.names(), *self.store.learners()})

    def board(self, whose: str, reader: Reader) -> str:
        """Return the view as HTML, safe to show."""
        name = self.name(whose)
        if name is None:
            return inert(self._team(reader))
        lines = self.store.lines(name)
        past = Past(name, lines, self.store.slips(name), self.states(name, lines, reader))
        return inert(learner_board(past, reader, own=name == self.person.name))

    def states(self, name: str, lines: Sequence[PracticeLine], reader: Reader) -> list[AssignmentState]:
        """Return how far a learner is with each assignment; `everybody` does not mean the coach who looks."""
        coach = self.person.coaches and name == self.person.name
        found = [one for one in self.store.assignments(name) if not coach or name in one.learners]
        return [state_of(assignment, name, lines, reader.today) for assignment in found]

    def _team(self, reader: Reader) -> Markup:
        lines, slips = self.store.lines(), self.store.slips()
        members = [
            member
            for member in team_of(self.people.names(), lines, slips)
            if member.name != self.person.name or member.calls
        ]
        return team_board(members, slips, self._assigned(lines, reader), reader)

    def _assigned(
        self, lines: Sequence[PracticeLine], reader: Reader
    ) -> Mapping[Assignment, Sequence[AssignmentState]]:
        everybody = [name for name in self.everybody() if name != self.person.name]
        return {
            assignment: [
                state_of(assignment, name, lines, reader.today)
                for name in (assignment.learners or everybody)
                if assignment.concerns(name)
            ]
            for assignment in self.store.assignments()
        }

    def calls(self, whose: str, reader: Reader) -> list[tuple[str, str]]:
        """Return (what it was, id) of the judged calls that can be read again, the newest first."""
        name = self.name(whose)
        if name is None:
            return []
        judged = [line for line in self.store.lines(name) if line.judged]
        return [(_say_call(line, reader), line.id) for line in judged[:CALLS]]

    def card(self, whose: str, id: str, reader: Reader) -> str:
        """Return the report of one call; raise UsageError when there is none that this person may see."""
        name = self.name(whose)
        record = self.store.practice(name or self.person.name, id)
        if record.score is None:
            raise UsageError(f"the call {id!r} is not judged yet; finish it first")
        persona = reader.personas.get(record.played.borrower)
        talk = render_talk(Case(played=record.played, score=record.score), persona, "again")
        return inert(Markup("<div class='bsr'>{}</div>").format(talk))

    def table(self, whose: str) -> str:
        """Return the calls as CSV."""
        name = self.name(whose)
        return practices_csv(self.store.lines(name), self.store.slips(name))

    def waiting(self, reader: Reader) -> list[tuple[str, str]]:
        """Return (what it is, key) of the assigned calls that this person has still to pass."""
        lines = self.store.lines(self.person.name)
        return [
            (
                _say_errand(state.assignment.title, task.task.borrower, reader),
                f"{state.assignment.id}/{task.task.borrower}",
            )
            for state in self.states(self.person.name, lines, reader)
            for task in state.tasks
            if task.passed_on is None and task.task.borrower in reader.personas
        ]

    def errand(self, key: str, personas: Mapping[str, Persona]) -> Errand:
        """Return an assigned call by its key; raise UsageError when it is none of this person's."""
        id, _, borrower = key.partition("/")
        assignment = self.store.assignment(id)
        task = next((task for task in assignment.tasks if task.borrower == borrower), None)
        if task is None or borrower not in personas or not assignment.concerns(self.person.name):
            raise UsageError(f"the call {key!r} is not assigned to {self.person.name!r}; choose one of the list")
        return Errand(assignment.id, personas[borrower], task.dials(personas[borrower].dials))


def _say_call(line: PracticeLine, reader: Reader) -> str:
    total = "–" if line.total is None else f"{line.total:.0f}"
    words = reader.words
    return f"{reader.time(line.began)} · {reader.borrower(line.borrower)} · {words['total']} {total}"


def _say_errand(title: str, borrower: str, reader: Reader) -> str:
    return f"{title}{reader.words['colon']}{reader.borrower(borrower)}"
