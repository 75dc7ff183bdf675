"""Who can be watched: the agents on offer, and the talks of stored runs."""

from collections.abc import Callable
from random import Random
from threading import Lock

from borrowersim.agents.base import Agent
from borrowersim.agents.pool import Pool
from borrowersim.agents.scripted import script_named, scripts_dir
from borrowersim.borrower import Borrower
from borrowersim.briefing import Briefing, briefing
from borrowersim.errors import UsageError
from borrowersim.persona import Dials, Persona
from borrowersim.talk import Language
from borrowersim_app.agents import Workshop, agent_named
from borrowersim_app.build import PHRASEBOOK, default_voice
from borrowersim_app.settings import Settings
from borrowersim_app.web.showing import Live, Showing
from borrowersim_app.web.studio import Studio
from borrowersim_app.web.watch_words import AGENTS
from borrowersim_evals.case import Case
from borrowersim_evals.store.shelf import Shelf, shelf_at

LLM = "llm"
AgentMaker = Callable[[str, Briefing], Agent]
"""Makes an agent by name; raises UsageError for a name that is none."""


class Stage:
    """What everybody can watch here: agents against borrowers, and the runs of one store."""

    def __init__(self, studio: Studio, agents: tuple[str, ...], make_agent: AgentMaker, store: str = "") -> None:
        self.studio = studio
        self._agents = agents
        self._make_agent = make_agent
        self._store = store
        self._shelf: Shelf | None = None
        self._opening = Lock()

    def agents(self, language: Language) -> tuple[str, ...]:
        """Return the agents that speak a language, the one to begin with first."""
        return tuple(name for name in self._agents if name == LLM or language in script_named(name).parts)

    def live(self, agent: str, borrower: str, resistance: float, stress: float) -> Showing:
        """Return a new talk of an agent with a borrower; raise UsageError for a name that is not on offer."""
        persona = self.studio.persona(borrower)
        if agent not in self.agents(persona.language):
            raise UsageError(f"no agent {agent!r} is on offer here; choose one of the list")
        dials = Dials.model_validate(
            persona.dials.model_dump() | {"resistance": resistance, "financial_stress": stress}
        )
        seed = self._seed(self.studio.rng)
        player = Borrower(persona, self.studio.voice, seed=seed, dials=dials)
        made = self._make_agent(agent, briefing(persona))
        return Showing(Live(player, made, agent, id=f"{persona.id}~{agent}~{seed}", clock=self.studio.clock), persona)

    @staticmethod
    def _seed(rng: Random) -> int:
        return rng.randrange(2**31)

    def stored(self, run: str, talk: str) -> Showing:
        """Return a talk of a stored run; raise UsageError when there is none."""
        shelf = self.shelf()
        if shelf is None:
            raise UsageError("there is no stored run here; play one with `borrowersim run article`")
        case: Case = shelf.case(run, talk)
        return Showing(case, self.persona(case.played.borrower))

    def persona(self, borrower: str) -> Persona | None:
        """Return a borrower by id, None for one that is not on offer here."""
        return next((persona for persona in self.studio.personas if persona.id == borrower), None)

    def shelf(self) -> Shelf | None:
        """Return the stored runs, opened once; None while there are none."""
        with self._opening:
            if self._shelf is None and self._store:
                self._shelf = shelf_at(self._store)
            return self._shelf


def _place(agent: str) -> tuple[int, str]:
    """Return a key that sorts agents as they are described, from skilled to unlawful, then the others by name."""
    described = [name for name in AGENTS if name != LLM]
    return (described.index(agent) if agent in described else len(described), agent)


def stage_of(studio: Studio, settings: Settings, store: str) -> Stage:
    """Return the stage of a page: every script, the model agent where there is a model, the runs of a store."""
    scripts = sorted((path.stem for path in scripts_dir().glob("*.yaml")), key=_place)
    models = () if default_voice(settings).name == PHRASEBOOK else (LLM,)
    shop = Workshop(settings, Pool())
    return Stage(studio, (*scripts, *models), lambda name, case: agent_named(name, case, shop), store)
