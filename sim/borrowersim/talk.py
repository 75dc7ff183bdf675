"""A talk: who said what, in which language, under which law, and what is known of it.

These are the fields of a talk file: JSON, one talk a document, or one a line (JSONL).
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.documents import check, read_text
from borrowersim.errors import UsageError

LONGEST_ID, LONGEST_TURN = 200, 20_000
"""Characters."""


class Language(StrEnum):
    """The three first languages."""

    EN = "en"
    ZH_CN = "zh-CN"
    ZH_TW = "zh-TW"

    @property
    def chinese(self) -> bool:
        return self is not Language.EN

    @property
    def stem(self) -> str:
        """Name of the files that work on folded text: both Chinese scripts share theirs."""
        return "zh" if self.chinese else "en"


class Jurisdiction(StrEnum):
    """Whose law applies."""

    US = "us"
    CN = "cn"
    TW = "tw"
    HK = "hk"
    UK = "uk"


class Speaker(StrEnum):
    """Who speaks a turn; `other` is anybody else who picks up or stands beside."""

    AGENT = "agent"
    BORROWER = "borrower"
    OTHER = "other"


class Turn(BaseModel):
    """One utterance. Its place in a talk is the talk's business."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speaker: Speaker
    text: Annotated[str, Field(max_length=LONGEST_TURN)]


class Facts(BaseModel):
    """What is known about a talk besides its words. None means not known: never guessed."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    answered_by: Literal["borrower", "third_party", "unknown"] | None = None
    """Who is on the line."""
    local_time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    """The borrower's local time, HH:MM, 24 hours."""
    channel: Literal["phone", "sms", "email", "chat", "letter"] | None = None
    collector_type: Literal["agency", "creditor"] | None = None
    """An agency collects for others; a creditor collects its own debts."""
    contacts_today: Annotated[int, Field(ge=0)] | None = None
    """Calls or messages today, this one included."""
    contacts_7d: Annotated[int, Field(ge=0)] | None = None
    """Calls in the last seven days, this one included."""
    ceased: bool | None = None
    """The borrower has asked in writing that contact end."""
    represented: bool | None = None
    """A lawyer is known to act for the borrower on this debt."""
    bankrupt: bool | None = None
    disputed: bool | None = None
    time_barred: bool | None = None
    balance: Annotated[float, Field(ge=0)] | None = None
    """The amount owed according to the file, in the debt's currency."""
    first_contact: bool | None = None
    """Is this the first communication about the debt?"""
    suit_decided: bool | None = None
    """Has the creditor really decided to sue?"""
    judgment: bool | None = None
    """Is there a court judgment on this debt?"""
    secured: bool | None = None
    """Is property pledged for the debt?"""


class Talk(BaseModel):
    """All turns of one conversation, and what is known about it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]
    language: Language
    jurisdiction: Jurisdiction
    facts: Facts = Facts()
    note: str = ""
    """Free text on the situation; may be empty."""
    turns: tuple[Turn, ...] = ()

    def said(self, speaker: Speaker, text: str) -> "Talk":
        """Return the talk with one more turn."""
        turn = Turn(speaker=speaker, text=text)
        return self.model_copy(update={"turns": (*self.turns, turn)})

    def agent_turns(self) -> list[tuple[int, str]]:
        """Return (0-based index in turns, text) of each turn of the agent."""
        return [(i, t.text) for i, t in enumerate(self.turns) if t.speaker is Speaker.AGENT]


class Ending(StrEnum):
    """How a talk ended; decided by code, never by a word inside a text."""

    AGREED = "agreed"
    PROMISE_TO_PAY = "promise_to_pay"
    FAKE_PROMISE = "fake_promise"
    HUNG_UP = "hung_up"
    DISPUTED = "disputed"
    CEASED = "ceased"
    REFERRED = "referred"
    CRISIS = "crisis"
    OUT_OF_TURNS = "out_of_turns"
    AGENT_CLOSED = "agent_closed"
    MODEL_FAILED = "model_failed"
    AGENT_FAILED = "agent_failed"

    @property
    def settled(self) -> bool:
        """Did the talk end in an arrangement that the borrower means to keep?"""
        return self in (Ending.AGREED, Ending.PROMISE_TO_PAY)


def read_talks(path: Path) -> Iterator[Talk]:
    """Yield the talks of a JSON or JSONL file.

    Raises UsageError that names file, line and field of the first mistake.
    """
    text = read_text(path)
    if not text.strip():
        raise UsageError(f"{path} is empty; it needs one talk as JSON, or one talk a line")
    for source, data in _documents(path, text):
        yield check(Talk, data, source)


def _documents(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, data): a whole JSON document or list, else one document a line."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        yield from _lines(path, text)
        return
    if isinstance(whole, list):
        yield from ((f"{path}[{i}]", data) for i, data in enumerate(whole))
    else:
        yield str(path), whole


def _lines(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"{path}:{number}", json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(
                f"{path}:{number}: not valid JSON ({error.msg}, column {error.colno}); a talk file holds one "
                "talk as JSON, a list of talks, or one talk a line (JSONL)"
            ) from None
