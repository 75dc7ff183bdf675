"""borrowersim judge-check: how well a judge agrees with labelled turns, talks and pairs."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Annotated, Any

import anyio
import typer
from rich.markdown import Markdown
from rich.progress import Progress
from rich.text import Text

from borrowersim.errors import UsageError
from borrowersim.talk import Language, Talk
from borrowersim_app.build import RULES, Services, judge_named
from borrowersim_app.cli.codes import FAILED, INCONCLUSIVE, INFRASTRUCTURE, PASSED
from borrowersim_app.cli.common import OwnRulesFiles, paper, screen, use_rules
from borrowersim_app.settings import read_settings
from borrowersim_evals.check_report import CheckReport, Figures, Mistake
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.judge_check import ProductJudge, hear, report, steadiness
from borrowersim_evals.judge_check_page import markdown
from borrowersim_evals.judge_check_picture import picture
from borrowersim_evals.jury import JudgeModel
from borrowersim_evals.label_shapes import SHAPES, LabelledTalk
from borrowersim_evals.labelled import load_labels, shipped_files
from borrowersim_evals.mistakes import mistakes
from borrowersim_evals.probes import SAMPLE, probed
from borrowersim_evals.verdict import Score

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Half(StrEnum):
    """Which part of the labels."""

    MEASURE = "measure"
    TUNE = "tune"


class Shape(StrEnum):
    """Which shape of labelled line."""

    TURN = "turn"
    TALK = "talk"
    PAIR = "pair"


def _least(name: str, what: str) -> Any:
    return typer.Option(f"--min-{name}", min=-1, max=1, help=f"Exit with 1 when {what} is lower.")


Least = float | None


@app.command(epilog="Example: borrowersim judge-check --judge rules --split measure --out agreement")
def judge_check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Labelled lines (JSONL); without any, those that come with borrowersim.")
    ] = None,
    judge: Annotated[
        str, typer.Option(help="rules, or a model beside them: openai/NAME, local/NAME, langchain/PROVIDER:NAME.")
    ] = RULES,
    language: Annotated[list[Language] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    split: Annotated[Half | None, typer.Option(help="Only this part of the labels.")] = None,
    kind: Annotated[list[Shape] | None, typer.Option(help="Only this shape of label; may be repeated.")] = None,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="How often a model judges each talk.")] = 1,
    probes: Annotated[bool, typer.Option("--probes", help="Also change turns in ways that mean nothing.")] = False,
    probe_turns: Annotated[
        int, typer.Option(min=2, max=10_000, help="Turns that are probed in each language and split.")
    ] = SAMPLE,
    errors: Annotated[
        bool, typer.Option("--errors", help="Show each wrong turn, except of the shipped measured part.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for README.md, report.json and picture.svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Talks judged at once.")] = 1,
    seed: Annotated[int, typer.Option(help="Same seed, same intervals and probes.")] = 1,
    rules: OwnRulesFiles = None,
    min_precision: Annotated[Least, _least("precision", "precision")] = None,
    min_recall: Annotated[Least, _least("recall", "recall")] = None,
    min_critical_recall: Annotated[Least, _least("critical-recall", "recall of critical breaches")] = None,
    min_pairs: Annotated[Least, _least("pairs", "the share of pairs told apart")] = None,
    min_respect_kappa: Annotated[Least, _least("respect-kappa", "the kappa of respect")] = None,
    min_clarity_kappa: Annotated[Least, _least("clarity-kappa", "the kappa of clarity")] = None,
) -> None:
    """Measure how well a judge agrees with labelled turns, talks and pairs; the measured part apart from the tuned one.

    Gates look at the measured part where there is one. Exit 0, 1 when a gate is missed, 2 for wrong input,
    3 when a gate has nothing to look at, 4 when the judge cannot be reached.
    """
    use_rules(rules)
    labels = _chosen(load_labels(files or shipped_files()), language, split, kind, errors=errors)
    model = judge_named(judge, Services(read_settings()))
    probed_turns = probe_turns if probes else 0
    found = anyio.run(_measure, labels, model, Random(seed), repeats, jobs, probed_turns, errors)
    if out:
        _write(found, out)
    _print(found, as_json=as_json)
    least = {
        "precision": min_precision,
        "recall": min_recall,
        "critical_recall": min_critical_recall,
        "pairs": min_pairs,
        "respect_kappa": min_respect_kappa,
        "clarity_kappa": min_clarity_kappa,
    }
    raise typer.Exit(_code(found, len(labels), {name: value for name, value in least.items() if value is not None}))


def _chosen(
    labels: Sequence[LabelledTalk],
    languages: Sequence[Language] | None,
    split: Half | None,
    kinds: Sequence[Shape] | None,
    *,
    errors: bool,
) -> list[LabelledTalk]:
    """Return the labelled talks that were asked for; refuse to show errors where none may be shown."""
    chosen = [
        one
        for one in labels
        if one.talk.language in (languages or list(Language))
        and one.split in ([split] if split else list(Half))
        and SHAPES[one.kind] in (kinds or list(Shape))
    ]
    if not chosen:
        raise UsageError("no labelled talk is left; choose a language, split or kind that has labels")
    if errors and all(one.blind for one in chosen):
        raise UsageError(
            "the measured part of the shipped labels is only measured: who reads its errors can no longer measure "
            "with it; use --errors --split tune, or a labelled file of your own"
        )
    return chosen


class _Watched(ProductJudge):
    """Shows on the screen how far it is."""

    def __init__(self, model: JudgeModel | None, progress: Progress) -> None:
        super().__init__(model)
        self._progress = progress
        self._bar = progress.add_task("talks", total=None)

    async def __call__(self, talk: Talk) -> Score:
        score = await super().__call__(talk)
        self._progress.advance(self._bar)
        return score


async def _measure(
    labels: list[LabelledTalk],
    model: JudgeModel | None,
    rng: Random,
    repeats: int,
    jobs: int,
    probe_turns: int,
    errors: bool,
) -> CheckReport:
    """Judge, count, and let go of the model."""
    try:
        with Progress(console=screen, transient=True, disable=not sys.stderr.isatty()) as progress:
            judge = _Watched(model, progress)
            judged = await hear(judge, labels, repeats=repeats, jobs=jobs)
            steady = await steadiness(judge, judged, rng, repeats=repeats)
            lines = await probed(judge, judged, rng, most=probe_turns, jobs=jobs) if probe_turns else ()
    finally:
        if model:
            await model.aclose()
    shown = mistakes(judged) if errors else None
    return report(judge.name, judged, rng, steady).model_copy(update={"probes": lines, "mistakes": shown})


def _write(found: CheckReport, folder: Path) -> None:
    """Write README.md, report.json and picture.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    page = f"{markdown(found)}\n![agreement](picture.svg)\n\nMade by `borrowersim judge-check`.\n"
    (folder / "README.md").write_text(page, "utf-8")
    (folder / "report.json").write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    (folder / "picture.svg").write_text(picture(found), "utf-8")


