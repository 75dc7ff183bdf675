"""What the page shows and gives away: cards, tones, advice, comparisons, files. Nothing said becomes markup."""

import json
from itertools import pairwise
from pathlib import Path

import anyio
import pytest

from borrowersim.acts import BorrowerAct
from borrowersim.hidden import Hidden
from borrowersim.persona import Archetype, Dials, Persona, all_personas
from borrowersim.record import Moment
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.cli.main import main
from borrowersim_app.web import cards, export, result, view
from borrowersim_app.web.advice import advice_on
from borrowersim_app.web.advice_words import FRAMES, KEEP, START, STOP
from borrowersim_app.web.coach import comment_on
from borrowersim_app.web.desk import Desk
from borrowersim_app.web.law import BRIEFED, TOPICS, law_for
from borrowersim_app.web.levels import DIALS, DIFFICULTY, LEVELS, difficulty, difficulty_word, level_meaning
from borrowersim_app.web.mood import TONES, tones
from borrowersim_app.web.past import standings
from borrowersim_app.web.words import NATIVE, ROWS, page_words
from borrowersim_app.web.words_start import GOALS
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.measures import passes
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.rubric import rubric_of
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.store.store import Store
from borrowersim_evals.suite import suite_named
from tests.app.web_parts import EVIL, SECRET, person, studio

EN = page_words(Language.EN)
HARM = "Pay today or you will be arrested."


def played(*lines: str, answers: tuple[str, ...] = (), who: Persona | None = None) -> PracticeRecord:
    """Return a judged practice in which these lines were said."""

    async def story() -> PracticeRecord:
        made = studio(*answers, personas=(who or person(),))
        call = Desk(made).begin("ana", made.personas[0], made.personas[0].dials)
        for line in lines:
            await call.say(line)
        await call.close()
        await call.judged_by_rules()
        return made.book.practice("ana", call.id)

    return anyio.run(story)


def case_of(record: PracticeRecord) -> Case:
    assert record.score is not None
    return Case(played=record.played, score=record.score)


# Nothing said is markup.


def test_what_people_say_is_shown_as_they_typed_it() -> None:
    shown = view.messages((Turn(speaker=Speaker.AGENT, text=EVIL),), EN)
    shown.append(view.not_heard(EVIL, EN))
    assert [message["role"] for message in shown] == ["user", "user"]
    for message in shown:
        assert "<script" not in message["content"]
        assert "<img" not in message["content"]
        assert "&lt;script&gt;" in message["content"]
    for html in (view.notice(EVIL), cards.who_speaks(EVIL, EVIL, EN)):
        assert not {"<script", "<img", "${", "{{"} & {html[i : i + n] for n in (2, 4, 7) for i in range(len(html))}


def test_the_report_card_is_no_template_and_no_markup() -> None:
    record = played(EVIL, answers=(EVIL,), who=person(name=EVIL))
    evil = person(name=EVIL)
    words = page_words(Language.ZH_TW)
    html = result.shown(result.summary(case_of(record), evil, [], words) + result.report(case_of(record), evil))
    html += result.comparison(record, record, words)
    assert "成績單" in html
    assert SECRET in html
    for mark in ("<script", "<img", "${", "{"):
        assert mark not in html


def test_cards_and_briefing_tell_the_file_and_no_secret() -> None:
    shown = cards.gallery([person(name=EVIL)], "hale", EN) + cards.briefing_card(person(), EN)
    for told in ("Northgate", "75", "Two letters.", "Listening.", "local time 14:30", "yes: first contact", "●●●○○"):
        assert told in shown
    for hidden in (SECRET, "brother", "being heard", "2400", "The plant", "<script", "<img"):
        assert hidden not in shown


def test_a_line_appears_in_growing_pieces() -> None:
    parts = view.pieces("I cannot pay that much.", 4)
    assert parts[-1] == "I cannot pay that much."
    assert all(later.startswith(earlier) for earlier, later in pairwise(parts))
    assert view.pieces("No") == ["N", "No"]
    assert view.pieces("") == [""]


# What is known before the call.


@pytest.mark.parametrize("dial", DIALS)
def test_every_level_has_a_meaning_in_each_language(dial: str) -> None:
    for language in Language:
        meanings = [level_meaning(dial, step / 2, language) for step in range(21)]
        assert len(set(meanings)) == len(LEVELS[dial]) == 5
        assert meanings[0] != meanings[-1]
    assert list(NATIVE) == list(Language)
    assert set(DIALS) == set(Dials.model_fields)


