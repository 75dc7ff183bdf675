"""The web page: one person's call, what the page shows of it, and who may come in."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.intent import Intent
from borrowersim.persona import Archetype, Debt, Dials, Finances, Persona, PrivateFact
from borrowersim.talk import Ending, Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim.voices.base import Spoken, Tell
from borrowersim_app.cli.main import main
from borrowersim_app.cli.web import PortTaken, free, guarded
from borrowersim_app.web import Session, Studio, launch, offered, view
from borrowersim_app.web.page import Page, preferred
from borrowersim_app.web.session import MAX_CHARS, Refused
from borrowersim_app.web.words import LEVELS, NATIVE, ROWS, level_meaning, page_words
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.verdict import Score

EVIL = "<script>alert(1)</script> ${alert(2)} {{value}} <img src=x onerror=alert(3)>"
SECRET = "She sends money to her brother."


class LineVoice:
    """Says its lines in order; a line that is an error is raised."""

    name = "lines"

    def __init__(self, lines: Iterable[str | Exception] = ()) -> None:
        self._lines = iter(lines)

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        line = next(self._lines, "Yes?")
        if isinstance(line, Exception):
            raise line
        return Spoken(text=line)

    async def aclose(self) -> None:
        """Nothing to let go of."""


def person(persona_id: str = "hale", language: Language = Language.EN, name: str = "Dana Hale") -> Persona:
    return Persona(
        id=persona_id,
        language=language,
        jurisdiction=Jurisdiction.US,
        name=name,
        addressed="Ms Hale",
        age=41,
        archetype=Archetype.HARDSHIP,
        summary="Lost shifts; wants to pay and cannot.",
        trains="Listening.",
        story="The plant cut its hours.",
        manner="plain",
        speech="short",
        willing=True,
        able=False,
        debt=Debt(
            creditor="Northgate",
            product="card",
            currency="USD",
            principal=Decimal(1100),
            balance=Decimal(1240),
            days_overdue=75,
            account_ending="4410",
            contact_history="Two letters.",
        ),
        finances=Finances(income=Decimal(2400), essentials=Decimal(2100), other_debts=Decimal(210)),
        dials=Dials(resistance=5, financial_stress=6),
        facts=Facts(local_time="14:30", balance=1240, disputed=False, first_contact=True),
        private=(PrivateFact(id="brother", about=SECRET, trust=9, tell=("I help my brother.",)),),
        moved_by="being heard",
        closed_by="threats",
        payday="the fifteenth",
    )


@pytest.fixture(autouse=True)
def no_stray_loops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the event loops that Gradio makes for each page and leaves open."""
    made: list[asyncio.AbstractEventLoop] = []
    make = asyncio.new_event_loop

    def remember() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", remember)
    yield
    asyncio.set_event_loop(None)
    for loop in made:
        if not loop.is_running():
            loop.close()


async def by_rules(talk: Talk) -> Score:
    return score_by_rules(talk)


def studio(*lines: str | Exception, personas: tuple[Persona, ...] = (), judge: Any = by_rules) -> Studio:
    ticks = iter(range(1000))
    return Studio(
        personas=personas or (person(),),
        voice=LineVoice(lines),
        judge=judge,
        judge_name="rules",
        rng=Random(1),
        clock=lambda: float(next(ticks)),
    )


def session(*lines: str | Exception, judge: Any = by_rules) -> Session:
    made = studio(*lines, judge=judge)
    return Session(made, made.personas[0], made.personas[0].dials)


def test_a_call_goes_back_and_forth_and_is_judged_once() -> None:
    judged: list[Talk] = []

    async def judge(talk: Talk) -> Score:
        judged.append(talk)
        return score_by_rules(talk)

    async def story() -> None:
        call = session("Who is this?", "Go on.", judge=judge)
        assert await call.say("  Hello, this is Ana.  ") == "Who is this?"
        await call.say("From Northgate.")
        case = await call.finish()
        assert [turn.text for turn in case.played.talk.turns] == [
            "Hello, this is Ana.",
            "Who is this?",
            "From Northgate.",
            "Go on.",
        ]
        assert (case.played.agent, case.played.ending, case.played.seconds) == ("trainee", Ending.AGENT_CLOSED, 1)
        assert await call.finish() is case
        assert len(judged) == 1
        with pytest.raises(Refused, match="already_over"):
            await call.say("One more thing.")

    anyio.run(story)


