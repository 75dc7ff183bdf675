"""Sums, instalments and days in what people say: "$60 a month", 分三期, 八千六, 下月十号."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

import cn2an
from text_to_num import text2num

from borrowersim.acts import Offer
from borrowersim.talk import Language
from borrowersim.text import Folded

Period = Literal["once", "week", "fortnight", "month"]

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
_TENS = "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?:{_ONES}|{_TENS}|hundred|thousand)"
_WORDS = rf"(?:a\s+(?:hundred|thousand)|{_WORD})(?:[\s-]+(?:and\s+)?{_WORD})*"
_EN_NUMBER = rf"(?:{_DIGITS})\s?k?\b|\b{_WORDS}\b"
_EN_PERIOD = r"(?:(?:a|per|each|every|/)\s*(week|fortnight|two weeks|other week|month|pay\s?day|paycheck)|(weekly|monthly|fortnightly|biweekly))"
_EN_SUM = re.compile(
    rf"(?:(?P<sign>[$£€]|\busd\s|\bgbp\s|\bus\$)\s?(?P<signed>{_DIGITS}(?:\s?k\b)?))"
    rf"|(?P<named>{_EN_NUMBER})\s*(?:dollars?|bucks|pounds?|quid|usd|gbp)\b"
    rf"|(?P<rate>{_EN_NUMBER})\s*(?=(?:dollars?\s*)?{_EN_PERIOD}(?!\s+(?:payment|instal)))"
    rf"|\b(?:pay(?:ing|ment of|ments of)?|owe|owed|balance (?:of|is)|down|instal?lments? of|least|afford|manage|for|do|of)\s+"
    rf"(?P<bare>{_EN_NUMBER})(?=\s*(?:today|now|tonight|tomorrow|by|on|this|right|first|instead|to start|[.,?!;](?!\d)|$))"
)
_EN_COUNT = re.compile(
    rf"(?:(?:over|in|across|for)\s+)?(?P<n>\d{{1,3}}|{_WORDS})\s+(?:(?:equal|monthly|weekly|small|smaller)\s+){{0,2}}"
    r"(?P<what>instal?lments?|payments?|months?|weeks?)\b"
)
_EN_FULL = re.compile(
    r"\b(?:in full|(?:the|your) (?:full|whole|entire|total) (?:amount|balance|sum|debt)|all of it|pay it (?:all )?off|everything you owe|(?:the )?whole (?:thing|lot)|clear (?:it|the balance|the account))\b"
)
_EN_DAY = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:this|next|by|on)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|month)"
    r"|end of (?:the |this )?(?:week|month)|(?:the )?\d{1,2}(?:st|nd|rd|th)(?: of \w+)?|pay ?day"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(?:st|nd|rd|th)?"
    r"|\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december))\b"
)

_ZH_DIGIT = "零〇一二两三四五六七八九十百千万"
_ZH_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?|\d+(?:\.\d+)?)(?:[十百千万][{_ZH_DIGIT}\d]*)?|[{_ZH_DIGIT}]+"
_ZH_UNIT = r"(?:块钱|块|元钱|元|圆|人民币|台币|港币|港元|大洋|蚊)"
_ZH_PERIOD = r"(?:每个?月|一个?月|按月|每期|一期|每个?星期|每周|一周|每两周|两周一次|月付|月缴|月还)"
_ZH_SUM = re.compile(
    rf"(?P<named>{_ZH_NUMBER})\s?(?:多|来|几)?{_ZH_UNIT}"
    rf"|(?:¥|rmb|nt\$|ntd|hk\$|新台币|台币|人民币|\$)\s?(?P<signed>{_ZH_NUMBER})"
    rf"|(?P<myriad>(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)万[{_ZH_DIGIT}\d]*)(?![期个年天位多]*(?:期|个|年|天|位))"
    rf"|{_ZH_PERIOD}(?:先|就|只|能|要|可以|固定|大概|大约|最少|至少|还|缴|付|交|给|出|个|的|您|你|分){{0,5}}(?P<rate>{_ZH_NUMBER})(?![期号日个天年点%月])"
    rf"|(?:欠款|余额|金额|本金|总额|总共|一共|共计|合计|应还|应缴|欠|还|缴|付|交)(?:款|清|了|的|是|为|我们|银行|共|总计|先|个|您|你){{0,4}}(?P<bare>\d{{3,}}(?:,\d{{3}})*(?:\.\d{{1,2}})?|[{_ZH_DIGIT}]{{2,}})(?![期号日个天年点%月:])"
)
_ZH_COUNT = re.compile(
    r"(?:分|做|办|拆成|摊)?(?:成|个)?(?P<n>\d{1,3}|[一二两三四五六七八九十百]+)(?:个)?(?P<what>期|次|个月|月(?=还清|付清|缴清|结清))"
)
_ZH_FULL = re.compile(r"一次性?(?:还清|结清|付清|缴清|还掉|全还)|全额|全部(?:还|结|缴|付)|全数|结清|还清|缴清|付清")
_ZH_DAY = re.compile(
    r"今天|今日|今晚|明天|后天|(?:这|本|下)个?(?:周|星期|礼拜)[一二三四五六日天]|(?:下|这|本)?个?月?底|下周|下星期|下礼拜|月初|下个?月"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]+)[号日])?|(?:(?:\d{1,2}|[一二三四五六七八九十]+)月)?(?:\d{1,2}|[一二三四五六七八九十廿]+)[号日]|发薪日|发工资|领薪"
)
_NOT_MONEY = re.compile(
    r"(?:ending(?: in)?|ends in|reference|ref|account number|尾号|末四码|末四位|工号|编号|电话|专线)\W{0,3}(?:is |no\.? )?$"
)


@dataclass(frozen=True)
class Amount:
    """A sum of money; start and end are offsets in the folded text."""

    value: Decimal
    start: int
    end: int


def find_amounts(text: Folded, language: Language) -> list[Amount]:
    """Return the sums of money in the text, in order of place."""
    return list(_amounts(text.text, language))


def _amounts(text: str, language: Language) -> Iterator[Amount]:
    pattern = _ZH_SUM if language.chinese else _EN_SUM
    for hit in pattern.finditer(text):
        name = next(n for n, words in hit.groupdict().items() if words and n != "sign")
        value = number(hit.group(name), language)
        if value and not _NOT_MONEY.search(text[: hit.start(name)]):
            yield Amount(value, hit.start(name), hit.end(name))


@lru_cache(maxsize=4096)
def number(words: str, language: Language) -> Decimal | None:
    """Return the value of a number in digits or words, or None when it is none."""
    plain = words.replace(",", "").strip()
    try:
        return Decimal(plain)
    except InvalidOperation:
        return _chinese(plain) if language.chinese else _english(plain)


def _english(words: str) -> Decimal | None:
    if words.endswith("k"):
        return _decimal(words[:-1].strip(), times=1000)
    try:
        return Decimal(text2num(re.sub(r"^a\s", "one ", words), "en"))
    except ValueError:
        return None


def _chinese(words: str) -> Decimal | None:
    try:
        return Decimal(str(cn2an.cn2an(words.replace("〇", "零"), "smart")))
    except (ValueError, InvalidOperation):
        return None


def _decimal(digits: str, times: int) -> Decimal | None:
    try:
        return Decimal(digits) * times
    except InvalidOperation:
        return None


def find_offer(text: Folded, language: Language) -> Offer | None:
    """Return the payment that the text proposes, or None when it names none.

    An instalment is the sum next to a period ("$60 a month", 每期五百); without a period
    the last sum named is meant as one payment. A count without a sum (分三期) is an offer
    whose amount is open.
    """
    amounts = find_amounts(text, language)
    period, rated = _rate(text.text, amounts, language)
    count = _count(text.text, language)
    full = (_ZH_FULL if language.chinese else _EN_FULL).search(text.text)
    if period == "once" and not count:
        return _single(text, amounts, language, in_full=full is not None)
    amount = rated or (amounts[-1] if amounts and count else None)
    return Offer(
        amount=amount.value if amount else None,
        count=count,
        period="month" if period == "once" else period,
        start=_day(text, language),
    )


def _single(text: Folded, amounts: list[Amount], language: Language, *, in_full: bool) -> Offer | None:
    if not amounts and not in_full:
        return None
    amount = None if in_full or not amounts else amounts[-1].value
    return Offer(amount=amount, period="once", start=_day(text, language), in_full=in_full)


def _rate(text: str, amounts: list[Amount], language: Language) -> tuple[Period, Amount | None]:
    """Return the period of payment and the sum that stands next to it."""
    for amount in amounts:
        after = text[amount.end : amount.end + 24]
        before = text[max(0, amount.start - 14) : amount.start]
        found = _zh_period(before, after) if language.chinese else _en_period(before, after)
        if found:
            return found, amount
    return "once", None


def _en_period(before: str, after: str) -> Period | None:
    hit = re.match(rf"\s*(?:dollars?|bucks|pounds?|quid)?\s*{_EN_PERIOD}", after)
    words = (hit.group(1) or hit.group(2)) if hit else ""
    if not hit and (
        lead := re.search(
            r"(weekly|monthly|fortnightly|biweekly|each month|every month|instal?lments?)[^.?!]{0,10}$", before
        )
    ):
        words = lead.group(1)
    if not words:
        return None
    if re.match(r"fortnight|two weeks|other week|biweekly|pay", words):
        return "fortnight"
    return "week" if words.startswith("week") else "month"


def _zh_period(before: str, after: str) -> Period | None:
    hit = re.search(rf"({_ZH_PERIOD})[^,。?!]{{0,6}}$", before) or re.match(rf"[^,。?!]{{0,4}}?({_ZH_PERIOD})", after)
    if not hit:
        return None
    words = hit.group(1)
    if "两周" in words:
        return "fortnight"
    return "week" if "周" in words or "星期" in words else "month"


def _count(text: str, language: Language) -> int | None:
    for hit in (_ZH_COUNT if language.chinese else _EN_COUNT).finditer(text):
        value = number(hit.group("n"), language)
        if not value or not 2 <= value <= 120:
            continue
        what = hit.group("what")
        if what.startswith(("instal", "payment", "期")) or _spread(text[: hit.end()], language):
            return int(value)
    return None


def _spread(before: str, language: Language) -> bool:
    """Say whether a number of months is the length of a plan, not of a delay."""
    pattern = (
        r"分.{0,3}$|分成.{0,3}$"
        if language.chinese
        else r"(?:over|across|spread\w*|instal?lments? for|plan (?:of|for)) (?:the next )?[\w\s]{1,12}$"
    )
    return bool(re.search(pattern, before))


def _day(text: Folded, language: Language) -> str | None:
    hit = (_ZH_DAY if language.chinese else _EN_DAY).search(text.text)
    return text.original(hit.start(), hit.end()).strip() if hit else None


_SIGNS = {"USD": "$", "GBP": "£"}


def say_sum(value: Decimal, currency: str, language: Language) -> str:
    """Return a sum as people say it in a talk: $60, 300块, 2,000元."""
    whole = value == value.to_integral_value()
    digits = f"{value:,.0f}" if whole else f"{value:,.2f}"
    if language is Language.EN:
        return f"{_SIGNS.get(currency, currency + ' ')}{digits}"
    return f"{digits.replace(',', '')}块" if language is Language.ZH_CN else f"{digits}元"


_PERIODS = {
    Language.EN: {"month": "{} a month", "week": "{} a week", "fortnight": "{} every two weeks", "once": "{}"},
    Language.ZH_CN: {"month": "每个月{}", "week": "每周{}", "fortnight": "每两周{}", "once": "{}"},
    Language.ZH_TW: {"month": "每個月{}", "week": "每週{}", "fortnight": "每兩週{}", "once": "{}"},
}


def say_instalment(offer: Offer, currency: str, language: Language) -> str:
    """Return an offer as people say it: $60 a month, 每个月300块. Needs an amount."""
    if offer.amount is None:
        raise ValueError("an offer without an amount cannot be said")
    return _PERIODS[language][offer.period].format(say_sum(offer.amount, currency, language))


_PER_MONTH = {"once": Decimal(1), "month": Decimal(1), "week": Decimal(52) / 12, "fortnight": Decimal(26) / 12}


def per_month(offer: Offer, balance: Decimal) -> Decimal | None:
    """Return what an offer costs each month, in the debt's currency; None when that is open.

    An instalment that is not named, with a count, is the balance spread evenly.
    """
    amount = instalment(offer, balance)
    return None if amount is None else amount * _PER_MONTH[offer.period]


def instalment(offer: Offer, balance: Decimal) -> Decimal | None:
    """Return the sum of one payment of an offer; None when it is open.

    "2,310 in three payments" names the whole: a sum near the balance with a count is spread.
    """
    if offer.in_full:
        return balance
    whole = offer.amount is not None and offer.amount >= balance * _NEARLY_ALL
    if offer.count and (offer.amount is None or whole):
        return (balance / offer.count).quantize(Decimal("0.01"))
    return offer.amount


_NEARLY_ALL = Decimal("0.9")
"""From this share of the balance on, a sum named beside a number of payments is the total."""
