"""Clarity: marks that people gave first, what a turn needs, and what the talk as a whole told."""

from typing import Any

import pytest

from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.clarity import COMPUTED, clarity_of, talk_clarity, weighed_clarity
from borrowersim_evals.features import readings
from borrowersim_evals.rubric import rubric_of
from tests.evals.marked import HOME, MARKED, Marked, marks_off


def mark(text: str, language: Language = Language.EN, before: str = "") -> tuple[int | None, tuple[str, ...]]:
    return clarity_of(readings(Marked(language, text, (1, 5), (1, 5), before).talk)[-1])


def spoken(*lines: str, language: Language = Language.EN, **facts: Any) -> Talk:
    turns = tuple(Turn(speaker=Speaker.AGENT, text=line) for line in lines)
    return Talk(id="t", language=language, jurisdiction=HOME[language], facts=Facts(**facts), turns=turns)


def whole(*lines: str, language: Language = Language.EN) -> float | None:
    heard = readings(spoken(*lines, language=language))
    return talk_clarity(heard, [clarity_of(reading)[0] for reading in heard])


def off(case: Marked) -> int:
    return marks_off(clarity_of(readings(case.talk)[-1])[0], case.clarity)


@pytest.mark.parametrize("case", MARKED, ids=lambda case: f"{case.language}:{case.text[:24]}")
def test_the_mark_is_never_two_off_what_a_person_gave(case: Marked) -> None:
    assert off(case) <= 1


@pytest.mark.parametrize("language", list(HOME))
def test_four_marks_in_five_are_what_a_person_gave(language: Language) -> None:
    offs = [off(case) > 0 for case in MARKED if case.language is language]
    assert sum(offs) <= len(offs) / 5


@pytest.mark.parametrize(
    ("language", "listening"),
    [
        (Language.EN, "I see. Thank you for telling me."),
        (Language.ZH_CN, "我明白了，谢谢您告诉我。"),
        (Language.ZH_TW, "我了解了，謝謝您告訴我。"),
    ],
)
def test_listening_loses_nothing_for_naming_no_amount(language: Language, listening: str) -> None:
    given, why = mark(listening, language)
    assert given is not None
    assert given >= 4, why


@pytest.mark.parametrize(
    ("language", "named", "hinted"),
    [
        (
            Language.EN,
            "If no plan is made, the lender may go to court, and a judge would decide.",
            "If you don't pay, you will regret it. There will be consequences.",
        ),
        (Language.ZH_CN, "如果一直不协商，银行可能会依法起诉，由法院判决。", "你不还，后果自负，自己掂量。"),
        (Language.ZH_TW, "如果一直沒有協商，銀行可能會依法起訴，由法院判決。", "你不繳，後果自負，自己掂量。"),
    ],
)
def test_a_named_consequence_is_clear_and_a_hint_is_not(language: Language, named: str, hinted: str) -> None:
    clear, why = mark(named, language)
    dark, why_dark = mark(hinted, language)
    assert clear is not None
    assert dark is not None
    assert clear >= 4, why
    assert dark <= 2, why_dark


def test_another_balance_than_before_is_a_contradiction_unless_it_is_a_correction() -> None:
    first = "Your balance is $1,240."
    turns = [clarity_of(r)[1] for r in readings(spoken(first, "So your balance is $1,900."))]
    assert "contradiction" not in turns[0]
    assert "contradiction" in turns[1]
    mended = readings(spoken(first, "I misspoke, your balance is $1,900."))
    assert "contradiction" not in clarity_of(mended[1])[1]
    same = readings(spoken(first, "Again, your balance is $1,240."))
    assert "contradiction" not in clarity_of(same[1])[1]


def test_a_demand_needs_an_amount_only_until_one_was_named() -> None:
    demand = "I need you to pay this by Friday."
    assert "no_amount" in mark(demand)[1]
    later = readings(spoken("Your balance is $300.", demand))[1]
    assert "no_amount" not in clarity_of(later)[1]


@pytest.mark.parametrize(
    ("language", "asked", "beside", "answered"),
    [
        (Language.EN, "How much is it?", "You need to pay today.", "The balance is $300."),
        (Language.ZH_CN, "一共欠多少钱？", "今天就得处理。", "余额一共是三百块。"),
        (Language.ZH_TW, "總共欠多少？", "今天就要處理。", "未繳總額是三百元。"),
    ],
)
def test_a_question_just_asked_must_be_answered(language: Language, asked: str, beside: str, answered: str) -> None:
    assert "unanswered" in mark(beside, language, asked)[1]
    assert "unanswered" not in mark(answered, language, asked)[1]


def test_words_the_borrower_cannot_read_are_not_clear() -> None:
    given, why = mark("您好，请问您什么时候方便处理这笔欠款？")
    assert (given, "wrong_language" in why) == (1, True)
    talk = Talk(
        id="t",
        language=Language.EN,
        jurisdiction=Jurisdiction.US,
        turns=(
            Turn(speaker=Speaker.BORROWER, text="你好，我不太会说英文，可以讲中文吗？谢谢。"),
            Turn(speaker=Speaker.AGENT, text="可以的，您请说，我听得懂中文，慢慢来。"),
        ),
    )
    assert "wrong_language" not in clarity_of(readings(talk)[0])[1]


def test_a_long_letter_is_not_a_long_speech() -> None:
    text = " ".join(["We have noted what you told us about the account and we thank you."] * 12)
    assert "overloaded" in clarity_of(readings(spoken(text, channel="phone"))[0])[1]
    assert "overloaded" not in clarity_of(readings(spoken(text, channel="letter"))[0])[1]


def test_a_sentence_that_cannot_be_held_in_the_ear_is_found_in_both_scripts() -> None:
    assert "long_sentence" in mark("We would like you to know " + "that this goes on and on " * 8)[1]
    assert (
        "long_sentence"
        in mark("关于您名下这笔贷款目前所处的状态以及后面可能涉及到的各种各样的办理情况说明如下。", Language.ZH_CN)[1]
    )
    assert "long_sentence" not in mark("您好，今天给您来电，是想了解一下，您目前的情况。", Language.ZH_CN)[1]


def test_the_talk_as_a_whole_must_tell_amount_day_and_options() -> None:
    told = whole("Your balance is $300.", "You could pay $50 a month from the 15th, in six instalments.")
    untold = whole("You have to pay this.", "When will you pay?")
    assert told is not None
    assert untold is not None
    assert told >= untold + 1.5
    assert untold <= 2.5
    greeting = "Good morning, my name is Dana Cole from Northfield."
    assert whole(greeting) == weighed_clarity([clarity_of(readings(spoken(greeting))[0])[0]])


def test_every_feature_found_by_code_has_its_test_and_its_words() -> None:
    features = rubric_of("clarity").features
    assert {name for name, feature in features.items() if feature.computed} == set(COMPUTED)
    for language in HOME:
        labels = [feature.label.of(language) for feature in features.values()]
        assert len(labels) == len(set(labels))
