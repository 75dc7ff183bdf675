"""What the classifier of borrowers' lines learns from: constructed lines, the phrasebook, planted faults."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import BorrowerAct
from borrowersim.documents import check_lines
from borrowersim.guard import OUT_OF_PART, FaultKind
from borrowersim.linear import Linear
from borrowersim.phrasebook import SLOT, phrasebook_of
from borrowersim.spoken import FAULTY, line_features
from borrowersim.talk import Language
from borrowersim_evals.guard_check import labelled_lines
from borrowersim_evals.resources import data_dir
from borrowersim_evals.training.fit import LANGUAGES, Row, digest_of, fit, sentences_of

LABELS = (*BorrowerAct, *OUT_OF_PART, FAULTY)
_ACTS = frozenset(BorrowerAct)
STRENGTH = 1.0
RARITY = 2.0
"""How much more rare features are worth; 1 and 3 measure less."""
_SUMS = {Language.EN: "$60 a month", Language.ZH_CN: "每个月300块", Language.ZH_TW: "每個月2,000元"}


class SpokenLine(BaseModel):
    """A line of a borrower with its act, or a model's with its fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: Language
    agent: str = ""
    line: Annotated[str, Field(min_length=1)]
    act: BorrowerAct | None
    fault: FaultKind | None
    source: Literal["constructed", "recorded"]


def spoken_lines(language: Language) -> tuple[SpokenLine, ...]:
    """Return the lines that come with borrowersim; all of them may be tuned on."""
    return check_lines(SpokenLine, data_dir("labels") / "lines" / f"{language}.jsonl")


def rows(stem: str) -> list[Row]:
    """Return everything that the classifier of a language learns from."""
    return [row for language in LANGUAGES[stem] for row in _of_language(language)]


def _of_language(language: Language) -> Iterator[Row]:
    for line in spoken_lines(language):
        if line.fault is not FaultKind.INJECTION:
            yield from _rows(line.line, line.act, line.fault, language)
    for planted in labelled_lines(language):
        by_words = planted.fault is None or planted.fault in OUT_OF_PART
        if planted.split == "tune" and by_words:
            yield from _rows(planted.line, None if planted.fault else planted.act, planted.fault, language)
    for act, entry in phrasebook_of(language).acts.items():
        for words in (words for lines in entry.lines.values() for words in lines):
            yield from _rows(SLOT.sub(_SUMS[language], words), act, None, language)


def _rows(line: str, act: BorrowerAct | None, fault: FaultKind | None, language: Language) -> Iterator[Row]:
    """Yield a line, and each sentence of a clean one: clean by itself too, of an act that is not known."""
    has: set[str] = ({act} if act else set()) | ({fault, FAULTY} if fault else set())
    yield Row(line_features(line, language), frozenset(has), _ACTS if fault else frozenset())
    for sentence in sentences_of(line) if not fault else ():
        yield Row(line_features(sentence, language), frozenset(), _ACTS, part=True)


def digest(stem: str) -> str:
    """Return the digest of the lines that are learnt from."""
    lines = [f"{line.line}|{line.act}|{line.fault}" for language in LANGUAGES[stem] for line in spoken_lines(language)]
    books = [phrasebook_of(language).model_dump_json() for language in LANGUAGES[stem]]
    planted = [f"{p.line}|{p.fault}" for lang in LANGUAGES[stem] for p in labelled_lines(lang) if p.split == "tune"]
    return digest_of([*lines, *books, *planted])


def fit_lines(stem: str) -> Linear:
    """Return the classifier of borrowers' lines of `en` or `zh`."""
    return fit(rows(stem), [str(label) for label in LABELS], digest(stem), strength=STRENGTH, rarity=RARITY)
