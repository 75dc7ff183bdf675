"""Agents in Python: which objects are taken, how they are called, what mistakes in them say."""

import sys
import threading
from pathlib import Path
from typing import Any

import anyio
import pytest

from borrowersim import Speaker, Talk, persona_named
from borrowersim.agents.call import CallableAgent, callable_agent
from borrowersim.agents.context import Context, fresh_id
from borrowersim.agents.imported import imported
from borrowersim.briefing import briefing
from borrowersim.errors import AgentError, UsageError
from borrowersim.models.retry import Retry

pytestmark = pytest.mark.anyio
MARIA = persona_named("us-maria-delgado")
TALK = Talk(id="t-1", language=MARIA.language, jurisdiction=MARIA.jurisdiction)
LATER = TALK.said(Speaker.AGENT, "Hello.").said(Speaker.BORROWER, "Who is this?")


def agent(target: Any, **options: Any) -> CallableAgent:
    return CallableAgent(target, briefing(MARIA), name="mine", new_id=lambda talk: f"{talk}-new", **options)


async def test_a_function_gets_the_words_and_the_case() -> None:
    given: list[Any] = []

    def reply(history: list[dict[str, str]], context: Context) -> str:
        given.append((history, context))
        return f"Is that {context.case['full_name']}?"

    assert await agent(reply).speak(LATER, None) == "Is that Maria Delgado?"
    history, context = given[0]
    assert [message["role"] for message in history] == ["user", "assistant", "user"]
    assert (context.conversation_id, context.turn, context.language, context.jurisdiction) == ("t-1-new", 2, "en", "us")
    assert ("Days overdue", "164") in context.briefing
    assert "Days overdue: 164" in context.card


async def test_synchronous_code_runs_beside_the_event_loop() -> None:
    threads = []

    def reply(history: Any) -> str:
        threads.append(threading.current_thread())
        return "x"

    await agent(reply).speak(TALK, None)
    assert threads[0] is not threading.main_thread()


class Counts:
    """Made for each talk; without the context."""

    closed: list[str] = []  # noqa: RUF012

    def __init__(self) -> None:
        self.turns = 0

    def reply(self, history: Any) -> str:
        self.turns += 1
        return f"turn {self.turns}"

    def close(self) -> None:
        self.closed.append("yes")


class Instance:
    async def reply(self, history: Any, context: Context) -> str:
        return f"for {context.conversation_id}"


class Called:
    async def __call__(self, history: Any, context: Context) -> str:
        return "called"


def factory(context: Context) -> Any:
    return lambda history: f"made for {context.language}"


async def afactory() -> Any:
    return Counts()


async def test_a_class_is_made_for_each_talk_and_closed_with_it() -> None:
    Counts.closed.clear()
    one, other = agent(Counts), agent(Counts)
    assert [await one.speak(TALK, None), await one.speak(LATER, None)] == ["turn 1", "turn 2"]
    assert await other.speak(TALK, None) == "turn 1"
    await one.aclose()
    assert Counts.closed == ["yes"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (Instance(), "for t-1-new"),
        (Called(), "called"),
        (factory, "made for en"),
        (afactory, "turn 1"),
        (lambda *given: f"{len(given)} arguments", "2 arguments"),
        (lambda history, context, more=1: "defaults", "defaults"),
    ],
)
async def test_other_forms(target: Any, says: str) -> None:
    made = agent(target)
    assert await made.speak(TALK, None) == says
    await made.aclose()


async def test_none_ends_the_talk() -> None:
    assert await agent(lambda history: None).speak(TALK, None) is None


async def test_a_mistake_names_the_file_and_the_line() -> None:
    def reply(history: Any) -> str:
        raise KeyError("balance")

    with pytest.raises(AgentError, match=r"mine raised KeyError: 'balance' \(test_agents_python.py, line \d+\)"):
        await agent(reply).speak(TALK, None)


async def test_a_mistake_in_a_constructor_is_an_agent_error() -> None:
    class Broken:
        def __init__(self) -> None:
            raise ValueError("no model")

    with pytest.raises(AgentError, match="ValueError: no model"):
        await agent(Broken).speak(TALK, None)


