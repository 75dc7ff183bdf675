"""The borrower as the simulated user of openevals. Needs: pip install borrowersim openevals.

Runs offline: the agent is a stub with three lines. Put your own application in its place.
"""

from typing import Any

from openevals.simulators import run_multiturn_simulation

from borrowersim_app import simulated_borrower
from borrowersim_evals.evaluate import score_by_rules

THREAD = "call-1"
LINES = (
    "Hello, this is Dana Cole with Northfield Recovery. Am I speaking with Maria Delgado?",
    "Thank you. It is about your card account. How are things for you at the moment?",
    "That sounds hard. We could spread it over 48 monthly payments without fees. Would that work for you?",
)

borrower = simulated_borrower("us-maria-delgado", dials={"resistance": 3}, seed=7)


def stub_agent(message: dict[str, Any], *, thread_id: str, **_: Any) -> dict[str, Any]:
    """Your application: takes the borrower's last message, returns its own."""
    turn = len(borrower.talk(thread_id).agent_turns())
    return {"role": "assistant", "content": LINES[min(turn, len(LINES) - 1)]}


def conduct(*, outputs: list[dict[str, Any]], **_: Any) -> dict[str, Any]:
    """A trajectory evaluator: our score of the agent, 0-1, with what it did wrong."""
    borrower(outputs, thread_id=THREAD)  # the agent's last words are heard as well
    score = score_by_rules(borrower.talk(THREAD))
    wrong = "; ".join(f"{finding.quote!r}: {finding.citation}" for finding in score.breaches)
    return {"key": "conduct", "score": (score.total or 0) / 100, "comment": wrong or "no breach found"}


def simulate() -> Any:
    """Let agent and borrower talk, and score the agent."""
    return run_multiturn_simulation(
        app=stub_agent,
        user=borrower,
        max_turns=4,
        thread_id=THREAD,
        stopping_condition=lambda trajectory, **_: borrower.is_over(THREAD),
        trajectory_evaluators=[conduct],
    )


if __name__ == "__main__":
    result = simulate()
    for message in result["trajectory"]:
        print(f"{message['role']:>9}: {message['content']}")
    print(result["evaluator_results"])
