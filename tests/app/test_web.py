"""The web page without a browser: its callbacks, called as the browser would, and who may come in."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.persona import Persona
from borrowersim.talk import Language, Talk
from borrowersim_app.cli.main import main
from borrowersim_app.cli.web import PortTaken, free, people_of
from borrowersim_app.settings import read_settings
from borrowersim_app.web import launch, offered
from borrowersim_app.web.page import Around, Page, preferred
from borrowersim_app.web.people import People
from borrowersim_app.web.progress import ProgressTab
from borrowersim_app.web.progress_words import progress_words
from borrowersim_app.web.stage import stage_of
from borrowersim_app.web.start import ANY
from borrowersim_app.web.watch import Watch
from borrowersim_app.web.watch_words import watch_words
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.store.practices import PracticeStore
from borrowersim_evals.verdict import Score
from tests.app.browsing import free_port
from tests.app.web_parts import ANA, BEN, EVIL, NOON, SECRET, HeldVoice, LineVoice, last, person, studio

pytestmark = pytest.mark.usefixtures("no_stray_loops")
LEVELS = (5, 6, 3, 3, 7, 5)
Shown = dict[Any, Any]


@pytest.fixture
def people() -> tuple[Persona, ...]:
    return offered([person("zhou", Language.ZH_CN, "周建国"), person("lin", Language.ZH_TW, "林怡君"), person()])


def begun(page: Page, kept: Any = ANA, levels: tuple[float, ...] = LEVELS) -> tuple[str, Shown]:
    """Press "Start" and return the practice's id and what is shown."""
    shown = page.start.open(page.talk, "en", kept, "hale", levels)
    return shown[page.frame.call], shown


async def said(page: Page, practice: str, text: str = "Hello.", kept: Any = ANA, coach: bool = False) -> Shown:
    return await last(page.talk.say("en", kept, practice, coach, text))


def browser(language: str) -> Any:
    return SimpleNamespace(headers={"accept-language": language})


def card(persona_id: str) -> Any:
    return SimpleNamespace(_data={"index": 0, "value": persona_id})


# Choosing.


def test_borrowers_are_offered_by_language_kind_and_difficulty(people: tuple[Persona, ...]) -> None:
    assert [p.id for p in people] == ["hale", "zhou", "lin"]
    page = Page(studio(personas=people), 0)
    listed = page.start.list_borrowers("en", "zh-CN", ANY, ANY)
    assert "周建国" in listed[page.start.gallery]
    assert "Dana" not in listed[page.start.gallery]
    assert listed[page.start.borrower] == "zhou"
    assert "周建国" in listed[page.start.file]
    nobody = page.start.list_borrowers("en", "zh-CN", "avoider", ANY)
    assert "Nobody fits" in nobody[page.start.gallery]
    assert page.start.borrower not in nobody
    assert "Nobody fits" in page.start.list_borrowers("en", "en", ANY, "easier_ones")[page.start.gallery]
    assert "Dana" in page.start.list_borrowers("en", "en", "hardship", "middle_ones")[page.start.gallery]


def test_a_card_shows_its_file_and_only_borrowers_on_offer_can_be_asked_for(people: tuple[Persona, ...]) -> None:
    page = Page(studio(personas=people), 0)
    shown = page.start.choose("zh-TW", card("lin"))
    assert shown[page.start.borrower] == "lin"
    assert "林怡君" in shown[page.start.file]
    assert shown[page.start.sliders["resistance"]]["value"] == 5
    with pytest.raises(UsageError, match="on offer"):
        page.start.choose("en", card("../secrets"))


def test_the_dials_say_what_they_mean_as_they_move() -> None:
    page = Page(studio(), 0)
    assert page.start.mean("honesty")("en", 10)["info"] == "Never promises what cannot be kept."
    opened = begun(page, levels=(8, 2, 1, 1, 1, 1))[0]
    call = page.frame.session(ANA, opened)
    assert call is not None
    assert list(call.call.borrower.dials.model_dump().values()) == [8, 2, 1, 1, 1, 1]


# The call.


