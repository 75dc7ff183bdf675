"""Compare two runs, A and B, talk by talk.

Pairing. Two talks are a pair when their planned ids are the same: same borrower, agent, dials and
repeat. When each run has exactly one agent and the two differ, borrower, dials and repeat are enough,
so that two agents can be compared on the same borrowers. Talks without a partner, and
pairs of which one failed technically, are counted and left out.

Verdict. Law first, then conduct, then success: the first of critical breaches, total, respect,
clarity and share settled whose difference is not zero with 95 % confidence decides. An interval that
holds 0 is no proof that the two are alike: it says `no difference shown`.
"""

from collections.abc import Callable, Hashable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from borrowersim_evals.case import Case
from borrowersim_evals.comparison import Broken, Change, ChangeKind, Comparison, Difference, Verdict
from borrowersim_evals.measures import MEASURES, breach_count, cell_of, clean, finished
from borrowersim_evals.runs import RunFile
from borrowersim_evals.stats import mcnemar, mean
from borrowersim_evals.verdict import Finding

LEAST_PAIRS = 6
"""Fewer pairs show nothing at 95 %, even when all of them point one way."""
ALPHA = 0.05


class Side(NamedTuple):
    """One run, with its finished talks."""

    run: RunFile
    cases: Sequence[Case]


class Pair(NamedTuple):
    """The same planned talk in both runs."""

    key: str
    a: Case
    b: Case


class _Asked(NamedTuple):
    """A compared measure: its number of a talk, whether more of it is good, whether it is yes or no."""

    of: Callable[[Case], float | None]
    more_is_better: bool = True
    share: bool = False


def _clean(case: Case) -> float | None:
    found = None if "judge:" in case.score.unscored else clean(case)
    return None if found is None else float(found)


COMPARED: dict[str, _Asked] = {
    "critical_breaches": _Asked(MEASURES["critical_breaches"].value, more_is_better=False),
    "total": _Asked(MEASURES["total"].value),
    "respect": _Asked(MEASURES["respect"].value),
    "clarity": _Asked(MEASURES["clarity"].value),
    "settled_share": _Asked(MEASURES["settled_share"].value, share=True),
    "clean_share": _Asked(_clean, share=True),
}
"""What is compared. `clean_share` decides nothing: a minor breach and a critical one are the same to it."""
DECIDING = ("critical_breaches", "total", "respect", "clarity", "settled_share")
"""In this order."""


def compare(a: Side, b: Side, seed: int = 0) -> Comparison:
    """Return how run B stands to run A; `seed` draws the bootstrap, so that the same runs give the same result."""
    by_agent = _one_agent_each(a.cases, b.cases)
    ours, theirs = _keyed(a.cases, by_agent), _keyed(b.cases, by_agent)
    both = [Pair(_name(case, by_agent), case, theirs[key]) for key, case in ours.items() if key in theirs]
    pairs = [pair for pair in both if finished(pair.a) and finished(pair.b)]
    differences = tuple(_difference(name, pairs, seed) for name in COMPARED)
    verdict, decided = _verdict(differences)
    return Comparison(
        a=a.run.id,
        b=b.run.id,
        verdict=verdict,
        decided_by=decided,
        paired_by="agent" if by_agent else "talk",
        pairs=len(pairs),
        only_a=len(ours) - len(both),
        only_b=len(theirs) - len(both),
        broken=len(both) - len(pairs),
        differences=differences,
        changes=tuple(change for pair in pairs if (change := _change(pair))),
        warnings=tuple(_warnings(a.run, b.run, both)),
    )


def _one_agent_each(a: Sequence[Case], b: Sequence[Case]) -> bool:
    agents = [{case.played.agent for case in cases} for cases in (a, b)]
    return all(len(own) == 1 for own in agents) and agents[0] != agents[1]


def _keyed(cases: Sequence[Case], by_agent: bool) -> dict[Hashable, Case]:
    """Return the talks by what makes a pair."""
    return {_without_agent(case) if by_agent else case.played.id: case for case in cases}


def _without_agent(case: Case) -> Hashable:
    """Return borrower, dials and repeat; a planned id ends with its repeat."""
    return case.played.borrower, case.played.dials.model_dump_json(), case.played.id.rsplit("~", 1)[-1]


def _name(case: Case, by_agent: bool) -> str:
    """Return what a pair is called: the planned id, without the agent when agents differ."""
    agent = case.played.agent
    own = (agent, PurePath(agent).stem) if by_agent else ()
    return "~".join(part for part in case.played.id.split("~") if part not in own)


