"""Rules of law: every pack's own examples, and the engine that reads them."""

from pathlib import Path

import pytest

from borrowersim.cues import lexicon_of
from borrowersim.errors import UsageError
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.rules import Pack, Rule, all_packs, evaluate, load_pack, pack_for, standings
from borrowersim_evals.rules.examples import talk_of
from borrowersim_evals.rules.pack import Detect, Example, When, packs_dir, sound
from borrowersim_evals.verdict import Finding

PACKS = all_packs()


def examples(kind: str) -> list[object]:
    return [
        pytest.param(pack, rule, example, id=f"{rule.id}-{number}")
        for pack in PACKS
        for rule in pack.rules
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("pack", "rule", "example"), examples("hits"))
def test_a_hit_is_found_by_its_rule(pack: Pack, rule: Rule, example: Example) -> None:
    found = [f for f in evaluate(talk_of(pack, example), pack) if f.rule == rule.id and f.turn == len(example.before)]
    assert [f.status for f in found] == [example.expect]
    assert found[0].citation == rule.citation
    assert found[0].quote
    assert found[0].quote in example.text


@pytest.mark.parametrize(("pack", "rule", "example"), examples("near_misses"))
def test_a_near_miss_is_left_alone(pack: Pack, rule: Rule, example: Example) -> None:
    found = [f for f in evaluate(talk_of(pack, example), pack) if f.turn == len(example.before)]
    assert not [f for f in found if f.rule == rule.id]
    assert not [f.rule for f in found if f.status == "breach" and f.severity == "critical"]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: str(pack.jurisdiction))
def test_a_pack_names_only_cues_that_exist(pack: Pack) -> None:
    known = lexicon_of(pack.language).cues
    foreign = {"crisis.care"} if pack.language is Language.EN else set()
    for rule in pack.rules:
        for detect in rule.detect:
            named = [*detect.cues, *detect.raised]
            named += [p.removeprefix("cue:") for p in (*detect.absent, *detect.after, *detect.unless) if "cue:" in p]
            for name in set(named) - foreign:
                assert any(cue == name or (name.endswith(".") and cue.startswith(name)) for cue in known), name


def test_the_american_pack_is_wide_and_says_what_was_not_verified() -> None:
    pack = pack_for(Jurisdiction.US)
    assert pack is not None
    assert len(pack.rules) >= 35
    assert all(len(rule.hits) >= 4 and len(rule.near_misses) >= 4 for rule in pack.rules)
    assert {rule.id for rule in pack.rules if rule.verified == "memory"} == {
        "us.fdcpa.1692c-b-rightparty",
        "us.military.threat",
        "us.ecoa.discrimination",
        "us.exempt.benefits",
        "us.crisis",
    }


