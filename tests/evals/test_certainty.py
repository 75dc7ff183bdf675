"""What the classifier's certainty does to the rules: it doubts their patterns, and names what they have no word for."""

import pytest

from borrowersim.talk import Facts, Language, Speaker, Talk, Turn
from borrowersim_evals.rules import Pack, detect, evaluate
from borrowersim_evals.rules.kinds import CERTAIN, DOUBT, KINDS, LEAST, UNLAWFUL


def rule(name: str, **fields: object) -> dict[str, object]:
    return {
        "id": f"us.{name}",
        "citation": "test",
        "kind": "prohibited_statement",
        "severity": "major",
        "statement": name,
        "verified": "primary",
        "hits": ["a", "b", "c", "d"],
        "near_misses": ["e", "f", "g", "h"],
        **fields,
    }


PACK = Pack.model_validate(
    {
        "jurisdiction": "us",
        "version": 1,
        "language": "en",
        "checked": "2026-11-01",
        "scope": "test",
        "disclaimer": "Not legal advice.",
        "rules": [
            rule("words", detect=[{"any": [r"\bparrot\b"], "kinds": ["insult"]}]),
            rule("state", when={"state": ["disputed"]}, detect=[{"any": [r"\bparrot\b"], "kinds": ["ignores_stop"]}]),
            rule("act", when={"state": ["disputed"]}, detect=[{"acts": ["asks_payment"]}]),
            rule("own", detect=[{"any": [r"\bpenguin\b"]}]),
            rule("fact", when={"facts": {"secured": False}}, detect=[{"kinds": ["seizure"]}]),
        ],
    }
)


def found(
    monkeypatch: pytest.MonkeyPatch, text: str, unlawful: float, *, disputed: bool = False, **kinds: float
) -> list[tuple[str, str]]:
    """Return (rule, status) of one turn, the classifier saying what it is told to."""
    scores = {**dict.fromkeys(KINDS, 0.0), **kinds, UNLAWFUL: unlawful}
    monkeypatch.setattr(detect, "kinds_in", lambda *_: scores)
    said = (Turn(speaker=Speaker.AGENT, text=text),)
    facts = Facts(answered_by="borrower", disputed=disputed)
    talk = Talk(id="x", language=Language.EN, jurisdiction="us", facts=facts, turns=said)
    return [(finding.rule.removeprefix("us."), finding.status) for finding in evaluate(talk, PACK)]


def test_a_pattern_is_not_believed_where_the_turn_sounds_lawful(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "The parrot, then.", DOUBT) == [("words", "breach")]
    assert found(monkeypatch, "The parrot, then.", DOUBT - 0.01) == []


def test_a_state_makes_a_pattern_believed_sooner_but_not_always(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "The parrot, then.", LEAST, disputed=True) == [("state", "breach")]
    assert found(monkeypatch, "The parrot, then.", LEAST - 0.01, disputed=True) == []


def test_an_act_that_is_heard_is_doubted_like_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = "Can you pay the 120 by Friday?"
    assert found(monkeypatch, ask, DOUBT, disputed=True) == [("act", "breach")]
    assert found(monkeypatch, ask, DOUBT - 0.01, disputed=True) == []


def test_a_rule_of_words_alone_is_never_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "The penguin, then.", 0.0) == [("own", "breach")]


def test_what_is_certainly_unlawful_goes_to_the_likeliest_kind_that_a_rule_forbids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    likely = {"harass": 0.09, "ignores_stop": 0.08, "insult": 0.07}
    assert found(monkeypatch, "Well, now.", CERTAIN, **likely) == [("words", "breach")]
    assert found(monkeypatch, "Well, now.", CERTAIN, disputed=True, **likely) == [("state", "breach")]
    assert found(monkeypatch, "Well, now.", CERTAIN - 0.01, **likely) == []


def test_certainty_is_no_reason_to_guess_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "Well, now.", CERTAIN, seizure=0.09) == [("fact", "cannot_tell")]


def test_a_turn_with_a_name_needs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "The penguin, then.", CERTAIN, insult=0.09) == [("own", "breach")]
