"""An agent under test that is a LangChain Runnable: a chain, a LangGraph graph, anything with `ainvoke`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import anyio

from borrowersim.acts import BorrowerAct
from borrowersim.agents.context import Context, Said, context_of, fresh_id, history, spoken_text, turn_number
from borrowersim.agents.faults import fault_in_code, tried
from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError, UsageError
from borrowersim.models.base import Usage
from borrowersim.models.form import excerpt
from borrowersim.models.retry import Retry
from borrowersim.talk import Talk

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Shape = Literal["auto", "messages", "state", "text"]
TEXT_KEYS = ("output", "answer", "text", "content", "response")
"""Where chains that return a mapping put their words."""
HISTORY_KEYS = ("messages", "chat_history", "history")


class RunnableAgent:
    """Invokes a Runnable for each turn.

    `thread_id` (and `session_id`) in its config are the conversation id, so a graph with a
    checkpointer keeps each talk apart; it is sent only what is new. The case file is in the
    config as well: `configurable.case` and `configurable.briefing`.
    """

    def __init__(
        self,
        runnable: Any,
        case: Briefing,
        *,
        name: str,
        shape: Shape = "auto",
        timeout: float = 60.0,
        retry: Retry | None = None,
        new_id: Callable[[str], str] = fresh_id,
    ) -> None:
        runnable = runnable() if not hasattr(runnable, "ainvoke") and callable(runnable) else runnable
        if not hasattr(runnable, "ainvoke"):
            raise UsageError(
                f"the agent {name} is {type(runnable).__name__}, which has no `ainvoke`; "
                "name a Runnable, or a function without arguments that returns one"
            )
        self.name = name
        self.usage = Usage()
        self._runnable = runnable
        self._case = case
        self._shape = shape_of(runnable) if shape == "auto" else shape
        self._timeout = timeout
        self._retry = retry or Retry(attempts=3)
        self._new_id = new_id
        self._id = ""

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        """Return what the Runnable says next; None when it returned None, or no new message."""
        self._id = self._id or self._new_id(talk.id)
        context = context_of(self._case, self._id, turn_number(talk))
        given = self._input(history(talk), context)
        answer = await tried(self._retry, lambda: self._invoke(given, context), self.name)
        words, cost = said_in(answer, self.name)
        self.usage += cost
        return None if words is None else spoken_text(words, self.name)

    async def aclose(self) -> None:
        """Nothing to let go of: a Runnable keeps its clients to itself."""

    def _input(self, said: list[Said], context: Context) -> Any:
        """Return the talk as the Runnable wants it; one that remembers gets the last words only."""
        if self._shape == "text":
            return said[-1]["content"]
        start = len(said) - 1 if _remembers(self._runnable) else 0
        messages = [_message(one, f"{self._id}-{number}") for number, one in enumerate(said) if number >= start]
        return messages if self._shape == "messages" else _state(self._runnable, messages, context)

    async def _invoke(self, given: Any, context: Context) -> Any:
        configurable = {
            "thread_id": self._id,
            "session_id": self._id,
            "case": dict(context.case),
            "briefing": context.card,
        }
        try:
            with anyio.fail_after(self._timeout):
                return await self._runnable.ainvoke(given, config={"configurable": configurable})
        except TimeoutError:
            raise AgentError(
                f"the agent {self.name} did not answer within {self._timeout:g} seconds; mend it, or raise its timeout"
            ) from None
        except Exception as problem:  # every Runnable has its own tree of errors
            raise fault_in_code(problem, self.name) from None


def shape_of(runnable: Any) -> Literal["messages", "state", "text"]:
    """Return what a Runnable takes: a graph or a chain with a mapping as input takes a state."""
    if hasattr(runnable, "get_state"):
        return "state"
    schema = _schema(runnable)
    if schema.get("properties"):
        return "state"
    return "text" if schema.get("type") == "string" else "messages"


def said_in(answer: Any, name: str) -> tuple[str | None, Usage]:
    """Return the words of a Runnable's answer, and what they cost; None when it says nothing more."""
    if answer is None or isinstance(answer, str):
        return answer, Usage(calls=1)
    if isinstance(answer, Mapping) and "messages" in answer:
        new = _new(answer["messages"])
        text = _text(new[-1]) if new else None
        return text or None, sum((_cost(message) for message in new), Usage())
    if isinstance(answer, Mapping):
        key = next((key for key in TEXT_KEYS if isinstance(answer.get(key), str)), None)
        if key:
            return answer[key], Usage(calls=1)
    if hasattr(answer, "content"):
        return _text(answer) or None, _cost(answer)
    raise AgentError(
        f'the agent {name} returned {excerpt(repr(answer), 80)}; return a string, a message, or a state with "messages"'
    )


def _new(messages: Any) -> list[Any]:
    """Return the agent's messages after the last of the borrower's."""
    found: list[Any] = []
    for message in reversed(list(messages)):
        kind = message.get("role") if isinstance(message, Mapping) else getattr(message, "type", "")
        if kind in ("human", "user"):
            break
        if kind in ("ai", "assistant", "AIMessageChunk"):
            found.append(message)
    return found[::-1]


def _text(message: Any) -> str:
    """Return a message's words; `text` joins the parts of content that is a list."""
    if isinstance(message, Mapping):
        return str(message.get("content") or "")
    return str(getattr(message, "text", None) or (message.content if isinstance(message.content, str) else ""))


def _cost(message: Any) -> Usage:
    told = getattr(message, "usage_metadata", None) or {}
    return Usage(
        calls=1, prompt_tokens=told.get("input_tokens", 0) or 0, completion_tokens=told.get("output_tokens", 0) or 0
    )


def _message(said: Said, id: str) -> "BaseMessage":
    """Return a LangChain message; its id is stable, so that a second try of a turn does not add it twice."""
    from langchain_core.messages import AIMessage, HumanMessage

    kind = AIMessage if said["role"] == "assistant" else HumanMessage
    return kind(content=said["content"], id=id)


def _remembers(runnable: Any) -> bool:
    """Say whether it keeps the talk itself: a graph with a checkpointer, a chain with a message history."""
    return bool(getattr(runnable, "checkpointer", None)) or hasattr(runnable, "get_session_history")


def _state(runnable: Any, messages: "list[BaseMessage]", context: Context) -> dict[str, Any]:
    """Return the mapping that a graph or chain takes, with all of its keys that we know."""
    keys = set() if hasattr(runnable, "get_state") else set(_schema(runnable).get("properties", ()))
    if not keys:
        return {"messages": messages}
    last = "" if not messages else messages[-1].content
    known: dict[str, Any] = {
        **{key: messages for key in HISTORY_KEYS},
        **{key: last for key in ("input", "question", "message", "query", "text")},
        "language": context.language,
        "case": context.card,
        "briefing": context.card,
    }
    if "messages" not in keys and keys & set(HISTORY_KEYS) and keys & {"input", "question", "message", "query"}:
        known |= {key: messages[:-1] for key in HISTORY_KEYS}
    missing = sorted(keys - set(known))
    if missing:
        raise AgentError(
            f"the Runnable wants {missing[0]!r}, which no talk has; it may ask for: {', '.join(sorted(known))}"
        )
    return {key: known[key] for key in keys}


def _schema(runnable: Any) -> dict[str, Any]:
    """Return the JSON Schema of a Runnable's input; empty where it has none to give."""
    describe = getattr(runnable, "get_input_jsonschema", None)
    try:
        schema = describe() if describe else {}
    except Exception:  # pydantic cannot describe every type that a chain may take
        return {}
    return schema if isinstance(schema, dict) else {}
