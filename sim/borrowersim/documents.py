"""Read YAML files into checked models, with errors that name file, line and field."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from borrowersim.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
Made = TypeVar("Made")


def read_text(path: Path) -> str:
    """Return the file's text; raise UsageError when it is missing or not UTF-8."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}; check the path") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; name a file in it") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; raise UsageError with the line of a mistake."""
    text = read_text(path)
    try:
        data = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UsageError(f"{path}{where}: not valid YAML: {problem}") from None
    if not isinstance(data, dict):
        raise UsageError(f"{path}: expected a mapping of fields at the top level")
    return data


def load(model: type[Model], path: Path) -> Model:
    """Read a YAML file into `model`; raise UsageError that lists every wrong field."""
    return check(model, read_yaml(path), str(path), read_text(path))


def read_once(read: Callable[[Path], Made]) -> Callable[[Path], Made]:
    """Make `read` read a file once for each state of the file: runs ask for the same few files for every talk."""

    @lru_cache(maxsize=128)
    def kept(path: Path, _: int) -> Made:
        return read(path)

    @wraps(read)
    def once(path: Path) -> Made:
        return kept(path, path.stat().st_mtime_ns if path.is_file() else 0)

    return once


def check(model: type[Model], data: Any, source: str, text: str | None = None) -> Model:
    """Validate data that came from `source`; with its text, errors name lines."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [_complaint(detail["loc"], detail["msg"], source, text) for detail in error.errors()]
        raise UsageError("\n".join(lines)) from None


def check_lines(model: type[Model], path: Path) -> tuple[Model, ...]:
    """Read a JSONL file, one `model` a line; raise UsageError that names every wrong line, and ids that occur twice."""
    found, complaints = read_lines(path, lambda data, source: check(model, data, source))
    ids = (getattr(item, "id", "") for item in found)
    complaints += [f"{path}: the id {name} occurs twice; ids are unique" for name in twice(ids) if name]
    if complaints:
        raise UsageError("\n".join(complaints))
    if not found:
        raise UsageError(f"{path} holds nothing; write one JSON object a line")
    return tuple(found)


def read_lines(path: Path, make: Callable[[Any, str], Made]) -> tuple[list[Made], list[str]]:
    """Return what `make(data, file:line)` gives of each line of a JSONL file, and what is wrong with the others."""
    made: list[Made] = []
    complaints: list[str] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        source = f"{path}:{number}"
        try:
            made.append(make(_json(line, source), source))
        except UsageError as error:
            complaints.append(str(error))
    return made, complaints


def twice(values: Iterable[str]) -> list[str]:
    """Return the values that occur more than once, in order."""
    return [value for value, number in Counter(values).items() if number > 1]


def _json(line: str, source: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"{source}: not valid JSON (column {error.colno}): {error.msg}") from None


def _complaint(loc: tuple[int | str, ...], message: str, source: str, text: str | None) -> str:
    line = _line_of(text, loc) if text else None
    where = f"{source}:{line}" if line else source
    field = ".".join(str(part) for part in loc) or "the file"
    return f"{where}: {field}: {message}"


def _line_of(text: str, loc: tuple[int | str, ...]) -> int | None:
    """Walk the YAML nodes as far as `loc` goes and return that node's line, from 1."""
    node = yaml.compose(text, Loader=_loader())
    line = None
    for part in loc:
        step = _child(node, part)
        if step is None:
            break
        node = step
        line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item: yaml.Node = node.value[part]
        return item
    return None


@lru_cache(maxsize=1)
def _loader() -> Any:
    """Return libyaml's safe loader where it is built in: it reads ten times as fast."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
