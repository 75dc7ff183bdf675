"""Cues: named patterns that show an act in a sentence, one file a language (seeds/cues).

The borrower's perception, the law's rules and the marks for respect and clarity read
the same cues, so that a threat is a threat to all of them. Chinese cues are written
in Simplified characters and match both scripts, since text is folded first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.acts import AgentAct
from borrowersim.documents import load
from borrowersim.errors import UsageError
from borrowersim.resources import data_dir
from borrowersim.talk import Language
from borrowersim.text import Folded, fold

_PART = re.compile(r"<<([a-z_0-9]+)>>")

CueName = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]


class Cue(BaseModel):
    """Patterns that show one thing. All match inside one sentence of folded text."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    about: str = ""
    """What it shows, in a few words."""
    act: AgentAct | None = None
    """The act of the agent that it shows; None for cues that serve rules only."""
    any: Annotated[tuple[str, ...], Field(min_length=1)]
    """Regular expressions; one hit is enough."""
    unless: tuple[str, ...] = ()
    """A hit of one of these in the same sentence acquits it."""
    negatable: bool = True
    """Does a negation before the hit ("you will not be arrested") turn it around?"""
    reported: bool = True
    """Does quoting the other side ("you said they would...") turn it around?"""


class CueFile(BaseModel):
    """The cues of one language, and how that language negates and reports."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    version: int
    negation: str
    """Pattern that ends right before a hit and turns it around; searched in the same clause."""
    reported: str
    """Pattern that ends before a hit and shows that somebody else's words are repeated."""
    clause_end: str
    """Pattern of what ends the reach of a negation."""
    parts: dict[Annotated[str, Field(pattern=r"^[a-z_0-9]+$")], str] = Field(default_factory=dict)
    """Fragments that patterns may name as `<<part>>`, themselves included if defined earlier."""
    cues: dict[CueName, Cue]

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        """Put the named fragments into every pattern before any of them is compiled."""
        parts: dict[str, str] = {}
        if not isinstance(data, dict) or not isinstance(data.get("parts", {}), dict):
            return data
        for name, pattern in data.get("parts", {}).items():
            parts[str(name)] = f"(?:{_filled(str(pattern), parts)})"
        return {key: _filled(value, parts) for key, value in data.items()}


def _filled(value: Any, parts: dict[str, str]) -> Any:
    """Return the value with each `<<part>>` in its texts replaced."""
    if isinstance(value, str):
        return _PART.sub(lambda name: _part(name.group(1), parts), value)
    if isinstance(value, list):
        return [_filled(item, parts) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, parts) for key, item in value.items()}
    return value


def _part(name: str, parts: dict[str, str]) -> str:
    if name not in parts:
        raise ValueError(f"no part <<{name}>>; the parts defined before this place are: {', '.join(parts) or 'none'}")
    return parts[name]


@dataclass(frozen=True)
class Match:
    """A cue found in a text: span in the folded text and the verbatim words."""

    cue: str
    act: AgentAct | None
    start: int
    end: int
    quote: str
    place: int
    """Offset of the quote in the original text."""


def find_cues(text: Folded, language: Language, prefix: str = "") -> list[Match]:
    """Return every cue (whose name begins with `prefix`) that the text shows, in order of place."""
    lexicon = lexicon_of(language)
    found = [
        match
        for start, end in text.sentences()
        for name, cue in lexicon.cues.items()
        if name.startswith(prefix)
        for match in lexicon.matches(name, cue, text, start, end)
    ]
    return sorted(found, key=lambda m: (m.start, m.cue))


@lru_cache(maxsize=8192)
def cues_in(source: str, language: Language) -> tuple[Match, ...]:
    """Return every cue of a text as it was written; perception and rules share the work."""
    return tuple(find_cues(fold(source), language))


class Lexicon:
    """A language's cues, compiled."""

    def __init__(self, file: CueFile) -> None:
        self.cues = file.cues
        self._any = {name: _union(name, cue.any) for name, cue in file.cues.items()}
        self._unless: dict[str, re.Pattern[str]] = {}
        self._negation = re.compile(file.negation)
        self._reported = re.compile(file.reported)
        self._clause_end = re.compile(file.clause_end)

    def matches(self, name: str, cue: Cue, text: Folded, start: int, end: int) -> Iterator[Match]:
        """Yield the hits of one cue in one sentence [start, end) of the folded text."""
        for hit in self._any[name].finditer(text.text, start, end):
            # Most sentences show nothing, so what would acquit them is looked for last.
            if self._acquitted(name, text.text, start, end):
                return
            if hit.end() > hit.start() and not self.turned(cue, text.text, start, hit):
                quote = text.original(hit.start(), hit.end())
                yield Match(name, cue.act, hit.start(), hit.end(), quote, text.places[hit.start()])

    def _acquitted(self, name: str, text: str, start: int, end: int) -> bool:
        if not self.cues[name].unless:
            return False
        if name not in self._unless:  # made when first needed: most are never asked for
            self._unless[name] = _union(f"{name}.unless", self.cues[name].unless)
        return bool(self._unless[name].search(text, start, end))

    def turned(self, cue: Cue, text: str, start: int, hit: re.Match[str]) -> bool:
        """Say whether a negation or a report before the hit turns it around."""
        if cue.reported and self.repeated(text, start, hit.start()):
            return True
        return cue.negatable and self.negated(text, start, hit.start())

    def repeated(self, text: str, start: int, place: int) -> bool:
        """Say whether what begins at `place` repeats somebody else's words."""
        return bool(self._reported.search(text[start:place]))

    def negated(self, text: str, start: int, place: int) -> bool:
        """Say whether what begins at `place` stands under a negation of its own clause."""
        clause = self._clause_end.split(text[start:place])[-1] or ""
        return bool(self._negation.search(clause))


def _union(name: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error as error:
        raise UsageError(f"cue {name!r}: not a regular expression: {error}") from None


@lru_cache(maxsize=4)
def _lexicon(stem: str) -> Lexicon:
    return Lexicon(load(CueFile, data_dir("seeds") / "cues" / f"{stem}.yaml"))


def lexicon_of(language: Language) -> Lexicon:
    """Return the compiled cues of a language; both Chinese scripts share one file."""
    return _lexicon(language.stem)
