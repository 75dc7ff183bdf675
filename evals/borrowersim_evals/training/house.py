"""Lines that the product itself calls lawful: the better lines, and the scripts of lawful agents."""

from collections.abc import Iterator

from borrowersim.agents.scripted import script_named
from borrowersim.briefing import briefing
from borrowersim.persona import Persona, all_personas
from borrowersim.phrasebook import SLOT
from borrowersim.talk import Language
from borrowersim_evals.better import book

LAWFUL = ("respectful", "lawful_notice", "skilled", "courteous_empty", "vague_hint")
"""Scripts that break no rule; a vague hint is unclear, and no breach by itself."""
SLOTS_FROM = {Language.EN: "us-maria-delgado", Language.ZH_CN: "cn-zhou-min", Language.ZH_TW: "tw-lin-yijun"}


def better_lines(language: Language) -> Iterator[str]:
    """Yield the better lines of a language, as they are shown."""
    for weakness in book().weaknesses.values():
        for line in weakness.lines.get(language, ()):
            yield _filled(line.text, language)


def scripted_lines(language: Language) -> Iterator[str]:
    """Yield what the lawful scripted agents say."""
    for name in LAWFUL:
        part = script_named(name).parts.get(language)
        if part:
            said = [*part.lines, *(line for lines in part.replies.values() for line in lines), part.closing]
            yield from (_filled(line, language) for line in said if line)


def _filled(line: str, language: Language) -> str:
    slots = briefing(_case(language)).slots()
    return SLOT.sub(lambda slot: slots.get(slot.group(1), slots["balance"]), line)


def _case(language: Language) -> Persona:
    return next(persona for persona in all_personas() if persona.id == SLOTS_FROM[language])
