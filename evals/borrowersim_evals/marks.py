"""The mark of a turn as people give it: 1-5 from a small classifier that has seen marked turns.

The rubrics' features say why a turn is kind or unkind, clear or unclear; how much that is worth
together is learnt from constructed turns with marks (evals/labels/kinds and the tuned half of
evals/labels/judge). Weights: evals/rubrics/marks, one label for each "at least k".
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from borrowersim.linear import Linear, read_linear
from borrowersim.talk import Language
from borrowersim_evals.features import Reading
from borrowersim_evals.resources import data_dir
from borrowersim_evals.rubric import Criterion, Rubric
from borrowersim_evals.rules.aside import to_the_borrower
from borrowersim_evals.rules.kinds import kind_features

STEPS = (2, 3, 4, 5)


def label_of(criterion: Criterion, least: int) -> str:
    """Return the name of the label "the mark is at least this"."""
    return f"{criterion}>={least}"


def expected(reading: Reading, criterion: Criterion) -> float:
    """Return the mark to expect, 1 to 5: one, and how likely each further step is."""
    scores = _scores(reading.text, reading.standing.said, reading.language)
    return 1 + sum(scores[label_of(criterion, least)] for least in STEPS)


def marked(reading: Reading, rubric: Rubric, names: tuple[str, ...]) -> int:
    """Return the mark of a turn that shows these features.

    What is found by code (a shout, the same demand again, hardship passed over) lies outside the
    turn's words, so it counts on top; and a feature's cap holds whatever else is said.
    """
    features = [rubric.features[name] for name in names]
    outside = min([0.0, *(f.step for f in features if f.computed)])
    caps = [f.cap for f in features if f.cap is not None]
    return max(1, min([math.floor(expected(reading, rubric.id) + outside + 0.5), *caps]))


@lru_cache(maxsize=4096)
def _scores(text: str, states: frozenset[str], language: Language) -> Mapping[str, float]:
    return mark_classifier(language).scores(kind_features(to_the_borrower(text), states, language))


def weights_path(stem: str) -> Path:
    """Return the file of the weights of `en` or `zh`."""
    return data_dir("rubrics") / "marks" / f"{stem}.npz"


@lru_cache(maxsize=3)
def mark_classifier(language: Language) -> Linear:
    """Return the weights of a language; both Chinese scripts share them, since text is folded."""
    return read_linear(weights_path(language.stem))
