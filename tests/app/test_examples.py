"""The examples for other frameworks, where these are installed."""

from pathlib import Path
from runpy import run_path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_openevals_plays_the_borrower() -> None:
    pytest.importorskip("openevals")
    result = run_path(str(EXAMPLES / "openevals_multiturn.py"))["simulate"]()
    roles = [message["role"] for message in result["trajectory"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    assert len(roles) >= 6
    (conduct,) = result["evaluator_results"]
    assert conduct["key"] == "conduct"
    assert 0 < conduct["score"] <= 1


def test_inspect_runs_the_calls_and_scores_them(tmp_path: Path) -> None:
    inspect_ai = pytest.importorskip("inspect_ai")
    example = run_path(str(EXAMPLES / "inspect_task.py"))
    (log,) = inspect_ai.eval(
        example["collection_calls"](turns=3), model=example["offline_agent"](), display="none", log_dir=str(tmp_path)
    )
    assert log.status == "success"
    assert len(log.samples) == len(example["BORROWERS"])
    for sample in log.samples:
        score = sample.scores["conduct"]
        assert score.value < 70
        assert "arrested" in score.explanation
