"""Prompts: Markdown files with an id, a version and declared variables (prompts/).

A prompt is text that a person can review. It holds no logic: `{{name}}` is replaced by
the value of a declared variable, in one pass, so that a value which itself looks like a
variable, or like a role line, stays what it is: data.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.documents import check, read_text
from borrowersim.errors import UsageError
from borrowersim.resources import data_dir

Role = Literal["system", "user", "assistant"]

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_ROLE = re.compile(r"^<!-- (system|user|assistant) -->\n", re.MULTILINE)
_PRINT_LENGTH = 12


class Prompt(BaseModel):
    """One prompt file, checked: every variable is declared, and every declared one is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*$")]
    version: Annotated[int, Field(ge=1)]
    variables: tuple[str, ...] = ()
    text: Annotated[str, Field(min_length=1)]
    """The body, without the front matter."""

    @model_validator(mode="after")
    def _declares_what_it_uses(self) -> Self:
        used, declared = set(_VARIABLE.findall(self.text)), set(self.variables)
        if used - declared:
            raise ValueError(f"the text uses undeclared variables: {', '.join(sorted(used - declared))}")
        if declared - used:
            raise ValueError(f"declared but never used: {', '.join(sorted(declared - used))}")
        return self

    @property
    def fingerprint(self) -> str:
        """Short SHA-256 of the body: a run stores it beside id and version."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:_PRINT_LENGTH]

    def fill(self, **values: str) -> str:
        """Return the text with its variables replaced; raise UsageError on unknown or missing ones."""
        self._fits(values)
        return _filled(self.text, values)

    def messages(self, **values: str) -> list[tuple[Role, str]]:
        """Return (role, filled text) of each part; a line `<!-- user -->` begins a part.

        The template is cut before it is filled, so no value can begin a message.
        A text before the first role line, or without any, is the user's.
        """
        self._fits(values)
        head, *rest = _ROLE.split(self.text)
        parts = [("user", head), *zip(rest[::2], rest[1::2], strict=True)]
        return [(role, _filled(part, values).strip()) for role, part in parts if part.strip()]  # type: ignore[misc]

    def _fits(self, values: dict[str, str]) -> None:
        missing = sorted(set(self.variables) - set(values))
        unknown = sorted(set(values) - set(self.variables))
        if missing:
            raise UsageError(f"prompt {self.id}: no value for {', '.join(missing)}")
        if unknown:
            known = ", ".join(self.variables) or "none"
            raise UsageError(f"prompt {self.id}: unknown variable {', '.join(unknown)}; it has: {known}")


def _filled(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda variable: values[variable.group(1)], text)


@lru_cache(maxsize=64)
def load_prompt(path: Path) -> Prompt:
    """Read a prompt file; raise UsageError that says what is wrong with it."""
    found = _FRONT.match(read_text(path).replace("\r\n", "\n"))
    if not found:
        raise UsageError(f"{path}: begin the file with front matter between two lines of three dashes (---)")
    try:
        front = yaml.safe_load(found["front"])
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: the front matter is not valid YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(front, dict):
        raise UsageError(f"{path}: the front matter needs the fields id, version and variables")
    return check(Prompt, {**front, "text": found["body"].strip() + "\n"}, str(path))


def prompts_dir() -> Path:
    """Return the folder of the prompts that come with the product."""
    return data_dir("prompts")


def prompt_named(name: str) -> Prompt:
    """Return a prompt by id, for example `judge/talk`, or from a path that ends in .md."""
    if name.endswith(".md"):
        return load_prompt(Path(name))
    path = prompts_dir() / f"{name}.md"
    if not path.is_file():
        known = ", ".join(prompt.id for prompt in all_prompts())
        raise UsageError(f"no prompt {name!r}; choose one of: {known}; or give the path of a Markdown file")
    return load_prompt(path)


def all_prompts() -> list[Prompt]:
    """Return every prompt that comes with the product, by path."""
    return [load_prompt(path) for path in sorted(prompts_dir().rglob("*.md")) if path.name != "README.md"]