def test_nothing_hidden_goes_to_the_browser_before_the_report(people: tuple[Persona, ...]) -> None:
    async def story() -> tuple[str, str]:
        page = Page(studio("Who is this?", personas=people), 0)
        sent: list[Any] = [page.blocks.get_config_file(), list(page.arrive(ANA, browser("en")).values())]
        practice, opened = begun(page)
        sent += [list(opened.values()), list(page.start.choose("en", card("hale")).values())]
        async for update in page.talk.say("en", ANA, practice, True, "Hello."):
            sent.append(list(update.values()))
        sent.append(list(page.relabel("zh-CN", ANA, practice, "hale", "en", ANY, ANY, *LEVELS).values()))
        before = json.dumps(sent, default=str)
        finished = await last(page.hang_up("en", ANA, practice))
        return before, finished[page.after.report]

    before, report = anyio.run(story)
    for hidden in (SECRET, "being heard", "disposable", "2400", '"trust"', "closed_by"):
        assert hidden not in before
    assert SECRET in report


def test_a_whole_call_through_the_page() -> None:
    async def story() -> None:
        page = Page(studio("Who is this?"), 0)
        practice, opened = begun(page)
        assert opened[page.frame.screens["talk"]]["visible"] is True
        assert opened[page.frame.screens["start"]]["visible"] is False
        assert opened[page.frame.person] == {"learner": "ana", "open": practice}
        updates = [update async for update in page.talk.say("en", ANA, practice, False, "Hello.")]
        assert [m["content"] for m in updates[0][page.talk.chat]] == ["Hello.", "…"]
        assert updates[0][page.talk.message] == ""
        assert updates[-1][page.talk.chat][-1]["content"].startswith("Who is this?")
        finished = await last(page.hang_up("en", ANA, practice))
        assert finished[page.frame.screens["after"]]["visible"] is True
        assert "Report card" in finished[page.after.summary]
        again = page.relabel("zh-CN", ANA, practice, "hale", "en", ANY, ANY, *LEVELS)
        assert "成绩单" in again[page.after.summary]
        assert again[page.start.sliders["resistance"]]["info"] == "没有一点信任之前，一概拒绝。"
        assert page.leave("en", ANA)[page.frame.call] == ""

    anyio.run(story)


def test_an_answer_appears_as_it_is_spoken() -> None:
    async def story() -> list[str]:
        page = Page(studio(voice=LineVoice(["I cannot pay that."], tells=True)), 0)
        practice, _ = begun(page)
        updates = [update async for update in page.talk.say("en", ANA, practice, False, "Hello.")]
        return [update[page.talk.chat][-1]["content"] for update in updates if page.talk.chat in update]

    shown = anyio.run(story)
    assert shown[0] == "…"
    assert "I cannot " in shown
    assert shown[-1].startswith("I cannot pay that.")


def test_a_slow_service_is_spoken_of_and_nothing_is_lost() -> None:
    async def story() -> None:
        voice = HeldVoice()
        page = Page(studio(voice=voice), 0)
        page.talk._slow = 0.01
        practice, _ = begun(page)
        notices = []
        async for update in page.talk.say("en", ANA, practice, False, "Hello."):
            if (notice := update.get(page.talk.notice)) and "takes long" in str(notice["value"]):
                notices.append(notice)
                voice.go.set()
        assert len(notices) == 1
        call = page.frame.session(ANA, practice)
        assert call is not None
        assert len(call.call.talk.turns) == 2

    anyio.run(story)


def test_the_coach_comments_after_the_turn_and_only_when_asked() -> None:
    async def story() -> tuple[str, str]:
        page = Page(studio(), 0)
        practice, _ = begun(page)
        quiet = await said(page, practice, "Pay today or you will be arrested.")
        loud = await said(page, practice, "Pay today or you will be arrested.", coach=True)
        return json.dumps(quiet[page.talk.chat]), json.dumps(loud[page.talk.chat])

    quiet, loud = anyio.run(story)
    assert "Coach" not in quiet
    assert "critical breach" in loud
    assert "1692e" in loud
    assert "Respect 1/5 (threatens" in loud
    assert "Better" in loud


