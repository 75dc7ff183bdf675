"""The plan of a suite: every talk that will be played, with stable ids, in one order."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise, product
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict

from borrowersim.errors import UsageError
from borrowersim.persona import Dials, all_personas, persona_named
from borrowersim.talk import LONGEST_ID
from borrowersim_evals.suite import Block, Choose, Suite


class Planned(BaseModel):
    """One talk that will be played. Its id says all that decides it, so plans can be compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    block: str
    borrower: str
    agent: str
    dials: Dials
    seed: int


def plan(suite: Suite, *, seed: int | None = None, only: Sequence[str] = ()) -> list[Planned]:
    """Return every talk of a suite in order; a talk that two blocks ask for is planned once.

    Raises UsageError for an unknown borrower, an empty plan, or two different talks with one id.
    `only` keeps talks whose id fits one of these patterns, for example `*maria*` or `*~r0`.
    """
    starts = suite.seeds if suite.seeds and seed is None else (suite.seed if seed is None else seed,)
    talks = _by_id(_planned(suite, starts))
    chosen = [talk for talk in talks if not only or any(fnmatchcase(talk.id, p) for p in only)]
    if not chosen:
        raise UsageError(f"no talk of the suite fits {', '.join(only)}; `--dry-run` lists the ids" if only else _EMPTY)
    return _sampled(chosen, suite.sample, starts[0])


_EMPTY = "the suite plans no talk: no borrower fits its choices; `borrowersim borrowers list` shows them"


def _by_id(talks: Iterator[Planned]) -> list[Planned]:
    found: dict[str, Planned] = {}
    for talk in talks:
        if len(talk.id) > LONGEST_ID:
            raise UsageError(
                f"the id of a talk has more than {LONGEST_ID} characters: {talk.id}; shorten the agent's name"
            )
        first = found.setdefault(talk.id, talk)
        if first.model_copy(update={"block": talk.block}) != talk:
            raise UsageError(
                f"two talks of the plan have the id {talk.id!r}: {first.borrower} with {first.agent}, and "
                f"{talk.borrower} with {talk.agent}; rename a file, or give one borrower another id"
            )
    return list(found.values())


def _sampled(talks: list[Planned], size: int | None, seed: int) -> list[Planned]:
    """Return talks drawn evenly over the plan, one from each of `size` equal stretches."""
    if size is None or size >= len(talks):
        return talks
    rng = Random(f"sample/{seed}")
    edges = [len(talks) * i // size for i in range(size + 1)]
    return [talks[rng.randrange(low, high)] for low, high in pairwise(edges)]


def _planned(suite: Suite, starts: Sequence[int]) -> Iterator[Planned]:
    for block in suite.blocks:
        repeats = range(block.repeats or suite.repeats)
        _check_apart(starts, len(repeats))
        for borrower in _borrowers(block):
            persona = persona_named(borrower)
            for agent, setting, start, repeat in product(block.agents, block.dials, starts, repeats):
                from_seed = f"s{start}" if len(starts) > 1 else ""
                parts = [persona.id, _short(agent), setting.label(), from_seed, f"r{repeat}"]
                yield Planned(
                    id="~".join(filter(None, parts)),
                    block=block.name,
                    borrower=borrower,
                    agent=agent,
                    dials=setting.over(persona.dials),
                    seed=start + repeat,
                )


def _check_apart(starts: Sequence[int], repeats: int) -> None:
    """Refuse starts whose repeats meet: the same talk counted twice makes intervals too narrow."""
    for one, other in pairwise(sorted(starts)):
        if other - one < repeats:
            raise UsageError(
                f"seeds {one} and {other} with {repeats} repeats play the same talks twice; "
                f"put the seeds at least {repeats} apart"
            )


def _borrowers(block: Block) -> Iterator[str]:
    for entry in block.borrowers:
        if isinstance(entry, Choose):
            yield from (persona.id for persona in all_personas() if entry.fits(persona))
        else:
            yield entry


def _short(agent: str) -> str:
    return Path(agent).stem if agent.endswith((".yaml", ".yml")) else agent
