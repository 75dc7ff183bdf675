"""Where words stand in a turn: cues and expressions, the quote that shows them, the doubt in words."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from borrowersim.cues import Lexicon, Match
from borrowersim.talk import Language
from borrowersim.text import Folded
from borrowersim_evals.fact_words import open_question

LONGEST_QUOTE = 160
_CLAUSE = re.compile(r"[,;:，、；：—–]\s*")
_SHORT = 12
"""A clause of fewer characters than this says too little by itself."""


class Spotter:
    """Cues and expressions, any of which may show one thing.

    An entry of `patterns` is a cue when it reads `cue:NAME` or is the name of one; else it is a
    regular expression. A cue's name that ends with a dot stands for all that begin so.
    """

    def __init__(self, cues: Sequence[str], patterns: Sequence[str], lexicon: Lexicon, *, negatable: bool) -> None:
        names = [*cues, *(p.removeprefix("cue:") for p in patterns if _is_cue(p, lexicon))]
        self._names = frozenset(name for name in names if not name.endswith("."))
        self._beginnings = tuple(name for name in names if name.endswith("."))
        self._patterns = tuple(p for p in patterns if not _is_cue(p, lexicon))
        self._lexicon = lexicon
        self._negatable = negatable

    @cached_property
    def _words(self) -> re.Pattern[str]:
        """The expressions as one; made when first needed, since most are never asked for."""
        return re.compile("|".join(f"(?:{p})" for p in self._patterns))

    def __bool__(self) -> bool:
        return bool(self._names or self._beginnings or self._patterns)

    def found(self, text: Folded, matches: Sequence[Match]) -> bool:
        """Say whether the turn shows it anywhere."""
        return bool(self) and next(self.spans(text, matches), None) is not None

    def found_near(self, text: Folded, place: int, matches: Sequence[Match]) -> bool:
        """Say whether the sentence around a place shows it."""
        if not self:
            return False
        start, end = sentence_at(text, place)
        return any(start <= at < end for at, _ in self.spans(text, matches))

    def spans(self, text: Folded, matches: Sequence[Match]) -> Iterator[tuple[int, int]]:
        """Yield the folded spans that show it: cues first, then expressions, sentence by sentence."""
        for match in matches:
            if match.cue in self._names or match.cue.startswith(self._beginnings):
                yield match.start, match.end
        if self._patterns:
            yield from self._said(text)

    def _said(self, text: Folded) -> tuple[tuple[int, int], ...]:
        """Return the spans that the expressions show; a text is searched once, however often it is judged."""
        known = _known_spans(text.source)
        if self not in known:
            known[self] = tuple(self._search(text))
        return known[self]

    def _search(self, text: Folded) -> Iterator[tuple[int, int]]:
        for start, end in text.sentences():
            for hit in self._words.finditer(text.text, start, end):
                if hit.end() > hit.start() and not self._turned(text.text, start, hit.start()):
                    yield hit.start(), hit.end()

    def _turned(self, text: str, start: int, place: int) -> bool:
        if not self._negatable:
            return False
        return self._lexicon.negated(text, start, place) or self._lexicon.repeated(text, start, place)


@lru_cache(maxsize=2048)
def _known_spans(source: str) -> dict[Spotter, tuple[tuple[int, int], ...]]:
    """Return what was found in a text so far, to be added to."""
    return {}


def _is_cue(entry: str, lexicon: Lexicon) -> bool:
    return entry.startswith("cue:") or entry in lexicon.cues


def sentence_at(text: Folded, place: int) -> tuple[int, int]:
    """Return the folded span of the sentence around a place."""
    return next(((s, e) for s, e in text.sentences() if s <= place < e), (0, len(text.text)))


def quote(text: Folded, start: int, end: int) -> str:
    """Return the verbatim sentence around a hit; when that is long, the clauses around it."""
    first, last = sentence_at(text, start)
    last = max(last, end)
    if last - first > LONGEST_QUOTE:
        first, last = _clauses(text.text, first, last, start, end)
    words = text.original(first, last).strip()
    return words if len(words) <= LONGEST_QUOTE else text.original(start, min(end, start + LONGEST_QUOTE)).strip()


def _clauses(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Return the span of the clauses that hold a hit, and one more before it when they are short."""
    marks = [mark.end() for mark in _CLAUSE.finditer(text, first, last)]
    before = [first, *(m for m in marks if m <= start)]
    after = [*(m for m in marks if m >= end), last]
    begin = before[-1]
    if after[0] - begin < _SHORT and len(before) > 1:
        begin = before[-2]
    return begin, after[0]


_NOT_KNOWN = {
    Language.EN: "Not known: {}.",
    Language.ZH_CN: "无法判断，缺少信息：{}。",
    Language.ZH_TW: "無法判斷，缺少資訊：{}。",
}


_ON_FILE = {
    Language.EN: "Known from the file before the talk.",
    Language.ZH_CN: "档案已有记载，通话前即已知悉。",
    Language.ZH_TW: "檔案已有記載，通話前即已知悉。",
}


def on_file(says: str, language: Language) -> str:
    """Return the rule's sentence, and that the file told what makes it apply: nobody need have said it."""
    return says + ("" if language.chinese else " ") + _ON_FILE[language]


def unknown(says: str, fact: str, language: Language) -> str:
    """Return the rule's sentence and which fact is missing, in the talk's language."""
    gap = "" if language.chinese else " "
    return says + gap + _NOT_KNOWN[language].format(open_question(fact, language))
