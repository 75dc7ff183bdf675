"""The borrower as a simulated user: callable, across threads and loops, as a Runnable."""

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph

from borrowersim import Dials, Ending, Speaker, UsageError, persona_named
from borrowersim.errors import ServiceDown
from borrowersim.models.scripted import ScriptedModel
from borrowersim.simulated import CLOSED, SimulatedBorrower, agent_lines
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app import simulated_borrower
from borrowersim_app.simulated import voice_given

pytestmark = pytest.mark.anyio
HELLO = "Hello, this is Dana Cole with Northfield Recovery. Am I speaking with Maria Delgado?"
ASKS = "Thank you. How are things for you at the moment?"
THREAT = "Pay today or we will have you arrested, you lazy liar."


def test_two_lines_are_enough() -> None:
    borrower = simulated_borrower("us-maria-delgado")
    assert "Maria" in borrower.reply(HELLO)


def test_the_same_seed_says_the_same_whichever_way_it_is_asked() -> None:
    ways = [simulated_borrower("us-maria-delgado", seed=5) for _ in range(4)]
    expected = [ways[0].reply(HELLO), ways[0].reply(ASKS)]

    async def later() -> list[str]:
        return [await ways[1].areply(HELLO), (await ways[1].acall({"role": "assistant", "content": ASKS}))["content"]]

    assert asyncio.run(later()) == expected
    talk: list[dict[str, str]] = []
    for line in (HELLO, ASKS):
        talk.append({"role": "assistant", "content": line})
        talk.append(ways[2](talk, thread_id="default", turn_counter=1))
    assert [message["content"] for message in talk if message["role"] == "user"] == expected
    node = ways[3].as_runnable()
    assert [node.invoke(line) for line in (HELLO, ASKS)] == expected


def test_before_a_word_is_said_the_phone_is_answered() -> None:
    assert simulated_borrower("us-maria-delgado")([], thread_id="a") == {
        "role": "user",
        "content": "(The phone is answered.)",
    }
    assert simulated_borrower("cn-zhou-min").reply() == "（电话接通了。）"


def test_conversations_do_not_mix_in_many_threads() -> None:
    borrower = simulated_borrower("us-maria-delgado", seed=2)

    def call(number: int) -> list[str]:
        return [borrower.reply(line, thread_id=f"t{number}") for line in (HELLO, ASKS)]

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(call, range(48)))
    assert all(one == told[0] for one in told)
    assert all(len(borrower.talk(f"t{number}").turns) == 4 for number in range(48))


def test_two_turns_of_one_conversation_wait_for_each_other() -> None:
    borrower = simulated_borrower("us-maria-delgado")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: borrower.reply(f"Question {n}: how are you?"), range(6)))
    speakers = [turn.speaker for turn in borrower.talk().turns]
    assert speakers == [Speaker.AGENT, Speaker.BORROWER] * (len(speakers) // 2)


def test_a_conversation_that_was_taken_back_is_taken_back_here() -> None:
    borrower = simulated_borrower("us-maria-delgado", seed=4)
    first = [{"role": "assistant", "content": HELLO}]
    said = borrower(first)["content"]
    gentle = [*first, {"role": "user", "content": said}, {"role": "assistant", "content": ASKS}]
    kind_answer = borrower(gentle)
    borrower([*first, {"role": "user", "content": said}, {"role": "assistant", "content": THREAT}])
    assert [text for _, text in borrower.talk().agent_turns()] == [HELLO, THREAT]
    assert borrower(gentle) == kind_answer
    assert borrower(gentle) == kind_answer
    assert [text for _, text in borrower.talk().agent_turns()] == [HELLO, ASKS]


def test_after_the_end_the_line_is_dead() -> None:
    borrower = simulated_borrower("us-maria-delgado", dials={"resistance": 10, "hostility": 10})
    for _ in range(12):
        borrower.reply(THREAT)
        if borrower.is_over():
            break
    assert borrower.ending() in (Ending.HUNG_UP, Ending.FAKE_PROMISE, Ending.CEASED)
    turns = len(borrower.talk().turns)
    assert borrower.reply("Hello?") == CLOSED["en"]
    assert len(borrower.talk().turns) == turns
    assert borrower.played().ending is borrower.ending()
    borrower.forget()
    assert not borrower.is_over()
    with pytest.raises(UsageError, match="there is no conversation 'default'; there are: none yet"):
        borrower.talk()


def test_a_talk_that_goes_on_is_recorded_as_closed_by_the_agent() -> None:
    borrower = simulated_borrower("us-maria-delgado")
    borrower.reply(HELLO)
    played = borrower.played(agent="mine")
    assert (played.agent, played.ending) == ("mine", Ending.AGENT_CLOSED)
    assert len(played.moments) == 1


async def test_a_failing_voice_changes_nothing() -> None:
    borrower = simulated_borrower("us-maria-delgado", ScriptedModel([ServiceDown("no route")]))
    with pytest.raises(ServiceDown):
        await borrower.areply(HELLO)
    assert borrower.talk().turns == ()


def test_messages_of_every_shape_are_understood() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, "b"]
    assert agent_lines(AIMessage("x")) == "x"
    assert agent_lines({"role": "assistant", "content": parts}) == "ab"
    assert agent_lines({"messages": [HumanMessage("no"), AIMessage("x")]}) == ["x"]
    assert agent_lines(None) == ""
    with pytest.raises(UsageError, match="3 is no turn of an agent; give a string"):
        agent_lines(3)


