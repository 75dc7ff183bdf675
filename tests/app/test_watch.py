"""Watching: talks live and stored, one turn at a time; what a spectator sees, and taking over."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import anyio
import gradio as gr
import pytest

from borrowersim.acts import BorrowerAct, Offer
from borrowersim.borrower import Borrower
from borrowersim.briefing import Briefing
from borrowersim.engine import Call, converse
from borrowersim.errors import AgentError, ServiceDown, UsageError
from borrowersim.hidden import Dispute
from borrowersim.models.base import Usage
from borrowersim.persona import persona_named
from borrowersim.record import Played
from borrowersim.talk import Ending, Language, Speaker, Talk, Turn
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.settings import Settings, read_settings
from borrowersim_app.web import Studio, watch_view
from borrowersim_app.web.run_view import run_entry, talk_list
from borrowersim_app.web.showing import LONGEST, SHORTEST, Live, Showing, reading_seconds
from borrowersim_app.web.stage import Stage, stage_of
from borrowersim_app.web.watch import Watch
from borrowersim_app.web.watch_words import AGENTS, ALL_ROWS, DID, ROWS, agent_about, agent_name, watch_words
from borrowersim_evals.case import Case
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.planning import Planned
from borrowersim_evals.runs import RunFile, RunLine
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.shelf import PAGE, line_of
from borrowersim_evals.store.store import Store
from borrowersim_evals.suite import Block, Suite
from borrowersim_evals.verdict import Score

pytestmark = pytest.mark.usefixtures("no_stray_loops")
EVIL = "<script>alert(1)</script> ${alert(2)} {{value}} <img src=x onerror=alert(3)>"
MARIA = persona_named("us-maria-delgado")
LINES = (
    "Good afternoon, this is Dana with Northfield Recovery. Am I speaking with Maria Delgado?",
    "Pay the full $2,310 today or the police will arrest you.",
    "People like you are deadbeats.",
)


class Lines:
    """An agent that says its lines; one that is an error is raised, None ends the talk."""

    name = "lines"
    usage = Usage(calls=3)

    def __init__(self, lines: Iterable[str | Exception | None] = LINES) -> None:
        self._lines = list(lines)
        self.closed = 0

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        line = self._lines.pop(0) if self._lines else None
        if isinstance(line, Exception):
            raise line
        return line

    async def aclose(self) -> None:
        self.closed += 1


async def by_rules(talk: Talk) -> Score:
    return score_by_rules(talk)


def live(agent: Any = None, voice: Any = None, max_turns: int = 12) -> Live:
    ticks = iter(range(1000))
    borrower = Borrower(MARIA, voice or PhrasebookVoice(), seed=5)
    return Live(
        borrower, agent or Lines(), "threatening", id="t", clock=lambda: float(next(ticks)), max_turns=max_turns
    )


async def whole(agent: Any = None) -> Case:
    showing = Showing(live(agent), MARIA)
    while not showing.ended:
        await showing.forward()
    return await showing.finish(by_rules)


def stored() -> Showing:
    return Showing(anyio.run(whole), MARIA)


# A talk that is played while somebody looks on


def test_a_live_talk_goes_turn_by_turn_to_its_end() -> None:
    async def story() -> None:
        agent = Lines(LINES[:1])
        talk = live(agent)
        await talk.turn()
        assert [turn.speaker for turn in talk.turns] == [Speaker.AGENT]
        await talk.turn()
        assert [turn.speaker for turn in talk.turns] == [Speaker.AGENT, Speaker.BORROWER]
        assert not talk.over
        await talk.turn()
        assert talk.over
        assert agent.closed == 1
        await talk.turn()
        played = talk.played()
        assert (played.ending, played.agent, played.agent_usage.calls) == (Ending.AGENT_CLOSED, "threatening", 3)
        assert played.seconds == talk.played().seconds > 0
        assert len(played.talk.turns) == 2

    anyio.run(story)


def test_a_live_talk_runs_out_of_turns() -> None:
    async def story() -> None:
        talk = live(Lines(["Hello."] * 9), max_turns=1)
        for _ in range(4):
            await talk.turn()
        assert (talk.played().ending, len(talk.turns)) == (Ending.OUT_OF_TURNS, 2)

    anyio.run(story)


def test_the_same_talk_as_in_a_run() -> None:
    """Watching plays what `converse` plays: same words, same states, same ending."""

    async def story() -> None:
        seen = (await whole()).played
        run = await converse(Borrower(MARIA, PhrasebookVoice(), seed=5), Lines(), id="t", clock=lambda: 0.0)
        assert (seen.talk, seen.moments, seen.ending) == (run.talk, run.moments, run.ending)

    anyio.run(story)


class Failing(PhrasebookVoice):
    """Fails the first time."""

    failed = False

    async def say(self, *given: Any) -> Any:
        if not self.failed:
            self.failed = True
            raise ServiceDown("voice is away")
        return await super().say(*given)


def test_after_a_failure_the_same_turn_is_tried_again() -> None:
    async def story() -> None:
        talk = live(Lines([AgentError("agent is away"), "Hello."]), Failing())
        with pytest.raises(AgentError):
            await talk.turn()
        await talk.turn()
        with pytest.raises(ServiceDown):
            await talk.turn()
        assert [turn.text for turn in talk.turns] == ["Hello."]
        await talk.turn()
        assert len(talk.turns) == 2

    anyio.run(story)


class Held(Lines):
    """Waits before it speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = anyio.Event()

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        self.asked.set()
        await anyio.sleep_forever()
        return None


