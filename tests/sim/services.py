"""Small HTTP services on loopback for tests of agents."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[["Asked"], Any]
"""Gets what was asked; gives JSON, or a whole response."""


@dataclass
class Asked:
    """One request as the service saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    cookies: dict[str, str]
    body: Any


@dataclass
class Service:
    """A running service and everything that it was asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    peers: set[Any] = field(default_factory=set)
    """Sockets that it was asked over."""

    def bodies(self) -> list[Any]:
        return [asked.body for asked in self.asked]


@asynccontextmanager
async def served(answer: Answer | Callable[[Asked], Awaitable[Any]]) -> AsyncIterator[Service]:
    """Serve every path and method with `answer` until the block ends."""
    service = Service()

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.text()
        peer = request.transport.get_extra_info("peername") if request.transport else None
        service.peers.add(peer)
        asked = Asked(
            request.method,
            request.path,
            request.query_string,
            dict(request.headers),
            dict(request.cookies),
            json.loads(raw) if raw else None,
        )
        service.asked.append(asked)
        given = answer(asked)
        given = await given if isinstance(given, Awaitable) else given
        return given if isinstance(given, web.StreamResponse) else web.json_response(given)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
