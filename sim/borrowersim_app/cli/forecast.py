"""What a plan would play and about what it would cost, before anything is played."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from borrowersim_app.build import PHRASEBOOK, RULES
from borrowersim_app.cli.common import paper
from borrowersim_evals.planning import Planned
from borrowersim_evals.spending import money
from borrowersim_evals.suite import Suite

EXCHANGES = 8.0
"""Exchanges of a talk on average, as measured over the product's borrowers; never more than max_turns."""
VOICE = (400, 30)
"""Prompt and completion tokens of one line of the borrower, as measured (docs/measured.md)."""
AGENT = (650, 60)
"""The same for a turn of a model as the agent, whose prompt grows with the talk."""
JUDGE = (2_300, 400)
"""The same for judging one talk, without the talk itself."""
JUDGED_TURN = 60
"""Tokens of one exchange in the judge's prompt."""


def forecast(talks: Sequence[Planned], voice: str, judge: str, suite: Suite, *, as_json: bool) -> None:
    """Print the plan and its likely cost."""
    cost = expected(talks, voice, judge, suite)
    if as_json:
        rows = [planned.model_dump(mode="json") for planned in talks]
        paper.print_json(data={"talks": rows, "expected": cost}, ensure_ascii=False)
        return
    table = Table("agent", "talks", title=f"{len(talks)} talks", title_justify="left")
    for agent, number in Counter(planned.agent for planned in talks).items():
        table.add_row(agent, str(number))
    paper.print(table)
    for planned in talks[:20]:
        paper.print(f"  {planned.id}  (seed {planned.seed})", markup=False, soft_wrap=True)
    if len(talks) > 20:
        paper.print(f"  ... and {len(talks) - 20} more; --json lists all", markup=False)
    paper.print(_words(cost), markup=False, soft_wrap=True)


def expected(talks: Sequence[Planned], voice: str, judge: str, suite: Suite) -> dict[str, float]:
    """Return about how many calls and tokens a plan needs, and the money when prices are known."""
    exchanges = min(EXCHANGES, suite.max_turns) * len(talks)
    spoken = 0 if voice == PHRASEBOOK else exchanges
    played = exchanges * sum(_is_model(t.agent) for t in talks) / len(talks)
    judged = 0 if judge == RULES else len(talks)
    prompt = spoken * VOICE[0] + played * AGENT[0] + judged * JUDGE[0] + (judged and exchanges * JUDGED_TURN)
    completion = spoken * VOICE[1] + played * AGENT[1] + judged * JUDGE[1]
    cost: dict[str, float] = {
        "talks": len(talks),
        "calls": round(spoken + played + judged),
        "prompt_tokens": round(prompt),
        "completion_tokens": round(completion),
    }
    return cost if suite.prices is None else cost | {"money": round(money(suite.prices, prompt, completion), 2)}


def _is_model(agent: str) -> bool:
    """Say whether a turn of this agent is a call that this run pays for."""
    return agent == "llm" or agent.startswith(("openai/", "langchain/", "local/"))


def _words(cost: dict[str, float]) -> str:
    tokens = f"{cost['prompt_tokens']:,} prompt and {cost['completion_tokens']:,} completion tokens"
    paid = f", about {cost['money']:,} in the suite's currency" if "money" in cost else ""
    return f"expected: about {cost['calls']:,} model calls, {tokens}{paid}; the agent under test pays for its own"
