"""What each level of a dial means, and how difficult a borrower is, in the three languages."""

from borrowersim.persona import Dials
from borrowersim.talk import Language
from borrowersim_evals.report.words import Row

MAIN_DIALS = ("resistance", "financial_stress")
OTHER_DIALS = ("hostility", "legal_knowledge", "honesty", "talkativeness")
DIALS = (*MAIN_DIALS, *OTHER_DIALS)
"""In the order of the page; names of the fields of `Dials`."""
STEPS = (1.5, 4, 6.5, 9, 10)
"""Highest level of each band."""
MOST_DOTS = 5

LEVELS: dict[str, tuple[Row, Row, Row, Row, Row]] = {
    "resistance": (
        ("Takes any fair plan.", "方案合理就接受。", "方案合理就接受。"),
        ("Wants to be asked politely.", "要好好说话才肯谈。", "要好好說話才肯談。"),
        ("Refuses until some trust is earned.", "没有一点信任之前，一概拒绝。", "沒有一點信任之前，一概拒絕。"),
        ("Tests you on every turn.", "每句话都在试探你。", "每句話都在試探你。"),
        (
            "Yields only to sustained good conduct.",
            "只有从头到尾都得体，才可能松口。",
            "只有從頭到尾都得體，才可能鬆口。",
        ),
    ),
    "financial_stress": (
        ("Could pay it all this week.", "这周就能全部还清。", "這週就能全部還清。"),
        ("Short of money this month.", "这个月手头紧。", "這個月手頭緊。"),
        ("Has to choose between bills.", "几张账单只能挑着付。", "幾張帳單只能挑著付。"),
        ("Behind on rent or food.", "房租、吃饭都成问题。", "房租、吃飯都成問題。"),
        ("Has nothing left at all.", "已经一分钱都拿不出来。", "已經一毛錢都拿不出來。"),
    ),
    "hostility": (
        ("Never raises the voice.", "从不大声。", "從不大聲。"),
        ("A little on edge.", "有点不耐烦。", "有點不耐煩。"),
        ("Snaps when pushed.", "一逼就翻脸。", "一逼就翻臉。"),
        ("Quick to anger.", "动不动就发火。", "動不動就發火。"),
        ("Angry from the first word.", "一开口就带火气。", "一開口就帶火氣。"),
    ),
    "legal_knowledge": (
        ("Believes whatever is said about the law.", "你说法律怎样就信怎样。", "你說法律怎樣就信怎樣。"),
        ("Has heard of a few rights.", "听说过一些自己的权利。", "聽說過一些自己的權利。"),
        ("Asks what allows you to do that.", "会追问你凭什么。", "會追問你憑什麼。"),
        ("Knows the rules of collection well.", "很熟悉催收规定。", "很熟悉催收規定。"),
        ("Quotes the law back at you.", "能拿法条跟你对质。", "能拿法條跟你對質。"),
    ),
    "honesty": (
        ("Promises anything to end the call.", "为了挂电话什么都答应。", "為了掛電話什麼都答應。"),
        ("Promises more easily than it is kept.", "答应得快，做到得少。", "答應得快，做到得少。"),
        ("Means most of what is said.", "说的话大多算数。", "說的話大多算數。"),
        ("Says openly what cannot be done.", "做不到的会直说。", "做不到的會直說。"),
        ("Never promises what cannot be kept.", "做不到的绝不答应。", "做不到的絕不答應。"),
    ),
    "talkativeness": (
        ("Answers in a word.", "问一句答一个字。", "問一句答一個字。"),
        ("Says only what is needed.", "只说非说不可的。", "只說非說不可的。"),
        ("Talks when asked.", "问了就会讲。", "問了就會講。"),
        ("Likes to explain.", "喜欢多讲几句。", "喜歡多講幾句。"),
        ("Tells the whole story.", "一讲就是来龙去脉。", "一講就是來龍去脈。"),
    ),
}
"""Dial -> what its bands mean, from low to high; the meanings of `Dials`."""

DIFFICULTY: tuple[Row, Row, Row, Row, Row] = (
    ("gentle", "容易", "容易"),
    ("moderate", "一般", "普通"),
    ("demanding", "有难度", "有難度"),
    ("hard", "困难", "困難"),
    ("very hard", "非常困难", "非常困難"),
)


def level_meaning(dial: str, level: float, language: Language) -> str:
    """Return what a dial's level (0-10) means."""
    band = next(i for i, highest in enumerate(STEPS) if level <= highest)
    return LEVELS[dial][band][_column(language)]


def difficulty(dials: Dials) -> int:
    """Return how hard the call is by its dials, from 1 to MOST_DOTS: resistance first, then temper and need."""
    evasive = max(dials.hostility, dials.legal_knowledge, 10 - dials.honesty)
    weight = 0.6 * dials.resistance + 0.25 * evasive + 0.15 * dials.financial_stress
    return min(MOST_DOTS, 1 + int(weight / 10 * MOST_DOTS))


def difficulty_word(dots: int, language: Language) -> str:
    """Return the word for a number of dots."""
    return DIFFICULTY[dots - 1][_column(language)]


def _column(language: Language) -> int:
    return list(Language).index(language)
