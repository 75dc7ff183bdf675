"""Fit the small classifiers on the labelled turns that may be tuned on, and write their weights.

    python -m borrowersim_evals.training

needs scikit-learn (`pip install 'borrowersim[train]'`). Only the tuned part of the labels is
read. The weights carry a digest of the turns, so that stale ones are noticed by a test.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from borrowersim.acts import AgentAct
from borrowersim.linear import LENGTH, Floats, Linear
from borrowersim.perception.learned import features
from borrowersim.perception.lexical import perceive
from borrowersim.resources import data_dir
from borrowersim.talk import Language
from borrowersim_evals.perception_check import LabelledTurn, labelled

SEEN_LEAST = 2
"""Features of one turn only say nothing of the next."""
FEATURES_MOST = 12_000
"""Kept by the largest weight; more move no figure in cross-validation and swell the file."""
STRENGTH = 3.0
"""Inverse of the L2 penalty; 1 to 10 measure alike in cross-validation."""
LANGUAGES: dict[str, tuple[Language, ...]] = {"en": (Language.EN,), "zh": (Language.ZH_CN, Language.ZH_TW)}

Features = Mapping[str, float]


def fit(rows: Sequence[Features], wanted: Sequence[frozenset[str]], labels: Sequence[str], digest: str = "") -> Linear:
    """Return weights that tell for each label which rows have it; one logistic regression a label."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= SEEN_LEAST)
    first = _fitted(rows, wanted, labels, names)
    order = np.argsort(-np.abs(first[0]).max(axis=1), kind="stable")[:FEATURES_MOST]
    kept = [names[place] for place in sorted(order)]
    weights, bias = _fitted(rows, wanted, labels, kept)
    return Linear(tuple(kept), tuple(labels), weights, bias, digest)


def _fitted(
    rows: Sequence[Features], wanted: Sequence[frozenset[str]], labels: Sequence[str], names: Sequence[str]
) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    matrix = _matrix(rows, names)
    weights = np.zeros((len(names), len(labels)), np.float32)
    bias = np.zeros(len(labels), np.float32)
    for column, label in enumerate(labels):
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000, solver="liblinear")
        model.fit(matrix, [label in found for found in wanted])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _matrix(rows: Sequence[Features], names: Sequence[str]) -> Any:
    """Return the rows as a sparse matrix over `names`, each row scaled to LENGTH."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    place = {name: column for column, name in enumerate(names)}
    entries = [(r, place[n], v) for r, row in enumerate(rows) for n, v in sorted(row.items()) if n in place]
    at_row, at_column, values = zip(*entries, strict=True)
    matrix = csr_matrix((values, (at_row, at_column)), shape=(len(rows), len(names)), dtype=np.float64)
    return normalize(matrix) * LENGTH


def tuned(stem: str) -> list[LabelledTurn]:
    """Return the turns of `en` or `zh` that may be tuned on."""
    return [turn for language in LANGUAGES[stem] for turn in labelled(language) if turn.split == "tune"]


def digest(turns: Sequence[LabelledTurn]) -> str:
    """Return a short digest of texts and labels, in order."""
    lines = (f"{turn.language}|{turn.text}|{','.join(turn.acts)}" for turn in turns)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def fit_acts(turns: Sequence[LabelledTurn]) -> Linear:
    """Return the classifier of acts, fitted on these turns."""
    rows = [features(perceive(turn.text, turn.language), turn.language) for turn in turns]
    wanted = [frozenset(str(act) for act in turn.acts) for turn in turns]
    return fit(rows, wanted, [str(act) for act in AgentAct], digest(turns))


def weights_path(stem: str) -> Path:
    return data_dir("seeds") / "perception" / f"{stem}.npz"


def main() -> None:
    """Fit every language and write the weights beside the other seeds."""
    for stem in LANGUAGES:
        turns = tuned(stem)
        weights_path(stem).parent.mkdir(exist_ok=True)
        fit_acts(turns).save(weights_path(stem))
        print(f"{stem}: {len(turns)} turns, {weights_path(stem).stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
