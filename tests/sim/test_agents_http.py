"""Agents behind plain JSON over HTTP: what is sent, what is taken from the answer, what failures say."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from aiohttp import web

from borrowersim import Speaker, Talk, persona_named
from borrowersim.agents.answers import Absent, found
from borrowersim.agents.context import case_fields
from borrowersim.agents.definition import HttpDefinition
from borrowersim.agents.http import HttpAgent
from borrowersim.agents.pool import Pool
from borrowersim.agents.template import CASE_FIELDS, filled, filled_url
from borrowersim.briefing import briefing
from borrowersim.errors import AgentError, UsageError
from borrowersim.models.retry import Retry
from tests.sim.services import Answer, Asked, Service, served

pytestmark = pytest.mark.anyio
MARIA = persona_named("us-maria-delgado")
KEY = "tok-123456-abcdef"
TALK = Talk(id="t-1", language=MARIA.language, jurisdiction=MARIA.jurisdiction)
LATER = TALK.said(Speaker.AGENT, "Hello.").said(Speaker.BORROWER, "Who is this?")


@asynccontextmanager
async def agent_at(
    answer: Answer, path: str = "/chat", **fields: Any
) -> AsyncIterator[tuple[HttpAgent, Service, list[float]]]:
    """Serve `answer` and yield an agent that asks it, the service, and how long the agent slept between tries."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with served(answer) as service:
        for call in ("start", "close"):
            if call in fields:
                fields[call] = {**fields[call], "url": service.url + fields[call]["url"]}
        definition = HttpDefinition.model_validate({"url": service.url + path, **fields})
        agent = HttpAgent(
            definition,
            briefing(MARIA),
            name="mine.yaml",
            env={"TOKEN": KEY},
            retry=Retry(attempts=definition.tries, sleep=sleep),
            new_id=lambda talk: f"{talk}-new",
        )
        try:
            yield agent, service, slept
        finally:
            await agent.aclose()


async def test_a_minimal_definition_sends_all_that_an_agent_may_know() -> None:
    async with agent_at(lambda asked: {"reply": " Good day. "}) as (agent, service, _):
        assert await agent.speak(LATER, None) == "Good day."
    body = service.asked[0].body
    assert service.asked[0].method == "POST"
    assert body == {
        "conversation_id": "t-1-new",
        "turn": 2,
        "language": "en",
        "message": "Who is this?",
        "history": [
            {"role": "user", "content": "(The phone is answered.)"},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "Who is this?"},
        ],
        "case": case_fields(briefing(MARIA)),
    }
    assert body["case"]["balance"] == 2310.0
    assert agent.usage.calls == 1


async def test_a_template_keeps_lists_and_numbers_and_writes_them_into_longer_texts() -> None:
    body = {
        "messages": "{history}",
        "meta": {"n": "{turn}", "who": "{case.full_name}, {case.balance} {case.currency}", "raw": "{{turn}}"},
        "fixed": [1, True, None, "{language}"],
    }
    async with agent_at(lambda asked: {"reply": "Yes."}, body=body) as (agent, service, _):
        await agent.speak(TALK, None)
    assert service.asked[0].body == {
        "messages": [{"role": "user", "content": "(The phone is answered.)"}],
        "meta": {"n": 1, "who": "Maria Delgado, 2310.0 USD", "raw": "{turn}"},
        "fixed": [1, True, None, "en"],
    }


def test_every_field_of_the_case_has_a_slot() -> None:
    assert set(CASE_FIELDS) == set(case_fields(briefing(MARIA)))


def test_a_value_cannot_change_an_address_or_become_a_slot() -> None:
    assert filled_url("http://h/{conversation_id}/x", {"conversation_id": "../a?b"}) == "http://h/..%2Fa%3Fb/x"
    assert filled("a {message}", {"message": "{turn}", "turn": 1}) == "a {turn}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("choices.0.message.content", "x"),
        ("/choices/0/message/content", "x"),
        ("choices.-1.message.content", "x"),
        ("/a~1b", 1),
    ],
)
def test_paths_are_dotted_or_json_pointers(path: str, value: Any) -> None:
    assert found({"choices": [{"message": {"content": "x"}}], "a/b": 1}, path) == value


@pytest.mark.parametrize(
    ("path", "says"),
    [("b", "the answer has only a"), ("a.3", "a is a list of 1"), ("a.0.x", "a.0 is 1"), ("a.x", "which has no 'x'")],
)
def test_a_missing_path_says_how_far_it_leads(path: str, says: str) -> None:
    with pytest.raises(Absent, match=says):
        found({"a": [1]}, path)


