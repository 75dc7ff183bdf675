"""Fold text for matching without losing the way back to the writer's own words.

Rules, perception and the guard all match on folded text: one width, one case,
Simplified characters, no spaces inserted between Chinese characters to disguise a
word. `Folded.original` leads from a match back to the exact words, because a
quote must be verbatim.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import opencc

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAN_CHAR = re.compile(f"[{HAN}]")
_SENTENCE_END = re.compile(
    r"(?:(?<!\bmr)(?<!\bms)(?<!\bmx)(?<!\bdr)(?<!\bmrs)(?<!\bno)[.!?](?=[\s\"')\]]|$)|[。！？!?；;…\n])+[\"'」』”’)）]*\s*"
)
_MARKS = " *·_~|^\u3000"
_INVISIBLE = {"Cf", "Cc", "Mn"}


@dataclass(frozen=True)
class Folded:
    """Folded text and, for each of its characters, the place it came from."""

    source: str
    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        """Return the source's own words behind the folded span [start, end)."""
        if start >= end:
            return ""
        return self.source[self.places[start] : self.places[end - 1] + 1]

    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Return the folded spans [start, end) of the sentences, in order."""
        return self._sentences

    @cached_property
    def _sentences(self) -> tuple[tuple[int, int], ...]:
        spans, start = [], 0
        for mark in _SENTENCE_END.finditer(self.text):
            if mark.end() > start and self.text[start : mark.end()].strip():
                spans.append((start, mark.end()))
                start = mark.end()
        if self.text[start:].strip():
            spans.append((start, len(self.text)))
        return tuple(spans)


@lru_cache(maxsize=4096)
def fold(source: str) -> Folded:
    """Fold width, case, script and disguise; each folded character keeps its place."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(source):
        folded = _fold_char(char)
        if folded and not _is_disguise(folded, place, source):
            kept.append(folded)
            places.append(place)
    return Folded(source, "".join(kept), tuple(places))


def _is_disguise(char: str, place: int, source: str) -> bool:
    """Say whether this is a blank or mark put between two Chinese characters."""
    if char not in _MARKS:
        return False
    before = source[max(0, place - 4) : place].rstrip(_MARKS)[-1:]
    after = source[place : place + 5].lstrip(_MARKS)[:1]
    return bool(before and after and _HAN_CHAR.match(before) and _HAN_CHAR.match(after))


@lru_cache(maxsize=20_000)
def _fold_char(char: str) -> str:
    """Return one folded character, or nothing for an invisible one."""
    if char == "\n":
        return char
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    if char in "’‘`´":
        return "'"
    if char in "“”":
        return '"'
    wide = unicodedata.normalize("NFKC", char)
    one = wide if len(wide) == 1 else char
    simple = simplified(one) if _HAN_CHAR.match(one) else one.lower()
    return simple if len(simple) == 1 else one


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Return the text in Simplified characters."""
    converted: str = _converter().convert(text)
    return converted


def han_share(text: str) -> float:
    """Return the share of letters that are Chinese characters, 0 when there are none."""
    letters = [char for char in text if char.isalpha()]
    return sum(bool(_HAN_CHAR.match(char)) for char in letters) / len(letters) if letters else 0.0
