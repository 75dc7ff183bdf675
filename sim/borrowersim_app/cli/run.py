"""borrowersim run SUITE: play, judge, report."""

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import anyio
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from borrowersim_app.build import Cast
from borrowersim_app.cli.common import JudgeName, OwnRulesFiles, VoiceName, cast, paper, screen, use_rules
from borrowersim_app.cli.show import DISCLAIMER, score_table
from borrowersim_app.settings import read_settings
from borrowersim_evals.case import Case
from borrowersim_evals.gates import check_gate, run_outcome
from borrowersim_evals.report import write_report
from borrowersim_evals.runner import Pace, play, rehearse
from borrowersim_evals.runs import RunFile, RunFolder
from borrowersim_evals.suite import Planned, Suite, plan, suite_named

app = typer.Typer(add_completion=False, rich_markup_mode=None)
SERVICE_CONCURRENCY, LOCAL_CONCURRENCY = 8, 2


@app.command(epilog="Example: borrowersim run evals/suites/article.yaml --voice phrasebook")
def run(
    suite: Annotated[str, typer.Argument(help="Path of a suite, or the id of one that comes with the product.")],
    voice: VoiceName = None,
    judge: JudgeName = None,
    agent: Annotated[
        list[str] | None,
        typer.Option(
            "--agent", help="Play this agent instead of the suite's: script, llm, openai/NAME, http://HOST/v1."
        ),
    ] = None,
    agent_model: Annotated[str, typer.Option(help="Model name to send to an http agent, or the model of llm.")] = "",
    seed: Annotated[int | None, typer.Option(help="Instead of the suite's seed.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the run; default: runs/SUITE-TIME.")] = None,
    concurrency: Annotated[int, typer.Option(min=0, max=512, help="Talks at once; 0 chooses.")] = 0,
    rules: OwnRulesFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Play SUITE, judge every talk, write the report; exit 0 passed, 1 a gate failed, 3 inconclusive, 4 nothing ran."""
    use_rules(rules)
    chosen, settings = suite_named(suite).tried_by(tuple(agent or ())), read_settings()
    talks = plan(chosen, seed=seed)
    made, voice_name, judge_name = cast(voice, judge, settings, agent_model=agent_model)
    now = datetime.now(UTC).astimezone()
    folder = RunFolder(out or Path("runs") / f"{chosen.id}-{now:%Y%m%d-%H%M%S}")
    run_file = RunFile(
        id=folder.path.name,
        suite=chosen,
        started=now.isoformat(timespec="seconds"),
        voice=voice_name,
        judge=judge_name,
        seed=chosen.seed if seed is None else seed,
        plan=tuple(talks),
        versions={"borrowersim": version("borrowersim"), "suite": f"{chosen.id}@{chosen.version}"},
    )
    anyio.run(rehearse, talks, made)
    folder.begin(run_file)
    local = "local/" in voice_name + judge_name
    pace = Pace(concurrency or (LOCAL_CONCURRENCY if local else SERVICE_CONCURRENCY), chosen.max_turns)
    anyio.run(_play, talks, made, folder, pace)
    raise typer.Exit(conclude(folder, chosen, as_json=as_json))


async def _play(talks: list[Planned], made: Cast, folder: RunFolder, pace: Pace) -> None:
    columns = (TextColumn("talks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("talks", total=len(talks))

        async def keep(case: Case) -> None:
            folder.add(case)
            progress.advance(bar)

        try:
            await play(talks, made, keep, pace)
        finally:
            await made.aclose()


def conclude(folder: RunFolder, suite: Suite, *, as_json: bool) -> int:
    """Check the gates, write the report, print the result; return the exit code."""
    cases, run_file = folder.cases(), folder.run()
    gates = [check_gate(gate, cases) for gate in suite.gates]
    outcome, code = run_outcome(cases, gates, len(run_file.plan))
    folder.finish(gates)
    write_report(folder.report, run_file, cases, gates)
    if as_json:
        rows = [
            {
                "id": c.played.id,
                "borrower": c.played.borrower,
                "agent": c.played.agent,
                "ending": c.played.ending,
                **c.score.model_dump(include={"respect", "clarity", "total"}),
                "breaches": [
                    f.model_dump(include={"turn", "rule", "severity", "quote", "citation"}) for f in c.score.breaches
                ],
            }
            for c in cases
        ]
        result = {
            "verdict": outcome,
            "gates": [g.model_dump() for g in gates],
            "report": str(folder.report),
            "talks": rows,
        }
        paper.print_json(data=result, ensure_ascii=False)
        return code
    paper.print(score_table(cases))
    for case in cases:
        if case.played.failure:
            screen.print(f"{case.played.id}: {case.played.failure}", style="yellow", markup=False, soft_wrap=True)
    for gate in gates:
        paper.print(f"{gate.outcome:>12}  {gate.name}: {gate.text}", markup=False)
    paper.print(f"verdict: {outcome}\nreport:  {folder.report}\n{DISCLAIMER}", markup=False, soft_wrap=True)
    return code
