"""The OpenAI-compatible client against a little service on loopback that misbehaves on demand."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import web

from borrowersim.errors import BadAnswer, ServiceDown, UsageError
from borrowersim.models import Ask, Message, OpenAIModel, Retry, Usage

pytestmark = pytest.mark.anyio
KEY = "sk-verysecret123456"
HELLO = (Message(role="user", content="Hello."),)
USAGE = {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def completion(content: Any = "No money.", finish: str = "stop", **more: Any) -> web.Response:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
    return web.json_response({**head, "choices": [choice], "usage": USAGE, **more})


def refusal(status: int, message: str, headers: dict[str, str] | None = None, **more: Any) -> web.Response:
    return web.json_response({"error": {"message": message, **more}}, status=status, headers=headers)


def event(**chunk: Any) -> bytes:
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps({**head, **chunk})}\n\n".encode()


def piece(text: str) -> bytes:
    return event(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": None}])


class Service:
    """Answers requests with the given handlers, one each; the last one stays."""

    def __init__(self, *handlers: Handler | web.Response) -> None:
        self._handlers = list(handlers)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        handler = self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0]
        if isinstance(handler, web.Response):
            text, headers = handler.text, {k: v for k, v in handler.headers.items() if k != "Content-Length"}
            return web.Response(text=text, status=handler.status, headers=headers)
        return await handler(request)


@asynccontextmanager
async def serving(
    *handlers: Handler | web.Response, **options: Any
) -> AsyncIterator[tuple[OpenAIModel, Service, list[float]]]:
    service, slept = Service(*handlers), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", service.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    retry = Retry(attempts=3, rng=Random(1), sleep=sleep)
    model = OpenAIModel("m-1", base_url=service.url, api_key=KEY, retry=retry, **{"timeout": 5, **options})
    try:
        yield model, service, slept
    finally:
        await model.aclose()
        await runner.cleanup()


async def collect(stream: AsyncIterator[str], into: list[str]) -> None:
    async for text in stream:
        into.append(text)


async def reset(request: web.Request) -> web.StreamResponse:
    """Drop the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def test_a_reply_comes_with_its_usage() -> None:
    async with serving(completion()) as (model, service, slept):
        reply = await model.reply(HELLO, Ask(seed=7, max_tokens=50, temperature=0.1, stop=("\n",)))
        assert reply.text == "No money."
        assert reply.usage == Usage(calls=1, prompt_tokens=11, completion_tokens=4) == model.used
        assert service.bodies == [
            {
                "model": "m-1",
                "messages": [{"role": "user", "content": "Hello."}],
                "max_tokens": 50,
                "temperature": 0.1,
                "seed": 7,
                "stop": ["\n"],
            }
        ]
        assert service.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert slept == []
        assert model.name == "openai/m-1"


async def test_a_busy_service_is_asked_again_when_it_says() -> None:
    busy = refusal(429, "slow down", {"retry-after": "3"})
    async with serving(busy, refusal(503, "overloaded"), completion()) as (model, service, slept):
        assert (await model.reply(HELLO)).text == "No money."
        assert len(service.bodies) == 3
        assert 3 <= slept[0] <= 3.75
        assert slept[1] <= 1


async def test_a_dropped_connection_is_tried_again() -> None:
    async with serving(reset, reset, completion()) as (model, service, slept):
        assert (await model.reply(HELLO)).text == "No money."
        assert (len(service.bodies), len(slept)) == (3, 2)


async def test_a_slow_service_counts_as_unreachable() -> None:
    async def sleepy(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(2)
        return completion()

    async with serving(sleepy, timeout=0.1) as (model, _service, _):
        with pytest.raises(ServiceDown, match=r"after 3 tries \(no answer in time\)"):
            await model.reply(HELLO)


async def test_nobody_listening() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        model = OpenAIModel("m", base_url=url, retry=Retry(rng=Random(1), sleep=sleep))
        with pytest.raises(ServiceDown) as caught:
            await model.reply(HELLO)
        await model.aclose()
    assert str(caught.value) == (
        f"the model service at {url} could not be reached after 5 tries (connection refused); "
        "start it or change OPENAI_BASE_URL"
    )
    assert len(slept) == 4


@pytest.mark.parametrize(
    ("status", "message", "error", "says"),
    [
        (401, f"Incorrect API key provided: {KEY}", UsageError, "set OPENAI_API_KEY"),
        (403, "not allowed", UsageError, "refused the key"),
        (402, "Insufficient Balance", UsageError, "no credit left"),
        (404, "The model does not exist", UsageError, "'m-1'.*OPENAI_BASE_URL"),
        (400, "maximum context length is 10 tokens", BadAnswer, "maximum context length"),
        (413, "too big", BadAnswer, "413"),
    ],
)
async def test_a_refusal_is_final_and_says_what_to_do(status: int, message: str, error: type, says: str) -> None:
    async with serving(refusal(status, message)) as (model, service, slept):
        with pytest.raises(error, match=says) as caught:
            await model.reply(HELLO)
        assert (len(service.bodies), slept) == (1, [])
        assert KEY not in str(caught.value)
        if status == 404:
            assert service.url in str(caught.value)


async def test_an_empty_purse_is_not_a_busy_service() -> None:
    async with serving(refusal(429, "You exceeded your quota", code="insufficient_quota")) as (model, _service, slept):
        with pytest.raises(UsageError, match="top it up"):
            await model.reply(HELLO)
        assert slept == []


async def test_a_service_that_keeps_failing_is_down() -> None:
    async with serving(refusal(500, f"boom {KEY}")) as (model, service, _slept):
        with pytest.raises(ServiceDown, match=r"kept failing: 3 tries, the last one 500 boom \[key\]"):
            await model.reply(HELLO)
        assert len(service.bodies) == 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (completion(choices=[]), "OpenAI-compatible"),
        (completion(""), "without text"),
        (completion("  \n"), "without text"),
        (completion(None), "without text"),
        (completion(None, finish="length"), "raise max_tokens"),
        (completion("<think>hm, hm", finish="length"), "raise max_tokens"),
        (web.Response(text="<html>Welcome</html>", content_type="text/html"), "ends in /v1"),
        (web.Response(text='{"id": ', content_type="application/json"), "ends in /v1"),
        (web.json_response({"hello": 1}), "OpenAI-compatible"),
    ],
)
async def test_nonsense_is_a_bad_answer_and_not_asked_for_again(answer: web.Response, says: str) -> None:
    async with serving(answer) as (model, service, slept):
        with pytest.raises(BadAnswer, match=says):
            await model.reply(HELLO)
        assert (len(service.bodies), slept) == (1, [])


SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}}


async def test_json_falls_back_once_and_is_remembered() -> None:
    no_schema = refusal(400, "response_format of type json_schema is not supported")
    async with serving(no_schema, no_schema, completion('{"ok": true}')) as (model, service, slept):
        for _ in range(2):
            assert json.loads((await model.reply(HELLO, Ask(json_schema=SCHEMA))).text) == {"ok": True}
        forms = [body["response_format"]["type"] for body in service.bodies]
        assert forms == ["json_schema", "json_schema", "json_object", "json_object"]
        assert "JSON Schema" in service.bodies[2]["messages"][0]["content"]
        assert slept == []


async def test_json_in_words_when_nothing_else_is_known() -> None:
    never = refusal(422, "Extra inputs are not permitted: response_format")
    answer = completion('Sure:\n```json\n{"ok": true}\n```')
    async with serving(never, never, never, answer) as (model, service, _):
        assert (await model.reply(HELLO, Ask(json_schema=SCHEMA))).text == '{"ok": true}'
        assert "response_format" not in service.bodies[-1]


async def test_cut_off_json_is_a_bad_answer() -> None:
    async with serving(completion('{"ok": tr')) as (model, _service, _):
        with pytest.raises(BadAnswer, match="asked for JSON"):
            await model.reply(HELLO, Ask(json_schema=SCHEMA))


def streaming(*pieces: bytes, abort: bool = False) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for one in pieces:
            await response.write(one)
            await asyncio.sleep(0.01)
        if abort:
            assert request.transport is not None
            request.transport.abort()
        return response

    return handler


END = (event(choices=[], usage=USAGE), b"data: [DONE]\n\n")


async def test_a_stream_comes_in_pieces_without_the_thought_and_is_counted() -> None:
    pieces = ("<thi", "nk>He threatens.</think>", "\n", "I ", "cannot ", "pay.")
    async with serving(refusal(500, "boom"), streaming(*map(piece, pieces), *END)) as (model, service, slept):
        assert [text async for text in model.stream(HELLO)] == ["I ", "cannot ", "pay."]
        assert service.bodies[1]["stream_options"] == {"include_usage": True}
        assert len(slept) == 1
        assert model.used == Usage(calls=1, prompt_tokens=11, completion_tokens=4)


async def test_a_stream_that_breaks_off_is_not_begun_again() -> None:
    async with serving(streaming(piece("I cannot "), abort=True)) as (model, service, slept):
        got = list[str]()
        with pytest.raises(ServiceDown, match="the answer broke off"):
            await collect(model.stream(HELLO), got)
        assert (got, len(service.bodies), slept) == (["I cannot "], 1, [])


async def test_an_empty_stream_is_a_bad_answer() -> None:
    async with serving(streaming(*END)) as (model, _service, _):
        with pytest.raises(BadAnswer, match="empty stream"):
            await anext(model.stream(HELLO))


async def test_leaving_a_stream_early_leaves_nothing_open() -> None:
    async with serving(streaming(*(piece(str(i)) for i in range(200)), *END)) as (model, _service, _):
        stream = model.stream(HELLO)
        assert await anext(stream) == "0"
        await stream.aclose()  # type: ignore[attr-defined]
        assert model.used.calls == 1


async def test_many_calls_share_connections_and_come_back_to_their_askers() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        await asyncio.sleep(0.02)
        return completion(body["messages"][0]["content"])

    async with serving(echo) as (model, _service, _):
        prompts = [(Message(role="user", content=f"line {i}"),) for i in range(150)]
        replies = await asyncio.gather(*(model.reply(prompt) for prompt in prompts))
        assert [reply.text for reply in replies] == [f"line {i}" for i in range(150)]
        assert model.used.calls == 150


def test_a_model_survives_a_change_of_event_loop() -> None:
    async def once(model: OpenAIModel | None) -> OpenAIModel:
        async with serving(completion()) as (fresh, service, _):
            model = model or fresh
            model._base_url = service.url
            assert (await model.reply(HELLO)).text == "No money."
            await model.aclose()
            return model

    model = asyncio.run(once(None))
    asyncio.run(once(model))


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host/v1", "https://", "http://me:secret@host/v1"])
def test_an_address_must_look_like_one(url: str) -> None:
    with pytest.raises(UsageError, match="a base URL") as caught:
        OpenAIModel("m", base_url=url)
    assert "secret" not in str(caught.value)


def test_the_key_is_in_no_representation() -> None:
    model = OpenAIModel("m", base_url="http://127.0.0.1:1/v1", api_key=KEY)
    assert KEY not in f"{model!r} {model._service!r}"
