"""The words of the Watch tab in the three languages: one line a word, the languages side by side."""

from borrowersim.talk import Language
from borrowersim_evals.report.words import ROWS as REPORT_ROWS
from borrowersim_evals.report.words import Row, Words

ROWS: dict[str, Row] = {
    "watch": ("Watch", "观摩", "觀摩"),
    "watch_intro": (
        "See an agent and a borrower talk, turn by turn, with what the borrower feels beside it.",
        "逐句观摩催收方与借款人的通话，旁边同步显示借款人的内心变化。",
        "逐句觀摩催收方與借款人的通話，旁邊同步顯示借款人的內心變化。",
    ),
    "live": ("A new talk", "新通话", "新通話"),
    "stored": ("Stored runs", "历史运行", "歷次執行"),
    "talk_language": ("Language of the talk", "通话语言", "通話語言"),
    "agent": ("Agent", "催收方", "催收方"),
    "borrower": ("Borrower", "借款人", "借款人"),
    "resistance": ("Resistance", "抗拒程度", "抗拒程度"),
    "financial_stress": ("Financial stress", "经济压力", "經濟壓力"),
    "begin": ("Watch this talk", "开始观摩", "開始觀摩"),
    "about_agent": ("The agent", "催收方风格", "催收方風格"),
    # Stored runs
    "run": ("Run", "运行", "執行"),
    "run_line": ("{} · {} · talks: {} · {}", "{} · {} · {} 通 · {}", "{} · {} · {} 通 · {}"),
    "unfinished": ("not finished", "未完成", "未完成"),
    "any": ("All", "全部", "全部"),
    "verdict": ("Verdict", "判定", "判定"),
    "search": ("Words in the talk", "通话中的文字", "通話中的文字"),
    "search_hint": ("Part of a sentence", "输入一句话的一部分", "輸入一句話的一部分"),
    "more": ("Show more", "显示更多", "顯示更多"),
    "refresh": ("Look again", "刷新", "重新整理"),
    "no_runs": (
        "No run is stored yet. Play one in a terminal with “borrowersim run article”, then look again.",
        "还没有保存的运行。请先在终端执行“borrowersim run article”，再点刷新。",
        "還沒有儲存的執行紀錄。請先在終端機執行「borrowersim run article」，再按重新整理。",
    ),
    "no_talks": (
        "No talk fits. Take a filter back or look for other words.",
        "没有符合条件的通话，请放宽筛选或换个词。",
        "沒有符合條件的通話，請放寬篩選或換個詞。",
    ),
    "shown_talks": ("Talks: {}", "共 {} 通", "共 {} 通"),
    "first_talks": ("The first {} talks", "前 {} 通", "前 {} 通"),
    "turn_count": ("{} turns", "{} 句", "{} 句"),
    "choose_run": ("Choose a run.", "请选择一次运行。", "請選擇一次執行。"),
    "store_failed": (
        "The stored runs cannot be read now; the server's log says why.",
        "暂时读不到保存的运行，原因见服务器日志。",
        "暫時讀不到儲存的執行紀錄，原因請見伺服器日誌。",
    ),
    # Player
    "play": ("▶ Play", "▶ 播放", "▶ 播放"),
    "pause": ("❚❚ Pause", "❚❚ 暂停", "❚❚ 暫停"),
    "back": ("‹ Back", "‹ 上一句", "‹ 上一句"),
    "step": ("Step ›", "下一句 ›", "下一句 ›"),
    "position": ("Turn", "第几句", "第幾句"),
    "speed": ("Speed", "速度", "速度"),
    "stop": ("Stop and see the report", "结束并查看报告", "結束並查看報告"),
    "see_report": ("See the report", "查看报告", "查看報告"),
    "hide_report": ("Hide the report", "收起报告", "收合報告"),
    "take_over": ("Take over from here", "从这里接手", "從這裡接手"),
    "take_over_start": ("Take over from the start", "从头接手", "從頭接手"),
    "leave": ("Other talk", "换一通", "換一通"),
    "scene": ("The talk", "通话", "通話"),
    "go_to": ("Go to turn {}", "跳到第 {} 句", "跳到第 {} 句"),
    "not_begun": (
        "Nothing has been said yet. Press Play, or take one turn at a time.",
        "还没有人说话。点“播放”，或一句一句往下看。",
        "還沒有人說話。按「播放」，或一句一句往下看。",
    ),
    "not_started": (
        "Press Play to watch this talk, step through it, or go to a finding.",
        "点“播放”观看，也可以一句一句看，或直接跳到某个问题。",
        "按「播放」觀看，也可以一句一句看，或直接跳到某個問題。",
    ),
    "agent_thinks": ("The agent is thinking…", "催收方正在想……", "催收方正在想……"),
    "borrower_thinks": ("The borrower is thinking…", "借款人正在想……", "借款人正在想……"),
    "ended": ("The talk is over: {}.", "通话已结束：{}。", "通話已結束：{}。"),
    "inside": ("Inside the borrower", "借款人的内心", "借款人的內心"),
    "before_first": ("Before the first word", "开口之前", "開口之前"),
    "after_turn": ("After turn {}", "第 {} 句之后", "第 {} 句之後"),
    "heard": ("Heard", "听到", "聽到"),
    "heard_nothing": ("nothing of note", "没有特别之处", "沒有特別之處"),
    "does": ("Did", "反应", "反應"),
    "on_table": ("On the table", "当前方案", "目前方案"),
    "agreed_plan": ("Agreed", "已谈妥", "已談妥"),
    "not_meant": ("does not mean to keep it", "并不打算兑现", "並不打算履行"),
    "told": ("Told so far", "已透露", "已透露"),
    "told_none": ("nothing private yet", "尚未透露私人情况", "尚未透露私人情況"),
    "untold": ("{} still kept back", "还有 {} 项没有说出", "還有 {} 項沒有說出"),
    "dispute_open": ("an objection waits for an answer", "异议尚未得到回应", "異議尚未獲得回應"),
    "in_crisis": ("in crisis", "处于危机", "處於危機"),
    "threats": (
        "threats, insults, false claims heard: {}",
        "听到威胁、侮辱或不实说法：{} 次",
        "聽到威脅、侮辱或不實說法：{} 次",
    ),
    "findings": ("Findings", "问题清单", "問題清單"),
    "findings_later": (
        "The judge speaks when the talk is over.",
        "通话结束后才会评审。",
        "通話結束後才會評審。",
    ),
    "no_findings": ("No rule was found broken.", "未发现违规。", "未發現違規。"),
    "not_judged": (
        "Legal safety was not judged; an empty list is no praise.",
        "未评审合法合规；没有列出问题不等于没有问题。",
        "未評審合法合規；沒有列出問題不代表沒有問題。",
    ),
    "left_unsaid": ("left unsaid", "该说未说", "該說未說"),
    "quoted": ("“{}”", "“{}”", "「{}」"),
    "report": ("Report card", "成绩单", "成績單"),
    "judging": ("Judging the talk…", "正在评审通话……", "正在評審通話……"),
    "nothing_said": (
        "Nothing was said, so there is nothing to judge.",
        "还没有人说话，没有可评审的内容。",
        "還沒有人說話，沒有可評審的內容。",
    ),
    "voice_failed": (
        "The borrower's voice did not answer. Nothing is lost: press Play to try again. ({})",
        "借款人的模型没有应答。内容都还在，点“播放”再试一次。（{}）",
        "借款人的模型沒有回應。內容都還在，按「播放」再試一次。（{}）",
    ),
    "agent_failed": (
        "The agent did not answer. Nothing is lost: press Play to try again. ({})",
        "催收方没有应答。内容都还在，点“播放”再试一次。（{}）",
        "催收方沒有回應。內容都還在，按「播放」再試一次。（{}）",
    ),
    "judge_failed": (
        "The judge did not answer. The talk is kept: ask for the report again. ({})",
        "评审模型没有应答。通话已保留，请再点一次查看报告。（{}）",
        "評審模型沒有回應。通話已保留，請再按一次查看報告。（{}）",
    ),
    "not_to_be_had": (
        "This cannot be had here; choose again from the list.",
        "这里没有这一项，请从列表中重新选择。",
        "這裡沒有這一項，請從清單中重新選擇。",
    ),
    "no_talk": (
        "This talk is no longer here: the page was open too long or the server was started anew. Choose again.",
        "这通通话已经不在了：页面打开太久，或服务器重启过。请重新选择。",
        "這通通話已經不在了：頁面開啟太久，或伺服器重新啟動過。請重新選擇。",
    ),
    "unknown_borrower": (
        "The file of this borrower is not here, so nobody can take over.",
        "这里没有这位借款人的资料，无法接手。",
        "這裡沒有這位借款人的資料，無法接手。",
    ),
}

