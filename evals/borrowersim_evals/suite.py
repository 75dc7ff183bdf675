"""A suite: which borrowers talk to which agents, how often, at what cost, and what must hold (evals/suites)."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.agents.scripted import AgentScript
from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.persona import Archetype, Dials, Level, Persona
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


class Choose(_Part):
    """All borrowers that come with the product and fit every field that is given; none given takes all."""

    language: Language | None = None
    jurisdiction: Jurisdiction | None = None
    archetype: Archetype | None = None

    def fits(self, persona: Persona) -> bool:
        """Say whether a persona is meant."""
        return all(getattr(persona, name) == value for name, value in self.model_dump(exclude_none=True).items())


class Block(_Part):
    """Every borrower of the block meets every agent of the block, at each setting of the dials."""

    name: str = ""
    borrowers: Annotated[tuple[str | Choose, ...], Field(min_length=1)]
    """Persona ids, paths of persona files, or choices such as `{language: en, archetype: hardship}`."""
    agents: Annotated[tuple[str, ...], Field(min_length=1)]
    """As `borrowersim agents list` shows: a script, a definition file, `llm`, a model, an address, Python code."""
    dials: Annotated[tuple[DialSetting, ...], Field(min_length=1)] = (DialSetting(),)
    repeats: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Instead of the suite's."""


class Prices(_Part):
    """What a service charges, so that a budget can be in money; nobody else knows today's prices."""

    prompt: Annotated[float, Field(ge=0)]
    """For a million prompt tokens."""
    completion: Annotated[float, Field(ge=0)]
    """For a million completion tokens."""
    currency: str = "USD"


class Budget(_Part):
    """What a run may cost. When any of these is reached, no new talk begins; `resume` goes on."""

    calls: Annotated[int, Field(ge=1)] | None = None
    tokens: Annotated[int, Field(ge=1)] | None = None
    money: Annotated[float, Field(gt=0)] | None = None
    """In the currency of `prices`."""
    seconds: Annotated[float, Field(gt=0)] | None = None


class Limits(_Part):
    """How hard the services may be pressed, and how long anybody waits."""

    concurrency: Annotated[int, Field(ge=1, le=4096)] | None = None
    """Answers of agents, voices and judges that are waited for at once, all talks together."""
    requests_per_minute: Annotated[float, Field(gt=0)] | None = None
    """To each model service, all talks together."""
    tokens_per_minute: Annotated[float, Field(gt=0)] | None = None
    call_seconds: Annotated[float, Field(gt=0)] = 60
    """For one answer of a service, each try."""
    talk_seconds: Annotated[float, Field(gt=0)] | None = None
    """For a whole talk; who is being waited for then has failed."""


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
    include: tuple[str, ...] = ()
    """Other suites, whose blocks and gates come before these; paths from this file, or ids of the product's."""
    seed: int = 0
    seeds: tuple[int, ...] = ()
    """Several starts instead of one: every talk is planned from each."""
    repeats: Annotated[int, Field(ge=1, le=100_000)] = 1
    """The seed of repeat r is seed + r."""
    sample: Annotated[int, Field(ge=1)] | None = None
    """Play only so many of the planned talks, drawn evenly over the plan by the seed."""
    max_turns: Annotated[int, Field(ge=1, le=100)] = 12
    scripts: tuple[AgentScript, ...] = ()
    """Agents of this suite's own, beside those that come with the product; blocks name them by id."""
    blocks: tuple[Block, ...] = ()
    gates: tuple[Gate, ...] = ()
    limits: Limits = Limits()
    budget: Budget = Budget()
    prices: Prices | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.blocks and not self.include:
            raise ValueError("give blocks, or include a suite that has some")
        if self.budget.money is not None and self.prices is None:
            raise ValueError("budget.money needs prices: what a million prompt and completion tokens cost")
        return self

    def tried_by(self, agents: tuple[str, ...]) -> "Suite":
        """Return the suite with these agents in the place of its own; its gates then look at them."""
        if not agents:
            return self
        blocks = tuple(block.model_copy(update={"agents": agents}) for block in self.blocks)
        gates = tuple(gate.model_copy(update={"agents": ()}) for gate in self.gates)
        return self.model_copy(update={"blocks": blocks, "gates": gates})


def suites_dir() -> Path:
    """Return the folder of the suites, from the wheel or from a checkout."""
    return data_dir("suites")


def suite_named(name: str) -> Suite:
    """Return a suite from a path, or by the id of one that comes with the product, what it includes taken in.

    A path such as evals/suites/article.yaml also works away from a checkout.
    """
    return _whole_suite(_path_of(name), ())


def _path_of(name: str, beside: Path = Path()) -> Path:
    if (beside / name).is_file():
        return beside / name
    ours = suites_dir() / f"{Path(name).stem}.yaml"
    if ours.is_file() and Path(name).parent in (Path(), Path("evals/suites")):
        return ours
    known = ", ".join(sorted(p.stem for p in suites_dir().glob("*.yaml")))
    raise UsageError(f"no suite {name!r}; give the path of a YAML file, or one of: {known}")


def _whole_suite(path: Path, above: tuple[Path, ...]) -> Suite:
    if path.resolve() in above:
        raise UsageError(f"{path} includes itself: {' -> '.join(p.name for p in (*above, path))}; take one include out")
    suite = load(Suite, path)
    taken = [_whole_suite(_included(name, path), (*above, path.resolve())) for name in suite.include]
    parts = [*taken, suite]
    blocks = dict.fromkeys(block for part in parts for block in part.blocks)
    gates = dict.fromkeys(gate for part in parts for gate in part.gates)  # once, however often it was included
    scripts = {script.id: script for part in parts for script in part.scripts}
    update = {"include": (), "blocks": tuple(blocks), "gates": tuple(gates), "scripts": tuple(scripts.values())}
    return suite.model_copy(update=update)


def _included(name: str, by: Path) -> Path:
    try:
        return _path_of(name, by.parent)
    except UsageError as error:
        raise UsageError(f"{by}: include: {error}") from None
