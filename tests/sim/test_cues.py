"""Cues: what must be heard in a line, what must not, and how negation and reports turn a hit around."""

from pathlib import Path

import pytest

from borrowersim.acts import HARMFUL, AgentAct
from borrowersim.cues import CueFile, Lexicon, Match, cues_in, find_cues, lexicon_of
from borrowersim.documents import check
from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim.text import fold

HERE = Path(__file__).parent


def entries(name: str) -> list[str]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def heard(text: str, beginning: str = "") -> list[Match]:
    return [m for m in cues_in(text, Language.EN) if m.cue.startswith(beginning)]


@pytest.mark.parametrize("entry", entries("cues_en.txt"))
def test_an_english_line_shows_what_it_should(entry: str) -> None:
    cue, text = entry[1:].split("|", 1)
    assert bool(heard(text, cue)) is (entry[0] == "+"), [m.cue for m in heard(text)]


@pytest.mark.parametrize("text", entries("careful_en.txt"))
def test_a_careful_agent_is_not_taken_for_a_harmful_one(text: str) -> None:
    assert not [m for m in heard(text) if m.act in HARMFUL or m.act is AgentAct.HINTS_VAGUELY]


def test_every_act_of_an_agent_has_an_english_cue_and_lines() -> None:
    cues = lexicon_of(Language.EN).cues
    assert {cue.act for cue in cues.values() if cue.act} == set(AgentAct)
    wanted = {entry[1:].split("|")[0] for entry in entries("cues_en.txt") if entry[0] == "+"}
    tried = {cue.act for name, cue in cues.items() for start in wanted if name.startswith(start)}
    assert tried >= set(AgentAct) - {AgentAct.GREETS}
    assert heard("Good morning, Ms Ruiz.", "greet.")


BORROWER = [
    ("said.represented", "Talk to my attorney."),
    ("said.represented", "I've hired a lawyer to deal with this."),
    ("-said.represented", "I can't afford a lawyer."),
    ("-said.represented", "Maybe I should get a lawyer."),
    ("-said.represented", "My cousin is a lawyer."),
    ("said.bankrupt", "I filed chapter 7 in May."),
    ("-said.bankrupt", "I might have to file for bankruptcy."),
    ("said.discharged", "That was wiped out in my bankruptcy."),
    ("said.disputed", "This isn't my debt."),
    ("said.disputed", "That's not what I owe."),
    ("said.disputed", "I never opened a card with you."),
    ("-said.disputed", "I don't dispute it."),
    ("said.paid", "I already paid this last year."),
    ("-said.paid", "I'll pay when I get paid."),
    ("said.ceased", "Do not contact me again."),
    ("said.ceased", "Leave me alone."),
    ("-said.ceased", "Please don't contact me at work."),
    ("said.medium_refused", "Stop calling me."),
    ("said.medium_refused", "STOP"),
    ("-said.medium_refused", "Don't call me before nine."),
    ("said.inconvenient", "I can't talk right now."),
    ("said.inconvenient", "I'm driving."),
    ("said.at_work", "My boss doesn't allow personal calls."),
    ("said.at_work", "I can't take calls at work."),
    ("-said.at_work", "I work at the airport."),
    ("said.third_party", "I'm his sister."),
    ("said.third_party", "She's not here right now."),
    ("said.third_party", "You've got the wrong number."),
    ("-said.third_party", "My sister helps me with the rent."),
    ("said.deceased", "My mother passed away last month."),
    ("-said.deceased", "My phone died."),
    ("said.crisis", "I just want to end it all."),
    ("said.crisis", "They'd be better off without me."),
    ("-said.crisis", "I'm so stressed about money."),
    ("said.hardship", "I lost my job in June."),
    ("said.identity_theft", "Somebody opened that in my name."),
    ("said.time_barred", "That's from ten years ago."),
    ("-said.time_barred", "My son is ten years old."),
    ("said.asked_who", "Who is this?"),
    ("said.asked_writing", "Send me something in writing."),
    ("said.asked_human", "Let me talk to a real person."),
    ("said.military", "I've been called up to active duty."),
    ("said.complained", "I'm going to report you to the CFPB."),
    ("said.many_calls", "You've called me ten times this week."),
    ("said.odd_hour", "It's six in the morning here."),
    ("said.confirms_name", "Speaking."),
    ("said.confirms_name", "Yeah, that's me."),
    ("-said.confirms_name", "No, she's out."),
]


@pytest.mark.parametrize(("cue", "text"), BORROWER)
def test_what_a_borrower_says_is_read(cue: str, text: str) -> None:
    assert bool(heard(text, cue.removeprefix("-"))) is not cue.startswith("-"), [m.cue for m in heard(text)]


@pytest.mark.parametrize(
    "text",
    [
        "You will not be arrested.",
        "If you don't pay, you still won't be arrested.",
        "You said they would have you arrested.",
        "Nobody is going to have you arrested over this.",
        "It would be a lie to say you'll be arrested.",
    ],
)
def test_a_denied_or_reported_threat_is_none(text: str) -> None:
    assert not heard(text, "threat.")


@pytest.mark.parametrize(
    "text",
    [
        "If you don't pay you will be arrested.",
        "If not, you will be arrested.",
        "I'm not joking, you will be arrested.",
        "You didn't pay, so you will be arrested.",
        "You promised to pay, but now you will be arrested.",
    ],
)
def test_a_negation_elsewhere_does_not_turn_a_threat_around(text: str) -> None:
    assert heard(text, "threat.arrest")


def test_the_quote_is_verbatim_and_knows_its_place() -> None:
    text = "Listen…  YOU’LL be ARRESTED, friend."
    (match,) = heard(text, "threat.arrest")
    assert match.quote == "YOU’LL be ARRESTED"
    assert text[match.place :].startswith(match.quote)


def test_invisible_and_wide_letters_disguise_nothing() -> None:
    assert heard("You will be arr\u200bested.", "threat.arrest")
    assert heard("ｙｏｕ ｗｉｌｌ ｂｅ ａｒｒｅｓｔｅｄ", "threat.arrest")


def test_a_hit_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert not heard("I was at the bank. You know jail is a board game.", "threat.")


def test_only_cues_of_a_prefix_are_looked_for() -> None:
    found = find_cues(fold("Pay now, you deadbeat, or you will be arrested."), Language.EN, "insult.")
    assert [m.cue for m in found] == ["insult.name"]


def file(**cues: object) -> dict[str, object]:
    return {"version": 1, "negation": r"\bnot $", "reported": r"\bsaid $", "clause_end": ",", "cues": cues}


def test_parts_are_filled_in_and_may_build_on_each_other() -> None:
    data = file(**{"a.b": {"any": ["<<ab>> end"]}}) | {"parts": {"a": "x|y", "ab": "<<a>>z"}}
    lexicon = Lexicon(CueFile.model_validate(data))
    text = fold("yz end")
    assert [m.quote for m in lexicon.matches("a.b", lexicon.cues["a.b"], text, 0, len(text.text))] == ["yz end"]


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(UsageError, match="no part <<nope>>"):
        check(CueFile, file(**{"a.b": {"any": ["<<nope>>"]}}), "x.yaml")


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match="not a regular expression"):
        Lexicon(check(CueFile, file(**{"a.b": {"any": ["("]}}), "x.yaml"))
