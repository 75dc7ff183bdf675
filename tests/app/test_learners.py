"""Learners: the roll and its passwords, who comes in to the page, the command."""

import asyncio
import json
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from borrowersim.errors import UsageError
from borrowersim_app.cli.learners import app
from borrowersim_app.learners import Learner, Role, RollFile, clean_name, hash_of, matches
from borrowersim_app.web.people import People, Person, launched_with
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.store.practices import PracticeStore
from tests.evals.practising import breach, practice

WORD = "correct horse"
HASH = hash_of(WORD)


def roll(tmp_path: Path, *people: tuple[str, Role]) -> RollFile:
    made = RollFile(tmp_path / "learners.yaml")
    for name, role in people:
        made.put(Learner(name=name, role=role, password=HASH))
    return made


def asks(name: str | None) -> SimpleNamespace:
    return SimpleNamespace(username=name)


def let_in(people: People, name: str, password: str) -> bool:
    assert people.auth is not None
    return asyncio.run(people.auth(name, password))  # type: ignore[arg-type]


def test_a_password_is_kept_as_a_salted_hash() -> None:
    assert HASH.startswith("scrypt$32768$8$3$")
    assert WORD not in HASH
    assert hash_of(WORD) != HASH
    assert matches(WORD, HASH)
    assert not matches("correct hors", HASH)
    with pytest.raises(UsageError, match="at least 8"):
        hash_of("short")


@pytest.mark.parametrize("damaged", ["scrypt$3$8$1$aaaa$bbbb", "scrypt$32768$8$3$***$bbbb", "scrypt$32768$8$3$aa$b"])
def test_nobody_comes_in_by_a_damaged_hash(damaged: str) -> None:
    assert not matches(WORD, damaged)


def test_a_name_has_one_spelling() -> None:
    assert clean_name("  Ana \t Ruiz ") == "Ana Ruiz"
    assert clean_name("Ａｎａ") == "Ana"
    assert clean_name("e\u0301") == "\u00e9"
    for wrong in ("", "   ", "x" * 61, "a\u202eb", "a\x00b"):
        with pytest.raises(UsageError, match="name"):
            clean_name(wrong)


def test_the_roll_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = roll(tmp_path, ("Ana", Role.LEARNER), ("陈静", Role.COACH))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert "陈静" in file.path.read_text("utf-8")
    assert WORD not in file.path.read_text("utf-8")
    assert [(one.name, one.role) for one in file.read().learners] == [("Ana", "learner"), ("陈静", "coach")]
    with pytest.raises(UsageError, match=r"'Ana' is in .* already"):
        file.put(Learner(name="ANA", password=HASH))
    file.put(Learner(name="ana", role=Role.COACH, password=HASH), replace=True)
    assert [(one.name, one.role) for one in file.read().learners] == [("陈静", "coach"), ("ana", "coach")]
    assert file.remove("Ana")
    assert not file.remove("Ana")
    assert file.read().find("x" * 99) is None


def test_a_roll_that_is_wrong_says_where(tmp_path: Path) -> None:
    file = RollFile(tmp_path / "learners.yaml")
    assert file.read().learners == ()
    file.path.write_text("learners:\n- name: Ana\n  password: secret123\n", "utf-8")
    with pytest.raises(UsageError, match=r"learners\.yaml:3: learners\.0\.password"):
        file.read()
    file.path.write_text(f"learners:\n- {{name: Ana, password: {HASH}}}\n- {{name: ANA, password: {HASH}}}\n", "utf-8")
    with pytest.raises(UsageError, match="ana stands here twice"):
        file.read()
    file.path.write_text(f"learners:\n- {{name: ' ', password: {HASH}}}\n", "utf-8")
    with pytest.raises(UsageError, match="1 to 60"):
        file.read()


def test_on_this_machine_alone_nobody_is_asked() -> None:
    people = People()
    assert people.auth is None
    assert people.who(None) == people.who(asks(None)) == Person("me", Role.LEARNER)
    assert people.names() == []


