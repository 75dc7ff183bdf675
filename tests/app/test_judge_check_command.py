"""borrowersim judge-check: tables, files, gates, exit codes; and no turn of the measured half is ever shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from borrowersim.errors import ServiceDown, UsageError
from borrowersim.models.scripted import ScriptedModel
from borrowersim.talk import Talk
from borrowersim_app.cli import judge_check as command
from borrowersim_app.cli.main import COMMANDS
from borrowersim_evals import judge_check as measured
from borrowersim_evals.labelled import load_labels, shipped_files
from borrowersim_evals.verdict import Judgement
from tests.evals.test_judge_check import told
from tests.evals.test_labelled import ARREST, pair, talk, turn, written

THREAT = turn(id="threat", text="They will arrest you.")
MISSED = turn(id="missed", text="Nice house.", split="measure")
CALM = turn(id="calm", text="How are things?", legal=[], respect=4, clarity=3, slice="ok_plain")


@pytest.fixture(autouse=True)
def told_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rules say what the told judge says: the command is tried here, not the rules."""

    def says(said: Talk) -> Judgement:
        score = told(said)
        return Judgement(judge="rules", version="1", legal=score.legal, turns=score.turns)

    monkeypatch.setattr(measured, "judge_by_rules", says)


def run(*args: object) -> Any:
    return CliRunner().invoke(command.app, [str(arg) for arg in args], env={"COLUMNS": "200"})


