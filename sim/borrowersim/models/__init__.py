"""Language models behind one seam, `ChatModel`; the heavy ones are imported when first named."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from borrowersim.models.base import DEFAULT_ASK, Ask, ChatModel, Completer, Message, Reply, Usage
from borrowersim.models.scripted import ScriptedModel

if TYPE_CHECKING:
    from borrowersim.models.langchain import LangChainModel
    from borrowersim.models.local import LocalModel
    from borrowersim.models.openai import OpenAIModel
    from borrowersim.models.retry import Retried, Retry

__all__ = [
    "DEFAULT_ASK",
    "Ask",
    "ChatModel",
    "Completer",
    "LangChainModel",
    "LocalModel",
    "Message",
    "OpenAIModel",
    "Reply",
    "Retried",
    "Retry",
    "ScriptedModel",
    "Usage",
]

_HOMES = {
    "LangChainModel": "langchain",
    "LocalModel": "local",
    "OpenAIModel": "openai",
    "Retried": "retry",
    "Retry": "retry",
}


def __getattr__(name: str) -> Any:
    """Import the module of a model only when someone asks for it: their libraries take a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
