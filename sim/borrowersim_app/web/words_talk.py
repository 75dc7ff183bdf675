"""The words of the call itself."""

from borrowersim_evals.report.words import Row

TALK: dict[str, Row] = {
    "chat": ("The call", "通话", "通話"),
    "on_the_line": ("On the line: {}", "通话中：{}", "通話中：{}"),
    "call_time": ("Call time", "通话时长", "通話時間"),
    "empty_chat": (
        "The phone has been picked up. You speak first.",
        "电话已接通，请你先开口。",
        "電話已接通，請你先開口。",
    ),
    "your_words": ("Your words", "你说的话", "你說的話"),
    "placeholder": (
        "Enter sends; Shift+Enter: new line.",
        "说点什么？回车发送，Shift+回车换行。",
        "說點什麼？Enter 送出，Shift+Enter 換行。",
    ),
    "send": ("Say it", "发送", "送出"),
    "end": ("Hang up", "挂断", "掛斷"),
    "hand_over": ("Hand over", "转交给同事", "轉交給同事"),
    "put_aside": ("Keep for later", "稍后再打", "稍後再打"),
    "see_report": ("See the report", "查看报告", "查看報告"),
    "over": ("The call is over: {}.", "通话已结束：{}。", "通話已結束：{}。"),
    "handed_over": ("handed over to a colleague", "已转交同事", "已轉交同事"),
    "thinking": ("…", "……", "……"),
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
    "slow": (
        "The borrower takes long to answer. You may wait, or hang up; nothing is lost.",
        "对方迟迟没有回应。可以再等等，也可以挂断，内容都会保留。",
        "對方遲遲沒有回應。可以再等等，也可以掛斷，內容都會保留。",
    ),
    "busy": (
        "The borrower is still answering; wait for the answer.",
        "借款人正在回答，请稍候。",
        "借款人正在回答，請稍候。",
    ),
    "voice_failed": (
        "The line is bad: the borrower's voice did not answer. The call and your words are kept. ({})",
        "线路不好：借款人的模型没有应答。通话和你的话都已保留。（{}）",
        "線路不好：借款人的模型沒有回應。通話和你的話都已保留。（{}）",
    ),
    "not_heard": ("not heard yet", "对方还没听到", "對方還沒聽到"),
    "try_again": ("Try again", "再试一次", "再試一次"),
    "coach_says": ("Coach", "教练", "教練"),
    "coach_good": ("Nothing to object to.", "没有问题。", "沒有問題。"),
    "coach_better": ("Better", "更好的说法", "更好的說法"),
    "respect": ("Respect", "尊重", "尊重"),
    "clarity": ("Clarity", "清晰", "清楚"),
}