def test_one_password_for_all_keeps_names_apart() -> None:
    people = People(password="open sesame")
    assert let_in(people, "Ana", "open sesame")
    assert not let_in(people, "Ana", "open sesam")
    assert not let_in(people, " ", "open sesame")
    assert people.who(asks(" ANA ")) == people.who(asks("ana")) == Person("ana", Role.LEARNER)
    with pytest.raises(UsageError, match="nobody is signed in"):
        people.who(asks(None))


def test_a_roll_lets_in_by_name_and_password(tmp_path: Path) -> None:
    file = roll(tmp_path, ("Ana", Role.LEARNER), ("Kim", Role.COACH))
    people = People(file)
    assert let_in(people, "ana", WORD)
    assert not let_in(people, "ana", "wrong horse")
    assert not let_in(people, "nobody", WORD)
    assert not let_in(people, "", WORD)
    assert people.who(asks("ANA")) == Person("Ana", Role.LEARNER)
    assert people.who(asks("Kim")).coaches
    assert people.names() == ["Ana"]
    file.remove("Ana")
    assert not let_in(people, "ana", WORD)
    with pytest.raises(UsageError, match="may no longer use this page"):
        people.who(asks("ana"))


def test_no_page_opens_to_others_without_a_password(tmp_path: Path) -> None:
    assert launched_with(None, None, everywhere=False).alone
    assert not launched_with(None, "password", everywhere=True).alone
    assert launched_with(roll(tmp_path, ("Ana", Role.LEARNER)), None, everywhere=True).names() == ["Ana"]
    with pytest.raises(UsageError, match="set BORROWERSIM_PASSWORD"):
        launched_with(None, None, everywhere=True)
    with pytest.raises(UsageError, match="names nobody"):
        launched_with(RollFile(tmp_path / "none.yaml"), "password", everywhere=False)


