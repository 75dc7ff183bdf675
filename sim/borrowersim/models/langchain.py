"""Any chat model that LangChain knows: `LangChainModel("anthropic:claude-…")`, or an object of yours."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from borrowersim.errors import BadAnswer, BorrowerSimError, UsageError
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Reply, Usage
from borrowersim.models.dialect import Dialect, with_request
from borrowersim.models.faults import Service
from borrowersim.models.form import Thoughts, excerpt, json_document, spoken
from borrowersim.models.retry import Retry, TransportFault, given_up

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

_TOKENS = ("max_tokens", "num_predict", "max_output_tokens", "max_new_tokens")
"""What providers call the limit of an answer."""


class LangChainModel:
    """A LangChain chat model behind our seam.

    Temperature, length and seed are set on a copy of the model wherever its class has such a
    field, because providers do not agree on arguments of a call. Their own retries are switched
    off where that is possible: ours are counted and honour Retry-After.
    """

    def __init__(
        self,
        model: "str | BaseChatModel",
        *,
        retry: Retry | None = None,
        name: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._model = _built(model, dict(options or {})) if isinstance(model, str) else model
        spec = model if isinstance(model, str) else type(model).__name__
        self._name = name or f"langchain/{spec}"
        self._service = Service(
            f"{spec} (through LangChain)",
            spec,
            key_variable="the key variable of its provider",
            address_option="the base URL of its provider",
        )
        self._retry = retry or Retry()
        self._dialect = Dialect()
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
        """Nothing to do: LangChain's models keep their clients to themselves."""

    async def _answer(self, messages: Sequence[Message], ask: Ask) -> Reply:
        while True:
            model, sent, options = self._prepared(messages, ask)
            try:
                message = await model.ainvoke(sent, **options)
                break
            except Exception as problem:  # every provider has its own tree of errors
                if not self._learned(problem, options):
                    raise self._fault(problem) from None
        usage = self._count(message)
        text = spoken(str(message.text))
        if not text:
            raise BadAnswer(f"{self._service.where} answered without text; raise max_tokens or change the model")
        return Reply(text=json_document(text) if ask.json_schema else text, usage=usage)

    async def _first_piece(self, messages: Sequence[Message], ask: Ask) -> tuple[Any, str]:
        pieces = self._pieces(messages, ask)
        async for piece in pieces:
            return pieces, piece
        raise BadAnswer(f"{self._service.where} sent an empty stream")

    async def _pieces(self, messages: Sequence[Message], ask: Ask) -> AsyncIterator[str]:
        model, sent, options = self._prepared(messages, ask)
        thoughts, whole = Thoughts(), None
        try:
            async for chunk in model.astream(sent, **options):
                whole = chunk if whole is None else whole + chunk
                if piece := thoughts.feed(str(chunk.text)):
                    yield piece
            if piece := thoughts.rest():
                yield piece
        except Exception as problem:  # every provider has its own tree of errors
            raise self._fault(problem) if whole is None else self._service.broken_off(problem) from None
        finally:
            self._count(whole)

    def _prepared(self, messages: Sequence[Message], ask: Ask) -> tuple[Any, list[dict[str, Any]], dict[str, Any]]:
        """Return the model with its dials set, the messages, and the arguments of the call."""
        sent = [message.model_dump() for message in messages]
        options: dict[str, Any] = {"stop": list(ask.stop)} if ask.stop else {}
        if ask.json_schema is not None:
            form = self._dialect.response_format(ask.json_schema) if _knows_response_format(self._model) else None
            options |= {"response_format": form} if form else {}
            sent = sent if form and form["type"] == "json_schema" else with_request(sent, ask.json_schema)
        return _dialled(self._model, ask), sent, options

    def _learned(self, problem: Exception, options: dict[str, Any]) -> bool:
        asked = {name: options[name] for name in ("response_format",) if name in options}
        return bool(asked) and self._dialect.learn(self._service.words(problem), None, asked)

    def _fault(self, problem: Exception) -> BorrowerSimError | TransportFault:
        return problem if isinstance(problem, BorrowerSimError) else self._service.fault(problem)

    def _count(self, message: "AIMessage | None") -> Usage:
        told = getattr(message, "usage_metadata", None) or {}
        usage = Usage(
            calls=1,
            prompt_tokens=told.get("input_tokens", 0),
            completion_tokens=told.get("output_tokens", 0),
        )
        self.used += usage
        return usage


def _built(spec: str, options: dict[str, Any]) -> "BaseChatModel":
    """Build the model that a `provider:name` stands for; raise UsageError with what is missing."""
    from langchain.chat_models import init_chat_model

    if ":" not in spec:
        raise UsageError(f"{spec!r} names no provider; write provider:model, for example openai:gpt-4o-mini")
    try:
        model = init_chat_model(spec, **options)
        if "max_retries" in type(model).model_fields and "max_retries" not in options:
            model = init_chat_model(spec, **options, max_retries=0)
    except ImportError as problem:
        raise UsageError(f"{spec!r} needs a package that is not installed: {excerpt(str(problem), 300)}") from None
    except Exception as problem:  # constructors raise what they like: no key, unknown provider, bad option
        raise UsageError(f"LangChain cannot set up {spec!r}: {excerpt(str(problem), 400)}") from None
    return cast("BaseChatModel", model)


def _dialled(model: "BaseChatModel", ask: Ask) -> "BaseChatModel":
    fields = type(model).model_fields
    tokens = next((name for name in _TOKENS if name in fields), None)
    dials = {"temperature": ask.temperature, "seed": ask.seed, tokens: ask.max_tokens}
    update = {name: value for name, value in dials.items() if name in fields and value is not None}
    return model.model_copy(update=update) if update else model


def _knows_response_format(model: "BaseChatModel") -> bool:
    """Return whether the model speaks OpenAI's API; others are asked for JSON in words."""
    return any(kind.__name__ == "BaseChatOpenAI" for kind in type(model).__mro__)