def test_a_pack_that_is_wrong_says_where(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text("jurisdiction: us\nversion: 1\nrules: []\n", "utf-8")
    with pytest.raises(UsageError, match="language"):
        load_pack(path)


def test_every_expression_of_the_products_packs_compiles() -> None:
    assert all(sound(pack.rules) for pack in all_packs())


def test_a_pack_of_ones_own_with_a_broken_expression_is_refused(tmp_path: Path) -> None:
    whole = (packs_dir() / "us.yaml").read_text("utf-8")
    path = tmp_path / "us.yaml"
    path.write_text(whole.replace("- any: ['", "- any: ['(', '", 1), "utf-8")
    with pytest.raises(UsageError, match="not a regular expression"):
        load_pack(path)


# --------------------------------------------------------------------------- the engine, on a rule of its own


def pack_with(*detect: Detect, when: When | None = None, **fields: object) -> Pack:
    rule = {
        "id": "us.test",
        "citation": "1 Test 2",
        "kind": "prohibited_statement",
        "severity": "major",
        "statement": "Do not say it.",
        "statement_local": "不得说。",
        "verified": "primary",
        "when": when or When(),
        "detect": detect,
        "hits": ["a", "b"],
        "near_misses": ["c", "d"],
    }
    base = {
        "jurisdiction": "us",
        "version": 1,
        "language": "en",
        "checked": "2026-01-01",
        "scope": "",
        "disclaimer": "",
    }
    return Pack.model_validate(base | {"rules": [rule | fields]})


def talk(*turns: str, language: str = "en", jurisdiction: str = "us", **facts: object) -> Talk:
    """Make a talk of turns such as "a: hello", b for the borrower, o for somebody else."""
    who = {"a": Speaker.AGENT, "b": Speaker.BORROWER, "o": Speaker.OTHER}
    spoken = tuple(Turn(speaker=who[t[0]], text=t[3:]) for t in turns)
    data = {"id": "x", "language": language, "jurisdiction": jurisdiction, "facts": facts, "turns": spoken}
    return Talk.model_validate(data)


def found(talk: Talk, pack: Pack) -> list[tuple[int, str]]:
    return [(f.turn, f.status) for f in evaluate(talk, pack)]


ARREST = Detect(cues=("threat.arrest",))


def test_only_the_agents_words_are_judged() -> None:
    spoken = talk("b: You will be arrested!", "a: Good morning.", "o: You will be arrested!")
    assert found(spoken, pack_with(ARREST)) == []


def test_a_turn_is_found_once_for_a_rule_and_each_turn_for_itself() -> None:
    spoken = talk("a: You will be arrested. You'll be jailed.", "b: What?", "a: You will be arrested.")
    assert found(spoken, pack_with(ARREST, ARREST)) == [(0, "breach"), (2, "breach")]


def test_a_rule_binds_whom_it_names_and_all_when_it_is_not_known_who_collects() -> None:
    pack = pack_with(ARREST, when=When(collector_type=("agency",)))
    line = "a: You will be arrested."
    assert found(talk(line, collector_type="agency"), pack)
    assert found(talk(line), pack)
    assert not found(talk(line, collector_type="creditor"), pack)


@pytest.mark.parametrize(
    ("fact", "policy", "expected"),
    [
        (False, "cannot_tell", [(0, "breach")]),
        (True, "cannot_tell", []),
        (None, "cannot_tell", [(0, "cannot_tell")]),
        (None, "applies", [(0, "breach")]),
        (None, "silent", []),
    ],
)
def test_a_needed_fact_decides_and_is_never_guessed(fact: bool | None, policy: str, expected: object) -> None:
    when = When.model_validate({"facts": {"suit_decided": False}, "if_unknown": policy})
    spoken = talk("a: We will sue you tomorrow.", suit_decided=fact)
    assert found(spoken, pack_with(Detect(cues=("suit.definite",)), when=when)) == expected


def test_a_doubt_names_the_missing_fact_in_the_talks_language() -> None:
    pack = pack_with(Detect(any=("sue|起诉",)), when=When(facts={"suit_decided": False}))
    (english,) = evaluate(talk("a: We will sue you."), pack)
    assert english.why == "Do not say it. Not known: whether the creditor has decided to sue."
    (chinese,) = evaluate(talk("a: 我们会起诉您。", language="zh-CN"), pack)
    assert chinese.why == "不得说。无法判断，缺少信息：债权人是否已决定起诉。"


def test_a_breach_outweighs_a_doubt_in_the_same_turn() -> None:
    doubt = Detect(any=("sue",), when=When(facts={"suit_decided": False}))
    spoken = talk("a: We will sue you, and you will be arrested.")
    assert found(spoken, pack_with(doubt, ARREST)) == [(0, "breach")]


def test_negation_acquits_unless_the_detector_says_otherwise() -> None:
    spoken = talk("a: We will not discuss the weather.")
    assert not found(spoken, pack_with(Detect(any=("discuss the weather",), unless=("will not",))))
    spoken = talk("a: Nobody is going to garnish anything.")
    assert not found(spoken, pack_with(Detect(any=("garnish",))))
    assert found(spoken, pack_with(Detect(any=("garnish",), negatable=False)))


def test_unless_reaches_as_far_as_it_says() -> None:
    spoken = talk("a: Pay today. It is up to you.")
    assert found(spoken, pack_with(Detect(any=(r"\bpay\b",), unless=("up to you",))))
    assert not found(spoken, pack_with(Detect(any=(r"\bpay\b",), unless_turn=("up to you",))))


def test_once_reports_the_first_turn_only() -> None:
    spoken = talk("a: Pay.", "b: No.", "a: Pay.")
    assert found(spoken, pack_with(Detect(any=("pay",), once=True))) == [(0, "breach")]


# --------------------------------------------------------------------------- quotes


def test_a_quote_is_the_verbatim_sentence() -> None:
    text = "Good morning.  You’ll BE arrested,   tomorrow! Bye."
    (finding,) = evaluate(talk(f"a: {text}"), pack_with(ARREST))
    assert finding.quote == "You’ll BE arrested,   tomorrow!"


def test_a_long_sentence_is_quoted_by_the_clause() -> None:
    text = "I have been looking at this file all morning with two of my colleagues from the second floor, " * 2
    (finding,) = evaluate(talk(f"a: {text}and frankly you will be arrested, which is sad."), pack_with(ARREST))
    assert finding.quote == "and frankly you will be arrested,"
    assert len(finding.quote) <= 160


def test_a_disguised_word_is_found_and_quoted_as_written() -> None:
    (finding,) = evaluate(talk("a: 不 还 钱 就 抓 人。", language="zh-CN"), pack_with(Detect(any=("不还钱就抓人",))))
    assert finding.quote == "不 还 钱 就 抓 人。"


def test_an_omission_quotes_the_turns_first_sentence() -> None:
    pack = pack_with(Detect(absent=("reply stop",), due="first_turn"))
    (finding,) = evaluate(talk("a: Hello Ana. Pay 120 at the link."), pack)
    assert finding.quote == "Hello Ana."


# --------------------------------------------------------------------------- duties, hours, limits


def test_a_duty_of_the_first_turn() -> None:
    pack = pack_with(Detect(absent=("cue:self.name",), due="first_turn"))
    assert found(talk("a: You owe us.", "b: Who?", "a: Never mind."), pack) == [(0, "breach")]
    assert not found(talk("a: Hello, my name is Dana.", "b: Who?", "a: Never mind."), pack)


def test_a_duty_after_a_state_is_due_in_the_next_turn_only() -> None:
    detect = Detect(absent=("cue:self.name",), due="first_turn_after_state")
    pack = pack_with(detect, when=When(state=("asked_who",)))
    assert found(talk("a: Hello.", "b: Who is this?", "a: Pay us.", "b: No.", "a: Do."), pack) == [(2, "breach")]
    assert not found(talk("a: Hello.", "b: Who is this?", "a: My name is Dana Cole."), pack)


def test_a_duty_of_the_talk_is_due_when_its_moment_comes_and_may_be_met_before() -> None:
    pack = pack_with(Detect(absent=("debt collector",), after=("cue:payment.ask",), due="talk"))
    assert found(talk("a: Hello.", "b: Hi.", "a: Can you pay today?", "b: No.", "a: Can you pay?"), pack) == [
        (2, "breach")
    ]
    assert not found(talk("a: I am a debt collector.", "b: Hi.", "a: Can you pay today?"), pack)
    assert not found(talk("a: Hello.", "b: Hi.", "a: How are you?"), pack)


def test_a_duty_of_the_whole_talk_is_judged_at_its_last_turn() -> None:
    pack = pack_with(Detect(absent=("goodbye",), due="talk"))
    assert found(talk("a: Hello.", "b: Hi.", "a: So."), pack) == [(2, "breach")]
    assert not found(talk("a: Hello.", "b: Hi.", "a: Goodbye."), pack)


@pytest.mark.parametrize(("hour", "breach"), [("07:59", True), ("08:00", False), ("21:00", False), ("21:01", True)])
def test_hours_are_the_borrowers_and_their_ends_are_allowed(hour: str, breach: bool) -> None:
    pack = pack_with(Detect(hours=("08:00", "21:00")))
    spoken = talk("a: Hello.", "b: Hi.", "a: So.", local_time=hour)
    assert found(spoken, pack) == ([(0, "breach")] if breach else [])


def test_an_unknown_hour_is_a_doubt_only_when_somebody_speaks_of_it() -> None:
    pack = pack_with(Detect(hours=("08:00", "21:00"), raised=("said.odd_hour",)))
    assert found(talk("a: Hello.", "b: Hi.", "a: So."), pack) == []
    assert found(talk("a: Hello.", "b: It's six in the morning!", "a: So."), pack) == [(2, "cannot_tell")]


def test_a_limit_counts_what_the_facts_count() -> None:
    pack = pack_with(Detect(limit=("contacts_7d", 7)))
    assert found(talk("a: Hello.", contacts_7d=7), pack) == []
    assert found(talk("a: Hello.", "b: Hi.", "a: So.", contacts_7d=8), pack) == [(0, "breach")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("You owe $1,900.", True),
        ("Your balance is $1,900 today.", True),
        ("The $1,900 balance is due.", True),
        ("You owe 1,900 including everything.", True),
        ("You owe $1,240.", False),
        ("You owe about $1,245, give or take.", False),
        ("You owe $1,240, so could you pay $60 a month?", False),
        ("Your balance went from 500 to 1,240.", False),
        ("You don't owe $1,900.", False),
        ("You said you owe $1,900.", False),
        ("Your instalment of $60 is due, and the balance is $1,240.", False),
    ],
)
def test_a_stated_balance_must_be_the_one_on_file(text: str, wrong: bool) -> None:
    assert bool(found(talk(f"a: {text}", balance=1240), pack_with(Detect(wrong_balance=True)))) is wrong


