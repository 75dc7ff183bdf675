"""The figures behind the report's pictures and tables: pure functions from cases to frozen values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.measures import MEASURES, cell_of, finished, pass_counts, passes
from borrowersim_evals.stats import Estimate, mean, pass_hat

SCORES = ("respect", "clarity", "total")
BINS = 8
MOST_K = 8
TalkVerdict = Literal["passed", "failed", "unjudged", "broken"]
VERDICTS: tuple[TalkVerdict, ...] = ("failed", "passed", "unjudged", "broken")
EFFECTS = ("helped", "hindered", "neutral")


class Spread(NamedTuple):
    """How the scores of one agent's talks are spread."""

    agent: str
    bins: tuple[int, ...]
    """Talks in each of `BINS` equal parts of the scale, lowest first."""
    mean: Estimate


class Level(NamedTuple):
    """How the talks at one level of resistance ended."""

    resistance: int
    """The dial, rounded to whole steps."""
    talks: int
    endings: dict[Ending, int]


class Repeats(NamedTuple):
    """pass^k of one agent, or of all."""

    agent: str
    cells: int
    chances: tuple[Estimate, ...]
    """For each k of the table."""


def talk_verdict(case: Case) -> TalkVerdict:
    """Return how one talk came out: technical failures and talks not judged are neither passed nor failed."""
    if not finished(case):
        return "broken"
    found = None if "judge:" in case.score.unscored else passes(case.score)
    return "unjudged" if found is None else "passed" if found else "failed"


def spreads(cases: Sequence[Case], score: str) -> list[Spread]:
    """Return the spread of a score for each agent, by name; agents without a judged talk are left out."""
    measure, found = MEASURES[score], []
    for agent, own in _by_agent(cases):
        pairs = [(case, value) for case in own if finished(case) and (value := measure.value(case)) is not None]
        if pairs:
            values, cells = [value for _, value in pairs], [cell_of(case) for case, _ in pairs]
            bins = Counter(_bin(value, measure.low, measure.high) for value in values)
            found.append(
                Spread(
                    agent, tuple(bins[i] for i in range(BINS)), mean(values, cells, within=(measure.low, measure.high))
                )
            )
    return found


def _bin(value: float, low: float, high: float) -> int:
    return min(BINS - 1, max(0, int((value - low) / (high - low) * BINS)))


def levels(cases: Iterable[Case]) -> list[Level]:
    """Return how talks ended at each level of resistance, the lowest first; technical failures are left out."""
    groups: dict[int, list[Ending]] = {}
    for case in cases:
        if finished(case):
            groups.setdefault(round(case.played.dials.resistance), []).append(case.played.ending)
    return [Level(level, len(ends), dict(Counter(ends))) for level, ends in sorted(groups.items())]


def repeats(cases: Sequence[Case]) -> tuple[tuple[int, ...], list[Repeats]]:
    """Return the ks of the table and a line for each agent; no ks when nothing was played twice."""
    own = {agent: _judged_counts(talks) for agent, talks in _by_agent(cases)}
    most = max((played for counts in own.values() for _, played in counts), default=0)
    ks = tuple(k for k in (1, 2, 3, 4, 5, 6, MOST_K) if k <= most)
    if len(ks) < 2:
        return (), []
    return ks, [
        Repeats(agent, len(counts), tuple(pass_hat(counts, k) for k in ks)) for agent, counts in own.items() if counts
    ]


def _judged_counts(cases: Sequence[Case]) -> list[tuple[int, int]]:
    measure = MEASURES["pass_hat_k"]
    pairs = [(case, value) for case in cases if finished(case) and (value := measure.value(case)) is not None]
    return pass_counts([case for case, _ in pairs], [value for _, value in pairs])


def faults(cases: Iterable[Case]) -> dict[str, dict[str, int]]:
    """Return kind of fault -> effect (helped, hindered, neutral) -> lines kept from leaving, the commonest first."""
    found: dict[str, Counter[str]] = {}
    for case in cases:
        for fault in case.played.health.faults:
            found.setdefault(fault.kind, Counter())[fault.effect] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    return {kind: {effect: count[effect] for effect in EFFECTS} for kind, count in ordered}


def _by_agent(cases: Iterable[Case]) -> list[tuple[str, list[Case]]]:
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.played.agent, []).append(case)
    return sorted(groups.items())