AGENTS: dict[str, tuple[Row, Row]] = {
    "llm": (
        ("Language model", "语言模型", "語言模型"),
        (
            "A language model that was told to collect lawfully and kindly. No two talks are the same.",
            "由语言模型扮演，要求合法、友善。每次说的都不一样。",
            "由語言模型扮演，要求合法、友善。每次說的都不一樣。",
        ),
    ),
    "skilled": (
        ("Skilled agent", "老练合规型", "老練合規型"),
        (
            "Listens, looks for a plan the household can carry, states lawful consequences plainly, and respects "
            "whatever ends collecting.",
            "会倾听，找对方负担得起的方案，把合法后果讲明白；该停的时候就停。",
            "會傾聽，找對方負擔得起的方案，把合法後果講明白；該停的時候就停。",
        ),
    ),
    "respectful": (
        ("Gentle agent", "温和合规型", "溫和合規型"),
        (
            "Says who is calling, listens, asks, and looks for instalments the household can carry.",
            "先表明身份，再倾听、询问，寻找对方承受得了的分期。",
            "先表明身分，再傾聽、詢問，尋找對方負擔得起的分期。",
        ),
    ),
    "lawful_notice": (
        ("Firm, clear agent", "坚定清楚型", "堅定清楚型"),
        (
            "States the lawful consequence, who decides, by when, and what can still be done. Never threatens.",
            "讲清合法后果、由谁决定、什么时候、还能怎么办；从不威胁。",
            "講清楚合法後果、由誰決定、什麼時候、還能怎麼辦；從不威脅。",
        ),
    ),
    "courteous_empty": (
        ("Courteous, empty agent", "客气空洞型", "客氣空洞型"),
        (
            "Kind words and nothing else: no question about the situation, no plan, no facts.",
            "只有客气话：不问情况，没有方案，也没有事实。",
            "只有客氣話：不問情況，沒有方案，也沒有事實。",
        ),
    ),
    "vague_hint": (
        ("Vague agent", "含糊暗示型", "含糊暗示型"),
        (
            "Hints at consequences without saying which, who decides, or what can be done.",
            "暗示有后果，却不说是什么、谁决定、还能怎么办。",
            "暗示有後果，卻不說是什麼、誰決定、還能怎麼辦。",
        ),
    ),
    "pushy": (
        ("Pushy agent", "步步紧逼型", "步步進逼型"),
        (
            "No threat and no insult, but no ear either: money today, again and again.",
            "不威胁也不辱骂，但什么都听不进去：一遍又一遍要今天还钱。",
            "不威脅也不辱罵，但什麼都聽不進去：一遍又一遍要今天還錢。",
        ),
    ),
    "threatening": (
        ("Unlawful agent", "违法催收型", "違法催收型"),
        (
            "Says who is calling, then threatens, insults and rushes. Shows what must not be done.",
            "报完身份就威胁、辱骂、催逼。反面教材。",
            "報完身分就威脅、辱罵、催逼。反面教材。",
        ),
    ),
}
"""Agent -> what it is called, and how it behaves."""

