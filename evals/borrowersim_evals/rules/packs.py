"""The rule packs in force: those that come with the product, with the user's own rules."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from borrowersim.talk import Jurisdiction
from borrowersim_evals.rules.own import named_in_environment, with_own
from borrowersim_evals.rules.pack import Pack, load_pack, packs_dir


def pack_for(jurisdiction: Jurisdiction) -> Pack | None:
    """Return the pack of a jurisdiction, or None when there is none yet."""
    return _in_force(jurisdiction, named_in_environment())


@lru_cache(maxsize=32)
def _in_force(jurisdiction: Jurisdiction, own: Sequence[Path]) -> Pack | None:
    path = packs_dir() / f"{jurisdiction}.yaml"
    return with_own(load_pack(path), own) if path.is_file() else None


def all_packs() -> list[Pack]:
    """Return every pack in force."""
    return [pack for jurisdiction in sorted(Jurisdiction) if (pack := pack_for(jurisdiction))]