def test_one_may_stop_while_somebody_thinks() -> None:
    async def story() -> None:
        agent = Held()
        showing = Showing(live(agent), MARIA)
        assert showing.live
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(showing.forward)
            await agent.asked.wait()
            assert showing.waiting
            await showing.live.turn()  # does nothing beside the one that is being played
            with pytest.raises(UsageError, match="nothing was said"):
                await showing.finish(by_rules)
        assert showing.live.over
        assert agent.closed == 1
        await showing.leave()
        assert agent.closed == 1

    anyio.run(story)


def test_a_turn_without_an_answer_counts_when_one_stops() -> None:
    async def story() -> None:
        showing = Showing(live(Lines(LINES[1:])), MARIA)
        await showing.forward()
        case = await showing.finish(by_rules)
        assert [turn.text for turn in case.played.talk.turns] == [LINES[1]]
        assert case.played.ending is Ending.AGENT_CLOSED
        assert any(finding.severity == "critical" for finding in case.score.breaches)
        assert await showing.finish(by_rules) is case

    anyio.run(story)


# How far it is shown


def test_a_stored_talk_is_stepped_through_and_keeps_what_was_seen() -> None:
    showing = stored()
    count = len(showing.turns)

    async def story() -> None:
        for _ in range(count + 2):
            await showing.forward()

    assert (showing.at, showing.complete, showing.ended, len(showing.states)) == (0, True, False, 1)
    anyio.run(story)
    assert showing.at == count
    assert showing.ended
    assert len(showing.states) == len(showing.moments) + 1 == len(showing.played.moments) + 1
    showing.go(2)
    assert (showing.at, showing.seen, len(showing.shown), len(showing.moments)) == (2, count, 2, 1)
    showing.go(-5)
    assert (showing.at, len(showing.moments)) == (0, 0)
    showing.go(10**9)
    assert showing.at == count
    showing.play()
    assert (showing.at, showing.playing) == (0, True)
    showing.go(1)
    assert not showing.playing


def test_a_turn_stays_as_long_as_it_takes_to_read() -> None:
    short, long = (Turn(speaker=Speaker.AGENT, text="x" * n) for n in (1, 9000))
    middle = Turn(speaker=Speaker.AGENT, text="x" * 40)
    assert reading_seconds(short, Language.EN) == SHORTEST
    assert reading_seconds(long, Language.EN) == LONGEST
    assert SHORTEST < reading_seconds(middle, Language.EN) < reading_seconds(middle, Language.ZH_TW) < LONGEST


def test_a_pause_ends_the_wait_at_once() -> None:
    showing = stored()

    async def story() -> None:
        await showing.rest()  # nothing to read yet
        showing.play()
        await showing.forward()
        showing.speed = 1e-9
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(showing.rest)
            await anyio.wait_all_tasks_blocked()
            showing.pause()

    anyio.run(story)
    assert not showing.playing