def test_failures_are_told_in_plain_words_and_one_click_tries_again() -> None:
    async def story() -> None:
        page = Page(studio(ServiceDown("voice is away"), UsageError("/etc/secret/file"), "Who is this?"), 0)
        practice, _ = begun(page)
        shown = await said(page, practice)
        assert "voice is away" in shown[page.talk.notice]["value"]
        assert shown[page.talk.retry]["visible"] is True
        assert "not heard yet" in shown[page.talk.chat][-1]["content"]
        shown = await last(page.talk.try_again("en", ANA, practice, False))
        assert "/etc/secret" not in str(shown)
        shown = await last(page.talk.try_again("en", ANA, practice, False))
        assert [m["content"].split("<")[0] for m in shown[page.talk.chat]] == ["Hello.", "Who is this?"]
        assert shown[page.talk.retry]["visible"] is False
        assert "1001 characters" in (await said(page, practice, "x" * 1001))[page.talk.notice]["value"]

    anyio.run(story)


def test_too_fast_is_too_fast() -> None:
    async def story() -> Shown:
        page = Page(studio(clock=lambda: 0.0), 0)
        practice, _ = begun(page)
        for _ in range(20):
            page.frame.desk.admit("ana")
        for _ in range(9):
            begun(page)
        assert (
            "begin in 60 seconds" in page.start.open(page.talk, "en", ANA, "hale", LEVELS)[page.start.notice]["value"]
        )
        return {"said": (await said(page, practice))[page.talk.notice]["value"]}

    assert "go on in 60 seconds" in anyio.run(story)["said"]


def test_a_lost_call_and_an_empty_one() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        assert "no longer here" in (await said(page, "gone"))[page.talk.notice]["value"]
        assert "no longer here" in (await last(page.hang_up("en", ANA, "gone")))[page.talk.notice]["value"]
        assert "no longer here" in (await last(page.after.ask_again("en", ANA, "gone")))[page.after.notice]["value"]
        practice, _ = begun(page)
        shown = await last(page.hang_up("en", ANA, practice))
        assert shown[page.frame.screens["start"]]["visible"] is True
        assert shown[page.frame.call] == ""

    anyio.run(story)


def test_handing_over_is_said_in_the_record() -> None:
    async def story() -> str:
        page = Page(studio(), 0)
        practice, _ = begun(page)
        await said(page, practice)
        await last(page.hand_over("en", ANA, practice))
        record = page.frame.record(ANA, practice)
        return record.played.talk.note if record else ""

    assert "colleague" in anyio.run(story)


def test_two_people_do_not_meet() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        ana, ben = begun(page)[0], begun(page, BEN)[0]
        await said(page, ana, "I am Ana.")
        assert "no longer here" in (await said(page, ana, "Hi.", BEN))[page.talk.notice]["value"]
        mine, theirs = page.frame.session(ANA, ana), page.frame.session(BEN, ben)
        assert mine is not None
        assert theirs is not None
        assert theirs.call.talk.turns == ()
        assert mine.call.borrower.seed != theirs.call.borrower.seed

    anyio.run(story)


# Coming back.


def test_the_page_takes_the_language_that_the_browser_asks_for(people: tuple[Persona, ...]) -> None:
    page = Page(studio(personas=people), 0)
    shown = page.arrive({}, browser("zh-TW"))
    assert [shown[part]["value"] for part in (page.language, page.start.spoken)] == ["zh-TW", "zh-TW"]
    assert shown[page.start.borrower] == "lin"
    assert shown[page.start.start]["value"] == "開始通話"
    alone = Page(studio(), 0)
    shown = alone.arrive({}, browser("zh-TW"))
    assert [shown[part]["value"] for part in (alone.language, alone.start.spoken)] == ["zh-TW", "en"]


@pytest.mark.parametrize("kept", [None, {}, "ana", {"learner": 7}, {"learner": "../ana"}, {"learner": "x" * 65}])
def test_a_browser_that_says_nothing_sensible_gets_a_name_of_its_own(kept: Any) -> None:
    shown = Page(studio(), 0).arrive(kept, browser("en"))
    [name] = [value["learner"] for value in shown.values() if isinstance(value, dict) and "learner" in value]
    assert len(name) == 32


