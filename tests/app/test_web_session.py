"""One person's call without any page: what is said, what fails, what is kept, how fast one may go."""

import anyio
import pytest

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.persona import Persona
from borrowersim.talk import Ending, Language, Talk
from borrowersim_app.web.desk import Desk
from borrowersim_app.web.limits import Pace
from borrowersim_app.web.session import MAX_CHARS, Refused
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.practice import MemoryBook
from borrowersim_evals.verdict import Score
from tests.app.web_parts import HeldVoice, LineVoice, by_rules, person, session, studio


def test_a_call_goes_back_and_forth_and_is_kept() -> None:
    async def story() -> None:
        book = MemoryBook()
        made = studio("Who is this?", "Go on.", book=book)
        call = Desk(made).begin("ana", person(), person().dials)
        assert await call.say("  Hello, this is Ana.  ") == "Who is this?"
        kept = book.practice("ana", call.id)
        assert [turn.text for turn in kept.played.talk.turns] == ["Hello, this is Ana.", "Who is this?"]
        assert kept.score is None
        await call.say("From Northgate.")
        await call.close()
        case = await call.judged_by_rules()
        assert [turn.text for turn in case.played.talk.turns][2:] == ["From Northgate.", "Go on."]
        assert (case.played.agent, case.played.ending) == ("trainee", Ending.AGENT_CLOSED)
        assert book.practice("ana", call.id).score == case.score
        with pytest.raises(Refused, match="already_over"):
            await call.say("One more thing.")

    anyio.run(story)


@pytest.mark.parametrize(("text", "why"), [("  \n ", "say_something"), ("x" * (MAX_CHARS + 1), "too_long")])
def test_a_turn_that_cannot_be_said_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        session().check(text)


def test_when_the_voice_fails_the_call_and_the_words_are_kept() -> None:
    async def story() -> None:
        call = session(ServiceDown("no answer"), "Who is this?")
        with pytest.raises(ServiceDown):
            await call.say("Hello.")
        assert call.call.talk.turns == ()
        assert call.unsent == "Hello."
        assert await call.say(call.unsent) == "Who is this?"
        assert call.unsent == ""

    anyio.run(story)


def test_the_words_are_told_as_they_come() -> None:
    async def story() -> list[str]:
        told: list[str] = []

        async def tell(piece: str) -> None:
            told.append(piece)

        await session(voice=LineVoice(["I cannot pay."], tells=True)).say("Hello.", tell)
        return told

    assert anyio.run(story) == ["I ", "cannot ", "pay. "]


def test_two_turns_at_once_are_not_mixed() -> None:
    async def story() -> None:
        voice = HeldVoice()
        call = session(voice=voice)
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
        voice = HeldVoice()
        call = session(voice=voice)

        async def say() -> None:
            with pytest.raises(Refused, match="already_over"):
                await call.say("Pay or you will be arrested.")

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(say)
            await voice.begun.wait()
            await call.close()
        case = await call.judged_by_rules()
        assert [turn.text for turn in case.played.talk.turns] == ["Pay or you will be arrested."]
        assert case.played.ending is Ending.AGENT_CLOSED
        assert "threat" in case.score.turns[0].respect_why

    anyio.run(story)


def test_handing_over_ends_the_call_with_a_note_in_the_record() -> None:
    async def story() -> Talk:
        call = session("Who is this?")
        await call.say("Hello.")
        await call.close(handed_over=True)
        return (await call.judged_by_rules()).played.talk

    assert "colleague" in anyio.run(story).note


def test_a_call_without_a_word_is_not_judged() -> None:
    with pytest.raises(Refused, match="nothing_said"):
        anyio.run(session().close)


def test_a_call_without_end_runs_out_of_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borrowersim_app.web.session.MAX_TURNS", 1)

    async def story() -> None:
        call = session()
        await call.say("Hello, this is Ana from Northgate.")
        assert call.ending is Ending.OUT_OF_TURNS

    anyio.run(story)


def test_the_studios_judge_decides_when_it_is_asked() -> None:
    async def story() -> Score:
        async def judge(talk: Talk) -> Score:
            return score_by_rules(talk).model_copy(update={"notes": ("read by a model",)})

        call = session(judge=judge)
        await call.say("Hello.")
        await call.close()
        assert (await call.judged_by_rules()).score.notes == ()
        return (await call.judged()).score

    assert anyio.run(story).notes == ("read by a model",)


# The desk: whose call it is, what comes back, what branches off.


