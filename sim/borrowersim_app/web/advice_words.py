"""What to keep, to start and to stop, as a coach says it: one line a feature of the rubrics, three languages."""

from borrowersim_evals.report.words import Row

KEEP: dict[str, Row] = {
    "respect.empathy": (
        "showing that you see how hard it is; it lowers the guard",
        "体谅对方的难处，这样对方才会放下戒备",
        "體諒對方的難處，對方才會卸下心防",
    ),
    "respect.listening": (
        "taking up what the borrower just said before you go on",
        "先接住对方刚说的话，再往下谈",
        "先接住對方剛說的話，再往下談",
    ),
    "respect.open_question": (
        "asking open questions; they bring out what the file does not know",
        "用开放式问题，问出档案里没有的情况",
        "用開放式問題，問出檔案裡沒有的狀況",
    ),
    "respect.permission": (
        "asking whether the moment suits; it gives back some control",
        "先问对方方不方便，给对方一点主动权",
        "先問對方方不方便，把一點主導權還給對方",
    ),
    "respect.choice": (
        "leaving the choice with the borrower",
        "把选择权留给对方",
        "把選擇權留給對方",
    ),
    "respect.help": (
        "offering help where it is needed",
        "在对方需要的时候主动提供帮助",
        "在對方需要時主動提供協助",
    ),
    "respect.apology": (
        "saying sorry where something went wrong",
        "该道歉的时候肯道歉",
        "該道歉的時候願意道歉",
    ),
    "clarity.options": (
        "setting out the options side by side",
        "把几种方案摆清楚让对方比较",
        "把幾種方案擺清楚讓對方比較",
    ),
    "clarity.consequence": (
        "naming the lawful consequence plainly and without heat",
        "平和、明确地说明依法可能的后果",
        "平和、明確地說明依法可能的後果",
    ),
    "clarity.rights": (
        "telling the borrower what their rights are",
        "把对方的权利讲清楚",
        "把對方的權利說清楚",
    ),
    "clarity.amount": (
        "naming the exact amount",
        "金额说得清清楚楚",
        "金額說得清清楚楚",
    ),
    "clarity.identified": (
        "saying who is calling, and for whom, at the start",
        "一开始就说明自己是谁、代表哪一家",
        "一開始就說明自己是誰、代表哪一家",
    ),
    "clarity.next_step": (
        "saying what happens next",
        "说清下一步怎么走",
        "說清楚下一步怎麼走",
    ),
    "clarity.date": ("naming the day", "把日子说具体", "把日期說具體"),
    "respect.thanks": (
        "thanking the borrower for talking",
        "谢谢对方愿意谈",
        "謝謝對方願意談",
    ),
    "respect.courtesy": ("your polite tone", "礼貌的语气", "有禮貌的語氣"),
    "respect.greeting": ("your proper greeting", "得体的问候", "得體的問候"),
}
"""Feature -> what to go on doing; the most telling first."""

START: dict[str, Row] = {
    "clarity.identified": (
        "Say who you are and for whom you call, before anything else.",
        "一接通先说明你是谁、代表哪一家。",
        "一接通先說明你是誰、代表哪一家。",
    ),
    "respect.listening": (
        "Repeat in your own words what you heard, before you answer it.",
        "回应之前，先用自己的话复述一遍对方的意思。",
        "回應之前，先用自己的話複述一次對方的意思。",
    ),
    "respect.empathy": (
        "Say one sentence about how this must be for the borrower, and mean it.",
        "真心说一句体谅对方处境的话。",
        "真心說一句體諒對方處境的話。",
    ),
    "respect.open_question": (
        'Ask an open question: "What does a month look like for you?"',
        "问一个开放式问题，比如：“您每个月的开销大概是怎样的？”",
        "問一個開放式問題，例如：「您每個月的開銷大概是怎樣呢？」",
    ),
    "clarity.amount": (
        "Name the exact amount when you speak of paying.",
        "谈到还款就报出准确金额。",
        "談到還款就說出確切金額。",
    ),
    "clarity.options": (
        "Offer two ways that could work, instead of one demand.",
        "给出两种可行的方案，而不是一个要求。",
        "提出兩種可行的方案，而不是一個要求。",
    ),
    "clarity.next_step": (
        "End with the next step: who does what, by when.",
        "收尾时说清下一步：谁、做什么、什么时候。",
        "收尾時說清楚下一步：誰、做什麼、什麼時候。",
    ),
    "clarity.rights": (
        "Tell the borrower what they are entitled to, such as asking for proof in writing.",
        "告诉对方有哪些权利，比如可以要求书面凭证。",
        "告訴對方有哪些權利，例如可以要求書面憑證。",
    ),
}
"""Feature that was never shown -> what to try next time; the most needed first."""
NOT_YET: tuple[str, ...] = ("clarity.amount", "clarity.options", "clarity.rights", "clarity.next_step")
"""Not to be asked of a call in which the debt must not be spoken of."""

