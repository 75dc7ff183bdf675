"""Turns with the marks that a person gave them before the code was tuned: the yardstick of both criteria."""

from dataclasses import dataclass

from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn

HOME = {Language.EN: Jurisdiction.US, Language.ZH_CN: Jurisdiction.CN, Language.ZH_TW: Jurisdiction.TW}


@dataclass(frozen=True)
class Marked:
    """One turn of the agent, what the borrower said right before it, and the marks it may get."""

    language: Language
    text: str
    respect: tuple[int, int]
    clarity: tuple[int, int]
    before: str = ""

    @property
    def talk(self) -> Talk:
        turns = [Turn(speaker=Speaker.BORROWER, text=self.before)] if self.before else []
        turns.append(Turn(speaker=Speaker.AGENT, text=self.text))
        return Talk(
            id="marked",
            language=self.language,
            jurisdiction=HOME[self.language],
            facts=Facts(answered_by="borrower"),
            turns=tuple(turns),
        )


def marks_off(given: int | None, wanted: tuple[int, int]) -> int:
    """Return by how many marks the code leaves the range that a person gave; it must give one."""
    assert given is not None
    low, high = wanted
    return max(low - given, given - high, 0)


def _en(text: str, respect: tuple[int, int], clarity: tuple[int, int], before: str = "") -> Marked:
    return Marked(Language.EN, text, respect, clarity, before)


def _cn(text: str, respect: tuple[int, int], clarity: tuple[int, int], before: str = "") -> Marked:
    return Marked(Language.ZH_CN, text, respect, clarity, before)


def _tw(text: str, respect: tuple[int, int], clarity: tuple[int, int], before: str = "") -> Marked:
    return Marked(Language.ZH_TW, text, respect, clarity, before)


