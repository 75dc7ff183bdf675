"""The numbers of a run: pure functions from cases to frozen values. None means not judged."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult, Outcome
from borrowersim_evals.measures import finished
from borrowersim_evals.verdict import RANK, Finding, Score, Severity


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class RunFacts(_Value):
    """What was run, with what."""

    suite: str
    run_id: str
    started: str
    """Day and time, as it should be read."""
    voice: str
    judge: str
    seed: int
    versions: dict[str, str] = Field(default_factory=dict)
    gates: tuple[GateResult, ...] = ()
    planned: int | None = None
    """Talks that the suite asked for; more than were played when the run was cut short."""
    outcome: Outcome | None = None
    """The run's verdict; without it, that of the gates."""

    @property
    def verdict(self) -> Outcome | None:
        """Return the run's verdict, or the worst of its gates, or None when it had neither."""
        found = {gate.outcome for gate in self.gates}
        order: tuple[Outcome, ...] = ("failed", "inconclusive", "passed")
        return self.outcome or next((outcome for outcome in order if outcome in found), None)


class Mean(_Value):
    """A mean and how many talks it rests on."""

    value: float | None
    n: int
    of: int


class Line(_Value):
    """The numbers of a group of talks: all of them, one agent's, or one borrower's."""

    name: str
    talks: int
    judged: int
    """Talks whose legal safety could be judged."""
    clean: int
    """Judged talks without a breach."""
    respect: Mean
    clarity: Mean
    total: Mean
    breaches: dict[Severity, int]
    cannot_tell: int
    settled: int
    """Talks that ended in an arrangement the borrower means to keep."""
    completed: int
    """Talks that no failure cut short."""

    @property
    def agreement(self) -> float | None:
        """Return the share of completed talks that ended in an arrangement, None without any."""
        return self.settled / self.completed if self.completed else None

    @property
    def breach_count(self) -> int:
        return sum(self.breaches.values())


class RuleLine(_Value):
    """How often one rule was broken."""

    rule: str
    citation: str
    severity: Severity
    verified: str
    why: str
    breaches: int
    cannot_tell: int
    talks: int
    """Talks in which it was broken, or may have been."""


class SimulatorHealth(_Value):
    """How well the simulator itself behaved; never part of an agent's score."""

    lines: int
    from_phrasebook: int
    faults: dict[str, int]
    """Kind of fault -> lines that the guard kept from leaving."""

    @property
    def phrasebook_share(self) -> float | None:
        return self.from_phrasebook / self.lines if self.lines else None


class Summary(_Value):
    """Everything that the head of a report says."""

    all: Line
    agents: tuple[Line, ...]
    borrowers: tuple[Line, ...]
    endings: dict[Ending, int]
    rules: tuple[RuleLine, ...]
    health: SimulatorHealth
    unscored: int
    """Talks of which something could not be judged."""


def summarise(cases: Sequence[Case]) -> Summary:
    """Return the numbers of a run."""
    endings = Counter(case.played.ending for case in cases)
    return Summary(
        all=line("", cases),
        agents=_lines(cases, lambda case: case.played.agent),
        borrowers=_lines(cases, lambda case: case.played.borrower),
        endings=dict(sorted(endings.items(), key=lambda item: (-item[1], item[0]))),
        rules=_rules(cases),
        health=health_of(cases),
        unscored=sum(bool(case.score.unscored) for case in cases),
    )


def line(name: str, cases: Sequence[Case]) -> Line:
    """Return the numbers of one group of talks."""
    judged = [case for case in cases if legally_judged(case.score)]
    severities = Counter(f.severity for case in cases for f in case.score.breaches)
    return Line(
        name=name,
        talks=len(cases),
        judged=len(judged),
        clean=sum(not case.score.breaches for case in judged),
        respect=mean([case.score.respect for case in cases]),
        clarity=mean([case.score.clarity for case in cases]),
        total=mean([case.score.total for case in cases]),
        breaches={severity: severities[severity] for severity in RANK},
        cannot_tell=sum(f.status == "cannot_tell" for case in cases for f in case.score.legal),
        settled=sum(case.played.ending.settled for case in cases),
        completed=sum(finished(case) for case in cases),
    )


def legally_judged(score: Score) -> bool:
    """Say whether the law was judged at all; only then is an empty list of findings good news."""
    return "legal" not in score.unscored


def mean(values: Sequence[float | None]) -> Mean:
    """Return the mean of what was judged; what was not judged is neither 0 nor full marks."""
    known = [value for value in values if value is not None]
    return Mean(value=sum(known) / len(known) if known else None, n=len(known), of=len(values))


def worst(findings: Iterable[Finding]) -> Finding | None:
    """Return the gravest finding: breaches before doubts, then by severity, then by place."""
    return min(findings, key=gravity, default=None)


def gravity(finding: Finding) -> tuple[bool, int, int]:
    """Return a key that sorts the gravest finding first."""
    return (finding.status != "breach", RANK[finding.severity], finding.turn)


def health_of(cases: Iterable[Case]) -> SimulatorHealth:
    """Add up the simulator's health over talks."""
    healths = [case.played.health for case in cases]
    kinds = Counter(fault.kind for health in healths for fault in health.faults)
    return SimulatorHealth(
        lines=sum(health.lines for health in healths),
        from_phrasebook=sum(health.from_phrasebook for health in healths),
        faults=dict(kinds.most_common()),
    )


def _lines(cases: Sequence[Case], name_of: Callable[[Case], str]) -> tuple[Line, ...]:
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(name_of(case), []).append(case)
    return tuple(line(name, group) for name, group in sorted(groups.items()))


def _rules(cases: Sequence[Case]) -> tuple[RuleLine, ...]:
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for place, case in enumerate(cases):
        for finding in case.score.legal:
            groups.setdefault(finding.rule, []).append((place, finding))
    lines = [_rule_line(rule, found) for rule, found in groups.items()]
    return tuple(sorted(lines, key=lambda r: (not r.breaches, RANK[r.severity], -r.breaches, -r.cannot_tell, r.rule)))


def _rule_line(rule: str, found: list[tuple[int, Finding]]) -> RuleLine:
    first = min((finding for _, finding in found), key=gravity)
    breaches = sum(finding.status == "breach" for _, finding in found)
    return RuleLine(
        rule=rule,
        citation=first.citation,
        severity=first.severity,
        verified=first.verified,
        why=first.why,
        breaches=breaches,
        cannot_tell=len(found) - breaches,
        talks=len({place for place, _ in found}),
    )
