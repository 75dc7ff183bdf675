"""What the mock model says, by role and by the form asked for; pure, so that it can be tested alone.

The *model name* of a request tells its role: a name with "judge" is a judge, one with "user" a
simulated user, anything else the agent under test.
"""

import json
import re
from typing import Any

PASSING = ("true", "pass", "passed", "success", "yes", "met", "c")
REPLY = {
    "user": "I lost my job in March and I cannot pay the full amount. What are my options?",
    "agent": "I understand, thank you for telling me. We can look at a plan that fits your budget.",
}
JUDGE_TEXT = "The agent stayed respectful, clear and lawful.\n\nGRADE: C"
LOOSE_JSON = {"score": 10, "reason": "fine", "verdict": "yes", "pass": True}
"""Answer to a prompt that asks for JSON in words only, without a schema in the request."""
EXAMPLES = re.compile(r"For example: (?P<lines>.+)\]\s*$", re.DOTALL)
"""The end of the note with which borrowersim asks for a line: `[Note: act. For example: A / B]`."""


def role_of(model: str) -> str:
    """Return judge, user or agent."""
    return "judge" if "judge" in model else "user" if "user" in model else "agent"


def offered(messages: list[dict[str, Any]]) -> str | None:
    """Return the first example line that the last message offers, or None.

    A model that words the act rightly would say something like it; the fixed sentence would be
    kept back by the guard as another act than the one that was asked for.
    """
    found = EXAMPLES.search(str(messages[-1].get("content"))) if messages else None
    return found["lines"].split(" / ")[0].strip() if found else None


def prompt_chars(messages: list[dict[str, Any]]) -> int:
    """Return the characters of all messages; a quarter of them counts as tokens."""
    return sum(_chars(message.get("content")) for message in messages)


def _chars(content: object) -> int:
    if isinstance(content, list):
        return sum(len(part.get("text") or "") for part in content)
    return len(content) if isinstance(content, str) else 0


def answer(
    body: dict[str, Any], *, fixed: bool = False, malformed: bool = False
) -> tuple[str | None, list[Any] | None]:
    """Return (content, tool calls) for a request; `fixed` never takes up an example, `malformed` breaks off halfway."""
    tool = _wanted_tool(body)
    if tool is None:
        return _cut(_content(body, fixed), malformed), None
    schema = tool.get("parameters", {})
    text = json.dumps(instance(schema, schema, truth=role_of(body.get("model", "")) == "judge"))
    call = {"name": tool["name"], "arguments": _cut(text, malformed)}
    return None, [{"id": "call_1", "type": "function", "function": call}]


def _cut(text: str, malformed: bool) -> str:
    return text[: len(text) // 2] if malformed else text


def _wanted_tool(body: dict[str, Any]) -> dict[str, Any] | None:
    tools, choice = body.get("tools") or [], body.get("tool_choice")
    if not tools or choice in (None, "auto", "none"):
        return None
    wanted = choice["function"]["name"] if isinstance(choice, dict) else tools[0]["function"]["name"]
    functions: dict[str, dict[str, Any]] = {tool["function"]["name"]: tool["function"] for tool in tools}
    return functions[wanted]


def _content(body: dict[str, Any], fixed: bool) -> str:
    messages, role = body.get("messages", []), role_of(body.get("model", ""))
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        schema = form["json_schema"]["schema"]
        return json.dumps(instance(schema, schema, truth=role == "judge"))
    if form.get("type") == "json_object" or (
        role == "judge" and any("JSON" in str(m.get("content")) for m in messages)
    ):
        return json.dumps(LOOSE_JSON)
    if role == "judge":
        return JUDGE_TEXT
    example = offered(messages) if role == "user" and not fixed else None
    return example or f"{REPLY[role]} ({len(messages)})"


def instance(schema: dict[str, Any], root: dict[str, Any], *, truth: bool) -> Any:
    """Return a minimal valid instance of a JSON schema; `truth` is what a boolean becomes."""
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return instance(schema[key][0], root, truth=truth)
    if "$ref" in schema:
        return instance(_referred(schema["$ref"], root), root, truth=truth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        good = [value for value in schema["enum"] if str(value).lower() in PASSING]
        return good[0] if good and truth else schema["enum"][0]
    return _of_kind(schema, root, truth)


def _referred(ref: str, root: dict[str, Any]) -> dict[str, Any]:
    node = root
    for part in ref.lstrip("#/").split("/"):
        node = node[part]
    return node


def _of_kind(schema: dict[str, Any], root: dict[str, Any], truth: bool) -> Any:
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return {name: instance(sub, root, truth=truth) for name, sub in schema.get("properties", {}).items()}
    if kind == "array":
        count = max(1, schema.get("minItems", 1))
        return [instance(schema.get("items", {"type": "string"}), root, truth=truth)] * count
    if kind in ("integer", "number"):
        return schema.get("maximum", 10 if truth else 0)
    return {"boolean": truth, "null": None}.get(str(kind), "ok")
