"""What the facts of a talk are called: where they are known, and where a rule needs one that is not.

Each fact has two rows of English, Simplified and Traditional Chinese: a short name ("Yes: has a lawyer"), and the
open question ("Not known: whether a lawyer acts for the borrower"). Files keep the names of the facts themselves.
"""

from borrowersim.talk import Language

Row = tuple[str, str, str]

# The usual facts
FACTS: dict[str, tuple[Row, Row]] = {
    "answered_by": (
        ("answered by", "接听人", "接聽人"),
        ("who answered", "接听人是谁", "接聽的是誰"),
    ),
    "local_time": (
        ("local time", "当地时间", "當地時間"),
        ("the borrower's local time", "借款人当地时间", "借款人當地時間"),
    ),
    "channel": (
        ("channel", "渠道", "管道"),
        ("by which channel this was said", "沟通渠道", "聯絡管道"),
    ),
    "collector_type": (
        ("collector", "催收主体", "催收主體"),
        ("whether an agency or the creditor collects", "是债权人自催还是委外机构", "是債權人自行催收或委外機構"),
    ),
    "contacts_today": (
        ("contacts today", "当日联系次数", "當日聯絡次數"),
        ("how many contacts there were today", "当日联系次数", "當日聯絡次數"),
    ),
    "contacts_7d": (
        ("contacts in 7 days", "7 天内联系次数", "7 天內聯絡次數"),
        ("how many contacts there were in seven days", "近七日联系次数", "近七日聯絡次數"),
    ),
    "ceased": (
        ("asked to stop contact", "已要求停止联系", "已要求停止聯絡"),
        ("whether the borrower asked in writing that contact end", "是否已书面要求停止联系", "是否已書面要求停止聯絡"),
    ),
    "represented": (
        ("has a lawyer", "已委托律师", "已委任律師"),
        ("whether a lawyer acts for the borrower", "是否已委托律师", "是否已委任律師"),
    ),
    "bankrupt": (
        ("bankrupt", "已破产", "已破產"),
        ("whether there is a bankruptcy", "是否已进入破产程序", "是否已進入破產或清算程序"),
    ),
    "disputed": (
        ("disputed", "债务有异议", "債務有異議"),
        ("whether the debt is disputed on file", "是否已有异议记录", "是否已有異議紀錄"),
    ),
    "time_barred": (
        ("time-barred", "已过时效", "已過時效"),
        ("whether the debt is time-barred", "是否已过诉讼时效", "是否已罹於時效"),
    ),
    "balance": (
        ("balance", "欠款余额", "欠款餘額"),
        ("the balance on file", "账上应还金额", "帳上應還金額"),
    ),
    "first_contact": (
        ("first contact", "首次联系", "首次聯絡"),
        ("whether this is the first contact", "是否首次联系", "是否首次聯絡"),
    ),
    "suit_decided": (
        ("decided to sue", "已决定起诉", "已決定起訴"),
        ("whether the creditor has decided to sue", "债权人是否已决定起诉", "債權人是否已決定起訴"),
    ),
    "judgment": (
        ("court judgment", "已有判决", "已有判決"),
        ("whether there is a judgment", "是否已有生效判决", "是否已有確定判決"),
    ),
    "secured": (
        ("secured", "有抵押", "有擔保"),
        ("whether property is pledged for the debt", "债务是否有抵押担保", "債務是否有擔保品"),
    ),
}

