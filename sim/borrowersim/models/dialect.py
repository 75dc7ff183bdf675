"""What one service understands of the Chat Completions API, learnt from what it refuses."""

from collections.abc import Sequence
from typing import Any

from borrowersim.models.base import Ask, Message
from borrowersim.models.form import schema_request

_FORMS = ("strict", "schema", "object", "plain")
"""Ways to ask for JSON, best first: held to the schema, shown the schema, any JSON, in words only."""

_FORM_WORDS = ("response_format", "json_schema", "json_object", "response format", "structured output", "json mode")
_REFUSING = (
    "support",
    "unknown",
    "unrecognized",
    "unexpected",
    "not permitted",
    "not allowed",
    "extra",
    "does not exist",
)
_OPTIONAL = ("seed", "temperature", "stop", "stream_options")


class Dialect:
    """Builds request bodies; after a refusal it leaves out what the service does not know.

    One lesson costs one request, and is remembered for the life of the model object.
    """

    def __init__(self) -> None:
        self._form = 0
        self._refused: set[str] = set()

    @property
    def form(self) -> str:
        """How JSON is asked for now: `strict`, `schema`, `object` or `plain`."""
        return _FORMS[self._form]

    def body(self, model: str, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        """Return a request's body."""
        tokens = "max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"
        options: dict[str, Any] = {"temperature": ask.temperature, "seed": ask.seed, "stop": list(ask.stop) or None}
        kept = {name: value for name, value in options.items() if value is not None and name not in self._refused}
        sent = [{"role": message.role, "content": message.content} for message in messages]
        body = {"model": model, "messages": sent, tokens: ask.max_tokens, **kept}
        return body if ask.json_schema is None else self._asking_json(body, ask.json_schema)

    def streamed(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body that asks for the same answer piece by piece, with its usage at the end."""
        usage = {} if "stream_options" in self._refused else {"stream_options": {"include_usage": True}}
        return {**body, "stream": True, **usage}

    def response_format(self, schema: dict[str, Any]) -> dict[str, Any] | None:
        """Return the field that asks for JSON, or None when words must do."""
        if self.form == "plain":
            return None
        if self.form == "object":
            return {"type": "json_object"}
        named: dict[str, Any] = {"name": "answer", "schema": schema}
        return {"type": "json_schema", "json_schema": {**named, "strict": True} if self.form == "strict" else named}

    def learn(self, words: str, param: str | None, sent: dict[str, Any]) -> bool:
        """Take a lesson from a refusal of the body that was sent; return whether to ask again."""
        said = f"{param or ''} {words}".lower()
        if "response_format" in sent and any(word in said for word in _FORM_WORDS):
            return self._step_down(sent["response_format"])
        if "max_tokens" in sent and "max_completion_tokens" in said and "too large" not in said:
            self._refused.add("max_tokens")
            return True
        for name in _OPTIONAL:
            if name in sent and (param == name or (name in said and any(word in said for word in _REFUSING))):
                self._refused.add(name)
                return True
        return False

    def _asking_json(self, body: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
        form = self.response_format(schema)
        if form:
            body["response_format"] = form
        if self.form in ("object", "plain"):
            body["messages"] = with_request(body["messages"], schema)
        return body

    def _step_down(self, sent: dict[str, Any]) -> bool:
        # Calls in flight meet the same refusal: only the first one steps down.
        if self._name_of(sent) == self.form:
            self._form = min(self._form + 1, len(_FORMS) - 1)
        return True

    @staticmethod
    def _name_of(sent: dict[str, Any]) -> str:
        if sent["type"] == "json_object":
            return "object"
        return "strict" if sent["json_schema"].get("strict") else "schema"


def with_request(messages: list[dict[str, Any]], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages with the schema asked for in words, after the last one's own words."""
    last = messages[-1]
    return [*messages[:-1], {**last, "content": f"{last['content']}\n\n{schema_request(schema)}"}]