def test_difficulty_grows_with_the_dials() -> None:
    easy = Dials(resistance=0, financial_stress=0, hostility=0, legal_knowledge=0, honesty=10)
    hard = Dials(resistance=10, financial_stress=10, hostility=10, legal_knowledge=10, honesty=0)
    assert (difficulty(easy), difficulty(hard)) == (1, 5)
    assert [difficulty_word(n, Language.EN) for n in range(1, 6)] == [row[0] for row in DIFFICULTY]
    assert {difficulty(p.dials) for p in all_personas()} >= {1, 2, 3, 4}


@pytest.mark.parametrize("jurisdiction", list(Jurisdiction))
def test_the_law_of_the_briefing_is_in_the_pack(jurisdiction: Jurisdiction) -> None:
    pack = pack_for(jurisdiction)
    assert pack is not None
    for topic, ids in BRIEFED[jurisdiction].items():
        assert topic in TOPICS
        assert [pack.rule(i).id for i in ids] == list(ids)


def test_the_law_is_told_with_citations_in_the_talks_language() -> None:
    by_id = {p.id: p for p in all_personas()}
    maria = cards.law_card(by_id["us-maria-delgado"], EN)
    assert "15 USC 1692c(a)(1)" in maria
    assert "No contact before 8 a.m." in maria
    assert "不得在" in cards.law_card(by_id["cn-zhou-min"], EN) or "22:00" in cards.law_card(by_id["cn-zhou-min"], EN)
    creditor = person().model_copy(update={"facts": person().facts.model_copy(update={"collector_type": "creditor"})})
    assert law_for(creditor) == {}
    assert cards.law_card(creditor, EN) == ""


def test_every_kind_of_borrower_has_a_goal() -> None:
    assert set(GOALS) == set(Archetype)


# What is heard during it.


def moment(act: BorrowerAct) -> Moment:
    return Moment(turn=1, heard=(), act=act, hidden=Hidden(trust=1, anger=1, anxiety=1, patience=1))


@pytest.mark.parametrize(
    ("act", "line", "heard"),
    [
        (BorrowerAct.HOSTILE, "Leave me alone, all of you, right now.", ["louder"]),
        (BorrowerAct.REFUSES, "NEVER!", ["firm", "louder"]),
        (BorrowerAct.SILENT, "...", ["long_pause"]),
        (BorrowerAct.CONFIRMS_IDENTITY, "Yes.", ["short"]),
        (BorrowerAct.CONFIRMS_IDENTITY, "Yes, that is me, go on.", []),
        (BorrowerAct.DESPAIRS, "I don't know… any more.", ["tired", "pause"]),
        (BorrowerAct.HANGS_UP, "Goodbye to you and to your bank.", ["line_dead"]),
    ],
)
def test_tones_are_what_a_person_would_hear(act: BorrowerAct, line: str, heard: list[str]) -> None:
    assert tones(moment(act), line, Language.EN) == heard


def test_an_empty_promise_sounds_like_one_in_earnest() -> None:
    line = "All right, I will pay on Friday."
    both = [tones(moment(a), line, Language.EN) for a in (BorrowerAct.PROMISES_TO_PAY, BorrowerAct.FAKE_PROMISE)]
    assert both[0] == both[1]


def test_the_coach_has_nothing_to_say_before_a_word_and_praises_a_good_one() -> None:
    talk = Talk(id="t", language=Language.EN, jurisdiction=Jurisdiction.US)
    assert comment_on(talk) is None
    kind = comment_on(talk.said(Speaker.AGENT, "Thank you for taking the call. How are you managing at the moment?"))
    assert kind is not None
    assert (kind.findings, kind.better) == ((), "")
    assert "Coach" in view.comment(kind, EN, Language.EN)


# What is learnt after it.


def test_advice_quotes_the_worst_and_praises_the_best() -> None:
    record = played("I understand this is hard for you. How are you managing?", HARM)
    advice = advice_on(case_of(record), Archetype.HARDSHIP)
    assert "Turn 1" in advice.keep
    assert HARM in advice.stop
    assert "Turn 3" in advice.stop
    assert advice.start


