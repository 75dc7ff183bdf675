"""The phrasebook: curated lines per language, act and register (seeds/phrasebook)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import BorrowerAct
from borrowersim.documents import load
from borrowersim.resources import data_dir
from borrowersim.talk import Language

SLOT = re.compile(r"\{(\w+)\}")


class ActLines(BaseModel):
    """How one act sounds."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    shows: Annotated[tuple[str, ...], Field(min_length=1)]
    """Expressions on folded text; a line that hits one of them is read back as this act."""
    lines: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    """Register (plain, curt, warm, formal, rough) or `any` -> lines; {slots} are filled in."""


class Phrasebook(BaseModel):
    """All lines of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    language: Language
    acts: dict[BorrowerAct, ActLines]

    def lines(self, act: BorrowerAct, register: str, slots: Mapping[str, str]) -> list[str]:
        """Return the lines of an act that fit the register and whose slots can all be filled."""
        entry = self.acts[act]
        own = [line for line in entry.lines.get(register, ()) if _fillable(line, slots)]
        shared = [line for line in entry.lines.get("any", ()) if _fillable(line, slots)]
        fitting = own + shared
        if not fitting:
            fitting = [line for lines in entry.lines.values() for line in lines if _fillable(line, slots)]
        return [fill(line, slots) for line in fitting]


def _fillable(line: str, slots: Mapping[str, str]) -> bool:
    return all(name in slots for name in SLOT.findall(line))


def fill(line: str, slots: Mapping[str, str]) -> str:
    """Put the slots' values into a line."""
    return SLOT.sub(lambda slot: slots[slot.group(1)], line)


def pick(lines: Sequence[str], said: Sequence[str], rng: Random) -> str:
    """Return a line that was not said yet in this talk, or the one said longest ago."""
    fresh = [line for line in lines if line not in said]
    if fresh:
        return rng.choice(fresh)
    return min(lines, key=lambda line: max(i for i, past in enumerate(said) if past == line))


@lru_cache(maxsize=8)
def phrasebook_of(language: Language) -> Phrasebook:
    """Return the phrasebook of a language."""
    return load(Phrasebook, data_dir("seeds") / "phrasebook" / f"{language}.yaml")