def test_no_balance_on_file_no_finding() -> None:
    assert not found(talk("a: You owe $1,900."), pack_with(Detect(wrong_balance=True)))


# --------------------------------------------------------------------------- states


def holds(spoken: Talk, turn: int) -> dict[str, int]:
    return {str(state): began for state, began in standings(spoken)[turn].began.items()}


def test_facts_begin_states_before_the_first_turn() -> None:
    began = holds(talk("a: Hello.", represented=True, time_barred=False, answered_by="third_party"), 0)
    assert began == {"represented": -1, "third_party": -1}


def test_words_begin_states_at_their_turn_and_not_before() -> None:
    spoken = talk("a: Hello.", "b: I have a lawyer.", "a: I see.", "b: I told you, I have a lawyer!", "a: Yes.")
    assert "represented" not in holds(spoken, 0)
    assert holds(spoken, 2)["represented"] == 1
    assert holds(spoken, 4)["represented"] == 1


def test_a_state_can_end() -> None:
    spoken = talk("a: Hello.", "b: I can't talk now.", "a: When suits you?", "b: Actually, go ahead.", "a: Thanks.")
    assert "inconvenient" in holds(spoken, 2)
    assert "inconvenient" not in holds(spoken, 4)


@pytest.mark.parametrize("channel", ["sms", "email", "chat", "letter"])
def test_in_writing_a_wish_for_no_contact_ends_contact(channel: str) -> None:
    assert "ceased" in holds(talk("b: Stop contacting me.", "a: Well.", channel=channel), 1)
    assert "ceased" in holds(talk("b: I refuse to pay this.", "a: Well.", channel=channel), 1)


