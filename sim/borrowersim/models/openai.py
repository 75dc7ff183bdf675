"""Any OpenAI-compatible service: OpenAI, Azure, DeepSeek, DashScope, Ollama, vLLM, llama.cpp."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from json import JSONDecodeError
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
from openai import (
    AsyncOpenAI,
    AsyncStream,
    BadRequestError,
    DefaultAioHttpClient,
    OpenAIError,
    UnprocessableEntityError,
)
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from borrowersim.errors import BadAnswer
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Reply, Usage
from borrowersim.models.dialect import Dialect
from borrowersim.models.faults import Service, check_address
from borrowersim.models.form import Thoughts, json_document, spoken
from borrowersim.models.retry import Retry, TransportFault, given_up

OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"
"""What is sent as the key to a service that needs none."""

LIBRARY_ERRORS = (OpenAIError, httpx2.HTTPError, aiohttp.ClientError, OSError, JSONDecodeError, UnicodeDecodeError)
"""What the client lets through: its own errors, its transport's while a stream is read, broken JSON."""


class OpenAIModel:
    """A chat model behind an OpenAI-compatible address; without a base URL, OpenAI's own.

    `used` adds up what all calls cost, streams included. `key_variable` and `address_option`
    are not read: messages name them as the places to mend a key or an address.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
        retry: Retry | None = None,
        name: str | None = None,
        key_variable: str = "OPENAI_API_KEY",
        address_option: str = "OPENAI_BASE_URL",
    ) -> None:
        base_url = base_url or OPENAI
        check_address(base_url)
        self._model = model
        self._base_url = base_url
        self._key = api_key or NO_KEY
        self._timeout = timeout
        self._retry = retry or Retry()
        self._name = name or f"openai/{model}"
        self._service = Service(
            f"at {base_url.rstrip('/')}", model, "" if self._key == NO_KEY else self._key, key_variable, address_option
        )
        self._dialect = Dialect()
        self._open: tuple[AsyncOpenAI, asyncio.AbstractEventLoop] | None = None
        self._plain: tuple[aiohttp.ClientSession, asyncio.AbstractEventLoop] | None = None
        self._headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        self.used = Usage()

    @property
    def name(self) -> str:
        return self._name

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        return await self._retry.run(lambda: self._answer(messages, ask), self._service.where)

    async def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        """Yield the answer piece by piece; only the opening is tried again, never half an answer."""
        pieces, first = await self._retry.run(lambda: self._first_piece(messages, ask), self._service.where)
        try:
            yield first
            async for piece in pieces:
                yield piece
        except TransportFault as fault:
            raise given_up(fault, self._service.where, 1) from None
        finally:
            await pieces.aclose()

    async def aclose(self) -> None:
        here = asyncio.get_running_loop()
        if self._open and self._open[1] is here:
            await self._open[0].close()
        if self._plain and self._plain[1] is here:
            await self._plain[0].close()
        self._open = self._plain = None

    async def _answer(self, messages: Sequence[Message], ask: Ask) -> Reply:
        completion = await self._create(messages, ask, streamed=False)
        text, usage = self._text(completion), self._count(_usage(completion))
        return Reply(text=json_document(text) if ask.json_schema else text, usage=usage)

    async def _first_piece(self, messages: Sequence[Message], ask: Ask) -> tuple[Any, str]:
        pieces = self._pieces(await self._create(messages, ask, streamed=True))
        async for piece in pieces:
            return pieces, piece
        raise BadAnswer(f"the model service {self._service.where} sent an empty stream for {self._model!r}")

    async def _pieces(self, chunks: AsyncStream[ChatCompletionChunk]) -> AsyncIterator[str]:
        thoughts, usage = Thoughts(), None
        try:
            async for chunk in chunks:
                usage = chunk.usage or usage
                if piece := thoughts.feed(_delta(chunk)):
                    yield piece
            if piece := thoughts.rest():
                yield piece
        except LIBRARY_ERRORS as problem:
            raise self._service.broken_off(problem) from None
        finally:
            self._count(usage)
            await chunks.close()

    async def _create(self, messages: Sequence[Message], ask: Ask, *, streamed: bool) -> Any:
        """Send one request, and send it again for each thing the service says it does not know."""
        while True:
            body = self._dialect.body(self._model, messages, ask)
            body = self._dialect.streamed(body) if streamed else body
            try:
                return await self._send(body, streamed=streamed)
            except (BadRequestError, UnprocessableEntityError) as refusal:
                if not self._dialect.learn(self._service.words(refusal), refusal.param, body):
                    raise self._service.fault(refusal) from None
            except LIBRARY_ERRORS as problem:
                raise self._service.fault(problem) from None

    @property
    def _address(self) -> str:
        return f"{self._base_url.rstrip('/')}/chat/completions"

    async def _send(self, body: dict[str, Any], *, streamed: bool) -> Any:
        """Return a stream, or the answer's JSON as it came.

        The client checks every message's type, builds a request and a response object in two libraries,
        and an object tree of the answer that nobody reads: two thirds of the processor time of a run with
        models. A whole answer is one POST of one document, so it goes straight through aiohttp,
        which carries the client as well; what is refused becomes the client's own error.
        """
        if streamed:
            return await self._client().chat.completions.create(**body)
        async with self._session().post(self._address, data=json.dumps(body).encode(), headers=self._headers) as answer:
            raw = await answer.read()
            if answer.status >= 400:
                raise self._refused(answer, raw)
            return json.loads(raw)

    def _refused(self, answer: aiohttp.ClientResponse, raw: bytes) -> OpenAIError:
        """Return the error that the client would raise for this answer."""
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        told = body.get("error", body) if isinstance(body, dict) else body
        headers = [(name, value) for name, value in answer.headers.items() if name.lower() != "content-encoding"]
        request = httpx2.Request("POST", self._address)
        response = httpx2.Response(answer.status, headers=headers, content=raw, request=request)
        words = f"Error code: {answer.status} - {body}" if body else raw.decode("utf-8", "replace")
        return self._client()._make_status_error(words, body=told, response=response)

    def _text(self, completion: Any) -> str:
        choices = completion.get("choices") if isinstance(completion, dict) else None
        if not choices or not isinstance(choices[0], dict):
            raise BadAnswer(self._service.no_answer())
        why = choices[0].get("finish_reason")
        content = (choices[0].get("message") or {}).get("content")
        text = spoken(content) if isinstance(content, str) else ""
        if not text:
            hint = "; raise max_tokens: the model spent them on thinking" if why == "length" else ""
            raise BadAnswer(f"the model {self._model!r} answered without text (finish reason: {why}){hint}")
        return text

    def _count(self, usage: CompletionUsage | None) -> Usage:
        counted = Usage(
            calls=1,
            prompt_tokens=(usage.prompt_tokens if usage else 0) or 0,
            completion_tokens=(usage.completion_tokens if usage else 0) or 0,
        )
        self.used += counted
        return counted

    def _session(self) -> aiohttp.ClientSession:
        """Return the one session of this event loop; as many connections as there are calls at once."""
        loop = asyncio.get_running_loop()
        if self._plain is None or self._plain[1] is not loop:
            timeout = aiohttp.ClientTimeout(total=self._timeout, connect=min(10.0, self._timeout))
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
            # Asked once: with `trust_env` aiohttp reads the environment and .netrc anew for every request.
            proxy = _proxy_for(self._base_url)
            self._plain = aiohttp.ClientSession(connector=connector, timeout=timeout, proxy=proxy), loop
        return self._plain[0]

    def _client(self) -> AsyncOpenAI:
        """Return the one client of this event loop; its connections cannot move to another loop."""
        loop = asyncio.get_running_loop()
        if self._open is None or self._open[1] is not loop:
            limits = httpx2.Limits(max_connections=1000, max_keepalive_connections=1000, keepalive_expiry=60)
            timeout = httpx2.Timeout(self._timeout, connect=min(10.0, self._timeout))
            client = AsyncOpenAI(
                api_key=self._key,
                base_url=self._base_url,
                timeout=timeout,
                max_retries=0,
                http_client=DefaultAioHttpClient(limits=limits, timeout=timeout),
            )
            self._open = client, loop
        return self._open[0]


def _proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for an address, None for a direct connection."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def _usage(completion: Any) -> CompletionUsage | None:
    said = completion.get("usage") if isinstance(completion, dict) else None
    if not isinstance(said, dict):
        return None
    prompt, completed = said.get("prompt_tokens") or 0, said.get("completion_tokens") or 0
    return CompletionUsage(prompt_tokens=prompt, completion_tokens=completed, total_tokens=prompt + completed)


def _delta(chunk: ChatCompletionChunk) -> str:
    delta = chunk.choices[0].delta if chunk.choices else None
    return (delta.content if delta else None) or ""
