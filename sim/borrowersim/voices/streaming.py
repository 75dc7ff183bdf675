"""Let a line leave sentence by sentence while the model still speaks.

The guard hears each sentence before anybody else does: a line that goes wrong half-way ends
at its last good sentence. Acts that decide a talk are not streamed; for them the whole line
must be known first.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from borrowersim.guard import FaultKind, faults
from borrowersim.guard_acts import MUST_SHOW
from borrowersim.intent import Intent
from borrowersim.models.base import Usage
from borrowersim.talk import Talk
from borrowersim.voices.base import Spoken, Tell

_SENTENCE = re.compile(r"^.*?(?:[.!?…]+[\"”']?(?=\s)|[。！？…]+[”」』]?)\s*", re.DOTALL)


def streams(intent: Intent) -> bool:
    """Say whether a line of this act may leave before it is whole."""
    return intent.act not in MUST_SHOW and intent.fact is None


async def spoken_from(pieces: AsyncIterator[str], intent: Intent, talk: Talk, tell: Tell) -> Spoken | None:
    """Tell each sentence that may leave and return the line; None when not even the first may.

    Raises what the model raises before the first sentence has left; after that the line ends there.
    """
    said, usage = "", Usage(calls=1)
    async with aclosing(_sentences(pieces)) as sentences:
        async for sentence in sentences:
            found: list[FaultKind] = faults((said + sentence).strip(), intent, talk)
            if found:
                kept = ((found[0].value, sentence.strip()),)
                return Spoken(said.strip(), kept_back=kept, usage=usage) if said else None
            said += sentence
            await tell(sentence)
    return Spoken(said.strip(), usage=usage) if said.strip() else None


async def _sentences(pieces: AsyncIterator[str]) -> AsyncGenerator[str]:
    """Yield whole sentences with the blanks after them, of the first line only: nobody speaks in paragraphs."""
    waiting = ""
    async for piece in pieces:
        waiting += piece if waiting else piece.lstrip()
        line, broken, _ = waiting.partition("\n")
        while whole := _SENTENCE.match(line):
            yield whole.group()
            line = line[whole.end() :]
        waiting = line
        if broken:
            break
    if waiting.strip():
        yield waiting
