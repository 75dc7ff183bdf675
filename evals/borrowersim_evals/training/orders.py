"""What the classifier of orders to the model learns from: constructed orders, and every other turn of an agent."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.documents import check_lines
from borrowersim.guard import FaultKind
from borrowersim.linear import Linear
from borrowersim.orders import ORDER, order_features
from borrowersim.talk import Language
from borrowersim_evals.resources import data_dir
from borrowersim_evals.training.acts import tuned
from borrowersim_evals.training.fit import LANGUAGES, Row, digest_of, fit, sentences_of
from borrowersim_evals.training.kinds import kind_turns
from borrowersim_evals.training.lines import spoken_lines

_ORDER = frozenset({ORDER})


class OrderTurn(BaseModel):
    """A turn of an agent that holds an order to the model, or looks as if."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: Language
    text: Annotated[str, Field(min_length=1)]
    order: bool
    source: Literal["constructed", "recorded"]


def order_turns(language: Language) -> tuple[OrderTurn, ...]:
    """Return the turns that come with borrowersim; all of them may be tuned on."""
    return check_lines(OrderTurn, data_dir("labels") / "orders" / f"{language}.jsonl")


def turns(stem: str) -> list[tuple[str, Language, bool]]:
    """Return everything that is learnt from: (text, language, holds an order)."""
    return [turn for language in LANGUAGES[stem] for turn in _of_language(language)] + [
        (turn.text, turn.language, False) for turn in tuned(stem)
    ]


def _of_language(language: Language) -> Iterator[tuple[str, Language, bool]]:
    yield from ((turn.text, language, turn.order) for turn in order_turns(language))
    obeyed = (line.agent for line in spoken_lines(language) if line.fault is FaultKind.INJECTION and line.agent)
    yield from ((text, language, True) for text in dict.fromkeys(obeyed))
    yield from ((turn.text, language, False) for turn in kind_turns(language))


def rows(stem: str) -> list[Row]:
    """Return the turns, and each sentence of those without an order."""
    return [row for text, language, order in turns(stem) for row in _rows(text, language, order)]


def _rows(text: str, language: Language, order: bool) -> Iterator[Row]:
    yield Row(order_features(text, language), _ORDER if order else frozenset())
    for sentence in () if order else sentences_of(text):
        yield Row(order_features(sentence, language), frozenset(), part=True)


def digest(stem: str) -> str:
    """Return the digest of the turns that are learnt from."""
    return digest_of(f"{language}|{text}|{order}" for text, language, order in turns(stem))


def fit_orders(stem: str) -> Linear:
    """Return the classifier of orders of `en` or `zh`."""
    return fit(rows(stem), [ORDER], digest(stem))
