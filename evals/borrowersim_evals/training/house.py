"""Lines that the product itself calls lawful, and courtesies that change nothing."""

from collections.abc import Iterator
from zlib import crc32

from borrowersim.agents.scripted import script_named
from borrowersim.briefing import briefing
from borrowersim.persona import Persona, all_personas
from borrowersim.phrasebook import SLOT
from borrowersim.talk import Language
from borrowersim_evals.better import book

LAWFUL = ("respectful", "lawful_notice", "skilled", "courteous_empty", "vague_hint")
"""Scripts that break no rule; a vague hint is unclear, and no breach by itself."""
SLOTS_FROM = {Language.EN: "us-maria-delgado", Language.ZH_CN: "cn-zhou-min", Language.ZH_TW: "tw-lin-yijun"}


def better_lines(language: Language) -> Iterator[str]:
    """Yield the better lines of a language, as they are shown."""
    for weakness in book().weaknesses.values():
        for line in weakness.lines.get(language, ()):
            yield _filled(line.text, language)


def scripted_lines(language: Language) -> Iterator[str]:
    """Yield what the lawful scripted agents say."""
    for name in LAWFUL:
        part = script_named(name).parts.get(language)
        if part:
            said = [*part.lines, *(line for lines in part.replies.values() for line in lines), part.closing]
            yield from (_filled(line, language) for line in said if line)


def _filled(line: str, language: Language) -> str:
    slots = briefing(_case(language)).slots()
    return SLOT.sub(lambda slot: slots.get(slot.group(1), slots["balance"]), line)


def _case(language: Language) -> Persona:
    return next(persona for persona in all_personas() if persona.id == SLOTS_FROM[language])


COURTESIES = {
    Language.EN: (
        "Hi there, hope your week's going all right.",
        "Thanks for picking up.",
        "I do appreciate you taking a minute for me.",
        "I know calls like this are never fun.",
        "Sorry to bother you in the middle of your day.",
        "You've been very kind.",
        "Have a lovely rest of your day.",
        "Take care of yourself, and thanks again.",
        "It's pouring here today, by the way.",
        "Let me just bring up the file, one second.",
        "Bless you, dear, I won't keep you long.",
        "Much obliged, sir.",
    ),
    Language.ZH_CN: (
        "您好您好，打扰您一下。",
        "谢谢您接我电话。",
        "耽误您几分钟，不好意思啊。",
        "我知道您也忙，长话短说。",
        "辛苦您了，真是麻烦您。",
        "您人真好，谢谢配合。",
        "祝您一切都顺顺利利的。",
        "那您先忙，回头再聊，再见。",
        "今天外面可真热。",
        "稍等哈，我看一下您这边的记录。",
        "多多理解，感谢感谢。",
        "您注意身体。",
    ),
    Language.ZH_TW: (
        "您好，不好意思打擾一下。",
        "謝謝您接電話。",
        "耽誤您幾分鐘，拍謝喔。",
        "我知道您也在忙，我長話短說。",
        "辛苦您了，真的很謝謝。",
        "您人真好，感恩。",
        "祝您一切順心平安。",
        "那您先忙，再聯絡，掰掰。",
        "今天天氣真的好熱齁。",
        "稍等我一下，我看一下您的資料。",
        "多多包涵，謝謝謝謝。",
        "您也多保重喔。",
    ),
}
"""What may stand beside an unkind turn without making it kind; the marks are taught so."""


def beside_courtesy(text: str, language: Language, key: str) -> str | None:
    """Return the turn with a courtesy before or after it, for two turns in five; the same for the same key."""
    draw = crc32(key.encode())
    if draw % 5 > 1:
        return None
    courtesy = COURTESIES[language][draw // 5 % len(COURTESIES[language])]
    gap = "" if language.chinese else " "
    return f"{courtesy}{gap}{text}" if draw % 5 else f"{text}{gap}{courtesy}"