def test_a_reload_keeps_the_talk_and_later_one_is_asked() -> None:
    clock = [NOON]

    async def story() -> None:
        page = Page(studio("Who is this?", now=lambda: clock[0]), 0)
        practice, opened = begun(page)
        kept = opened[page.frame.person]
        await said(page, practice)
        shown = page.arrive(kept, browser("en"))
        assert shown[page.frame.screens["talk"]]["visible"] is True
        assert shown[page.talk.chat][0]["content"] == "Hello."
        clock[0] += timedelta(hours=1)
        shown = page.arrive(kept, browser("en"))
        assert shown[page.frame.screens["start"]]["visible"] is True
        assert "open call with Dana Hale (1 turns). Go on?" in shown[page.start.waiting_says]["value"]
        assert page.go_on("en", kept)[page.frame.call] == practice
        finished = await last(page.finish_it("en", kept))
        assert finished[page.frame.screens["after"]]["visible"] is True
        clock[0] += timedelta(hours=1)
        shown = page.arrive(finished[page.frame.person], browser("en"))
        assert shown[page.frame.screens["start"]]["visible"] is True
        assert page.go_on("en", kept)[page.start.waiting]["visible"] is False

    anyio.run(story)


def test_a_reload_while_the_borrower_answers_shows_the_answer_when_it_comes() -> None:
    async def story() -> list[str]:
        voice = HeldVoice()
        page = Page(studio(voice=voice), 0)
        practice, _ = begun(page)
        shown: list[str] = []
        nothing = [update async for update in page.talk.catch_up("en", ANA, practice)]
        assert nothing == [{page.talk.chat: {"__type__": "update"}}]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(said, page, practice, "Hello.")
            await voice.begun.wait()
            async for update in page.talk.catch_up("en", ANA, practice):
                shown.append(update[page.talk.chat][-1]["content"].split("<")[0])
                voice.go.set()
        return shown

    assert anyio.run(story) == ["…", "Yes?"]


def test_hanging_up_while_the_borrower_answers_shows_the_card() -> None:
    async def story() -> None:
        voice = HeldVoice()
        page = Page(studio(voice=voice), 0)
        practice, _ = begun(page)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(said, page, practice, "Pay today or you will be arrested.")
            await voice.begun.wait()
            finished = await last(page.hang_up("en", ANA, practice))
        assert "you will be arrested" in finished[page.after.report]

    anyio.run(story)


def test_a_reload_keeps_the_report_and_leaving_keeps_the_call() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        practice, _ = begun(page)
        await said(page, practice)
        left = page.leave("en", ANA)
        assert left[page.start.waiting]["visible"] is True
        finished = await last(page.hang_up("en", ANA, practice))
        shown = page.arrive(finished[page.frame.person], browser("zh-CN"))
        assert shown[page.frame.screens["after"]]["visible"] is True
        assert "成绩单" in shown[page.after.summary]
        assert page.leave("en", ANA)[page.start.waiting]["visible"] is False

    anyio.run(story)


# After the call.


def test_a_model_judge_completes_the_card_of_the_rules() -> None:
    answers: list[Exception | None] = [ServiceDown("judge is away"), None]

    async def judge(talk: Talk) -> Score:
        failure = answers.pop(0)
        if failure:
            raise failure
        return score_by_rules(talk).model_copy(update={"notes": ("read by a model",)})

    async def story() -> None:
        page = Page(studio(judge=judge, judge_name="openai/some"), 0)
        practice, _ = begun(page)
        await said(page, practice)
        updates = [update async for update in page.hang_up("en", ANA, practice)]
        assert "still reading" in updates[1][page.after.notice]["value"]
        assert "Report card" in updates[1][page.after.summary]
        assert "judge is away" in updates[2][page.after.notice]["value"]
        assert updates[2][page.after.judge_again]["visible"] is True
        shown = await last(page.after.ask_again("en", ANA, practice))
        assert "read by a model" in shown[page.after.report]
        assert shown[page.after.notice]["visible"] is False

    anyio.run(story)


