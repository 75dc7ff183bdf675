"""Agents under test by name: a script, a file, a model, an address, Python code."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from borrowersim.agents.base import Agent
from borrowersim.agents.context import card
from borrowersim.agents.definition import (
    Definition,
    HttpDefinition,
    LlmDefinition,
    OpenAIDefinition,
    PythonDefinition,
    RunnableDefinition,
    read_definition,
)
from borrowersim.agents.model import ModelAgent
from borrowersim.agents.pool import Pool
from borrowersim.agents.scripted import ScriptedAgent, script_named
from borrowersim.briefing import Briefing
from borrowersim.errors import UsageError
from borrowersim.models.base import Ask, ChatModel
from borrowersim.models.retry import Retry
from borrowersim.prompts import prompt_named
from borrowersim_app.build import PHRASEBOOK, Services, default_voice
from borrowersim_app.settings import Settings

KEY_VARIABLE = "BORROWERSIM_AGENT_KEY"
FORMS = {
    "SCRIPT": "a scripted agent: an id from `borrowersim agents list`",
    "FILE.yaml": "a definition file of any kind: http, openai, llm, python, runnable, script",
    "http://HOST/v1": "behind an OpenAI-compatible address; its key in BORROWERSIM_AGENT_KEY",
    "python:MODULE:ATTR": "a Python function or class; FILE.py:ATTR does the same for a file",
    "runnable:MODULE:ATTR": "a LangChain Runnable or LangGraph graph; runnable:FILE.py:ATTR for a file",
    "llm": "our collector prompt on the default model, or on --agent-model",
    "openai/NAME": "our collector prompt on this model; also local/NAME and langchain/PROVIDER:NAME",
}
"""Forms of an agent's name, and what each stands for."""


@dataclass(frozen=True)
class Workshop:
    """What it takes to make agents: settings, what the run shares, and the environment that holds their keys."""

    settings: Settings
    pool: Pool
    agent_model: str = ""
    """Model name to send to an address, or the model of `llm`, where the definition names none."""
    env: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    services: Services | None = None
    """Makes the models of `llm`, within the rates that voice and judge keep to; none limits nothing."""


def agent_named(name: str, case: Briefing, shop: Workshop) -> Agent:
    """Return a new agent for one talk; raise UsageError when the name, its file, its code or a key is wrong."""
    return made(definition_named(name), case, shop, name)


def definition_named(name: str) -> Definition:
    """Return the definition that a name stands for; see FORMS."""
    kind, _, rest = name.partition(":")
    if urlparse(name).scheme in ("http", "https"):
        return OpenAIDefinition(kind="openai", url=name, tries=7)
    if kind == "runnable":
        return RunnableDefinition(kind="runnable", call=rest)
    if kind == "python" or name.rpartition(":")[0].endswith(".py"):
        return PythonDefinition(kind="python", call=rest if kind == "python" else name)
    if name == "llm" or name.partition("/")[0] in ("openai", "local", "langchain"):
        return LlmDefinition(kind="llm", model="" if name == "llm" else name)
    if name.endswith((".yaml", ".yml")):
        return read_definition(Path(name))
    return script_named(name)


def made(definition: Definition, case: Briefing, shop: Workshop, name: str) -> Agent:
    """Return the agent of a definition, for one talk."""
    makers: dict[type, Callable[..., Agent]] = {
        HttpDefinition: _http,
        OpenAIDefinition: _openai,
        LlmDefinition: _llm,
        PythonDefinition: _python,
        RunnableDefinition: _runnable,
    }
    make = makers.get(type(definition))
    return make(definition, case, shop, name) if make else ScriptedAgent(definition, case)  # type: ignore[arg-type]


def _http(definition: HttpDefinition, case: Briefing, shop: Workshop, name: str) -> Agent:
    from borrowersim.agents.http import HttpAgent

    return HttpAgent(definition, case, name=name, env=shop.env, pool=shop.pool)


def _openai(definition: OpenAIDefinition, case: Briefing, shop: Workshop, name: str) -> Agent:
    """Return an agent behind an address; one client serves all talks of the run."""
    from borrowersim.models.openai import OpenAIModel

    model = definition.model or shop.agent_model or "agent"
    key = shop.env.get(definition.key) or (shop.settings.agent_key if definition.key == KEY_VARIABLE else None)

    def make() -> ChatModel:
        return OpenAIModel(
            model,
            base_url=definition.url,
            api_key=key or "none",
            timeout=definition.timeout,
            retry=Retry(attempts=definition.tries),
            name=definition.url,
            key_variable=definition.key,
            address_option="--agent" if name == definition.url else f"`url` in {name}",
        )

    shared = shop.pool.model((definition.url, model, key, definition.timeout, definition.tries), make)
    prompt = prompt_named(definition.prompt) if definition.prompt else None
    system = card(case.lines()) if definition.briefing else ""
    return ModelAgent(shared, case, prompt, name=name, system=system)


def _llm(definition: LlmDefinition, case: Briefing, shop: Workshop, name: str) -> Agent:
    model = definition.model or shop.agent_model or default_voice(shop.settings).name
    if model == PHRASEBOOK:
        raise UsageError(
            f"agent {name} needs a model; set OPENAI_API_KEY or OPENAI_BASE_URL, run `borrowersim models pull`, "
            "or name one with --agent-model"
        )
    services = shop.services or Services(shop.settings)
    shared = shop.pool.model(model, lambda: services.model(model))
    ask = Ask(max_tokens=definition.max_tokens, temperature=definition.temperature)
    return ModelAgent(shared, case, prompt_named(definition.prompt), name=name, ask=ask)


def _python(definition: PythonDefinition, case: Briefing, shop: Workshop, name: str) -> Agent:
    from borrowersim.agents.call import CallableAgent
    from borrowersim.agents.imported import imported

    target, retry = imported(definition.call), Retry(attempts=definition.tries)
    return CallableAgent(target, case, name=name, timeout=definition.timeout, retry=retry)


def _runnable(definition: RunnableDefinition, case: Briefing, shop: Workshop, name: str) -> Agent:
    from borrowersim.agents.imported import imported
    from borrowersim.agents.runnable import RunnableAgent

    runnable, retry = imported(definition.call), Retry(attempts=definition.tries)
    return RunnableAgent(runnable, case, name=name, shape=definition.input, timeout=definition.timeout, retry=retry)
