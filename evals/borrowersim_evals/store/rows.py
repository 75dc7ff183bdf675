"""One finished talk as a row: what workers hand over and the store keeps."""

from dataclasses import asdict, dataclass
from typing import Any

from borrowersim.models.base import Usage
from borrowersim_evals.breaker import technical
from borrowersim_evals.case import Case


@dataclass(frozen=True)
class Row:
    """A finished talk: the columns that are asked for often, and the case whole. Plain values, so it travels."""

    id: str
    status: str
    """`done`, or `failed` when it ended for technical reasons and may be played again."""
    language: str
    ending: str
    respect: float | None
    clarity: float | None
    total: float | None
    breaches: int
    critical: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    talk: str
    """The case as JSON."""

    def values(self) -> dict[str, Any]:
        """Return the row by column."""
        return asdict(self)


def cost_of(case: Case) -> Usage:
    """Return what a talk cost: voice, agent and judge."""
    return case.played.usage + case.played.agent_usage + case.score.usage


def row_of(case: Case) -> Row:
    """Return the row of a finished talk."""
    played, score, cost = case.played, case.score, cost_of(case)
    return Row(
        id=played.id,
        status="failed" if technical(case) else "done",
        language=played.talk.language.value,
        ending=played.ending.value,
        respect=score.respect,
        clarity=score.clarity,
        total=score.total,
        breaches=len(score.breaches),
        critical=sum(finding.severity == "critical" for finding in score.breaches),
        calls=cost.calls,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        talk=case.model_dump_json(),
    )