async def test_a_made_object_needs_a_reply() -> None:
    class Useless:
        pass

    with pytest.raises(AgentError, match="made Useless, which has no `reply`"):
        await agent(Useless).speak(TALK, None)


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(UsageError, match="is int; name a function"):
        agent(3)


@pytest.mark.parametrize("wrong", [3, b"x", ["a"], "  "])
async def test_only_text_is_taken(wrong: Any) -> None:
    with pytest.raises(AgentError, match=r"not text|empty text"):
        await agent(lambda history: wrong).speak(TALK, None)


async def test_code_that_hangs_is_given_up() -> None:
    async def hang(history: Any) -> str:
        await anyio.sleep(60)
        return "x"

    with pytest.raises(AgentError, match=r"did not answer within 0\.05 seconds"):
        await agent(hang, timeout=0.05).speak(TALK, None)


class Busy(Exception):
    """As client libraries raise it."""

    status_code = 429
    headers = {"Retry-After": "3"}  # noqa: RUF012


class Refused(Exception):
    status_code = 400


async def test_only_faults_of_the_way_are_tried_again() -> None:
    slept: list[float] = []
    problems: list[Exception] = [Busy("slow down"), ConnectionResetError("gone")]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def reply(history: Any) -> str:
        if problems:
            raise problems.pop(0)
        return "at last"

    retry = Retry(attempts=3, sleep=sleep)
    assert await agent(reply, retry=retry).speak(TALK, None) == "at last"
    assert 3 <= slept[0] <= 4
    for problem in (Refused("bad"), FileNotFoundError("prompt.txt"), ValueError("x")):
        slept.clear()
        problems[:] = [problem]
        with pytest.raises(AgentError):
            await agent(reply, retry=retry).speak(TALK, None)
        assert slept == []


async def test_a_way_that_stays_broken_ends_the_talk() -> None:
    async def reply(history: Any) -> str:
        raise ConnectionRefusedError(111, "refused")

    with pytest.raises(AgentError, match=r"the agent mine could not be reached after 1 try .connection refused."):
        await agent(reply, retry=Retry(attempts=1)).speak(TALK, None)


async def test_an_agent_is_named_after_its_function() -> None:
    assert callable_agent(factory, briefing(MARIA)).name == "factory"
    assert fresh_id("t") != fresh_id("t")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("mine_a", "mine_b"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def test_a_module_of_the_current_folder(folder: Path) -> None:
    (folder / "mine_a.py").write_text("class Desk:\n    def reply(history): return 'a'\n", "utf-8")
    assert imported("mine_a:Desk.reply")([]) == "a"
    del sys.modules["mine_a"]


def test_a_file_with_a_neighbour_is_imported_once(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "mine_b.py").write_text("WORDS = 'b'\n", "utf-8")
    (folder / "sub" / "bot.py").write_text(
        "from mine_b import WORDS\nmade = []\ndef reply(history): return WORDS\n", "utf-8"
    )
    assert imported("sub/bot.py:reply")([]) == "b"
    imported("sub/bot.py:made").append(1)
    assert imported(f"{folder}/sub/bot.py:made") == [1]
    del sys.modules["mine_b"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("nothing", "names no Python object"),
        ("no_such_module:x", "there is no module 'no_such_module' in {folder}"),
        ("no.such:x", "there is no module 'no.such'"),
        ("gone.py:x", r"there is no file gone\.py in {folder}"),
        ("broken.py:x", "'broken.py' was found, but importing it failed: ZeroDivisionError"),
        ("broken:x", "'broken' was found, but importing it failed: ZeroDivisionError"),
        ("needs:x", "'needs' was found, but importing it failed: ModuleNotFoundError: No module named 'not_here'"),
        ("fine.py:replly", "has no 'replly'; it has: reply"),
        ("empty.py:reply", "it has nothing that can be called"),
    ],
)
def test_what_cannot_be_imported_is_named(folder: Path, spec: str, says: str) -> None:
    (folder / "broken.py").write_text("1 / 0\n", "utf-8")
    (folder / "needs.py").write_text("import not_here\n", "utf-8")
    (folder / "fine.py").write_text("def reply(history): ...\n", "utf-8")
    (folder / "empty.py").write_text("", "utf-8")
    with pytest.raises(UsageError, match=says.format(folder=folder)):
        imported(spec)
