"""The figures of judge-check: pure functions from what a judge said of labelled talks to frozen values."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from borrowersim_evals.agreement import (
    Call,
    Figure,
    Rating,
    f1,
    mean_error,
    precision,
    recall,
    share,
    weighted_kappa,
)
from borrowersim_evals.check_report import Figures, Gravity, RaterLine, RuleLine, Stability
from borrowersim_evals.label_shapes import JudgedTurn, LabelledTalk, Rated
from borrowersim_evals.rubric import Criterion
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Score, Severity, TurnMarks

CRITERIA: tuple[Criterion, ...] = ("respect", "clarity")


@dataclass(frozen=True)
class Judged:
    """A labelled talk and what the judge said of it, each time it was asked."""

    labelled: LabelledTalk
    scores: tuple[Score, ...]

    @property
    def score(self) -> Score:
        """Return the first score, which the figures are drawn from."""
        return self.scores[0]

    @property
    def rows(self) -> "list[Row]":
        return [Row(self.labelled, turn, self.score) for turn in self.labelled.turns]


@dataclass(frozen=True)
class Row:
    """One judged turn: the labels, and the score of its talk."""

    labelled: LabelledTalk
    turn: JudgedTurn
    score: Score

    @property
    def talk(self) -> str:
        """Return what is resampled as one."""
        return self.labelled.origin

    @property
    def found(self) -> frozenset[str]:
        """Return the rules that the judge says this turn broke.

        A breach of hours or of a number of contacts is the contact's: reported once, wherever it begins.
        """
        named = {name for breach in self.turn.legal for name in breach.names}
        anywhere = named & self._timed if named else named
        return frozenset(f.rule for f in self.score.breaches if f.turn == self.turn.turn or f.rule in anywhere)

    @property
    def _timed(self) -> frozenset[str]:
        pack = pack_for(self.labelled.talk.jurisdiction)
        kind = "time_or_frequency_limit"
        return frozenset(rule.id for rule in pack.rules if rule.kind == kind) if pack else frozenset()

    @property
    def doubted(self) -> bool:
        return any(f.turn == self.turn.turn and f.status == "cannot_tell" for f in self.score.legal)

    @property
    def named(self) -> bool:
        """Was a labelled breach found by a right name?"""
        return any(breach.names & self.found for breach in self.turn.legal)

    @property
    def call(self) -> Call:
        return Call(self.talk, bool(self.turn.legal), bool(self.found))

    @property
    def marks(self) -> TurnMarks:
        """Return the judge's marks of this turn."""
        empty = TurnMarks(turn=self.turn.turn)
        return next((marks for marks in self.score.turns if marks.turn == self.turn.turn), empty)


def figures(judged: Sequence[Judged], rng: Random) -> Figures:
    """Return the agreement over these talks."""
    rows = [row for one in judged for row in one.rows]
    calls = [row.call for row in rows]
    critical = [row.call for row in rows if row.labelled.severity(row.turn) == "critical"]
    return Figures(
        turns=len(rows),
        unlawful=sum(call.wanted for call in calls),
        right=share(((call.talk, call.wanted == call.found) for call in calls), rng),
        precision=precision(calls, rng),
        recall=recall(calls, rng),
        f1=f1(calls, rng),
        named=share(_named(rows), rng),
        critical_recall=recall(critical, rng),
        localised=share(_placed(rows), rng),
        twins_clean=share(_twins(judged), rng),
        quotes=share((quote for one in judged for quote in _quotes(one)), rng),
        **_pairs(rows, rng),
        **_unclear(rows, rng),
        **_marks(rows, rng),
    )


def _named(rows: Iterable[Row]) -> list[tuple[str, bool]]:
    return [(row.talk, row.named) for row in rows if row.turn.legal and row.found]


def _placed(rows: Iterable[Row]) -> list[tuple[str, bool]]:
    talks = (row for row in rows if row.labelled.kind == "talk")
    return [(row.talk, bool(breach.names & row.found)) for row in talks for breach in row.turn.legal]


def _twins(judged: Iterable[Judged]) -> list[tuple[str, bool]]:
    return [(one.labelled.origin, not one.score.breaches) for one in judged if one.labelled.kind == "twin"]


def _quotes(one: Judged) -> list[tuple[str, bool]]:
    turns = one.labelled.talk.turns
    return [(one.labelled.origin, f.quote in turns[f.turn].text) for f in one.score.legal if f.quote]


def _pairs(rows: Iterable[Row], rng: Random) -> dict[str, Figure]:
    lawful: dict[str, bool] = {}
    threat: dict[str, bool] = {}
    for row in rows:
        if row.labelled.kind == "pair_lawful":
            lawful[row.talk] = not row.found
        elif row.labelled.kind == "pair_threat":
            threat[row.talk] = bool(row.found)
    both = [(pair, right and threat[pair]) for pair, right in lawful.items() if pair in threat]
    return {
        "pairs": share(both, rng),
        "pairs_lawful": share(lawful.items(), rng),
        "pairs_threat": share(threat.items(), rng),
    }


