"""A run's folder: facts, and one finished talk a line, written at once. Reports are made from it."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from borrowersim.documents import read_text
from borrowersim.errors import UsageError
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult
from borrowersim_evals.suite import Planned, Suite


class RunFile(BaseModel):
    """What was run: enough to make the report again."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    id: str
    suite: Suite
    started: str
    """ISO 8601, with offset."""
    voice: str
    judge: str
    seed: int
    plan: tuple[Planned, ...]
    versions: dict[str, str] = Field(default_factory=dict)


class RunFolder:
    """Writes and reads one run. Each talk is on disk before the next one is counted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    def begin(self, run: RunFile) -> None:
        """Make the folder; raise UsageError when a run is already there."""
        if (self.path / "run.json").exists():
            raise UsageError(f"{self.path} already holds a run; choose another folder with --out")
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "run.json").write_text(run.model_dump_json(indent=2) + "\n", "utf-8")

    def add(self, case: Case) -> None:
        """Append one finished talk."""
        with (self.path / "talks.jsonl").open("a", encoding="utf-8") as sink:
            sink.write(case.model_dump_json() + "\n")

    def finish(self, gates: Sequence[GateResult]) -> None:
        """Write how the gates came out."""
        rows = [gate.model_dump() for gate in gates]
        (self.path / "gates.json").write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")

    def run(self) -> RunFile:
        """Return the run's facts; raise UsageError when the folder holds none."""
        path = self.path / "run.json"
        if not path.is_file():
            raise UsageError(f"{self.path} holds no run; name the folder that `borrowersim run` wrote")
        try:
            return RunFile.model_validate_json(read_text(path))
        except ValidationError as error:
            raise UsageError(f"{path} is damaged: {error.errors()[0]['msg']}") from None

    def cases(self) -> list[Case]:
        """Return the finished talks in the plan's order. A line cut off by a kill is left out."""
        path = self.path / "talks.jsonl"
        lines = read_text(path).splitlines() if path.is_file() else []
        found = {case.played.id: case for case in map(_case, lines) if case}
        order = [planned.id for planned in self.run().plan]
        return [found[i] for i in order if i in found]


def _case(line: str) -> Case | None:
    try:
        return Case.model_validate_json(line)
    except ValidationError:
        return None