# Facts that only some rules ask for; the heads of the rule files say what each means.
FACTS |= {
    "abuse": (
        ("domestic abuse", "遭受家庭暴力", "遭受家庭暴力"),
        ("whether there is domestic abuse", "是否存在家庭暴力", "是否有家庭暴力情形"),
    ),
    "account_sold": (
        ("account sold", "债权已转让", "債權已讓與"),
        ("whether the account was sold", "债权是否已转让", "債權是否已讓與"),
    ),
    "adjustment_asked": (
        ("asked for an adjustment", "已要求便利安排", "已要求合理調整"),
        ("whether an adjustment was asked for", "是否要求过便利安排", "是否要求過合理調整"),
    ),
    "advice_hold": (
        ("debt adviser at work", "债务顾问正在处理", "債務顧問正在處理"),
        ("whether a debt adviser is at work on a plan", "债务顾问是否正在制定方案", "債務顧問是否正在擬定方案"),
    ),
    "assisted_loan": (
        ("loan through a platform", "助贷业务", "助貸業務"),
        ("whether the loan came through a platform", "是否属于助贷业务", "是否屬於助貸業務"),
    ),
    "bankruptcy_open": (
        ("debt large enough for bankruptcy", "欠款达到申请破产的数额", "欠款達到聲請破產的金額"),
        (
            "whether the debt is large enough to petition for bankruptcy",
            "欠款是否达到申请破产的数额",
            "欠款是否達到聲請破產的金額",
        ),
    ),
    "breathing_space": (
        ("in a breathing space", "处于还款宽限保护期", "處於還款寬限保護期"),
        ("whether a breathing space runs", "是否处于还款宽限保护期", "是否處於還款寬限保護期"),
    ),
    "callback_agreed": (
        ("call back agreed", "已约定回电", "已約定回電"),
        ("whether the borrower agreed to another call", "借款人是否同意再次来电", "借款人是否同意再次來電"),
    ),
    "called_by_borrower": (
        ("the borrower called", "借款人主动来电", "借款人主動來電"),
        ("who called whom", "是谁主动拨打的", "是誰主動撥打的"),
    ),
    "capacity_doubt": (
        ("doubt about capacity", "行为能力存疑", "行為能力有疑慮"),
        ("whether the borrower can decide for themselves", "借款人是否具备行为能力", "借款人是否具備行為能力"),
    ),
    "channel_consent": (
        ("agreed to this channel", "已同意该联系方式", "已同意此聯絡方式"),
        ("whether the borrower agreed to this channel", "借款人是否同意用该方式联系", "借款人是否同意以此方式聯絡"),
    ),
    "claim_issued": (
        ("claim issued", "法院已受理", "法院已受理"),
        ("whether a court claim was issued", "是否已向法院立案", "是否已向法院起訴"),
    ),
    "credit_card": (
        ("credit card", "信用卡欠款", "信用卡欠款"),
        ("whether this is credit card debt", "是否为信用卡欠款", "是否為信用卡欠款"),
    ),
    "crisis_breathing_space": (
        ("in a mental health crisis breathing space", "处于心理危机宽限保护期", "處於心理危機寬限保護期"),
        (
            "whether a mental health crisis breathing space runs",
            "是否处于心理危机宽限保护期",
            "是否處於心理危機寬限保護期",
        ),
    ),
    "deadline_real": (
        ("the deadline is real", "期限属实", "期限屬實"),
        ("whether the deadline is real", "所说的期限是否属实", "所說的期限是否屬實"),
    ),
    "default_registered": (
        ("default registered", "逾期已上报征信", "違約已登錄信用紀錄"),
        ("whether the default is registered", "逾期是否已上报征信", "違約是否已登錄信用紀錄"),
    ),
    "dials_today": (
        ("dials today", "当日拨打次数", "當日撥打次數"),
        ("how many times this number was dialled today", "当日拨打该号码的次数", "當日撥打該號碼的次數"),
    ),
    "disputed_in_writing": (
        ("disputed in writing", "已书面提出异议", "已書面提出異議"),
        ("whether the debt was disputed in writing", "是否已书面提出异议", "是否已書面提出異議"),
    ),
    "document_real": (
        ("the document is real", "文书属实", "文書屬實"),
        ("whether the document is real", "所说的文书是否属实", "所說的文書是否屬實"),
    ),
    "enforcement_filed": (
        ("enforcement filed", "已申请强制执行", "已聲請強制執行"),
        ("whether enforcement is before the court", "是否已申请强制执行", "是否已聲請強制執行"),
    ),
    "entry_consent": (
        ("let the visitor in", "已同意入内", "已同意進入"),
        ("whether the visitor was let in", "是否同意来访者入内", "是否同意來訪者進入"),
    ),
    "fee_allowed": (
        ("fee allowed", "费用有依据", "費用有依據"),
        ("whether contract or law allows the fee", "该费用有无合同或法律依据", "該費用有無契約或法律依據"),
    ),
    "guarantor": (
        ("guarantor", "保证人", "保證人"),
        ("whether the one on the line is liable as well", "对方是否负有保证责任", "對方是否負保證責任"),
    ),
    "investigated": (
        ("dispute looked into", "异议已核实答复", "異議已查證回覆"),
        ("whether the dispute was looked into", "异议是否已核实并答复", "異議是否已查證並回覆"),
    ),
    "joint_debt": (
        ("joint debt", "共同债务", "共同債務"),
        ("whether the debt is a joint one", "是否为共同债务", "是否為共同債務"),
    ),
    "lender_kind": (
        ("lender", "放款机构", "放款機構"),
        ("what kind of lender this is", "放款机构的类型", "放款機構的類型"),
    ),
    "negotiating": (
        ("negotiating under the debt law", "正在协商债务清理", "正在前置協商或調解"),
        ("whether a negotiation was asked for", "是否已申请债务协商", "是否已聲請前置協商或調解"),
    ),
    "offer_true": (
        ("the offer is real", "所给条件属实", "所提條件屬實"),
        ("whether the terms of the offer are real", "所说的优惠条件是否属实", "所說的優惠條件是否屬實"),
    ),
    "overheard": (
        ("others can listen", "旁人能听见", "旁人聽得到"),
        ("whether others can listen", "旁人是否能听见", "旁人是否聽得到"),
    ),
    "plan_kept": (
        ("plan kept", "正按约还款", "正依約還款"),
        ("whether a plan is being kept", "是否正按约还款", "是否正依約還款"),
    ),
    "private_lending": (
        ("private lending", "民间借贷", "民間借貸"),
        ("whether this is private lending", "是否属于民间借贷", "是否屬於民間借貸"),
    ),
    "reason_real": (
        ("the reason given is real", "所说理由属实", "所說理由屬實"),
        ("whether the reason given is the true one", "所说的理由是否属实", "所說的理由是否屬實"),
    ),
    "refused_as_barred": (
        ("refused as time-barred", "已以过时效为由拒还", "已以罹於時效為由拒絕"),
        (
            "whether the borrower refused because the debt is time-barred",
            "是否已以过时效为由拒还",
            "是否已以罹於時效為由拒絕",
        ),
    ),
    "scotland": (
        ("in Scotland", "在苏格兰", "在蘇格蘭"),
        ("whether the borrower lives in Scotland", "借款人是否在苏格兰", "借款人是否在蘇格蘭"),
    ),
    "secured_claim": (
        ("secured claim", "有担保债权", "有擔保債權"),
        ("whether the claim is secured", "是否为有担保债权", "是否為有擔保債權"),
    ),
    "speaker_is_lawyer": (
        ("speaker is a lawyer", "说话人是律师", "說話人是律師"),
        ("whether the speaker is a lawyer", "说话人是否为律师", "說話人是否為律師"),
    ),
    "statutory_demand_decided": (
        ("statutory demand decided", "已决定发出法定催告", "已決定發出法定催告"),
        ("whether a statutory demand is decided", "是否已决定发出法定催告", "是否已決定發出法定催告"),
    ),
    "third_party_authority": (
        ("may speak to this person", "可与此人谈论", "可與此人談論"),
        ("whether the borrower let us speak to this person", "借款人是否授权与此人沟通", "借款人是否授權與此人溝通"),
    ),
    "time_agreed": (
        ("agreed to this hour", "已同意此时段", "已同意此時段"),
        ("whether the borrower agreed to this hour", "借款人是否同意在此时段联系", "借款人是否同意在此時段聯絡"),
    ),
    "validation_period": (
        ("in the validation period", "处于债务核实期内", "處於債務確認期內"),
        ("whether the validation period still runs", "是否仍在债务核实期内", "是否仍在債務確認期內"),
    ),
    "visit_agreed": (
        ("visit agreed", "已约定上门", "已約定訪視"),
        ("whether a visit was agreed", "是否约定过上门", "是否約定過訪視"),
    ),
    "visit_consent": (
        ("agreed to a visit", "已同意外访", "已同意訪視"),
        ("whether the borrower agreed to a visit", "借款人是否同意外访", "借款人是否同意訪視"),
    ),
    "voicemail": (
        ("voicemail", "语音留言", "語音留言"),
        ("whether this is a voicemail", "是否为语音留言", "是否為語音留言"),
    ),
    "vulnerable": (
        ("vulnerable", "弱势群体", "弱勢處境"),
        ("whether the borrower is vulnerable", "借款人是否处于弱势", "借款人是否處於弱勢"),
    ),
}
_LANGUAGES = tuple(Language)


def open_question(fact: str, language: Language) -> str:
    """Return what is asked for when a fact is not known; a fact of somebody's own rules speaks for itself."""
    if fact not in FACTS:
        return fact.replace("_", " ")
    return FACTS[fact][1][_LANGUAGES.index(language)]


def named_rows() -> dict[str, Row]:
    """Return the short names as rows `fact.NAME` of a page's words."""
    return {f"fact.{name}": short for name, (short, _) in FACTS.items()}
