"""Sums, offers and days in what people say."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borrowersim.acts import Offer
from borrowersim.money import find_amounts, find_offer, instalment, number, per_month, say_instalment, say_sum
from borrowersim.talk import Language
from borrowersim.text import fold

EN, CN, TW = Language.EN, Language.ZH_CN, Language.ZH_TW


@pytest.mark.parametrize(
    ("text", "language", "amounts"),
    [
        ("Can you do $60 a month?", EN, ["60"]),
        ("Your balance is $2,310.45 and it is 47 days overdue.", EN, ["2310.45"]),
        ("The balance is 2,310 dollars.", EN, ["2310"]),
        ("two hundred and fifty bucks by Friday", EN, ["250"]),
        ("I can offer six monthly payments of $385", EN, ["385"]),
        ("£25 a week, or $1.2k today", EN, ["25", "1200.0"]),
        ("the account ending 4417, call me at 5 pm, it is 3 months late", EN, []),
        ("It went up by 9 percent in 2024.", EN, []),
        ("每个月还五百可以吗", CN, ["500"]),
        ("欠款8,600元，逾期47天", CN, ["8600"]),
        ("一次性还清八千六", CN, ["8600"]),
        ("大概3万2，分12期", CN, ["32000"]),
        ("您尾号4417的卡，今天下午五点前", CN, []),
        ("總共62,000元，每個月繳2,000元", TW, ["62000", "2000"]),
        ("三萬兩千塊", TW, ["32000"]),
    ],
)
def test_sums_are_found_and_other_numbers_are_not(text: str, language: Language, amounts: list[str]) -> None:
    assert [a.value for a in find_amounts(fold(text), language)] == [Decimal(a) for a in amounts]


def test_a_sum_knows_its_place() -> None:
    text = fold("Pay $60 a month.")
    (amount,) = find_amounts(text, EN)
    assert text.text[amount.start : amount.end] == "60"


@pytest.mark.parametrize(
    ("text", "language", "offer"),
    [
        ("Can you do $60 a month?", EN, Offer(amount=Decimal(60), period="month")),
        ("three payments of $50", EN, Offer(amount=Decimal(50), count=3, period="month")),
        ("We could spread it over 12 months.", EN, Offer(count=12, period="month")),
        ("$50 a month for ten months", EN, Offer(amount=Decimal(50), count=10, period="month")),
        ("you were late for two months", EN, None),
        ("每個月繳2,000元，八個月繳完", TW, Offer(amount=Decimal(2000), count=8, period="month")),
        ("一個禮拜兩百可以嗎", TW, Offer(amount=Decimal(200), period="week")),
        ("three equal monthly payments would do", EN, Offer(count=3, period="month")),
        ("25 per week starting next Friday", EN, Offer(amount=Decimal(25), period="week", start="next Friday")),
        ("Pay the full balance by the 15th.", EN, Offer(period="once", start="the 15th", in_full=True)),
        ("pay 200 today", EN, Offer(amount=Decimal(200), period="once", start="today")),
        ("分12期，每期717元", CN, Offer(amount=Decimal(717), count=12, period="month")),
        ("分三期还", CN, Offer(count=3, period="month")),
        ("a third each month, nothing up front", EN, Offer(count=3, period="month")),
        ("a couple of months in quarters", EN, Offer(count=4, period="month")),
        ("over the next five paydays", EN, Offer(count=5, period="month")),
        ("stretch it to eighteen months", EN, Offer(count=18, period="month")),
        ("two years at $20 a month", EN, Offer(amount=Decimal(20), count=24, period="month")),
        ("six months of sixty dollars", EN, Offer(amount=Decimal(60), count=6, period="month")),
        ("半年内每月500块", CN, Offer(amount=Decimal(500), count=6, period="month")),
        ("兩年期，月付1200元", TW, Offer(amount=Decimal(1200), count=24, period="month")),
        ("八個月，一個月五百元", TW, Offer(amount=Decimal(500), count=8, period="month")),
        ("下月十号开始，每月还1,050元", CN, Offer(amount=Decimal(1050), period="month", start="下月十号")),
        ("今天一次性还清八千六", CN, Offer(period="once", start="今天", in_full=True)),
        ("每個月繳2,000元可以嗎", TW, Offer(amount=Decimal(2000), period="month")),
        ("How are things at home?", EN, None),
        ("您最近怎么样？", CN, None),
    ],
)
def test_offers_are_read(text: str, language: Language, offer: Offer | None) -> None:
    assert find_offer(fold(text), language) == offer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You are still two instalments short.", EN),
        ("After the two instalments you missed in June", EN),
        ("Say yes in the next ten minutes.", EN),
        ("拆开两三个月慢慢还", CN),
        ("若達三期，公司可能會寄催告函", TW),
    ],
)
def test_what_is_no_number_of_payments(text: str, language: Language) -> None:
    offer = find_offer(fold(text), language)
    assert offer is None or offer.count is None


def test_a_sum_near_the_balance_with_a_count_is_the_total() -> None:
    offer = Offer(amount=Decimal(2310), count=3, period="month")
    assert instalment(offer, Decimal(2310)) == Decimal(770)
    assert per_month(offer, Decimal(2310)) == Decimal(770)


def test_what_a_week_costs_a_month() -> None:
    monthly = per_month(Offer(amount=Decimal(12), period="week"), Decimal(1000))
    assert monthly == Decimal(52)


def test_an_open_offer_costs_nothing_known() -> None:
    assert per_month(Offer(period="month"), Decimal(1000)) is None


@pytest.mark.parametrize(
    ("language", "currency", "said"),
    [
        (EN, "USD", "$1,250 a month"),
        (EN, "GBP", "£1,250 a month"),
        (CN, "CNY", "每个月1250块"),
        (TW, "TWD", "每個月1,250元"),
    ],
)
def test_instalments_are_said_as_people_say_them(language: Language, currency: str, said: str) -> None:
    assert say_instalment(Offer(amount=Decimal(1250), period="month"), currency, language) == said


def test_what_is_said_is_read_back() -> None:
    for language, currency in ((EN, "USD"), (EN, "GBP"), (CN, "CNY"), (TW, "TWD")):
        for value in ("45", "717.5", "2310", "12000"):
            text = fold(say_sum(Decimal(value), currency, language))
            assert [a.value for a in find_amounts(text, language)] == [Decimal(value)]


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [("八千六", CN, 8600), ("两万五", CN, 25000), ("一百八", CN, 180), ("twenty-five", EN, 25), ("a hundred", EN, 100)],
)
def test_numbers_in_words(words: str, language: Language, value: int) -> None:
    assert number(words, language) == value


def test_nonsense_is_no_number() -> None:
    assert number("banana", EN) is None
    assert number("香蕉", CN) is None


@settings(max_examples=300)
@given(st.text(alphabet="0123456789零一二两三十百千万亿.,元块", max_size=9), st.sampled_from(list(Language)))
def test_no_mixture_of_digits_and_units_is_an_error(text: str, language: Language) -> None:
    assert all(amount.value >= 0 for amount in find_amounts(fold(f"欠{text}"), language))
    find_offer(fold(f"分{text}期，每期{text}"), language)
