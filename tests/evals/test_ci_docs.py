"""What docs/ci.md and its example say is what the program does."""

import re
from pathlib import Path
from typing import Any, get_args

import yaml

from borrowersim_evals.report import FILES
from borrowersim_evals.suite import Gate, suite_named

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "ci.md").read_text("utf-8")
WORKFLOW: dict[str, Any] = yaml.safe_load((DOCS / "examples" / "github-actions.yml").read_text("utf-8"))


def test_every_measure_and_format_is_explained() -> None:
    for measure in get_args(Gate.model_fields["measure"].annotation):
        assert f"`{measure}`" in PAGE
    for form, name in FILES.items():
        assert f"| `{form}` | `{name}` |" in PAGE


def test_the_gates_shown_are_gates() -> None:
    shown = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if block.startswith("gates:"))
    assert len([Gate(**gate) for gate in yaml.safe_load(shown)["gates"]]) == 5


def test_the_workflow_plays_shows_keeps_and_decides() -> None:
    assert suite_named(WORKFLOW["env"]["SUITE"]).gates
    steps = {step["name"]: step for step in WORKFLOW["jobs"]["conduct"]["steps"] if "name" in step}
    named = re.search(r"--format ([\w,]+) --out results", steps["Play the suite"]["run"])
    assert named is not None
    assert named[1].split(",") == list(FILES)
    assert "results/summary.md" in steps["Write the summary"]["run"]
    assert steps["Publish the talks as tests"]["with"]["report_paths"] == "results/junit.xml"
    decide = steps["Decide"]["run"]
    assert re.findall(r"^ *([0-9*])\) echo", decide, re.M) == ["0", "1", "3", "4", "*"]
    assert decide.rstrip().endswith('exit "$CODE"')
    for step in ("Write the summary", "Publish the talks as tests", "Keep the report"):
        assert steps[step]["if"] == "${{ !cancelled() }}"
    for step in steps.values():
        assert "${{" not in step.get("run", "")  # nothing from outside is pasted into a shell
