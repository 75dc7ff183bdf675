"""A rule pack: one jurisdiction's rules as data that a lawyer can read and edit (evals/rules)."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from borrowersim.acts import AgentAct
from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.talk import Facts, Jurisdiction, Language, Turn
from borrowersim_evals.resources import data_dir
from borrowersim_evals.rules.kinds import Kind
from borrowersim_evals.verdict import Severity

State = Literal[
    "third_party",  # whoever is on the line is not the borrower
    "unverified",  # the borrower's identity has not been confirmed yet
    "verified",  # it has
    "ceased",  # asked that contact end
    "medium_refused",  # asked not to be contacted this way
    "inconvenient",  # said that time or place does not suit
    "at_work",  # said that work forbids it
    "represented",
    "bankrupt",
    "discharged",  # the debt was discharged in bankruptcy
    "disputed",
    "paid",  # says it was paid or settled
    "identity_theft",
    "deceased",  # the borrower has died
    "crisis",  # spoke of suicide or self-harm
    "hardship",
    "time_barred",
    "asked_who",  # asked who is calling
    "asked_writing",  # asked for proof or something in writing
    "asked_human",  # asked for a person instead of a machine
    "complained",  # said that they will complain
    "military",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class When(_Part):
    """What must hold before a rule looks at a turn. All conditions given must hold."""

    collector_type: tuple[Literal["agency", "creditor"], ...] = ()
    """Bound by the rule; when it is not known who collects, the rule applies."""
    channel: tuple[Literal["phone", "sms", "email", "chat", "letter"], ...] = ()
    state: tuple[State, ...] = ()
    """Any of these, from the facts or from what was said before this turn."""
    not_state: tuple[State, ...] = ()
    """None of these."""
    facts: dict[str, Any] = Field(default_factory=dict)
    """Fact -> the value it must have; when not known, see `if_unknown`."""
    if_unknown: Literal["cannot_tell", "applies", "silent"] = "cannot_tell"
    """What a hit means when a fact in `facts` is not known."""


class Detect(_Part):
    """What shows the breach, in one turn of the agent."""

    when: When = When()
    """What must hold for this detector besides the rule's own `when`."""
    once: bool = False
    """Report at the first turn that shows it only, and not again in the same talk."""
    raised: tuple[str, ...] = ()
    """With `hours` or `limit` and the fact not known: cue names in the talk so far that raise the
    question, so that it cannot be told; without such words nothing is said."""
    cues: tuple[str, ...] = ()
    """Names of cues, or beginnings such as `threat.`."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of content that the classifier hears in the turn; one is enough."""
    acts: tuple[AgentAct, ...] = ()
    """Acts that perception hears in the turn; one is enough."""
    any: tuple[str, ...] = ()
    """Regular expressions on one sentence of folded text (lower case, Simplified characters)."""
    unless: tuple[str, ...] = ()
    """A hit in the same sentence acquits it."""
    unless_turn: tuple[str, ...] = ()
    """A hit anywhere in the turn acquits it."""
    negatable: bool = True
    """Does a negation before a hit of `any` turn it around?"""
    absent: tuple[str, ...] = ()
    """Regular expressions or cue names (`cue:NAME`); the turn is a breach when it has NONE of them."""
    after: tuple[str, ...] = ()
    """Cue names or expressions, one of which must be in the turn too; with `absent`, what makes the duty due."""
    about: tuple[str, ...] = ()
    """Cue names or expressions, one of which must be in the turn or in what anybody said before it: what makes
    a kind or an act that other rules share a breach of this rule ("no more excuses" is no discrimination)."""
    due: Literal["turn", "first_turn", "first_turn_after_state", "talk"] = "turn"
    """With `absent`: due in each turn, in the agent's first turn, in the first turn after `when.state`
    began, or anywhere in the talk up to this turn (reported once, at the turn that `after` names).
    What only the file tells (`crisis: true`) is due once the borrower has answered; in a message at once."""
    hours: tuple[str, str] | None = None
    """Contact is allowed from the first to the second HH:MM, local time."""
    limit: tuple[str, int] | None = None
    """(fact, most): a breach when the fact's number is greater."""
    wrong_balance: bool = False
    """A breach when the turn states a balance that differs from the fact `balance`."""


