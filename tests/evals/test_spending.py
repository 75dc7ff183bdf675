"""What a run costs, against its budget."""

from typing import Any

import pytest

from borrowersim_evals.breaker import Halt
from borrowersim_evals.spending import Spending, money
from borrowersim_evals.store.rows import cost_of, row_of
from borrowersim_evals.suite import Budget, Prices
from tests.evals.made import cases, costing

PRICES = Prices(prompt=2.0, completion=10.0, currency="EUR")
ROW = row_of(costing(cases()[0], calls=10, prompt=100_000, completion=10_000))


def spending(halt: Halt, budget: Budget, prices: Prices | None = PRICES, now: list[float] | None = None) -> Spending:
    now = now or [0.0]
    return Spending(budget, prices, halt, lambda: now[0])


def test_tokens_become_money() -> None:
    assert money(PRICES, 1_000_000, 500_000) == 7.0
    assert money(PRICES, 0, 0) == 0


@pytest.mark.parametrize(
    ("budget", "talks", "reason"),
    [
        ({"calls": 20}, 2, "the budget of 20 calls is spent (20)"),
        ({"calls": 21}, 3, "the budget of 21 calls is spent (30)"),
        ({"tokens": 220_000}, 2, "the budget of 220000 tokens is spent (220000)"),
        ({"money": 0.9}, 3, "the budget of 0.9 money is spent (0.9)"),
    ],
)
def test_the_budget_is_spent_when_it_is_reached(budget: dict[str, Any], talks: int, reason: str) -> None:
    halt = Halt()
    spent = spending(halt, Budget(**budget))
    for _ in range(talks - 1):
        spent.add(ROW)
        assert not halt.reason
    spent.add(ROW)
    assert halt.reason == reason


def test_without_a_budget_nothing_stops() -> None:
    halt = Halt()
    spent = spending(halt, Budget(), None)
    for _ in range(50):
        spent.add(ROW)
    assert not halt.reason
    assert (spent.talks, spent.calls, spent.tokens, spent.money) == (50, 500, 5_500_000, None)
    assert spent.seconds_left() is None


def test_time_runs_from_the_beginning() -> None:
    halt, now = Halt(), [100.0]
    spent = spending(halt, Budget(seconds=30), now=now)
    assert spent.seconds_left() == 30
    now[0] = 125.0
    assert spent.seconds_left() == 5
    now[0] = 200.0
    assert spent.seconds_left() == 0
    spent.late()
    assert halt.reason == "the budget of 30 seconds is spent"


def test_rate_and_cost_in_a_few_words() -> None:
    now = [0.0]
    spent = spending(Halt(), Budget(), now=now)
    assert spent.text() == "0.00 EUR"
    spent.add(ROW)
    now[0] = 2.0
    assert spent.text() == "0.5/s 110k tokens 0.30 EUR"
    assert spending(Halt(), Budget(), None).text() == ""


def test_a_talk_costs_voice_agent_and_judge_together() -> None:
    case = costing(cases()[0], 3, 30, 3)
    usage = case.played.usage
    both = case.model_copy(
        update={
            "played": case.played.model_copy(update={"agent_usage": usage}),
            "score": case.score.model_copy(update={"usage": usage}),
        }
    )
    assert cost_of(both).model_dump() == {"calls": 9, "prompt_tokens": 90, "completion_tokens": 9}
    assert row_of(both).prompt_tokens == 90
