"""The embedded model: guards that need no model file, and, marked `model`, the real thing."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from borrowersim.errors import BadAnswer, ServiceDown, UsageError
from borrowersim.models import Ask, Completer, LocalModel, Message, Reply, Usage
from borrowersim.models import llama as llama_module
from borrowersim.models.catalogue import DEFAULT_MODEL, default_folder, installed
from borrowersim.models.llama import Load, borrow, checked, give_back

pytestmark = pytest.mark.anyio
needs_runtime = pytest.mark.skipif(find_spec("xllamacpp") is None, reason="xllamacpp is not installed")


def gguf(path: Path, more: bytes = b"") -> Path:
    path.write_bytes(b"GGUF" + more)
    return path


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 a zip"])
def test_what_is_no_model_file_is_refused_at_once(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "some.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="borrowersim models pull"):
        LocalModel(path)
    with pytest.raises(UsageError, match=r"name a \.gguf file"):
        LocalModel(tmp_path)


def test_a_missing_runtime_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(UsageError, match=r"pip install 'borrowersim\[local\]'"):
        LocalModel(gguf(tmp_path / "some.gguf"))


@needs_runtime
async def test_a_broken_file_is_a_usage_error_and_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = LocalModel(gguf(tmp_path / "some.gguf", os.urandom(5000)))
    assert model.name == "local/some"
    with pytest.raises(UsageError, match="broken or cut short"):
        await model.complete("Hello")
    await model.aclose()
    assert capfd.readouterr() == ("", "")


def test_one_file_is_open_once_and_in_one_way(tmp_path: Path) -> None:
    load = Load(tmp_path / "a.gguf", 2, 4096, None, 64)
    first, second = borrow(load), borrow(load)
    assert first is second
    with pytest.raises(UsageError, match="already open with 2 slots of 4096 tokens"):
        borrow(Load(tmp_path / "a.gguf", 4, 4096, None, 64))
    give_back(first)
    assert borrow(load) is first
    give_back(first)
    give_back(first)
    assert load.path not in llama_module._loaded


@pytest.mark.parametrize(
    ("item", "error", "says"),
    [
        (ValueError("bad schema"), UsageError, "bad schema"),
        (RuntimeError("odd"), ServiceDown, "odd"),
        ({"error": {"code": 400, "message": "no prompt"}}, BadAnswer, "no prompt"),
        ({"error": {"code": 500, "message": "broke"}}, ServiceDown, "broke"),
        (
            {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}},
            BadAnswer,
            "9 tokens",
        ),
    ],
)
def test_what_the_server_says_becomes_our_error(item: Any, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        checked(item)


class FakeServer:
    """Calls back like llama.cpp's server and stops when it is told to."""

    def __init__(self, *pieces: str, pause: float = 0.0) -> None:
        self.pieces = pieces
        self.pause = pause
        self.sent = 0
        self.bodies: list[dict[str, Any]] = []

    def handle_completions(self, body: dict[str, Any], callback: Any) -> None:
        self._send(body, callback, lambda i, piece: {"index": i, "text": piece}, body["n"])

    def handle_chat_completions(self, body: dict[str, Any], callback: Any) -> None:
        self._send(body, callback, lambda i, piece: {"index": i, "delta": {"content": piece}}, 1)

    def _send(self, body: dict[str, Any], callback: Any, choice: Any, n: int) -> None:
        self.bodies.append(body)
        for piece in self.pieces:
            for i in range(n):
                time.sleep(self.pause)
                self.sent += 1
                if callback({"choices": [choice(i, piece)]}):
                    return
        for _ in range(n):
            callback({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": len(self.pieces)}})


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeServer], LocalModel]:
    """Return a maker of a model whose file is served by a fake."""

    def make(server: FakeServer) -> LocalModel:
        monkeypatch.setattr(llama_module, "_serve", lambda load: server)
        monkeypatch.setattr("borrowersim.models.local.binding", lambda: None)
        return LocalModel(gguf(tmp_path / "some.gguf"), slots=2)

    return make


