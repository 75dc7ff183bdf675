"""Find a Python object of the user's by `module:attribute` or `path/to/file.py:attribute`."""

import hashlib
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from borrowersim.errors import UsageError
from borrowersim.models.form import excerpt


def imported(spec: str, folder: Path | None = None) -> Any:
    """Return the object that `spec` names; raise UsageError that says what was looked for, and where.

    Modules are looked for in `folder` too, by default the current one. A file is imported once.
    """
    place, _, attribute = spec.rpartition(":")
    if not place or not attribute:
        raise UsageError(f"{spec!r} names no Python object; write module:attribute or path/to/file.py:attribute")
    folder = folder or Path.cwd()
    module = _from_file(Path(place), folder) if place.endswith(".py") else _module(place, folder)
    return _attribute(module, attribute, place)


def _module(name: str, folder: Path) -> ModuleType:
    _look_in(folder)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageError(
                f"there is no module {name!r} in {folder} or among the installed packages; "
                "run from the folder it is in, or give the path of its file"
            ) from None
        raise _broken(name, error) from None
    except Exception as error:
        raise _broken(name, error) from None


def _from_file(path: Path, folder: Path) -> ModuleType:
    """Import a file under a name of its own; its neighbours can be imported from it."""
    whole = (folder / path).resolve()
    if not whole.is_file():
        raise UsageError(f"there is no file {path} in {folder}; check the path")
    name = f"borrowersim_agent_{whole.stem}_{hashlib.sha256(str(whole).encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, whole)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} cannot be imported as Python; check the file")
    _look_in(whole.parent)
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise _broken(str(path), error) from None
    return module


def _attribute(module: ModuleType, attribute: str, place: str) -> Any:
    here: Any = module
    for name in attribute.split("."):
        if not hasattr(here, name):
            known = [name for name, value in vars(module).items() if callable(value) and not name.startswith("_")]
            has = f"it has: {excerpt(', '.join(sorted(known)), 200)}" if known else "it has nothing that can be called"
            raise UsageError(f"{place} ({getattr(module, '__file__', '')}) has no {attribute!r}; {has}")
        here = getattr(here, name)
    return here


def _broken(name: str, error: Exception) -> UsageError:
    why = excerpt(f"{type(error).__name__}: {error}", 300)
    return UsageError(f"{name!r} was found, but importing it failed: {why}; mend it, or install what it needs")


def _look_in(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
