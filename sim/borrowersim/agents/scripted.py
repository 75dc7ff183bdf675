"""An agent that follows a script (seeds/agents): known conduct, to compare others with.

A script has lines in order, replies to what the borrower just did, and reactions to what
the borrower said. Reactions are tried first, then replies, and each is used once; so a
script reacts, and still says the same each time.
"""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import BorrowerAct
from borrowersim.agents.reactions import Reaction, holds
from borrowersim.briefing import Briefing
from borrowersim.documents import load, read_once
from borrowersim.errors import AgentError, UsageError
from borrowersim.money import find_amounts, find_offer, say_instalment
from borrowersim.phrasebook import SLOT
from borrowersim.resources import data_dir
from borrowersim.talk import Language, Speaker, Talk
from borrowersim.text import fold


class AgentScript(BaseModel):
    """One scripted agent, in each language that it speaks."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    kind: Literal["script"] = "script"
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    version: Annotated[int, Field(ge=1)] = 1
    about: str
    """How this agent behaves, in one sentence."""
    parts: dict[Language, "Part"]


class Part(BaseModel):
    """The script in one language. Slots: {name} {creditor} {product} {balance} {days} {account} ..."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    lines: Annotated[tuple[str, ...], Field(min_length=1)]
    """Said in this order."""
    replies: dict[BorrowerAct, tuple[str, ...]] = Field(default_factory=dict)
    """Said once each, right after the borrower did this; a reply that needs {proposal} waits for one."""
    reactions: tuple[Reaction, ...] = ()
    """Said when what the borrower did and said fits; the first that fits is taken."""
    closing: str = ""
    """Said last, when the lines are used up."""


class ScriptedAgent:
    """Plays a script against one case."""

    def __init__(self, script: AgentScript, case: Briefing) -> None:
        part = script.parts.get(case.language)
        if part is None:
            spoken = ", ".join(script.parts)
            raise UsageError(f"agent script {script.id!r} does not speak {case.language}; it speaks: {spoken}")
        self.name = script.id
        self._case = case
        self._part = part
        self._lines = [*part.lines, *([part.closing] if part.closing else [])]
        self._replies = {act: list(lines) for act, lines in part.replies.items()}
        self._reactions = [(reaction.when, list(reaction.say), reaction.ends) for reaction in part.reactions]
        self._over = False

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        if self._over:
            return None
        slots = {**self._case.slots(), **_proposal(talk, self._case)}
        reply = self._reaction(talk, last_act, slots) or self._reply(last_act, slots)
        if reply is None:
            reply = self._lines.pop(0) if self._lines else None
        return None if reply is None else self._filled(reply, slots)

    async def aclose(self) -> None:
        """Nothing to let go of."""

    def _reaction(self, talk: Talk, act: BorrowerAct | None, slots: dict[str, str]) -> str | None:
        """Return the next line of the first reaction that fits and has one left."""
        for when, lines, ends in self._reactions:
            line = _sayable(lines, slots) if lines and holds(when, talk, act) else None
            if line is not None:
                lines.remove(line)
                self._over = ends and not lines
                return line
        return None

    def _reply(self, act: BorrowerAct | None, slots: dict[str, str]) -> str | None:
        waiting = self._replies.get(act, []) if act else []
        line = _sayable(waiting, slots)
        if line is not None:
            waiting.remove(line)
        return line

    def _filled(self, line: str, slots: dict[str, str]) -> str:
        missing = sorted(set(SLOT.findall(line)) - set(slots))
        if missing:
            raise AgentError(f"agent script {self.name!r}: nothing is known for {{{missing[0]}}} in: {line}")
        return re.sub(r"\s+", " ", SLOT.sub(lambda slot: slots[slot.group(1)], line)).strip()


def _sayable(lines: list[str], slots: dict[str, str]) -> str | None:
    """Return the first line whose slots are all known."""
    return next((line for line in lines if all(name in slots for name in SLOT.findall(line))), None)


def _proposal(talk: Talk, case: Briefing) -> dict[str, str]:
    """Return {proposal}: the instalment that the borrower last named, in the agent's mouth."""
    if not talk.turns or talk.turns[-1].speaker is not Speaker.BORROWER:
        return {}
    said = fold(talk.turns[-1].text)
    offer = find_offer(said, case.language)
    amounts = find_amounts(said, case.language)
    if offer is None or not amounts:
        return {}
    monthly = offer.model_copy(update={"amount": offer.amount or amounts[-1].value, "period": "month"})
    return {"proposal": say_instalment(monthly, case.currency, case.language)}


def scripts_dir() -> Path:
    """Return the folder of the scripts that come with the product."""
    return data_dir("seeds") / "agents"


def script_named(name: str) -> AgentScript:
    """Return a script by id, or from a path that ends in .yaml."""
    if name.endswith((".yaml", ".yml")):
        return _script(Path(name))
    path = scripts_dir() / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in scripts_dir().glob("*.yaml")))
        raise UsageError(
            f"no agent script {name!r}; choose one of: {known}; or give the path of a YAML file "
            "(`borrowersim agents list` shows every kind of agent)"
        )
    return _script(path)


@read_once
def _script(path: Path) -> AgentScript:
    return load(AgentScript, path)
