"""An agent under test in a YAML file. `kind` says which; docs/agents.md has an example of each.

A file without `kind` is a script when it has `parts`, and plain JSON over HTTP when it has `url`.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from borrowersim.agents.scripted import AgentScript
from borrowersim.agents.template import IN_URLS, SLOTS, unknown_slots
from borrowersim.documents import check, read_once, read_text, read_yaml
from borrowersim.errors import UsageError
from borrowersim.models.faults import check_address

Seconds = Annotated[float, Field(gt=0, le=3600)]
Tries = Annotated[int, Field(ge=1, le=10)]


def _address(url: str) -> str:
    try:
        check_address(url)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return url


Address = Annotated[str, AfterValidator(_address)]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
DEFAULT_BODY: dict[str, Any] = {
    "conversation_id": "{conversation_id}",
    "turn": "{turn}",
    "language": "{language}",
    "message": "{message}",
    "history": "{history}",
    "case": "{case}",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class _Described(_Part):
    about: str = ""
    """What this agent is, in one sentence."""


class _Definition(_Described):
    """What every kind has that is asked over a way which may fail."""

    timeout: Seconds = 60
    """Seconds that one turn may take."""
    tries: Tries = 3
    """How often a turn is asked for when the way to the agent fails; 1 for services that must not hear a turn twice."""


class HttpCall(_Part):
    """One request. Slots in `url`: {conversation_id} {turn} {language} {jurisdiction}; in `body`: all."""

    url: Address
    method: Literal["POST", "GET", "PUT", "PATCH", "DELETE"] = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    """`${NAME}` in a value is read from the environment; keys do not belong into files."""
    body: Any = None
    """Sent as JSON; a mapping, a list, or a text that is JSON."""

    @field_validator("url")
    @classmethod
    def _has_known_slots(cls, url: str) -> str:
        _refuse(unknown_slots(url, IN_URLS), IN_URLS)
        return url

    @field_validator("body")
    @classmethod
    def _is_json(cls, body: Any) -> Any:
        if isinstance(body, str):
            try:
                body = json.loads(body)
            except json.JSONDecodeError as error:
                raise ValueError(f"not valid JSON (line {error.lineno}, column {error.colno}): {error.msg}") from None
        _refuse(unknown_slots(body), SLOTS)
        return body


class Start(HttpCall):
    """Asked before the first turn."""

    conversation_id: str = ""
    """Path in its answer of the id that the service gives the talk."""
    reply: str = ""
    """Path in its answer of a greeting, which is then the agent's first turn."""


class End(_Part):
    """How an answer tells that the agent hangs up."""

    path: str
    value: str | int | float | bool | None = True


class UsagePaths(_Part):
    """Where an answer tells what it cost."""

    prompt_tokens: str = ""
    completion_tokens: str = ""


class HttpDefinition(HttpCall, _Definition):
    """Plain JSON over HTTP."""

    kind: Literal["http"] = "http"
    reply: str = "reply"
    """Path in the answer of what the agent says; null there means that it hangs up; `.` is the whole answer."""
    conversation_id: str = ""
    """Path in the answer of an id that the service gives the talk; {conversation_id} is null until then."""
    start: Start | None = None
    end: End | None = None
    close: HttpCall | None = None
    """Asked after the talk; when it fails, that is logged and does no harm."""
    usage: UsagePaths | None = None

    @model_validator(mode="before")
    @classmethod
    def _has_a_body(cls, data: Any) -> Any:
        if isinstance(data, dict) and "body" not in data and data.get("method") != "GET":
            return {**data, "body": DEFAULT_BODY}
        return data

    @property
    def calls(self) -> tuple[HttpCall, ...]:
        """Every request that the definition describes."""
        return tuple(call for call in (self, self.start, self.close) if call)


