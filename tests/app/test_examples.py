"""The examples for other frameworks, where these are installed."""

import subprocess
import sys
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
    pytest.importorskip("inspect_ai")
    command = [sys.executable, str(EXAMPLES / "inspect_task.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert done.stdout.startswith("success"), done.stdout + done.stderr
    for name in ("us-maria-delgado", "cn-zhou-min", "tw-lin-yijun"):
        assert f"\n{name}: " in done.stdout
    assert "critical: 'Pay today, or we will have you arrested.' (15 USC 1692e(4)" in done.stdout
