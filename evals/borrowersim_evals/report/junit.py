"""A run as JUnit XML, in the form that Jenkins, GitLab and the readers of pytest's files accept.

A suite an agent, a testcase a talk. Failure: a critical breach, or the wrong side of a bound on each
talk whose gate failed. Error: a technical failure, never the agent's doing. Skipped: not judged.
The gates are a suite of their own; an inconclusive gate is skipped, with the reason.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as Xml

from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult, violates
from borrowersim_evals.measures import MEASURES, breach_count, finished
from borrowersim_evals.report.summary import RunFacts
from borrowersim_evals.suite import Gate
from borrowersim_evals.verdict import Finding

GATES = "gates"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold, not even escaped."""


class _Result(NamedTuple):
    """What became of one testcase; `kind` is empty when it passed."""

    name: str
    seconds: float
    kind: str = ""
    type: str = ""
    message: str = ""
    detail: str = ""


def junit(run: RunFacts, cases: Sequence[Case], gates: Sequence[Gate] = ()) -> str:
    """Return the run as JUnit XML; `gates` are the suite's, in the order of `run.gates`."""
    failed = _failed_on_each(run.gates, gates)
    agents: dict[str, list[_Result]] = {}
    for case in cases:
        agents.setdefault(case.played.agent, []).append(_talk(case, failed))
    root = Xml.Element("testsuites", name=_clean(run.suite))
    for agent, results in sorted(agents.items()):
        # Readers take what stands before the last dot for a package; a name such as gpt-4.1 is none.
        root.append(_suite(f"{run.suite}.{agent.replace('.', '_')}", results, run))
    if run.gates:
        root.append(_suite(f"{run.suite}.{GATES}", [_gate(gate) for gate in run.gates], run))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, "unicode") + "\n"


def _failed_on_each(results: Sequence[GateResult], gates: Sequence[Gate]) -> list[Gate]:
    """Return the gates that bound each talk and failed: only then is a talk on the wrong side a failure."""
    failed = {result.name for result in results if result.outcome == "failed"}
    return [gate for gate in gates if gate.name in failed]


def _suite(name: str, results: Sequence[_Result], run: RunFacts) -> Xml.Element:
    counts = {kind: str(sum(result.kind == kind for result in results)) for kind in ("failure", "error", "skipped")}
    suite = Xml.Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(results)),
        failures=counts["failure"],
        errors=counts["error"],
        skipped=counts["skipped"],
        time=f"{sum(result.seconds for result in results):.3f}",
        timestamp=_clean(run.started),
    )
    properties = Xml.SubElement(suite, "properties")
    facts = {"run": run.run_id, "voice": run.voice, "judge": run.judge, "seed": str(run.seed), **run.versions}
    for key, value in facts.items():
        Xml.SubElement(properties, "property", name=_clean(key), value=_clean(value))
    for result in results:
        suite.append(_testcase(result, name))
    return suite


def _testcase(result: _Result, suite: str) -> Xml.Element:
    element = Xml.Element("testcase", name=_clean(result.name), classname=_clean(suite), time=f"{result.seconds:.3f}")
    if result.kind:
        verdict = Xml.SubElement(element, result.kind, type=result.type, message=_clean(result.message))
        verdict.text = _clean(result.detail) or None
    return element


def _talk(case: Case, failed: Sequence[Gate]) -> _Result:
    played, score = case.played, case.score
    passed = _Result(played.id, played.seconds)
    if not finished(case):
        return passed._replace(kind="error", type=played.ending.value, message=played.failure or played.ending.value)
    detail = "\n".join(_told(finding) for finding in score.breaches)
    if critical := int(breach_count(case, "critical") or 0):
        message = f"{critical} critical breach{'es' if critical > 1 else ''}"
        return passed._replace(kind="failure", type="critical_breach", message=message, detail=detail)
    if broken := [gate for gate in failed if violates(gate, case)]:
        message = "; ".join(_wrong_side(gate, case) for gate in broken)
        return passed._replace(kind="failure", type="gate", message=message, detail=detail)
    if score.unscored:
        return passed._replace(kind="skipped", type="not_judged", message=score.unscored)
    return passed


def _told(finding: Finding) -> str:
    quote = f" “{finding.quote}”" if finding.quote else " (left unsaid)"
    return f"turn {finding.turn + 1}: {finding.severity} {finding.rule}{quote} [{finding.citation}]"


def _wrong_side(gate: Gate, case: Case) -> str:
    value = MEASURES[gate.measure].value(case)
    return f"{gate.name}: {gate.measure} {value:.3g}"


def _gate(gate: GateResult) -> _Result:
    kinds = {"failed": "failure", "inconclusive": "skipped"}
    return _Result(gate.name, 0.0, kinds.get(gate.outcome, ""), gate.outcome, gate.text)


def _clean(text: str) -> str:
    return _UNFIT.sub("�", text)
