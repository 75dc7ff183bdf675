"""The borrower the other way round: a simulated user for other frameworks, as a callable or a Runnable."""

import asyncio
import threading
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from borrowersim.agents.context import LONGEST, OPENING
from borrowersim.borrower import Borrower
from borrowersim.engine import Call
from borrowersim.errors import UsageError
from borrowersim.models.form import excerpt
from borrowersim.persona import Dials, Persona
from borrowersim.record import Played
from borrowersim.talk import Ending, Talk
from borrowersim.voices.base import Voice

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

T = TypeVar("T")
CLOSED = {"en": "(The line is dead.)", "zh-CN": "（电话已挂断。）", "zh-TW": "（電話已掛斷。）"}
"""What is answered after the borrower has ended the talk."""
DEFAULT_THREAD = "default"


class SimulatedBorrower:
    """Plays one persona in any number of conversations, each known by its `thread_id`.

    `reply(agent, thread_id=...)` answers, `areply` does the same for async code; calling the
    object itself answers as the simulated user of a framework, with a message. `agent` is the
    agent's turn as a string or message, or the whole conversation: a list of messages, or a
    mapping with "messages". Given a whole conversation, turns that were taken back are taken
    back here as well. Safe to use from many threads and event loops: all work is done in one
    event loop of its own.
    """

    def __init__(self, persona: Persona, voice: Voice, *, seed: int = 0, dials: Dials | None = None) -> None:
        self.borrower = Borrower(persona, voice, seed=seed, dials=dials)
        self._calls: dict[str, Call] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._worker = _Worker()
        weakref.finalize(self, self._worker.stop)

    @property
    def persona(self) -> Persona:
        return self.borrower.persona

    def reply(self, agent: Any = None, *, thread_id: str = DEFAULT_THREAD) -> str:
        """Return the borrower's answer; before the agent has said anything, that the phone is answered.

        Raises ModelError when the voice's service fails; then nothing has changed.
        """
        return self._worker.begin(self._answer(agent_lines(agent), thread_id)).result()

    async def areply(self, agent: Any = None, *, thread_id: str = DEFAULT_THREAD) -> str:
        """Do what `reply` does, for async code."""
        return await asyncio.wrap_future(self._worker.begin(self._answer(agent_lines(agent), thread_id)))

    def __call__(self, agent: Any = None, *, thread_id: str = DEFAULT_THREAD, **_: Any) -> dict[str, str]:
        """Return the borrower's answer as a user's message, as openevals and its like want it."""
        return _user(self.reply(agent, thread_id=thread_id))

    async def acall(self, agent: Any = None, *, thread_id: str = DEFAULT_THREAD, **_: Any) -> dict[str, str]:
        """Do what calling the object does, for async code."""
        return _user(await self.areply(agent, thread_id=thread_id))

    def ending(self, thread_id: str = DEFAULT_THREAD) -> Ending | None:
        """Return how the borrower ended this talk; None while it goes on."""
        call = self._calls.get(thread_id)
        return call.ending if call else None

    def is_over(self, thread_id: str = DEFAULT_THREAD) -> bool:
        """Say whether the borrower has ended this talk."""
        return self.ending(thread_id) is not None

    def talk(self, thread_id: str = DEFAULT_THREAD) -> Talk:
        """Return the talk as it stands, ready for a judge."""
        return self._call(thread_id).talk

    def played(self, thread_id: str = DEFAULT_THREAD, *, agent: str = "agent") -> Played:
        """Return the record of the talk: words, hidden states, ending."""
        call = self._call(thread_id)
        return call.played(agent, ending=None if call.ending else Ending.AGENT_CLOSED)

    def forget(self, thread_id: str = DEFAULT_THREAD) -> None:
        """Let go of a conversation; its id begins anew."""
        self._calls.pop(thread_id, None)
        self._locks.pop(thread_id, None)

    def close(self) -> None:
        """Let go of the voice's model and of the event loop; the object cannot answer any more."""
        if self._worker.running:
            self._worker.begin(self.borrower.voice.aclose()).result()
        self._worker.stop()

    def __enter__(self) -> "SimulatedBorrower":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def as_runnable(self) -> "Runnable[Any, Any]":
        """Return a LangChain Runnable, fit as a node of a graph.

        A string gives a string; a message or a list of messages gives a HumanMessage; a state
        with "messages" gives {"messages": [HumanMessage]}. The conversation is
        `config["configurable"]["thread_id"]`.
        """
        from langchain_core.runnables import RunnableConfig, RunnableLambda

        # Bound to `self` by name and typed: LangChain hands over the config by the argument's type.
        def invoke(given: Any, config: RunnableConfig) -> Any:
            return _like(given, self.reply(given, thread_id=_thread(config)))

        async def ainvoke(given: Any, config: RunnableConfig) -> Any:
            return _like(given, await self.areply(given, thread_id=_thread(config)))

        return RunnableLambda(invoke, ainvoke, name=f"borrower_{self.persona.id}")

    async def _answer(self, said: "str | list[str]", thread_id: str) -> str:
        """Answer inside the loop, one turn of a conversation at a time."""
        async with self._locks.setdefault(thread_id, asyncio.Lock()):
            call = self._calls.get(thread_id) or Call(self.borrower, id=thread_id[:200] or DEFAULT_THREAD)
            self._calls[thread_id] = call
            call, text = (call, said) if isinstance(said, str) else caught_up(call, said)
            if not text.strip():
                return OPENING[self.persona.language]
            if len(text) > LONGEST:
                raise UsageError(f"the agent said {len(text)} characters in one turn; a turn holds {LONGEST}")
            if call.ending is not None:
                return CLOSED[self.persona.language]
            answer = await call.hear(text)
            self._calls[thread_id] = call
            return answer.text

    def _call(self, thread_id: str) -> Call:
        if thread_id not in self._calls:
            known = excerpt(", ".join(self._calls), 120) or "none yet"
            raise UsageError(f"there is no conversation {thread_id!r}; there are: {known}")
        return self._calls[thread_id]