def test_advice_for_a_clean_call_and_for_a_poor_but_lawful_one() -> None:
    score = score_by_rules(played("Hello.").played.talk)
    marks = score.turns[0]

    def told(respect: tuple[str, ...], clarity: tuple[str, ...], kind: Archetype = Archetype.HARDSHIP) -> str:
        turn = marks.model_copy(update={"respect_why": respect, "clarity_why": clarity, "respect": 4})
        clean = score.model_copy(update={"legal": (), "turns": (turn,)})
        return " | ".join(advice_on(Case(played=played("Hello.").played, score=clean), kind))

    everything = told(
        ("listening", "empathy", "open_question"), ("identified", "amount", "options", "next_step", "rights")
    )
    assert "Somebody harder" in everything
    assert "Nothing; go on like this." in everything
    assert "Brushing the borrower's trouble aside (Turn 1)." in told(("dismissal",), ())
    assert "Going on" in told((), ())
    silent = told(("listening", "empathy", "open_question"), ("identified",), Archetype.WRONG_PERSON)
    assert "amount" not in silent


def test_advice_speaks_of_every_feature_of_the_rubrics() -> None:
    for criterion in ("respect", "clarity"):
        features = rubric_of(criterion).features
        bad = {f"{criterion}.{name}" for name, feature in features.items() if feature.step < 0}
        left_out = {"clarity.threat", "clarity.no_day"}  # the respect rubric says it better; too small a thing
        assert bad - left_out <= set(STOP)
    known = {f"{c}.{n}" for c in ("respect", "clarity") for n in rubric_of(c).features}
    assert {*KEEP, *START, *STOP} <= known


def test_a_call_stands_against_the_pass_mark_and_the_past() -> None:
    good, bad = played("Hello, how are you?"), played(HARM)
    assert good.score is not None
    assert bad.score is not None
    assert passes(bad.score) is False
    assert passes(good.score.model_copy(update={"total": 60.0, "legal": ()})) is True
    assert passes(good.score.model_copy(update={"total": 59.9, "legal": ()})) is False
    assert passes(good.score.model_copy(update={"total": None})) is None
    assert {s.change for s in standings(good.score, [])} == {None}
    rows = {s.measure: s for s in standings(good.score, [bad])}
    assert rows["respect"].before == bad.score.respect
    assert (rows["respect"].change or 0) > 0
    html = result.summary(case_of(good), person(), [bad], EN)
    assert "against your last calls" in html
    assert "as in your last calls" in result.summary(case_of(good), person(), [good], EN)
    unjudged = Case(played=good.played, score=good.score.model_copy(update={"total": None}))
    assert "Not judged in full" in result.summary(unjudged, person(), [], EN)


# What is taken away.


def test_a_practice_becomes_a_suite_that_plays_the_same_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same borrower, dials, seed and lines give the same answers; the gates hold what was reached."""

    maria = next(p for p in all_personas() if p.id == "us-maria-delgado")
    lines = ["Hello, this is Ana Reyes. Is this {name}?", "I am sorry to hear that.\nHow is your month?"]

    async def story() -> PracticeRecord:
        made = studio(voice=PhrasebookVoice(), personas=(maria,))
        call = Desk(made).begin("ana", maria, maria.dials.model_copy(update={"resistance": 7.0}))
        for line in lines:
            await call.say(line)
        await call.close()
        await call.judged_by_rules()
        return made.book.practice("ana", call.id)

    record = anyio.run(story)
    file = export.as_suite(case_of(record), maria)
    path = tmp_path / file.name
    path.write_text(file.text, "utf-8")
    suite = suite_named(str(path))
    assert suite.blocks[0].dials[0].label() == "resistance7"
    assert suite.seed == record.played.seed
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    words = ["run", str(path), "--voice", "phrasebook", "--judge", "rules", "--store", url, "--id", "again"]
    monkeypatch.setattr("sys.argv", ["borrowersim", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0, capsys.readouterr()
    store = Store(url)
    [again] = list(store.cases("again"))
    store.close()
    theirs = [turn.text for turn in again.played.talk.turns if turn.speaker is Speaker.BORROWER]
    assert theirs == [turn.text for turn in record.played.talk.turns if turn.speaker is Speaker.BORROWER]


def test_a_line_of_data_reads_back_and_a_page_stands_alone() -> None:
    case = case_of(played(EVIL, answers=(EVIL,)))
    assert Case.model_validate(json.loads(export.as_line(case).text)) == case
    page = export.as_page(case, result.report(case, person()), Language.ZH_CN)
    assert page.text.startswith("<!doctype html>")
    assert '<html lang="zh-CN">' in page.text
    assert "<script" not in page.text
    assert "src=" not in page.text.replace("src=x onerror", "")


@pytest.mark.parametrize("rows", [ROWS, FRAMES, KEEP, START, STOP, TONES, TOPICS], ids=range(7))
def test_the_page_has_the_same_words_in_each_language(rows: dict[str, tuple[str, str, str]]) -> None:
    for row in rows.values():
        assert all(row)
        assert len({cell.count("{") for cell in row}) == 1
