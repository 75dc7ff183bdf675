"""Personal data out of the texts: found in three languages, and sums, dates and citations left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowersim.record import Fault
from borrowersim.talk import Speaker, Turn
from borrowersim_evals.redact import quoted, redact, redacted
from borrowersim_evals.verdict import Finding
from tests.evals.made import cases


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to maria.d+x@mail.example.co.uk today.", "Write to [email] today."),
        ("邮箱是maria@example.com，谢谢", "邮箱是[email]，谢谢"),
        ("IBAN GB82 WEST 1234 5698 7654 32.", "IBAN [iban]."),
        ("账号DE89370400440532013000。", "账号[iban]。"),
        ("身份证11010519491231002X和", "身份证[id]和"),
        ("SSN 123-45-6789, right?", "SSN [id], right?"),
        ("身分證字號A123456789對嗎", "身分證字號[id]對嗎"),
        ("居留證A800000014", "居留證[id]"),
        ("HKID A123456(7)", "HKID [id]"),
        ("NI AB 12 34 56 C.", "NI [id]."),
        ("card 4111 1111 1111 1111 exp", "card [card] exp"),
        ("卡号4111-1111-1111-1111", "卡号[card]"),
        ("account 1234 5678 9012 now", "account [account] now"),
        ("请打13800138000找我", "请打[phone]找我"),
        ("手機0912-345-678", "手機[phone]"),
        ("市話 (02) 2345-6789", "市話 [phone]"),
        ("Call +44 20 7946 0958 now", "Call [phone] now"),
        ("call (415) 555-0132 or 415-555-0132 or 4155550132", "call [phone] or [phone] or [phone]"),
        ("ring 07700 900123 or 07700900123", "ring [phone] or [phone]"),
        ("ring 020 7946 0958", "ring [phone]"),
        ("致電9123 4567", "致電[phone]"),
        ("+852 9123 4567", "[phone]"),
    ],
)
def test_what_has_a_form_is_masked(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "You owe $2,310.55, that is 90 days overdue.",
        "一共是12,345.67元，逾期90天，分12期每期1028.80元。",
        "Under 15 USC 1692e(4) and FDCPA 807, before 2026-11-23 2026-12-23.",
        "新臺幣123,456,789元",
        "The account ending 4417, reference NR-2043.",
        "at 14:20 on 11/23/2026",
        "Pay 5000 or 6,000 2000",
        "CASE 2024 ABCD 1234 is not a bank's",
        "民法第125條、第126條",
    ],
)
def test_sums_dates_and_citations_stay(text: str) -> None:
    assert redact(text) == text


@given(st.text(alphabet="0123456789 -+()@.aA中[]", max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert redact(redact(text)) == redact(text) or any(c.isdigit() for c in redact(text))


@given(st.text(alphabet="0123456789 -+x中", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_quote_stands_in_its_redacted_turn(text: str, begin: int, length: int) -> None:
    assert quoted(text[begin : begin + length], text) in redact(text)


def test_half_a_number_in_a_quote_is_masked_whole() -> None:
    text = "Your card 4111 1111 1111 1111 and mail a@b.example are on file."
    assert quoted("1111 1111 and mail", text) == "[card] and mail"
    assert quoted("mail a@b", text) == "mail [email]"
    assert quoted("not there 415-555-0132", text) == "not there [phone]"
    assert quoted("", text) == ""


def test_every_text_of_a_case_is_redacted() -> None:
    case, secret = cases()[0], "415-555-0132"
    turn = Turn(speaker=Speaker.AGENT, text=f"Pay or we call your boss at {secret}.")
    talk = case.played.talk.model_copy(update={"turns": (turn, *case.played.talk.turns), "note": f"from {secret}"})
    fault = Fault(turn=1, kind="leak", line=f"I am on {secret}")
    health = case.played.health.model_copy(update={"faults": (fault,)})
    finding = Finding(
        turn=0, rule="us.x", status="breach", severity="major", quote="boss at 415-555", citation="c", source="judge"
    )
    marks = tuple(m.model_copy(update={"better": f"Say {secret}."}) for m in case.score.turns)
    update = {"legal": (finding,), "turns": marks, "notes": (secret,), "unscored": f"judge: {secret}"}
    played = case.played.model_copy(update={"talk": talk, "health": health, "failure": f"refused {secret}"})
    clean = redacted(case.model_copy(update={"played": played, "score": case.score.model_copy(update=update)}))
    assert "555" not in clean.model_dump_json()
    assert clean.score.legal[0].quote == "boss at [phone]"
    assert clean.score.legal[0].quote in clean.played.talk.turns[0].text
    assert clean.played.failure == "refused [phone]"


def test_a_case_without_personal_data_stays_as_it_is() -> None:
    assert [redacted(case) for case in cases()] == list(cases())
