"""The command line as a user meets it: exit codes, messages, no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = [
    "demo",
    "chat",
    "web",
    "run",
    "report",
    "judge",
    "calibrate",
    "perception-check",
    "guard-check",
    "judge-check",
]
GROUPS = {
    "models": ["list", "pull", "path"],
    "borrowers": ["list", "show", "check", "new"],
    "agents": ["list", "show", "check"],
    "rules": ["list", "show", "check"],
}


def borrowersim(*words: str, cwd: Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, without keys and without the person's models."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "BORROWERSIM_"))}
    clean |= {"BORROWERSIM_MODELS": str(cwd / "no-models"), "BORROWERSIM_OFFLINE": "1", "COLUMNS": "160", **env}
    command = [sys.executable, "-m", "borrowersim_app.cli.main", *words]
    done = subprocess.run(command, cwd=cwd, env=clean, input=stdin, capture_output=True, encoding="utf-8", timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_help_names_every_command(tmp_path: Path) -> None:
    done = borrowersim("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(name in done.stdout for name in [*COMMANDS, *GROUPS])


@pytest.mark.parametrize(
    "words", [[c] for c in COMMANDS] + [[g, s] for g, subs in GROUPS.items() for s in subs], ids=" ".join
)
def test_every_command_shows_an_example(tmp_path: Path, words: list[str]) -> None:
    done = borrowersim(*words, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"Example: borrowersim {' '.join(words)}" in done.stdout


def test_the_article_suite_by_its_path_away_from_a_checkout(tmp_path: Path) -> None:
    done = borrowersim(
        "run", "evals/suites/article.yaml", "--voice", "phrasebook", "--out", "out", "--json", cwd=tmp_path
    )
    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    endings = {(t["borrower"], t["agent"]): t["ending"] for t in result["talks"]}
    for case_1 in ("us-maria-delgado", "cn-zhou-min"):
        assert endings[case_1, "respectful"] == "agreed"
        assert endings[case_1, "threatening"] in ("hung_up", "fake_promise")
    for case_2 in ("us-darren-cole", "cn-gao-lei"):
        assert endings[case_2, "lawful_notice"] in ("promise_to_pay", "agreed")
        assert endings[case_2, "threatening"] in ("hung_up", "fake_promise")
        assert endings[case_2, "vague_hint"] in ("agent_closed", "hung_up", "out_of_turns")
    for talk in result["talks"]:
        severities = {b["severity"] for b in talk["breaches"]}
        assert ("critical" in severities) == (talk["agent"] == "threatening")
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "15 USC 1692e" in report
    assert "<mark" in report

    again = borrowersim("report", "out", "--json", cwd=tmp_path)
    assert again.returncode == 0
    assert json.loads(again.stdout)["talks"] == result["talks"]


def test_a_failed_gate_is_exit_1(tmp_path: Path) -> None:
    suite = tmp_path / "strict.yaml"
    suite.write_text(
        "id: strict\nblocks:\n- {borrowers: [us-darren-cole], agents: [threatening]}\n"
        "gates:\n- {name: no breach, measure: critical_breaches, at_most: 0}\n",
        "utf-8",
    )
    done = borrowersim("run", "strict.yaml", "--voice", "phrasebook", cwd=tmp_path)
    assert done.returncode == 1
    assert "failed" in done.stdout


def test_a_gate_without_talks_is_inconclusive(tmp_path: Path) -> None:
    suite = tmp_path / "empty.yaml"
    suite.write_text(
        "id: empty\nblocks:\n- {borrowers: [us-darren-cole], agents: [vague_hint]}\n"
        "gates:\n- {name: none, measure: respect, agents: [somebody], at_least: 1}\n",
        "utf-8",
    )
    assert borrowersim("run", "empty.yaml", "--voice", "phrasebook", cwd=tmp_path).returncode == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chat", "nobody"], "us-maria-delgado"),
        (["run", "nothing"], "no suite 'nothing'"),
        (["run", "article", "--voice", "openai/gpt-4.1-mini"], "OPENAI_API_KEY"),
        (["run", "article", "--voice", "rules"], "rules cannot speak"),
        (["run", "article", "--voice", "phrasebook", "--judge", "phrasebook"], "phrasebook cannot judge"),
        (["run", "article", "--voice", "magic/model"], "no model 'magic/model'"),
        (["run", "article", "--voice", "local/no-such.gguf"], "no-such.gguf"),
        (["run", "article", "--voice", "phrasebook", "--agent", "no-such-script"], "no agent script"),
        (["judge", "missing.jsonl"], "there is no file"),
        (["rules", "show", "us.none"], "no rule 'us.none'"),
        (["rules", "list", "--jurisdiction", "mars"], "mars"),
        (["report", "."], "holds no run"),
        (["models", "pull", "no-such-model"], "no-such-model"),
        (["run"], "Missing argument"),
        (["frobnicate"], "No such command"),
    ],
)
def test_bad_input_is_answered_with_what_to_do(tmp_path: Path, words: list[str], message: str) -> None:
    done = borrowersim(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.yaml", "id: x\nblocks: [\n", "broken.yaml:3: not valid YAML"),
        ("wrong.yaml", "id: x\nblocks:\n- {borrowers: [], agents: [llm]}\n", "wrong.yaml:3: blocks.0.borrowers"),
    ],
)
def test_a_broken_suite_names_the_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    done = borrowersim("run", name, "--voice", "phrasebook", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_malformed_talk_file_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "talks.jsonl").write_text('{"id": "a", "language": "en", "jurisdiction": "us"}\n{"id": 3}\n', "utf-8")
    done = borrowersim("judge", "talks.jsonl", "--judge", "rules", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert "talks.jsonl:2" in done.stderr


def test_a_service_that_is_down_is_exit_4(tmp_path: Path) -> None:
    done = borrowersim(
        "run",
        "article",
        "--voice",
        "openai/mock",
        "--judge",
        "rules",
        cwd=tmp_path,
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )
    assert done.returncode == 4
    assert "127.0.0.1:9" in done.stderr


def test_a_person_calls_a_borrower(tmp_path: Path) -> None:
    said = (
        "Hello, this is Dana Brooks with Northfield. Is this Maria Delgado?\nYou are a deadbeat, pay or go to jail.\n\n"
    )
    done = borrowersim(
        "chat", "us-maria-delgado", "--voice", "phrasebook", "--judge", "rules", cwd=tmp_path, stdin=said
    )
    assert done.returncode == 0
    assert "Maria Delgado:" in done.stdout
    assert "15 USC 1692" in done.stdout
    assert "better:" in done.stdout


def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    done = borrowersim("demo", "--voice", "phrasebook", cwd=tmp_path)
    assert done.returncode == 0
    assert "agreed" in done.stdout
    assert "critical" in done.stdout
    assert (tmp_path / "borrowersim-demo.html").stat().st_size > 10_000


def test_the_demo_says_why_it_goes_on_without_the_model(tmp_path: Path) -> None:
    done = borrowersim("demo", cwd=tmp_path)
    assert done.returncode == 0
    assert "voice: phrasebook (no key is set" in done.stderr


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    done = borrowersim(
        "run",
        "article",
        "--judge",
        "rules",
        cwd=tmp_path,
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_API_KEY="sk-secret-1",
    )
    written = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"sk-secret-1" not in done.stdout.encode() + done.stderr.encode() + written


@pytest.mark.parametrize(
    "words", [["borrowers", "list"], ["rules", "list"], ["models", "list"], ["perception-check"], ["guard-check"]]
)
def test_data_comes_as_json(tmp_path: Path, words: list[str]) -> None:
    done = borrowersim(*words, "--json", cwd=tmp_path)
    assert len(json.loads(done.stdout)) >= 1


def test_one_of_each_is_shown(tmp_path: Path) -> None:
    assert "卡" in borrowersim("borrowers", "show", "cn-zhou-min", cwd=tmp_path).stdout
    shown = borrowersim("rules", "show", "us.fdcpa.1692e-4", cwd=tmp_path).stdout
    assert "15 USC 1692e(4)" in shown
    assert "not legal advice" in shown


def test_a_new_borrower_is_written_checked_and_called(tmp_path: Path) -> None:
    made = borrowersim("borrowers", "new", "my-borrower.yaml", "--from", "cn-zhou-min", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "my-borrower is sound" in borrowersim("borrowers", "check", "my-borrower.yaml", cwd=tmp_path).stdout
    again = borrowersim("borrowers", "new", "my-borrower.yaml", cwd=tmp_path)
    assert again.returncode == 2
    assert "already there" in again.stderr
    file = tmp_path / "my-borrower.yaml"
    file.write_text(file.read_text("utf-8").replace("resistance: 4", "resistance: 40"), "utf-8")
    broken = borrowersim("borrowers", "check", "my-borrower.yaml", cwd=tmp_path)
    assert broken.returncode == 2
    assert "dials.resistance" in broken.stderr


def test_calibrate_writes_table_picture_and_data(tmp_path: Path) -> None:
    words = ["calibrate", "--voice", "phrasebook", "--dial", "resistance", "--borrower", "us-maria-delgado"]
    words += ["--agent", "skilled", "--agent", "courteous_empty", "--out", "curve", "--talks"]
    assert borrowersim(*words, "no/talks.jsonl", cwd=tmp_path).returncode == 2
    done = borrowersim(*words, "talks.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "talks.jsonl").read_text("utf-8").splitlines()) == 12
    assert "Spearman of resistance" in done.stdout
    assert (tmp_path / "curve" / "resistance.svg").read_text("utf-8").startswith("<svg")
    points = json.loads((tmp_path / "curve" / "curve.json").read_text("utf-8"))["resistance"]
    assert {p["level"] for p in points} == {0, 2, 4, 6, 8, 10}
    assert "| en | skilled | 0 |" in (tmp_path / "curve" / "README.md").read_text("utf-8")
