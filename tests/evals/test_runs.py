"""Suites, plans, gates and run folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from borrowersim.agents.base import Agent
from borrowersim.briefing import Briefing
from borrowersim.errors import UsageError
from borrowersim.persona import persona_named
from borrowersim.talk import Ending, Talk
from borrowersim_evals.case import Case
from borrowersim_evals.gates import check_gate, run_outcome
from borrowersim_evals.planning import plan
from borrowersim_evals.runner import Pace, play, rehearse
from borrowersim_evals.runs import RunFile
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.store import Store
from borrowersim_evals.suite import Block, DialSetting, Gate, Suite, suite_named
from borrowersim_evals.verdict import Score
from tests.evals.made import Casting, cases_of

pytestmark = pytest.mark.anyio

SUITE = Suite(
    id="small",
    seed=3,
    repeats=2,
    blocks=(
        Block(
            borrowers=("us-maria-delgado", "cn-zhou-min"),
            agents=("respectful", "threatening"),
            dials=(DialSetting(), DialSetting(resistance=9)),
        ),
    ),
)


def test_a_plan_is_every_combination_with_stable_ids() -> None:
    talks = plan(SUITE)
    assert len(talks) == 2 * 2 * 2 * 2
    assert len({talk.id for talk in talks}) == len(talks)
    assert talks[0].id == "us-maria-delgado~respectful~r0"
    assert "us-maria-delgado~respectful~resistance9~r1" in {talk.id for talk in talks}
    assert {talk.seed for talk in talks} == {3, 4}
    assert plan(SUITE) == talks


def test_dials_left_out_stay_the_personas_own() -> None:
    hard = next(talk for talk in plan(SUITE) if "resistance9" in talk.id)
    own = persona_named("us-maria-delgado").dials
    assert hard.dials == own.model_copy(update={"resistance": 9})


def test_an_agent_in_the_place_of_the_suites_faces_the_gates() -> None:
    suite = suite_named("article").tried_by(("llm",))
    assert {talk.agent for talk in plan(suite)} == {"llm"}
    assert len(plan(suite)) == 4
    assert all(gate.agents == () for gate in suite.gates)
    assert suite_named("article").tried_by(()) == suite_named("article")


async def test_the_same_plan_gives_the_same_results_at_any_concurrency() -> None:
    one, many = await cases_of(SUITE, 1), await cases_of(SUITE, 16)
    strip = [case.model_copy(update={"played": case.played.model_copy(update={"seconds": 0})}) for case in one]
    assert strip == [c.model_copy(update={"played": c.played.model_copy(update={"seconds": 0})}) for c in many]


class Crowd(Casting):
    """Counts talks that are under way, and answers that are waited for."""

    def __init__(self) -> None:
        self.open = self.most_open = self.waiting = self.most_waiting = 0

    async def agent(self, name: str, case: Briefing) -> Agent:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        agent = await super().agent(name, case)
        speak, aclose = agent.speak, agent.aclose

        async def slowly(*said: Any) -> str | None:
            with self._one_waits():
                await checkpoint()
                return await speak(*said)

        async def gone() -> None:
            self.open -= 1
            await aclose()

        agent.speak, agent.aclose = slowly, gone  # type: ignore[method-assign]
        return agent

    async def judge(self, talk: Talk) -> Score:
        with self._one_waits():
            await checkpoint()
            return await super().judge(talk)

    @contextmanager
    def _one_waits(self) -> Iterator[None]:
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        yield
        self.waiting -= 1


@pytest.mark.parametrize(("concurrency", "under_way"), [(1, 1), (2, 2), (3, 4), (6, 8), (16, 16), (64, 16)])
async def test_talks_take_turns_for_the_answers_that_may_be_waited_for(concurrency: int, under_way: int) -> None:
    crowd, done = Crowd(), list[Case]()

    async def keep(case: Case) -> None:
        done.append(case)

    await play(plan(SUITE), crowd, keep, Pace(concurrency))
    assert len(done) == 16
    assert crowd.most_open == under_way
    assert crowd.most_waiting == min(concurrency, 16)


def test_talks_are_divided_into_even_waves() -> None:
    assert [Pace(64).under_way(talks) for talks in (0, 1, 64, 79, 200, 10_000)] == [0, 1, 64, 79, 100, 80]
    assert all(Pace(c).under_way(n) <= 2 * c for c in range(1, 40) for n in range(300))


async def test_a_wrong_agent_is_found_before_anything_is_played() -> None:
    with pytest.raises(UsageError, match="no agent script"):
        await rehearse(plan(SUITE.tried_by(("nobody",))), Casting())


async def test_gates_pass_fail_and_are_inconclusive() -> None:
    cases = await cases_of(SUITE)
    gate = Gate(name="lawful", measure="critical_breaches", agents=("respectful",), at_most=0)
    assert check_gate(gate, cases).outcome == "passed"
    assert check_gate(gate.model_copy(update={"agents": ()}), cases).outcome == "failed"
    assert check_gate(gate.model_copy(update={"agents": ("nobody",)}), cases).outcome == "inconclusive"
    settled = Gate(name="settled", measure="settled_share", agents=("threatening",), at_most=0)
    assert check_gate(settled, cases).outcome == "passed"


async def test_what_was_not_judged_is_no_pass() -> None:
    cases = await cases_of(SUITE)
    score = cases[0].score
    gate = Gate(name="lawful", measure="critical_breaches", agents=("respectful",), at_most=0)
    unjudged = cases[0].model_copy(update={"score": score.model_copy(update={"decided_by": {"legal": "nobody"}})})
    assert check_gate(gate, [unjudged]).outcome == "inconclusive"
    unheard = cases[0].model_copy(update={"score": score.model_copy(update={"unscored": "judge: it did not answer"})})
    assert check_gate(gate, [unheard]).outcome == "inconclusive"


async def test_technical_failures_are_never_a_pass() -> None:
    cases = await cases_of(SUITE)
    broken = [
        c.model_copy(update={"played": c.played.model_copy(update={"ending": Ending.MODEL_FAILED})}) for c in cases
    ]
    assert run_outcome(cases, [], len(cases)) == ("passed", 0)
    assert run_outcome(broken, [], len(broken)) == ("inconclusive", 4)
    assert run_outcome([*cases[1:], broken[0]], [], len(cases)) == ("inconclusive", 3)
    assert run_outcome(cases[1:], [], len(cases)) == ("inconclusive", 3)
    assert run_outcome([], [], 3) == ("inconclusive", 4)


def test_a_gate_needs_a_bound() -> None:
    with pytest.raises(ValueError, match="at_least or at_most"):
        Gate(name="open", measure="total")


async def test_a_run_is_read_back_whole(tmp_path: Path) -> None:
    cases = await cases_of(SUITE)
    run = RunFile(
        id="r",
        suite=SUITE,
        started="2026-01-02T03:04:05+00:00",
        voice="phrasebook",
        judge="rules",
        seed=3,
        plan=tuple(plan(SUITE)),
    )
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    store.begin(run)
    store.add("r", [row_of(case) for case in reversed(cases)])
    assert store.run("r") == run
    assert list(store.cases("r")) == cases
    assert store.waiting("r") == []
    with pytest.raises(UsageError, match="already holds a run"):
        store.begin(run)
    store.close()


def test_the_suite_that_ships_is_sound() -> None:
    suite = suite_named("article")
    anyio.run(rehearse, plan(suite), Casting())
    assert {talk.borrower for talk in plan(suite)} == {
        "us-maria-delgado",
        "cn-zhou-min",
        "us-darren-cole",
        "cn-gao-lei",
    }
    assert all(not hasattr(block, "ending") for block in suite.blocks)