async def test_the_key_comes_from_the_environment_and_is_in_no_message() -> None:
    def refuse(asked: Asked) -> web.Response:
        return web.Response(status=403, text=f"no: {asked.headers['X-Api-Key']} {asked.headers['Authorization']}")

    headers = {"X-Api-Key": "${TOKEN}", "Authorization": "Bearer literal-key-9"}
    async with agent_at(refuse, headers=headers) as (agent, service, _):
        with pytest.raises(AgentError, match=r"refused the turn \(403: no: \[key\].*check the key in TOKEN") as caught:
            await agent.speak(TALK, None)
    assert service.asked[0].headers["X-Api-Key"] == KEY
    assert KEY not in str(caught.value)
    assert "literal-key-9" not in str(caught.value)


def test_a_variable_that_is_not_set_is_named() -> None:
    definition = HttpDefinition(url="http://localhost/x", headers={"K": "${NOT_THERE}"})
    with pytest.raises(UsageError, match=r"a\.yaml needs the environment variable NOT_THERE"):
        HttpAgent(definition, briefing(MARIA), name="a.yaml", env={})


async def test_a_busy_service_is_tried_again_after_the_time_it_asks_for() -> None:
    answers = iter([web.Response(status=429, headers={"Retry-After": "7"}), web.Response(status=503), {"reply": "Hi."}])
    async with agent_at(lambda asked: next(answers)) as (agent, service, slept):
        assert await agent.speak(TALK, None) == "Hi."
    assert len(service.asked) == 3
    assert 7 <= slept[0] <= 8
    assert slept[1] < 7


async def test_a_service_that_stays_away_is_named_with_what_to_do() -> None:
    async with agent_at(lambda asked: {"reply": "x"}, tries=2) as (_, service, _slept):
        url = service.url
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    agent = HttpAgent(HttpDefinition(url=url), briefing(MARIA), name="a.yaml", retry=Retry(attempts=2, sleep=sleep))
    with pytest.raises(AgentError, match=r"the agent a\.yaml could not be reached after 2 tries .*start it, or change"):
        await agent.speak(TALK, None)
    await agent.aclose()
    assert len(slept) == 1


async def test_a_slow_service_is_given_up() -> None:
    async def dawdle(asked: Asked) -> Any:
        await anyio.sleep(30)

    async with agent_at(dawdle, timeout=0.2, tries=1) as (agent, _, _slept):
        with pytest.raises(AgentError, match="no answer in time"):
            await agent.speak(TALK, None)


@pytest.mark.parametrize(
    ("answer", "fields", "says"),
    [
        ({"text": "x"}, {}, r"without 'reply': the answer has only text; change `reply`"),
        ({"reply": 3}, {}, "which is not text"),
        ({"reply": " "}, {}, "empty text"),
        ({"reply": "x" * 20_001}, {}, "20001 characters"),
        (web.Response(text="<html>hello</html>"), {}, "did not answer in JSON, but with '<html>"),
        (web.Response(status=404), {}, "check `url` and `method`"),
        (web.Response(status=422, text="bad body"), {}, r"\(422: bad body\); check `body`"),
        (web.Response(status=401), {}, "give it a key under `headers`"),
        (web.Response(status=302, headers={"Location": "/other"}), {}, "redirects to /other"),
        ({"reply": "x"}, {"conversation_id": "id"}, "without 'id'.*change `conversation_id`"),
        ({"reply": "x", "id": [1]}, {"conversation_id": "id"}, r"gave \[1\] as the id"),
        (web.Response(body=b"x" * 4_100_000), {}, "more than 4000000 bytes"),
    ],
)
async def test_what_is_wrong_with_an_answer_is_said(answer: Any, fields: dict[str, Any], says: str) -> None:
    async with agent_at(lambda asked: answer, **fields) as (agent, service, slept):
        with pytest.raises(AgentError, match=says):
            await agent.speak(TALK, None)
    assert slept == []
    assert len(service.asked) == 1


async def test_a_service_gives_the_talk_an_id_in_its_first_answer() -> None:
    async with agent_at(lambda asked: {"reply": "x", "id": 42}, conversation_id="id") as (agent, service, _):
        await agent.speak(TALK, None)
        await agent.speak(LATER, None)
    assert [body["conversation_id"] for body in service.bodies()] == [None, "42"]


