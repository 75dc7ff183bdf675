"""Where in a JSON answer something stands: `choices.0.message.content`, `/choices/0/message/content`, or `.`."""

from typing import Any

from borrowersim.errors import AgentError
from borrowersim.models.form import excerpt

WHOLE = "."
"""The path of the whole answer."""


class Absent(LookupError):
    """There is nothing at a path; the message says how far it leads."""


def steps(path: str) -> list[str]:
    """Return the steps of a dotted path or a JSON Pointer (RFC 6901)."""
    if path in (WHOLE, ""):
        return []
    if path.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    return path.split(".")


def found(document: Any, path: str) -> Any:
    """Return what stands at a path; raise Absent when nothing does."""
    here, walked = document, list[str]()
    for step in steps(path):
        here = _child(here, step, ".".join(walked) or "the answer")
        walked.append(step)
    return here


def found_in(document: Any, path: str, name: str, field: str) -> Any:
    """Return what stands at the path that `field` of a definition names; raise AgentError when nothing does."""
    try:
        return found(document, path)
    except Absent as absent:
        raise AgentError(
            f"the agent {name} answered without {path!r}: {absent}; change `{field}` in its definition, or its answer"
        ) from None


def _child(here: Any, step: str, place: str) -> Any:
    if isinstance(here, dict):
        if step in here:
            return here[step]
        raise Absent(f"{place} has only {excerpt(', '.join(map(str, here)) or 'nothing', 120)}")
    if isinstance(here, list):
        if step.lstrip("-").isdigit() and -len(here) <= int(step) < len(here):
            return here[int(step)]
        raise Absent(f"{place} is a list of {len(here)}, which has no {step!r}")
    raise Absent(f"{place} is {excerpt(repr(here), 60)}")