def test_who_takes_over_gets_the_exchanges_that_are_shown() -> None:
    showing = stored()
    last = len(showing.played.moments)
    assert showing.exchanges == 0
    showing.go(3)
    assert showing.exchanges == 1
    call = Call.resumed(Borrower(MARIA, PhrasebookVoice(), seed=5), showing.played).rewound(showing.exchanges)
    assert call.talk.turns == showing.turns[:2]
    showing.go(len(showing.turns))
    assert showing.exchanges == last  # the agent ended it: all of it stays
    hung_up = showing.played.model_copy(update={"ending": Ending.HUNG_UP})
    showing = Showing(Case(played=hung_up, score=score_by_rules(hung_up.talk)), MARIA)
    showing.go(len(showing.turns))
    assert showing.exchanges == last - 1  # what made the borrower hang up can be done better


# What is shown


def tags(html: str) -> list[str]:
    return re.findall(r"<(script|img)", html)


def test_every_word_of_a_talk_is_escaped_and_no_template() -> None:
    showing = Showing(anyio.run(lambda: whole(Lines([EVIL, LINES[1]]))), MARIA)
    showing.go(99)
    words = watch_words(Language.ZH_TW)
    case = showing.case
    assert case
    line = line_of(case).model_copy(update={"id": "x' onclick='alert(1)", "agent": EVIL, "borrower": EVIL})
    unknown = Showing(case.model_copy(update={"played": case.played.model_copy(update={"agent": EVIL})}), None)
    for html in (
        watch_view.scene(showing, words),
        watch_view.inside(showing, words),
        watch_view.findings(showing, words),
        watch_view.report_card(case, MARIA, words),
        watch_view.title(unknown, words),
        watch_view.about_agent(EVIL, words),
        talk_list([line], False, {}, words),
    ):
        assert tags(html) == []
        assert "{" not in html
        assert "$" not in html
        assert "' onclick='" not in html
    assert "&lt;script&gt;" in watch_view.scene(showing, words)


def test_the_act_and_the_state_stand_beside_each_line() -> None:
    showing = stored()
    showing.go(2)
    words = watch_words(Language.EN)
    scene, inside = watch_view.scene(showing, words), watch_view.inside(showing, words)
    moment = showing.moments[0]
    assert words.name("did", moment.act) in scene
    assert "After turn 2" in inside
    for act in moment.heard:
        assert words.name("act", act) in inside
    assert f"<b>{moment.hidden.trust:.1f}</b>" in inside
    trust = moment.hidden.trust - showing.states[0].trust
    assert watch_view.signed(trust) in scene
    assert "<svg" not in inside
    showing.go(99)
    assert "<svg" in watch_view.inside(showing, words)
    assert "data-turn='3'" in watch_view.scene(showing, words)
    assert "threats, insults, false claims heard" in watch_view.inside(showing, words)


def test_later_turns_stay_in_sight_and_quotes_are_marked() -> None:
    showing = stored()
    words = watch_words(Language.EN)
    assert "Press Play to watch this talk" in watch_view.scene(showing, words)
    showing.go(99)
    showing.go(1)
    scene = watch_view.scene(showing, words)
    assert scene.count("later'") == len(showing.turns) - 1
    assert "agent now" in scene
    assert "<mark class='breach'>" in scene


def test_a_finding_leads_to_its_turn() -> None:
    showing = stored()
    assert showing.score
    html = watch_view.findings(showing, watch_words(Language.EN))
    assert {int(n) for n in re.findall(r"data-turn='(\d+)'", html)} == {f.turn + 1 for f in showing.score.legal}
    assert "critical breach" in html
    fresh = Showing(live(), MARIA)
    assert "when the talk is over" in watch_view.findings(fresh, watch_words(Language.EN))


@pytest.mark.parametrize(("unscored", "text"), [("", "No rule was found broken"), ("legal: nobody", "no praise")])
def test_no_finding_is_praise_only_when_the_law_was_judged(unscored: str, text: str) -> None:
    case = anyio.run(whole)
    score = case.score.model_copy(update={"legal": (), "unscored": unscored})
    html = watch_view.findings(Showing(Case(played=case.played, score=score), MARIA), watch_words(Language.EN))
    assert text in html


