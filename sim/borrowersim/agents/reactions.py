"""Conditions of a scripted agent: what the borrower did and said before a line is said."""

import re
from functools import lru_cache
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from borrowersim.acts import BorrowerAct
from borrowersim.money import find_amounts
from borrowersim.talk import Speaker, Talk
from borrowersim.text import fold


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class When(_Part):
    """All that is given must hold of the borrower's last turn."""

    says: str = ""
    """Regular expression, looked for without regard to case; in Chinese either script finds the other."""
    act: BorrowerAct | tuple[BorrowerAct, ...] = ()
    """What the borrower just did: one act, or any of a list."""
    turn_at_least: Annotated[int, Field(ge=1)] = 1
    """Number of the agent's turn from which on this may be said."""
    amount_named: bool | None = None
    """The borrower named a sum of money, or (false) did not."""

    @field_validator("says")
    @classmethod
    def _is_an_expression(cls, says: str) -> str:
        try:
            re.compile(says)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return says

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give at least one of: says, act, turn_at_least, amount_named")
        return self


class Reaction(_Part):
    """Lines to say when a condition holds, each once."""

    when: When
    say: Annotated[tuple[str, ...], Field(min_length=1)]
    """Slots as in `lines`."""
    ends: bool = False
    """Hang up after the last of these lines."""


def holds(when: When, talk: Talk, act: BorrowerAct | None) -> bool:
    """Say whether a condition holds now."""
    said = talk.turns[-1].text if talk.turns and talk.turns[-1].speaker is not Speaker.AGENT else ""
    acts = (when.act,) if isinstance(when.act, BorrowerAct) else when.act
    return (
        len(talk.agent_turns()) + 1 >= when.turn_at_least
        and (not acts or act in acts)
        and (not when.says or bool(said and _is_said(when.says, said)))
        and (when.amount_named is None or when.amount_named is bool(find_amounts(fold(said), talk.language)))
    )


def _is_said(pattern: str, said: str) -> bool:
    """Look in the words as they are, and in both folded: one script, straight quotes, lower case."""
    if re.search(pattern, said, re.IGNORECASE):
        return True
    folded = _folded(pattern)
    return folded is not None and folded.search(fold(said).text) is not None


@lru_cache(maxsize=256)
def _folded(pattern: str) -> re.Pattern[str] | None:
    r"""Return the pattern folded like the words; None where folding would change its meaning, as of \S."""
    if "\\" in pattern:
        return None
    try:
        return re.compile(fold(pattern).text)
    except re.error:
        return None
