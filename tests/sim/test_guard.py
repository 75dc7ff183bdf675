"""The guard names what is wrong with a line, and lets a fair line through."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from borrowersim.acts import BorrowerAct
from borrowersim.guard import FaultKind, effect, faults, in_script
from borrowersim.guard_acts import in_act
from borrowersim.intent import Intent
from borrowersim.persona import persona_named
from borrowersim.phrasebook import phrasebook_of
from borrowersim.talk import Language, Speaker, Talk

Act = BorrowerAct
INTRODUCTION = {
    Language.EN: "Good morning, this is Dana Brooks from Northfield.",
    Language.ZH_CN: "您好，我是信诚的工作人员小林，工号318。",
    Language.ZH_TW: "您好，我是誠信資產的專員小陳，員工編號318。",
}
AGENT_LINE = {
    Language.EN: "Your balance is $2,310. Could you manage $60 a month?",
    Language.ZH_CN: "您目前应还8600块，每个月还300块可以吗？",
    Language.ZH_TW: "您目前應繳62,000元，每個月繳2,000元可以嗎？",
}
WHO = {Language.EN: "us-maria-delgado", Language.ZH_CN: "cn-zhou-min", Language.ZH_TW: "tw-lin-yijun"}
OFFER = {Language.EN: "$60 a month", Language.ZH_CN: "每个月300块", Language.ZH_TW: "每個月2,000元"}
SUMS = {Language.EN: {60, 2310}, Language.ZH_CN: {300, 8600}, Language.ZH_TW: {2000, 62000}}


def intent(act: Act, language: Language = Language.EN, slots: Mapping[str, str] | None = None) -> Intent:
    persona = persona_named(WHO[language])
    spoken = {"instalment": OFFER[language], "offered": OFFER[language]} if slots is None else slots
    return Intent(act, persona, spoken, frozenset(Decimal(s) for s in SUMS[language]), untold=persona.private)


def talk(language: Language = Language.EN) -> Talk:
    persona = persona_named(WHO[language])
    empty = Talk(id="x", language=language, jurisdiction=persona.jurisdiction)
    return empty.said(Speaker.AGENT, INTRODUCTION[language]).said(Speaker.AGENT, AGENT_LINE[language])


PLANTED = [
    (Language.EN, Act.STALLS, "How can I help you today?", FaultKind.ROLE_FLIP),
    (Language.EN, Act.GUARDED, "I'm calling about your account, Ms Delgado.", FaultKind.ROLE_FLIP),
    (Language.EN, Act.STALLS, "As an AI language model, I cannot do that.", FaultKind.REFUSAL),
    (Language.EN, Act.HOSTILE, "I'm sorry, but I can't assist with that request.", FaultKind.REFUSAL),
    (Language.EN, Act.STALLS, "*sighs* Call me next week.", FaultKind.STAGE_DIRECTION),
    (Language.EN, Act.STALLS, "(long pause) Call me next week.", FaultKind.STAGE_DIRECTION),
    (Language.EN, Act.PLEADS_HARDSHIP, "I only have $900 left in the bank.", FaultKind.INVENTED_AMOUNT),
    (Language.EN, Act.STALLS, "现在不方便，改天再说。", FaultKind.WRONG_LANGUAGE),
    (Language.EN, Act.GUARDED, "trust: 3.2, anger: 4. What do you want?", FaultKind.STATE_LEAK),
    (Language.EN, Act.GUARDED, "I will now do pleads_hardship.", FaultKind.STATE_LEAK),
    (Language.EN, Act.ASKS_OPTIONS, "Your balance is $2,310. Could you manage $60 a month?", FaultKind.ECHO),
    (Language.EN, Act.ACCEPTS_PLAN, "No way, I refuse to pay any of that.", FaultKind.OFF_ACT),
    (Language.EN, Act.REFUSES, "All right, I agree to that plan.", FaultKind.OFF_ACT),
    (Language.EN, Act.GUARDED, "Okay, I'll take the plan, $60 a month it is.", FaultKind.OFF_ACT),
    (Language.EN, Act.GUARDED, "", FaultKind.EMPTY),
    (Language.EN, Act.GUARDED, "well " * 80, FaultKind.TOO_LONG),
    (Language.ZH_CN, Act.STALLS, "请问有什么可以帮您？", FaultKind.ROLE_FLIP),
    (Language.ZH_CN, Act.STALLS, "作为一个人工智能，我无法提供帮助。", FaultKind.REFUSAL),
    (Language.ZH_CN, Act.STALLS, "（叹气）过几天再说吧。", FaultKind.STAGE_DIRECTION),
    (Language.ZH_CN, Act.PLEADS_HARDSHIP, "我一个月就挣4800块，真没有。", FaultKind.INVENTED_AMOUNT),
    (Language.ZH_CN, Act.STALLS, "Call me later, please.", FaultKind.WRONG_LANGUAGE),
    (Language.ZH_CN, Act.ACCEPTS_PLAN, "我一分钱都不会还的。", FaultKind.OFF_ACT),
    (Language.ZH_TW, Act.STALLS, "感謝您的來電，祝您順心。", FaultKind.ROLE_FLIP),
    (Language.ZH_TW, Act.PLEADS_HARDSHIP, "我戶頭只剩3,500元。", FaultKind.INVENTED_AMOUNT),
    (Language.ZH_TW, Act.ACCEPTS_PLAN, "我不會繳的，你不要再講了。", FaultKind.OFF_ACT),
    (Language.EN, Act.ASKS_WHO, "¿Quién es? I don't know this number.", FaultKind.WRONG_LANGUAGE),
    (Language.EN, Act.CONFIRMS_IDENTITY, "Yes, this is Dana Brooks.", FaultKind.ROLE_FLIP),
    (Language.EN, Act.CONFIRMS_IDENTITY, "Speaking, I'm Sarah.", FaultKind.ROLE_FLIP),
    (Language.ZH_CN, Act.CONFIRMS_IDENTITY, "对，我是小林。", FaultKind.ROLE_FLIP),
    (Language.ZH_TW, Act.CONFIRMS_IDENTITY, "我是小陳，你說。", FaultKind.ROLE_FLIP),
    (Language.EN, Act.REFUSES, "Lassen Sie mich bitte in Ruhe.", FaultKind.WRONG_LANGUAGE),
    (Language.EN, Act.PLEADS_HARDSHIP, "Wala akong pera ngayon.", FaultKind.WRONG_LANGUAGE),
    (Language.EN, Act.STALLS, "Estoy trabajando, llame luego.", FaultKind.WRONG_LANGUAGE),
    (Language.EN, Act.HOSTILE, "You've been so kind, thank you, that really helps me.", FaultKind.OFF_ACT),
    (Language.ZH_CN, Act.THANKS, "少来这套，再打我就去投诉你们。", FaultKind.OFF_ACT),
    (Language.ZH_TW, Act.DOUBTS, "謝謝你喔，這樣講我就放心多了。", FaultKind.OFF_ACT),
    (Language.EN, Act.BARGAINS, "No, seventy-five's my limit.", FaultKind.INVENTED_AMOUNT),
    (Language.EN, Act.DENIES, "I know I owe it, it's just been hard.", FaultKind.OFF_ACT),
    (Language.EN, Act.STATES_CEASE, "Call me whenever you like.", FaultKind.OFF_ACT),
    (Language.EN, Act.ASKS_OPTIONS, "Could you manage $60 a month? Your balance is $2,310.", FaultKind.ECHO),
    (Language.ZH_CN, Act.STALLS, "*叹了口气* 改天再说吧。", FaultKind.STAGE_DIRECTION),
    (Language.ZH_CN, Act.STALLS, "周敏：改天再说吧。", FaultKind.STAGE_DIRECTION),
    (Language.ZH_CN, Act.DENIES, "是我借的，我认，就是手头紧。", FaultKind.OFF_ACT),
    (Language.ZH_CN, Act.ASKS_OPTIONS, "每个月还300块可以吗？您目前应还8600块，", FaultKind.ECHO),
    (Language.ZH_TW, Act.STALLS, "怡君：改天再說啦。", FaultKind.STAGE_DIRECTION),
    (Language.ZH_TW, Act.STATES_CEASE, "沒關係啊，你隨時打給我。", FaultKind.OFF_ACT),
]
FAIR = [
    (Language.EN, Act.PLEADS_HARDSHIP, "I won't be able to pay anything this month."),
    (Language.EN, Act.REFUSES, "I'm sorry, I can't help you there, I'm not paying it."),
    (Language.EN, Act.DOUBTS, "Nine times out of ten these calls are a scam."),
    (Language.EN, Act.CORRECTS_AMOUNT, "Your balance is wrong, I paid part of it."),
    (Language.EN, Act.PROMISES_TO_PAY, "I'll send the sixty on the twenty-eighth, I promise."),
    (Language.EN, Act.CONFIRMS_IDENTITY, "Yeah, this is Maria."),
    (Language.EN, Act.DOUBTS, "So this is Dana again? How do I know you're real?"),
    (Language.ZH_CN, Act.CONFIRMS_IDENTITY, "我是周敏，你说。"),
    (Language.ZH_TW, Act.CONFIRMS_IDENTITY, "我是林怡君，請說。"),
    (Language.ZH_CN, Act.BARGAINS, "再多不行，每个月300块我行。"),
    (Language.ZH_CN, Act.DISPUTES, "你们系统显示逾期，我银行记录显示扣款成功，到底以谁的为准？"),
    (Language.ZH_CN, Act.HOSTILE, "你们有完没完了！我这一年怎么过的你知道吗！"),
    (Language.ZH_TW, Act.CONFIRMS_IDENTITY, "我是本人沒錯，你是哪一家銀行委託的？"),
]


@pytest.mark.parametrize(("language", "act", "line", "kind"), PLANTED)
def test_a_planted_fault_is_named(language: Language, act: Act, line: str, kind: FaultKind) -> None:
    assert kind in faults(line, intent(act, language), talk(language))


@pytest.mark.parametrize(("language", "act", "line"), FAIR)
def test_a_fair_line_that_looks_risky_may_leave(language: Language, act: Act, line: str) -> None:
    assert faults(line, intent(act, language), talk(language)) == []


@pytest.mark.parametrize("language", list(Language))
def test_a_secret_may_not_slip_out(language: Language) -> None:
    secret = persona_named(WHO[language]).private[0].tell[0]
    assert FaultKind.LEAK in faults(secret, intent(Act.GUARDED, language), talk(language))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("act", [act for act in Act if act is not Act.TELLS_FACT])
def test_the_phrasebook_passes_its_own_guard(language: Language, act: Act) -> None:
    asked = intent(act, language, slots={})
    book = phrasebook_of(language)
    lines = [line for register in book.acts[act].lines for line in book.lines(act, register, {})]
    kept_back = {line: found for line in lines if "{" not in line and (found := faults(line, asked, talk(language)))}
    assert kept_back == {}


def test_a_small_models_line_must_show_its_act() -> None:
    vague = "I do not know what to say."
    assert faults(vague, intent(Act.ASKS_CONSEQUENCE), talk()) == []
    assert faults(vague, intent(Act.ASKS_CONSEQUENCE), talk(), strict=True) == [FaultKind.OFF_ACT]


def test_a_small_models_proposal_must_name_its_sum() -> None:
    assert faults("I could do $60 a month, that's it.", intent(Act.BARGAINS), talk(), strict=True) == []
    assert FaultKind.OFF_ACT in faults("Could we make it a bit lower?", intent(Act.BARGAINS), talk(), strict=True)


def test_a_told_fact_must_be_that_fact() -> None:
    tells = ("They cut my hours at the warehouse in the spring.",)
    assert in_act("They cut my hours in the spring.", Act.TELLS_FACT, Language.EN, tells)
    assert not in_act("Leave me alone.", Act.TELLS_FACT, Language.EN, tells)


def test_mixed_script_is_put_right() -> None:
    assert in_script("這個月真的沒辦法", Language.ZH_CN) == "这个月真的没办法"
    assert in_script("这个月真的没办法", Language.ZH_TW) == "這個月真的沒辦法"
    assert in_script("海岳銀行", Language.ZH_TW) == "海岳銀行"
    assert in_script("Fine.", Language.EN) == "Fine."


@pytest.mark.parametrize(
    ("kind", "line", "act", "expected"),
    [
        ("off_act", "Okay, I agree to $60 a month.", Act.REFUSES, "helped"),
        ("leak", "They cut my hours.", Act.GUARDED, "helped"),
        ("off_act", "I refuse to pay that.", Act.ACCEPTS_PLAN, "hindered"),
        ("refusal", "As an AI I cannot.", Act.STALLS, "hindered"),
        ("off_act", "Hm.", Act.ASKS_CONSEQUENCE, "neutral"),
    ],
)
def test_what_a_fault_would_have_done_is_known(kind: str, line: str, act: Act, expected: str) -> None:
    assert effect(kind, line, act, Language.EN) == expected
