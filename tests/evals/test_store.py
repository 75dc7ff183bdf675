"""Runs in a database, SQLite and PostgreSQL alike: what is kept once, found again, and never lost."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, select, text, update

from borrowersim.errors import BorrowerSimError, UsageError
from borrowersim.talk import Ending
from borrowersim_evals.store import engine as engine_module
from borrowersim_evals.store.engine import SCRIPTS, engine_of, without_password
from borrowersim_evals.store.rows import Row, row_of
from borrowersim_evals.store.store import Store
from borrowersim_evals.store.tables import metadata, runs, talks
from tests.evals.made import PLAN, cases, costing, failed, run_file

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    yield store
    store.close()


@pytest.fixture
def begun(store: Store) -> Store:
    store.begin(run_file())
    return store


def column(store: Store, name: str) -> dict[str, Any]:
    """Return one column of the run's talks, by the talk's id."""
    engine = engine_of(store.url)
    with engine.connect() as connection:
        found = {id: value for id, value in connection.execute(select(talks.c.id, talks.c[name]))}
    engine.dispose()
    return found


def test_a_run_and_its_talks_are_read_back_whole(begun: Store) -> None:
    begun.add("small-1", [row_of(case) for case in reversed(cases())])
    assert begun.run("small-1") == run_file()
    assert tuple(begun.cases("small-1")) == cases()
    assert begun.case("small-1", PLAN[2].id) == cases()[2]
    assert begun.waiting("small-1") == []


def test_columns_hold_what_the_talk_says(begun: Store) -> None:
    case = costing(cases()[1], calls=7, prompt=900, completion=80)
    begun.add("small-1", [row_of(case)])
    of = {name: column(begun, name)[PLAN[1].id] for name in ("ending", "language", "total", "calls", "prompt_tokens")}
    assert of == {
        "ending": case.played.ending.value,
        "language": "en",
        "total": case.score.total,
        "calls": 7,
        "prompt_tokens": 900,
    }


def test_what_waits_comes_in_the_order_of_the_plan(begun: Store) -> None:
    assert begun.waiting("small-1") == list(PLAN)
    begun.add("small-1", [row_of(cases()[4]), row_of(failed(cases()[1]))])
    assert begun.waiting("small-1") == [*PLAN[:4], *PLAN[5:]]
    assert begun.waiting("small-1", failed_too=False) == [PLAN[0], *PLAN[2:4], *PLAN[5:]]


def test_done_is_never_overwritten(begun: Store) -> None:
    begun.add("small-1", [row_of(cases()[0])])
    begun.add("small-1", [row_of(failed(cases()[0])), row_of(costing(cases()[0], 99, 0, 0))])
    assert list(begun.cases("small-1")) == [cases()[0]]
    assert column(begun, "attempts")[PLAN[0].id] == 1


def test_what_failed_may_be_played_again(begun: Store) -> None:
    begun.add("small-1", [row_of(failed(cases()[0]))])
    begun.add("small-1", [row_of(failed(cases()[0], Ending.AGENT_FAILED))])
    assert column(begun, "status")[PLAN[0].id] == "failed"
    begun.add("small-1", [row_of(cases()[0])])
    assert column(begun, "status")[PLAN[0].id] == "done"
    assert column(begun, "attempts")[PLAN[0].id] == 3
    assert list(begun.cases("small-1")) == [cases()[0]]


def test_rows_of_another_run_are_left_alone(begun: Store) -> None:
    begun.begin(run_file("other"))
    begun.add("small-1", [row_of(case) for case in cases()])
    assert len(begun.waiting("other")) == len(PLAN)


def test_done_talks_can_be_asked_for_without_their_words(begun: Store) -> None:
    begun.add("small-1", [row_of(cases()[0]), row_of(failed(cases()[1]))])
    (row,) = begun.done("small-1", [PLAN[0].id, PLAN[1].id, PLAN[2].id])
    assert row == Row(**{**row_of(cases()[0]).values(), "talk": ""})


def test_an_id_is_taken_once(begun: Store) -> None:
    with pytest.raises(UsageError, match="already holds a run 'small-1'"):
        begun.begin(run_file())
    assert begun.waiting("small-1") == list(PLAN)


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    for id in ("abc", "abc-2", "xy_1", "XY%2"):
        store.begin(run_file(id))
    assert store.run_id("abc") == "abc"
    assert store.run_id("abc-") == "abc-2"
    assert store.run_id("x") == "xy_1"
    assert store.run_id("XY%") == "XY%2"
    with pytest.raises(UsageError, match="begins several runs: abc, abc-2"):
        store.run_id("ab")
    for nobody in ("b", "x%", "ABC"):
        with pytest.raises(UsageError, match="holds no run"):
            store.run_id(nobody)


def test_lines_count_and_the_newest_comes_first(store: Store) -> None:
    store.begin(run_file("evening", "2026-01-02T23:30:00+00:00"))
    store.begin(run_file("later", "2026-01-02T18:00:00-06:00"))  # half an hour after, in another time zone
    store.begin(run_file("undated", "once upon a time"))
    store.begin(run_file("naive", "2025-01-02T18:00:00"))
    store.add("later", [row_of(cases()[0]), row_of(cases()[2]), row_of(failed(cases()[1]))])
    store.finish("later", None, "stopped by hand")
    lines = store.lines()
    assert [line.id for line in lines] == ["later", "evening", "naive", "undated"]
    line = lines[0]
    assert (line.planned, line.done, line.failed, line.stopped, line.verdict) == (8, 2, 1, "stopped by hand", None)
    critical = sum(f.severity == "critical" for i in (0, 1, 2) for f in cases()[i].score.breaches)
    assert line.critical == critical > 0
    assert store.line("later") == line
    assert (lines[1].done, lines[1].total, lines[1].critical) == (0, None, 0)


def test_a_finished_run_forgets_why_it_was_stopped(begun: Store) -> None:
    begun.finish("small-1", None, "stopped by hand")
    begun.finish("small-1", "passed")
    assert (begun.line("small-1").verdict, begun.line("small-1").stopped) == ("passed", None)


def test_a_deleted_run_is_gone_with_its_talks(begun: Store) -> None:
    begun.begin(run_file("other"))
    begun.delete("small-1")
    assert [line.id for line in begun.lines()] == ["other"]
    assert len(column(begun, "id")) == len(PLAN)
    for asks in (begun.delete, begun.run, begun.line):
        with pytest.raises(UsageError, match="holds no run 'small-1'"):
            asks("small-1")


def test_a_talk_that_was_not_played_cannot_be_shown(begun: Store) -> None:
    with pytest.raises(UsageError, match="no played talk"):
        begun.case("small-1", PLAN[0].id)


def test_what_another_version_wrote_is_refused_with_its_run(begun: Store) -> None:
    begun.add("small-1", [row_of(cases()[0])])
    engine = engine_of(begun.url)
    with engine.begin() as connection:
        connection.execute(update(talks).where(talks.c.id == PLAN[0].id).values(talk='{"played": 3}'))
        connection.execute(update(runs).values(facts="{}"))
    engine.dispose()
    for asks in (lambda: list(begun.cases("small-1")), lambda: begun.run("small-1")):
        with pytest.raises(UsageError, match="'small-1' was written by another version"):
            asks()


def test_chinese_text_survives(begun: Store) -> None:
    begun.add("small-1", [row_of(case) for case in cases()])
    chinese = [case for case in begun.cases("small-1") if case.played.borrower == "cn-zhou-min"]
    assert any("您" in turn.text for case in chinese for turn in case.played.talk.turns)


class Cursor:
    """SQLite's, of a new file to which other processes switch on the log at the same moment."""

    def __init__(self, busy: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.busy = busy
        self.tries = 0
        self._code = code

    def execute(self, _: str) -> None:
        self.tries += 1
        if self.tries <= self.busy:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self._code
            raise error


def test_a_process_waits_while_another_makes_the_same_new_file(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = list[float]()
    monkeypatch.setattr(engine_module, "sleep", waits.append)
    soon, never, broken = Cursor(busy=3), Cursor(busy=10_000), Cursor(busy=1, code=sqlite3.SQLITE_IOERR)
    engine_module._write_ahead(soon)
    assert (soon.tries, len(waits)) == (4, 3)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        engine_module._write_ahead(never)
    assert sum(waits[3:]) == pytest.approx(engine_module.BUSY_SECONDS, abs=0.1)
    with pytest.raises(sqlite3.OperationalError):
        engine_module._write_ahead(broken)
    assert broken.tries == 1


ADD = """
import sys
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.store import Store
from tests.evals.made import cases, run_file
rows = [row_of(case) for case in cases()]
print("ready", flush=True)
sys.stdin.readline()
store = Store(sys.argv[1])
try:
    store.begin(run_file())
    print("began")
except Exception as error:
    print(error)
for row in rows:
    store.add("small-1", [row])
store.close()
"""


def test_two_processes_that_finish_the_same_talks_count_once(store_url: str) -> None:
    """Both find an empty database, make its tables, begin the same run and add the same talks at the same time."""
    command_ = [sys.executable, "-c", ADD, store_url]
    piped: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(command_, cwd=ROOT, text=True, **piped) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("already holds" in out for out, _ in said) == [False, True]
    store = Store(store_url)
    assert set(column(store, "attempts").values()) == {1}
    assert tuple(store.cases("small-1")) == tuple(
        case.model_copy(update={"played": case.played.model_copy(update={"seconds": read.played.seconds})})
        for case, read in zip(cases(), store.cases("small-1"), strict=True)
    )
    store.close()


def test_the_migrated_tables_are_the_ones_in_the_code(store_url: str) -> None:
    engine = engine_of(store_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_migrations_go_down_and_up_again(store_url: str) -> None:
    engine = engine_of(store_url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert not {"runs", "talks"} & set(inspect(engine).get_table_names())
    engine_module.migrate(engine)
    engine_module.migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_tables_of_a_newer_program_are_refused(store_url: str) -> None:
    engine = engine_of(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UsageError, match="newer version of borrowersim"):
        Store(store_url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "the store's URL is none"),
        ("", "the store's URL is none"),
        ("postgresql://host:port/db", "the store's URL is none"),
        ("mysql://host/db", "no store of the kind 'mysql'"),
        ("sqlite:////proc/none/runs.sqlite", "/proc/none cannot be made"),
    ],
)
def test_a_damaged_url_is_answered_with_a_sound_one(url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Store(url)


def test_postgresql_without_its_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "find_spec", lambda name: None)
    for scheme in ("postgres", "postgresql", "postgresql+asyncpg"):
        with pytest.raises(UsageError, match=r"borrowersim\[postgres\]"):
            Store(f"{scheme}://user:secret@127.0.0.1/db")


def test_a_database_that_does_not_answer_keeps_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(BorrowerSimError, match=r"127\.0\.0\.1:9/db.* cannot be used") as caught:
        Store("postgresql://user:secret-1@127.0.0.1:9/db?connect_timeout=2")
    assert not isinstance(caught.value, UsageError)
    assert "secret-1" not in str(caught.value)
    file = tmp_path / "no.sqlite"
    file.write_text("this is no database, and long enough to be taken for one " * 20)
    with pytest.raises(BorrowerSimError, match="file is not a database"):
        Store(f"sqlite:///{file}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret-1@host/db",
        "postgresql://host/db?user=u&password=secret-1",
        "postgresql://host/db?sslpassword=secret-1",
        "postgresql://user:secret-1@host:port/db",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    assert "secret-1" not in without_password(url)
    assert "***" in without_password(url) or without_password(url) == "(not a URL)"


def test_a_store_shows_itself_without_its_password(store_url: str) -> None:
    store = Store(store_url)
    password = make_url(store_url).password
    assert repr(store) == f"Store({without_password(store_url)!r})"
    assert not password or password not in repr(store)
    store.close()


def test_a_file_that_cannot_be_written_any_more_is_a_plain_message(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    store.begin(run_file())
    with sqlite3.connect(tmp_path / "runs.sqlite") as other:
        other.execute("DROP TABLE talks")
    other.close()
    with pytest.raises(BorrowerSimError, match="cannot be used: no such table: talks"):
        store.add("small-1", [row_of(cases()[0])])
    store.close()


def test_half_made_tables_are_no_trap(tmp_path: Path) -> None:
    """Killed while the tables are made: nothing of them is there, and the next start makes them."""
    url = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    killed = "from borrowersim_evals.store import engine; import os, alembic.command as c; real = c.upgrade\n"
    killed += "def upgrade(*a):\n real(*a); os._exit(9)\n"
    killed += f"c.upgrade = upgrade; engine.engine_of({url!r})"
    assert subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False).returncode == 9
    plain = create_engine(url)
    assert inspect(plain).get_table_names() == []
    plain.dispose()
    store = Store(url)
    store.begin(run_file())
    store.close()