def test_rewinding_and_comparing_two_tries() -> None:
    async def story() -> None:
        page = Page(studio("One.", "Two.", "Three."), 0)
        first, _ = begun(page)
        await said(page, first)
        await said(page, first, "Pay today or you will be arrested.")
        finished = await last(page.hang_up("en", ANA, first))
        assert [value for _, value in finished[page.after.turn]["choices"]] == [0, 1]
        assert finished[page.after.turn]["value"] == 1
        assert finished[page.after.compare]["visible"] is False
        branch = page.after._rewinder(page.talk)("en", ANA, first, 1)
        second = branch[page.frame.call]
        assert [m["content"].split("<")[0] for m in branch[page.talk.chat]] == ["Hello.", "One."]
        await said(page, second, "Would 20 dollars a month be possible for you?")
        finished = await last(page.hang_up("en", ANA, second))
        assert finished[page.after.compare]["visible"] is True
        sides = finished[page.after.sides]
        assert "They part at turn 3" in sides
        assert "you will be arrested" in sides
        assert "against your last calls" in finished[page.after.summary]
        swapped = page.after.side_by_side("en", ANA, second, second, first)
        assert swapped != sides
        assert page.after.side_by_side("en", BEN, second, second, first) == ""
        assert "no longer here" in page.after._rewinder(page.talk)("en", BEN, first, 1)[page.after.notice]["value"]

    anyio.run(story)


def test_the_same_borrower_again_harder_until_it_goes_no_further() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        practice, _ = begun(page, levels=(9, 6, 3, 3, 7, 5))
        await said(page, practice)
        await last(page.hang_up("en", ANA, practice))
        harder = page.after._caller(page.talk, 1)("en", ANA, practice)[page.frame.call]
        await said(page, harder)
        finished = await last(page.hang_up("en", ANA, harder))
        assert finished[page.after.harder]["interactive"] is False
        assert finished[page.after.easier]["interactive"] is True

    anyio.run(story)


def test_what_is_exported_is_for_its_owner() -> None:
    async def story() -> None:
        page = Page(studio(EVIL), 0)
        practice, _ = begun(page)
        await said(page, practice, EVIL)
        assert page.after.line("en", ANA, practice) == ""
        await last(page.hang_up("en", ANA, practice))
        files = [
            json.loads(make("zh-TW", ANA, practice)) for make in (page.after.page, page.after.line, page.after.suite)
        ]
        assert [file["name"].rpartition(".")[2] for file in files] == ["html", "jsonl", "yaml"]
        assert "成績單" in files[0]["text"]
        assert "<script" not in files[0]["text"]
        assert json.loads(files[1]["text"])["played"]["borrower"] == "hale"
        assert page.after.page("en", BEN, practice) == ""

    anyio.run(story)


def test_progress_and_watching_stand_beside_and_change_their_language(tmp_path: Path) -> None:
    book = PracticeStore(f"sqlite:///{tmp_path / 'practice.sqlite'}")
    made = studio(book=book)
    people = People()
    progress = ProgressTab(book, people, made.personas, made.now, Random(1))
    watch = Watch(stage_of(made, read_settings({"BORROWERSIM_MODELS": str(tmp_path)}), ""))
    page = Page(made, 0, Around(people, progress, watch))
    shown = page.relabel("zh-TW", ANA, "", "hale", "en", ANY, ANY, *LEVELS)
    labels = {value.get("label") for value in shown.values() if isinstance(value, dict)}
    assert labels >= {"演練", progress_words(Language.ZH_TW)["tab"], watch_words(Language.ZH_TW)["watch"]}
    book.close()