class OpenAIDefinition(_Definition):
    """An agent behind an OpenAI-compatible address."""

    kind: Literal["openai"]
    url: Address
    """Base URL; such an address often ends in /v1."""
    model: str = ""
    """Name of the model to ask for; empty: --agent-model, or `agent`."""
    key: VariableName = "BORROWERSIM_AGENT_KEY"
    """Name of the environment variable that holds the key."""
    prompt: str = ""
    """Path of a prompt file (prompts/README.md), sent as the system message; empty: it brings its own instructions."""
    briefing: bool = False
    """Send the case file as the system message; for agents that bring instructions, but no case."""

    @model_validator(mode="after")
    def _one_system_message(self) -> Self:
        if self.prompt and self.briefing:
            raise ValueError("give prompt or briefing, not both; a prompt takes the case file in as {{case}}")
        return self


class LlmDefinition(_Described):
    """A language model that follows a prompt."""

    kind: Literal["llm"]
    model: str = ""
    """openai/NAME, local/NAME-or-path.gguf, langchain/PROVIDER:NAME; empty: the default or --agent-model."""
    prompt: str = "agent/collector"
    """Path of a prompt file (prompts/README.md), or the id of one that comes with the product."""
    max_tokens: Annotated[int, Field(ge=1, le=8000)] = 250
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7


class PythonDefinition(_Definition):
    """A Python function or class."""

    kind: Literal["python"]
    call: str
    """`module:attribute` or `path/to/file.py:attribute`."""


class RunnableDefinition(_Definition):
    """A LangChain Runnable or LangGraph graph."""

    kind: Literal["runnable"]
    call: str
    """`module:attribute` or `path/to/file.py:attribute`: a Runnable, or a function that makes one for each talk."""
    input: Literal["auto", "messages", "state", "text"] = "auto"
    """What it takes: a list of messages, {"messages": [...]}, or the borrower's last words; auto looks at it."""


Definition = HttpDefinition | OpenAIDefinition | LlmDefinition | PythonDefinition | RunnableDefinition | AgentScript
KINDS: dict[str, type[Definition]] = {
    "http": HttpDefinition,
    "openai": OpenAIDefinition,
    "llm": LlmDefinition,
    "python": PythonDefinition,
    "runnable": RunnableDefinition,
    "script": AgentScript,
}


@read_once
def read_definition(path: Path) -> Definition:
    """Read an agent's file; raise UsageError that names file, line and field of each mistake.

    Paths of prompts and Python files in it are meant from the file's own folder. A file is read
    once for each state of it: a run makes an agent for every talk.
    """
    data = read_yaml(path)
    kind = data.get("kind", "script" if "parts" in data else "http" if "url" in data else None)
    if kind not in KINDS:
        known = ", ".join(KINDS)
        said = f"there is no kind {kind!r}" if "kind" in data else "`kind` is missing"
        raise UsageError(f"{path}{_line(path)}: {said}; write kind: and one of: {known}")
    definition = check(KINDS[kind], data, str(path), read_text(path))
    return _at_home(definition, path.parent)


def _line(path: Path) -> str:
    numbers = (n for n, line in enumerate(read_text(path).splitlines(), 1) if line.startswith("kind:"))
    return f":{number}" if (number := next(numbers, None)) else ""


def _at_home(definition: Definition, folder: Path) -> Definition:
    """Return the definition with its relative paths made whole."""
    if isinstance(definition, OpenAIDefinition | LlmDefinition) and definition.prompt.endswith(".md"):
        return definition.model_copy(update={"prompt": str(folder / definition.prompt)})
    if isinstance(definition, PythonDefinition | RunnableDefinition):
        place, colon, attribute = definition.call.rpartition(":")
        if place.endswith(".py"):
            return definition.model_copy(update={"call": f"{folder / place}{colon}{attribute}"})
    return definition


def _refuse(unknown: list[str], known: frozenset[str]) -> None:
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in sorted(known))
        raise ValueError(f"nothing is known for {{{unknown[0]}}}; slots are {names}; braces are written {{{{ and }}}}")
