"""Who plays in a run: borrower's voice, agents, judge and coach, made from names."""

from collections.abc import Sequence

from borrowersim.agents.base import Agent
from borrowersim.agents.pool import Pool
from borrowersim.agents.scripted import AgentScript, ScriptedAgent
from borrowersim.briefing import Briefing
from borrowersim.talk import Talk
from borrowersim.voices.base import Voice
from borrowersim_app.agents import Workshop, agent_named
from borrowersim_app.build import Services, judge_named, voice_named
from borrowersim_app.settings import Settings
from borrowersim_evals.coaching import coached
from borrowersim_evals.evaluate import judge_talk
from borrowersim_evals.jury import JudgeModel, Jury
from borrowersim_evals.suite import Limits
from borrowersim_evals.verdict import Score


class Cast:
    """Who plays in a run, made from names."""

    def __init__(
        self,
        voice: Voice,
        judge: JudgeModel | None,
        settings: Settings,
        *,
        agent_model: str = "",
        scripts: Sequence[AgentScript] = (),
        services: Services | None = None,
    ) -> None:
        self.voice = voice
        self._judge = judge
        self._settings = settings
        self._agent_model = agent_model
        self._services = services
        self._pool = Pool()
        self._scripts = {script.id: script for script in scripts}

    async def agent(self, name: str, case: Briefing) -> Agent:
        """Return a new agent by name: a script (the suite's own first), a file, a model, an address, Python code."""
        if own := self._scripts.get(name):
            return ScriptedAgent(own, case)
        return agent_named(name, case, Workshop(self._settings, self._pool, self._agent_model, services=self._services))

    async def judge(self, talk: Talk) -> Score:
        """Return the evaluation for a run: scores and findings."""
        return await judge_talk(talk, self._judge, better=False)

    async def coach(self, talk: Talk) -> Score:
        """Return the evaluation for a person: with better lines, in a model's words where one judges, too."""
        score = await judge_talk(talk, self._judge)
        model = self._judge.jurors[0] if isinstance(self._judge, Jury) else self._judge
        return score if model is None else await coached(talk, score, model)

    async def aclose(self) -> None:
        """Let go of voice, judge, and what the agents shared."""
        await self._pool.aclose()
        await self.voice.aclose()
        if self._judge is not None:
            await self._judge.aclose()


def cast_named(
    voice: str,
    judge: str,
    settings: Settings,
    *,
    agent_model: str = "",
    limits: Limits | None = None,
    scripts: Sequence[AgentScript] = (),
) -> Cast:
    """Return the cast of these names; `limits` hold for all models, together where they share a service."""
    services = Services(settings, limits or Limits())
    return Cast(
        voice_named(voice, services),
        judge_named(judge, services),
        settings,
        agent_model=agent_model,
        scripts=scripts,
        services=services,
    )
