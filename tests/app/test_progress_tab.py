"""The progress tab: what it shows to whom, what a coach sets, and that nothing said becomes markup."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import gradio as gr
import pytest

from borrowersim.errors import UsageError
from borrowersim.persona import all_personas
from borrowersim.talk import Language
from borrowersim_app.learners import Learner, Role, RollFile, hash_of
from borrowersim_app.web.assigning import assembled, due_choices
from borrowersim_app.web.people import People
from borrowersim_app.web.progress import ProgressTab
from borrowersim_app.web.progress_style import CSS
from borrowersim_app.web.progress_words import ROWS, progress_words
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.records import OWN, TEAM, Records
from borrowersim_app.web.trend_picture import draw_trend
from borrowersim_app.web.when import say_ago, say_day, say_time, zone_named
from borrowersim_evals.assignment import Assignment, Task
from borrowersim_evals.practice_lines import line_of
from borrowersim_evals.progress import CRITERIA, trend_of
from borrowersim_evals.report import style
from borrowersim_evals.store.practices import PracticeStore
from tests.evals.practising import START, breach, practice

pytestmark = pytest.mark.usefixtures("no_stray_loops")
EVIL = "<script>alert(1)</script> ${alert(2)} {{value}}"
NOW = START + timedelta(days=20)
HASH = hash_of("correct horse")
PERSONAS = {persona.id: persona for persona in all_personas()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    made = PracticeStore(f"sqlite:///{tmp_path / 'practices.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def people(tmp_path: Path) -> People:
    file = RollFile(tmp_path / "learners.yaml")
    for name, role in (("Ana", Role.LEARNER), ("Ben", Role.LEARNER), ("Kim", Role.COACH)):
        file.put(Learner(name=name, role=role, password=HASH))
    return People(file)


@pytest.fixture
def tab(store: PracticeStore, people: People) -> ProgressTab:
    made = ProgressTab(store, people, tuple(PERSONAS.values()), lambda: NOW, Random(1))
    with gr.Blocks(analytics_enabled=False) as page:
        language = gr.Dropdown(["en", "zh-CN"], value="en")
        with gr.Tabs(), gr.Tab("Progress") as place:
            made.build(startable=True)
        made.wire(page, language, place)
    return made


def by(name: str | None) -> Any:
    return SimpleNamespace(username=name)


def reader(language: Language = Language.EN) -> Reader:
    return Reader(language, zone_named("Asia/Taipei"), NOW, PERSONAS)


def work(id: str = "a1", *learners: str, title: str = "First week") -> Assignment:
    tasks = (Task(borrower="us-maria-delgado", resistance=7), Task(borrower="us-darren-cole"))
    return Assignment(id=id, title=title, by="Kim", made=START, tasks=tasks, due=date(2026, 12, 4), learners=learners)


def plain(html: str) -> str:
    """Return what a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_learner_sees_their_own_calls_whatever_the_browser_asks(tab: ProgressTab, store: PracticeStore) -> None:
    store.keep(practice("hers", "Ana", breaches=(breach(),), total=31))
    store.keep(practice("his", "Ben", total=77))
    for asked in (None, OWN, TEAM, "one:Ana", "one:Nobody"):
        shown = tab.show("en", asked, "UTC", [], by("ben"))
        assert "Your progress" in shown[tab.board]
        assert "77" in plain(shown[tab.board])
        assert "Ana" not in shown[tab.board]
        assert shown[tab.whose]["visible"] is False
        assert shown[tab.form.frame]["visible"] is False
        assert [id for _, id in shown[tab.call]["choices"]] == ["his"]
        assert "hers" not in tab.table(asked or "", by("Ben"))
    read = tab.read("en", "one:Ana", "UTC", "hers", by("Ben"))
    assert read[tab.card] == ""
    assert read[tab.notice]["visible"]


