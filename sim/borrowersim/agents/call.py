"""An agent under test that is Python: a function of (history, context), or an object with `reply`."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.to_thread

from borrowersim.acts import BorrowerAct
from borrowersim.agents.context import Context, context_of, fresh_id, history, spoken_text, turn_number
from borrowersim.agents.faults import fault_in_code, tried
from borrowersim.briefing import Briefing
from borrowersim.errors import AgentError, UsageError
from borrowersim.models.base import Usage
from borrowersim.models.retry import Retry
from borrowersim.talk import Talk

REPLY = "reply"
_CONTEXT_NAMES = ("context", "ctx")


class CallableAgent:
    """Asks a Python object for each turn; synchronous code runs in a thread.

    `target` is a function `(history, context) -> str | None`, sync or async; or a class, or a
    function without arguments (or of `context` alone), which makes an object with such a `reply`
    for each talk. Raises UsageError when it is neither.
    """

    def __init__(
        self,
        target: Any,
        case: Briefing,
        *,
        name: str,
        timeout: float = 60.0,
        retry: Retry | None = None,
        new_id: Callable[[str], str] = fresh_id,
    ) -> None:
        if not callable(target) and not hasattr(target, REPLY):
            raise UsageError(
                f"the agent {name} is {type(target).__name__}; name a function, a class, or an object with `reply`"
            )
        self.name = name
        self.usage = Usage()
        self._target = target
        self._case = case
        self._timeout = timeout
        self._retry = retry or Retry(attempts=3)
        self._new_id = new_id
        self._id = ""
        self._made: Any = None
        self._threads = anyio.CapacityLimiter(1)

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str | None:
        """Return what the object says next; None when it returned None."""
        self._id = self._id or self._new_id(talk.id)
        context = context_of(self._case, self._id, turn_number(talk))
        reply = await self._reply(context)
        said = await tried(self._retry, lambda: self._run(reply, list(history(talk)), context), self.name)
        self.usage += Usage(calls=1)
        return None if said is None else spoken_text(said, self.name)

    async def aclose(self) -> None:
        """Call `aclose` or `close` of an object that was made for this talk."""
        made, self._made = self._made, None
        closing = getattr(made, "aclose", None) or getattr(made, "close", None)
        if closing is not None and made is not self._target:
            await self._result(closing)

    async def _reply(self, context: Context) -> Callable[..., Any]:
        """Return what answers a turn; makes the talk's own object first, where there is one."""
        if self._made is None:
            self._made = await self._make(context) if _makes(self._target) else self._target
        reply = getattr(self._made, REPLY, None) or self._made
        if not callable(reply):
            raise AgentError(
                f"the agent {self.name} made {type(self._made).__name__}, which has no `reply`; give it one"
            )
        called: Callable[..., Any] = reply
        return called

    async def _make(self, context: Context) -> Any:
        try:
            made = self._target(context) if _takes(self._target, 1) else self._target()
            return await made if inspect.isawaitable(made) else made
        except Exception as problem:  # the user's own code raises what it likes
            raise AgentError(str(fault_in_code(problem, self.name))) from None

    async def _run(self, reply: Callable[..., Any], *given: Any) -> Any:
        """Call it once, in time; exceptions become ours."""
        try:
            with anyio.fail_after(self._timeout):
                return await self._result(reply, *given[: 2 if _takes(reply, 2) else 1])
        except TimeoutError:
            raise AgentError(
                f"the agent {self.name} did not answer within {self._timeout:g} seconds; mend it, or raise its timeout"
            ) from None
        except Exception as problem:  # the user's own code raises what it likes
            raise fault_in_code(problem, self.name) from None

    async def _result(self, call: Callable[..., Any], *given: Any) -> Any:
        """Return what a function returns, sync or async; sync code gets a thread of this talk's own."""
        if _is_async(call):
            return await call(*given)
        result = await anyio.to_thread.run_sync(call, *given, abandon_on_cancel=True, limiter=self._threads)
        return await result if inspect.isawaitable(result) else result


def callable_agent(
    target: Callable[..., str | Awaitable[str | None] | None], case: Briefing, name: str = ""
) -> CallableAgent:
    """Return the agent that a Python object is, named after it."""
    return CallableAgent(target, case, name=name or getattr(target, "__name__", type(target).__name__))


def _makes(target: Any) -> bool:
    """Say whether calling it makes an object, rather than a turn."""
    if inspect.isclass(target):
        return True
    if hasattr(target, REPLY) or not inspect.isroutine(target):
        return False
    names = _positional(target)
    return names is not None and (not names or (len(names) == 1 and names[0] in _CONTEXT_NAMES))


def _takes(call: Any, number: int) -> bool:
    """Say whether it takes so many arguments by position; what cannot be looked into is taken to."""
    try:
        inspect.signature(call).bind(*[None] * number)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _positional(call: Any) -> list[str] | None:
    """Return the names of its arguments; None when it takes any number or cannot be looked into."""
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _is_async(call: Any) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004
