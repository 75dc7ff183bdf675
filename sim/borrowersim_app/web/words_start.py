"""The words of the start: choosing a borrower, the briefing, the dials."""

from borrowersim.persona import Archetype
from borrowersim_evals.report.words import Row

START: dict[str, Row] = {
    "who_speaks": (
        "Borrower's voice: {}. Judge: {}.",
        "借款人发言：{}。评审：{}。",
        "借款人發言：{}。評審：{}。",
    ),
    "better_voice": ("Connect a better voice", "接入更好的模型", "接上更好的模型"),
    "better_voice_how": (
        "Whoever runs this page can start it with a language model: set OPENAI_API_KEY (and OPENAI_BASE_URL for a "
        "service of your own), or fetch the embedded model once. Then start it again:",
        "管理员可以用语言模型启动本页：设置 OPENAI_API_KEY（自建服务再设 OPENAI_BASE_URL），"
        "或先下载一次内置模型，然后重新启动：",
        "管理員可以用語言模型啟動本頁：設定 OPENAI_API_KEY（自建服務再設 OPENAI_BASE_URL），"
        "或先下載一次內建模型，然後重新啟動：",
    ),
    "phrasebook_voice": ("curated lines, no model", "语料库，不用模型", "語料庫，不用模型"),
    "rules_judge": ("rules of law and conduct, no model", "法规与话术规则，不用模型", "法規與話術規則，不用模型"),
    "talk_language": ("Language of the call", "通话语言", "通話語言"),
    "kind": ("Kind of borrower", "借款人类型", "借款人類型"),
    "hardness": ("Difficulty", "难度", "難度"),
    "any": ("all", "全部", "全部"),
    "easier_ones": ("gentle", "容易", "容易"),
    "middle_ones": ("demanding", "有难度", "有難度"),
    "harder_ones": ("hard", "困难", "困難"),
    "gallery": ("Choose a borrower", "选择借款人", "選擇借款人"),
    "gallery_count": ("{} borrowers", "{} 位借款人", "{} 位借款人"),
    "nobody": (
        "Nobody fits these filters. Widen one of them.",
        "没有符合条件的借款人，请放宽筛选。",
        "沒有符合條件的借款人，請放寬篩選。",
    ),
    "trains": ("Trains", "练什么", "練什麼"),
    "case_file": ("Case file", "案件资料", "案件資料"),
    "goal": ("Your goal", "本次目标", "本次目標"),
    "known": ("Known", "已知情况", "已知情況"),
    "law_asks": ("What the law asks ({})", "法规要求（{}）", "法規要求（{}）"),
    "start": ("Start the call", "开始通话", "開始通話"),
    "coach": ("Coach me after each turn", "每说一句后给我点评", "每說一句後給我講評"),
    "coach_means": (
        "Comments on what you said; never tells you what to say first.",
        "只点评已说的话，不提前给答案。",
        "只講評已說的話，不提前給答案。",
    ),
    "build": ("Build your own: turn the dials", "自己设定：调整难度", "自己設定：調整難度"),
    "resistance": ("Resistance", "抗拒程度", "抗拒程度"),
    "financial_stress": ("Financial stress", "经济压力", "經濟壓力"),
    "hostility": ("Hostility", "敌意", "敵意"),
    "legal_knowledge": ("Legal knowledge", "法律知识", "法律知識"),
    "honesty": ("Honesty", "诚实", "誠實"),
    "talkativeness": ("Talkativeness", "健谈", "健談"),
    "waiting": (
        "You have an open call with {} ({} turns). Go on?",
        "你和{}还有一通没打完的电话（已说 {} 句），要继续吗？",
        "你和{}還有一通沒打完的電話（已說 {} 句），要繼續嗎？",
    ),
    "go_on": ("Go on", "继续通话", "繼續通話"),
    "finish_it": ("End it and see the report", "结束并查看报告", "結束並查看報告"),
    "law.us": ("US federal law", "美国联邦法", "美國聯邦法"),
    "law.cn": ("mainland China", "中国大陆", "中國大陸"),
    "law.tw": ("Taiwan", "台湾", "台灣"),
    "law.hk": ("Hong Kong", "香港", "香港"),
    "law.uk": ("United Kingdom", "英国", "英國"),
}

_ARRANGE: Row = (
    "Find out what is really possible, and end with an arrangement that will be kept, or a clear next step.",
    "弄清对方实际能做到什么，最后谈成一个守得住的安排，或约定明确的下一步。",
    "弄清楚對方實際做得到什麼，最後談成一個守得住的安排，或約定明確的下一步。",
)
_DISPUTE: Row = (
    "Take the objection seriously, note it, and say what will be checked and when; nothing is to be paid today.",
    "认真对待异议、记录下来，说明会核查什么、何时答复；今天不谈付款。",
    "認真看待異議、記錄下來，說明會查什麼、何時回覆；今天不談付款。",
)
_RIGHT_PERSON: Row = (
    "Find out who is on the line without a word about the debt, and end the call kindly.",
    "在不透露债务的前提下弄清接电话的是谁，礼貌地结束通话。",
    "在不透露債務的前提下弄清楚接電話的是誰，有禮貌地結束通話。",
)
_STOP_HERE: Row = (
    "Recognise that collecting stops here: take down what is needed, say what happens now, and end the call.",
    "认清催收到此为止：记下必要信息，说明接下来怎么处理，然后结束通话。",
    "認清催收到此為止：記下必要資訊，說明接下來怎麼處理，然後結束通話。",
)
_CARE: Row = (
    "The person comes first: slow down, check that they are safe and have understood, and let the money wait.",
    "人比钱重要：放慢节奏，确认对方安全、听明白了，钱的事可以等。",
    "人比錢重要：放慢步調，確認對方安全、聽懂了，錢的事可以等。",
)
_STEADY: Row = (
    "Stay calm and exact: facts, lawful consequences and a way out, so that paying becomes the better choice.",
    "冷静、准确：讲事实、讲依法的后果、给台阶，让对方觉得还款更划算。",
    "冷靜、準確：講事實、講依法的後果、給台階，讓對方覺得還款比較划算。",
)

GOALS: dict[Archetype, Row] = {
    Archetype.AVOIDER: _ARRANGE,
    Archetype.ANGRY_DISPUTER: _DISPUTE,
    Archetype.HARDSHIP: _ARRANGE,
    Archetype.STRATEGIC_DEFAULTER: _STEADY,
    Archetype.BARGAINER: _ARRANGE,
    Archetype.DESPAIRING: _ARRANGE,
    Archetype.WRONG_PERSON: _RIGHT_PERSON,
    Archetype.THIRD_PARTY: _RIGHT_PERSON,
    Archetype.REPRESENTED: _STOP_HERE,
    Archetype.BANKRUPT: _STOP_HERE,
    Archetype.IDENTITY_THEFT: _DISPUTE,
    Archetype.CEASE_CONTACT: _STOP_HERE,
    Archetype.REPEAT_PROMISER: _ARRANGE,
    Archetype.DEBT_RELIEF_COACHED: _STEADY,
    Archetype.VULNERABLE: _CARE,
    Archetype.CRISIS: _CARE,
}
"""What a good call to this kind of borrower comes to."""
