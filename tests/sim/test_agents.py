"""One contract, run against every kind of agent."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from aiohttp import web
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from borrowersim import Borrower, Ending, Persona, Speaker, Talk, converse, persona_named
from borrowersim.agents.base import Agent
from borrowersim.agents.call import CallableAgent
from borrowersim.agents.context import OPENING, Context
from borrowersim.agents.definition import HttpDefinition
from borrowersim.agents.http import HttpAgent
from borrowersim.agents.human import HumanAgent
from borrowersim.agents.model import ModelAgent
from borrowersim.agents.pool import Pool
from borrowersim.agents.runnable import RunnableAgent
from borrowersim.agents.scripted import AgentScript, ScriptedAgent
from borrowersim.briefing import briefing
from borrowersim.errors import AgentError
from borrowersim.models.openai import OpenAIModel
from borrowersim.models.retry import Retry
from borrowersim.voices.book import PhrasebookVoice
from tests.sim.services import Asked, served

pytestmark = pytest.mark.anyio

SECRET = "sk-verysecret123456"
HELLO = "Hello, this is Dana with Northfield."
BROKEN = "please break"
MARIA = persona_named("us-maria-delgado")
ONCE = Retry(attempts=1)


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def brain(said: list[dict[str, str]]) -> str | None:
    """The one agent that every kind plays: greets, repeats what it heard, hangs up."""
    turn = sum(message["role"] == "assistant" for message in said)
    if BROKEN in said[-1]["content"]:
        raise RuntimeError(f"the key {SECRET} is wrong")
    return [HELLO, f"You said: {said[-1]['content']}", None][min(turn, 2)]


@dataclass
class Kind:
    """How agents of one kind are made, and all that reached them."""

    make: Callable[[Persona], Agent]
    seen: list[str] = field(default_factory=list)


async def human(stack: AsyncExitStack) -> Kind:
    class Reads(HumanAgent):
        """A person who sees the talk on a screen."""

        async def speak(self, talk: Talk, last_act: Any) -> str | None:
            if not talk.turns:
                return HELLO
            if BROKEN in talk.turns[-1].text:
                raise AgentError("the terminal is gone; open it again")
            return await HumanAgent(lambda: self._typed(talk)).speak(talk, last_act)

        async def _typed(self, talk: Talk) -> str | None:
            return f"You said: {talk.turns[-1].text}" if len(talk.turns) < 3 else ""

    async def nothing() -> None: ...

    return Kind(lambda persona: Reads(nothing))


async def script(stack: AsyncExitStack) -> Kind:
    part = {
        "lines": [HELLO, "Dear {nobody}"],
        "reactions": [
            {"when": {"says": "apple"}, "say": ["You said: an apple a day."], "ends": True},
            {"when": {"says": f"^((?!{BROKEN}).)*$"}, "say": ["You said something else."], "ends": True},
        ],
    }
    made = AgentScript.model_validate({"id": "contract", "about": "x", "parts": {"en": part, "zh-CN": part}})
    return Kind(lambda persona: ScriptedAgent(made, briefing(persona)))


async def python_sync(stack: AsyncExitStack) -> Kind:
    kind = Kind(lambda persona: CallableAgent(reply, briefing(persona), name="sync", retry=ONCE))

    def reply(said: list[dict[str, str]], context: Context) -> str | None:
        kind.seen.append(as_json([said, str(context)]))
        return brain(said)

    return kind


async def python_async(stack: AsyncExitStack) -> Kind:
    kind = Kind(lambda persona: CallableAgent(reply, briefing(persona), name="async", retry=ONCE))

    async def reply(said: list[dict[str, str]]) -> str | None:
        kind.seen.append(as_json(said))
        await anyio.lowlevel.checkpoint()
        return brain(said)

    return kind


async def python_class(stack: AsyncExitStack) -> Kind:
    kind = Kind(lambda persona: CallableAgent(Mine, briefing(persona), name="class", retry=ONCE))

    class Mine:
        def __init__(self, context: Context) -> None:
            self.own: list[dict[str, str]] = []

        async def reply(self, said: list[dict[str, str]], context: Context) -> str | None:
            kind.seen.append(as_json([said, str(context)]))
            self.own.append(said[-1])
            await anyio.lowlevel.checkpoint()
            told = brain(said)
            self.own.append({"role": "assistant", "content": told or ""})
            assert self.own[:-1] == said, "another talk came between"
            return told

    return kind


async def runnable(stack: AsyncExitStack) -> Kind:
    def reply(messages: list[Any]) -> AIMessage | None:
        said = [{"role": "user" if m.type == "human" else "assistant", "content": m.content} for m in messages]
        kind.seen.append(as_json(said))
        told = brain(said)
        return AIMessage(told) if told else None

    kind = Kind(lambda persona: RunnableAgent(RunnableLambda(reply), briefing(persona), name="chain", retry=ONCE))
    return kind


async def graph(stack: AsyncExitStack) -> Kind:
    """A LangGraph graph that remembers each talk by its thread."""

    def node(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
        messages = state["messages"]
        said = [{"role": "user" if m.type == "human" else "assistant", "content": str(m.content)} for m in messages]
        kind.seen.append(
            as_json([said, {k: str(v) for k, v in config["configurable"].items() if k in ("case", "briefing")}])
        )
        told = brain(said)
        return {"messages": [AIMessage(told)] if told else []}

    builder = StateGraph(MessagesState)
    builder.add_node("agent", node)
    builder.add_edge(START, "agent")
    compiled = builder.compile(checkpointer=InMemorySaver())
    kind = Kind(lambda persona: RunnableAgent(compiled, briefing(persona), name="graph", retry=ONCE))
    return kind


async def http(stack: AsyncExitStack) -> Kind:
    """A service that keeps the talks itself, by the conversation id."""
    kept: dict[str, list[dict[str, str]]] = {}

    def answer(asked: Asked) -> Any:
        kind.seen.append(as_json(asked.body))
        if asked.headers["Authorization"] != f"Bearer {SECRET}":
            return web.Response(status=401)
        said = kept.setdefault(asked.body["conversation_id"], [])
        said.append({"role": "user", "content": asked.body["message"]})
        assert said == asked.body["history"], "another talk came between"
        try:
            told = brain(said)
        except RuntimeError as problem:
            return web.Response(status=400, text=f"{problem} {asked.headers['Authorization']}")
        said.append({"role": "assistant", "content": told or ""})
        return {"reply": told}

    service = await stack.enter_async_context(served(answer))
    definition = HttpDefinition(url=f"{service.url}/chat", headers={"Authorization": "Bearer ${TOKEN}"})
    pool = Pool()
    stack.push_async_callback(pool.aclose)
    env = {"TOKEN": SECRET}
    kind = Kind(lambda persona: HttpAgent(definition, briefing(persona), name="a.yaml", env=env, pool=pool, retry=ONCE))
    return kind


async def openai(stack: AsyncExitStack) -> Kind:
    def answer(asked: Asked) -> Any:
        kind.seen.append(as_json(asked.body))
        try:
            told = brain(asked.body["messages"])
        except RuntimeError as problem:
            return web.json_response({"error": {"message": f"{problem} {asked.headers['Authorization']}"}}, status=401)
        message = {"role": "assistant", "content": told or "[END]"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}

    service = await stack.enter_async_context(served(answer))
    pool = Pool()
    stack.push_async_callback(pool.aclose)

    def make(persona: Persona) -> Agent:
        def client() -> OpenAIModel:
            return OpenAIModel("m", base_url=f"{service.url}/v1", api_key=SECRET, retry=ONCE)

        return ModelAgent(pool.model(service.url, client), briefing(persona), name=service.url)

    kind = Kind(make)
    return kind


KINDS = (human, script, python_sync, python_async, python_class, runnable, graph, http, openai)


@pytest.fixture(params=KINDS, ids=lambda make: make.__name__)
async def kind(request: pytest.FixtureRequest) -> AsyncIterator[Kind]:
    async with AsyncExitStack() as stack:
        yield await request.param(stack)


def opened(persona: Persona = MARIA) -> Talk:
    return Talk(id="t-1", language=persona.language, jurisdiction=persona.jurisdiction)


def answered(talk: Talk, agent: str, borrower: str) -> Talk:
    return talk.said(Speaker.AGENT, agent).said(Speaker.BORROWER, borrower)


async def test_it_speaks_hears_and_ends(kind: Kind) -> None:
    agent = kind.make(MARIA)
    assert agent.name
    talk = opened()
    first = await agent.speak(talk, None)
    assert first == HELLO
    talk = answered(talk, first, "I only have an apple left.")
    second = await agent.speak(talk, None)
    assert second is not None
    assert "You said:" in second
    assert "apple" in second
    talk = answered(talk, second, "Goodbye.")
    assert await agent.speak(talk, None) is None
    await agent.aclose()


async def test_a_failure_is_an_agent_error_that_shows_no_key(kind: Kind) -> None:
    agent = kind.make(MARIA)
    talk = answered(opened(), str(await agent.speak(opened(), None)), f"Now {BROKEN}.")
    with pytest.raises(AgentError) as caught:
        await agent.speak(talk, None)
    shown = f"{caught.value} {caught.value.__cause__} {agent!r}"
    assert SECRET not in shown
    assert len(str(caught.value)) > 20
    await agent.aclose()


async def test_it_never_sees_the_hidden_side(kind: Kind) -> None:
    borrower = Borrower(MARIA, PhrasebookVoice(), seed=3)
    agent = kind.make(MARIA)
    played = await converse(borrower, agent, id="t", clock=lambda: 0.0)
    await agent.aclose()
    words = " ".join(turn.text for turn in played.talk.turns)
    secret = [MARIA.story, MARIA.moved_by, MARIA.closed_by, MARIA.summary, *(f.about for f in MARIA.private)]
    secret += [tell for fact in MARIA.private for tell in fact.tell if tell not in words]
    secret += [moment.act.value for moment in played.moments if "_" in moment.act.value]
    reached = "\n".join(kind.seen)
    assert not [hidden for hidden in secret if hidden in reached]
    assert played.ending in (Ending.AGENT_CLOSED, Ending.HUNG_UP)


async def test_many_talks_at_once_stay_apart(kind: Kind) -> None:
    people = [persona_named(name) for name in ("us-maria-delgado", "cn-zhou-min", "us-darren-cole")] * 4
    words: dict[int, str] = {}

    async def call(number: int, persona: Persona) -> None:
        agent = kind.make(persona)
        talk = opened(persona)
        talk = answered(talk, str(await agent.speak(talk, None)), f"apple {number:03}")
        words[number] = str(await agent.speak(talk, None))
        await agent.aclose()

    async with anyio.create_task_group() as tasks:
        for number, persona in enumerate(people):
            tasks.start_soon(call, number, persona)
    for number, said in words.items():
        assert f"{number:03}" in said or said == "You said: an apple a day."
    assert len(words) == len(people)


async def test_it_closes_at_any_time_and_twice(kind: Kind) -> None:
    unused = kind.make(MARIA)
    await unused.aclose()
    agent = kind.make(MARIA)
    await agent.speak(opened(), None)
    await agent.aclose()
    await agent.aclose()


async def test_the_talk_begins_with_the_phone_being_answered(kind: Kind) -> None:
    agent = kind.make(persona_named("cn-zhou-min"))
    await agent.speak(opened(persona_named("cn-zhou-min")), None)
    await agent.aclose()
    assert all(OPENING["zh-CN"] in one for one in kind.seen)
