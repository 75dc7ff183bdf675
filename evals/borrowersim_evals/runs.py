"""What was run: the facts that every report, comparison and resumption starts from."""

from pydantic import BaseModel, ConfigDict, Field

from borrowersim_evals.planning import Planned
from borrowersim_evals.suite import Suite


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class RunFile(_Value):
    """What was run: enough to go on with it and to make the report again. Holds no secret."""

    id: str
    suite: Suite
    started: str
    """ISO 8601, with offset."""
    voice: str
    judge: str
    seed: int
    plan: tuple[Planned, ...] = ()
    agent_model: str = ""
    """Model name that is sent to an agent under test behind an address."""
    redacted: bool = False
    """Personal data is taken out of the texts before they are stored."""
    rules: tuple[str, ...] = ()
    """Files of own rules that were in force."""
    versions: dict[str, str] = Field(default_factory=dict)


class RunLine(_Value):
    """One run in a list of runs."""

    id: str
    suite: str
    started: str
    voice: str
    judge: str
    planned: int
    done: int
    failed: int
    """Ended for technical reasons."""
    total: float | None
    """Mean over the talks that were scored."""
    critical: int
    verdict: str | None
    """None: not finished."""
    stopped: str | None
