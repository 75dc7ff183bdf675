"""Does the agent ask for this person, or for somebody else?"""

import re

from borrowersim.persona import Persona
from borrowersim.text import fold

_EN_NAME = re.compile(
    r"(?:speaking (?:with|to)|talking (?:with|to)|[Ii]s this|[Ii]s that|[Aa]re you|trying to reach|looking for"
    r"|[Mm]ay I speak (?:with|to))"
    r"\s+(?:(?:Mr|Ms|Mrs|Mx|Dr|Miss)\.?\s+)?([A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
)
_ZH_NAME = re.compile(
    r"(?:请问|您|你|这里|那边|电话)?是(?:不是)?([\u4e00-\u9fff]{1,3}?)(?=本人|先生|女士|小姐|太太|吗|吧|\?)"
)
_NO_NAME = {"本人", "机主", "户主", "自己", "这位", "哪位", "什么", "这样", "真的", "方便"}


def asks_for_somebody_else(text: str, persona: Persona) -> bool:
    """Say whether a turn names a person who is not this one; no name at all is no mistake."""
    if persona.language.chinese:
        return _zh(text, persona)
    own = {word.lower() for word in re.findall(r"[\w'’-]+", f"{persona.name} {persona.addressed}")}
    named = [set(found.lower().split()) for found in _EN_NAME.findall(text)]
    return bool(named) and not any(words & own for words in named)


def _zh(text: str, persona: Persona) -> bool:
    own = fold(persona.name).text + fold(persona.addressed).text
    named = [name for name in _ZH_NAME.findall(fold(text).text) if name not in _NO_NAME]
    return bool(named) and not any(name in own or name[0] == own[0] for name in named)
