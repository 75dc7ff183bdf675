"""openevals: run_multiturn_simulation_async, an LLM simulated user, one LLM judge per criterion."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI
from openevals.llm import create_async_llm_as_judge
from openevals.simulators import create_async_llm_simulated_user, run_multiturn_simulation_async

import shared


async def converse(index: int, agent: AsyncOpenAI, user: ChatOpenAI, judges: Sequence[Any]) -> shared.Outcome:
    """Play and judge one talk; any failure loses it."""
    log: list[Any] = []

    async def app(message: Any, *, thread_id: str, **_: Any) -> Any:
        log.append({"role": "user", "content": message["content"]})
        asked = [{"role": "system", "content": shared.AGENT_PROMPT}, *log]
        reply = await agent.chat.completions.create(model="agent", messages=asked)
        log.append({"role": "assistant", "content": reply.choices[0].message.content})
        return log[-1]

    try:
        result = await run_multiturn_simulation_async(
            app=app,
            max_turns=shared.TURNS,
            trajectory_evaluators=judges,
            user=create_async_llm_simulated_user(system=shared.user_prompt(index), client=user),
        )
        scores = [row["score"] for row in result["evaluator_results"]]
        return shared.outcome(len(result["trajectory"]), scores, record=shared.transcript(log))
    except Exception as error:
        return shared.outcome(error=repr(error))


async def run(options: Namespace) -> list[shared.Outcome]:
    """Play all talks, so many at once."""
    gate = asyncio.Semaphore(options.concurrency)
    link = {"base_url": options.base_url, "api_key": shared.API_KEY}
    agent, user, judge = AsyncOpenAI(**link), ChatOpenAI(model="user", **link), ChatOpenAI(model="judge", **link)
    judges = [
        create_async_llm_as_judge(
            prompt=text + "\n\n<conversation>\n{outputs}\n</conversation>", judge=judge, feedback_key=name
        )
        for name, text in shared.CRITERIA.items()
    ]

    async def gated(index: int) -> shared.Outcome:
        async with gate:
            return await converse(index, agent, user, judges)

    return await asyncio.gather(*(gated(i) for i in range(options.n)))


if __name__ == "__main__":
    chosen = shared.parser().parse_args()
    meter = shared.Meter(chosen.out)
    outcomes = asyncio.run(run(chosen))
    meter.stop()
    meter.write(outcomes)
