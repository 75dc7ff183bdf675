"""A user's own rules: added to a pack that comes with the product, or put in place of its rules.

Files are named in the environment variable BORROWERSIM_RULES (several: joined like PATH) or with
`--rules FILE`. A rule whose id the pack has replaces that rule; `disable` takes rules out.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.talk import Jurisdiction
from borrowersim_evals.rules.pack import Pack, Rule, sound

VARIABLE = "BORROWERSIM_RULES"


class OwnRules(BaseModel):
    """One file of a user's own rules."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    jurisdiction: Jurisdiction
    version: Annotated[int, Field(ge=1)]
    about: str = ""
    """Whose rules these are, in one sentence."""
    rules: tuple[Rule, ...] = ()
    """New rules, and rules that replace one of the same id."""
    disable: tuple[str, ...] = ()
    """Ids of rules that are not looked at."""

    @field_validator("rules")
    @classmethod
    def _sound(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return sound(rules)


@lru_cache(maxsize=32)
def read_own(path: Path) -> OwnRules:
    """Read a file of own rules; raise UsageError that names line and field of each mistake."""
    return load(OwnRules, path)


def named_in_environment() -> tuple[Path, ...]:
    """Return the files that BORROWERSIM_RULES names, in order."""
    return tuple(Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)


def with_own(pack: Pack, files: Sequence[Path]) -> Pack:
    """Return the pack with the own rules of its jurisdiction; later files win."""
    for path in files:
        own = read_own(path)
        if own.jurisdiction is pack.jurisdiction:
            pack = _merged_from(path, pack, own)
    return pack


def _merged_from(path: Path, pack: Pack, own: OwnRules) -> Pack:
    try:
        return merged(pack, own)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def merged(pack: Pack, own: OwnRules) -> Pack:
    """Return the pack with rules replaced, added and taken out; raise UsageError for an unknown id in `disable`."""
    known = {rule.id for rule in pack.rules}
    unknown = [rule_id for rule_id in own.disable if rule_id not in known]
    if unknown:
        raise UsageError(f"disable names no rule of pack {pack.jurisdiction}: {', '.join(unknown)}; see `rules list`")
    replaced = {rule.id: rule for rule in own.rules}
    kept = [replaced.pop(rule.id, rule) for rule in pack.rules if rule.id not in own.disable]
    return Pack.model_validate(pack.model_dump() | {"rules": [r.model_dump() for r in (*kept, *replaced.values())]})
