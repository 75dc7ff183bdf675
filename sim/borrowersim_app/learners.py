"""Who may practise: names, roles and password hashes in a YAML file. Knows nothing of the web page."""

import hashlib
import os
import secrets
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from borrowersim.documents import load, twice
from borrowersim.errors import UsageError

VARIABLE = "BORROWERSIM_LEARNERS"
DEFAULT = Path("learners.yaml")
ALONE = "me"
"""The one learner of a page that asks nobody's name."""
LONGEST_NAME = 60
SHORTEST_PASSWORD = 8
COST, BLOCK, LANES = 2**15, 8, 3
"""Of scrypt: 32 MiB and a tenth of a second for each try (OWASP's second choice)."""
MEMORY = 64 * 1024 * 1024


class Role(StrEnum):
    """What a person may see."""

    LEARNER = "learner"
    """Their own calls."""
    COACH = "coach"
    """Everybody's; sets assignments."""


def clean_name(name: str) -> str:
    """Return a name in one spelling: composed, one space between words; raise UsageError when it cannot be one."""
    cleaned = " ".join(unicodedata.normalize("NFKC", name).split())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise UsageError(f"a learner's name has 1 to {LONGEST_NAME} characters; this one has {len(cleaned)}")
    if any(unicodedata.category(sign).startswith("C") for sign in cleaned):
        raise UsageError(f"the name {cleaned!r} holds a sign that cannot be seen; write it anew")
    return cleaned


def same(one: str, other: str) -> bool:
    """Say whether two names are one person's; capitals do not matter."""
    return one.casefold() == other.casefold()


class Learner(BaseModel):
    """One person."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str
    role: Role = Role.LEARNER
    password: Annotated[str, StringConstraints(pattern=r"^scrypt\$\d+\$\d+\$\d+\$[^$]+\$[^$]+$"), Field(repr=False)]
    """scrypt$cost$block$lanes$salt$hash; never the password."""

    @field_validator("name")
    @classmethod
    def _one_spelling(cls, name: str) -> str:
        try:
            return clean_name(name)
        except UsageError as error:
            raise ValueError(str(error)) from None


class Roll(BaseModel):
    """The file: everybody who may come in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learners: tuple[Learner, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "Roll":
        if again := twice(learner.name.casefold() for learner in self.learners):
            raise ValueError(f"{', '.join(again)} stands here twice; capitals do not tell names apart")
        return self

    def find(self, name: str) -> Learner | None:
        """Return the person of a name as somebody typed it, None when nobody has it."""
        try:
            wanted = clean_name(name)
        except UsageError:
            return None
        return next((learner for learner in self.learners if same(learner.name, wanted)), None)


@dataclass(frozen=True)
class RollFile:
    """The roll on disk; read when it is asked for, so that a change counts at once."""

    path: Path

    def read(self) -> Roll:
        """Return the roll; an empty one while there is no file. Raises UsageError for a wrong file."""
        return load(Roll, self.path) if self.path.exists() else Roll()

    def put(self, learner: Learner, *, replace: bool = False) -> None:
        """Add a person; raise UsageError when the name is taken and `replace` is not set."""
        with self._lock():
            roll = self.read()
            found = roll.find(learner.name)
            if found and not replace:
                raise UsageError(f"{found.name!r} is in {self.path} already; --replace gives a new password and role")
            self._write([known for known in roll.learners if known is not found] + [learner])

    def remove(self, name: str) -> bool:
        """Take a person out; say whether they were in."""
        with self._lock():
            roll = self.read()
            found = roll.find(name)
            if found:
                self._write([known for known in roll.learners if known is not found])
            return found is not None

    def _lock(self) -> FileLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(f"{self.path}.lock")

    def _write(self, learners: list[Learner]) -> None:
        """Write the whole file beside the old one and put it in its place; only its owner may read it."""
        data = {"learners": [learner.model_dump(mode="json") for learner in learners]}
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=200)
        beside = self.path.with_name(self.path.name + ".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as sink:
            sink.write(text)
        beside.replace(self.path)


def hash_of(password: str, salt: bytes | None = None) -> str:
    """Return a password's hash in the form of the file; raise UsageError when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"a password has at least {SHORTEST_PASSWORD} characters")
    salt = salt or secrets.token_bytes(16)
    digest = _scrypt(password, salt, COST, BLOCK, LANES)
    return f"scrypt${COST}${BLOCK}${LANES}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def matches(password: str, hashed: str) -> bool:
    """Say whether a password is the one of a hash, in a time that does not tell how near it was."""
    _, cost, block, lanes, salt, digest = hashed.split("$")
    try:
        given = _scrypt(password, b64decode(salt), int(cost), int(block), int(lanes))
        return secrets.compare_digest(given, b64decode(digest))
    except ValueError:  # numbers that scrypt refuses, or a hash that is no base64: nobody comes in by it
        return False


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    text = unicodedata.normalize("NFKC", password).encode()
    return hashlib.scrypt(text, salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=32)
