"""LangChain models behind our seam: dials set, errors mapped, retries ours."""

import json
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from borrowersim.errors import BadAnswer, ServiceDown, UsageError
from borrowersim.models import Ask, LangChainModel, Message, Retry, Usage

pytestmark = pytest.mark.anyio
HELLO = (Message(role="system", content="You are Maria."), Message(role="user", content="Hello."))
USAGE = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}


class ProviderError(Exception):
    """What a provider's library raises: no base class of ours, a status if there was an answer."""

    def __init__(self, message: str, status_code: int | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.response = type("Response", (), {"headers": headers or {}, "status_code": status_code})()


class ProviderConnectTimeout(Exception):
    """Named as such errors are, and without a status."""


class Provider(BaseChatModel):
    """A chat model that answers from a list and remembers how it was called."""

    temperature: float = 1.0
    num_predict: int = 10
    _answers: list[Any] = PrivateAttr(default_factory=list)
    _calls: list[dict[str, Any]] = PrivateAttr(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "provider"

    def _next(self, messages: list[BaseMessage], stop: Sequence[str] | None, options: dict[str, Any]) -> Any:
        said = [(message.type, message.text) for message in messages]
        dials = {"temperature": self.temperature, "num_predict": self.num_predict}
        self._calls.append({"said": said, "stop": stop, **dials, **options})
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        message = AIMessage(self._next(messages, stop, kwargs), usage_metadata=USAGE)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self._next(messages, stop, kwargs):
            if isinstance(piece, Exception):
                raise piece
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=USAGE))


class BaseChatOpenAI(Provider):
    """Named like the base of LangChain's OpenAI models, by which they are known."""


def made(*answers: Any, kind: type[Provider] = Provider) -> tuple[LangChainModel, list[dict[str, Any]], list[float]]:
    provider, slept = kind(), list[float]()
    provider._answers.extend(answers)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    model = LangChainModel(provider, retry=Retry(attempts=3, rng=Random(1), sleep=sleep))
    return model, provider._calls, slept


async def collect(stream: AsyncIterator[str], into: list[str]) -> None:
    async for piece in stream:
        into.append(piece)


async def test_a_reply_has_its_dials_set_and_is_counted() -> None:
    model, calls, _ = made("No money.")
    reply = await model.reply(HELLO, Ask(temperature=0.3, max_tokens=77, stop=("\n",), seed=5))
    assert reply.text == "No money."
    assert reply.usage == model.used == Usage(calls=1, prompt_tokens=9, completion_tokens=3)
    said = [("system", "You are Maria."), ("human", "Hello.")]
    assert calls == [{"said": said, "stop": ["\n"], "temperature": 0.3, "num_predict": 77}]
    assert model.name == "langchain/Provider"


async def test_a_stream_is_tried_again_only_before_its_first_piece() -> None:
    model, calls, slept = made(ProviderError("busy", 503), ["<think>x</think>", "I ", "can't."])
    assert [piece async for piece in model.stream(HELLO)] == ["I ", "can't."]
    assert (len(calls), len(slept)) == (2, 1)
    model, calls, slept = made(["I ", ProviderConnectTimeout("gone")])
    got = list[str]()
    with pytest.raises(ServiceDown, match="broke off"):
        await collect(model.stream(HELLO), got)
    assert (got, len(calls), slept) == (["I "], 1, [])


async def test_transport_faults_are_tried_again() -> None:
    busy = ProviderError("slow down", 429, {"retry-after": "4"})
    model, _, slept = made(busy, ProviderConnectTimeout("no route"), "Fine.")
    assert (await model.reply(HELLO)).text == "Fine."
    assert 4 <= slept[0] <= 5
    assert slept[1] <= 1
    model, _, _ = made(*[ConnectionRefusedError(111, "refused")] * 3)
    with pytest.raises(ServiceDown, match=r"Provider \(through LangChain\) could not be reached after 3 tries"):
        await model.reply(HELLO)


@pytest.mark.parametrize(
    ("problem", "error", "says"),
    [
        (ProviderError("bad key sk-abcdef123456", 401), UsageError, r"refused the key \(401: bad key \[key\]\)"),
        (ProviderError("no such model", 404), UsageError, "does not know the model"),
        (ProviderError("too long", 400), BadAnswer, "too long"),
        (RuntimeError("odd"), BadAnswer, "odd"),
    ],
)
async def test_refusals_are_final(problem: Exception, error: type, says: str) -> None:
    model, calls, slept = made(problem)
    with pytest.raises(error, match=says):
        await model.reply(HELLO)
    assert (len(calls), slept) == (1, [])


@pytest.mark.parametrize("answer", ["", "  ", [], "<think>only"])
async def test_an_answer_without_text_is_bad(answer: Any) -> None:
    with pytest.raises(BadAnswer, match="without text"):
        await made(answer)[0].reply(HELLO)
    with pytest.raises(BadAnswer, match="empty stream"):
        await anext(made([])[0].stream(HELLO))


SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}}


async def test_json_is_asked_for_in_words_where_nothing_else_is_known() -> None:
    model, calls, _ = made('```json\n{"ok": true}\n```')
    assert (await model.reply(HELLO, Ask(json_schema=SCHEMA))).text == '{"ok": true}'
    assert json.dumps(SCHEMA) in calls[0]["said"][1][1]
    assert "response_format" not in calls[0]


async def test_json_by_schema_where_openai_is_spoken() -> None:
    refused = ProviderError("response_format json_schema is not supported", 400)
    model, calls, _ = made(refused, refused, '{"ok": true}', kind=BaseChatOpenAI)
    assert (await model.reply(HELLO, Ask(json_schema=SCHEMA))).text == '{"ok": true}'
    assert [call["response_format"]["type"] for call in calls] == ["json_schema", "json_schema", "json_object"]
    assert calls[0]["said"][1][1] == "Hello."
    assert "JSON Schema" in calls[2]["said"][1][1]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("gpt-4o", "names no provider"),
        ("cohere:command", "pip install langchain-cohere"),
        ("nonesuch:model", "cannot set up 'nonesuch:model'"),
    ],
)
def test_what_is_missing_is_said(spec: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        LangChainModel(spec)


def test_a_real_provider_is_built_without_its_own_retries() -> None:
    pytest.importorskip("langchain_openai")
    model = LangChainModel("openai:gpt-x", options={"api_key": "sk-none", "base_url": "http://127.0.0.1:9/v1"})
    assert model.name == "langchain/openai:gpt-x"
    assert model._model.max_retries == 0  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="cannot set up"):
        LangChainModel("openai:gpt-x")
