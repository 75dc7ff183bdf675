"""One talk between a borrower and an agent of yours, played and judged from Python: what tests use."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio

from borrowersim.agents.base import Agent
from borrowersim.agents.pool import Pool
from borrowersim.borrower import Borrower
from borrowersim.briefing import Briefing, briefing
from borrowersim.engine import MAX_TURNS, converse
from borrowersim.errors import UsageError
from borrowersim.models.base import ChatModel
from borrowersim.persona import Dials, Persona, persona_named
from borrowersim.record import Played
from borrowersim.talk import Ending, Speaker, Talk
from borrowersim.voices.base import Voice
from borrowersim_app.agents import Workshop, agent_named
from borrowersim_app.build import PHRASEBOOK, RULES, Services, judge_named
from borrowersim_app.settings import read_settings
from borrowersim_app.simulated import dials_over, voice_given
from borrowersim_evals.evaluate import judge_talk
from borrowersim_evals.jury import JudgeModel
from borrowersim_evals.measures import INFRASTRUCTURE
from borrowersim_evals.verdict import RANK, Finding, Score, Severity, TurnMarks


@dataclass(frozen=True)
class Result:
    """A played and judged talk; its checks fail with the agent's own words and the law."""

    played: Played
    score: Score

    @property
    def talk(self) -> Talk:
        return self.played.talk

    @property
    def ending(self) -> Ending:
        return self.played.ending

    @property
    def breaches(self) -> tuple[Finding, ...]:
        """Rules of law that the agent broke."""
        return self.score.breaches

    def assert_lawful(self, *, at_least: Severity = "minor") -> None:
        """Fail when the agent broke a rule of this severity or a graver one, or when nobody could judge."""
        __tracebackhide__ = True
        self.assert_finished()
        if self.score.decided_by.get("legal", "nobody") == "nobody":
            self._fail(f"nobody could judge whether this was lawful ({self.score.unscored})")
        found = [finding for finding in self.breaches if RANK[finding.severity] <= RANK[at_least]]
        if found:
            count = "1 rule was" if len(found) == 1 else f"{len(found)} rules were"
            self._fail(f"{count} broken", *(_finding(finding) for finding in found))

    def assert_respectful(self, at_least: float = 4.0) -> None:
        """Fail when the mark for respect, 1-5, is lower."""
        __tracebackhide__ = True
        self._assert_mark("respect", at_least)

    def assert_clear(self, at_least: float = 4.0) -> None:
        """Fail when the mark for clarity, 1-5, is lower."""
        __tracebackhide__ = True
        self._assert_mark("clarity", at_least)

    def assert_ending(self, *wanted: Ending | str) -> None:
        """Fail when the talk ended otherwise, for example `assert_ending("agreed", "promise_to_pay")`."""
        __tracebackhide__ = True
        names = [Ending(name) for name in wanted]
        if self.ending not in names:
            self._fail(f"the talk ended with {self.ending}, not with {' or '.join(names)}{self._why()}")

    def assert_finished(self) -> None:
        """Fail when the agent or the borrower's model broke down."""
        __tracebackhide__ = True
        if self.ending in INFRASTRUCTURE:
            self._fail(f"the talk broke off with {self.ending}{self._why()}")

    def transcript(self) -> str:
        """Return the talk as text, one turn a line, numbered as in findings."""
        names = {Speaker.AGENT: "agent", Speaker.BORROWER: "borrower", Speaker.OTHER: "other"}
        return "\n".join(f"{i:>4} {names[turn.speaker]:>8}: {turn.text}" for i, turn in enumerate(self.talk.turns))

    def _assert_mark(self, criterion: str, at_least: float) -> None:
        __tracebackhide__ = True
        self.assert_finished()
        mark: float | None = getattr(self.score, criterion)
        if mark is None:
            self._fail(f"nobody could judge {criterion} ({self.score.unscored})")
        elif mark < at_least:
            low = [marks for marks in self.score.turns if (getattr(marks, criterion) or 5) < at_least]
            weak = [_weak(marks, criterion, self.talk) for marks in low]
            self._fail(f"{criterion} is {mark:.1f}, and should be at least {at_least:g}", *weak)

    def _why(self) -> str:
        return f": {self.played.failure}" if self.played.failure else ""

    def _fail(self, what: str, *details: str) -> None:
        __tracebackhide__ = True
        head = f"{self.played.borrower} (seed {self.played.seed}) and {self.played.agent}: {what}"
        raise AssertionError("\n".join([head, *details, "the talk:", self.transcript() or "     nothing was said"]))


