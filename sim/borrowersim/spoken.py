"""What a borrower's line sounds like: which act it does, and whether it is a borrower who speaks at all.

A small classifier over n-grams and signs, beside the expressions of the phrasebook and of the
guard: those know the words their authors thought of. Weights: seeds/lines, fitted by
`python -m borrowersim_evals.training` on constructed lines, the phrasebook and planted faults.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from borrowersim.linear import Linear, grams, read_linear
from borrowersim.resources import data_dir
from borrowersim.talk import Language
from borrowersim.text import fold

FAULTY = "faulty"
"""Label of every line that no borrower would say."""
SIGN_VALUE = 2.0
"""What a sign counts beside an n-gram."""
_SIGNS = re.compile(r"[*\[\](){}<>#_|~:：【】（）「」\"“”]|[\U0001F300-\U0001FAFF]|\n|…|\.{3}|!|！|-{2,}|—")
_SHOUT = re.compile(r"\b[A-Z]{3,}\b")
_NAMED = {"\n": "break", "……": "…"}
_LENGTHS = (3, 8, 16, 28, 45, 70)
_ANY_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
FEWEST_WORDS = 4
"""Different words from which their share says something: a name or two are strange in every language."""


def line_features(text: str, language: Language) -> Mapping[str, float]:
    """Return what the classifier looks at: n-grams, signs, capitals and length."""
    found: dict[str, float] = dict.fromkeys(grams(fold(text), language), 1.0)
    for sign in _SIGNS.findall(text):
        name = f"sign:{_NAMED.get(sign, 'emoji' if ord(sign[0]) > 0x1F000 else sign)}"
        found[name if name not in found else f"{name}+"] = SIGN_VALUE
    size = len(text) if language.chinese else len(text.split())
    found[f"size:{sum(size > limit for limit in _LENGTHS)}"] = SIGN_VALUE
    return found | ({"sign:capitals": SIGN_VALUE} if len(_SHOUT.findall(text)) > 1 else {})


@lru_cache(maxsize=2048)
def sounds(text: str, language: Language) -> Mapping[str, float]:
    """Return how likely the line does each act of a borrower and has each fault of a model, 0-1."""
    return line_classifier(language).scores(line_features(text, language))


def strange_share(text: str) -> float:
    """Return the share of a line's different words that no English line knows, 0-1; 0 for fewer than four words.

    Of lines by authors who were left out of training, one in 1,220 reached 0.6, "Er... hm... er...".
    """
    known = line_classifier(Language.EN).knows
    found = set(_ANY_WORD.findall(fold(text).text))
    strange = [word for word in found if not (known(word) or known(word.partition("'")[0]))]
    return len(strange) / len(found) if len(found) >= FEWEST_WORDS else 0.0


def weights_path(stem: str) -> Path:
    """Return the file of the weights of `en` or `zh`."""
    return data_dir("seeds") / "lines" / f"{stem}.npz"


@lru_cache(maxsize=3)
def line_classifier(language: Language) -> Linear:
    """Return the weights of a language; both Chinese scripts share them, since text is folded."""
    return read_linear(weights_path(language.stem))
