"""borrowersim models: list, pull, path, with the exit codes that scripts rely on."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from borrowersim.errors import DownloadError
from borrowersim.models.catalogue import DEFAULT_MODEL, Known
from borrowersim.models.fetch import Progress
from borrowersim_app.cli import main as main_module
from borrowersim_app.cli import models as command


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the real command line and return its exit code."""
    monkeypatch.setattr("sys.argv", ["borrowersim", "models", *arguments])
    try:
        main_module.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


CONTENT = b"GGUF and so on"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Known:
    """A catalogue of one tiny model, and an empty folder for it."""
    update = {"bytes": len(CONTENT), "file": "tiny.gguf", "sha256": hashlib.sha256(CONTENT).hexdigest()}
    model = DEFAULT_MODEL.model_copy(update=update)
    monkeypatch.setattr(command, "CATALOGUE", (model,))
    monkeypatch.setattr(command, "DEFAULT_MODEL", model)
    monkeypatch.setattr("borrowersim.models.catalogue.CATALOGUE", (model,))
    monkeypatch.setenv("BORROWERSIM_MODELS", str(tmp_path))
    return model


class Place:
    """A source of the tiny model that first fails as it is told."""

    name = "test place"

    def __init__(self, trouble: BaseException | None = None) -> None:
        self.trouble = trouble

    def fetch(self, model: Known, folder: Path, listener: Any) -> Path:
        listener(Progress("download", 3, model.bytes, self.name))
        if self.trouble:
            raise self.trouble
        path = folder / "tiny.part"
        path.write_bytes(CONTENT)
        return path

    def discard(self, model: Known, folder: Path) -> None:
        """Nothing is left."""


def from_place(monkeypatch: pytest.MonkeyPatch, *places: Place) -> None:
    monkeypatch.setattr("borrowersim.models.download._usual", lambda: places)


def test_list_says_what_is_here(
    small: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list", "--json") == 0
    row = json.loads(capsys.readouterr().out)[0]
    assert (row["name"], row["default"], row["path"]) == (small.name, True, None)
    (tmp_path / "tiny.gguf").write_bytes(CONTENT)
    assert run(monkeypatch, "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["path"] == str(tmp_path / "tiny.gguf")
    assert run(monkeypatch, "list") == 0
    assert "Apache-2.0" in capsys.readouterr().out


def test_pull_prints_the_path_and_only_the_path_on_stdout(
    small: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from_place(monkeypatch, Place(DownloadError("no route")), Place())
    assert run(monkeypatch, "pull") == 0
    shown = capsys.readouterr()
    assert shown.out == f"{tmp_path / 'tiny.gguf'}\n"
    assert "test place: no route" in shown.err
    assert run(monkeypatch, "path", small.name) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'tiny.gguf'}\n"


def test_pull_that_fails_everywhere_ends_with_4(
    small: Known, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from_place(monkeypatch, Place(DownloadError("no route")))
    assert run(monkeypatch, "pull") == 4
    assert "could not be fetched" in capsys.readouterr().err


def test_an_interrupted_pull_says_how_to_go_on(
    small: Known, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from_place(monkeypatch, Place(KeyboardInterrupt()))
    with pytest.raises(SystemExit, match="130"):
        command.app(["pull"])
    shown = capsys.readouterr()
    assert "run the same command again" in shown.err
    assert shown.out == ""


def test_another_folder(
    small: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from_place(monkeypatch, Place())
    other = tmp_path / "other"
    assert run(monkeypatch, "pull", "--folder", str(other)) == 0
    assert capsys.readouterr().out == f"{other / 'tiny.gguf'}\n"
    assert run(monkeypatch, "path") == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("path",), "run: borrowersim models pull"),
        (("path", "nonesuch"), "choose one of"),
        (("pull", "nonesuch"), "choose one of"),
        (("path", "gone.gguf"), "there is no model file gone.gguf"),
    ],
)
def test_a_mistake_of_the_caller_ends_with_2(
    small: Known,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    assert run(monkeypatch, *arguments) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("name", ["list", "pull", "path"])
def test_help_has_an_example(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, name, "--help") == 0
    assert f"Example: borrowersim models {name}" in capsys.readouterr().out
