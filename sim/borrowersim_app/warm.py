"""Read before the first talk what every talk needs: worker processes can share it, and nobody has to wait for it."""

from collections.abc import Iterable

from borrowersim.acts import BorrowerAct
from borrowersim.guard import faults
from borrowersim.intent import Intent
from borrowersim.perception.learned import hear
from borrowersim.persona import Persona
from borrowersim.talk import Language, Speaker, Talk, Turn
from borrowersim_evals.evaluate import score_by_rules

_HELLO = {Language.EN: "Hello, who is this?", Language.ZH_CN: "喂，您哪位？", Language.ZH_TW: "喂，您哪位？"}


def warm(personas: Iterable[Persona]) -> None:
    """Load packs, cues, weights and phrasebooks of these borrowers' languages and laws: up to a second, once."""
    first = {(persona.language, persona.jurisdiction): persona for persona in personas}
    for (language, jurisdiction), persona in first.items():
        line = _HELLO[language]
        turns = (Turn(speaker=Speaker.AGENT, text=line), Turn(speaker=Speaker.BORROWER, text=line))
        talk = Talk(id="warm", language=language, jurisdiction=jurisdiction, turns=turns)
        score_by_rules(talk)
        hear(line, language)
        faults(line, Intent(BorrowerAct.ASKS_WHO, persona, slots={}, amounts=frozenset()), talk)
