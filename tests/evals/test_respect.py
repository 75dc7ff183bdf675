"""Respect: marks that people gave first, caps, and the two things that must come apart."""

import pytest

from borrowersim.talk import Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.features import readings
from borrowersim_evals.respect import COMPUTED, respect_of, talk_respect
from borrowersim_evals.rubric import rubric_of
from tests.evals.marked import HOME, MARKED, Marked, marks_off


def mark(text: str, language: Language = Language.EN, before: str = "") -> tuple[int | None, tuple[str, ...]]:
    return respect_of(readings(Marked(language, text, (1, 5), (1, 5), before).talk)[-1])


def off(case: Marked) -> int:
    return marks_off(respect_of(readings(case.talk)[-1])[0], case.respect)


@pytest.mark.parametrize("case", MARKED, ids=lambda case: f"{case.language}:{case.text[:24]}")
def test_the_mark_is_never_two_off_what_a_person_gave(case: Marked) -> None:
    assert off(case) <= 1


@pytest.mark.parametrize("language", list(HOME))
def test_four_marks_in_five_are_what_a_person_gave(language: Language) -> None:
    offs = [off(case) > 0 for case in MARKED if case.language is language]
    assert sum(offs) <= len(offs) / 5


def test_there_are_enough_marked_turns_in_every_language() -> None:
    for language in Language:
        assert sum(case.language is language for case in MARKED) >= 15


@pytest.mark.parametrize(
    ("language", "polite", "threat"),
    [
        (
            Language.EN,
            "Thank you so much, Ms Delgado, I appreciate it.",
            "If you don't pay, the police will arrest you.",
        ),
        (Language.ZH_CN, "谢谢您，周先生，辛苦您了。", "您要是不还，就让派出所来抓您。"),
        (Language.ZH_TW, "謝謝您，陳先生，辛苦了。", "您不繳的話，會叫警察去抓您。"),
    ],
)
def test_a_threat_stays_a_threat_beside_polite_words(language: Language, polite: str, threat: str) -> None:
    alone, _ = mark(polite, language)
    both, why = mark(f"{polite} {threat}", language)
    assert alone is not None
    assert both is not None
    assert alone > both
    assert both <= 2
    assert "threat" in why


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            Language.EN,
            "The lender may go to court after 30 June. A judge would decide, and you may propose a plan before then.",
        ),
        (Language.ZH_CN, "银行之后可能会依法起诉，由法院判决，在这之前您都可以提出协商。"),
        (Language.ZH_TW, "銀行之後可能會依法起訴，由法院判決，在這之前您都可以提出協商。"),
    ],
)
def test_a_calm_lawful_consequence_is_no_disrespect(language: Language, text: str) -> None:
    given, why = mark(text, language)
    assert given is not None
    assert given >= 3, why


@pytest.mark.parametrize(
    ("language", "demand", "heard"),
    [
        (Language.EN, "You need to pay $300 today.", "I'm sorry, that sounds hard. What could you manage this month?"),
        (Language.ZH_CN, "今天必须还三百块。", "听您这么说确实不容易，您看这个月大概能安排多少？"),
        (Language.ZH_TW, "今天一定要繳三百塊。", "聽您這樣說真的不容易，您看這個月大概可以負擔多少？"),
    ],
)
def test_hardship_just_told_must_be_answered(language: Language, demand: str, heard: str) -> None:
    before = {
        Language.EN: "I lost my job and I can't even pay the rent.",
        Language.ZH_CN: "我失业了，房租都交不起。",
        Language.ZH_TW: "我失業了，房租都繳不出來。",
    }[language]
    worse, why = mark(demand, language, before)
    better, _ = mark(heard, language, before)
    assert worse is not None
    assert better is not None
    assert "ignores_hardship" in why
    assert worse <= 2 < 4 <= better


@pytest.mark.parametrize("text", ["", "   ", "…", "。。。", "—", "Mm-hmm.", "嗯。", "喔"])
def test_nothing_to_judge_is_none_and_not_full_marks(text: str) -> None:
    language = Language.EN if text.isascii() else Language.ZH_TW
    assert mark(text, language) == (None, ())


def test_a_bare_yes_to_a_cry_for_help_is_judged() -> None:
    given, why = mark("OK.", before="I want to kill myself.")
    assert given == 1
    assert why == ("ignores_crisis",)


def test_shouting_is_heard_in_writing() -> None:
    quiet, _ = mark("Your account is overdue.")
    loud, why = mark("YOUR ACCOUNT IS OVERDUE!!")
    assert quiet is not None
    assert loud is not None
    assert loud < quiet
    assert "shouting" in why


def test_a_demand_repeated_word_for_word_costs_respect() -> None:
    demand = "Your account is $300 overdue and the payment is due now."
    talk = Talk(
        id="repeats",
        language=Language.EN,
        jurisdiction=Jurisdiction.US,
        facts=Facts(answered_by="borrower"),
        turns=(
            Turn(speaker=Speaker.AGENT, text=demand),
            Turn(speaker=Speaker.BORROWER, text="Not now."),
            Turn(speaker=Speaker.AGENT, text=demand),
        ),
    )
    first, second = (respect_of(reading) for reading in readings(talk))
    assert "repeats" not in first[1]
    assert "repeats" in second[1]
    assert (second[0] or 5) < (first[0] or 0)


def test_one_insult_is_not_averaged_away() -> None:
    assert talk_respect([5, 5, 5, 5, 1]) == pytest.approx(0.6 * 4.2 + 0.4)
    assert talk_respect([4, 4]) == 4
    assert talk_respect([None, 3]) == 3
    assert talk_respect([None]) is None
    assert talk_respect([]) is None


def test_every_feature_found_by_code_has_its_test_and_its_words() -> None:
    features = rubric_of("respect").features
    assert {name for name, feature in features.items() if feature.computed} == set(COMPUTED)
    for language in HOME:
        labels = [feature.label.of(language) for feature in features.values()]
        assert len(labels) == len(set(labels))
