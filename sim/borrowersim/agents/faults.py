"""What went wrong with an agent under test, in our words; only faults of the way are tried again."""

import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from borrowersim.errors import AgentError, ServiceDown
from borrowersim.models.faults import connection_reason, is_transport, status_of, without_keys
from borrowersim.models.form import excerpt
from borrowersim.models.retry import RETRIED_STATUS, Retry, TransportFault, retry_after

T = TypeVar("T")
THE_AGENT = "the agent"
_OF_FILES = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError)


async def tried(retry: Retry, call: Callable[[], Awaitable[T]], name: str) -> T:
    """Return what `call` returns; faults of the way are tried again, and end as an AgentError."""
    try:
        return await retry.run(call, name, THE_AGENT)
    except ServiceDown as failure:
        raise AgentError(str(failure)) from None


def fault_in_code(problem: Exception, name: str, keys: Iterable[str] = ()) -> AgentError | TransportFault:
    """Return our error for an exception that an agent's own Python code let through."""
    if isinstance(problem, AgentError):
        return problem
    if passing := _passing(problem, keys):
        return passing
    words = without_keys(excerpt(f"{type(problem).__name__}: {problem}", 300), keys)
    check = f"borrowersim agents check {name} --try us-maria-delgado"
    return AgentError(f"the agent {name} raised {words}{_place(problem)}; mend it there, then try: {check}")


def _passing(problem: Exception, keys: Iterable[str]) -> TransportFault | None:
    """Return the fault of the way that an exception stands for; None when it is another."""
    status = status_of(problem)
    if status is not None:
        if status not in RETRIED_STATUS and status < 500:
            return None
        words = without_keys(excerpt(str(problem), 160), keys)
        return TransportFault(f"{status} {words}", reached=True, after=retry_after(_headers(problem)))
    if isinstance(problem, _OF_FILES) or not is_transport(problem):
        return None
    return TransportFault(connection_reason(problem), advice="start the service that it calls, or mend its address")


def _headers(problem: Exception) -> dict[str, str]:
    """Return the headers of the answer behind an exception, names in lower case."""
    holders = (getattr(problem, "response", None), problem)
    found = next((headers for holder in holders if (headers := getattr(holder, "headers", None))), None)
    return {str(name).lower(): str(value) for name, value in found.items()} if isinstance(found, Mapping) else {}


def _place(problem: BaseException) -> str:
    """Return ` (file.py, line 12)` of the deepest line that is not an installed package's."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and not _ours(frame.filename)]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""


def _ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(Path(__file__).parents[1]) or "/lib/python" in path.as_posix()
