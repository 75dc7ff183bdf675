"""The page's own words in the three languages: one line a word, the languages side by side."""

from borrowersim.talk import Language
from borrowersim_evals.report.words import Row, Words

NATIVE = {Language.EN: "English", Language.ZH_CN: "简体中文", Language.ZH_TW: "繁體中文"}
"""Each language, called by its own name."""

LEVELS: dict[str, tuple[tuple[float, Row], ...]] = {
    "resistance": (
        (
            1.5,
            ("Takes any fair plan.", "方案合理就接受。", "方案合理就接受。"),
        ),
        (
            4,
            ("Wants to be asked politely.", "要好好说话才肯谈。", "要好好說話才肯談。"),
        ),
        (
            6.5,
            ("Refuses until some trust is earned.", "没有一点信任之前，一概拒绝。", "沒有一點信任之前，一概拒絕。"),
        ),
        (
            9,
            ("Tests you on every turn.", "每句话都在试探你。", "每句話都在試探你。"),
        ),
        (
            10,
            (
                "Yields only to sustained good conduct.",
                "只有从头到尾都得体，才可能松口。",
                "只有從頭到尾都得體，才可能鬆口。",
            ),
        ),
    ),
    "financial_stress": (
        (
            1.5,
            ("Could pay it all this week.", "这周就能全部还清。", "這週就能全部還清。"),
        ),
        (
            4,
            ("Short of money this month.", "这个月手头紧。", "這個月手頭緊。"),
        ),
        (
            6.5,
            ("Has to choose between bills.", "几张账单只能挑着付。", "幾張帳單只能挑著付。"),
        ),
        (
            9,
            ("Behind on rent or food.", "房租、吃饭都成问题。", "房租、吃飯都成問題。"),
        ),
        (
            10,
            ("Has nothing left at all.", "已经一分钱都拿不出来。", "已經一毛錢都拿不出來。"),
        ),
    ),
}
"""Dial -> (highest level, what it means), from low to high; the meanings of `Dials`."""

ROWS: dict[str, Row] = {
    "title": ("Practise a difficult collection call", "催收通话演练", "催收通話演練"),
    "intro": (
        "You are the collector. Talk to a simulated borrower, then read how your words did: respect, clarity, "
        "legal safety.",
        "你是催收员。先和模拟借款人通话，再看自己的话术表现：尊重、清晰、合法合规。",
        "你是催收人員。先與模擬借款人通話，再看自己的表現：尊重、清楚、合法合規。",
    ),
    "interface": ("Interface language", "界面语言", "介面語言"),
    "who_speaks": (
        "Borrower spoken by {}; judged by {}.",
        "借款人由 {} 发言，由 {} 评审。",
        "借款人由 {} 發言，由 {} 評審。",
    ),
    "talk_language": ("Language of the call", "通话语言", "通話語言"),
    "borrower": ("Borrower", "借款人", "借款人"),
    "resistance": ("Resistance", "抗拒程度", "抗拒程度"),
    "financial_stress": ("Financial stress", "经济压力", "經濟壓力"),
    "start": ("Start the call", "开始通话", "開始通話"),
    "case_file": ("Case file", "案件资料", "案件資料"),
    "goal": ("What this call trains", "本次练什么", "本次練什麼"),
    "known": ("Known", "已知情况", "已知情況"),
    "chat": ("The call", "通话", "通話"),
    "empty_chat": (
        "The borrower has picked up. You speak first.",
        "电话已接通，请你先开口。",
        "電話已接通，請你先開口。",
    ),
    "your_words": ("Your words", "你说的话", "你說的話"),
    "placeholder": (
        "What do you say? Enter sends.",
        "说点什么？按回车发送。",
        "說點什麼？按 Enter 送出。",
    ),
    "send": ("Say it", "发送", "送出"),
    "end": ("Hang up and see the report", "挂断并查看报告", "掛斷並查看報告"),
    "see_report": ("See the report", "查看报告", "查看報告"),
    "over": ("The call is over: {}.", "通话已结束：{}。", "通話已結束：{}。"),
    "thinking": ("…", "……", "……"),
    "judging": ("Judging the call…", "正在评审通话……", "正在評審通話……"),
    "report": ("Report card", "成绩单", "成績單"),
    "again": ("Call this borrower again", "再打给这位借款人", "再打給這位借款人"),
    "other": ("Choose another borrower", "换一位借款人", "換一位借款人"),
    "say_something": ("Write what you say first.", "请先写下要说的话。", "請先寫下要說的話。"),
    "too_long": (
        "That is {} characters; nobody listens that long on the phone. Keep it under {}.",
        "这段话有 {} 个字符，电话里没人听得完，请控制在 {} 以内。",
        "這段話有 {} 個字元，電話裡沒人聽得完，請控制在 {} 以內。",
    ),
    "already_over": (
        "The call is over; see the report, or call again.",
        "通话已经结束，请查看报告或重新拨打。",
        "通話已經結束，請查看報告或重新撥打。",
    ),
    "busy": (
        "The borrower is still answering; wait for the answer.",
        "借款人正在回答，请稍候。",
        "借款人正在回答，請稍候。",
    ),
    "voice_failed": (
        "The borrower's voice did not answer. The call is kept and your words are still in the box: "
        "send them again. ({})",
        "借款人的模型没有应答。通话已保留，你的话还在输入框里，请再发一次。（{}）",
        "借款人的模型沒有回應。通話已保留，你的話還在輸入框裡，請再送一次。（{}）",
    ),
    "judge_failed": (
        "The judge did not answer. The call is kept: ask for the report again. ({})",
        "评审模型没有应答。通话已保留，请再点一次查看报告。（{}）",
        "評審模型沒有回應。通話已保留，請再點一次查看報告。（{}）",
    ),
    "no_call": (
        "This call is no longer here: the page was open too long or the server was started anew. Start a new call.",
        "这通电话已经不在了：页面打开太久，或服务器重启过。请重新开始。",
        "這通電話已經不在了：頁面開啟太久，或伺服器重新啟動過。請重新開始。",
    ),
    "not_advice": (
        "Everyone here is invented. This is training, not legal advice.",
        "人物均为虚构。仅供训练，不构成法律意见。",
        "人物均為虛構。僅供訓練，不構成法律意見。",
    ),
}


def page_words(language: Language) -> Words:
    """Return the page's words in a language."""
    return Words(language, ROWS)


def level_meaning(dial: str, level: float, language: Language) -> str:
    """Return what a dial's level means."""
    row = next(row for highest, row in LEVELS[dial] if level <= highest)
    return row[list(NATIVE).index(language)]
