"""borrowersim judge: one JSON line a talk, readable tables, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.models.scripted import ScriptedModel
from borrowersim_app.cli import judge as command
from borrowersim_evals import evaluate as door
from borrowersim_evals.rules.packs import pack_for
from tests.evals.test_evaluate import ARREST

THREAT = {
    "id": "a",
    "language": "en",
    "jurisdiction": "us",
    "facts": {"answered_by": "borrower"},
    "turns": [{"speaker": "agent", "text": "Pay today or the police will arrest you."}],
}
CALM = {**THREAT, "id": "b", "turns": [{"speaker": "agent", "text": "Take your time, please."}]}


@pytest.fixture(autouse=True)
def arrest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "pack_for", lambda _: ARREST)


def file_of(folder: Path, *talks: dict[str, Any]) -> str:
    path = folder / "talks.jsonl"
    path.write_text("".join(json.dumps(talk, ensure_ascii=False) + "\n" for talk in talks), "utf-8")
    return str(path)


def run(*args: str) -> Any:
    return CliRunner().invoke(command.app, list(args))


def test_json_is_one_line_a_talk_in_order(tmp_path: Path) -> None:
    result = run(file_of(tmp_path, THREAT, CALM), "--json")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert list(rows[0])[:6] == ["id", "legal", "turns", "respect", "clarity", "total"]
    assert rows[0]["legal"][0]["rule"] == "us.arrest"
    assert rows[1]["legal"] == []


@pytest.mark.parametrize(("level", "code"), [("critical", 1), ("minor", 1), (None, 0)])
def test_fail_on(tmp_path: Path, level: str | None, code: int) -> None:
    wanted = ["--fail-on", level] if level else []
    assert run(file_of(tmp_path, CALM, THREAT), "--json", *wanted).exit_code == code
    assert run(file_of(tmp_path, CALM), "--json", *wanted).exit_code == 0


def test_a_doubt_says_what_it_hangs_on_in_the_words_of_the_talk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "pack_for", pack_for)
    said = "您好，明天之前不繳，我們就提告。"
    talk = {"id": "c", "language": "zh-TW", "jurisdiction": "tw", "turns": [{"speaker": "agent", "text": said}]}
    told = run(file_of(tmp_path, talk)).output
    assert "cannot tell" in told
    assert "無法判斷，缺少資訊：所說的期限是否屬實。" in told
    assert "deadline" not in told


def test_the_table_has_quote_citation_better_line_and_the_disclaimer(tmp_path: Path) -> None:
    result = run(file_of(tmp_path, THREAT))
    for words in ("Pay today or the police will arrest you.", "15 U.S.C. 1692e(4)", "better:", "not legal advice"):
        assert words in result.stdout


def test_wrong_input_is_a_usage_error_that_names_the_line(tmp_path: Path) -> None:
    path = Path(file_of(tmp_path, CALM))
    path.write_text(path.read_text("utf-8") + "{oops\n", "utf-8")
    result = run(str(path), "--json")
    assert isinstance(result.exception, UsageError)
    assert "talks.jsonl:2" in str(result.exception)


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str | Exception) -> ScriptedModel:
    model = ScriptedModel(lines)
    monkeypatch.setattr(command, "judge_named", lambda name, settings: model)
    return model


def test_a_judge_that_cannot_be_reached_at_all_is_infrastructure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = answers(monkeypatch, ServiceDown("down"), ServiceDown("down"))
    result = run(file_of(tmp_path, CALM, THREAT), "--judge", "openai/x", "--json", "--fail-on", "critical")
    assert result.exit_code == 4
    assert all("could not be reached" in json.loads(line)["unscored"] for line in result.stdout.splitlines())
    assert model.closed


def test_a_judge_that_fails_once_is_told_and_the_rest_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = json.dumps({"findings": [], "turns": [{"turn": 0, "respect": 5, "clarity": 5}]})
    answers(monkeypatch, ServiceDown("down"), good)
    result = run(file_of(tmp_path, CALM, {**CALM, "id": "c"}), "--judge", "openai/x", "--json", "--jobs", "2")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["id"], row["decided_by"]["respect"]) for row in rows] == [("b", "rules"), ("c", "judge")]


def test_an_error_in_the_file_ends_a_model_run_as_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = answers(monkeypatch)
    path = Path(file_of(tmp_path))
    path.write_text("{oops\n", "utf-8")
    result = run(str(path), "--judge", "openai/x")
    assert isinstance(result.exception, UsageError)
    assert model.closed


def test_several_processes_keep_the_order_and_the_marks(tmp_path: Path) -> None:
    talks = [{**(THREAT if i % 3 else CALM), "id": str(i)} for i in range(40)]
    one, two = (run(file_of(tmp_path, *talks), "--json", "--jobs", jobs) for jobs in ("1", "2"))
    marks = [
        [(r["id"], r["respect"], r["clarity"]) for r in map(json.loads, out.stdout.splitlines())] for out in (one, two)
    ]
    assert [row[0] for row in marks[0]] == [str(i) for i in range(40)]
    assert marks[0] == marks[1]