def test_a_coach_begins_with_the_team_and_may_look_at_each(tab: ProgressTab, store: PracticeStore) -> None:
    store.keep(practice("hers", "Ana", breaches=(breach(),), total=31))
    shown = tab.show("en", None, "UTC", [], by("Kim"))
    assert plain(shown[tab.board]).startswith("Your team")
    assert shown[tab.whose]["visible"]
    assert [key for _, key in shown[tab.whose]["choices"]] == [TEAM, OWN, "one:Ana", "one:Ben"]
    assert shown[tab.form.frame]["visible"]
    assert "hers" in tab.table(TEAM, by("Kim"))
    one = tab.show("en", "one:Ana", "UTC", [], by("Kim"))
    assert plain(one[tab.board]).startswith("Progress of Ana")
    assert "Last time they said" in one[tab.board]
    card = tab.read("en", "one:Ana", "UTC", "hers", by("Kim"))[tab.card]
    assert "Pay now" in plain(card)
    assert tab.show("en", OWN, "UTC", [], by("Kim"))[tab.whose]["value"] == OWN


def test_who_was_taken_out_sees_nothing_more(tab: ProgressTab, store: PracticeStore, tmp_path: Path) -> None:
    store.keep(practice("hers", "Ana"))
    RollFile(tmp_path / "learners.yaml").remove("Ana")
    shown = tab.show("en", OWN, "UTC", [], by("Ana"))
    assert shown[tab.board] == ""
    assert "Load the page again" in shown[tab.notice]["value"]
    assert shown[tab.export]["visible"] is False


def test_the_first_visit_says_what_to_do(tab: ProgressTab) -> None:
    shown = tab.show("en", None, "UTC", [], by("Ana"))
    assert "Make the first one under Practise" in shown[tab.board]
    assert "svg" not in shown[tab.board]
    assert shown[tab.again]["visible"] is False
    assert shown[tab.errands]["visible"] is False


def test_progress_shows_figures_curves_mistakes_and_history(tab: ProgressTab, store: PracticeStore) -> None:
    for day, total in enumerate((20, 30, 80, 90)):
        wrong = (breach(),) if day == 0 else ()
        store.keep(practice(f"p{day}", "Ana", day, total=total, breaches=wrong, better="Shall we find a plan?"))
    store.keep(practice("p9", "Ana", 9, judged=False))
    store.keep(practice("p8", "Ana", 8, total=85, parent="p3", parent_turns=1))
    board = tab.show("en", None, "Asia/Taipei", [], by("Ana"))[tab.board]
    said = plain(board)
    assert "Calls 5 0 in the last 7 days" in said
    assert "Good calls 50 %" in said
    assert "Total ↗ better" in said
    assert "mean of the last 2: 85, before that 25" in said
    assert "once · in 1 of the last 5 calls · last on 2 Nov 2026, 17:30" in said
    assert "Last time you said or jail" in said
    assert "Better : Shall we find a plan?" in said
    assert "15 USC 1692e(4)" in said
    assert "Maria Delgado not finished" in said
    assert "Maria Delgado rewound" in said
    assert "1 critical" in said


def test_a_mistake_that_did_not_come_back_is_folded_away(tab: ProgressTab, store: PracticeStore) -> None:
    store.keep(practice("p0", "Ana", 0, breaches=(breach(), breach(2))))
    for day in range(1, 7):
        store.keep(practice(f"p{day}", "Ana", day))
    said = plain(tab.show("en", None, "UTC", [], by("Ana"))[tab.board])
    assert "No rule was broken in the last 5 calls. Keep it up. Earlier mistakes that did not come back: 1" in said
    assert "2 times in one call · not in the last 5 calls" in said


def test_a_long_history_is_folded(tab: ProgressTab, store: PracticeStore) -> None:
    for day in range(15):
        store.keep(practice(f"p{day:02}", "Ana", day, breaches=tuple(breach(0, f"us.r{n}") for n in range(6))))
    said = plain(tab.show("en", None, "UTC", [], by("Ana"))[tab.board])
    assert "3 earlier calls" in said
    assert "2 more" in said
    assert "15 times in 15 calls · in 5 of the last 5 calls" in said


