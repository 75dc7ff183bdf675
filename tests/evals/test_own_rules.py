"""A user's own rules: added, replaced, taken out, checked with clear errors."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from borrowersim.errors import UsageError
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk
from borrowersim_app.cli import judge, rules
from borrowersim_app.cli.common import use_rules
from borrowersim_evals.evaluate import judge_by_rules
from borrowersim_evals.rules.own import VARIABLE

HOUSE = """
jurisdiction: us
version: 1
about: house rules
disable: [us.fdcpa.1692d-5]
rules:
- id: us.house.first-names
  citation: House rule 7
  kind: prohibited_conduct
  severity: minor
  statement: Agents do not call people buddy.
  verified: primary
  detect:
  - any: ['\\bbuddy\\b']
  hits: ["Listen, buddy.", "Hi buddy, got a minute?"]
  near_misses: ["Hello, Ms Delgado.", "Is this Maria?"]
"""


def own(tmp_path: Path, text: str = HOUSE) -> Path:
    path = tmp_path / "house.yaml"
    path.write_text(text, "utf-8")
    return path


def breaches(words: str) -> set[str]:
    talk = Talk(id="x", language=Language.EN, jurisdiction=Jurisdiction.US).said(Speaker.AGENT, words)
    return {finding.rule for finding in judge_by_rules(talk).legal}


def test_own_rules_are_in_force_beside_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Pay or you go to jail, buddy. We will call you every hour until you do."
    before = breaches(words)
    monkeypatch.setenv(VARIABLE, str(own(tmp_path)))
    assert "us.house.first-names" in breaches(words) - before
    assert "us.fdcpa.1692d-5" in before - breaches(words)
    assert "us.fdcpa.1692e-4" in before & breaches(words)


def test_a_good_file_passes_the_check(tmp_path: Path) -> None:
    result = CliRunner().invoke(rules.app, ["check", str(own(tmp_path))])
    assert result.exit_code == 0
    assert "all examples come out" in result.stdout


def test_an_example_that_comes_out_otherwise_fails_the_check(tmp_path: Path) -> None:
    path = own(tmp_path, HOUSE.replace('"Is this Maria?"', '"Is this your buddy?"'))
    result = CliRunner().invoke(rules.app, ["check", str(path)])
    assert result.exit_code == 1
    assert "expected nothing, found breach: Is this your buddy?" in result.stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (HOUSE.replace("severity: minor", "severity: fatal"), "house.yaml:10: rules.0.severity"),
        (HOUSE.replace("buddy\\b'", "(buddy'"), "not a regular expression"),
        (HOUSE.replace("us.fdcpa.1692d-5", "us.nothing"), "disable names no rule of pack us: us.nothing"),
        (HOUSE.replace("jurisdiction: us", "jurisdiction: mars"), "jurisdiction"),
    ],
)
def test_a_wrong_file_is_said_plainly(tmp_path: Path, wrong: str, said: str) -> None:
    result = CliRunner().invoke(rules.app, ["check", str(own(tmp_path, wrong))])
    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_judge_takes_own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    talk = Talk(id="x", language=Language.EN, jurisdiction=Jurisdiction.US).said(Speaker.AGENT, "Listen, buddy.")
    (tmp_path / "t.json").write_text(talk.model_dump_json(), "utf-8")
    result = CliRunner().invoke(judge.app, [str(tmp_path / "t.json"), "--json", "--rules", str(own(tmp_path))])
    assert result.exit_code == 0
    assert "us.house.first-names" in result.stdout


def test_a_missing_file_of_own_rules_stops_before_anything_is_judged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        use_rules([tmp_path / "none.yaml"])
