"""The phrasebook's own voice: no model, curated lines, the same words for the same seed."""

from random import Random

from borrowersim.acts import BorrowerAct
from borrowersim.intent import Intent, own_lines
from borrowersim.phrasebook import phrasebook_of, pick
from borrowersim.talk import Talk
from borrowersim.voices.base import Spoken, Tell


class PhrasebookVoice:
    """Speaks from the phrasebook; serves tests, CI, and as the last fallback of every model."""

    name = "phrasebook"

    async def say(self, intent: Intent, talk: Talk, rng: Random, tell: Tell | None = None) -> Spoken:
        spoken = Spoken(text=phrasebook_line(intent, talk, rng))
        if tell:
            await tell(spoken.text)
        return spoken

    async def aclose(self) -> None:
        """Nothing to let go of."""


def phrasebook_line(intent: Intent, talk: Talk, rng: Random) -> str:
    """Return a line of the act that was not said yet in this talk."""
    said = own_lines(talk)
    if intent.act is BorrowerAct.TELLS_FACT and intent.tells:
        return pick(intent.tells, said, rng)
    lines = phrasebook_of(talk.language).lines(intent.act, intent.persona.manner, intent.slots)
    return pick(lines, said, rng)


def examples(intent: Intent, talk: Talk, rng: Random, count: int) -> list[str]:
    """Return lines of the same act in the persona's register, to show a model how it sounds."""
    if intent.act is BorrowerAct.TELLS_FACT and intent.tells:
        return list(intent.tells[:count])
    lines = phrasebook_of(talk.language).lines(intent.act, intent.persona.manner, intent.slots)
    said = set(own_lines(talk))
    fresh = [line for line in lines if line not in said] or lines
    return rng.sample(fresh, min(count, len(fresh)))
