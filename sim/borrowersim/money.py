"""Sums, instalments and days in what people say: "$60 a month", 分三期, 八千六, 下月十号."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from borrowersim import money_patterns as patterns
from borrowersim.acts import Offer
from borrowersim.talk import Language
from borrowersim.text import Folded

Period = Literal["once", "week", "fortnight", "month"]


@dataclass(frozen=True)
class Amount:
    """A sum of money; start and end are offsets in the folded text."""

    value: Decimal
    start: int
    end: int
    bare: bool = False
    """A number that stands alone: money by the run of the talk, not by a word or sign."""


def find_amounts(text: Folded, language: Language) -> list[Amount]:
    """Return the sums of money in the text, in order of place."""
    return list(_amounts(text.text, language))


BARE_LEAST = {False: 5, True: 50}
"""By whether the text is Chinese: smaller numbers after "owe" or 共 count something else. 一块 is "a piece" or
"together" far more often than a sum, so one yuan is none either."""


@lru_cache(maxsize=4096)
def _amounts(text: str, language: Language) -> tuple[Amount, ...]:
    """Return what is named as money, and what stands alone and counts nothing else."""
    named = list(_named(text, language))
    loose = _loose_zh(text) if language.chinese else [*_grands(text), *_loose_en(text)]
    free = [a for a in loose if not any(a.start < n.end and n.start < a.end for n in named)]
    return tuple(sorted([*named, *free], key=lambda amount: amount.start))


def _named(text: str, language: Language) -> Iterator[Amount]:
    pattern = patterns.ZH_SUM if language.chinese else patterns.EN_SUM
    for hit in pattern.finditer(text):
        name = next(n for n, words in hit.groupdict().items() if words and n != "sign")
        value = number(hit.group(name), language)
        least = BARE_LEAST[language.chinese] if name == "bare" else 2 if language.chinese else 0
        if (
            not value
            or value < least
            or _labels(text, hit.start(name), signed=name == "signed" or _unit(name, language))
        ):
            continue
        tenths = patterns.ZH_CENTS.match(text, hit.end(name)) if language.chinese else None
        if tenths:
            value += (number(tenths.group("tenths"), language) or 0) / Decimal(10)
        yield Amount(value, hit.start(name), hit.end(name))


def _unit(name: str, language: Language) -> bool:
    """Say whether a word for money stands behind the number; a Chinese 块 may count pieces."""
    return name == "named" and not language.chinese


def _labels(text: str, start: int, *, signed: bool = False) -> bool:
    """Say whether the words before a number make it something else: an account, an article, a telephone."""
    return not signed and bool(patterns.NOT_MONEY.search(text[:start]))


def _grands(text: str) -> list[Amount]:
    notes = {"tenner": Decimal(10), "fiver": Decimal(5)}
    found = []
    for hit in patterns.EN_GRAND.finditer(text):
        many = hit.group("n")
        thousands = Decimal(1) if many == "a" else number(many, Language.EN) if many else None
        value = notes[hit.group("note")] if hit.group("note") else (thousands or Decimal(0)) * 1000
        found.append(Amount(value, hit.start(), hit.end()))
    return found


def _loose_en(text: str) -> Iterator[Amount]:
    for hit in patterns.EN_LOOSE.finditer(text):
        words, start = hit.group("loose"), hit.start("loose")
        value = number(words, Language.EN)
        if not value or value < patterns.LOOSE_LEAST or _labels(text, start) or _clock(text, start, words, value):
            continue
        if not _serial(words, value):
            yield Amount(value, start, hit.end("loose"), bare=True)


def _serial(words: str, value: Decimal) -> bool:
    """Say whether bare digits are a year, a hotline or a number of some file rather than a sum."""
    year = len(words) == 4 and 1900 <= value < 2100
    return words in patterns.HOTLINES or (words.isdigit() and (year or len(words) > 4))


def _clock(text: str, start: int, words: str, value: Decimal) -> bool:
    """Say whether a number after "by" or "at" can be a time: eight-thirty, but not six-eighty."""
    said = value % 100 < 60 and value < 1260 and "hundred" not in words
    return said and bool(patterns.EN_CLOCK.search(text[:start]))


def _loose_zh(text: str) -> Iterator[Amount]:
    for hit in patterns.ZH_KILO.finditer(text):
        many = Decimal(hit.group("n")) * (1000 if hit.group("unit") == "k" else 10_000)
        yield Amount(many, hit.start(), hit.end(), bare=True)
    for hit in patterns.ZH_LOOSE.finditer(text):
        value = number(hit.group("loose"), Language.ZH_CN)
        if hit.group("loose") in patterns.HOTLINES:
            continue
        if value and value >= 100 and not _labels(text, hit.start("loose")):
            yield Amount(value, hit.start("loose"), hit.end("loose"), bare=True)


@lru_cache(maxsize=4096)
def number(words: str, language: Language) -> Decimal | None:
    """Return the value of a number in digits or words, or None when it is none."""
    plain = words.replace(",", "").strip()
    try:
        return Decimal(plain)
    except InvalidOperation:
        return _chinese(plain) if language.chinese else _english(plain)


_DOZENS = {"half a dozen": Decimal(6), "a dozen": Decimal(12)}


def _english(words: str) -> Decimal | None:
    if words in _DOZENS:
        return _DOZENS[words]
    if words.endswith("k"):
        return _decimal(words[:-1].strip(), times=1000)
    price = patterns.EN_HUNDREDS.match(words)
    if price and (hundreds := _english(price.group("hundreds"))) and hundreds < 20:
        return hundreds * 100 + (_english(price.group("rest")) or 0)
    try:
        from text_to_num import text2num

        return Decimal(text2num(re.sub(r"^a\s", "one ", words), "en"))
    except ValueError:
        return None


def _chinese(words: str) -> Decimal | None:
    try:
        from cn2an import cn2an  # takes a fifth of a second to import, and English needs none of it

        return Decimal(str(cn2an(words.replace("〇", "零"), "smart")))
    except (ValueError, InvalidOperation, LookupError):  # some mixtures of digits and units trip the library
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
    count = _count(text.text, language, rated=period != "once")
    full = (patterns.ZH_FULL if language.chinese else patterns.EN_FULL).search(text.text)
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
    hit = re.match(rf"\s*(?:dollars?|bucks|pounds?|quid)?\s*{patterns.EN_PERIOD}", after)
    words = (hit.group(1) or hit.group(2)) if hit else ""
    if not hit and (lead := re.search(patterns.EN_LEADING_PERIOD, before)):
        words = lead.group(1)
    if not words:
        return None
    if re.match(r"fortnight|two weeks|other week|biweekly|pay", words):
        return "fortnight"
    return "week" if words.startswith("week") else "month"


def _zh_period(before: str, after: str) -> Period | None:
    hit = re.search(rf"({patterns.ZH_PERIOD})[^,。?!]{{0,6}}$", before) or re.match(
        rf"[^,。?!]{{0,4}}?({patterns.ZH_PERIOD})", after
    )
    if not hit:
        return None
    words = hit.group(1)
    if "两周" in words:
        return "fortnight"
    return "week" if re.search("周|星期|礼拜", words) else "month"


def _count(text: str, language: Language, *, rated: bool) -> int | None:
    """Return the number of payments; beside an instalment, "for ten months" is one too."""
    said = patterns.ZH_COUNTS if language.chinese else patterns.EN_COUNTS
    lasting = patterns.ZH_COUNTS_OF_RATE if language.chinese else patterns.EN_COUNTS_OF_RATE
    for pattern in (*said, *(lasting if rated else ())):
        for hit in re.finditer(pattern, text):
            value = number(next(words for words in hit.groupdict().values() if words), language)
            if value and 2 <= value <= 120:
                return int(value)
    if years := _years(text, language, rated=rated):
        return years
    parts = {} if language.chinese else patterns.EN_PARTS
    return next((count for count, pattern in parts.items() if pattern.search(text)), None)


def _years(text: str, language: Language, *, rated: bool) -> int | None:
    """Return a year or half of one as a number of months; in English only beside an instalment or "spread"."""
    hit = (patterns.ZH_YEAR if language.chinese else patterns.EN_YEAR).search(text)
    if not hit or not (language.chinese or rated or "spread" in text):
        return None
    said = {name: words for name, words in hit.groupdict().items() if words}
    if any(name.startswith("half") for name in said):
        return 6
    words = next(iter(said.values()), "1").replace("一", "1")
    return int((number(words, language) or 1) * 12)


def _day(text: Folded, language: Language) -> str | None:
    hit = (patterns.ZH_DAY if language.chinese else patterns.EN_DAY).search(text.text)
    return text.original(hit.start(), hit.end()).strip() if hit else None


_SIGNS = {"USD": "$", "GBP": "£"}


def say_sum(value: Decimal, currency: str, language: Language) -> str:
    """Return a sum as people say it in a talk: $60, 300块, 2,000元."""
    whole = value == value.to_integral_value()
    digits = f"{value:,.0f}" if whole else f"{value:,.2f}"
    if language is Language.EN:
        return f"{_SIGNS.get(currency, currency + ' ')}{digits}"
    if language is Language.ZH_CN:
        return f"{digits.replace(',', '')}{'块' if whole else '元'}"
    return f"{digits}元"


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