def test_plans_facts_and_trouble_are_told() -> None:
    case = anyio.run(whole)
    last = case.played.moments[-1]
    fact = MARIA.private[0]
    offer = Offer(amount=Decimal(60), count=6, period="month")
    rich = last.hidden.model_copy(
        update={"told": (fact.id,), "plan": offer, "means_it": False, "dispute": Dispute.OPEN, "crisis": True}
    )
    moments = (*case.played.moments[:-1], last.model_copy(update={"hidden": rich}))
    showing = Showing(Case(played=case.played.model_copy(update={"moments": moments}), score=case.score), MARIA)
    showing.go(99)
    html = watch_view.inside(showing, watch_words(Language.EN))
    told = ("USD 60 a month, 6 times", "does not mean to keep it", "an objection waits", "in crisis", "still kept back")
    for text in told:
        assert text in html
    assert f"{len(MARIA.private) - 1} still kept back" in html


def test_every_word_is_there_in_each_language() -> None:
    for row in ALL_ROWS.values():
        assert all(row)
        assert len({cell.count("{}") for cell in row}) == 1
    assert {f"did.{act}" for act in BorrowerAct} == set(DID)
    for language in Language:
        assert agent_name("nobody", language) == "nobody"
        assert agent_about("nobody", language) == ""
        assert agent_about("skilled", language)
    shared = [name for name, row in ROWS.items() if row[1] == row[0]]
    assert shared == ["quoted"]  # everything else is said in Chinese


# The tab: its callbacks, called as the browser would


def keep_run(url: str) -> None:
    """Store one run of one talk."""
    case = anyio.run(whole)
    suite = Suite(id="small", seed=3, blocks=(Block(borrowers=(MARIA.id,), agents=("threatening",)),))
    planned = Planned(id="t", block="", borrower=MARIA.id, agent="threatening", dials=MARIA.dials, seed=5)
    run = RunFile(
        id="r1", suite=suite, started="2026-08-01T10:00:00", voice="v", judge="rules", seed=3, plan=(planned,)
    )
    store = Store(url)
    store.begin(run)
    store.add("r1", [row_of(case)])
    store.finish("r1", "failed")
    store.close()


@pytest.fixture
def runs(tmp_path: Path) -> str:
    """Return the URL of a store with one run of one talk."""
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    keep_run(url)
    return url


def tab(store: str = "", judge: Any = by_rules, make: Callable[[str, Briefing], Any] | None = None) -> Watch:
    ticks = iter(range(10_000))
    personas = (MARIA, persona_named("cn-zhou-min"), persona_named("tw-lin-yijun"))
    studio = Studio(personas, PhrasebookVoice(), judge, "rules", Random(1), lambda: float(next(ticks)))
    stage = Stage(studio, ("skilled", "threatening", "llm"), make or (lambda name, case: Lines()), store)
    watch = Watch(stage)
    with gr.Blocks():
        watch.language = gr.Dropdown(["en", "zh-CN", "zh-TW"], value="en")  # type: ignore[attr-defined]
        watch.build(watch.language)  # type: ignore[attr-defined]
    return watch


