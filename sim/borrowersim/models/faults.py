"""What went wrong with a model service, in our words: every library's errors end here."""

import errno
import os
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError
from urllib.parse import urlsplit

from borrowersim.errors import BadAnswer, BorrowerSimError, UsageError
from borrowersim.models.form import excerpt
from borrowersim.models.retry import RETRIED_STATUS, TransportFault, retry_after

_CONNECTION_WORDS = ("Connect", "Timeout", "Network", "Protocol", "Disconnected", "ReadError", "WriteError", "Payload")
_KEY_LIKE = re.compile(r"\b(?:sk|pk|gsk|xai|AIza)[-_][-_*\w]{6,}|\bBearer\s+\S+")
"""Some services repeat a refused key in their answer."""


@dataclass(frozen=True)
class Service:
    """Whom a model object talks to, as its messages name it. The key is kept only to hide it."""

    where: str
    """For example `at http://127.0.0.1:8000/v1`."""
    model: str
    key: str = field(default="", repr=False)
    key_variable: str = "OPENAI_API_KEY"
    address_option: str = "OPENAI_BASE_URL"

    def fault(self, problem: Exception) -> BorrowerSimError | TransportFault:
        """Return our error for a library's error; transport faults are worth another try."""
        status = status_of(problem)
        if status is not None:
            return self._refusal(status, problem)
        if isinstance(problem, JSONDecodeError | UnicodeDecodeError):
            return BadAnswer(self.no_answer())
        if is_transport(problem):
            return TransportFault(connection_reason(problem), advice=f"start it or change {self.address_option}")
        return BadAnswer(f"the model service {self.where} failed: {self.words(problem)}")

    def no_answer(self) -> str:
        """Return the message for an answer that is no chat completion at all, such as a web page."""
        return (
            f"the model service {self.where} did not answer in the form of an OpenAI-compatible service; "
            f"check {self.address_option}: such an address often ends in /v1"
        )

    def broken_off(self, problem: Exception) -> TransportFault | BorrowerSimError:
        """Return our error for a stream that ended early."""
        if status_of(problem) is None and is_transport(problem):
            return TransportFault(f"the answer broke off, {connection_reason(problem)}", reached=True)
        return self.fault(problem)

    def words(self, problem: Exception) -> str:
        """Return the service's own words on one line, without the key."""
        body = getattr(problem, "body", None)
        message = body.get("message") if isinstance(body, Mapping) else None
        text = excerpt(str(message or getattr(problem, "message", None) or problem), 300)
        return without_keys(text, (self.key,))

    def _refusal(self, status: int, problem: Exception) -> BorrowerSimError | TransportFault:
        words = self.words(problem)
        if status == 402 or getattr(problem, "code", None) == "insufficient_quota":
            return UsageError(f"the model service {self.where} has no credit left for this key: {words}; top it up")
        if status in (401, 403):
            return UsageError(
                f"the model service {self.where} refused the key ({status}: {words}); "
                f"set {self.key_variable} to a key that may use {self.model!r}"
            )
        if status == 404:
            return UsageError(
                f"the model service {self.where} does not know the model {self.model!r} ({words}); "
                f"change the model's name, or {self.address_option} if the address is wrong"
            )
        if status in RETRIED_STATUS or status >= 500:
            return self._busy(status, words, problem)
        return BadAnswer(f"the model service {self.where} refused the request ({status}): {words}")

    def _busy(self, status: int, words: str, problem: Exception) -> TransportFault:
        headers = getattr(getattr(problem, "response", None), "headers", None) or {}
        advice = "lower the concurrency or raise the service's limit" if status == 429 else ""
        return TransportFault(f"{status} {words}", reached=True, after=retry_after(headers), advice=advice)


def is_transport(problem: BaseException) -> bool:
    """Return whether an error without a status is one of the connection.

    Client libraries do not share a base class for these, but they name them alike.
    """
    if isinstance(problem, OSError | TimeoutError):
        return True
    return any(word in kind.__name__ for kind in type(problem).__mro__ for word in _CONNECTION_WORDS)


def connection_reason(problem: BaseException) -> str:
    """Return in a few words why a connection failed, from the deepest cause that says so."""
    causes = list(_causes(problem))
    for cause in reversed(causes):
        if reason := _reason(cause):
            return reason
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return "no answer in time"
    return "connection lost"


def _reason(cause: BaseException) -> str:
    kind = type(cause).__name__
    if isinstance(cause, socket.gaierror):
        return "host name not found"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    if "Disconnected" in kind:
        return "connection closed by the service"
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno in errno.errorcode:
        return os.strerror(cause.errno).lower()
    return ""


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or problem.__context__


def without_keys(text: str, keys: Iterable[str] = ()) -> str:
    """Return the text with these keys, and whatever looks like one, hidden."""
    for key in filter(None, keys):
        text = text.replace(key, "[key]")
    return _KEY_LIKE.sub("[key]", text)


def status_of(problem: BaseException) -> int | None:
    """Return the HTTP status that a library's error carries; None when it carries none."""
    for holder in (problem, getattr(problem, "response", None)):
        for name in ("status_code", "http_status", "status", "code"):
            status = getattr(holder, name, None)
            if isinstance(status, int) and 300 <= status < 600:
                return status
    return None


def check_address(url: str) -> None:
    """Raise UsageError unless a base URL can be one; the message shows no password."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{excerpt(url, 80)!r} is not an address; a base URL looks like https://api.openai.com/v1")
    if parts.username is not None:
        raise UsageError("a base URL holds no user name or password; give them to the service as its API key")
