"""Models, voices and judges by name, and which of them is taken where none is named."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec

from borrowersim.errors import UsageError
from borrowersim.models.base import ChatModel
from borrowersim.models.catalogue import DEFAULT_MODEL, installed, model_file
from borrowersim.models.limits import LimitedModel, Limiter
from borrowersim.voices.base import Voice
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.settings import Settings
from borrowersim_evals.jury import JudgeModel, Jury
from borrowersim_evals.suite import Limits

PHRASEBOOK = "phrasebook"
RULES = "rules"
NO_LIMITS = Limits()
LOCAL_SLOTS = 3
"""Slots of the embedded model: one for each candidate line, so that they are written side by side."""
MOST_SEATS = 15
"""Most times that one judge may sit in a jury."""
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


def judge_named(name: str, services: Services) -> JudgeModel | None:
    """Return who judges beside the rules: a model, a jury (`openai/A,openai/B` or `openai/A*3`), None for nobody."""
    if name == RULES:
        return None
    seats = [seat.strip() for seat in name.split(",") if seat.strip()]
    jurors = tuple(juror for seat in seats for juror in _jurors(seat, services))
    return jurors[0] if len(jurors) == 1 else Jury(jurors)


def _jurors(seat: str, services: Services) -> tuple[ChatModel, ...]:
    """Return one model as often as its seat says (`openai/NAME*3`)."""
    model, star, times = seat.rpartition("*")
    name, number = (model, times) if star else (seat, "1")
    if name in (PHRASEBOOK, RULES):
        raise UsageError(f"{name} cannot judge here; use {RULES} alone, or one or more of: {KINDS}")
    if not number.isdigit() or not 1 <= int(number) <= MOST_SEATS:
        raise UsageError(f"{seat!r}: write how often a model sits as *1 to *{MOST_SEATS}, for example openai/NAME*3")
    return (services.model(name),) * int(number)
