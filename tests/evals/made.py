"""A small plan and the talks that it gives, for tests of what is done with them."""

from functools import lru_cache

import anyio

from borrowersim.agents.base import Agent
from borrowersim.agents.scripted import ScriptedAgent, script_named
from borrowersim.briefing import Briefing
from borrowersim.models.base import Usage
from borrowersim.talk import Ending, Talk
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.planning import Planned, plan
from borrowersim_evals.runner import Pace, play
from borrowersim_evals.runs import RunFile
from borrowersim_evals.suite import Block, Suite
from borrowersim_evals.verdict import Score

SUITE = Suite(
    id="small",
    seed=3,
    repeats=2,
    max_turns=4,
    blocks=(Block(borrowers=("us-maria-delgado", "cn-zhou-min"), agents=("respectful", "threatening")),),
)
PLAN: tuple[Planned, ...] = tuple(plan(SUITE))


class Casting:
    """Scripts, phrasebook and rules."""

    voice = PhrasebookVoice()

    async def agent(self, name: str, case: Briefing) -> Agent:
        return ScriptedAgent(script_named(name), case)

    async def judge(self, talk: Talk) -> Score:
        return score_by_rules(talk)


async def cases_of(suite: Suite, concurrency: int = 1) -> list[Case]:
    """Return the talks of a suite, in the order of its plan."""
    talks, done = plan(suite), dict[str, Case]()

    async def keep(case: Case) -> None:
        done[case.played.id] = case

    await play(talks, Casting(), keep, Pace(concurrency=concurrency))
    return [done[planned.id] for planned in talks]


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    """Return the talks of the small plan, in its order."""
    return tuple(anyio.run(cases_of, SUITE))


def failed(case: Case, ending: Ending = Ending.MODEL_FAILED, why: str = "no route") -> Case:
    """Return the talk as one that ended for technical reasons."""
    return case.model_copy(update={"played": case.played.model_copy(update={"ending": ending, "failure": why})})


def costing(case: Case, calls: int, prompt: int, completion: int) -> Case:
    """Return the talk as one whose voice cost so much."""
    usage = Usage(calls=calls, prompt_tokens=prompt, completion_tokens=completion)
    return case.model_copy(update={"played": case.played.model_copy(update={"usage": usage})})


def run_file(id: str = "small-1", started: str = "2026-01-02T03:04:05+00:00") -> RunFile:
    """Return what is known of the run before it is played."""
    return RunFile(id=id, suite=SUITE, started=started, voice="phrasebook", judge="rules", seed=3, plan=PLAN)
