"""Folding, and the way back to the writer's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowersim.text import fold, han_share


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("您好，這裡是銀行", "您好,这里是银行"),
        ("ＡＢＣ１２３", "abc123"),
        ("坐 牢、坐*牢", "坐牢、坐牢"),
        ("You’ll pay", "you'll pay"),
        ("ar\u200brest", "arrest"),
        ("keep the spaces", "keep the spaces"),
    ],
)
def test_one_form_for_many_spellings(source: str, folded: str) -> None:
    assert fold(source).text == folded


def test_a_match_leads_back_to_the_very_words() -> None:
    text = fold("你再不還就 坐 牢！")
    start = text.text.index("坐牢")
    assert text.original(start, start + 2) == "坐 牢"


@given(st.text(max_size=200))
def test_every_span_is_verbatim(source: str) -> None:
    text = fold(source)
    assert len(text.text) == len(text.places)
    for start, end in text.sentences():
        assert text.original(start, end) in source


def test_sentences_end_in_both_scripts() -> None:
    text = fold("First one. Second? 第三句。第四句！")
    assert [text.text[a:b].strip() for a, b in text.sentences()] == ["first one.", "second?", "第三句。", "第四句!"]


def test_an_amount_does_not_end_a_sentence() -> None:
    assert len(fold("It is $2,310.45 today.").sentences()) == 1


def test_share_of_chinese() -> None:
    assert han_share("hello") == 0
    assert han_share("你好") == 1
    assert han_share("123 !?") == 0