@pytest.mark.parametrize("language", list(Language))
def test_nothing_said_becomes_markup(tab: ProgressTab, store: PracticeStore, language: Language) -> None:
    wrong = (breach(quote=EVIL).model_copy(update={"why": EVIL, "rule": EVIL, "citation": EVIL}),)
    evil = practice("p1", "Ana", total=10, breaches=wrong, borrower=EVIL, say=EVIL, better=EVIL, assignment="a1")
    store.keep(evil)
    store.assign(work(title=EVIL).model_copy(update={"by": EVIL, "tasks": (Task(borrower=EVIL),)}))
    shown = [tab.show(language, whose, "UTC", [], by("Kim"))[tab.board] for whose in (TEAM, "one:Ana")]
    shown.append(tab.show(language, None, "UTC", [], by("Ana"))[tab.board])
    shown.append(tab.read(language, OWN, "UTC", "p1", by("Ana"))[tab.card])
    shown.append(tab.add(language, "UTC", [Task(borrower=EVIL)], "us-darren-cole", 1, 1)[tab.form.listed])
    for html in shown:
        assert "alert(1)" in html
        assert "<script" not in html
        assert not re.search(r"[{}$]", html)


@pytest.mark.parametrize("language", list(Language))
def test_boards_are_well_formed_and_in_the_readers_language(
    tab: ProgressTab, store: PracticeStore, language: Language
) -> None:
    for day in range(6):
        store.keep(practice(f"p{day}", "Ana", day, total=20 + 10 * day, breaches=(breach(),), assignment="a1"))
    store.assign(work())
    for whose in (TEAM, "one:Ana", OWN):
        root = ElementTree.fromstring(tab.show(language, whose, "UTC", [], by("Kim"))[tab.board])
        assert root.get("lang") == language
        for picture in root.iter("svg"):
            assert picture.get("role") == "img"
            assert len(picture.get("aria-label") or "") > 10
        heads = [head for head in root.iter("th") if not head.get("scope")]
        assert heads == []


def test_every_word_is_there_three_times_with_the_same_gaps() -> None:
    for name, row in ROWS.items():
        assert len(row) == 3
        assert all(row), name
        gaps = [len(re.findall(r"\{\d?\}", said)) for said in row]
        assert len(set(gaps)) == 1, name


def test_labels_change_with_the_language(tab: ProgressTab) -> None:
    said = {component: says(Language.ZH_TW) for component, says in tab.labels.rows.items()}
    assert said[tab.export] == {"value": "下載表格（CSV）"}
    assert said[tab.form.title] == {"label": "標題", "placeholder": "第一週：經濟困難案件"}


def test_a_curve_says_in_words_what_it_shows() -> None:
    words = progress_words(Language.EN)
    lines = [line_of(practice(f"p{day}", day=day, total=20 + day)) for day in range(30)]
    figure = str(draw_trend(trend_of(lines, "total"), words))
    assert "Total: 20 calls: first 30, last 49, highest 49, lowest 30. better." in figure
    assert figure.count("<circle") == 20
    assert "good from 60" in figure
    one = str(draw_trend(trend_of(lines[:1], "respect"), words))
    assert one.count("<circle") == 1
    assert "too few calls to tell" in one
    none = [line_of(practice(total=None))]
    assert "not scored yet" in str(draw_trend(trend_of(none, "clarity"), words))


def test_breaches_are_bars_and_clean_calls_rings_inside_the_picture() -> None:
    many = tuple(breach(0, f"us.r{n}") for n in range(9))
    lines = [line_of(practice(f"p{day}", day=day, breaches=many if day == 1 else ())) for day in range(3)]
    root = ElementTree.fromstring(str(draw_trend(trend_of(lines, "critical"), progress_words(Language.EN))))
    (bar,) = root.iter("rect")
    assert float(bar.get("y", 0)) >= 0
    assert len([ring for ring in root.iter("circle") if ring.get("class") == "clean"]) == 2
    assert {criterion for criterion in CRITERIA} == {"total", "respect", "clarity", "critical"}