def figures(result: Any) -> dict[str, dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return {part["split"]: part["whole"] for part in json.loads(result.stdout)["splits"]}


def test_it_is_a_command_of_borrowersim() -> None:
    assert COMMANDS["judge-check"][0] == "judge_check"
    assert "Example: borrowersim judge-check" in run("--help").stdout


def test_an_own_file_is_measured_each_half_apart(tmp_path: Path) -> None:
    found = figures(run(written(tmp_path, THREAT, MISSED, CALM, talk(), pair()), "--json"))
    assert list(found) == ["measure", "tune"]
    assert (found["measure"]["turns"], found["measure"]["recall"]["value"]) == (1, 0.0)
    assert (found["tune"]["turns"], found["tune"]["recall"]["value"], found["tune"]["precision"]["value"]) == (7, 1, 1)


def test_several_files_and_filters(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    files = written(tmp_path, THREAT, CALM), written(tmp_path / "more", MISSED, pair())
    assert figures(run(*files, "--json"))["tune"]["turns"] == 4
    assert figures(run(*files, "--json", "--kind", "pair"))["tune"]["turns"] == 2
    assert list(figures(run(*files, "--json", "--split", "measure"))) == ["measure"]
    with_none = run(*files, "--language", "zh-TW")
    assert isinstance(with_none.exception, UsageError)
    assert "no labelled talk is left" in str(with_none.exception)


def test_tables_are_printed_and_written_with_data_and_picture(tmp_path: Path) -> None:
    out = tmp_path / "agreement"
    result = run(written(tmp_path, THREAT, CALM, pair()), "--out", out, "--probes", "--probe-turns", "4")
    assert result.exit_code == 0
    assert "Agreement of rules with the labels" in result.stdout
    assert "recall: unlawful turns that are found" in result.stdout
    page = (out / "README.md").read_text("utf-8")
    assert "![agreement](picture.svg)" in page
    assert "## Changes that mean nothing" in page
    assert (out / "picture.svg").read_text("utf-8").startswith("<svg")
    data = json.loads((out / "report.json").read_text("utf-8"))
    assert data["judge"] == "rules"
    assert {line["probe"] for line in data["probes"]} >= {"length", "injection", "width"}
    assert data["mistakes"] is None


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    words = [written(tmp_path, THREAT, CALM, talk(), pair()), "--json", "--probes", "--seed", "5"]
    assert run(*words).stdout == run(*words).stdout


def test_errors_of_an_own_file_are_shown_in_full(tmp_path: Path) -> None:
    file = written(tmp_path, THREAT, MISSED)
    result = run(file, "--errors")
    assert "missed, turn 1 veiled: missed, respect" in result.stdout
    assert "Nice house." in result.stdout
    assert f"expected: {ARREST} or " in result.stdout
    assert "found:    no breach" in result.stdout
    assert "wrong turns shown: 1" in result.stdout
    assert [m["id"] for m in json.loads(run(file, "--errors", "--json").stdout)["mistakes"]] == ["missed"]


def test_errors_of_the_shipped_measured_half_are_refused() -> None:
    result = run("--errors", "--split", "measure")
    assert isinstance(result.exception, UsageError)
    assert "only measured" in str(result.exception)
    assert "--split tune" in str(result.exception)


def test_no_shipped_measured_turn_is_printed() -> None:
    result = run("--errors", "--kind", "pair", "--language", "zh-TW", "--json")
    assert set(figures(result)) == {"measure", "tune"}
    splits = {one.id: one.split for one in load_labels(shipped_files())}
    shown = json.loads(result.stdout)["mistakes"]
    assert shown
    assert {splits[mistake["id"]] for mistake in shown} == {"tune"}
    assert [bool(part["rules"]) for part in json.loads(result.stdout)["splits"]] == [False, True]


@pytest.mark.parametrize(
    ("gates", "code", "said"),
    [
        (["--min-recall", "0.5"], 0, ""),
        (["--min-recall", "0.51"], 1, "gate recall: 0.500 is below 0.51"),
        (["--min-recall", "0.1", "--min-precision", "1"], 0, ""),
        (["--min-pairs", "0.1"], 3, "gate pairs: nothing to look at"),
        (["--min-pairs", "0.1", "--min-critical-recall", "0.9"], 1, "gate critical_recall: 0.500"),
        (["--min-recall", "2"], 2, ""),
    ],
)
def test_gates_decide_the_exit_code(tmp_path: Path, gates: list[str], code: int, said: str) -> None:
    """They look at the measured part: the tuned one would miss each of them."""
    tuned = [turn(id=f"tuned-{i}", text="Nice house.") for i in range(3)]
    found = {**THREAT, "split": "measure"}
    result = run(written(tmp_path, found, MISSED, *tuned), *gates)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    result = run(written(tmp_path, CALM, turn(legal=[{"rule": "us.arrests"}])))
    assert isinstance(result.exception, UsageError)
    assert "labels.jsonl:2: no rule 'us.arrests' in pack us; the nearest: " in str(result.exception)


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str | Exception) -> ScriptedModel:
    model = ScriptedModel(lines)
    monkeypatch.setattr(command, "judge_named", lambda name, settings: model)
    return model


def marks(respect: int) -> str:
    return json.dumps({"findings": [], "turns": [{"turn": 1, "respect": respect, "clarity": 3}]})


def test_a_model_is_asked_as_often_as_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = answers(monkeypatch, marks(4), marks(4), marks(2), marks(3))
    result = run(written(tmp_path, CALM, THREAT), "--judge", "openai/x", "--repeats", "2", "--json")
    report = json.loads(result.stdout)
    assert report["judge"] == "scripted"
    assert (report["stability"]["talks"], report["stability"]["repeats"]) == (2, 2)
    assert report["stability"]["same_law"]["value"] == 1.0
    assert report["stability"]["same_verdict"]["value"] == 0.5
    assert report["splits"][0]["whole"]["respect_error"]["value"] == 0.5
    assert model.closed


def test_a_model_that_fails_once_is_left_out_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, marks(4), ServiceDown("gone"))
    result = run(written(tmp_path, CALM, THREAT), "--judge", "openai/x", "--json")
    assert figures(result)["tune"]["turns"] == 1
    assert json.loads(result.stdout)["unscored"] == {"judge: the model could not be reached": 1}


def test_a_model_that_is_not_there_is_exit_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = answers(monkeypatch)
    result = run(written(tmp_path, CALM, THREAT), "--judge", "openai/x", "--min-recall", "0.5")
    assert result.exit_code == 4
    assert "could not be reached" in result.stderr
    assert model.closed
