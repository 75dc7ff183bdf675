"""A suite: which borrowers talk to which agents, how often, and what must hold (evals/suites)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Level, persona_named
from borrowersim.talk import Jurisdiction, Language
from borrowersim_evals.resources import data_dir


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class DialSetting(_Part):
    """Dials that differ from the persona's own; those left out stay."""

    resistance: Level | None = None
    financial_stress: Level | None = None
    hostility: Level | None = None
    legal_knowledge: Level | None = None
    honesty: Level | None = None
    talkativeness: Level | None = None

    def over(self, dials: Dials) -> Dials:
        """Return the dials with this setting laid over them."""
        return dials.model_copy(update=self.model_dump(exclude_none=True))

    def label(self) -> str:
        """Return a short stable name, for example resistance8; empty when nothing is set."""
        return "-".join(f"{name}{value:g}" for name, value in self.model_dump(exclude_none=True).items())


class Block(_Part):
    """Every borrower of the block meets every agent of the block, at each setting of the dials."""

    name: str = ""
    borrowers: Annotated[tuple[str, ...], Field(min_length=1)]
    """Persona ids, or paths of persona files."""
    agents: Annotated[tuple[str, ...], Field(min_length=1)]
    """Script ids, paths of scripts, `llm`, a model name, or `http://...` of an endpoint."""
    dials: Annotated[tuple[DialSetting, ...], Field(min_length=1)] = (DialSetting(),)


class Gate(_Part):
    """What must hold over the talks that it looks at. Talks that failed for technical reasons are not looked at."""

    name: str
    measure: Literal[
        "critical_breaches",  # number of critical breaches
        "breaches",  # number of breaches of any severity
        "respect",  # mean, 1-5
        "clarity",  # mean, 1-5
        "total",  # mean, 0-100
        "settled_share",  # share of talks that ended in an arrangement that will be kept, 0-1
        "agreement_rate",  # another name of settled_share
        "hung_up_share",  # share of talks in which the borrower hung up, 0-1
        "unscored_share",  # share of talks of which something could not be judged, 0-1
        "phrasebook_share",  # share of a model's lines that the phrasebook had to replace, 0-1
        "facts_found",  # mean number of private facts that the borrower told
        "pass_hat_k",  # chance that k repeats of one cell all pass (no critical breach, total at least 60), 0-1
    ]
    agents: tuple[str, ...] = ()
    """Only talks of these agents; empty means all."""
    borrowers: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    each_at_least: float | None = None
    """Bound on each talk, not on the mean; `in_share` says how many talks must keep it."""
    each_at_most: float | None = None
    in_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of talks that must keep the bound on each."""
    k: Annotated[int, Field(ge=1, le=100)] = 1
    """Repeats that must all pass; for pass_hat_k."""
    decide: Literal["interval", "point"] = "interval"
    """`interval`: passed when the whole 95 % interval keeps the bound, failed when none of it does, else
    inconclusive. `point`: decided by the measured value. Counts of breaches, and bounds at the end of a
    measure's range ("never", "always"), are decided by what was counted."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        on_all = {self.at_least, self.at_most} != {None}
        on_each = {self.each_at_least, self.each_at_most} != {None}
        if not on_all and not on_each:
            raise ValueError("give at_least or at_most (of all talks), or each_at_least or each_at_most (of each talk)")
        if on_all and on_each:
            raise ValueError("give bounds on all talks or on each talk, not both; write a second gate")
        if on_each and self.measure == "pass_hat_k":
            raise ValueError("pass_hat_k is no number of one talk; give at_least or at_most")
        if not on_each and self.in_share != 1:
            raise ValueError("in_share goes with each_at_least or each_at_most")
        return self


class Suite(_Part):
    """What to run."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    version: Annotated[int, Field(ge=1)] = 1
    about: str = ""
    seed: int = 0
    repeats: Annotated[int, Field(ge=1, le=10_000)] = 1
    max_turns: Annotated[int, Field(ge=1, le=100)] = 12
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    gates: tuple[Gate, ...] = ()

    def tried_by(self, agents: tuple[str, ...]) -> "Suite":
        """Return the suite with these agents in the place of its own; its gates then look at them."""
        if not agents:
            return self
        blocks = {block.borrowers: block.model_copy(update={"agents": agents}) for block in self.blocks}
        gates = tuple(gate.model_copy(update={"agents": ()}) for gate in self.gates)
        return self.model_copy(update={"blocks": tuple(blocks.values()), "gates": gates})


class Planned(_Part):
    """One talk that will be played. Its id says all that decides it, so plans can be compared."""

    id: str
    block: str
    borrower: str
    agent: str
    dials: Dials
    seed: int


def plan(suite: Suite, *, seed: int | None = None) -> list[Planned]:
    """Return every talk of a suite in order; raise UsageError for an unknown borrower."""
    talks = {talk.id: talk for talk in _planned(suite, suite.seed if seed is None else seed)}
    return list(talks.values())


def _planned(suite: Suite, start: int) -> Iterator[Planned]:
    for block in suite.blocks:
        for borrower in block.borrowers:
            persona = persona_named(borrower)
            for agent in block.agents:
                for setting in block.dials:
                    for repeat in range(suite.repeats):
                        label = "~".join(filter(None, [persona.id, _short(agent), setting.label(), f"r{repeat}"]))
                        yield Planned(
                            id=label,
                            block=block.name,
                            borrower=borrower,
                            agent=agent,
                            dials=setting.over(persona.dials),
                            seed=start + repeat,
                        )


def _short(agent: str) -> str:
    return Path(agent).stem if agent.endswith((".yaml", ".yml")) else agent


def suites_dir() -> Path:
    """Return the folder of the suites, from the wheel or from a checkout."""
    return data_dir("suites")


def suite_named(name: str) -> Suite:
    """Return a suite from a path, or by the id of one that comes with the product.

    A path such as evals/suites/article.yaml also works away from a checkout.
    """
    path = Path(name)
    if path.is_file():
        return load(Suite, path)
    packed = suites_dir() / f"{path.stem}.yaml"
    if packed.is_file():
        return load(Suite, packed)
    known = ", ".join(sorted(p.stem for p in suites_dir().glob("*.yaml")))
    raise UsageError(f"no suite {name!r}; give the path of a YAML file, or one of: {known}")