def clicked(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


async def last(updates: AsyncIterator[dict[Any, Any]]) -> dict[Any, Any]:
    shown: dict[Any, Any] = {}
    async for update in updates:
        shown |= update
    return shown


def test_a_new_talk_is_opened_played_paused_and_judged() -> None:
    async def story() -> None:
        watch = tab()
        player = watch.player
        opened = watch.open_live("en", 4.0, "threatening", MARIA.id, 9, 2)
        showing = opened[player.state]
        assert (opened[watch.watching]["visible"], opened[watch.choosing]["visible"]) == (True, False)
        assert (showing.played.dials.resistance, showing.played.dials.financial_stress, showing.speed) == (9, 2, 4.0)
        showing.speed = 1e9
        shown = await last(player.toggle("en", showing))
        assert showing.ended
        assert not showing.playing
        assert shown[player.play]["value"] == "▶ Play"
        assert shown[player.step]["interactive"] is False
        assert "The talk is over" in shown[player.title]
        assert (shown[player.report]["value"], shown[player.report]["variant"]) == ("See the report", "primary")
        shown = await last(player.toggle_card("en", showing))
        assert "Report card" in shown[player.card]["value"]
        assert "data-turn" in shown[player.findings]
        assert shown[player.report]["value"] == "Hide the report"
        shown = await last(player.toggle_card("en", showing))
        assert shown[player.card]["visible"] is False
        left = await watch.leave(showing)
        assert (left[player.state], left[watch.choosing]["visible"]) == (None, True)

    anyio.run(story)


def test_play_again_pauses_and_a_step_pauses_too() -> None:
    async def story() -> None:
        player = tab().player
        showing = Showing(live(), MARIA)
        showing.speed = 1e-9
        playing = player.toggle("en", showing)
        first = await anext(playing)
        assert first[player.play]["value"] == "❚❚ Pause"
        await anext(playing)
        paused = await last(player.toggle("en", showing))
        assert paused[player.play]["value"] == "▶ Play"
        assert await last(playing) == {}
        assert showing.at == 1
        stepped = await last(player.forward("en", showing))
        assert (showing.at, stepped[player.position]["value"]) == (2, 2)
        assert player.backward("en", showing)[player.position]["value"] == 1
        assert player.go("en", showing, 2.0)[player.position]["maximum"] == 2
        assert await last(player.run("en", None)) == {}
        player.set_speed(showing, 2.0)
        player.set_speed(showing, 77)
        player.set_speed(None, 1.0)
        assert showing.speed == 2.0

    anyio.run(story)


def test_the_language_changes_while_it_plays() -> None:
    async def story() -> None:
        player = tab().player
        showing = Showing(live(Lines(LINES[:1])), MARIA)
        playing = player.toggle("en", showing)
        assert "Inside the borrower" in (await anext(playing))[player.inside]
        assert "Inside the borrower" in (await anext(playing))[player.inside]
        assert "借款人的內心" in player.relabel(Language.ZH_TW, showing)[player.inside]
        showing.speed = 1e9
        assert "借款人的內心" in (await last(playing))[player.inside]

    anyio.run(story)


def test_while_somebody_thinks_the_page_says_so() -> None:
    async def story() -> None:
        player = tab().player
        agent = Held()
        showing = Showing(live(agent), MARIA)
        stepping = player.forward("zh-TW", showing)
        thinking = await anext(stepping)
        assert "催收方正在想" in thinking[player.scene]
        waiting = await last(player.forward("zh-TW", showing))
        assert "催收方正在想" in waiting[player.scene]
        assert showing.live
        await showing.live.stop()
        assert (await last(stepping))[player.play]["value"] == "▶ 播放"

    anyio.run(story)


def test_failures_are_told_and_nothing_is_lost() -> None:
    async def judge(talk: Talk) -> Score:
        raise ServiceDown("judge is away")

    async def story() -> None:
        player = tab(judge=judge).player
        empty = await last(player.toggle_card("en", Showing(live(Lines([])), MARIA)))
        assert "nothing to judge" in empty[player.notice]["value"]
        showing = Showing(live(Lines([AgentError("agent is away"), "Hello."]), Failing()), MARIA)
        showing.speed = 1e9
        shown = await last(player.toggle("en", showing))
        assert "agent is away" in shown[player.notice]["value"]
        shown = await last(player.toggle("en", showing))
        assert "voice is away" in shown[player.notice]["value"]
        assert [turn.text for turn in showing.turns] == ["Hello."]
        shown = await last(player.toggle_card("en", showing))
        assert "judge is away" in shown[player.notice]["value"]
        assert shown[player.report]["interactive"] is True

    anyio.run(story)


def test_without_a_talk_the_page_says_why() -> None:
    async def story() -> None:
        player = tab().player
        shown = [
            await last(player.toggle("en", None)),
            await last(player.forward("en", None)),
            await last(player.toggle_card("en", None)),
            player.backward("en", None),
        ]
        for update in shown:
            assert "no longer here" in update[player.notice]["value"]

    anyio.run(story)


@pytest.mark.parametrize(
    ("agent", "borrower"), [("../x", MARIA.id), ("pushy", MARIA.id), ("skilled", "../secrets"), ("http://x", MARIA.id)]
)
def test_only_who_is_on_offer_can_be_watched(agent: str, borrower: str) -> None:
    watch = tab()
    shown = watch.open_live("en", 1.0, agent, borrower, 5, 5)
    assert shown[watch.player.state] is None
    assert "cannot be had" in shown[watch.notice]["value"]


def test_runs_are_listed_filtered_and_opened(runs: str) -> None:
    watch = tab(runs)
    archive, player = watch.archive, watch.player
    listed = archive.list_runs("en", None)
    assert listed[archive.run]["value"] == "r1"
    assert listed[archive.run]["choices"] == [("small · 2026-08-01 10:00 · talks: 1 · Failed", "r1")]
    assert listed[archive.agent]["choices"] == [("All", ""), ("Unlawful agent", "threatening")]
    assert listed[archive.borrower]["choices"][1] == ("Maria Delgado", MARIA.id)
    assert "data-talk='t'" in listed[archive.talks]
    assert "critical breach" in listed[archive.talks]
    assert archive.list_runs("en", "gone")[archive.run]["value"] == "r1"
    assert "data-talk" in archive.choose_run("en", "r1")[archive.talks]
    none = archive.list_talks("en", "r1", "", None, "clean", " ")
    assert "No talk fits" in none[archive.talks]
    assert (
        "data-talk" in archive.list_talks("en", "r1", "threatening", MARIA.id, "critical", " DEADBEATS ")[archive.talks]
    )
    assert archive.list_more("en", "r1", "", "", "", "", PAGE)[archive.most] == 2 * PAGE
    opened = watch.open_stored("en", 2.0, "r1", clicked(talk="t"))
    showing = opened[player.state]
    assert (showing.at, showing.speed, showing.persona) == (0, 2.0, MARIA)
    turn = showing.score.legal[0].turn + 1
    jumped = player.jump("en", showing, clicked(turn=turn))
    assert jumped[player.position]["value"] == turn
    for nothing in ({}, {"turn": "3"}, {"turn": None}):
        assert player.jump("en", showing, clicked(**nothing)) == {}
    assert player.jump("en", showing, gr.EventData(None, "x")) == {}


def test_a_talk_that_is_not_there_is_not_opened(runs: str) -> None:
    watch = tab(runs)
    for run, talk in (("r1", "none"), ("none", "t"), (None, "t")):
        shown = watch.open_stored("zh-CN", 1.0, run, clicked(talk=talk))
        assert "请从列表中重新选择" in shown[watch.notice]["value"]
    assert watch.open_stored("en", 1.0, "r1", clicked(talk=7)) == {}
    bare = tab()
    assert "from the list" in bare.open_stored("en", 1.0, "r1", clicked(talk="t"))[bare.notice]["value"]


def test_without_runs_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    for store in ("", f"sqlite:///{tmp_path}/none.sqlite"):
        archive = tab(store).archive
        assert "borrowersim run article" in archive.list_runs("en", None)[archive.notice]["value"]
    assert "Choose a run" in archive.choose_run("en", None)[archive.notice]["value"]
    assert "Choose a run" in archive.list_talks("en", None, "", "", "", "")[archive.notice]["value"]
    (tmp_path / "broken.sqlite").write_text("no database", "utf-8")
    archive = tab(f"sqlite:///{tmp_path}/broken.sqlite").archive
    assert "cannot be read" in archive.list_runs("en", None)[archive.notice]["value"]


def test_the_tab_changes_its_language_and_keeps_everything(runs: str) -> None:
    watch = tab(runs)
    archive, casting, player = watch.archive, watch.casting, watch.player
    showing = watch.open_stored("en", 1.0, "r1", clicked(talk="t"))[player.state]
    showing.go(2)
    chosen = ("threatening", MARIA.id, 5, 6, "r1", "", "", "", "", PAGE)
    shown = watch.relabel("zh-TW", showing, *chosen)
    assert set(shown) <= set(watch.shown)
    assert shown[watch.live_tab]["label"] == "新通話"
    assert shown[casting.agent]["label"] == "催收方"
    assert ("違法催收型", "threatening") in shown[casting.agent]["choices"]
    assert "value" not in shown[casting.agent]
    assert shown[casting.resistance]["info"]
    assert "重大違規" in shown[archive.talks]
    assert shown[archive.agent]["choices"][0] == ("全部", "")
    assert "第 2 句之後" in shown[player.inside]
    assert shown[player.position] | {"value": 2, "label": "第幾句"} == shown[player.position]
    assert shown[player.play]["value"] == "▶ 播放"
    early = watch.relabel("zh-CN", None, *chosen[:4], None, None, None, None, "", PAGE)
    assert archive.talks not in early
    assert player.scene not in early


def test_one_arrives_among_people_who_speak_ones_language() -> None:
    watch = tab()
    shown = watch.arrive(Language.ZH_CN)
    assert set(shown) <= set(watch.shown)
    assert shown[watch.casting.borrower]["value"] == "cn-zhou-min"
    assert shown[watch.casting.talk_language]["value"] == "zh-CN"
    listed = watch.casting.list_people("en", "zh-TW")
    assert listed[watch.casting.borrower]["value"] == "tw-lin-yijun"
    assert [name for _, name in listed[watch.casting.agent]["choices"]] == ["skilled", "threatening", "llm"]
    assert "Skilled agent" in listed[watch.casting.agent_card]
    assert "林怡君" in listed[watch.casting.file]


def test_taking_over_hands_the_talk_to_the_page() -> None:
    watch = tab()
    given: list[tuple[str, Any, Played, int]] = []

    def on_continue(language: str, kept: Any, played: Played, turns: int) -> dict[Any, Any]:
        given.append((language, kept, played, turns))
        return {target: "here"}

    with gr.Blocks() as blocks:
        language = gr.Textbox()
        target = gr.Textbox()
        watch.build(language)
        watch.connect(language, target, on_continue, [target])
    take_over = next(fn.fn for fn in blocks.fns.values() if fn.name == "take_over")
    assert take_over is not None
    showing = stored()
    showing.go(4)
    showing.play()
    assert take_over("en", "ana", showing) == {target: "here"}
    assert not showing.playing
    assert given == [("en", "ana", showing.played, 2)]
    unknown = Showing(stored().case or pytest.fail("no case"), None)
    assert "nobody can take over" in take_over("en", "ana", unknown)[watch.player.notice]["value"]
    assert "no longer here" in take_over("en", "ana", None)[watch.player.notice]["value"]
    assert watch.player.view(unknown, watch_words(Language.EN))[watch.player.take_over]["interactive"] is False
    assert len(given) == 1


def test_every_callback_is_private() -> None:
    watch = tab()
    with gr.Blocks() as blocks:
        language = gr.Textbox()
        watch.build(language)
        watch.connect(language, language, lambda *_: {}, [language])
    callbacks = [fn for fn in blocks.fns.values() if fn.fn is not None]
    assert len(callbacks) > 15
    assert {fn.api_visibility for fn in callbacks} == {"private"}


def test_the_model_agent_is_on_offer_where_there_is_a_model(tmp_path: Path) -> None:
    studio = Studio((MARIA,), PhrasebookVoice(), by_rules, "rules", Random(1), lambda: 0.0)
    bare = stage_of(studio, read_settings({"BORROWERSIM_MODELS": str(tmp_path)}), "")
    names = bare.agents(Language.EN)
    assert names[0] == "skilled"
    assert "llm" not in names
    assert {name for name in names if name in AGENTS} == set(AGENTS) - {"llm"}
    served = stage_of(studio, Settings(base_url="http://127.0.0.1:9/v1"), "")
    assert served.agents(Language.ZH_TW)[-1] == "llm"
    assert served.live("llm", MARIA.id, 5, 5).played.agent == "llm"
    assert bare.shelf() is None
    assert bare.persona("nobody") is None


def test_a_run_that_was_not_finished_says_so() -> None:
    line = RunLine(
        id="r",
        suite="s",
        started="2026-08-01T10:00:00+02:00",
        voice="v",
        judge="j",
        planned=9,
        done=2,
        failed=1,
        total=None,
        critical=0,
        verdict=None,
        stopped=None,
    )
    assert run_entry(line, watch_words(Language.ZH_CN)) == "s · 2026-08-01 10:00 · 3 通 · 未完成"
