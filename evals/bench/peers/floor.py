"""The bare loop that the floors share: 12 calls of a talk and one call of the judge."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Any

import shared

Ask = Callable[..., Awaitable[Any]]
"""`ask(model, messages, **extra)` returns the text of one completion."""
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": list(shared.CRITERIA),
    "properties": {name: {"type": "boolean"} for name in shared.CRITERIA},
}
FORM = {"type": "json_schema", "json_schema": {"name": "verdict", "strict": True, "schema": SCHEMA}}
JUDGE_PROMPT = "Judge the agent on: " + "; ".join(shared.CRITERIA.values())
FLIPPED = {"user": "assistant", "assistant": "user"}


async def converse(ask: Ask, index: int) -> shared.Outcome:
    """Play and judge one talk; any failure loses it."""
    try:
        log = await _talk(ask, index)
        text = shared.transcript(log)
        asked = [{"role": "system", "content": JUDGE_PROMPT}, {"role": "user", "content": text}]
        verdict = json.loads(await ask("judge", asked, response_format=FORM))
        return shared.outcome(len(log), [verdict[name] for name in shared.CRITERIA], record=text)
    except Exception as error:
        return shared.outcome(error=repr(error))


async def _talk(ask: Ask, index: int) -> list[shared.Message]:
    log: list[shared.Message] = []
    for _ in range(shared.TURNS):
        view = [{"role": FLIPPED[m["role"]], "content": m["content"]} for m in log]
        said = await ask("user", [{"role": "system", "content": shared.user_prompt(index)}, *view])
        log.append({"role": "user", "content": said})
        said = await ask("agent", [{"role": "system", "content": shared.AGENT_PROMPT}, *log])
        log.append({"role": "assistant", "content": said})
    return log


async def converse_all(ask: Ask, options: Namespace) -> list[shared.Outcome]:
    """Play all talks, so many at once."""
    gate = asyncio.Semaphore(options.concurrency)

    async def gated(index: int) -> shared.Outcome:
        async with gate:
            return await converse(ask, index)

    return await asyncio.gather(*(gated(i) for i in range(options.n)))
