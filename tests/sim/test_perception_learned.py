"""The classifier's hearing: words are quoted, sums are read, and it is the same each time."""

import pytest

from borrowersim.acts import AgentAct
from borrowersim.perception.learned import LearnedPerceiver, hear
from borrowersim.talk import Language

TURNS = [
    (Language.EN, "Hello, this is Dana Brooks with Northfield Recovery. Am I speaking with Maria Delgado?"),
    (Language.EN, "That sounds exhausting. What changed after your hours were cut? Could $40 a month work?"),
    (Language.ZH_CN, "您好，我是晨光消费金融的小李。您这段时间一定不容易，方便说说是什么情况吗？"),
    (Language.ZH_TW, "那先不談金額，您最近的狀況還好嗎？要不要我幫您問看看有沒有緩繳的方案？"),
]


@pytest.mark.parametrize(("language", "text"), TURNS)
def test_every_act_is_shown_by_words_of_the_turn(language: Language, text: str) -> None:
    heard = hear(text, language).heard
    assert heard
    for item in heard:
        assert item.quote
        assert text[item.start :].startswith(item.quote)


def test_an_act_without_a_cue_is_quoted_by_its_sentence() -> None:
    text = "Okay. Your mum would be so ashamed if the whole street knew about this, wouldn't she?"
    threat = next(h for h in hear(text, Language.EN).heard if h.act in (AgentAct.THREATENS, AgentAct.INSULTS))
    assert "mum" in threat.quote


@pytest.mark.anyio
@pytest.mark.parametrize(("language", "text"), TURNS)
async def test_it_hears_the_same_each_time(language: Language, text: str) -> None:
    assert await LearnedPerceiver().perceive(text, language) == hear(text, language)


def test_a_sum_in_a_turn_that_asks_for_nothing_is_no_offer() -> None:
    assert hear("I'm so sorry, that sounds awful. You've been $118 short since March.", Language.EN).offer is None
    assert hear("Could you manage $60 a month for ten months?", Language.EN).offer is not None


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("text", ["", "   ", "…", "😀", "12"])
def test_next_to_nothing_is_heard_in_next_to_nothing(language: Language, text: str) -> None:
    assert not hear(text, language).acts & {AgentAct.THREATENS, AgentAct.INSULTS, AgentAct.FALSE_CLAIM}