SAY = (Message(role="user", content="Hello."),)


async def test_a_reply_is_put_together_and_counted(served: Callable[[FakeServer], LocalModel]) -> None:
    server = FakeServer("<think>hm</think>", " I ", "can't.")
    model = served(server)
    reply = await model.reply(SAY, Ask(seed=-1, stop=("\n",), max_tokens=9, temperature=0.5))
    assert reply == Reply(text="I can't.", usage=Usage(calls=1, prompt_tokens=7, completion_tokens=3))
    assert [piece async for piece in model.stream(SAY)] == ["I ", "can't."]
    assert model.used == Usage(calls=2, prompt_tokens=14, completion_tokens=6)
    assert server.bodies[0] == {
        "messages": [{"role": "user", "content": "Hello."}],
        "max_tokens": 9,
        "temperature": 0.5,
        "cache_prompt": True,
        "stop": ["\n"],
        "seed": 2**32 - 1,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    await model.aclose()


async def test_candidates_are_made_as_many_at_a_time_as_there_are_slots(
    served: Callable[[FakeServer], LocalModel],
) -> None:
    server = FakeServer(" No", ".")
    model = served(server)
    await model.warm("Agent:")
    texts, usage = await model.complete("Agent: Pay.\nMaria:", Ask(seed=10, json_schema={"type": "object"}), n=3)
    assert texts == [" No."] * 3
    assert usage == Usage(calls=2, prompt_tokens=14, completion_tokens=6)
    assert [(body["n"], body.get("seed"), body["max_tokens"]) for body in server.bodies] == [
        (1, None, 1),
        (2, 10, 200),
        (1, 12, 200),
    ]
    assert server.bodies[1]["json_schema"] == {"type": "object"}
    await model.aclose()


@pytest.mark.parametrize("pieces", [(), ("  ",), ("<think>only",)])
async def test_an_answer_without_text_is_bad(
    pieces: tuple[str, ...], served: Callable[[FakeServer], LocalModel]
) -> None:
    model = served(FakeServer(*pieces))
    with pytest.raises(BadAnswer, match="without text"):
        await model.reply(SAY)
    with pytest.raises(BadAnswer, match="without text"):
        await anext(model.stream(SAY))
    await model.aclose()


async def test_json_is_held_to_its_schema_and_checked(served: Callable[[FakeServer], LocalModel]) -> None:
    server = FakeServer('{"n": 1', "}")
    model = served(server)
    assert (await model.reply(SAY, Ask(json_schema={"type": "object"}))).text == '{"n": 1}'
    assert server.bodies[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}
    server.pieces = ('{"n": 1',)
    with pytest.raises(BadAnswer, match="asked for JSON"):
        await model.reply(SAY, Ask(json_schema={"type": "object"}))
    await model.aclose()


async def test_a_call_that_is_given_up_stops_the_server(served: Callable[[FakeServer], LocalModel]) -> None:
    server = FakeServer(*["x"] * 1000, pause=0.002)
    model = served(server)
    task = asyncio.create_task(model.complete("Hello"))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await model.aclose()
    assert 0 < server.sent < 500


async def test_leaving_a_stream_stops_the_server(served: Callable[[FakeServer], LocalModel]) -> None:
    server = FakeServer(*["x"] * 1000, pause=0.002)
    model = served(server)
    stream = model.stream(SAY)
    assert await anext(stream) == "x"
    await stream.aclose()  # type: ignore[attr-defined]
    await model.aclose()
    assert server.sent < 500


def test_an_event_loop_that_went_away_stops_the_server(served: Callable[[FakeServer], LocalModel]) -> None:
    server = FakeServer(*["x"] * 1000, pause=0.002)
    model = served(server)
    call = asyncio.wait_for(model.complete("Hello"), 0.1)
    with pytest.raises(TimeoutError):
        asyncio.run(call)
    llama_module.close_all()
    assert server.sent < 500


def embedded() -> Path | None:
    return installed(DEFAULT_MODEL, Path(os.environ.get("BORROWERSIM_MODELS") or default_folder()))


@pytest.fixture
async def model() -> AsyncIterator[LocalModel]:
    path = embedded()
    if path is None:
        pytest.skip("the embedded model is not here; run: borrowersim models pull")
    pytest.importorskip("xllamacpp")
    model = LocalModel(path, slots=2, context=1024, cache_mib=64)
    yield model
    await model.aclose()


CHAT = (Message(role="user", content="Count from 1 to 50, separated by commas."),)
PREFIX = "".join(f"[greets {i}]\nAgent: Good morning.\nMaria: What is it?\n" for i in range(20))


@pytest.mark.model
async def test_it_continues_text_from_a_warm_prefix(model: LocalModel, capfd: pytest.CaptureFixture[str]) -> None:
    assert isinstance(model, Completer)
    await model.warm(PREFIX)
    ask = Ask(max_tokens=12, seed=3, stop=("\n",))
    texts, usage = await model.complete(PREFIX + "[asks for time]\nAgent: Please pay today.\nMaria:", ask, n=3)
    assert len(texts) == 3
    assert all(text.strip() and "\n" not in text for text in texts)
    assert usage.calls == 2, "three candidates over two slots are two calls"
    assert usage.completion_tokens > 3
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
async def test_the_same_seed_on_a_warm_prompt_gives_the_same_line(model: LocalModel) -> None:
    prompt = PREFIX + "Agent: Please pay today.\nMaria:"
    await model.warm(prompt)
    ask = Ask(max_tokens=12, seed=3, stop=("\n",), temperature=0.9)
    assert await model.complete(prompt, ask) == await model.complete(prompt, ask)


@pytest.mark.model
async def test_it_chats_and_streams(model: LocalModel) -> None:
    reply = await model.reply(CHAT, Ask(max_tokens=20, seed=1, temperature=0))
    assert "1, 2, 3" in reply.text
    assert reply.usage.prompt_tokens > 10
    stream = model.stream(CHAT, Ask(max_tokens=20, seed=1, temperature=0))
    assert "".join([piece async for piece in stream]).strip() == reply.text


@pytest.mark.model
async def test_it_answers_in_json(model: LocalModel) -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    reply = await model.reply(
        (Message(role="user", content="Seven apples. How many?"),), Ask(json_schema=schema, seed=1)
    )
    assert list(json.loads(reply.text)) == ["n"]
    with pytest.raises(UsageError, match="cannot follow"):
        await model.reply(CHAT, Ask(json_schema={"type": "objct"}))


@pytest.mark.model
async def test_calls_run_side_by_side_and_a_long_prompt_is_refused(model: LocalModel) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    ask = Ask(max_tokens=8, seed=1)
    answers = await asyncio.gather(*(model.complete(f"{i} + 1 =", ask, n=1 + i % 2) for i in range(6)))
    ticking.cancel()
    assert [len(texts) for texts, _ in answers] == [1, 2, 1, 2, 1, 2]
    assert ticks > 10, "the event loop was blocked"
    with pytest.raises(BadAnswer, match="reads 1024"):
        await model.complete("word " * 3000, ask)


ENDS = """
import asyncio, sys
from pathlib import Path
from borrowersim.models import Ask, LocalModel, Message

async def main():
    model = LocalModel(Path(sys.argv[1]), context=512)
    async for piece in model.stream((Message(role="user", content="Count to 1000."),), Ask(max_tokens=400)):
        print("spoke", flush=True)
        break  # neither the stream nor the model is closed

asyncio.run(main())
"""


@pytest.mark.model
def test_the_interpreter_ends_cleanly_with_a_model_open() -> None:
    path = embedded()
    if path is None:
        pytest.skip("the embedded model is not here; run: borrowersim models pull")
    done = subprocess.run([sys.executable, "-c", ENDS, str(path)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "spoke\n", "")
