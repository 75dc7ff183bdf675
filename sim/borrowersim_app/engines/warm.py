"""Read before the first talk what every talk needs, so that worker processes can share it."""

from collections.abc import Sequence

from borrowersim.perception.learned import hear
from borrowersim.persona import persona_named
from borrowersim.phrasebook import phrasebook_of
from borrowersim.spoken import sounds
from borrowersim.talk import Language, Speaker, Talk, Turn
from borrowersim_evals.evaluate import score_by_rules
from borrowersim_evals.planning import Planned

_HELLO = {Language.EN: "Hello, who is this?", Language.ZH_CN: "喂，您哪位？", Language.ZH_TW: "喂，您哪位？"}


def warm(plan: Sequence[Planned]) -> None:
    """Load personas, packs, cues, weights and phrasebooks of a plan's languages and laws: a second, once."""
    personas = [persona_named(name) for name in dict.fromkeys(planned.borrower for planned in plan)]
    for language, jurisdiction in dict.fromkeys((p.language, p.jurisdiction) for p in personas):
        line = _HELLO[language]
        turns = (Turn(speaker=Speaker.AGENT, text=line), Turn(speaker=Speaker.BORROWER, text=line))
        score_by_rules(Talk(id="warm", language=language, jurisdiction=jurisdiction, turns=turns))
        hear(line, language)
        sounds(line, language)
        phrasebook_of(language)
