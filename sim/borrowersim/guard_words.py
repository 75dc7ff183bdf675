"""Words that no borrower says, as expressions on folded text; the lists are data (seeds/guard.yaml)."""

import re
from functools import lru_cache
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.documents import load
from borrowersim.resources import data_dir

Name = Literal[
    "role_flip",
    "refusal",
    "stage_direction",
    "state_leak",
    "assistant_voice",
    "over_acting",
    "order",
    "puzzled",
    "other_tongue",
    "cantonese",
    "admits",
    "welcomes",
    "withdraws",
]


class GuardWords(BaseModel):
    """Each list's expressions; one hit is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    words: dict[Name, Annotated[tuple[str, ...], Field(min_length=1)]]


@lru_cache(maxsize=16)
def words(name: str) -> re.Pattern[str]:
    """Return one list as an expression."""
    lists = load(GuardWords, data_dir("seeds") / "guard.yaml").words
    return re.compile("|".join(f"(?:{pattern})" for pattern in lists[cast(Name, name)]))