class Shell:
    """The command in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'store.sqlite'}"
        monkeypatch.setenv("BORROWERSIM_LEARNERS", str(folder / "learners.yaml"))
        monkeypatch.setenv("BORROWERSIM_STORE", self.url)
        monkeypatch.setenv("ANA_PASSWORD", WORD)
        monkeypatch.setenv("COLUMNS", "200")

    def run(self, *words: str, typed: str | None = None) -> str:
        result = CliRunner().invoke(app, words, input=typed, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    def keep(self, *records: PracticeRecord) -> None:
        store = PracticeStore(self.url)
        for record in records:
            store.keep(record)
        store.close()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_adding_a_learner_asks_for_the_password_or_takes_it_from_the_environment(shell: Shell) -> None:
    shell.run("add", "Ana", "--password-env", "ANA_PASSWORD")
    shell.run("add", "Kim", "--role", "coach", typed=f"{WORD}\n{WORD}\n")
    file = RollFile(shell.folder / "learners.yaml")
    assert [(one.name, one.role) for one in file.read().learners] == [("Ana", "learner"), ("Kim", "coach")]
    assert all(matches(WORD, one.password) for one in file.read().learners)
    with pytest.raises(UsageError, match="--replace"):
        shell.run("add", "ana", "--password-env", "ANA_PASSWORD")
    shell.run("add", "ana", "--role", "coach", "--password-env", "ANA_PASSWORD", "--replace")
    with pytest.raises(UsageError, match="NOWHERE is empty"):
        shell.run("add", "Ben", "--password-env", "NOWHERE")


def test_the_list_shows_who_there_is_and_how_they_do(shell: Shell) -> None:
    shell.run("add", "Ana", "--password-env", "ANA_PASSWORD")
    shell.keep(*(practice(f"p{day}", day=day, total=20 + 20 * day) for day in range(4)))
    shell.keep(practice(learner="Zed", breaches=(breach(),)))
    ana, zed = json.loads(shell.run("list", "--json"))
    assert ana == {
        "name": "Ana",
        "role": "learner",
        "calls": 4,
        "last_active": "2026-11-05T09:35:00+00:00",
        "good_share": 0.5,
        "latest_total": 70,
        "trend": "better",
        "most_frequent_breach": None,
        "breach_times": 0,
    }
    assert (zed["role"], zed["most_frequent_breach"], zed["breach_times"]) == (None, "us.fdcpa.1692e-4", 1)
    table = shell.run("list")
    assert "2026-11-05T09:35" in table
    assert "50%" in table
    assert "not on the roll" in table


def test_a_learner_is_forgotten_everywhere(shell: Shell) -> None:
    shell.run("add", "Ana", "--password-env", "ANA_PASSWORD")
    shell.keep(practice(), practice(learner="Zed"))
    refused = CliRunner().invoke(app, ["forget", "ana"], input="n\n")
    assert refused.exit_code == 1
    assert len(json.loads(shell.run("list", "--json"))) == 2
    shell.run("forget", "ana", typed="y\n")
    shell.run("forget", "zed", "--yes")
    assert json.loads(shell.run("list", "--json")) == []
    with pytest.raises(UsageError, match="no learner 'ana'"):
        shell.run("forget", "ana", "--yes")


def test_calls_are_written_as_a_table_or_whole(shell: Shell) -> None:
    shell.keep(practice("p1", breaches=(breach(),)), practice("p2", day=1), practice("q1", learner="Zed"))
    out = shell.folder / "calls.csv"
    shell.run("export", str(out))
    assert out.read_bytes().count(b"\r\n") == 4
    shell.run("export", str(out), "--learner", "ZED")
    assert out.read_text("utf-8-sig").splitlines()[1].startswith("Zed,q1,")
    whole = shell.folder / "calls.jsonl"
    shell.run("export", str(whole), "--as", "jsonl")
    kept = [PracticeRecord.model_validate_json(line) for line in whole.read_text("utf-8").splitlines()]
    assert [record.id for record in kept] == ["p2", "p1", "q1"]


def test_an_assignment_is_set_followed_and_taken_back(shell: Shell) -> None:
    shell.run("add", "Ana", "--password-env", "ANA_PASSWORD")
    words = ["--borrower", "us-maria-delgado@7/4", "--borrower", "us-darren-cole", "--due", "2030-01-31"]
    made = json.loads(shell.run("assign", " First  week ", *words, "--to", "ana", "--by", "Kim", "--json"))
    assert (made["title"], made["due"], made["learners"], made["by"]) == ("First week", "2030-01-31", ["Ana"], "Kim")
    assert made["tasks"][0] == {"borrower": "us-maria-delgado", "resistance": 7, "financial_stress": 4}
    shell.keep(practice(dials=(8, 4), assignment=made["id"]))
    (followed,) = json.loads(shell.run("assignments", "--json"))
    assert followed["progress"] == [{"learner": "Ana", "passed": 1, "of": 2, "standing": "open"}]
    assert "1/2" in shell.run("assignments")
    shell.run("withdraw", made["id"])
    assert json.loads(shell.run("assignments", "--json")) == []


def test_an_assignment_that_cannot_be_is_refused(shell: Shell) -> None:
    with pytest.raises(UsageError, match="nobody-here"):
        shell.run("assign", "Week", "--borrower", "nobody-here")
    with pytest.raises(UsageError, match="no learner 'Zoe'"):
        shell.run("assign", "Week", "--borrower", "us-darren-cole", "--to", "Zoe")
    with pytest.raises(UsageError, match="listed twice"):
        shell.run("assign", "Week", "--borrower", "us-darren-cole", "--borrower", "us-darren-cole@1/1")


@pytest.mark.parametrize("command", ["list", "add", "forget", "export", "assign", "assignments", "withdraw"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"Example: borrowersim learners {command}" in CliRunner().invoke(app, [command, "--help"]).output