class _Worker:
    """An event loop in a thread of its own, so that connections stay in one loop whoever asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self._loop is not None

    def begin(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="borrower", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        if thread is not threading.current_thread():
            thread.join()
            loop.close()


def caught_up(call: Call, said: Sequence[str]) -> tuple[Call, str]:
    """Return the call as far as a conversation agrees with it, and what the agent said since.

    Without anything new the last turn is answered again; the same state gives the same choice.
    """
    heard = [text for _, text in call.talk.agent_turns()]
    same = next((i for i, (a, b) in enumerate(zip(heard, said, strict=False)) if a != b), min(len(heard), len(said)))
    same = min(same, len(said) - 1) if said else 0
    return (call.rewound(same) if same < len(heard) else call), "\n".join(said[same:])


def agent_lines(given: Any) -> str | list[str]:
    """Return what the agent said: one turn, or all of its turns when a whole conversation is given.

    Raises UsageError for what is neither.
    """
    if given is None or isinstance(given, str):
        return given or ""
    if isinstance(given, Mapping) and "messages" in given:
        given = given["messages"]
    if isinstance(given, Sequence):
        return [_content(message) for message in given if _role(message) in ("assistant", "ai", "AIMessageChunk")]
    return _content(given)


def _role(message: Any) -> str:
    if isinstance(message, Mapping):
        return str(message.get("role", ""))
    return str(getattr(message, "role", None) or getattr(message, "type", ""))


def _content(message: Any) -> str:
    """Return the words of a message in any of the usual shapes."""
    content = message.get("content") if isinstance(message, Mapping) else getattr(message, "content", None)
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        parts = (part if isinstance(part, str) else part.get("text", "") for part in content)
        return "".join(str(part) for part in parts)
    raise UsageError(
        f"{excerpt(repr(message), 80)} is no turn of an agent; give a string, a message with `content`, "
        "or a list of messages"
    )


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _thread(config: Mapping[str, Any]) -> str:
    return str(config.get("configurable", {}).get("thread_id", DEFAULT_THREAD))


def _like(given: Any, text: str) -> Any:
    """Return the words in the shape that they were asked in."""
    if given is None or isinstance(given, str):
        return text
    from langchain_core.messages import HumanMessage

    return (
        {"messages": [HumanMessage(text)]} if isinstance(given, Mapping) and "messages" in given else HumanMessage(text)
    )
