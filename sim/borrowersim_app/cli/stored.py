"""Find a run again: by its id in the store, by its folder, or as the latest."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from borrowersim.documents import read_text
from borrowersim.errors import UsageError
from borrowersim_evals.store.engine import without_password
from borrowersim_evals.store.store import Store

VARIABLE = "BORROWERSIM_STORE"
DEFAULT = "sqlite:///runs/borrowersim.sqlite"
LATEST = "latest"

StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Where runs are kept: sqlite:///FILE or postgresql://USER@HOST/DATABASE. "
        f"Default: ${VARIABLE}, else {DEFAULT}.",
    ),
]
RunName = Annotated[str, typer.Argument(help="Id of a run, its folder, or `latest`.")]


@dataclass(frozen=True)
class RunPlace:
    """One run: the store that holds it and the folder of its results."""

    store: Store
    id: str
    folder: Path

    @property
    def store_name(self) -> str:
        return without_password(self.store.url)

    def note(self) -> None:
        """Write into the folder where its run is, so that the folder can be named instead of the id."""
        text = json.dumps({"run": self.id, "store": without_password(_findable(self.store.url))}, indent=2)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "run.json").write_text(text + "\n", "utf-8")
        except OSError as error:
            raise UsageError(f"cannot write to {self.folder}: {error.strerror}; choose another --out") from None


def store_url(given: str | None) -> str:
    """Return the store's URL: as given, from the environment, or the file beside the results."""
    return given or os.environ.get(VARIABLE) or DEFAULT


def place_of(run: str, given: str | None) -> RunPlace:
    """Return the place of a run; raise UsageError when there is none of this name."""
    folder = Path(run)
    if folder.is_dir():
        return _of_folder(folder, given)
    store = Store(store_url(given))
    if run == LATEST:
        lines = store.lines()
        if not lines:
            raise UsageError(f"{without_password(store.url)} holds no run yet; begin with `borrowersim run article`")
        run = lines[0].id
    id = store.run_id(run)
    return RunPlace(store, id, Path("runs") / id)


def _of_folder(folder: Path, given: str | None) -> RunPlace:
    note = folder / "run.json"
    if not note.is_file():
        raise UsageError(f"{folder} holds no run; name the folder that `borrowersim run` wrote, or a run's id")
    try:
        noted = json.loads(read_text(note))
        id, url = str(noted["run"]), str(noted["store"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{note} is damaged; name the run by its id (`borrowersim runs list`)") from None
    whole = given or (os.environ.get(VARIABLE) if "***" in url else url)  # the folder knows better than the environment
    if not whole:
        raise UsageError(f"the run is in {url}; give its URL with the password in {VARIABLE}")
    store = Store(whole)
    return RunPlace(store, store.run_id(id), folder)


def _findable(url: str) -> str:
    """Return the URL of a file so that it can be found from any folder."""
    scheme, begins, file = url.partition(":///")
    if not begins or not scheme.startswith("sqlite") or file in ("", ":memory:"):
        return url
    name, asked, query = file.partition("?")
    return f"{scheme}:///{Path(name).absolute()}{asked}{query}"
