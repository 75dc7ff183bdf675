"""What facts are called: every fact that a shipped rule may ask for, in three languages."""

import re
from collections.abc import Iterator

import pytest

from borrowersim.talk import Facts, Jurisdiction, Language
from borrowersim_evals.fact_words import FACTS, open_question
from borrowersim_evals.report.view import say_facts
from borrowersim_evals.report.words import Words
from borrowersim_evals.rules.pack import Rule
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.rules.words import unknown


def asked_for(rule: Rule) -> Iterator[str]:
    yield from rule.when.facts
    for detect in rule.detect:
        yield from detect.when.facts
        yield from [detect.limit[0]] if detect.limit else []


@pytest.mark.parametrize("jurisdiction", list(Jurisdiction))
def test_every_fact_that_a_rule_asks_for_has_words(jurisdiction: Jurisdiction) -> None:
    asked = {fact for rule in pack_for(jurisdiction).rules for fact in asked_for(rule)}
    assert asked
    assert asked <= FACTS.keys()


def test_every_usual_fact_has_words_and_no_row_is_a_raw_name() -> None:
    assert Facts.model_fields.keys() <= FACTS.keys()
    for short, question in FACTS.values():
        for english, *chinese in (short, question):
            assert "_" not in english
            assert all(re.search("[一-鿿]", said) and not re.search("[A-Za-z_]", said) for said in chinese)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "Do not. Not known: whether the deadline is real."),
        (Language.ZH_CN, "Do not.无法判断，缺少信息：所说的期限是否属实。"),
        (Language.ZH_TW, "Do not.無法判斷，缺少資訊：所說的期限是否屬實。"),
    ],
)
def test_a_doubt_says_in_words_what_is_not_known(language: Language, said: str) -> None:
    assert unknown("Do not.", "deadline_real", language) == said


def test_a_fact_of_ones_own_rules_speaks_for_itself() -> None:
    assert open_question("asked_for_letter", Language.ZH_TW) == "asked for letter"


def test_a_report_names_what_is_known_of_them() -> None:
    known = Facts.model_validate({"lender_kind": "microloan", "plan_kept": True, "deadline_real": False})
    assert say_facts(known, Words(Language.ZH_TW)) == ["放款機構 小額貸款公司", "是：正依約還款", "否：期限屬實"]
