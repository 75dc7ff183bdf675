"""Agents that are LangChain Runnables: what they are given, what is taken from their answer."""

from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.runnables.history import RunnableWithMessageHistory
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from borrowersim import Speaker, Talk, persona_named
from borrowersim.agents.runnable import RunnableAgent, said_in, shape_of
from borrowersim.briefing import briefing
from borrowersim.errors import AgentError, UsageError
from borrowersim.models.retry import Retry

pytestmark = pytest.mark.anyio
MARIA = persona_named("us-maria-delgado")
TALK = Talk(id="t-1", language=MARIA.language, jurisdiction=MARIA.jurisdiction)
LATER = TALK.said(Speaker.AGENT, "Hello.").said(Speaker.BORROWER, "Who is this?")


def agent(runnable: Any, **options: Any) -> RunnableAgent:
    return RunnableAgent(runnable, briefing(MARIA), name="mine", new_id=lambda talk: f"{talk}-new", **options)


def graph(checkpointer: Any = None, seen: list[Any] | None = None, fails: list[Exception] | None = None) -> Any:
    def node(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
        if fails:
            raise fails.pop(0)
        if seen is not None:
            seen.append(([str(message.content) for message in state["messages"]], dict(config["configurable"])))
        return {"messages": [AIMessage(f"turn {len(state['messages'])}")]}

    builder = StateGraph(MessagesState)
    builder.add_node("agent", node)
    builder.add_edge(START, "agent")
    return builder.compile(checkpointer=checkpointer)


async def test_a_graph_without_memory_gets_the_whole_talk_each_time() -> None:
    seen: list[Any] = []
    assert await agent(graph(seen=seen)).speak(LATER, None) == "turn 3"
    messages, configurable = seen[0]
    assert messages == ["(The phone is answered.)", "Hello.", "Who is this?"]
    assert configurable["thread_id"] == "t-1-new"
    assert configurable["case"]["full_name"] == "Maria Delgado"


async def test_a_graph_with_memory_gets_only_what_is_new() -> None:
    seen: list[Any] = []
    mine = agent(graph(InMemorySaver(), seen))
    first = await mine.speak(TALK, None)
    talk = TALK.said(Speaker.AGENT, str(first)).said(Speaker.BORROWER, "Who is this?")
    assert await mine.speak(talk, None) == "turn 3"
    assert seen[1][0] == ["(The phone is answered.)", "turn 1", "Who is this?"]


async def test_a_second_try_does_not_say_a_turn_twice_to_a_graph_with_memory() -> None:
    async def sleep(seconds: float) -> None: ...

    seen: list[Any] = []
    mine = agent(graph(InMemorySaver(), seen, [ConnectionResetError("gone")]), retry=Retry(attempts=2, sleep=sleep))
    assert await mine.speak(TALK, None) == "turn 1"
    assert seen[0][0] == ["(The phone is answered.)"]


async def test_a_chain_gets_the_keys_that_its_prompt_asks_for() -> None:
    prompt = ChatPromptTemplate.from_messages(
        [("system", "Speak {language}. {case}"), MessagesPlaceholder("history"), ("human", "{input}")]
    )
    seen: list[Any] = []

    def note(value: Any) -> Any:
        seen.append(value.to_messages())
        return value

    chain = prompt | RunnableLambda(note) | FakeListChatModel(responses=["Good day."]) | StrOutputParser()
    assert shape_of(chain) == "state"
    assert await agent(chain).speak(LATER, None) == "Good day."
    texts = [message.content for message in seen[0]]
    assert "Maria Delgado" in texts[0]
    assert texts[1:] == ["(The phone is answered.)", "Hello.", "Who is this?"]


async def test_a_chain_that_asks_for_what_no_talk_has_is_told() -> None:
    chain = ChatPromptTemplate.from_template("{weather}") | FakeListChatModel(responses=["x"])
    with pytest.raises(AgentError, match=r"wants 'weather', which no talk has; it may ask for: .*messages"):
        await agent(chain).speak(TALK, None)


async def test_a_chat_model_gets_messages() -> None:
    model = FakeListChatModel(responses=["Good day."])
    assert shape_of(model) == "messages"
    assert await agent(model).speak(LATER, None) == "Good day."


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_chain_with_a_message_history_gets_the_last_words() -> None:
    kept: dict[str, InMemoryChatMessageHistory] = {}
    with_memory = RunnableWithMessageHistory(
        FakeListChatModel(responses=["one", "two"]),
        lambda session_id: kept.setdefault(session_id, InMemoryChatMessageHistory()),
    )
    mine = agent(with_memory, shape="messages")
    await mine.speak(TALK, None)
    await mine.speak(LATER, None)
    texts = [message.content for message in kept["t-1-new"].messages]
    assert texts == ["(The phone is answered.)", "one", "Who is this?", "two"]


async def test_a_runnable_of_text_gets_the_last_words() -> None:
    def shout(text: str) -> str:
        return text.upper()

    assert shape_of(RunnableLambda(shout)) == "text"
    assert await agent(RunnableLambda(shout)).speak(LATER, None) == "WHO IS THIS?"


async def test_a_function_makes_one_for_each_talk() -> None:
    assert await agent(lambda: FakeListChatModel(responses=["x"])).speak(TALK, None) == "x"


class Bare:
    """Not LangChain's at all."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def ainvoke(self, given: Any, config: Mapping[str, Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_anything_with_ainvoke_will_do() -> None:
    assert await agent(Bare("Good day.")).speak(TALK, None) == "Good day."
    with pytest.raises(AgentError, match="ValueError: nonsense"):
        await agent(Bare(ValueError("nonsense"))).speak(TALK, None)


@pytest.mark.parametrize("wrong", [3, object])
def test_what_cannot_be_invoked_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError, match="has no `ainvoke`"):
        agent(wrong)


async def test_a_runnable_that_hangs_is_given_up() -> None:
    async def hang(given: Any) -> str:
        await anyio.sleep(60)
        return "x"

    with pytest.raises(AgentError, match=r"did not answer within 0\.05 seconds"):
        await agent(RunnableLambda(hang), timeout=0.05).speak(TALK, None)


USAGE = {"input_tokens": 7, "output_tokens": 2, "total_tokens": 9}


@pytest.mark.parametrize(
    ("answer", "words", "tokens"),
    [
        (None, None, 0),
        ("x", "x", 0),
        (AIMessage("x", usage_metadata=USAGE), "x", 7),
        (AIMessageChunk(content="x"), "x", 0),
        (AIMessage([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]), "ab", 0),
        ({"messages": [HumanMessage("a"), AIMessage("x")]}, "x", 0),
        (
            {
                "messages": [
                    AIMessage("old", usage_metadata=USAGE),
                    HumanMessage("a"),
                    AIMessage("", usage_metadata=USAGE),
                    ToolMessage("t", tool_call_id="1"),
                    AIMessage("x", usage_metadata=USAGE),
                ]
            },
            "x",
            14,
        ),
        ({"messages": [AIMessage("old"), HumanMessage("a")]}, None, 0),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x"}]}, "x", 0),
        ({"output": "x", "other": 1}, "x", 0),
    ],
)
def test_words_and_cost_of_every_shape_of_answer(answer: Any, words: str | None, tokens: int) -> None:
    said, usage = said_in(answer, "mine")
    assert said == words
    assert usage.prompt_tokens == tokens


@pytest.mark.parametrize("answer", [3, {"nothing": "x"}, ["x"]])
def test_other_answers_are_refused(answer: Any) -> None:
    with pytest.raises(AgentError, match="return a string, a message, or a state"):
        said_in(answer, "mine")
