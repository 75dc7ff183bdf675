"""What a run came to: gates, files, tables, exit code."""

from typing import Annotated, Any

import typer

from borrowersim.talk import Language
from borrowersim_app.cli.codes import INCONCLUSIVE
from borrowersim_app.cli.common import paper, screen
from borrowersim_app.cli.show import DISCLAIMER, score_table
from borrowersim_app.cli.stored import RunPlace
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import improved
from borrowersim_evals.gates import GateResult, check_gate, run_outcome
from borrowersim_evals.report import Format, formats_named, write_results

READ_ONE_BY_ONE = 60
"""Talks up to which somebody may read them all: then the report says what could have been said instead."""
TABLE_ROWS = 50
"""Talks that are shown in the terminal; the report has all."""
Formats = Annotated[
    str | None,
    typer.Option("--format", help="Files to write, with commas: html, junit, csv, jsonl, md. Default: html."),
]
PageLanguage = Annotated[Language, typer.Option("--language", help="Language of the report's own words.")]


def formats_of(text: str | None) -> tuple[Format, ...]:
    """Return the formats of an option; raise UsageError for one that there is not."""
    return formats_named(text or "html")


def conclude(
    place: RunPlace, formats: tuple[Format, ...], language: Language, *, as_json: bool, stopped: str | None = None
) -> int:
    """Check the gates of a run, write its files, print what came out; return the exit code.

    `stopped` is why it stopped before its end, None for what the store says.
    """
    stopped = (place.store.line(place.id).stopped or "") if stopped is None else stopped
    run, cases = place.store.run(place.id), list(place.store.cases(place.id))
    stopped = stopped if len(cases) < len(run.plan) else ""  # the budget was spent with the last talk: nothing is left
    gates = [check_gate(gate, cases) for gate in run.suite.gates]
    if len(cases) <= READ_ONE_BY_ONE:
        cases = [improved(case) for case in cases]
    outcome, code = run_outcome(cases, gates, len(run.plan))
    if stopped and not cases:
        code = INCONCLUSIVE  # stopped before the first talk had ended; no service failed
    place.store.finish(place.id, None if len(cases) < len(run.plan) else outcome, stopped)
    place.note()
    files = write_results(place.folder, run, cases, gates, formats, language)
    if as_json:
        result = _result(place, outcome, stopped, gates, cases)
        paper.print_json(data=result | {"files": {form: str(path) for form, path in files.items()}}, ensure_ascii=False)
        return code
    paper.print(score_table(cases[:TABLE_ROWS]))
    if len(cases) > TABLE_ROWS:
        paper.print(f"... and {len(cases) - TABLE_ROWS} more talks in the report", markup=False)
    _say_failures(cases)
    for gate in gates:
        paper.print(f"{gate.outcome:>12}  {gate.name}: {gate.text}", markup=False)
    if stopped:
        screen.print(f"stopped: {stopped}; go on with: borrowersim resume {place.id}", markup=False, soft_wrap=True)
    written = "".join(f"\n{form + ':':<8} {path}" for form, path in files.items())
    paper.print(f"verdict: {outcome}{written}\n{DISCLAIMER}", markup=False, soft_wrap=True)
    return code


def _say_failures(cases: list[Case]) -> None:
    """Say each failure once, with how many talks it ended."""
    counts: dict[str, int] = {}
    for case in cases:
        if case.played.failure:
            counts[case.played.failure] = counts.get(case.played.failure, 0) + 1
    for failure, number in sorted(counts.items(), key=lambda item: -item[1])[:5]:
        screen.print(f"{number} talks failed: {failure}", style="yellow", markup=False, soft_wrap=True)


def _result(place: RunPlace, outcome: str, stopped: str, gates: list[GateResult], cases: list[Case]) -> dict[str, Any]:
    return {
        "run": place.id,
        "verdict": outcome,
        "stopped": stopped,
        "gates": [gate.model_dump() for gate in gates],
        "talks": [_talk(case) for case in cases],
    }


def _talk(case: Case) -> dict[str, Any]:
    return {
        "id": case.played.id,
        "borrower": case.played.borrower,
        "agent": case.played.agent,
        "ending": case.played.ending,
        **case.score.model_dump(include={"respect", "clarity", "total"}),
        "breaches": [
            f.model_dump(include={"turn", "rule", "severity", "quote", "citation"}) for f in case.score.breaches
        ],
    }
