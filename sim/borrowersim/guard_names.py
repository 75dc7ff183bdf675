"""Whose name a borrower's line gives as its own. A small model takes the one it heard last, which is the agent's."""

import re

from borrowersim.acts import BorrowerAct
from borrowersim.persona import Persona
from borrowersim.talk import Speaker, Talk
from borrowersim.text import simplified

_EN_OWN = re.compile(
    r"\b(?:[Tt]his is|I'm|I am|[Mm]y name is|[Mm]y name's|[Nn]ame's|[Ii]t's)\s+"
    r"((?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)(?![^.!?]*\?)"
)
_EN_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr)\.? ")
_ZH_OWN = re.compile(r"(?:我是|我叫|敝姓|我姓|本人是|这里是)([一-鿿]{2,3})(?=[,，。.!！、]|$)")
_ZH_STAFF = re.compile(r"(?:专员|人员|客服|我是|我叫|敝姓|我姓)(小?[一-鿿]{1,3})(?=[,，。.!！、（(]|工号|员工)")


def speaks_as_another(text: str, act: BorrowerAct, persona: Persona, talk: Talk) -> bool:
    """Say whether a line gives the agent's name as its own, or in English confirms a name that is not the borrower's.

    A question ("this is Dana again?") gives no name, and neither does "this is she". In Chinese 我是机主 looks
    like a name, so only the agent's counts.
    """
    given = _given(text, talk.language.chinese)
    if not given or given & _parts(persona.name, talk.language.chinese):
        return False
    said = (turn.text for turn in talk.turns if turn.speaker is Speaker.AGENT)
    agents = {name for line in said for name in _own(line, talk.language.chinese)}
    return bool(given & agents) or (act is BorrowerAct.CONFIRMS_IDENTITY and not talk.language.chinese)


def _own(line: str, chinese: bool) -> set[str]:
    """Return the names by which an agent introduces itself."""
    if not chinese:
        return _given(line, chinese)
    return set(_ZH_STAFF.findall(simplified(line)))


def _given(line: str, chinese: bool) -> set[str]:
    """Return the names, word by word, that a line gives as its speaker's."""
    if chinese:
        return set(_ZH_OWN.findall(simplified(line)))
    return {word for name in _EN_OWN.findall(line) for word in _EN_TITLE.sub("", name).split()}


def _parts(name: str, chinese: bool) -> set[str]:
    """Return the forms of a name in which its bearer may give it."""
    if chinese:
        name = simplified(name)
        return {name, name[1:], f"小{name[0]}", f"老{name[0]}"}
    return set(name.split())
