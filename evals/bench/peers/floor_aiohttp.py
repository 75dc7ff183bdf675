"""Floor: raw POSTs with aiohttp on uvloop; no retries. What a client on this machine can do at best."""

from argparse import Namespace
from typing import Any

import aiohttp
import uvloop

import floor
import shared


async def run(options: Namespace) -> list[shared.Outcome]:
    """Play all talks."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(options.base_url + "/", connector=connector) as session:

        async def ask(model: str, messages: list[shared.Message], **extra: Any) -> Any:
            body = {"model": model, "messages": messages, **extra}
            async with session.post("chat/completions", json=body) as response:
                response.raise_for_status()
                return (await response.json())["choices"][0]["message"]["content"]

        return await floor.converse_all(ask, options)


if __name__ == "__main__":
    chosen = shared.parser().parse_args()
    meter = shared.Meter(chosen.out)
    outcomes = uvloop.run(run(chosen))
    meter.stop()
    meter.write(outcomes)
