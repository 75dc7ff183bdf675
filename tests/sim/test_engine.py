"""Talks from end to end, with voices and agents that need no service."""

from collections.abc import Sequence

import anyio
import pytest

from borrowersim import Borrower, Call, Ending, Speaker, converse, persona_named
from borrowersim.acts import BorrowerAct
from borrowersim.agents.human import HumanAgent
from borrowersim.agents.model import ModelAgent
from borrowersim.agents.scripted import AgentScript, Part, ScriptedAgent, script_named
from borrowersim.briefing import briefing
from borrowersim.errors import AgentError, ServiceDown, UsageError
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Usage
from borrowersim.models.scripted import ScriptedModel
from borrowersim.persona import all_personas
from borrowersim.prompts import prompt_named
from borrowersim.record import Played
from borrowersim.talk import Talk
from borrowersim.voices.book import PhrasebookVoice
from borrowersim.voices.model import voice_of

pytestmark = pytest.mark.anyio

CASE_1 = ("us-maria-delgado", "cn-zhou-min", "tw-lin-yijun")
CASE_2 = ("us-darren-cole", "cn-gao-lei", "tw-chen-bohan")


async def play(borrower: str, agent: str, seed: int = 7, **dials: float) -> Played:
    persona = persona_named(borrower)
    levels = persona.dials.model_copy(update=dials)
    simulated = Borrower(persona, PhrasebookVoice(), seed=seed, dials=levels)
    return await converse(simulated, ScriptedAgent(script_named(agent), briefing(persona)), id="t", clock=lambda: 0.0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("borrower", CASE_1)
async def test_a_gentle_call_with_instalments_is_agreed(borrower: str, seed: int) -> None:
    played = await play(borrower, "respectful", seed)
    assert played.ending is Ending.AGREED
    assert played.plan is not None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("borrower", CASE_2)
async def test_a_clear_lawful_notice_moves_who_could_pay(borrower: str, seed: int) -> None:
    assert (await play(borrower, "lawful_notice", seed)).ending.settled


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("borrower", CASE_1 + CASE_2)
async def test_threats_bring_no_real_agreement_and_less_trust(borrower: str, seed: int) -> None:
    played = await play(borrower, "threatening", seed)
    assert not played.ending.settled
    assert played.moments[-1].hidden.trust < played.opening.trust


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("borrower", CASE_2)
async def test_a_vague_hint_moves_nobody(borrower: str, seed: int) -> None:
    assert not (await play(borrower, "vague_hint", seed)).ending.settled


@pytest.mark.parametrize("borrower", CASE_1)
async def test_dials_decide(borrower: str) -> None:
    soft = [(await play(borrower, "respectful", seed, resistance=0)).ending.settled for seed in range(10)]
    hard = [(await play(borrower, "vague_hint", seed, resistance=10)).ending.settled for seed in range(10)]
    broke = [(await play(borrower, "respectful", seed, financial_stress=10)).ending.settled for seed in range(10)]
    assert all(soft)
    assert not any(hard)
    assert not any(broke)


@pytest.mark.parametrize("borrower", [p.id for p in all_personas()])
async def test_the_same_seed_gives_the_same_bytes(borrower: str) -> None:
    once, again = [(await play(borrower, "respectful", 3)).model_dump_json() for _ in range(2)]
    assert once == again


@pytest.mark.parametrize("borrower", [p.id for p in all_personas()])
async def test_no_line_is_said_twice_in_a_talk(borrower: str) -> None:
    played = await play(borrower, "vague_hint")
    lines = [turn.text for turn in played.talk.turns if turn.speaker is Speaker.BORROWER]
    assert len(lines) == len(set(lines))


async def test_a_call_can_be_rewound_and_goes_the_same_way_again() -> None:
    persona = persona_named("us-maria-delgado")
    call = Call(Borrower(persona, PhrasebookVoice(), seed=1), id="x")
    said = ["Hi, this is Dana Cole with Northfield. Am I speaking with Maria Delgado?", "How are things for you?"]
    answers = [(await call.hear(text)).text for text in said]
    earlier = call.rewound(1)
    assert len(earlier.talk.turns) == 2
    assert (await earlier.hear(said[1])).text == answers[1]
    assert earlier.hidden == call.hidden
    assert call.rewound(0).talk.turns == ()


class FailingAgent:
    name = "broken"

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        raise AgentError("the agent is down")

    async def aclose(self) -> None: ...


async def test_a_failing_agent_ends_its_talk_only() -> None:
    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    played = await converse(borrower, FailingAgent(), id="x")
    assert played.ending is Ending.AGENT_FAILED
    assert "down" in played.failure


async def test_a_failing_voice_is_not_charged_to_the_agent() -> None:
    persona = persona_named("us-maria-delgado")
    borrower = Borrower(persona, voice_of(ScriptedModel([ServiceDown("no route")])))
    played = await converse(borrower, ScriptedAgent(script_named("respectful"), briefing(persona)), id="x")
    assert played.ending is Ending.MODEL_FAILED
    assert played.failure == "no route"


async def test_a_person_hangs_up_with_an_empty_line() -> None:
    lines = iter(["Hello, this is Dana with Northfield.", ""])

    async def read() -> str | None:
        return next(lines)

    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    played = await converse(borrower, HumanAgent(read), id="x")
    assert played.ending is Ending.AGENT_CLOSED
    assert len(played.talk.turns) == 2


async def test_the_llm_agent_sees_the_case_and_the_words_only() -> None:
    persona = persona_named("us-maria-delgado")
    model = ScriptedModel(
        ["Hello, this is Dana with Northfield. Am I speaking with Maria Delgado?", "Goodbye. [END]", "[END]"]
    )
    agent = ModelAgent(model, briefing(persona), prompt_named("agent/collector"))
    played = await converse(Borrower(persona, PhrasebookVoice()), agent, id="x")
    prompts = "\n".join(m.content for prompt in model.prompts for m in _messages(prompt))
    assert "2,310" in prompts
    assert "Maria" in prompts
    assert all(tell not in prompts for fact in persona.private for tell in fact.tell)
    assert "[END]" not in " ".join(turn.text for turn in played.talk.turns)
    assert played.ending in (Ending.AGENT_CLOSED, Ending.HUNG_UP)


def _messages(prompt: str | Sequence[Message]) -> Sequence[Message]:
    return [] if isinstance(prompt, str) else prompt


async def test_a_script_says_what_slot_is_missing() -> None:
    script = AgentScript(id="bad", about="x", parts={"en": Part(lines=("Hello {nobody}.",))})  # type: ignore[dict-item]
    persona = persona_named("us-maria-delgado")
    played = await converse(Borrower(persona, PhrasebookVoice()), ScriptedAgent(script, briefing(persona)), id="x")
    assert played.ending is Ending.AGENT_FAILED
    assert "{nobody}" in played.failure


async def test_a_script_in_another_language_is_refused() -> None:
    script = AgentScript(id="one", about="x", parts={"en": Part(lines=("Hello.",))})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="does not speak zh-CN"):
        ScriptedAgent(script, briefing(persona_named("cn-zhou-min")))


