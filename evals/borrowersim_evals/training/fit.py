"""Fit one logistic regression a label over sparse features (scikit-learn; only needed to train)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from borrowersim.linear import LENGTH, Floats, Linear
from borrowersim.talk import Language
from borrowersim.text import fold

SEEN_LEAST = 2
"""Features of one turn only say nothing of the next."""
FEATURES_MOST = 12_000
"""Kept by the largest weight, unless the features are told to be kept all."""
STRENGTH = 3.0
"""Inverse of the L2 penalty; 1 to 10 measure alike in cross-validation."""
LEAST_SHARE = 0.01
"""Weights below this share of the label's largest are written as nought: they move no figure and fill the file."""
LANGUAGES = {stem: tuple(language for language in Language if language.stem == stem) for stem in ("en", "zh")}

Features = Mapping[str, float]


@dataclass(frozen=True)
class Row:
    """One thing to learn from: its features and the labels that it has."""

    features: Features
    has: frozenset[str]
    unknown: frozenset[str] = frozenset()
    """Labels of which it is not known whether it has them; it is left out for these."""
    weight: float = 1.0
    part: bool = False
    """A piece of another row; its features were counted there."""


def fit(
    rows: Sequence[Row],
    labels: Sequence[str],
    digest: str = "",
    *,
    balanced: bool = True,
    strength: float = STRENGTH,
    rarity: float | None = None,
) -> Linear:
    """Return weights that tell for each label which rows have it.

    `balanced` makes a rare label weigh as much as a frequent one; `strength` is the inverse of the L2 penalty.
    With `rarity` r all features are kept, and one that f of n rows have is worth (1 + ln((n + 1) / (f + 1))) ** r.
    """
    whole = [row for row in rows if not row.part]
    counts = Counter(name for row in whole for name in row.features)
    names = sorted(name for name, count in counts.items() if count >= SEEN_LEAST)
    how = {"class_weight": "balanced" if balanced else None, "C": strength}
    if rarity is not None:
        worth = _worth([counts[name] for name in names], len(whole), rarity)
        weights, bias = _fitted(rows, labels, names, how, worth)
        return _without_small(Linear(tuple(names), tuple(labels), weights, bias, digest, worth))
    first = _fitted(rows, labels, names, how)
    order = np.argsort(-np.abs(first[0]).max(axis=1), kind="stable")[:FEATURES_MOST]
    kept = [names[place] for place in sorted(order)]
    weights, bias = _fitted(rows, labels, kept, how)
    return Linear(tuple(kept), tuple(labels), weights, bias, digest)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text that has several; nothing for one that is a single sentence."""
    folded = fold(text)
    spans = folded.sentences()
    return [folded.original(start, end).strip() for start, end in spans] if len(spans) > 1 else []


def _worth(counts: Sequence[int], rows: int, rarity: float) -> Floats:
    """Return what each feature is worth, as precisely as the file keeps it."""
    worth = (1 + np.log((rows + 1) / (np.array(counts) + 1))) ** rarity
    return worth.astype(np.float16).astype(np.float32)


def _without_small(linear: Linear) -> Linear:
    """Return the weights without those that are next to nothing; a feature stays, since it counts to the length."""
    least = LEAST_SHARE * np.abs(linear.weights).max(axis=0)
    return replace(linear, weights=np.where(np.abs(linear.weights) < least, np.float32(0), linear.weights))


def _fitted(
    rows: Sequence[Row],
    labels: Sequence[str],
    names: Sequence[str],
    how: dict[str, Any],
    worth: Floats | None = None,
) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    matrix = matrix_of([row.features for row in rows], names, worth)
    weights = np.zeros((len(names), len(labels)), np.float32)
    bias = np.zeros(len(labels), np.float32)
    for column, label in enumerate(labels):
        places = [place for place, row in enumerate(rows) if label not in row.unknown]
        model = LogisticRegression(max_iter=1000, solver="liblinear", **how)
        model.fit(
            matrix[places], [label in rows[place].has for place in places], [rows[place].weight for place in places]
        )
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


def matrix_of(rows: Sequence[Features], names: Sequence[str], worth: Floats | None = None) -> Any:
    """Return the rows as a sparse matrix over `names`, each value times its worth, each row scaled to LENGTH."""
    from scipy.sparse import csr_matrix, diags
    from sklearn.preprocessing import normalize

    place = {name: column for column, name in enumerate(names)}
    entries = [(r, place[n], v) for r, row in enumerate(rows) for n, v in sorted(row.items()) if n in place]
    at_row, at_column, values = zip(*entries, strict=True)
    matrix = csr_matrix((values, (at_row, at_column)), shape=(len(rows), len(names)), dtype=np.float64)
    return normalize(matrix if worth is None else matrix @ diags(worth.astype(np.float64))) * LENGTH


def digest_of(lines: Iterable[str]) -> str:
    """Return a short digest of what was learnt from, in order."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