def test_an_assigned_call_can_be_begun_by_whom_it_concerns(tab: ProgressTab, store: PracticeStore) -> None:
    store.assign(work("a1", "Ana"))
    store.keep(practice("p1", "Ana", borrower="us-darren-cole", assignment="a1"))
    shown = tab.show("en", None, "UTC", [], by("Ana"))
    assert shown[tab.errands]["visible"]
    assert shown[tab.task]["choices"] == [("First week: Maria Delgado", "a1/us-maria-delgado")]
    assert "passed · best 80 of 1 tries" in plain(shown[tab.board])
    errand = tab.errand("a1/us-maria-delgado", by("Ana"))
    assert (errand.assignment, errand.persona.id, errand.dials.resistance) == ("a1", "us-maria-delgado", 7)
    assert errand.dials.financial_stress == PERSONAS["us-maria-delgado"].dials.financial_stress
    for key, who in (("a1/us-maria-delgado", "Ben"), ("a1/us-kayla-brooks", "Ana"), ("a2/x", "Ana"), ("", "Ana")):
        with pytest.raises(UsageError):
            tab.errand(key, by(who))


def test_an_assignment_for_everybody_is_not_the_coachs_own(tab: ProgressTab, store: PracticeStore) -> None:
    store.assign(work())
    own = tab.show("en", OWN, "UTC", [], by("Kim"))
    assert "First week" not in own[tab.board]
    assert own[tab.errands]["visible"] is False
    assert "First week" in tab.show("en", None, "UTC", [], by("Ben"))[tab.board]
    team = plain(tab.show("en", TEAM, "UTC", [], by("Kim"))[tab.board])
    assert "Ana open · 0 of 2 calls Ben open · 0 of 2 calls" in team
    assert "Kim open" not in team


def test_a_coach_sets_an_assignment_and_takes_it_back(tab: ProgressTab, store: PracticeStore) -> None:
    form = tab.form
    assert form.levels("us-maria-delgado")[form.resistance] == PERSONAS["us-maria-delgado"].dials.resistance
    listed = tab.add("en", "UTC", [], "us-maria-delgado", 7, 5)[form.tasks]
    listed = tab.add("en", "UTC", listed, "us-maria-delgado", 8, 5)[form.tasks]
    assert listed == [Task(borrower="us-maria-delgado", resistance=8, financial_stress=5)]
    due = due_choices(reader())[2]
    assert due == ("in 7 days: 29 Nov 2026", "2026-11-29")
    shown = tab.assign("en", TEAM, "UTC", "  Hard  calls ", listed, 75, due[1], ["Ana"], by("Kim"))
    (made,) = store.assignments()
    assert (made.title, made.by, made.pass_mark, made.due, made.learners) == (
        "Hard calls",
        "Kim",
        75,
        date(2026, 11, 29),
        ("Ana",),
    )
    assert "“Hard calls” is set for Ana." in shown[form.said]["value"]
    assert "Hard calls" in shown[tab.board]
    assert (shown[form.title], shown[form.tasks], shown[form.whom]["value"]) == ("", [], [])
    assert shown[form.whom]["choices"] == ["Ana", "Ben"]
    assert shown[form.due]["value"] == ""
    assert len(shown[form.due]["choices"]) == 5
    assert shown[form.standing]["choices"] == [("Hard calls", made.id)]
    taken = tab.take_back("en", TEAM, "UTC", [], made.id, by("Kim"))
    assert "is taken back" in taken[form.said]["value"]
    assert store.assignments() == []


def test_a_form_that_is_not_whole_says_what_it_needs(tab: ProgressTab, store: PracticeStore) -> None:
    listed = [Task(borrower="us-maria-delgado")]
    assert "title" in tab.assign("en", TEAM, "UTC", " ", listed, 70, "", [], by("Kim"))[tab.form.said]["value"]
    assert "at least one" in tab.assign("en", TEAM, "UTC", "x", [], 70, "", [], by("Kim"))[tab.form.said]["value"]
    assert tab.take_back("en", TEAM, "UTC", [], None, by("Kim")) == {tab.form.said: gr.update(value="", visible=False)}
    assert tab.clear("zh-CN", "UTC")[tab.form.tasks] == []
    assert store.assignments() == []