STOP: dict[str, Row] = {
    "respect.insult": ("insulting the borrower", "辱骂、贬低对方", "辱罵、貶低對方"),
    "respect.ignores_crisis": (
        "talking money when somebody says that they cannot go on",
        "对方已经说撑不下去了还在谈钱",
        "對方已經說撐不下去了還在談錢",
    ),
    "respect.threat": (
        "threatening; say what the law allows, or nothing",
        "恐吓；要么讲依法可能的后果，要么不说",
        "恐嚇；要嘛說依法可能的後果，要嘛不說",
    ),
    "clarity.false_claim": ("saying what is not true", "说不实的话", "說不實的話"),
    "respect.pressure": (
        "pressing for an answer now; it takes the time to think away",
        "逼对方马上答复，不给思考的时间",
        "逼對方馬上答覆，不給思考的時間",
    ),
    "respect.sarcasm": ("mocking", "讽刺挖苦", "諷刺挖苦"),
    "respect.disbelief": (
        "treating what the borrower says as a lie",
        "把对方的话当成借口",
        "把對方的話當成藉口",
    ),
    "respect.blame": ("blaming", "指责说教", "指責說教"),
    "respect.dismissal": ("brushing the borrower's trouble aside", "对对方的难处不屑一顾", "對對方的難處不屑一顧"),
    "respect.ignores_hardship": (
        "passing over the hardship you were just told of",
        "对方刚说出的难处，听完就略过",
        "對方剛說出口的難處，聽完就略過",
    ),
    "respect.ignores_dispute": (
        "passing over the objection you were just told of",
        "对方刚提的异议，听完就略过",
        "對方剛提的異議，聽完就略過",
    ),
    "clarity.unanswered": ("leaving a question unanswered", "对方问了却不回答", "對方問了卻不回答"),
    "clarity.contradiction": ("changing your figures", "前后金额不一致", "前後金額不一致"),
    "clarity.hint": (
        "hinting at consequences without naming them",
        "含糊地暗示后果",
        "含糊地暗示後果",
    ),
    "respect.dark_hint": (
        "letting something bad shine through",
        "话里带着威胁的意味",
        "話裡帶著威脅的意味",
    ),
    "clarity.false_urgency": ("inventing urgency", "编造紧急期限", "捏造緊急期限"),
    "respect.interruption": ("cutting the borrower off", "打断对方", "打斷對方"),
    "respect.command": ("giving orders", "用命令的口气", "用命令的口氣"),
    "respect.shouting": ("shouting", "大吼大叫", "大吼大叫"),
    "respect.repeats": ("repeating the same demand", "一再重复同样的要求", "一再重複同樣的要求"),
    "clarity.no_amount": (
        "asking for money without saying how much",
        "催还款却不说金额",
        "催還款卻不說金額",
    ),
    "clarity.vague": ("speaking vaguely", "说得含含糊糊", "說得含含糊糊"),
    "clarity.jargon": ("using words that only you know", "用对方听不懂的行话", "用對方聽不懂的行話"),
    "clarity.many_questions": ("asking several questions at once", "一口气问好几个问题", "一口氣問好幾個問題"),
    "clarity.overloaded": ("putting too much into one turn", "一句话里塞太多内容", "一句話裡塞太多內容"),
    "clarity.long_sentence": ("speaking in very long sentences", "句子拖得太长", "句子拖得太長"),
    "clarity.fragment": ("leaving the borrower with half a sentence", "话只说半句", "話只說半句"),
    "clarity.wrong_language": (
        "speaking a language that is not the borrower's",
        "用对方不说的语言",
        "用對方不說的語言",
    ),
}
"""Feature -> what to leave off; the gravest first."""

FRAMES: dict[str, Row] = {
    "keep": ("{what} ({turn}).", "{what}（{turn}）。", "{what}（{turn}）。"),
    "keep_none": (
        "Going on: you stayed on the line, and the next try can begin more gently.",
        "继续练：你把电话打完了，下一次可以从更温和的开场做起。",
        "繼續練：你把電話打完了，下一次可以從更溫和的開場做起。",
    ),
    "start": ("{what}", "{what}", "{what}"),
    "start_unsaid": (
        "Say what the law wants said: {what}",
        "把法规要求说的话说出来：{what}",
        "把法規要求說的話說出來：{what}",
    ),
    "start_none": (
        "Somebody harder: this call had everything that it needed.",
        "可以挑战更难的对象了：这通电话该有的都有了。",
        "可以挑戰更難的對象了：這通電話該有的都有了。",
    ),
    "stop": ("{what} ({turn}).", "{what}（{turn}）。", "{what}（{turn}）。"),
    "stop_quote": (
        'Saying "{what}" ({turn}): {why}',
        "这样的话不能再说：“{what}”（{turn}）。{why}",
        "這樣的話不能再說：「{what}」（{turn}）。{why}",
    ),
    "stop_none": (
        "Nothing; go on like this.",
        "没有需要改掉的，就这样继续。",
        "沒有需要改掉的，就這樣繼續。",
    ),
}