def _unclear(rows: Iterable[Row], rng: Random) -> dict[str, Figure]:
    unclear = [row for row in rows if row.turn.unclear and not row.turn.legal]
    return {
        "unclear_quiet": share(((row.talk, not row.found) for row in unclear), rng),
        "unclear_said": share(((row.talk, row.doubted) for row in unclear if not row.found), rng),
    }


def _marks(rows: Sequence[Row], rng: Random) -> dict[str, Figure]:
    result = {}
    for criterion in CRITERIA:
        ratings = _ratings(rows, _mark(criterion, _label), _mark(criterion, _judge))
        result[f"{criterion}_kappa"] = weighted_kappa(ratings, rng)
        result[f"{criterion}_error"] = mean_error(ratings, rng)
    return result


Said = Callable[[Row], Rated | TurnMarks | None]
"""What one rater said of a turn; None when this rater did not see it."""
Mark = Callable[[Row], float | None]


def _label(row: Row) -> Rated:
    return row.turn


def _judge(row: Row) -> TurnMarks:
    return row.marks


def _rater(name: str) -> Said:
    return lambda row: row.turn.raters.get(name)


def _mark(criterion: Criterion, said: Said) -> Mark:
    return lambda row: getattr(said(row), criterion, None)


def _ratings(rows: Iterable[Row], one: Mark, other: Mark) -> list[Rating]:
    """Return the marks of two raters where both gave one."""
    pairs = ((row.talk, one(row), other(row)) for row in rows)
    return [Rating(talk, a, b) for talk, a, b in pairs if a is not None and b is not None]


def gravity(rows: Iterable[Row], severity: Severity, rng: Random) -> Gravity:
    """Return how the turns were found whose gravest labelled rule has this severity."""
    chosen = [row for row in rows if row.labelled.severity(row.turn) == severity]
    calls = [row.call for row in chosen]
    return Gravity(turns=len(chosen), recall=recall(calls, rng), named=share(_named(chosen), rng))


def rule_lines(rows: Iterable[Row]) -> tuple[RuleLine, ...]:
    """Return how each rule fared that was labelled or found, the most misses and false alarms first."""
    labelled: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for row in rows:
        rules = {breach.rule for breach in row.turn.legal}
        labelled.update(rules)
        missed.update(rules if not row.found else ())
        alarms.update(row.found if not rules else ())
    names = sorted(labelled.keys() | alarms.keys(), key=lambda rule: (-missed[rule] - alarms[rule], rule))
    return tuple(
        RuleLine(rule=rule, labelled=labelled[rule], missed=missed[rule], false_alarms=alarms[rule]) for rule in names
    )


def raters(judge: str, rows: Sequence[Row], rng: Random) -> tuple[RaterLine, ...]:
    """Return how people who labelled the same turns agree with each other, and each of them with the judge."""
    seen = [row for row in rows if row.turn.raters]
    names = sorted({name for row in seen for name in row.turn.raters})
    people = [_between(one, _rater(one), other, _rater(other), seen, rng) for one, other in combinations(names, 2)]
    return (*people, *(_between(judge, _judge, name, _rater(name), seen, rng) for name in names))


def _between(one: str, said: Said, other: str, said_too: Said, rows: Iterable[Row], rng: Random) -> RaterLine:
    both = [row for row in rows if said(row) is not None and said_too(row) is not None]
    kappas = {
        f"{criterion}_kappa": weighted_kappa(_ratings(both, _mark(criterion, said), _mark(criterion, said_too)), rng)
        for criterion in CRITERIA
    }
    legal = weighted_kappa(_ratings(both, _unlawful(said), _unlawful(said_too)), rng)
    return RaterLine(one=one, other=other, turns=len(both), legal_kappa=legal, **kappas)


def _unlawful(said: Said) -> Mark:
    def value(row: Row) -> float:
        what = said(row)
        return float(bool(what.legal if isinstance(what, Rated) else row.found))

    return value


def stability(judged: Sequence[Judged], rng: Random) -> Stability | None:
    """Return whether talks got the same verdict each time; None when none was asked about twice."""
    again = [one for one in judged if len(one.scores) > 1 and not any(score.unscored for score in one.scores)]
    if not again:
        return None
    return Stability(
        talks=len(again),
        repeats=len(again[0].scores),
        same_law=_same(again, _law, rng),
        same_verdict=_same(again, lambda score: (_law(score), *((t.respect, t.clarity) for t in score.turns)), rng),
        same_bytes=_same(again, lambda score: score.model_dump_json(exclude={"usage"}), rng),
    )


def _law(score: Score) -> object:
    return frozenset((finding.turn, finding.rule, finding.status) for finding in score.legal)


def _same(again: Iterable[Judged], part: Callable[[Score], object], rng: Random) -> Figure:
    return share(((one.labelled.origin, len({part(score) for score in one.scores}) == 1) for one in again), rng)