def _difference(name: str, pairs: Sequence[Pair], seed: int) -> Difference:
    asked = COMPARED[name]
    read = [(pair, asked.of(pair.a), asked.of(pair.b)) for pair in pairs]
    known = [(pair, x, y) for pair, x, y in read if x is not None and y is not None]
    if len(known) < LEAST_PAIRS:
        return Difference(measure=name, pairs=len(known))
    cells = [cell_of(pair.b) for pair, _, _ in known]
    found = mean([y - x for _, x, y in known], cells, seed)
    p = None
    if asked.share and len(set(cells)) == len(cells):
        p = mcnemar(sum(x > y for _, x, y in known), sum(y > x for _, x, y in known))
    return Difference(
        measure=name,
        pairs=len(known),
        a=round(sum(x for _, x, _ in known) / len(known), 4),
        b=round(sum(y for _, _, y in known) / len(known), 4),
        difference=round(found.value or 0.0, 4),
        interval=found.interval,
        p=None if p is None else round(p, 4),
        verdict=_side(found.interval, asked.more_is_better, p),
    )


def _side(interval: tuple[float, float] | None, more_is_better: bool, p: float | None) -> Verdict:
    """Say on which side of 0 the interval lies; of shares the exact test must agree."""
    if interval is None:
        return "not comparable"
    low, high = interval
    if low <= 0 <= high or (p is not None and p > ALPHA):
        return "no difference shown"
    return "better" if (low > 0) == more_is_better else "worse"


def _verdict(differences: Sequence[Difference]) -> tuple[Verdict, str]:
    known = {found.measure: found.verdict for found in differences if found.measure in DECIDING}
    shown = next((name for name in DECIDING if known[name] in ("better", "worse")), "")
    if shown:
        return known[shown], shown
    alike = any(verdict == "no difference shown" for verdict in known.values())
    judged = known["total"] != "not comparable" or known["critical_breaches"] != "not comparable"
    return ("no difference shown" if alike and judged else "not comparable"), ""


def _change(pair: Pair) -> Change | None:
    before, after = breach_count(pair.a), breach_count(pair.b)
    found: list[ChangeKind] = []
    if before == 0 and after:
        found.append("newly_breached")
    if before and after == 0:
        found.append("newly_clean")
    if pair.a.played.ending != pair.b.played.ending:
        found.append("ending_changed")
    if not found:
        return None
    return Change(
        key=pair.key,
        kinds=tuple(found),
        ending_a=pair.a.played.ending,
        ending_b=pair.b.played.ending,
        breaches_a=tuple(_broken(finding) for finding in pair.a.score.breaches),
        breaches_b=tuple(_broken(finding) for finding in pair.b.score.breaches),
        said_a=_last(pair.a),
        said_b=_last(pair.b),
    )


def _broken(finding: Finding) -> Broken:
    return Broken(**finding.model_dump(include={"turn", "rule", "severity", "quote", "citation"}))


def _last(case: Case) -> str:
    turns = case.played.talk.turns
    return turns[-1].text if turns else ""


def _warnings(a: RunFile, b: RunFile, pairs: Sequence[Pair]) -> list[str]:
    """Say what differs besides the agents, so that nobody takes it for their doing."""
    sides = {
        "suite": (f"{a.suite.id}@{a.suite.version}", f"{b.suite.id}@{b.suite.version}"),
        "longest talk": (str(a.suite.max_turns), str(b.suite.max_turns)),
        "seed": (str(a.seed), str(b.seed)),
        "voice": (a.voice, b.voice),
        "judge": (a.judge, b.judge),
    }
    names = {*a.versions, *b.versions} - {"suite"}
    sides |= {f"version of {name}": (a.versions.get(name, "-"), b.versions.get(name, "-")) for name in sorted(names)}
    told = [f"{name}: A {one}, B {other}" for name, (one, other) in sides.items() if one != other]
    return told + _version_warnings(pairs)


def _version_warnings(pairs: Sequence[Pair]) -> list[str]:
    """Return each difference of what shaped or judged a talk, with the number of pairs that it touches."""
    count: dict[str, int] = {}
    for pair in pairs:
        one, other = ({**c.played.versions, **c.score.judges} for c in (pair.a, pair.b))
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                told = f"{name}: A {one.get(name, '-')}, B {other.get(name, '-')}"
                count[told] = count.get(told, 0) + 1
        if pair.a.played.seed != pair.b.played.seed:
            count["seeds of talks differ"] = count.get("seeds of talks differ", 0) + 1
    return [f"{told} ({number} pairs)" for told, number in count.items()]
