"""borrowersim demo: the main job with no key and no configuration."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import anyio
import typer

from borrowersim.errors import DownloadError
from borrowersim.models.catalogue import DEFAULT_MODEL, installed
from borrowersim.persona import persona_named
from borrowersim_app.build import PHRASEBOOK, Chosen, default_voice, local_runtime
from borrowersim_app.cast import Cast
from borrowersim_app.cli.common import VoiceName, cast, paper, screen
from borrowersim_app.cli.models import pull_shown
from borrowersim_app.cli.show import DISCLAIMER, findings, narrator, score_table
from borrowersim_app.settings import Settings, read_settings
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import improved
from borrowersim_evals.planning import Planned, plan
from borrowersim_evals.report import write_report
from borrowersim_evals.runner import play_one
from borrowersim_evals.runs import RunFile
from borrowersim_evals.suite import Block, Suite

app = typer.Typer(add_completion=False, rich_markup_mode=None)

DEMO = Suite(
    id="demo",
    about="Three borrowers, each called twice: by a respectful agent and by an unlawful one.",
    seed=7,
    max_turns=7,
    blocks=(
        Block(
            borrowers=("us-maria-delgado", "cn-zhou-min", "tw-lin-yijun"),
            agents=("respectful", "threatening"),
        ),
    ),
)


@app.command(epilog="Example: borrowersim demo --voice phrasebook")
def demo(
    voice: VoiceName = None,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("borrowersim-demo.html"),
) -> None:
    """Watch three borrowers meet a respectful and an unlawful agent; then scores and a report."""
    settings = read_settings()
    chosen = Chosen(voice, "as asked") if voice else _best_voice(settings)
    screen.print(f"voice: {chosen.name} ({chosen.why})", markup=False, soft_wrap=True)
    screen.print("judge: rules (deterministic; no model needed)", markup=False)
    made, voice_name, judge_name = cast(chosen.name, "rules", settings, say=False)
    talks = plan(DEMO)
    cases = anyio.run(_play, talks, made)
    paper.print(score_table(cases))
    now = datetime.now(UTC).astimezone()
    run_file = RunFile(
        id=f"demo-{now:%Y%m%d-%H%M%S}",
        suite=DEMO,
        started=now.isoformat(timespec="seconds"),
        voice=voice_name,
        judge=judge_name,
        seed=DEMO.seed,
        plan=tuple(talks),
        versions={"borrowersim": version("borrowersim")},
    )
    write_report(out, run_file, cases, [])
    paper.print(f"report: {out.resolve()}\n{DISCLAIMER}", markup=False, soft_wrap=True)


def _best_voice(settings: Settings) -> Chosen:
    """Return the default voice; gets the embedded model first where nothing better is set."""
    if settings.has_service or not local_runtime() or settings.offline or installed(DEFAULT_MODEL, settings.models_dir):
        return default_voice(settings)
    try:
        pull_shown(DEFAULT_MODEL, settings.models_dir)
    except DownloadError as failure:
        return Chosen(PHRASEBOOK, f"the embedded model could not be fetched: {failure}")
    return default_voice(settings)


async def _play(talks: list[Planned], made: Cast) -> list[Case]:
    cases = []
    try:
        for planned in talks:
            persona = persona_named(planned.borrower)
            paper.print(f"\n[bold]{persona.name}[/bold] ({persona.id}) meets the agent [bold]{planned.agent}[/bold]")
            tell = narrator(paper, persona.name.split()[0])
            case = await play_one(planned, made, DEMO.max_turns, observers=[tell])
            paper.print(f"ending: [bold]{case.played.ending.value}[/bold] {case.played.failure}")
            findings(paper, case.score)
            cases.append(improved(case))
    finally:
        await made.aclose()
    return cases