def test_named_people_are_known_by_a_badge_that_cannot_be_guessed(tmp_path: Path) -> None:
    book = PracticeStore(f"sqlite:///{tmp_path / 'practice.sqlite'}")
    page = Page(studio(book=book), 0, Around(People(password="open sesame")))
    frame = page.frame
    ana, bo = SimpleNamespace(username="ana"), SimpleNamespace(username="bo")
    code = frame.badge({}, ana)
    assert frame.learner({"learner": code}) == "ana"
    assert frame.badge({"learner": code}, ana) == code
    assert frame.badge({"learner": code}, bo) != code
    assert frame.learner({"learner": "ana"}) == ""
    assert frame.session({"learner": "ana"}, "any") is None
    with pytest.raises(UsageError, match="nobody is signed in"):
        frame.badge({}, SimpleNamespace(username=None))
    book.close()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("de, en;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh-TW", "zh-TW"),
        ("fr", "en"),
    ],
)
def test_the_page_speaks_the_browsers_language(header: str | None, language: str) -> None:
    assert preferred(header) == language


# Serving.


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    assert people_of(host, None, None).alone


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_anything_wider_needs_one(host: str) -> None:
    with pytest.raises(UsageError, match="BORROWERSIM_PASSWORD"):
        people_of(host, None, None)
    assert not people_of(host, None, "open sesame").alone


def test_a_taken_port_is_said_before_anything_is_loaded(taken_port: int) -> None:
    with pytest.raises(PortTaken, match="choose another with --port"):
        free("127.0.0.1", taken_port)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def run_cli(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["borrowersim", "web", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


def test_a_taken_port_ends_with_4(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_cli(monkeypatch, "--port", str(taken_port)) == 4
    assert f"cannot listen on 127.0.0.1:{taken_port}" in capsys.readouterr().err


def test_the_command_refuses_a_wide_open_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_cli(monkeypatch, "--host", "0.0.0.0") == 2
    assert "BORROWERSIM_PASSWORD" in capsys.readouterr().err


def test_the_command_serves_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    stopped: list[tuple[int, Any]] = []
    monkeypatch.setattr("borrowersim_app.web.launch", lambda *given: served.append(given))
    monkeypatch.setattr(signal, "signal", lambda number, act: stopped.append((number, act)))
    monkeypatch.setattr("borrowersim_app.cli.web.all_personas", lambda: [person()])
    monkeypatch.setattr(
        "sys.argv", ["borrowersim", "web", "--port", str(free_port()), "--voice", "phrasebook", "--judge", "rules"]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    [(page, host, _, people)] = served
    assert (host, people.alone) == ("127.0.0.1", True)
    assert "Dana Hale" in str(page.get_config_file())
    [(number, stop)] = [entry for entry in stopped if entry[0] == signal.SIGTERM]
    with pytest.raises(KeyboardInterrupt):
        stop(number, None)


def test_a_page_for_others_warns_that_nothing_is_encrypted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("borrowersim_app.web.launch", lambda *given: None)
    monkeypatch.setattr("borrowersim_app.cli.web.all_personas", lambda: [person()])
    monkeypatch.setattr(signal, "signal", lambda number, act: None)
    monkeypatch.setenv("BORROWERSIM_PASSWORD", "open sesame")
    words = ("--host", "0.0.0.0", "--port", str(free_port()), "--voice", "phrasebook", "--judge", "rules")
    assert run_cli(monkeypatch, *words) == 0
    said = capsys.readouterr().err
    assert "unencrypted" in said
    assert "open sesame" not in said


Served = Callable[[str, dict[str, str] | None], tuple[int, str]]


@pytest.fixture
def served() -> Iterator[Served]:
    import httpx

    page = Page(studio(), 0).blocks
    url = launch(page, "127.0.0.1", free_port(), People(password="open sesame"), block=False)
    with httpx.Client(base_url=url, trust_env=False) as client:

        def ask(path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
            reply = client.post(path, data=form) if form else client.get(path)
            return reply.status_code, reply.text

        yield ask
    page.close()


def test_the_password_lets_any_name_in_and_nobody_without_it(served: Served) -> None:
    assert served("/config", None)[0] == 401
    assert served("/login", {"username": "ana", "password": "guess"})[0] == 400
    assert served("/login", {"username": "ana", "password": "open sesame"})[0] == 200
    status, config = served("/config", None)
    assert status == 200
    assert SECRET not in config
    assert json.loads(config)["analytics_enabled"] is False