def _print(found: CheckReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(found.model_dump_json() + "\n")
        return
    paper.print(Markdown(markdown(found)))
    for mistake in found.mistakes or ():
        paper.print(Text(_told(mistake)), soft_wrap=True)
    if found.mistakes is not None:
        paper.print(f"wrong turns shown: {len(found.mistakes)}; those of the shipped measured part never are")


def _told(mistake: Mistake) -> str:
    head = f"\n{mistake.id}, turn {mistake.turn} {mistake.slice}: {', '.join(mistake.wrong)}"
    lines = [mistake.text, f"expected: {mistake.expected}", f"found:    {mistake.found}"]
    return "\n  ".join([head, *lines, *([f"because:  {mistake.why}"] if mistake.why else [])])


def _code(found: CheckReport, asked: int, least: dict[str, float]) -> int:
    """Return the exit code, and say on the screen which gate was missed."""
    if sum(number for why, number in found.unscored.items() if UNREACHED in why) == asked:
        screen.print(f"the judge {found.judge} could not be reached")
        return INFRASTRUCTURE
    figures = found.splits[0].whole if found.splits else None
    codes = [_gate(name, value, figures) for name, value in least.items()]
    return FAILED if FAILED in codes else max(codes, default=PASSED)


def _gate(name: str, least: float, figures: Figures | None) -> int:
    value = getattr(figures, name).value if figures else None
    if value is None:
        screen.print(f"gate {name}: nothing to look at")
        return INCONCLUSIVE
    if value < least:
        screen.print(f"gate {name}: {value:.3f} is below {least:g}")
        return FAILED
    return PASSED
