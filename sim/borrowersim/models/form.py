"""The form of an answer: the JSON in it, without fences; the speech in it, without private thought."""

import json
import re
from collections.abc import Iterator
from typing import Any

from borrowersim.errors import BadAnswer

OPEN, CLOSE = "<think>", "</think>"
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL | re.IGNORECASE)


def schema_request(schema: dict[str, Any]) -> str:
    """Return the words that ask for a schema, for services that cannot be held to one."""
    text = json.dumps(schema, ensure_ascii=False)
    return f"Answer with one JSON document that follows this JSON Schema, and with nothing else:\n{text}"


def json_document(text: str) -> str:
    """Return the JSON object or list in an answer; raise BadAnswer when there is none."""
    for candidate in _candidates(text.strip()):
        try:
            document = json.loads(candidate)
        except ValueError:
            continue
        if isinstance(document, dict | list):
            return candidate
    raise BadAnswer(f"the model was asked for JSON and answered {excerpt(text)!r}; raise max_tokens if it was cut off")


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from (found.strip() for found in _FENCE.findall(text))
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=0)
    yield text[start : max(text.rfind("}"), text.rfind("]")) + 1]


def excerpt(text: str, length: int = 160) -> str:
    """Return the text on one line, cut to a length that fits a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def spoken(text: str) -> str:
    """Return the answer without the thought that some models put before it."""
    thoughts = Thoughts()
    return (thoughts.feed(text) + thoughts.rest()).strip()


class Thoughts:
    """Takes a leading `<think>…</think>` out of a stream; a borrower's thought is never sent."""

    def __init__(self) -> None:
        self._held = ""
        self._thought_over = False
        self._speaking = False

    def feed(self, piece: str) -> str:
        """Return what may be shown now of all that came so far."""
        if self._thought_over:
            return self._speech(piece)
        self._held += piece
        start = self._held.lstrip()
        if start.startswith(OPEN) and CLOSE in start:
            return self._let_go(start.split(CLOSE, 1)[1])
        if start.startswith(OPEN) or OPEN.startswith(start):
            return ""
        return self._let_go(self._held)

    def rest(self) -> str:
        """Return what was held back and turned out to be speech; an unfinished thought is dropped."""
        return "" if self._thought_over or self._held.lstrip().startswith(OPEN) else self._let_go(self._held)

    def _let_go(self, text: str) -> str:
        self._thought_over, self._held = True, ""
        return self._speech(text)

    def _speech(self, piece: str) -> str:
        piece = piece if self._speaking else piece.lstrip()
        self._speaking = self._speaking or bool(piece)
        return piece