@pytest.mark.parametrize(("text", "why"), [("  \n ", "say_something"), ("x" * (MAX_CHARS + 1), "too_long")])
def test_a_turn_that_cannot_be_said_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        session().check(text)


def test_when_the_voice_fails_the_call_is_kept() -> None:
    async def story() -> None:
        call = session(ServiceDown("no answer"), "Who is this?")
        with pytest.raises(ServiceDown):
            await call.say("Hello.")
        assert call.call.talk.turns == ()
        assert await call.say("Hello.") == "Who is this?"

    anyio.run(story)


def test_when_the_judge_fails_the_report_can_be_asked_for_again() -> None:
    answers = iter([ServiceDown("judge is away")])

    async def judge(talk: Talk) -> Score:
        for failure in answers:
            raise failure
        return score_by_rules(talk)

    async def story() -> None:
        call = session(judge=judge)
        await call.say("Hello.")
        with pytest.raises(ServiceDown):
            await call.finish()
        assert (await call.finish()).score.respect is not None

    anyio.run(story)


class HeldVoice(LineVoice):
    """Waits before it speaks, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = anyio.Event(), anyio.Event()

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        self.begun.set()
        await self.go.wait()
        return Spoken(text="Yes?")


def held_session() -> tuple[Session, HeldVoice]:
    voice = HeldVoice()
    made = Studio((person(),), voice, by_rules, "rules", Random(1), lambda: 0.0)
    return Session(made, person(), person().dials), voice


def test_two_turns_at_once_are_not_mixed() -> None:
    async def story() -> None:
        call, voice = held_session()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call.say, "Hello.")
            await voice.begun.wait()
            with pytest.raises(Refused, match="busy"):
                await call.say("Hello?")
            voice.go.set()
        assert [turn.text for turn in call.call.talk.turns] == ["Hello.", "Yes?"]

    anyio.run(story)


def test_one_may_hang_up_while_the_borrower_thinks_and_what_was_said_counts() -> None:
    async def story() -> None:
        call, voice = held_session()

        async def say() -> None:
            with pytest.raises(Refused, match="already_over"):
                await call.say("Pay or you will be arrested.")

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(say)
            await voice.begun.wait()
            case = await call.finish()
        assert [turn.text for turn in case.played.talk.turns] == ["Pay or you will be arrested."]
        assert case.played.ending is Ending.AGENT_CLOSED
        assert "threat" in case.score.turns[0].respect_why

    anyio.run(story)


def test_a_call_without_end_runs_out_of_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borrowersim_app.web.session.MAX_TURNS", 1)

    async def story() -> None:
        call = session()
        await call.say("Hello, this is Ana from Northgate.")
        assert call.ending is Ending.OUT_OF_TURNS
        assert (await call.finish()).played.ending is Ending.OUT_OF_TURNS

    anyio.run(story)


def test_what_people_say_is_shown_as_they_typed_it() -> None:
    shown = view.messages((Turn(speaker=Speaker.AGENT, text=EVIL),), [{"role": "assistant", "content": EVIL}])
    assert [message["role"] for message in shown] == ["user", "assistant"]
    for message in shown:
        assert "<" not in message["content"]
        assert "&lt;script&gt;" in message["content"]
    for html in (view.notice(EVIL), view.who_speaks(EVIL, EVIL, page_words(Language.EN))):
        assert not {"<script", "<img", "${", "{{"} & {html[i : i + n] for n in (2, 4, 7) for i in range(len(html))}


def test_the_report_card_is_no_template_and_no_markup() -> None:
    async def story() -> str:
        call = session(EVIL)
        await call.say(EVIL)
        return view.report_card(await call.finish(), call.persona, page_words(Language.ZH_TW))

    html = anyio.run(story)
    assert "成績單" in html
    assert SECRET in html
    assert "<script" not in html
    assert "<img" not in html
    assert "${" not in html
    assert "{" not in html


def test_a_line_appears_in_growing_pieces() -> None:
    parts = view.pieces("I cannot pay that much.", 4)
    assert parts[-1] == "I cannot pay that much."
    assert all(later.startswith(earlier) for earlier, later in pairwise(parts))
    assert view.pieces("No") == ["N", "No"]
    assert view.pieces("") == [""]


def test_the_briefing_tells_the_file_and_no_secret() -> None:
    card = view.briefing_card(person(), page_words(Language.EN))
    for told in (
        "Northgate",
        "75",
        "Two letters.",
        "Listening.",
        "local time 14:30",
        "yes: first contact",
        "no: disputed",
    ):
        assert told in card
    for hidden in (SECRET, "brother", "being heard", "2400", "The plant"):
        assert hidden not in card


@pytest.mark.parametrize("dial", ["resistance", "financial_stress"])
def test_every_level_has_a_meaning_in_each_language(dial: str) -> None:
    for language in Language:
        meanings = [level_meaning(dial, step / 2, language) for step in range(21)]
        assert len(set(meanings)) == len(LEVELS[dial]) == 5
        assert meanings[0] != meanings[-1]
    assert list(NATIVE) == list(Language)


def test_the_page_has_the_same_words_in_each_language() -> None:
    for row in ROWS.values():
        assert all(row)
        assert len({cell.count("{}") for cell in row}) == 1


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


# The page, without a browser: its callbacks, called as the browser would.


@pytest.fixture
def people() -> tuple[Persona, ...]:
    return offered([person("zhou", Language.ZH_CN, "周建国"), person("lin", Language.ZH_TW, "林怡君"), person()])


async def last(updates: AsyncIterator[dict[Any, Any]]) -> dict[Any, Any]:
    shown: dict[Any, Any] = {}
    async for update in updates:
        shown |= update
    return shown


def test_borrowers_are_offered_by_language(people: tuple[Persona, ...]) -> None:
    assert [p.id for p in people] == ["hale", "zhou", "lin"]
    page = Page(studio(personas=people), 0)
    listed = page.list_borrowers("en", "zh-CN")
    assert listed[page.borrower]["choices"] == [("周建国，经济困难", "zhou")]
    assert "周建国" in listed[page.file]
    with pytest.raises(UsageError, match="on offer"):
        page.choose("en", "../secrets")


def test_nothing_hidden_goes_to_the_browser_before_the_report(people: tuple[Persona, ...]) -> None:
    async def story() -> tuple[str, str]:
        page = Page(studio("Who is this?", personas=people), 0)
        sent: list[Any] = [page.blocks.get_config_file(), list(page.relabel("en", "hale", 5, 6, None).values())]
        opened = page.open("en", "hale", 5, 6)
        call = opened.pop(page.session)
        sent += [list(opened.values()), list(page.choose("en", "hale").values())]
        async for update in page.say("en", call, "Hello."):
            sent.append(list(update.values()))
        before = json.dumps(sent, default=str)
        finished = await last(page.finish("en", call))
        return before, finished[page.card]

    before, card = anyio.run(story)
    for hidden in (SECRET, "being heard", "threats", "disposable", "2400"):
        assert hidden not in before
    assert SECRET in card


def test_a_whole_call_through_the_page() -> None:
    async def story() -> None:
        page = Page(studio("Who is this?"), 0)
        opened = page.open("en", "hale", 8, 2)
        call = opened[page.session]
        assert (call.call.borrower.dials.resistance, call.call.borrower.dials.financial_stress) == (8, 2)
        assert (opened[page.talk_screen]["visible"], opened[page.setup_screen]["visible"]) == (True, False)
        updates = [update async for update in page.say("en", call, "Hello.")]
        assert updates[0][page.chat] == [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "…"}]
        assert updates[0][page.message]["interactive"] is False
        assert updates[-1][page.chat][-1] == {"role": "assistant", "content": "Who is this?"}
        finished = await last(page.finish("en", call))
        assert finished[page.result_screen]["visible"] is True
        assert "Report card" in finished[page.card]
        again = page.relabel("zh-CN", "hale", 8, 2, call)
        assert again[page.end]["value"] == "查看报告"
        assert "催收方结束通话" in again[page.notice]["value"]
        assert again[page.resistance]["info"] == "每句话都在试探你。"
        assert page.leave()[page.session] is None

    anyio.run(story)


def test_failures_are_told_in_plain_words_and_lose_nothing() -> None:
    async def judge(talk: Talk) -> Score:
        raise ServiceDown("judge is away")

    async def story() -> None:
        page = Page(studio(ServiceDown("voice is away"), UsageError("/etc/secret/file"), judge=judge), 0)
        call = page.open("en", "hale", 5, 6)[page.session]
        shown = await last(page.say("en", call, "Hello."))
        assert shown[page.message]["value"] == "Hello."
        assert shown[page.message]["interactive"] is True
        assert "voice is away" in shown[page.notice]["value"]
        shown = await last(page.say("en", call, "Hello."))
        assert "/etc/secret" not in str(shown)
        assert "too" not in (await last(page.say("en", call, "Hello.")))[page.notice]["value"]
        assert "1001 characters" in (await last(page.say("en", call, "x" * 1001)))[page.notice]["value"]
        shown = await last(page.finish("en", call))
        assert "judge is away" in shown[page.notice]["value"]
        assert shown[page.end]["interactive"] is True
        assert page.card not in shown

    anyio.run(story)


def test_a_lost_call_and_an_empty_one() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        assert "no longer here" in (await last(page.say("en", None, "Hello.")))[page.notice]["value"]
        assert "no longer here" in (await last(page.finish("en", None)))[page.notice]["value"]
        call = page.open("en", "hale", 5, 6)[page.session]
        shown = await last(page.finish("en", call))
        assert shown[page.setup_screen]["visible"] is True
        assert shown[page.session] is None

    anyio.run(story)


def test_two_people_do_not_meet() -> None:
    async def story() -> None:
        page = Page(studio(), 0)
        ana, ben = (page.open("en", "hale", 5, 6)[page.session] for _ in range(2))
        await last(page.say("en", ana, "I am Ana."))
        assert ben.call.talk.turns == ()
        assert ana.call.borrower.seed != ben.call.borrower.seed

    anyio.run(story)


def test_the_page_takes_the_language_that_the_browser_asks_for(people: tuple[Persona, ...]) -> None:
    page = Page(studio(personas=people), 0)
    asked: Any = SimpleNamespace(headers={"accept-language": "zh-TW"})
    shown = page.arrive(asked)
    assert [shown[part]["value"] for part in (page.language, page.talk_language, page.borrower)] == [
        "zh-TW",
        "zh-TW",
        "lin",
    ]
    assert shown[page.start]["value"] == "開始通話"
    alone = Page(studio(), 0)
    shown = alone.arrive(asked)
    assert [shown[part]["value"] for part in (alone.language, alone.talk_language)] == ["zh-TW", "en"]
    assert page.mean("financial_stress")("en", 10) == {"info": "Has nothing left at all.", "__type__": "update"}


# Serving.


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    assert guarded(host, None) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_anything_wider_needs_one(host: str) -> None:
    with pytest.raises(UsageError, match="BORROWERSIM_PASSWORD"):
        guarded(host, None)
    assert guarded(host, "open sesame") == "open sesame"


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
    monkeypatch.setattr("borrowersim_app.web.launch", lambda *given: served.append(given))
    monkeypatch.setattr("borrowersim_app.cli.web.all_personas", lambda: [person()])
    monkeypatch.setattr(
        "sys.argv", ["borrowersim", "web", "--port", str(free_port()), "--voice", "phrasebook", "--judge", "rules"]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    [(page, host, _, password)] = served
    assert (host, password) == ("127.0.0.1", None)
    assert "Dana Hale" in str(page.get_config_file())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


Served = Callable[[str, dict[str, str] | None], tuple[int, str]]


@pytest.fixture
def served() -> Iterator[Served]:
    import httpx

    page = Page(studio(), 0).blocks
    url = launch(page, "127.0.0.1", free_port(), "open sesame", block=False)
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
