"""Fit one logistic regression a label over sparse features (scikit-learn; only needed to train)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from borrowersim.linear import LENGTH, Floats, Linear
from borrowersim.talk import Language

SEEN_LEAST = 2
"""Features of one turn only say nothing of the next."""
FEATURES_MOST = 12_000
"""Kept by the largest weight; more move no figure in cross-validation and swell the file."""
STRENGTH = 3.0
"""Inverse of the L2 penalty; 1 to 10 measure alike in cross-validation."""
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


def fit(
    rows: Sequence[Row], labels: Sequence[str], digest: str = "", *, balanced: bool = True, strength: float = STRENGTH
) -> Linear:
    """Return weights that tell for each label which rows have it.

    `balanced` makes a rare label weigh as much as a frequent one; `strength` is the inverse of the L2 penalty.
    """
    counts = Counter(name for row in rows for name in row.features)
    names = sorted(name for name, count in counts.items() if count >= SEEN_LEAST)
    how = {"class_weight": "balanced" if balanced else None, "C": strength}
    first = _fitted(rows, labels, names, how)
    order = np.argsort(-np.abs(first[0]).max(axis=1), kind="stable")[:FEATURES_MOST]
    kept = [names[place] for place in sorted(order)]
    weights, bias = _fitted(rows, labels, kept, how)
    return Linear(tuple(kept), tuple(labels), weights, bias, digest)


def _fitted(
    rows: Sequence[Row], labels: Sequence[str], names: Sequence[str], how: dict[str, Any]
) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    matrix = matrix_of([row.features for row in rows], names)
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


def matrix_of(rows: Sequence[Features], names: Sequence[str]) -> Any:
    """Return the rows as a sparse matrix over `names`, each row scaled to LENGTH."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    place = {name: column for column, name in enumerate(names)}
    entries = [(r, place[n], v) for r, row in enumerate(rows) for n, v in sorted(row.items()) if n in place]
    at_row, at_column, values = zip(*entries, strict=True)
    matrix = csr_matrix((values, (at_row, at_column)), shape=(len(rows), len(names)), dtype=np.float64)
    return normalize(matrix) * LENGTH


def digest_of(lines: Iterable[str]) -> str:
    """Return a short digest of what was learnt from, in order."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
