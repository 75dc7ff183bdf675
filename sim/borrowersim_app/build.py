"""The only factory: names in, live objects out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlparse

from borrowersim.agents.base import Agent
from borrowersim.agents.model import ModelAgent
from borrowersim.agents.scripted import AgentScript, ScriptedAgent, script_named
from borrowersim.briefing import Briefing
from borrowersim.errors import UsageError
from borrowersim.models.base import ChatModel
from borrowersim.models.catalogue import DEFAULT_MODEL, installed, model_file
from borrowersim.models.limits import LimitedModel, Limiter
from borrowersim.prompts import prompt_named
from borrowersim.talk import Talk
from borrowersim.voices.base import Voice
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.settings import Settings
from borrowersim_evals.evaluate import judge_talk
from borrowersim_evals.suite import Limits
from borrowersim_evals.verdict import Score

PHRASEBOOK = "phrasebook"
RULES = "rules"
NO_LIMITS = Limits()
LOCAL_SLOTS = 3
"""Slots of the embedded model: one for each candidate line, so that they are written side by side."""
KINDS = "openai/NAME, local/NAME-or-path.gguf, langchain/PROVIDER:NAME"


@dataclass(frozen=True)
class Chosen:
    """A name that was chosen, and why, in words for the screen."""

    name: str
    why: str


def local_runtime() -> bool:
    """Say whether the embedded model's runtime is installed."""
    return find_spec("xllamacpp") is not None


def default_voice(settings: Settings) -> Chosen:
    """Return the voice that speaks when none is named: a service, else the embedded model, else the phrasebook."""
    if settings.has_service:
        return Chosen(f"openai/{settings.service_model}", "OPENAI_API_KEY or OPENAI_BASE_URL is set")
    if not local_runtime():
        return Chosen(
            PHRASEBOOK,
            "no key is set and the embedded model's runtime is not installed; "
            "pip install 'borrowersim[local]' brings it",
        )
    if installed(DEFAULT_MODEL, settings.models_dir) is None:
        return Chosen(PHRASEBOOK, "no key is set and the embedded model is not here; `borrowersim models pull` gets it")
    return Chosen(f"local/{DEFAULT_MODEL.name}", "no key is set; the embedded model is here")


def default_judge(settings: Settings) -> Chosen:
    """Return the judge that is used when none is named: a service beside the rules, else the rules alone."""
    if settings.has_service:
        return Chosen(f"openai/{settings.service_model}", "OPENAI_API_KEY or OPENAI_BASE_URL is set")
    return Chosen(RULES, "no service is set; the deterministic rules need none")


def chat_model(name: str, settings: Settings, seconds: float = Limits().call_seconds) -> ChatModel:
    """Return a model by name, `seconds` for each answer; raise UsageError for a name or a key that is missing."""
    kind, _, rest = name.partition("/")
    makers: dict[str, Callable[[str, Settings, float], ChatModel]]
    makers = {"openai": _openai, "local": _local, "langchain": _langchain}
    if kind not in makers or not rest:
        raise UsageError(f"no model {name!r}; use one of: {KINDS}")
    return makers[kind](rest, settings, seconds)


@dataclass(frozen=True)
class Services:
    """Makes models that keep to limits; those of one service share them."""

    settings: Settings
    limits: Limits = NO_LIMITS
    _limiters: dict[str, Limiter] = field(default_factory=dict)

    def model(self, name: str) -> ChatModel:
        """Return a model by name, behind its service's limiter when there is a limit to keep."""
        kind = name.partition("/")[0]
        made = chat_model(name, self.settings, self.limits.call_seconds)
        rates = (self.limits.requests_per_minute, self.limits.tokens_per_minute)
        if kind == "local" or rates == (None, None):
            return made
        return LimitedModel(made, self._limiters.setdefault(kind, Limiter(*rates)))


def _openai(model: str, settings: Settings, seconds: float) -> ChatModel:
    from borrowersim.models.openai import OpenAIModel

    if not settings.has_service:
        raise UsageError(
            f"openai/{model} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a service of your own; set one of them, "
            "or use --voice phrasebook and --judge rules, which need neither"
        )
    return OpenAIModel(model, base_url=settings.base_url, api_key=settings.api_key or "none", timeout=seconds)