class Example(_Part):
    """A turn of the agent, with what came before it and what is known."""

    text: str
    before: tuple[Turn, ...] = ()
    facts: Facts = Facts()
    why: str = ""
    expect: Literal["breach", "cannot_tell"] = "breach"


class Rule(_Part):
    """One rule of conduct and the law behind it."""

    id: Annotated[str, Field(pattern=r"^[a-z]{2}\.[a-z0-9_.-]+$")]
    citation: str
    kind: Literal[
        "prohibited_statement",
        "prohibited_conduct",
        "required_statement",
        "required_conduct_after_trigger",
        "time_or_frequency_limit",
        "disclosure_privacy",
    ]
    severity: Severity
    statement: str
    """The rule in one sentence, English."""
    statement_local: str = ""
    """The same in the jurisdiction's own language."""
    verified: Literal["primary", "secondary", "memory"]
    """How far the law was read: its text, a summary only, or from memory (unverified)."""
    note: str = ""
    when: When = When()
    detect: tuple[Detect, ...]
    """Each is tried; one is enough."""
    hits: Annotated[tuple[Example, ...], Field(min_length=2)]
    near_misses: Annotated[tuple[Example, ...], Field(min_length=2)]

    @field_validator("hits", "near_misses", mode="before")
    @classmethod
    def _short_form(cls, examples: Any) -> Any:
        """Let a plain string stand for an example with nothing but its text."""
        return [{"text": e} if isinstance(e, str) else e for e in examples] if isinstance(examples, list) else examples

    def says(self, language: Language) -> str:
        """Return the rule's sentence in the talk's language where there is one."""
        return self.statement_local if language.chinese and self.statement_local else self.statement


class Pack(_Part):
    """The rules of one jurisdiction."""

    jurisdiction: Jurisdiction
    version: Annotated[int, Field(ge=1)]
    language: Language
    checked: str
    """Day on which the law was last looked at, YYYY-MM-DD."""
    scope: str
    disclaimer: str
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @field_validator("rules")
    @classmethod
    def _distinct(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return distinct(rules)

    def rule(self, rule_id: str) -> Rule:
        """Return one rule; raise UsageError when there is none of that id."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise UsageError(f"no rule {rule_id!r} in pack {self.jurisdiction}; see `borrowersim rules list`")


def sound(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules; raise ValueError when two share an id or an expression does not compile."""
    for rule in distinct(rules):
        for pattern in _patterns(rule):
            _compiles(rule.id, pattern)
    return rules


def distinct(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules; raise ValueError when two share an id."""
    ids = [rule.id for rule in rules]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ValueError(f"two rules share an id: {', '.join(twice)}")
    return rules


def _patterns(rule: Rule) -> list[str]:
    return [
        pattern
        for detect in rule.detect
        for pattern in (*detect.any, *detect.unless, *detect.unless_turn, *detect.absent, *detect.after, *detect.about)
        if not pattern.startswith("cue:")
    ]


def _compiles(rule_id: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{rule_id}: not a regular expression: {pattern!r}: {error}") from None


def packs_dir() -> Path:
    """Return the folder of the rule packs, from the wheel or from a checkout."""
    return data_dir("rules")


@lru_cache(maxsize=16)
def load_pack(path: Path) -> Pack:
    """Read a pack; raise UsageError that names line and field of each mistake.

    The expressions of the product's own packs are compiled when they are first needed: that
    takes half a second, and a test has done it.
    """
    pack = load(Pack, path)
    if path.parent != packs_dir():
        try:
            sound(pack.rules)
        except ValueError as error:
            raise UsageError(f"{path}: {error}") from None
    return pack
