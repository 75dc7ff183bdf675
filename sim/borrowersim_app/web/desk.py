"""Where each person's calls lie: those that go on, in memory; all of them in the book."""

from collections import OrderedDict
from collections.abc import Collection

from borrowersim.borrower import Borrower
from borrowersim.engine import Call
from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Persona
from borrowersim.record import Played
from borrowersim_app.web.limits import Pace
from borrowersim_app.web.session import Refused, Session
from borrowersim_app.web.studio import Studio
from borrowersim_evals.practice import PracticeRecord

MOST_LIVE = 1_000
"""Calls in memory; those untouched longest are put away and come back from the book."""
STEP = 2
"""How much harder or easier the same borrower gets, on the dial of resistance."""


class Desk:
    """Finds a person's calls; nobody else's: every look-up needs the learner's own id."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._live: OrderedDict[tuple[str, str], Session] = OrderedDict()
        self._turns = Pace(studio.rates.turns, studio.clock)
        self._calls = Pace(studio.rates.calls, studio.clock)

    def begin(self, learner: str, persona: Persona, dials: Dials, assignment: str = "") -> Session:
        """Return a new call, perhaps for an assignment; raise Refused when this person begins too many."""
        seed = self.studio.rng.randrange(2**31)
        borrower = Borrower(persona, self.studio.voice, seed=seed, dials=dials)
        call = Call(borrower, id=self._name(persona))
        return self._begun(learner, Session(self.studio, learner, call, assignment=assignment))

    def take_over(self, learner: str, played: Played, exchanges: int) -> Session:
        """Return a new call that goes on from somebody else's talk after its first `exchanges`.

        Raises UsageError when its borrower is not on offer, Refused when too many are begun.
        """
        call = self._resumed(played).rewound(exchanges)
        call.talk = call.talk.model_copy(update={"id": self._name(call.borrower.persona), "note": ""})
        return self._begun(learner, Session(self.studio, learner, call, parent=played.id, parent_turns=exchanges))

    def branch(self, learner: str, practice: str, exchanges: int) -> Session:
        """Return a new call that goes on from an earlier one after its first `exchanges`; the earlier one stays.

        Raises UsageError for a practice that this learner does not have, Refused when too many are begun.
        """
        record = self.studio.book.practice(learner, practice)
        call = self._resumed(record.played).rewound(exchanges)
        call.talk = call.talk.model_copy(update={"id": self._name(call.borrower.persona), "note": ""})
        return self._begun(learner, Session(self.studio, learner, call, parent=practice, parent_turns=exchanges))

    def again(self, learner: str, practice: str, harder: int = 0) -> Session:
        """Return a new call to the same borrower, `harder` steps up or down the dial of resistance."""
        played = self.studio.book.practice(learner, practice).played
        level = min(10.0, max(0.0, played.dials.resistance + STEP * harder))
        dials = played.dials.model_copy(update={"resistance": level})
        return self.begin(learner, self.studio.persona(played.borrower), dials)

    def session(self, learner: str, practice: str) -> Session | None:
        """Return a call to go on with, from memory or from the book; None when it is judged, or not there."""
        if live := self._live.get((learner, practice)):
            self._live.move_to_end((learner, practice))
            return live
        record = self.record(learner, practice)
        return self._back(record) if record and record.score is None else None

    def record(self, learner: str, practice: str) -> PracticeRecord | None:
        """Return a practice as it was last kept; None when this learner has none of that id."""
        try:
            return self.studio.book.practice(learner, practice)
        except UsageError:
            return None

    def waiting(self, learner: str, begun_here: Collection[str] = ()) -> PracticeRecord | None:
        """Return the newest call that was begun and not judged; one of `begun_here` first, where there is any."""
        offered = {persona.id for persona in self.studio.personas}
        open_ = [r for r in self.studio.book.practices(learner) if r.score is None and r.played.borrower in offered]
        return next((r for r in open_ if r.id in begun_here), open_[0] if open_ else None)

    def past(self, learner: str, practice: str) -> list[PracticeRecord]:
        """Return the learner's other judged practices, the newest first."""
        return [r for r in self.studio.book.practices(learner) if r.score is not None and r.id != practice]

    def family(self, learner: str, practice: str) -> list[PracticeRecord]:
        """Return the judged tries that came from the same first call, the oldest first, this one among them."""
        records = {record.id: record for record in self.studio.book.practices(learner)}
        root = _root(records, practice)
        kin = [r for r in records.values() if r.score is not None and _root(records, r.id) == root]
        return sorted(kin, key=lambda record: (record.started, record.id))

    def admit(self, learner: str) -> None:
        """Count a turn; raise Refused when this person says too many in a minute."""
        if seconds := self._turns.wait(learner):
            raise Refused("too_fast", seconds)

    def put_away(self, session: Session) -> None:
        """Forget a call that is over; it stays in the book."""
        self._live.pop((session.learner, session.id), None)

    def _begun(self, learner: str, session: Session) -> Session:
        if seconds := self._calls.wait(learner):
            raise Refused("too_many_calls", seconds)
        return self._laid(session)

    def _laid(self, session: Session) -> Session:
        self._live[session.learner, session.id] = session
        idle = [key for key, live in self._live.items() if not live.answering]
        for key in idle[: max(0, len(self._live) - MOST_LIVE)]:
            del self._live[key]
        return session

    def _back(self, record: PracticeRecord) -> Session | None:
        try:
            call = self._resumed(record.played)
        except UsageError:  # its borrower is not on offer any more
            return None
        session = Session(
            self.studio,
            record.learner,
            call,
            parent=record.parent,
            parent_turns=record.parent_turns,
            assignment=record.assignment,
            started=record.started,
            seconds=record.played.seconds,
        )
        return self._laid(session)

    def _resumed(self, played: Played) -> Call:
        persona = self.studio.persona(played.borrower)
        borrower = Borrower(persona, self.studio.voice, seed=played.seed, dials=played.dials)
        return Call.resumed(borrower, played)

    def _name(self, persona: Persona) -> str:
        return f"{persona.id}-{self.studio.code()[:12]}"


def _root(records: dict[str, PracticeRecord], practice: str) -> str:
    seen = {practice}
    while (record := records.get(practice)) and record.parent and record.parent not in seen:
        practice = record.parent
        seen.add(practice)
    return practice