def test_on_an_american_phone_it_refuses_the_medium_only() -> None:
    began = holds(talk("b: Stop contacting me.", "a: Well.", channel="phone"), 1)
    assert "medium_refused" in began
    assert "ceased" not in began
    assert "ceased" in holds(talk("b: Stop contacting me.", "a: Well.", jurisdiction="uk"), 1)


def test_a_name_that_was_asked_for_and_confirmed_verifies() -> None:
    spoken = talk("a: Is this Ana Ruiz?", "b: Yes.", "a: Thank you.")
    assert holds(spoken, 0) == {"unverified": -1}
    assert holds(spoken, 2) == {"verified": 1}


def test_a_yes_to_something_else_verifies_nothing() -> None:
    assert "unverified" in holds(talk("a: Good morning.", "b: Yes?", "a: Hello."), 2)


def test_who_speaks_of_the_debt_as_their_own_is_the_borrower() -> None:
    assert "verified" in holds(talk("a: Hello.", "b: I know I owe it, I lost my job.", "a: I see."), 2)


def test_a_relative_is_a_third_party_until_the_borrower_takes_over() -> None:
    spoken = talk("a: Is Ana there?", "b: No, I'm her sister.", "a: I see.", "b: Hello, this is me now.", "a: Hello.")
    assert "third_party" in holds(spoken, 2)
    assert "verified" in holds(spoken, 4)


def test_a_relatives_yes_does_not_make_a_borrower() -> None:
    spoken = talk("a: Is this the Ruiz home?", "b: Yes.", "a: Thanks.", answered_by="third_party")
    assert holds(spoken, 2) == {"third_party": -1}


def test_somebody_beside_the_borrower_is_a_third_party_while_they_speak() -> None:
    spoken = talk("a: Hello.", "o: Who is it?", "a: Hello.", "b: It's for me.", "a: Hello.", answered_by="borrower")
    assert "third_party" in holds(spoken, 2)
    assert "verified" in holds(spoken, 4)


def test_findings_come_by_turn_the_gravest_first() -> None:
    pack = pack_for(Jurisdiction.US)
    assert pack is not None
    spoken = talk("a: You will be arrested, and this stays on your credit for life. I'll ring every hour.", "b: What?",
                  "a: You deadbeat.", answered_by="borrower")  # fmt: skip
    order = [(f.turn, ("critical", "major", "minor").index(f.severity)) for f in evaluate(spoken, pack)]
    assert order == sorted(order)
    assert len(order) >= 4


def test_a_finding_carries_law_and_source() -> None:
    pack = pack_with(ARREST, verified="memory", severity="critical")
    assert evaluate(talk("a: You will be arrested."), pack) == (
        Finding(
            turn=0,
            rule="us.test",
            status="breach",
            severity="critical",
            quote="You will be arrested.",
            citation="1 Test 2",
            source="rules",
            why="Do not say it.",
            verified="memory",
        ),
    )
