"""borrowersim calibrate: sweep the dials, measure from the words, show the response curve."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import anyio
import typer
from rich.progress import Progress

from borrowersim.errors import UsageError
from borrowersim.record import Played
from borrowersim.talk import Language, Talk
from borrowersim_app.cast import Cast
from borrowersim_app.cli.common import VoiceName, cast, paper, screen
from borrowersim_app.settings import read_settings
from borrowersim_evals.calibration import STANDARD_AGENTS, Dial, Point, points, sweep
from borrowersim_evals.calibration_page import markdown, picture, verdict_lines
from borrowersim_evals.case import Case
from borrowersim_evals.planning import Planned
from borrowersim_evals.runner import Pace, play
from borrowersim_evals.verdict import Score

app = typer.Typer(add_completion=False, rich_markup_mode=None)
DIALS: tuple[Dial, ...] = ("resistance", "financial_stress")


@app.command(epilog="Example: borrowersim calibrate --voice phrasebook --out calibration")
def calibrate(
    voice: VoiceName = None,
    language: Annotated[list[Language] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    agent: Annotated[list[str] | None, typer.Option(help="Only this standard agent; may be repeated.")] = None,
    borrower: Annotated[list[str] | None, typer.Option(help="Only this borrower; may be repeated.")] = None,
    dial: Annotated[list[str] | None, typer.Option(help="resistance or financial_stress; both by default.")] = None,
    repeats: Annotated[int, typer.Option(min=1, max=1000, help="Talks for each level, agent and borrower.")] = 1,
    seed: Annotated[int, typer.Option(help="Same seed, same curve.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder for table, picture and data.")] = Path("calibration"),
    talks: Annotated[Path | None, typer.Option(help="Write each talk to this JSONL file as it ends.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the curve as JSON.")] = False,
) -> None:
    """Sweep resistance and financial stress over 0-10 against four standard agents; show what moved."""
    settings = read_settings()
    made, voice_name, _ = cast(voice, "rules", settings)
    players = Unjudged(made.voice, None, settings)
    plans = {
        name: [
            planned
            for planned in sweep(name, language or list(Language), repeats=repeats, seed=seed)
            if planned.agent in (agent or STANDARD_AGENTS) and planned.borrower in (borrower or [planned.borrower])
        ]
        for name in DIALS
        if not dial or name in dial
    }
    pace = Pace(concurrency=1 if voice_name.startswith("local/") else 8)
    with _record(talks) as tell:
        curves = anyio.run(_curves, plans, players, pace, tell)
    write(curves, voice_name, out)
    if as_json:
        paper.print_json(data={name: [p.model_dump(mode="json") for p in curve] for name, curve in curves.items()})
        return
    for curve in curves.values():
        for line in verdict_lines(curve):
            paper.print(line, markup=False, soft_wrap=True)
    paper.print(f"table, pictures and data: {out}", markup=False, soft_wrap=True)


class Unjudged(Cast):
    """Plays without judging: a curve needs the borrower's side only."""

    async def judge(self, talk: Talk) -> Score:
        return Score(id=talk.id, legal=(), turns=(), respect=None, clarity=None, total=None, unscored="not asked")


Tell = Callable[[Played], None]


@contextmanager
def _record(path: Path | None) -> Iterator[Tell]:
    """Give what takes each talk as it ends: a sweep with a slow voice may be broken off."""
    if path is None:
        yield lambda played: None
        return
    try:
        file = path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name another file") from None
    with file:
        yield lambda played: print(played.model_dump_json(), file=file)


async def _curves(plans: dict[Dial, list[Planned]], made: Cast, pace: Pace, tell: Tell) -> dict[Dial, list[Point]]:
    """Play the sweeps one after the other, in one event loop: a service's connections belong to theirs."""
    try:
        return {name: points(name, await _play(talks, made, pace, tell)) for name, talks in plans.items()}
    finally:
        await made.aclose()


async def _play(talks: list[Planned], made: Cast, pace: Pace, tell: Tell) -> list[Played]:
    played: list[Played] = []
    with Progress(console=screen, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("talks", total=len(talks))

        async def keep(case: Case) -> None:
            played.append(case.played)
            tell(case.played)
            progress.advance(bar)

        await play(talks, made, keep, pace)
    return sorted(played, key=lambda talk: talk.id)


def write(curves: dict[Dial, list[Point]], voice: str, folder: Path) -> None:
    """Write README.md, one SVG a dial, and the data."""
    folder.mkdir(parents=True, exist_ok=True)
    page = [f"# Response curve of `{voice}`\n\nMade by `borrowersim calibrate`; measured from the borrower's words.\n"]
    for name, curve in curves.items():
        (folder / f"{name}.svg").write_text(picture(curve), "utf-8")
        page.append(f"![{name}]({name}.svg)\n\n{markdown(curve)}")
    (folder / "README.md").write_text("\n".join(page), "utf-8")
    data = {name: [p.model_dump(mode="json") for p in curve] for name, curve in curves.items()}
    (folder / "curve.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
