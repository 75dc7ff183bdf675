"""The borrower notices when the agent asks for somebody else."""

import pytest

from borrowersim import Borrower, Call, persona_named
from borrowersim.acts import BorrowerAct
from borrowersim.briefing import briefing
from borrowersim.mind.identity import asks_for_somebody_else
from borrowersim.persona import Archetype, all_personas
from borrowersim.voices.book import PhrasebookVoice


@pytest.mark.parametrize(
    ("who", "text", "other"),
    [
        ("us-maria-delgado", "This is Dana Brooks with Northfield. Am I speaking with Darren Cole?", True),
        ("us-maria-delgado", "Hi, is this Mrs. Patel?", True),
        ("us-maria-delgado", "This is Dana Brooks with Northfield. Am I speaking with Ms. Delgado?", False),
        ("us-maria-delgado", "Hi, is this Maria?", False),
        ("us-maria-delgado", "Is this a good time to talk?", False),
        ("cn-zhou-min", "您好，我是信诚公司的小林，请问是高磊先生吗？", True),
        ("cn-zhou-min", "您好，我是信诚公司的小林，请问是周敏本人吗？", False),
        ("cn-zhou-min", "请问您是本人吗？", False),
        ("cn-zhou-min", "请问是周女士吗？", False),
        ("tw-lin-yijun", "您好，請問是陳柏翰先生嗎？", True),
        ("tw-lin-yijun", "您好，請問是林怡君小姐嗎？", False),
    ],
)
def test_whom_the_agent_asks_for(who: str, text: str, other: bool) -> None:
    assert asks_for_somebody_else(text, persona_named(who)) is other


@pytest.mark.parametrize(
    "persona", [p for p in all_personas() if p.archetype is not Archetype.WRONG_PERSON], ids=lambda p: p.id
)
def test_the_scripts_openings_ask_for_the_right_one(persona: object) -> None:
    slots = briefing(persona).slots()  # type: ignore[arg-type]
    for opening in (
        "Good afternoon, this is Dana Brooks with Northfield Recovery. Am I speaking with {full_name}?",
        "您好，我是信诚公司的工作人员小林，工号318，受{creditor}委托和您联系。请问是{full_name}本人吗？",
        "您好，我是誠信資產的專員小林，請問是{name}嗎？",
    ):
        said = opening.format(**slots)
        chinese = persona.language.chinese  # type: ignore[attr-defined]
        if said.isascii() != chinese:
            assert not asks_for_somebody_else(said, persona)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_wrong_name_is_denied_and_the_right_one_confirmed() -> None:
    call = Call(Borrower(persona_named("us-maria-delgado"), PhrasebookVoice(), seed=1), id="x")
    first = await call.hear("This is Dana Brooks with Northfield. Am I speaking with Darren Cole?")
    second = await call.hear("I'm sorry. Am I speaking with Maria Delgado?")
    assert first.act is BorrowerAct.WRONG_PERSON
    assert second.act is BorrowerAct.CONFIRMS_IDENTITY