async def test_a_call_that_was_put_away_goes_on_as_if_it_had_not() -> None:
    persona = persona_named("us-maria-delgado")

    def borrower() -> Borrower:
        return Borrower(persona, PhrasebookVoice(), seed=5)

    turns = ["Good morning, is this Maria Delgado?", "I understand. What happened?", "Would $60 a month help?"]
    whole = Call(borrower(), id="c")
    for text in turns:
        await whole.hear(text)
    first = Call(borrower(), id="c")
    await first.hear(turns[0])
    again = Call.resumed(borrower(), first.played("agent", ending=Ending.AGENT_CLOSED))
    for text in turns[1:]:
        await again.hear(text)
    assert again.played("agent") == whole.played("agent")


class WaitingAgent:
    """Says its lines, then waits for ever, or says what it is told to."""

    name = "waiting"

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        if (line := next(self._lines, None)) is not None:
            return line
        await anyio.sleep_forever()
        return None

    async def aclose(self) -> None: ...


async def test_an_agent_that_never_answers_has_failed() -> None:
    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    played = await converse(borrower, WaitingAgent("Hello, is this Maria?"), id="x", seconds=0.05)
    assert played.ending is Ending.AGENT_FAILED
    assert played.failure == "the talk took longer than 0.05 s, while waiting for the agent"
    assert len(played.talk.turns) == 2


async def test_a_voice_that_never_answers_is_not_charged_to_the_agent() -> None:
    class SlowModel(ScriptedModel):
        async def complete(self, prompt: str, ask: Ask = DEFAULT_ASK, n: int = 1) -> tuple[list[str], Usage]:
            await anyio.sleep_forever()
            raise AssertionError

    borrower = Borrower(persona_named("us-maria-delgado"), voice_of(SlowModel([])))
    played = await converse(borrower, WaitingAgent("Hello, is this Maria?"), id="x", seconds=0.05)
    assert played.ending is Ending.MODEL_FAILED
    assert "while waiting for the borrower's model" in played.failure
    assert played.talk.turns == ()


async def test_the_time_that_others_hold_the_slots_is_nobodys_failure() -> None:
    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    slots, played = anyio.Semaphore(0), list[Played]()

    async def talk() -> None:
        played.append(await converse(borrower, WaitingAgent("Hi"), id="x", max_turns=1, seconds=0.05, slots=slots))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(talk)
        await anyio.sleep(0.1)
        assert not played
        slots.release()
    assert played[0].ending is Ending.OUT_OF_TURNS
    assert slots.value == 1


async def test_who_cancels_a_talk_is_obeyed() -> None:
    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    with anyio.move_on_after(0.05) as scope:
        await converse(borrower, WaitingAgent(), id="x", seconds=60)
    assert scope.cancelled_caught


async def test_an_agent_that_says_a_book_in_one_turn_has_failed() -> None:
    borrower = Borrower(persona_named("us-maria-delgado"), PhrasebookVoice())
    played = await converse(borrower, WaitingAgent("word " * 5_000), id="x")
    assert played.ending is Ending.AGENT_FAILED
    assert "25,000 characters in one turn" in played.failure