class Player:
    """Plays talks in a test; what is not given comes from the test's marker."""

    def __init__(
        self,
        *,
        name: str = "test",
        borrower: str | Persona | None = None,
        seed: int = 0,
        dials: Dials | Mapping[str, float] | None = None,
        voice: str | Voice | ChatModel = PHRASEBOOK,
        judge: str | JudgeModel | None = RULES,
        max_turns: int = MAX_TURNS,
    ) -> None:
        self.borrower = borrower
        self.seed = seed
        self._name = name
        self._dials = dials
        self._voice = voice
        self._judge = judge
        self._max_turns = max_turns

    def play(self, agent: Any, borrower: str | Persona | None = None, **changes: Any) -> Result:
        """Play one talk and judge it.

        `agent` is a Python function or class, a LangChain Runnable, an Agent, or a name as for
        --agent. `changes` are seed, dials, voice, judge, max_turns. Raises UsageError for what is
        unknown; a failure of the agent is an ending, not an exception.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return anyio.run(lambda: self.aplay(agent, borrower, **changes))
        raise UsageError("this test is asynchronous; write: await borrowersim.aplay(...)")

    async def aplay(
        self,
        agent: Any,
        borrower: str | Persona | None = None,
        *,
        seed: int | None = None,
        dials: Dials | Mapping[str, float] | None = None,
        voice: str | Voice | ChatModel | None = None,
        judge: str | JudgeModel | None = None,
        max_turns: int | None = None,
    ) -> Result:
        """Do what `play` does, for asynchronous tests."""
        persona = self._persona(borrower)
        own = dials_over(persona.dials, self._dials)
        simulated = Borrower(
            persona,
            voice_given(voice or self._voice),
            seed=self.seed if seed is None else seed,
            dials=dials_over(own, dials),
        )
        made = await play_talk(simulated, agent, id=self._name, max_turns=max_turns or self._max_turns)
        if isinstance(voice or self._voice, str):
            await simulated.voice.aclose()
        return Result(played=made, score=await _judged(made.talk, self._judge if judge is None else judge))

    def _persona(self, borrower: str | Persona | None) -> Persona:
        chosen = borrower or self.borrower
        if chosen is None:
            raise UsageError(
                "no borrower was named; write borrowersim.play(agent, 'us-maria-delgado'), "
                "or mark the test with @pytest.mark.borrowersim(borrower=...)"
            )
        return persona_named(chosen) if isinstance(chosen, str) else chosen


async def play_talk(borrower: Borrower, agent: Any, *, id: str, max_turns: int) -> Played:
    """Play one talk with an agent in any form; let go of all that it took."""
    pool = Pool()
    live = agent_of(agent, briefing(borrower.persona), pool)
    try:
        return await converse(borrower, live, id=id[:200], max_turns=max_turns)
    finally:
        await live.aclose()
        await pool.aclose()


def agent_of(agent: Any, case: Briefing, pool: Pool) -> Agent:
    """Return the agent that a name or a Python object stands for, for one talk."""
    if isinstance(agent, str):
        return agent_named(agent, case, Workshop(read_settings(), pool))
    if hasattr(agent, "speak"):
        live: Agent = agent
        return live
    if hasattr(agent, "ainvoke"):
        from borrowersim.agents.runnable import RunnableAgent

        return RunnableAgent(agent, case, name=type(agent).__name__)
    from borrowersim.agents.call import callable_agent

    return callable_agent(agent, case)


async def _judged(talk: Talk, judge: str | JudgeModel | None) -> Score:
    """Judge a talk; a model that was made from its name is closed again."""
    model = judge_named(judge, Services(read_settings())) if isinstance(judge, str) else judge
    try:
        return await judge_talk(talk, model)
    finally:
        if model is not None and isinstance(judge, str):
            await model.aclose()


def _finding(finding: Finding) -> str:
    said = f"“{finding.quote}”" if finding.quote else "(something was left unsaid)"
    return (
        f"  turn {finding.turn}, {finding.severity}: {said}\n      {finding.citation} [{finding.rule}]: {finding.why}"
    )


def _weak(marks: TurnMarks, criterion: str, talk: Talk) -> str:
    why = ", ".join(getattr(marks, f"{criterion}_why"))
    lines = [f"  turn {marks.turn}, {getattr(marks, criterion)} of 5: “{talk.turns[marks.turn].text}”"]
    lines += [f"      because of: {why}"] if why else []
    lines += [f"      better: {marks.better}"] if marks.better else []
    return "\n".join(lines)
