"""An agent under test behind plain JSON over HTTP, described by a definition file (docs/agents.md)."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from borrowersim.acts import BorrowerAct
from borrowersim.agents.answers import WHOLE, Absent, found, found_in
from borrowersim.agents.context import context_of, fresh_id, history, spoken_text, turn_number
from borrowersim.agents.definition import HttpCall, HttpDefinition
from borrowersim.agents.faults import tried
from borrowersim.agents.pool import Pool
from borrowersim.agents.secrets import keys_in, variables, with_secrets
from borrowersim.agents.template import filled, filled_url, values
from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError
from borrowersim.models.base import Usage
from borrowersim.models.faults import connection_reason, without_keys
from borrowersim.models.form import excerpt
from borrowersim.models.retry import RETRIED_STATUS, Retry, TransportFault, retry_after
from borrowersim.talk import Talk

log = logging.getLogger(__name__)
MOST_BYTES = 4_000_000
"""Bytes of the longest answer that is read."""


class HttpAgent:
    """Asks a service for each turn. One object a talk: it keeps the service's conversation id and cookies.

    `env` fills `${NAME}` in headers; `pool` lends connections to all talks of a run.
    """

    def __init__(
        self,
        definition: HttpDefinition,
        case: Briefing,
        *,
        name: str,
        env: Mapping[str, str] | None = None,
        pool: Pool | None = None,
        retry: Retry | None = None,
        new_id: Callable[[str], str] = fresh_id,
    ) -> None:
        env = env or {}
        self.name = name
        self.usage = Usage()
        self._definition = definition
        self._case = case
        self._headers = [with_secrets(call.headers, env, f"the agent {name}") for call in definition.calls]
        self._keys = tuple(key for call in definition.calls for key in keys_in(call.headers, env))
        self._pool = pool
        self._retry = retry or Retry(attempts=definition.tries)
        self._new_id = new_id
        self._id: str | None = None
        self._slots: dict[str, Any] = {}
        self._session: aiohttp.ClientSession | None = None
        self._over = False

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        """Return what the service says next; None when it hung up."""
        if self._over:
            return None
        if self._session is None:
            self._opened()
            greeting = await self._begin(talk)
            if greeting is not None:
                return greeting
        self._prepare(talk)
        answer = await self._ask(self._definition)
        self._note(answer)
        return self._said(answer)

    async def aclose(self) -> None:
        """Tell the service that the talk is over, where it wants to know, and let go of the connection."""
        if self._session is None:
            return
        try:
            if self._definition.close:
                await self._ask(self._definition.close)
        except AgentError as failure:
            log.warning("%s", failure)
        finally:
            await self._session.close()
            self._session = None
            self._over = True

    def _opened(self) -> aiohttp.ClientSession:
        """Return the session of this talk: connections are shared with others, cookies are not."""
        if self._session is not None:
            return self._session
        shared = self._pool.connector() if self._pool else None
        timeout = aiohttp.ClientTimeout(
            total=self._definition.timeout, sock_connect=min(10.0, self._definition.timeout)
        )
        self._session = aiohttp.ClientSession(
            connector=shared,
            connector_owner=shared is None,
            timeout=timeout,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # or services at 127.0.0.1 could set none
        )
        return self._session

    async def _begin(self, talk: Talk) -> str | None:
        """Make the call before the talk; return its greeting, when it has one."""
        start = self._definition.start
        self._id = None if self._definition.conversation_id or _gives_id(start) else self._new_id(talk.id)
        if start is None:
            return None
        self._prepare(talk)
        answer = await self._ask(start)
        if start.conversation_id:
            self._id = self._as_id(found_in(answer, start.conversation_id, self.name, "start.conversation_id"))
        greeting = found_in(answer, start.reply, self.name, "start.reply") if start.reply else None
        return None if greeting is None else spoken_text(greeting, self.name)

    def _prepare(self, talk: Talk) -> None:
        context = context_of(self._case, self._id or "", turn_number(talk))
        self._slots = values(context, list(history(talk)), self._id)

    def _note(self, answer: Any) -> None:
        """Take over the service's id for the talk, and what the turn cost."""
        definition = self._definition
        if definition.conversation_id:
            self._id = self._as_id(found_in(answer, definition.conversation_id, self.name, "conversation_id"))
        paths = definition.usage
        counts = {field: _count(answer, path) for field, path in (paths.model_dump() if paths else {}).items()}
        self.usage += Usage(calls=1, **counts)

    def _said(self, answer: Any) -> str | None:
        end = self._definition.end
        if end and _at(answer, end.path) == end.value:
            self._over = True
            last = _at(answer, self._definition.reply)
            return last.strip() or None if isinstance(last, str) else None
        reply = found_in(answer, self._definition.reply, self.name, "reply")
        if reply is None:
            self._over = True
            return None
        return spoken_text(reply, self.name)

    def _as_id(self, value: Any) -> str:
        if not isinstance(value, str | int) or value == "":
            raise AgentError(
                f"the agent {self.name} gave {excerpt(repr(value), 60)} as the id of the talk; give a string"
            )
        return str(value)

    async def _ask(self, call: HttpCall) -> Any:
        return await tried(self._retry, lambda: self._send(call), self.name)

    async def _send(self, call: HttpCall) -> Any:
        """Send one request and return its JSON."""
        headers = self._headers[self._definition.calls.index(call)]
        body = None if call.body is None else filled(call.body, self._slots)
        url = filled_url(call.url, self._slots)
        try:
            async with self._opened().request(
                call.method, url, headers=headers, json=body, allow_redirects=False
            ) as response:
                raw = await _read(response, self.name)
                self._refuse(response, raw)
        except (aiohttp.ClientError, OSError) as problem:
            raise self._fault(problem, call) from None
        return _document(raw, self.name, whole=call is self._definition and self._definition.reply == WHOLE)

    def _refuse(self, response: aiohttp.ClientResponse, raw: bytes) -> None:
        """Raise what a status means; below 300 all is well."""
        status = response.status
        if status < 300:
            return
        words = self._words(raw.decode("utf-8", "replace"))
        if status in RETRIED_STATUS or status >= 500:
            raise TransportFault(f"{status} {words}", reached=True, after=retry_after(response.headers))
        raise AgentError(f"the agent {self.name} refused the turn ({status}: {words}); {self._advice(response)}")

    def _advice(self, response: aiohttp.ClientResponse) -> str:
        if response.status < 400:
            to = self._words(response.headers.get("Location", "nowhere"))
            return f"it redirects to {to}: set `url` to the address that answers"
        if response.status in (401, 403):
            named = ", ".join({name for call in self._definition.calls for name in variables(call.headers)})
            return f"check the key in {named}" if named else "give it a key under `headers` in its definition"
        if response.status in (404, 405):
            return "check `url` and `method` in its definition"
        return "check `body` and `headers` in its definition"

    def _fault(self, problem: Exception, call: HttpCall) -> AgentError | TransportFault:
        if isinstance(problem, aiohttp.InvalidURL | aiohttp.ClientResponseError):
            return AgentError(f"the agent {self.name} did not answer in HTTP: {self._words(str(problem))}; check `url`")
        return TransportFault(connection_reason(problem), advice=f"start it, or change `url`, now {call.url}")

    def _words(self, text: str) -> str:
        return without_keys(excerpt(text, 300), self._keys) or "no words"


def _gives_id(start: Any) -> bool:
    return bool(start and start.conversation_id)


def _at(answer: Any, path: str) -> Any:
    try:
        return found(answer, path)
    except Absent:
        return None


def _count(answer: Any, path: str) -> int:
    value = _at(answer, path) if path else 0
    return value if isinstance(value, int) and value > 0 else 0


async def _read(response: aiohttp.ClientResponse, name: str) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise AgentError(f"the agent {name} answered with more than {MOST_BYTES} bytes; a turn is a few sentences")
    return bytes(raw)


def _document(raw: bytes, name: str, *, whole: bool) -> Any:
    """Return the answer's JSON; an answer that is wanted whole may be plain text, and an empty one is null."""
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        if whole:
            return text
    raise AgentError(
        f"the agent {name} did not answer in JSON, but with {excerpt(text, 80)!r}; "
        "check `url`; for plain text set `reply: .` in its definition"
    )