def test_only_a_coach_sets_and_takes_back(tab: ProgressTab, store: PracticeStore) -> None:
    store.assign(work())
    tab.assign("en", TEAM, "UTC", "Mine", [Task(borrower="us-maria-delgado")], 0, "", [], by("Ana"))
    tab.take_back("en", TEAM, "UTC", [], "a1", by("Ana"))
    assert [one.id for one in store.assignments()] == ["a1"]


def test_what_is_gone_meanwhile_breaks_nothing(tab: ProgressTab, store: PracticeStore, tmp_path: Path) -> None:
    shown = tab.take_back("en", TEAM, "UTC", [], "withdrawn-by-another", by("Kim"))
    assert shown[tab.notice]["value"] == ""
    assert plain(shown[tab.board]).startswith("Your team")
    store.assign(work())
    RollFile(tmp_path / "learners.yaml").remove("Kim")
    refused = tab.take_back("en", TEAM, "UTC", [], "a1", by("Kim"))
    assert "Load the page again" in refused[tab.form.said]["value"]
    assert tab.table(TEAM, by("Kim")) == ""
    assert len(store.assignments()) == 1


def test_the_same_seed_gives_the_same_assignment() -> None:
    facts = ("Week", [Task(borrower="x")], 70.0, "", ["Ana"], "Kim", NOW)
    assert assembled(*facts, Random(4)) == assembled(*facts, Random(4))


def test_a_call_that_is_not_judged_cannot_be_read(store: PracticeStore, people: People) -> None:
    store.keep(practice(judged=False))
    desk = Records(store, people, people.who(by("Ana")))
    with pytest.raises(UsageError, match="not judged yet"):
        desk.card(OWN, "p1", reader())


def test_one_alone_has_a_progress_too(store: PracticeStore) -> None:
    store.keep(practice(learner="me", total=64))
    desk = Records(store, People(), People().who(None))
    assert "Your progress" in desk.board(desk.whose(TEAM), reader())


def test_an_empty_team_says_how_to_begin(store: PracticeStore, tmp_path: Path) -> None:
    file = RollFile(tmp_path / "only.yaml")
    file.put(Learner(name="Kim", role=Role.COACH, password=HASH))
    desk = Records(store, People(file), People(file).who(by("Kim")))
    assert "borrowersim learners add NAME" in desk.board(TEAM, reader())


def test_times_are_said_in_the_readers_language_and_zone() -> None:
    moment = datetime(2026, 11, 23, 18, 5, tzinfo=UTC).timestamp()
    taipei = zone_named("Asia/Taipei")
    assert say_time(moment, Language.EN, taipei) == "24 Nov 2026, 02:05"
    assert say_time(moment, Language.ZH_CN, taipei) == "2026年11月24日 02:05"
    assert say_day(date(2026, 2, 3), Language.ZH_TW) == "2026年2月3日"
    assert say_day(date(2026, 2, 3), Language.EN) == "3 Feb 2026"
    now = datetime(2026, 11, 25, 18, 5, tzinfo=UTC)
    assert [say_ago(moment, now, language) for language in Language] == ["2 days ago", "2天前", "2 天前"]


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "a\x00b"])
def test_a_zone_that_nobody_knows_is_utc(name: str | None) -> None:
    assert str(zone_named(name)) == "UTC"


def test_the_style_touches_only_the_tab_and_uses_the_reports_colours() -> None:
    rules = re.findall(r"^\s*([^{}@\n]+)\{", CSS, re.MULTILINE)
    assert len(rules) > 40
    assert all(part.strip().startswith((".bsr.progress", ".errand")) for rule in rules for part in rule.split(","))
    assert set(re.findall(r"var\((--[\w-]+)\)", CSS)) <= set(re.findall(r"(--[\w-]+):", style()))
