"""Deterministic perception: the language's cues, and the sums that are named."""

import re
from collections.abc import Iterable
from functools import lru_cache

from borrowersim.acts import HARMFUL, AgentAct, Heard, Offer, Perceived
from borrowersim.cues import Match, cues_in
from borrowersim.money import find_amounts, find_offer
from borrowersim.talk import Language
from borrowersim.text import Folded, fold

_QUESTION = re.compile(r"\?|[吗呢么](?=[。,!\s]|$)")
ASKING = frozenset({AgentAct.OFFERS_PLAN, AgentAct.ASKS_PAYMENT, AgentAct.CONFIRMS})
"""Acts in which a sum is an offer."""


class LexicalPerceiver:
    """Hears acts by cues; fast, the same on every machine, and blind to what no cue names."""

    async def perceive(self, text: str, language: Language) -> Perceived:
        return perceive(text, language)


@lru_cache(maxsize=1024)
def perceive(text: str, language: Language) -> Perceived:
    """Return what a turn of the agent does; pure."""
    folded = fold(text)
    heard = tuple(_heard(cues_in(text, language)))
    offer = find_offer(folded, language)
    heard = _with_offer(heard, offer, folded)
    return Perceived(
        text=text,
        heard=heard,
        amounts=tuple(amount.value for amount in find_amounts(folded, language)),
        offer=offer if any(h.act in ASKING for h in heard) else None,
        questions=len(_QUESTION.findall(folded.text)),
    )


def _heard(matches: Iterable[Match]) -> Iterable[Heard]:
    """Keep one match for each cue: the first."""
    seen: set[str] = set()
    for match in matches:
        if match.act is not None and match.cue not in seen:
            seen.add(match.cue)
            yield Heard(act=match.act, quote=match.quote, start=match.place, cue=match.cue)


def _with_offer(heard: tuple[Heard, ...], offer: Offer | None, folded: Folded) -> tuple[Heard, ...]:
    """Count instalments that are named in a question or beside no demand as an offer."""
    acts = {h.act for h in heard}
    if offer is None or offer.period == "once" or AgentAct.OFFERS_PLAN in acts or acts & HARMFUL:
        return heard
    start, end = folded.sentences()[0][0], folded.sentences()[-1][1]
    quote = folded.original(start, end)
    return (*heard, Heard(act=AgentAct.OFFERS_PLAN, quote=quote, start=0, cue="offer.sum"))
