"""Deterministic perception: a small classifier over n-grams and cues decides which acts a turn does.

The cues name the exact words where they find an act; the classifier also hears what no cue
names, and knows better than a single cue when the rest of the turn says otherwise. Weights:
seeds/perception, fitted by `python -m borrowersim_evals.training` on constructed turns.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from borrowersim.acts import AgentAct, Heard, Offer, Perceived
from borrowersim.cues import cues_in
from borrowersim.linear import Linear, grams, read_linear
from borrowersim.money import find_offer
from borrowersim.perception.lexical import ASKING, perceive
from borrowersim.resources import data_dir
from borrowersim.talk import Language
from borrowersim.text import Folded, fold

HEARD_FROM = 0.6
"""Likelihood from which an act is heard: best in cross-validation on ordinary turns. It lies above a half because
the turns to learn from do more at once than turns on a call."""
CUE_VALUE = 2.0
"""What a cue counts beside an n-gram: it was written by hand, and there are few."""


class LearnedPerceiver:
    """Hears acts by a classifier; fast, and the same on every machine."""

    async def perceive(self, text: str, language: Language) -> Perceived:
        return hear(text, language)


def hear(text: str, language: Language) -> Perceived:
    """Return what a turn of the agent does; pure."""
    by_cues, scores = perceive(text, language), act_scores(text, language)
    acts = [AgentAct(label) for label, score in scores.items() if score >= HEARD_FROM]
    heard = tuple(_heard(act, by_cues, language) for act in acts)
    return by_cues.model_copy(update={"heard": heard, "offer": _offer(by_cues, acts, language)})


@lru_cache(maxsize=4096)
def act_scores(text: str, language: Language) -> Mapping[str, float]:
    """Return how likely a turn does each act, 0-1."""
    return classifier(language).scores(features(text, language))


def act_at(text: Folded, act: AgentAct, language: Language) -> tuple[int, int]:
    """Return the folded span of the sentence that shows an act most."""
    return max(text.sentences(), key=lambda span: _shown(act, text, span, language), default=(0, 0))


@lru_cache(maxsize=256)
def features(text: str, language: Language) -> Mapping[str, float]:
    """Return what the classifier looks at: n-grams, cues and the acts they show, and which kinds of words there are."""
    by_cues = perceive(text, language)
    found = dict.fromkeys(grams(fold(text), language), 1.0)
    found |= {f"cue:{match.cue}": CUE_VALUE for match in cues_in(text, language)}
    found |= {f"act:{act}": CUE_VALUE for act in by_cues.acts}
    kinds = {"amount": by_cues.amounts, "offer": by_cues.offer, "question": by_cues.questions}
    return found | {f"has:{kind}": CUE_VALUE for kind, there in kinds.items() if there}


def _heard(act: AgentAct, by_cues: Perceived, language: Language) -> Heard:
    """Return the act with its words: the cue's where there is one, else the sentence that shows it most."""
    cued = next((heard for heard in by_cues.heard if heard.act is act), None)
    if cued:
        return cued
    folded = fold(by_cues.text)
    start, end = act_at(folded, act, language)
    place = folded.places[start] if folded.places else 0
    return Heard(act=act, quote=folded.original(start, end).strip(), start=place, cue=f"learned.{act}")


def _shown(act: AgentAct, folded: Folded, span: tuple[int, int], language: Language) -> float:
    return classifier(language).pull(grams(fold(folded.original(*span)), language), act)


def _offer(by_cues: Perceived, acts: list[AgentAct], language: Language) -> Offer | None:
    """Return what is offered or asked for; sums in a turn that does neither are no offer."""
    return find_offer(fold(by_cues.text), language) if ASKING & set(acts) else None


def weights_path(stem: str) -> Path:
    """Return the file of the weights of `en` or `zh`."""
    return data_dir("seeds") / "perception" / f"{stem}.npz"


@lru_cache(maxsize=3)
def classifier(language: Language) -> Linear:
    """Return the weights of a language; both Chinese scripts share them, since text is folded."""
    return read_linear(weights_path(language.stem))
