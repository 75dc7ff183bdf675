"""Ask a small embedded model: it continues a transcript, with the act in brackets before the line.

Told to "be a borrower", a model of 1-2 billion parameters answers as the service agent
or refuses. Continuing plain text it stays in register, and about two in three lines
keep the act; so it gives several candidates, and each is read back before it leaves.
"""

from random import Random

from borrowersim.acts import BorrowerAct
from borrowersim.intent import Intent
from borrowersim.models.base import Ask, Completer, Usage
from borrowersim.persona import Persona
from borrowersim.phrasebook import phrasebook_of
from borrowersim.prompts import prompt_named
from borrowersim.talk import Language, Speaker, Talk
from borrowersim.voices.book import examples
from borrowersim.voices.notes import note_for, notes

CONTEXT_TURNS = 6
CANDIDATES = 3
"""Continuations that are asked for at once; they share the prompt, so they cost little."""
TAKES = 3
"""Phrasebook lines of the act that are shown before the open line."""


class ContinuingAsking:
    """Asks a small model to continue a transcript: several candidates on a warm prefix."""

    strict = True

    def __init__(self, model: Completer, name: str, *, candidates: int = CANDIDATES) -> None:
        self.name = name
        self._model = model
        self._count = candidates

    async def candidates(self, intent: Intent, talk: Talk, rng: Random) -> tuple[list[str], Usage]:
        chinese = talk.language.chinese
        stop = ("\n", "[", "【") if chinese else ("\n", "[")
        ask = Ask(max_tokens=60, temperature=0.7, seed=rng.randrange(2**31), stop=stop)
        return await self._model.complete(continued(intent, talk, rng), ask, self._count)

    async def aclose(self) -> None:
        """The embedded model lives as long as the process; others may be speaking with it."""

    async def warm(self, persona: Persona) -> None:
        """Read the persona's prefix into the model's cache before the first turn."""
        await self._model.warm(prefix(persona))


def prefix(persona: Persona) -> str:
    """Return the part of the prompt that is the same for every line of a persona."""
    prompt = prompt_named(f"borrower/continue_{persona.language.lower().replace('-', '_')}")
    shown = "\n".join(_exchange(persona, act) for act in _SHOWN)
    return prompt.fill(name=_short(persona), summary=persona.summary, speech=persona.speech, examples=shown)


_SHOWN = (BorrowerAct.STALLS, BorrowerAct.ASKS_OPTIONS, BorrowerAct.REFUSES)
"""Acts of the fixed examples: one soft, one open, one hard."""
_CALLER = {Language.EN: "Collector", Language.ZH_CN: "催收员", Language.ZH_TW: "催收人員"}
_PROMPTS = {
    Language.EN: {
        BorrowerAct.STALLS: "Can you take care of it today?",
        BorrowerAct.ASKS_OPTIONS: "I would like to find something that works for you.",
        BorrowerAct.REFUSES: "Will you make the payment?",
    },
    Language.ZH_CN: {
        BorrowerAct.STALLS: "您今天方便处理一下吗？",
        BorrowerAct.ASKS_OPTIONS: "咱们看看怎么安排对您合适。",
        BorrowerAct.REFUSES: "那这笔钱您打算还吗？",
    },
    Language.ZH_TW: {
        BorrowerAct.STALLS: "您今天方便處理嗎？",
        BorrowerAct.ASKS_OPTIONS: "我們來看看怎麼安排對您比較好。",
        BorrowerAct.REFUSES: "那這筆款項您打算繳嗎？",
    },
}


def _exchange(persona: Persona, act: BorrowerAct) -> str:
    line = phrasebook_of(persona.language).lines(act, persona.manner, {})[0]
    return _written(persona, _PROMPTS[persona.language][act], notes().notes[persona.language][act], line)


def _written(persona: Persona, asked: str, note: str, line: str) -> str:
    """Return one exchange of a transcript as the small model sees it."""
    caller, colon = _CALLER[persona.language], "：" if persona.language.chinese else ": "
    return f"{caller}{colon}{_plain(asked)}\n[{note}] {_short(persona)}{colon}{line}"


def _plain(text: str) -> str:
    """Return the words on one line, without brackets that could pass for a note."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def _short(persona: Persona) -> str:
    return persona.name if persona.language.chinese else persona.name.split()[0]


def continued(intent: Intent, talk: Talk, rng: Random) -> str:
    """Return the transcript to continue: prefix, the talk, the agent's turn, takes of this line, the open take.

    Takes from the phrasebook under the same note hold the act far better than one example
    elsewhere: the model has to say the same thing once more, in this talk.
    """
    persona = intent.persona
    note, colon = note_for(intent), "：" if persona.language.chinese else ": "
    takes = [f"[{note}] {_short(persona)}{colon}{line}" for line in examples(intent, talk, rng, TAKES)]
    agent = talk.turns[-1].text if talk.turns else ""
    asked = f"{_CALLER[persona.language]}{colon}{_plain(agent)}"
    return "\n".join(
        [prefix(persona), *_past(persona, talk), asked, *takes, f"[{note}] {_short(persona)}{colon}".rstrip()]
    )


def _past(persona: Persona, talk: Talk) -> list[str]:
    caller, colon = _CALLER[persona.language], "：" if persona.language.chinese else ": "
    names = {Speaker.AGENT: caller, Speaker.BORROWER: _short(persona)}
    earlier = talk.turns[:-1][-CONTEXT_TURNS:]
    return [f"{names.get(t.speaker, caller)}{colon}{_plain(t.text)}" for t in earlier]