MARKED = (
    # ---- English
    _en("Good morning, this is Dana Cole from Northfield Recovery. Am I speaking with Ms Delgado?", (4, 5), (4, 5)),
    _en("I'm sorry to hear about your job. What has changed since then?", (4, 5), (4, 5), "I lost my job in May."),
    _en("Your balance is $1,240. It was due on 3 June.", (3, 3), (4, 5)),
    _en("Pay now.", (1, 2), (1, 2)),
    _en("You're a deadbeat and you know it.", (1, 1), (1, 4)),
    _en("If you don't pay today, we will have you arrested.", (1, 2), (1, 3)),
    _en("You know what happens to people who don't pay. There will be consequences.", (1, 3), (1, 2)),
    _en(
        "If no plan is made by 30 June, the lender may go to court. Nothing is decided yet; a judge would decide.",
        (3, 4),
        (4, 5),
    ),
    _en(
        "You could pay $60 a month starting on the 15th, or $120 every two months. Which would suit you better?",
        (4, 5),
        (5, 5),
    ),
    _en("That's not my problem. Everyone has bills.", (1, 2), (2, 4), "I can't, my rent is due and I have two kids."),
    _en("I don't believe a word of it. It's just excuses with you people.", (1, 2), (2, 4)),
    _en("You should have thought of that before you spent the money.", (2, 2), (2, 4)),
    _en("Let me stop you there. I'm talking now.", (1, 2), (2, 4)),
    _en("Oh, how convenient. Another sob story.", (1, 2), (2, 4)),
    _en(
        "Pursuant to the acceleration clause your delinquent tradeline has been charged off.",
        (3, 3),
        (1, 3),
    ),
    _en("We need you to take care of this as soon as possible.", (2, 3), (1, 2)),
    _en(
        "Thank you for telling me. I'll note the dispute and send you the records in writing.",
        (4, 5),
        (4, 5),
        "That's not my debt.",
    ),
    _en("Take your time. Would it be all right if I explained the options first?", (4, 5), (4, 5)),
    _en("I'm with Northfield Recovery; my name is Dana Cole.", (3, 4), (4, 5), "Who is this?"),
    _en("Your payment is overdue and you have to settle it.", (2, 3), (1, 3), "Who is this?"),
    _en("Please accept my apology for the earlier call. You can decide when we speak again.", (4, 5), (3, 5)),
    _en(
        "I'm really glad you told me. Are you safe right now? Is anybody with you?",
        (4, 5),
        (4, 5),
        "I want to end my life.",
    ),
    _en("Fine, but I still need $200 from you today.", (1, 1), (2, 5), "I want to end my life."),
    # ---- Simplified Chinese
    _cn("您好，我是安和催收的小陈，工号2035，请问是周先生吗？", (4, 5), (4, 5)),
    _cn(
        "听您这么说，确实挺不容易的。您现在主要是哪方面紧张呢？", (4, 5), (4, 5), "我上个月被裁了，家里就我一个人挣钱。"
    ),
    _cn("您这笔欠款一共是八千六百块，六月三号到期的。", (3, 4), (4, 5)),
    _cn("赶紧还钱！", (1, 2), (1, 2)),
    _cn("你就是个老赖，不要脸。", (1, 1), (1, 4)),
    _cn("今天不还，明天就让派出所来抓你。", (1, 2), (1, 3)),
    _cn("不还的话，后果自负，你自己想清楚。", (1, 2), (1, 2)),
    _cn("如果一直没有协商，银行可能会依法向法院起诉，目前还没有作出决定，由法院来判。", (3, 4), (4, 5)),
    _cn("您可以分六期，每个月还五百块，从下个月十号开始；也可以延到月底。您看哪一种更合适？", (4, 5), (5, 5)),
    _cn("那是你自己的事，跟我没关系。", (1, 2), (2, 4), "我妈住院了，真的拿不出钱。"),
    _cn("别装了，这种借口我听得太多了。", (1, 2), (2, 4)),
    _cn("借钱的时候怎么那么爽快，现在怪谁？", (1, 2), (2, 4)),
    _cn("你别说了，先听我说。", (1, 2), (2, 4)),
    _cn("呵呵，你可真会编。", (1, 2), (2, 4)),
    _cn("您的账户已转M3，我们会做呆账核销处理。", (3, 4), (1, 3)),
    _cn("您这边尽快处理一下。", (2, 4), (1, 2)),
    _cn("好的，您说这笔账不对，我先登记异议，把明细短信发给您核对。", (3, 5), (4, 5), "这笔钱不是我借的。"),
    _cn("不着急，您慢慢说。我可以先跟您说说有哪几种方案吗？", (4, 5), (4, 5)),
    _cn("我是安和催收的小陈，受银行委托。", (3, 4), (4, 5), "你是谁啊？"),
    _cn("抱歉之前打扰到您了，您看什么时候方便，我再联系您？", (4, 5), (4, 5)),
    _cn("账的事先放下，您现在安全吗？身边有没有人陪您？", (4, 5), (4, 5), "我真的不想活了。"),
    _cn("那也得先把今天的两千块还上。", (1, 1), (2, 5), "我真的不想活了。"),
    # ---- Traditional Chinese, Taiwan
    _tw("您好，我是誠信資產的專員小林，編號2035，請問是陳先生嗎？", (4, 5), (4, 5)),
    _tw("聽您這樣說，真的很辛苦。您目前主要是哪方面比較吃力呢？", (4, 5), (4, 5), "我上個月被資遣，家裡就靠我一個人。"),
    _tw("您這筆欠款總共是八千六百元，六月三號到期。", (3, 4), (4, 5)),
    _tw("趕快還錢！", (1, 2), (1, 2)),
    _tw("你就是個無賴，不要臉。", (1, 1), (1, 4)),
    _tw("今天不繳，明天就叫警察去抓你。", (1, 2), (1, 3)),
    _tw("不繳的話，後果自負，你自己看著辦。", (1, 2), (1, 2)),
    _tw("如果一直沒有協商，銀行可能會依法向法院起訴，目前還沒有做決定，由法院來判。", (3, 4), (4, 5)),
    _tw("您可以分六期，每個月繳五百元，從下個月十號開始；也可以延到月底。您看哪一種比較適合？", (4, 5), (5, 5)),
    _tw("那是你自己的事，跟我沒關係。", (1, 2), (2, 4), "我媽媽住院了，真的拿不出錢。"),
    _tw("少來了，這種藉口我聽太多了。", (1, 2), (2, 4)),
    _tw("刷卡的時候怎麼那麼爽快，現在怪誰？", (1, 2), (2, 4)),
    _tw("你不要說了，先聽我講。", (1, 2), (2, 4)),
    _tw("呵呵，你還真會演。", (1, 2), (2, 4)),
    _tw("您的債權已轉列呆帳，我們會聲請支付命令。", (3, 4), (1, 3)),
    _tw("您這邊盡快處理一下。", (2, 4), (1, 2)),
    _tw("好的，您說這筆帳不對，我先登記異議，把明細寄給您核對。", (3, 5), (4, 5), "這筆錢不是我借的。"),
    _tw("不急，您慢慢說。我可以先跟您說明有哪幾種方案嗎？", (4, 5), (4, 5)),
    _tw("我是誠信資產的專員小林，受銀行委託。", (3, 4), (4, 5), "你是誰？"),
    _tw("很抱歉之前打擾到您，您看什麼時候方便，我再跟您聯絡？", (4, 5), (4, 5)),
    _tw("帳務的事先放下，您現在安全嗎？身邊有沒有人陪您？", (4, 5), (4, 5), "我真的不想活了。"),
    _tw("那也要先把今天的兩千塊繳了。", (1, 1), (2, 5), "我真的不想活了。"),
)