async def test_a_talk_is_started_and_closed_where_the_service_wants_it() -> None:
    def answer(asked: Asked) -> Any:
        if asked.path == "/sessions":
            return {"session": {"id": "s/1"}, "greeting": "Welcome."}
        return {"reply": "Yes."} if asked.method == "PUT" else web.Response(status=204)

    async with agent_at(
        answer,
        path="/sessions/{conversation_id}/turns?lang={language}",
        method="PUT",
        body='{"text": "{message}"}',
        start={"url": "/sessions", "body": {"case": "{case}"}, "conversation_id": "session.id", "reply": "greeting"},
        close={"url": "/sessions/{conversation_id}", "method": "DELETE", "headers": {"K": "${TOKEN}"}},
    ) as (agent, service, _):
        assert await agent.speak(TALK, None) == "Welcome."
        assert await agent.speak(LATER, None) == "Yes."
        await agent.aclose()
        await agent.aclose()
        assert await agent.speak(LATER, None) is None
    assert [(a.method, a.path, a.query) for a in service.asked] == [
        ("POST", "/sessions", ""),
        ("PUT", "/sessions/s/1/turns", "lang=en"),
        ("DELETE", "/sessions/s/1", ""),
    ]
    assert service.asked[0].body["case"]["full_name"] == "Maria Delgado"
    assert service.asked[1].body == {"text": "Who is this?"}
    assert service.asked[2].headers["K"] == KEY


async def test_a_failing_close_is_logged_and_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    def answer(asked: Asked) -> Any:
        return web.Response(status=400, text=KEY) if asked.path == "/bye" else {"reply": "x"}

    close = {"url": "/bye", "headers": {"K": "${TOKEN}"}}
    async with agent_at(answer, close=close) as (agent, _, _slept):
        await agent.speak(TALK, None)
        await agent.aclose()
    assert "refused the turn (400" in caplog.text
    assert KEY not in caplog.text


async def test_the_agent_says_its_last_words_before_it_hangs_up() -> None:
    answers = iter([{"reply": "Hi.", "state": "open"}, {"reply": "Goodbye.", "state": "over"}])
    async with agent_at(lambda asked: next(answers), end={"path": "state", "value": "over"}) as (agent, service, _):
        assert await agent.speak(TALK, None) == "Hi."
        assert await agent.speak(LATER, None) == "Goodbye."
        assert await agent.speak(LATER, None) is None
    assert len(service.asked) == 2


async def test_an_end_without_words_ends_at_once() -> None:
    async with agent_at(lambda asked: {"done": True}, end={"path": "done"}) as (agent, _, _slept):
        assert await agent.speak(TALK, None) is None


async def test_plain_text_is_taken_whole() -> None:
    async with agent_at(lambda asked: web.Response(text="Good day."), reply=".", method="GET") as (agent, service, _):
        assert await agent.speak(TALK, None) == "Good day."
    assert service.asked[0].body is None
    async with agent_at(lambda asked: web.Response(status=204), reply=".") as (agent, _, _slept):
        assert await agent.speak(TALK, None) is None


async def test_cost_is_counted_where_the_service_tells_it() -> None:
    answer = {"reply": "x", "usage": {"in": 11, "out": 4}}
    paths = {"prompt_tokens": "usage.in", "completion_tokens": "usage.out"}
    async with agent_at(lambda asked: answer, usage=paths) as (agent, _, _slept):
        await agent.speak(TALK, None)
        await agent.speak(LATER, None)
    assert (agent.usage.calls, agent.usage.prompt_tokens, agent.usage.completion_tokens) == (2, 22, 8)


async def test_talks_share_connections_but_not_cookies() -> None:
    def answer(asked: Asked) -> web.Response:
        response = web.json_response({"reply": f"cookie {asked.cookies.get('session', 'none')}"})
        response.set_cookie("session", asked.body["conversation_id"])
        return response

    async with served(answer) as service:
        pool, definition = Pool(), HttpDefinition(url=f"{service.url}/chat")
        make: Callable[[int], HttpAgent] = lambda n: HttpAgent(  # noqa: E731
            definition, briefing(MARIA), name="a", pool=pool, new_id=lambda talk: f"{talk}-{n}"
        )
        agents = [make(n) for n in range(20)]
        first = [await agent.speak(TALK, None) for agent in agents]
        second = [await agent.speak(LATER, None) for agent in agents]
        for agent in agents:
            await agent.aclose()
        await pool.aclose()
        assert len(service.peers) == 1
    assert set(first) == {"cookie none"}
    assert second == [f"cookie t-1-{n}" for n in range(20)]
