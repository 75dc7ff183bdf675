"""The phrasebooks: every act is there, reads back as itself, and says nothing it must not."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product
from random import Random

import pytest

from borrowersim.acts import BorrowerAct
from borrowersim.guard_acts import NO, YES, shows
from borrowersim.money import find_amounts
from borrowersim.phrasebook import SLOT, Phrasebook, fill, phrasebook_of, pick
from borrowersim.resources import data_dir
from borrowersim.talk import Language
from borrowersim.text import fold, han_share

Act = BorrowerAct
LANGUAGES = [lang for lang in Language if (data_dir("seeds") / "phrasebook" / f"{lang}.yaml").is_file()]
REGISTERS = ("plain", "curt", "warm", "formal", "rough")
ALLOWED = {
    Act.CONFIRMS_IDENTITY: {"name"},
    Act.THIRD_PARTY: {"name"},
    Act.CORRECTS_AMOUNT: {"balance"},
    Act.BARGAINS: {"instalment"},
    Act.REJECTS_UNAFFORDABLE: {"offered"},
    Act.ACCEPTS_PLAN: {"instalment"},
    Act.PROMISES_TO_PAY: {"sum", "day"},
}
MONEY = {"balance", "instalment", "offered", "sum"}
VALUES = {
    Language.EN: {
        "name": ["Maria Delgado"],
        "balance": ["$2,310"],
        "instalment": ["$60 a month", "£45 a month"],
        "offered": ["$300 a month", "$2,400"],
        "sum": ["$200"],
        "day": ["Friday", "the fifteenth", "next Friday"],
    },
    Language.ZH_CN: {
        "name": ["周敏"],
        "balance": ["8600元"],
        "instalment": ["每月300元"],
        "offered": ["每月2000元", "8600元"],
        "sum": ["500元"],
        "day": ["周五", "十五号", "下周五"],
    },
    Language.ZH_TW: {
        "name": ["林怡君"],
        "balance": ["62,000元"],
        "instalment": ["每個月2,000元"],
        "offered": ["每個月8,000元", "62,000元"],
        "sum": ["3,000元"],
        "day": ["星期五", "十五號", "下星期五"],
    },
}
WORDS = (1, 30)
HAN = (1, 60)
STAGE = re.compile(r"[*()\[\]<>（）【】#_\n]")

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def book(language: Language) -> Phrasebook:
    return phrasebook_of(language)


def lines_of(book: Phrasebook, act: Act) -> Iterator[tuple[str, str]]:
    """Yield (register, line) of an act."""
    for register, lines in book.acts[act].lines.items():
        for line in lines:
            yield register, line


@lru_cache(maxsize=4096)
def spoken(line: str, language: Language) -> tuple[str, ...]:
    """Return the line as it would be said, once for each mix of values of its slots."""
    names = sorted(set(SLOT.findall(line)))
    mixes = product(*(VALUES[language][name] for name in names))
    return tuple(fill(line, dict(zip(names, mix, strict=True))) for mix in mixes)


def everything(book: Phrasebook) -> Iterator[tuple[Act, str]]:
    for act in book.acts:
        for _, line in lines_of(book, act):
            yield act, line


def test_every_act_is_there_in_the_files_own_language(book: Phrasebook, language: Language) -> None:
    assert book.language is language
    assert set(book.acts) == set(Act)


def test_registers_are_known_and_each_has_lines(book: Phrasebook) -> None:
    for act, entry in book.acts.items():
        assert set(entry.lines) <= {*REGISTERS, "any"}, act
        thin = [r for r in REGISTERS if len(entry.lines.get(r, ())) < 2]
        assert not thin, f"{act}: fewer than two lines in {thin}"


def test_there_are_enough_lines(book: Phrasebook) -> None:
    counts = Counter(act for act, _ in everything(book))
    assert sum(counts.values()) >= 500
    assert all(12 <= n <= 30 for n in counts.values()), counts


def test_no_line_is_there_twice(book: Phrasebook) -> None:
    counts = Counter(fold(line).text.strip() for _, line in everything(book))
    assert [line for line, n in counts.items() if n > 1] == []


def test_only_slots_that_the_act_can_fill(book: Phrasebook) -> None:
    wrong = [(act, line) for act, line in everything(book) if set(SLOT.findall(line)) - ALLOWED.get(act, set())]
    assert wrong == []


def test_every_act_can_be_said_without_a_slot(book: Phrasebook) -> None:
    for act, register in product(book.acts, REGISTERS):
        assert book.lines(act, register, {}), (act, register)


def test_every_line_reads_back_as_its_act(book: Phrasebook, language: Language) -> None:
    lost = [
        (act, said)
        for act, line in everything(book)
        for said in spoken(line, language)
        if not shows(said, act, language)
    ]
    assert lost == []


def test_no_other_act_reads_as_a_yes(book: Phrasebook, language: Language) -> None:
    """A line of any other act that reads as a yes would close a talk that is still open."""
    wrong = [
        (act, yes, said)
        for act, line in everything(book)
        if act not in YES
        for said in spoken(line, language)
        for yes in YES
        if shows(said, yes, language)
    ]
    assert wrong == []


def test_no_yes_reads_as_a_no(book: Phrasebook, language: Language) -> None:
    wrong = [
        (act, no, said)
        for act in YES
        for _, line in lines_of(book, act)
        for said in spoken(line, language)
        for no in NO
        if shows(said, no, language)
    ]
    assert wrong == []


def test_expressions_are_meant_for_folded_text(book: Phrasebook) -> None:
    """A capital, a curly quote, a full-width comma or a Traditional character could never hit."""
    escapes = re.compile(r"\\[A-Za-z]")
    for act, entry in book.acts.items():
        for pattern in entry.shows:
            dead = [char for char in escapes.sub("", pattern) if fold(char).text != char]
            assert dead == [], (act, pattern)


def test_lines_name_no_sum_beyond_their_slots(book: Phrasebook, language: Language) -> None:
    for act, line in everything(book):
        named = len(MONEY.intersection(SLOT.findall(line)))
        for said in spoken(line, language):
            values = {amount.value for amount in find_amounts(fold(said), language)}
            assert len(values) == named, (act, said, values)


def test_lines_are_of_spoken_length(book: Phrasebook, language: Language) -> None:
    for act, line in everything(book):
        said = spoken(line, language)[0]
        least, most = HAN if language.chinese else WORDS
        size = len(said) if language.chinese else len(said.split())
        assert least <= size <= most, (act, said)


def test_lines_are_plain_speech_in_their_language(book: Phrasebook, language: Language) -> None:
    for act, line in everything(book):
        bare = SLOT.sub("", line)
        assert not STAGE.search(bare), (act, line)
        if any(char.isalpha() for char in bare):
            assert (han_share(bare) > 0.8) is language.chinese, (act, line)


def test_lines_do_not_all_begin_alike(book: Phrasebook) -> None:
    for act in book.acts:
        openings = Counter(fold(line).text[:8] for _, line in lines_of(book, act) if not line.startswith("{"))
        assert max(openings.values()) <= 6, (act, openings.most_common(2))


def test_a_talk_does_not_hear_a_line_twice_while_others_are_fresh(book: Phrasebook) -> None:
    lines = book.lines(Act.STALLS, "plain", {})
    said: list[str] = []
    for turn in range(2 * len(lines)):
        said.append(pick(lines, said, Random(turn)))
    assert set(said[: len(lines)]) == set(lines)
    assert all(a != b for a, b in pairwise(said))
