"""A line leaves sentence by sentence, and no sentence leaves unheard by the guard."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from borrowersim.acts import BorrowerAct, Offer
from borrowersim.borrower import Borrower
from borrowersim.engine import Call
from borrowersim.errors import ServiceDown
from borrowersim.models.base import Ask, Message
from borrowersim.models.scripted import ScriptedModel
from borrowersim.persona import persona_named
from borrowersim.voices.book import PhrasebookVoice
from borrowersim.voices.chat import ChatAsking
from borrowersim.voices.model import ModelVoice
from tests.sim.test_voices import OFFER, order

pytestmark = pytest.mark.anyio


class Streamed:
    """A chat service that sends its lines in small pieces, and may break off."""

    name = "openai/test"

    def __init__(self, *lines: str | Exception, breaks_after: int | None = None) -> None:
        self.model = ScriptedModel(lines)
        self.reply = self.model.reply
        self.aclose = self.model.aclose
        self._breaks_after = breaks_after

    async def stream(self, messages: list[Message], ask: Ask) -> AsyncIterator[str]:
        place = 0
        async for piece in self.model.stream(messages, ask):
            if self._breaks_after is not None and place >= self._breaks_after:
                raise ServiceDown("the line broke")
            place += 1
            yield piece


async def said(service: Streamed, act: BorrowerAct, offer: Offer | None = None) -> tuple[list[str], str, list[str]]:
    """Return (pieces told, the line, kinds of the faults kept back)."""
    told: list[str] = []

    async def tell(piece: str) -> None:
        told.append(piece)

    voice = ModelVoice(ChatAsking(service))  # type: ignore[arg-type]
    spoken = await voice.say(*order(act, offer), Random(1), tell)
    return told, spoken.text, [kind for kind, _ in spoken.kept_back]


async def test_sentences_leave_one_by_one_and_make_up_the_line() -> None:
    line = "I'm at work now. Can you call me on Friday? I'd rather talk then."
    told, text, faults = await said(Streamed(line), BorrowerAct.STALLS)
    assert told == ["I'm at work now. ", "Can you call me on Friday? ", "I'd rather talk then."]
    assert text == line
    assert faults == []


async def test_a_line_that_goes_wrong_ends_at_its_last_good_sentence() -> None:
    told, text, faults = await said(
        Streamed("I'm at work now. How can I help you today? Call me later."), BorrowerAct.STALLS
    )
    assert "".join(told).strip() == text == "I'm at work now."
    assert faults == ["role_flip"]


async def test_a_bad_first_sentence_never_leaves() -> None:
    told, text, _ = await said(
        Streamed("As an AI language model, I cannot.", "Call me next week, I'm busy."), BorrowerAct.STALLS
    )
    assert told == [text] == ["Call me next week, I'm busy."]


async def test_what_decides_the_talk_is_heard_whole_first() -> None:
    told, text, _ = await said(Streamed("Fine. I can do $60 a month."), BorrowerAct.ACCEPTS_PLAN, OFFER)
    assert told == [text] == ["Fine. I can do $60 a month."]


async def test_only_the_first_paragraph_is_spoken() -> None:
    _, text, _ = await said(Streamed("\nI'm busy, call me later.\nCollector: When?"), BorrowerAct.STALLS)
    assert text == "I'm busy, call me later."


async def test_a_broken_stream_is_the_services_failure() -> None:
    with pytest.raises(ServiceDown):
        await said(Streamed("I'm at work now, all right?", breaks_after=1), BorrowerAct.STALLS)


async def test_the_phrasebook_tells_its_line_too_and_the_talk_keeps_it() -> None:
    told: list[str] = []

    async def tell(piece: str) -> None:
        told.append(piece)

    call = Call(Borrower(persona_named("us-maria-delgado"), PhrasebookVoice()), id="x")
    answer = await call.hear("Hello, is this Maria?", tell)
    assert told == [answer.text] == [call.talk.turns[-1].text]
