"""Read a borrower's line back: which act does it sound like? By likeness to the phrasebook's lines.

Words (English) or characters (Chinese), alone and in pairs, weighed by how rare they are
among the language's lines (tf-idf), compared by cosine. Expressions can say that a line shows
an act; this says whether it does not sound much more like another one.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from borrowersim.acts import BorrowerAct
from borrowersim.phrasebook import SLOT, phrasebook_of
from borrowersim.talk import Language
from borrowersim.text import fold

_TOKEN = re.compile(r"[\u3400-\u9fff]|[a-z']+|\d+")


class ReadBack:
    """The lines of one phrasebook, indexed."""

    def __init__(self, language: Language) -> None:
        book = phrasebook_of(language)
        lines = [
            (act, grams(SLOT.sub(" ", line)))
            for act, entry in book.acts.items()
            for group in entry.lines.values()
            for line in group
        ]
        seen = Counter(gram for _, found in lines for gram in set(found))
        self._weight = {gram: math.log(len(lines) / count) + 0.1 for gram, count in seen.items()}
        self._unknown = math.log(len(lines)) + 0.1
        self._acts = [act for act, _ in lines]
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, found) in enumerate(lines):
            for gram, share in self._vector(found).items():
                self._index[gram].append((number, share))

    def likeness(self, text: str) -> dict[BorrowerAct, float]:
        """Return for each act the cosine, 0-1, of its most similar line; acts without any are left out."""
        sums: dict[int, float] = defaultdict(float)
        for gram, share in self._vector(grams(text)).items():
            for number, weight in self._index.get(gram, ()):
                sums[number] += share * weight
        best: dict[BorrowerAct, float] = {}
        for number, value in sums.items():
            act = self._acts[number]
            best[act] = max(best.get(act, 0.0), value)
        return best

    def _vector(self, found: Counter[str]) -> Mapping[str, float]:
        raw = {gram: count * self._weight.get(gram, self._unknown) for gram, count in found.items()}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {gram: value / length for gram, value in raw.items()} if length else {}


def grams(text: str) -> Counter[str]:
    """Return the words or characters of a text, alone and in pairs, with their counts."""
    tokens = _TOKEN.findall(fold(text).text)
    return Counter([*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))])


@lru_cache(maxsize=4)
def readback_of(language: Language) -> ReadBack:
    """Return the index of a language; made once."""
    return ReadBack(language)
