"""A linear text classifier: the n-grams of a text, and what else is known of it, weighed for each label.

Small, the same on every machine, a fraction of a millisecond a turn. The weights are fitted
by `borrowersim_evals.training` on turns that were constructed and labelled for it; here they
are only read. A text whose known features have the values v, each times what the feature is
worth, gets, for a label with weights w,

    1 / (1 + exp(-(bias + 5 * sum(w * v) / sqrt(sum(v * v)))))

so that long and short texts weigh alike (logistic regression on vectors of length 5). Rare
features may be worth more than those of every second text; by default each is worth 1.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim.text import Folded

Floats = NDArray[np.float32]
LENGTH = 5.0
"""Every vector of features is scaled to it."""
_NUMBER = re.compile(r"\d[\d,.]*")
_WORD = re.compile(r"[a-z']+|#|[?!$£]")
_BLANK = re.compile(r"\s+")


def grams(text: Folded, language: Language) -> set[str]:
    """Return the n-grams of a folded text; numbers count as one sign.

    English: words alone, in twos and threes, and 3 to 5 letters; Chinese: 1 to 3 characters.
    """
    plain = _NUMBER.sub("#", text.text)
    if language.chinese:
        return set(_runs(f"^{_BLANK.sub('', plain)}$", (1, 2, 3)))
    words = ["^", *_WORD.findall(plain), "$end"]
    letters = f" {' '.join(words[1:-1])} "
    found = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return found | {f"~{run}" for run in _runs(letters, (3, 4, 5))}


def _runs(text: str, lengths: Iterable[int]) -> Iterable[str]:
    return (text[i : i + n] for n in lengths for i in range(len(text) - n + 1))


@dataclass(frozen=True)
class Linear:
    """Weights: one row a feature, one column a label."""

    features: tuple[str, ...]
    labels: tuple[str, ...]
    weights: NDArray[np.floating[Any]]
    """(features, labels); in half precision as read, since a text needs few of the rows"""
    bias: Floats
    """(labels,)"""
    trained_on: str = ""
    """Digest of the labelled turns that the weights were fitted on."""
    worth: Floats | None = None
    """(features,); None when each is worth 1."""

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {feature: row for row, feature in enumerate(self.features)}

    def scores(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return how likely each label is, 0-1. Features that were never seen count nothing."""
        rows = self._rows
        known = sorted((rows[name], value) for name, value in features.items() if name in rows)
        logits = self.bias.astype(np.float64)
        if known:
            at = [row for row, _ in known]
            values = np.array([value for _, value in known]) * self._worth_of(at)
            values *= LENGTH / np.sqrt(values @ values)
            logits = logits + values @ self.weights[at].astype(np.float32)
        return {label: float(p) for label, p in zip(self.labels, 1 / (1 + np.exp(-logits)), strict=True)}

    def knows(self, feature: str) -> bool:
        """Say whether a feature was seen in what was learnt from."""
        return feature in self._rows

    def pull(self, features: Iterable[str], label: str) -> float:
        """Return how much these features together speak for a label; any number, more is more."""
        rows = sorted(self._rows[name] for name in features if name in self._rows)
        return float((self._worth_of(rows) * self.weights[rows, self.labels.index(label)].astype(np.float32)).sum())

    def _worth_of(self, rows: list[int]) -> Floats:
        return np.ones(len(rows), np.float32) if self.worth is None else self.worth[rows]

    def save(self, path: Path) -> None:
        """Write the weights: a zip of plain arrays, half precision, not deflated since every command reads them."""
        arrays: dict[str, Any] = {
            "features": _bytes_of(self.features),
            "labels": _bytes_of(self.labels),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "trained_on": np.array(self.trained_on),
        }
        if self.worth is not None:
            arrays["worth"] = self.worth.astype(np.float16)
        np.savez(path, allow_pickle=False, **arrays)


def _bytes_of(words: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)  # as text numpy takes four bytes a letter


def _words_of(stored: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(stored.tobytes().decode().split("\n"))


@lru_cache(maxsize=16)
def read_linear(path: Path) -> Linear:
    """Read weights. Raises UsageError when the file is missing or is none."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Linear(
                _words_of(arrays["features"]),
                _words_of(arrays["labels"]),
                arrays["weights"],
                arrays["bias"],
                str(arrays["trained_on"]),
                arrays["worth"].astype(np.float32) if "worth" in arrays else None,
            )
    except (OSError, EOFError, KeyError, ValueError) as error:
        raise UsageError(f"{path}: no weights of a classifier ({error}); install borrowersim again") from None