def test_a_turn_too_long_is_refused() -> None:
    with pytest.raises(UsageError, match="20001 characters"):
        simulated_borrower("us-maria-delgado").reply("x" * 20_001)


def test_a_runnable_answers_in_the_shape_it_is_asked_in() -> None:
    node = simulated_borrower("us-maria-delgado").as_runnable()
    threads = [{"configurable": {"thread_id": str(n)}} for n in range(3)]
    text = node.invoke(HELLO, config=threads[0])
    message = node.invoke([AIMessage(HELLO)], config=threads[1])
    state = node.invoke({"messages": [AIMessage(HELLO)]}, config=threads[2])
    assert isinstance(message, HumanMessage)
    assert [message.content, state["messages"][0].content] == [text, text]


async def test_a_graph_of_agent_and_borrower_talks_to_its_end() -> None:
    borrower = simulated_borrower("us-maria-delgado", dials={"resistance": 0})

    def agent(state: MessagesState) -> dict[str, Any]:
        lines = [HELLO, ASKS, "We could spread it over 48 monthly payments without fees. Would that work?"]
        return {"messages": [AIMessage(lines[min(len(state["messages"]) // 2, 2)])]}

    def route(state: MessagesState) -> str:
        return END if borrower.is_over("g") or len(state["messages"]) > 16 else "agent"

    graph = StateGraph(MessagesState)
    graph.add_node("agent", agent)
    graph.add_node("borrower", borrower.as_runnable())
    graph.add_edge(START, "agent")
    graph.add_edge("agent", "borrower")
    graph.add_conditional_edges("borrower", route)
    done = await graph.compile().ainvoke({"messages": []}, config={"configurable": {"thread_id": "g"}})
    talk = borrower.talk("g")
    assert [message.content for message in done["messages"]] == [turn.text for turn in talk.turns]
    assert len(talk.turns) >= 4


def working() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "borrower"}


def test_closing_lets_go_of_the_thread() -> None:
    before = working()
    with simulated_borrower("us-maria-delgado") as borrower:
        borrower.reply(HELLO)
        (own,) = working() - before
    assert not own.is_alive()
    simulated_borrower("us-maria-delgado").close()


def test_so_does_forgetting_the_borrower() -> None:
    before = working()
    borrower = simulated_borrower("us-maria-delgado")
    borrower.reply(HELLO)
    (own,) = working() - before
    del borrower
    gc.collect()
    assert not own.is_alive()


def test_dials_and_voices_are_checked() -> None:
    own = persona_named("us-maria-delgado").dials
    changed = simulated_borrower("us-maria-delgado", dials={"resistance": 9}).borrower.dials
    assert changed == own.model_copy(update={"resistance": 9.0})
    whole = Dials(resistance=1, financial_stress=1)
    assert simulated_borrower(persona_named("us-maria-delgado"), dials=whole).borrower.dials == whole
    with pytest.raises(UsageError, match="dials: resistence: Extra inputs"):
        simulated_borrower("us-maria-delgado", dials={"resistence": 9})
    with pytest.raises(UsageError, match="less than or equal to 10"):
        simulated_borrower("us-maria-delgado", dials={"resistance": 11})
    voice = PhrasebookVoice()
    assert voice_given(voice) is voice
    with pytest.raises(UsageError, match="int is no voice"):
        voice_given(3)  # type: ignore[arg-type]


def test_the_class_is_enough_without_the_app() -> None:
    assert SimulatedBorrower(persona_named("us-maria-delgado"), PhrasebookVoice()).reply(HELLO)


def test_the_package_has_no_other_names() -> None:
    import borrowersim_app

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        borrowersim_app.nothing  # noqa: B018