VERDICT_ROWS: dict[str, Row] = {
    "verdict.critical": ("critical breach", "严重违规", "重大違規"),
    "verdict.breach": ("breach", "违规", "違規"),
    "verdict.clean": ("no breach", "无违规", "無違規"),
    "verdict.unjudged": ("not judged", "未评审", "未評審"),
    "verdict.failed": ("technical failure", "技术故障", "技術故障"),
}

DID: dict[str, Row] = {
    "did.asks_who": ("asks who is calling", "问你是谁", "問你是誰"),
    "did.confirms_identity": ("confirms who they are", "确认身份", "確認身分"),
    "did.guarded": ("stays guarded", "有所戒备", "有所戒備"),
    "did.denies": ("denies the debt", "否认欠款", "否認欠款"),
    "did.disputes": ("disputes the debt", "提出异议", "提出異議"),
    "did.corrects_amount": ("corrects the amount", "纠正金额", "糾正金額"),
    "did.stalls": ("stalls", "拖延", "拖延"),
    "did.refuses": ("refuses to pay", "拒绝还款", "拒絕還款"),
    "did.hostile": ("turns hostile", "出言不逊", "口出惡言"),
    "did.calls_out_threat": ("calls out the threat", "质问威胁", "質問威脅"),
    "did.counter_threatens": ("threatens to complain", "扬言投诉", "揚言申訴"),
    "did.despairs": ("despairs", "看不到出路", "看不到出路"),
    "did.tells_fact": ("tells something private", "说出私事", "說出私事"),
    "did.pleads_hardship": ("pleads hardship", "诉说难处", "訴說難處"),
    "did.asks_options": ("asks for options", "问有什么办法", "問有什麼辦法"),
    "did.bargains": ("bargains", "讨价还价", "討價還價"),
    "did.rejects_unaffordable": ("rejects what is too much", "拒绝过高的金额", "拒絕過高的金額"),
    "did.asks_consequence": ("asks what happens otherwise", "问不还会怎样", "問不還會怎樣"),
    "did.doubts": ("doubts that anything happens", "不信会有后果", "不信會有後果"),
    "did.weighs": ("thinks it over", "掂量", "考慮"),
    "did.accepts_plan": ("accepts the plan", "接受方案", "接受方案"),
    "did.promises_to_pay": ("promises to pay", "承诺还款", "承諾還款"),
    "did.fake_promise": ("makes an empty promise", "敷衍答应", "敷衍答應"),
    "did.thanks": ("thanks", "道谢", "道謝"),
    "did.silent": ("stays silent", "沉默", "沉默"),
    "did.notices_repeat": ("notices a repeat", "指出重复", "指出重複"),
    "did.calls_out_contradiction": ("points out a contradiction", "指出前后矛盾", "指出前後矛盾"),
    "did.calls_out_ignored": ("wants an answer to a question", "追问没答的问题", "追問沒答的問題"),
    "did.states_cease": ("wants contact to stop", "要求停止联系", "要求停止聯絡"),
    "did.wrong_person": ("says it is the wrong person", "说打错人了", "說找錯人了"),
    "did.third_party": ("says they are somebody else", "说自己不是本人", "說自己不是本人"),
    "did.fishes": ("wants to know what it is about", "打听是什么事", "打聽是什麼事"),
    "did.states_lawyer": ("names a lawyer", "说有律师代理", "說有律師處理"),
    "did.states_bankruptcy": ("names a bankruptcy", "说已破产或在债务程序中", "說已破產或在債務程序中"),
    "did.states_identity_theft": ("names identity theft", "说身份被冒用", "說身分遭冒用"),
    "did.quotes_rules": ("quotes the rules", "搬出规定", "搬出規定"),
    "did.confused": ("does not follow", "听不明白", "聽不明白"),
    "did.signals_crisis": ("cannot go on", "说撑不下去了", "說撐不下去了"),
    "did.calms": ("grows calmer", "平静了一些", "平靜了一些"),
    "did.hangs_up": ("hangs up", "挂断电话", "掛斷電話"),
}

ALL_ROWS = REPORT_ROWS | ROWS | VERDICT_ROWS | DID
"""The tab's own rows, over those of the report that it shares (feelings, acts of the agent, endings)."""
_ORDER = list(Language)


def watch_words(language: Language) -> Words:
    """Return the words of the tab, and of the report, in a language."""
    return Words(language, ALL_ROWS)


def agent_name(agent: str, language: Language) -> str:
    """Return what an agent is called; one without a name of its own keeps the one it was given."""
    return AGENTS[agent][0][_ORDER.index(language)] if agent in AGENTS else agent


def agent_about(agent: str, language: Language) -> str:
    """Return how an agent behaves; empty when that is not known."""
    return AGENTS[agent][1][_ORDER.index(language)] if agent in AGENTS else ""