def _local(model: str, settings: Settings, _: float) -> ChatModel:
    from borrowersim.models.local import LocalModel

    return LocalModel(model_file(model, settings.models_dir), slots=LOCAL_SLOTS, name=f"local/{model}")


def _langchain(model: str, settings: Settings, _: float) -> ChatModel:
    from borrowersim.models.langchain import LangChainModel

    return LangChainModel(model)


def voice_named(name: str, services: Services) -> Voice:
    """Return a voice by name; `rules` is no voice."""
    if name == PHRASEBOOK:
        return PhrasebookVoice()
    if name == RULES:
        raise UsageError(f"rules cannot speak; use {PHRASEBOOK}, or one of: {KINDS}")
    from borrowersim.voices.model import voice_of

    return voice_of(services.model(name))


def judge_named(name: str, services: Services) -> ChatModel | None:
    """Return the judge's model by name; None for the rules alone. `phrasebook` cannot judge."""
    if name == RULES:
        return None
    if name == PHRASEBOOK:
        raise UsageError(f"the phrasebook cannot judge; use {RULES}, or one of: {KINDS}")
    return services.model(name)


class Cast:
    """Who plays in a run, made from names."""

    def __init__(
        self,
        voice: Voice,
        judge: ChatModel | None,
        settings: Settings,
        *,
        agent_model: str = "",
        scripts: Sequence[AgentScript] = (),
    ) -> None:
        self.voice = voice
        self._judge = judge
        self._settings = settings
        self._agent_model = agent_model
        self._scripts = {script.id: script for script in scripts}

    async def agent(self, name: str, case: Briefing) -> Agent:
        """Return a new agent: a script (the suite's own first), `llm`, a model name, or an endpoint by its address."""
        if own := self._scripts.get(name):
            return ScriptedAgent(own, case)
        return agent_named(name, case, self._settings, agent_model=self._agent_model)

    async def judge(self, talk: Talk) -> Score:
        return await judge_talk(talk, self._judge)

    async def aclose(self) -> None:
        """Let go of voice and judge."""
        await self.voice.aclose()
        if self._judge is not None:
            await self._judge.aclose()


def cast_named(
    voice: str,
    judge: str,
    settings: Settings,
    *,
    agent_model: str = "",
    limits: Limits | None = None,
    scripts: Sequence[AgentScript] = (),
) -> Cast:
    """Return the cast of these names; `limits` hold for voice and judge, together where they share a service."""
    services = Services(settings, limits or Limits())
    return Cast(
        voice_named(voice, services),
        judge_named(judge, services),
        settings,
        agent_model=agent_model,
        scripts=scripts,
    )


def agent_named(name: str, case: Briefing, settings: Settings, *, agent_model: str = "") -> Agent:
    """Return a new agent for one case.

    `llm` is our collector prompt on the default or named model, `openai/...` and its like the
    same on that model; `http://...` is an agent under test behind an OpenAI-compatible
    address, which brings its own instructions; everything else is a script.
    """
    if urlparse(name).scheme in ("http", "https"):
        return ModelAgent(_endpoint(name, agent_model, settings), case, name=name)
    kind = name.partition("/")[0]
    if name == "llm" or kind in ("openai", "local", "langchain"):
        model = (agent_model or default_voice(settings).name) if name == "llm" else name
        if model == PHRASEBOOK:
            raise UsageError(
                "agent llm needs a model; set OPENAI_API_KEY or OPENAI_BASE_URL, or run `borrowersim models pull`"
            )
        return ModelAgent(chat_model(model, settings), case, prompt_named("agent/collector"), name=name)
    return ScriptedAgent(script_named(name), case)


def _endpoint(url: str, model: str, settings: Settings) -> ChatModel:
    """Return the client of an agent under test; its key comes from BORROWERSIM_AGENT_KEY."""
    from borrowersim.models.openai import OpenAIModel

    key = settings.agent_key or "none"
    return OpenAIModel(
        model or "agent",
        base_url=url,
        api_key=key,
        name=url,
        key_variable="BORROWERSIM_AGENT_KEY",
        address_option="--agent",
    )