def test_a_call_comes_back_from_the_book_after_a_restart_as_it_stood() -> None:
    async def story() -> None:
        book = MemoryBook()
        call = Desk(studio("Who is this?", book=book)).begin("ana", person(), person().dials)
        await call.say("Hello.")
        desk = Desk(studio("Go on.", book=book))
        back = desk.session("ana", call.id)
        assert back is not None
        assert back is desk.session("ana", call.id)
        assert (back.call.talk, back.call.hidden, back.started) == (call.call.talk, call.call.hidden, call.started)
        assert await back.say("It is Ana.") == "Go on."
        waiting = desk.waiting("ana")
        assert waiting is not None
        assert waiting.id == call.id

    anyio.run(story)


def test_nobody_gets_at_another_persons_call() -> None:
    async def story() -> None:
        desk = Desk(studio())
        call = desk.begin("ana", person(), person().dials)
        await call.say("Hello.")
        assert desk.session("ben", call.id) is None
        assert desk.record("ben", call.id) is None
        assert desk.waiting("ben") is None
        with pytest.raises(UsageError):
            desk.branch("ben", call.id, 0)

    anyio.run(story)


def test_rewinding_begins_a_branch_and_keeps_the_first_try() -> None:
    async def story() -> None:
        desk = Desk(studio("One.", "Two.", "Three."))
        first = desk.begin("ana", person(), person().dials)
        for text in ("Hello.", "Pay today or the police will come."):
            await first.say(text)
        await first.close()
        await first.judged_by_rules()
        branch = desk.branch("ana", first.id, 1)
        assert [turn.text for turn in branch.call.talk.turns] == ["Hello.", "One."]
        assert (branch.parent, branch.parent_turns) == (first.id, 1)
        assert branch.call.borrower.seed == first.call.borrower.seed
        await branch.say("How can I help?")
        await branch.close()
        await branch.judged_by_rules()
        assert [record.id for record in desk.family("ana", branch.id)] == sorted([first.id, branch.id])
        assert len(first.call.talk.turns) == 4
        assert [record.id for record in desk.past("ana", branch.id)] == [first.id]

    anyio.run(story)


@pytest.mark.parametrize(("harder", "level"), [(1, 7), (-1, 3), (3, 10), (-3, 0), (0, 5)])
def test_the_same_borrower_gets_harder_or_easier(harder: int, level: float) -> None:
    async def story() -> float:
        desk = Desk(studio())
        call = desk.begin("ana", person(), person().dials)
        await call.say("Hello.")
        return desk.again("ana", call.id, harder).call.borrower.dials.resistance

    assert anyio.run(story) == level


def test_a_call_whose_borrower_is_gone_is_not_offered() -> None:
    async def story() -> None:
        book = MemoryBook()
        call = Desk(studio(book=book)).begin("ana", person(), person().dials)
        await call.say("Hello.")
        other: Persona = person("lin", Language.ZH_TW, "林怡君")
        desk = Desk(studio(book=book, personas=(other,)))
        assert desk.session("ana", call.id) is None
        assert desk.waiting("ana") is None

    anyio.run(story)


def test_idle_calls_leave_the_memory_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borrowersim_app.web.desk.MOST_LIVE", 1)

    async def story() -> None:
        desk = Desk(studio())
        first = desk.begin("ana", person(), person().dials)
        await first.say("Hello.")
        desk.begin("ben", person(), person().dials)
        back = desk.session("ana", first.id)
        assert back is not None
        assert back is not first
        assert back.call.talk == first.call.talk

    anyio.run(story)


# How fast one may go.


def test_so_many_in_a_minute_and_then_one_waits() -> None:
    now = [0.0]
    pace = Pace(2, lambda: now[0])
    assert [pace.wait("ana"), pace.wait("ana"), pace.wait("ana"), pace.wait("ben")] == [0, 0, 60, 0]
    now[0] = 45.5
    assert pace.wait("ana") == 15
    now[0] = 60
    assert pace.wait("ana") == 0


def test_nobody_is_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borrowersim_app.web.limits.PEOPLE_REMEMBERED", 1)
    pace = Pace(1, lambda: 0.0)
    assert [pace.wait("ana"), pace.wait("ben"), pace.wait("ana")] == [0, 0, 0]


def test_who_begins_too_many_calls_or_says_too_much_is_told_to_wait() -> None:
    desk = Desk(studio(judge=by_rules, clock=lambda: 0.0))
    for _ in range(10):
        desk.begin("ana", person(), person().dials)
    with pytest.raises(Refused, match="too_many_calls") as refused:
        desk.begin("ana", person(), person().dials)
    assert refused.value.values == (60,)
    for _ in range(20):
        desk.admit("ana")
    with pytest.raises(Refused, match="too_fast"):
        desk.admit("ana")
    desk.admit("ben")
