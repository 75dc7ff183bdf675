"""A line is read back as the act that it sounds like."""

import pytest

from borrowersim.acts import BorrowerAct
from borrowersim.phrasebook import phrasebook_of
from borrowersim.readback import grams, readback_of
from borrowersim.talk import Language


@pytest.mark.parametrize(
    ("language", "act", "line"),
    [
        (Language.EN, BorrowerAct.STALLS, "I'll get back to you soon, okay?"),
        (Language.EN, BorrowerAct.CALLS_OUT_THREAT, "Why are you trying to scare me like that?"),
        (Language.EN, BorrowerAct.ASKS_CONSEQUENCE, "So what happens if I just don't pay?"),
        (Language.ZH_CN, BorrowerAct.REFUSES, "我一分钱都不会给你们的。"),
        (Language.ZH_CN, BorrowerAct.CALLS_OUT_THREAT, "你这是在威胁我家人吗？"),
        (Language.ZH_TW, BorrowerAct.ASKS_OPTIONS, "有沒有辦法先分期慢慢處理？"),
    ],
)
def test_other_words_for_an_act_are_nearest_to_it(language: Language, act: BorrowerAct, line: str) -> None:
    likeness = readback_of(language).likeness(line)
    assert max(likeness, key=lambda other: likeness[other]) is act


@pytest.mark.parametrize("language", list(Language))
def test_a_phrasebook_line_is_like_itself(language: Language) -> None:
    line = next(line for line in phrasebook_of(language).acts[BorrowerAct.DOUBTS].lines["plain"] if "{" not in line)
    assert readback_of(language).likeness(line)[BorrowerAct.DOUBTS] == pytest.approx(1.0)


def test_nothing_is_like_nothing() -> None:
    assert readback_of(Language.EN).likeness("...") == {}
    assert not grams("…?!")
