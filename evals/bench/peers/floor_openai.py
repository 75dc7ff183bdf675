"""Floor: openai.AsyncOpenAI with its defaults (two retries) on the standard event loop."""

import asyncio
from argparse import Namespace
from typing import Any

from openai import AsyncOpenAI

import floor
import shared


async def run(options: Namespace) -> list[shared.Outcome]:
    """Play all talks."""
    async with AsyncOpenAI(base_url=options.base_url, api_key=shared.API_KEY) as client:

        async def ask(model: str, messages: list[Any], **extra: Any) -> Any:
            reply = await client.chat.completions.create(model=model, messages=messages, **extra)
            return reply.choices[0].message.content

        return await floor.converse_all(ask, options)


if __name__ == "__main__":
    chosen = shared.parser().parse_args()
    meter = shared.Meter(chosen.out)
    outcomes = asyncio.run(run(chosen))
    meter.stop()
    meter.write(outcomes)
