"""Practices and assignments in the store: what goes in comes out, to each their own, forgotten when asked."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from borrowersim.errors import UsageError
from borrowersim_evals.assignment import Assignment, Task
from borrowersim_evals.practice import MemoryBook, PracticeBook
from borrowersim_evals.practice_lines import line_of
from borrowersim_evals.store.practices import PracticeStore
from borrowersim_evals.store.store import Store
from borrowersim_evals.store.tables import metadata
from tests.evals.practising import ARREST, START, breach, practice

POSTGRES = os.environ.get("BORROWERSIM_TEST_POSTGRES", "")
NO_SERVER = "set BORROWERSIM_TEST_POSTGRES to the URL of an empty database"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.skipif(not POSTGRES, reason=NO_SERVER)]),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PracticeStore]:
    url = POSTGRES if request.param == "postgres" else f"sqlite:///{tmp_path / 'practices.sqlite'}"
    made = PracticeStore(url)
    yield made
    for name in made.learners():
        made.forget(name)
    for one in made.assignments():
        made.withdraw(one.id)
    made.close()


def assignment(id: str = "a1", *learners: str, made_day: int = 0) -> Assignment:
    return Assignment(
        id=id,
        title="First week",
        by="Kim",
        made=START + timedelta(days=made_day),
        tasks=(Task(borrower="us-maria-delgado", resistance=7),),
        due=date(2026, 12, 4),
        learners=learners,
    )


@pytest.mark.parametrize("kind", ["memory", "store"])
def test_both_books_keep_their_promise(kind: str, store: PracticeStore) -> None:
    book: PracticeBook = MemoryBook() if kind == "memory" else store
    begun, done = practice("p1", judged=False), practice("p1", breaches=(breach(),))
    book.keep(begun)
    assert book.practice("Ana", "p1") == begun
    book.keep(done)
    book.keep(practice("p2", day=1))
    book.keep(practice("p1", learner="Ben"))
    assert [record.id for record in book.practices("Ana")] == ["p2", "p1"]
    assert book.practice("Ana", "p1") == done
    assert book.practices("Eve") == []
    with pytest.raises(UsageError, match="'Ben' has no practice 'p2'"):
        book.practice("Ben", "p2")


def test_the_newest_comes_first_whatever_the_zone(store: PracticeStore) -> None:
    store.keep(practice("late", day=0.5, offset=timedelta(hours=-11)))
    store.keep(practice("early", day=0.4, offset=timedelta(hours=12)))
    assert [line.id for line in store.lines("Ana")] == ["late", "early"]
    assert store.lines("Ana")[0].started.endswith("-11:00")


def test_a_line_says_all_but_the_words(store: PracticeStore) -> None:
    kept = practice(total=40, breaches=(breach(), breach(2, "us.x", "minor")), dials=(7.5, 2), assignment="a1")
    store.keep(kept)
    (line,) = store.lines("Ana")
    assert line == line_of(kept)
    assert (line.total, line.breaches, line.critical, line.resistance) == (40, 2, 1, 7.5)
    assert (line.judged, line.fresh, line.turns, line.assignment) == (True, True, 4, "a1")


def test_an_open_call_has_no_figures(store: PracticeStore) -> None:
    store.keep(practice(judged=False))
    (line,) = store.lines("Ana")
    assert (line.judged, line.total, line.breaches, line.critical) == (False, None, None, None)
    assert store.slips("Ana") == []


def test_breaches_are_kept_with_words_and_what_to_say_instead(store: PracticeStore) -> None:
    store.keep(practice(breaches=(breach(),), better="Let us look at a plan."))
    (slip,) = store.slips("Ana")
    assert (slip.rule, slip.quote, slip.better) == (ARREST, "or jail", "Let us look at a plan.")
    store.keep(practice(breaches=()))
    assert store.slips("Ana") == []


def test_a_sign_that_a_database_refuses_does_not_lose_the_practice(store: PracticeStore) -> None:
    odd = practice(say="Pay\0 now", breaches=(breach(quote="Pay\0 now"),))
    store.keep(odd)
    assert store.practice("Ana", "p1") == odd
    assert store.slips("Ana")[0].quote == "Pay now"


def test_a_rewound_call_counts_only_what_was_said_anew(store: PracticeStore) -> None:
    wrong = (breach(0), breach(2, "us.other"))
    store.keep(practice("p1", breaches=wrong))
    store.keep(practice("p2", day=1, breaches=wrong, parent="p1", parent_turns=1))
    assert [(slip.practice, slip.rule) for slip in store.slips("Ana")] == [
        ("p2", "us.other"),
        ("p1", ARREST),
        ("p1", "us.other"),
    ]


def test_a_time_without_offset_is_refused(store: PracticeStore) -> None:
    with pytest.raises(UsageError, match="'yesterday' is no time"):
        store.keep(practice().model_copy(update={"started": "yesterday"}))
    with pytest.raises(UsageError, match="with its offset"):
        store.keep(practice().model_copy(update={"changed": "2026-11-02T09:30:00"}))
    assert store.lines() == []


def test_many_writers_of_one_practice_leave_one(store: PracticeStore) -> None:
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: store.keep(practice(breaches=(breach(), breach(2)))), range(24)))
    assert len(store.lines("Ana")) == 1
    assert len(store.slips("Ana")) == 2


def test_a_learner_is_forgotten_and_nobody_else(store: PracticeStore) -> None:
    for who in ("Ana", "Ben"):
        store.keep(practice(learner=who, breaches=(breach(),)))
    store.assign(assignment("hers", "Ana"))
    store.assign(assignment("both", "Ana", "Ben"))
    store.assign(assignment("all"))
    assert store.forget("Ana") == 1
    assert store.forget("Ana") == 0
    assert store.learners() == ["Ben"]
    assert [slip.learner for slip in store.slips()] == ["Ben"]
    assert {one.id: one.learners for one in store.assignments()} == {"both": ("Ben",), "all": ()}


def test_assignments_are_for_whom_they_name(store: PracticeStore) -> None:
    store.assign(assignment("first"))
    store.assign(assignment("second", "Ben", made_day=1))
    assert [one.id for one in store.assignments()] == ["second", "first"]
    assert [one.id for one in store.assignments("Ana")] == ["first"]
    assert store.assignment("second") == assignment("second", "Ben", made_day=1)
    store.assign(assignment("second", "Ana", made_day=1))
    assert [one.id for one in store.assignments("Ana")] == ["second", "first"]
    store.withdraw("first")
    with pytest.raises(UsageError, match="no assignment 'first'"):
        store.withdraw("first")
    with pytest.raises(UsageError, match="`borrowersim learners assignments` lists them"):
        store.assignment("first")


def test_what_another_version_wrote_is_said_to_be_so(store: PracticeStore) -> None:
    store.keep(practice())
    store.assign(assignment())
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE practices SET record = '{}'"))
        connection.execute(text("UPDATE assignments SET facts = '{}'"))
    with pytest.raises(UsageError, match="practice 'p1' was written by another version"):
        store.practice("Ana", "p1")
    with pytest.raises(UsageError, match="practice 'p1' was written by another version"):
        store.practices("Ana")
    with pytest.raises(UsageError, match="assignment 'a1' was written by another version"):
        store.assignment("a1")
    with store._engine.begin() as connection:
        connection.execute(text("DELETE FROM assignments"))


def test_a_store_of_runs_gains_the_tables_and_keeps_its_runs(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from borrowersim_evals.store.engine import SCRIPTS

    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    engine, config = create_engine(url), Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO runs (id, suite, started, voice, judge, facts, planned) "
                "VALUES ('r','s','t','v','j','{}',0)"
            )
        )
    assert not inspect(engine).has_table("practices")
    practices = PracticeStore(url)
    practices.keep(practice())
    found = inspect(engine)
    assert set(metadata.tables) <= set(found.get_table_names())
    for table in metadata.tables.values():
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
        assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 1
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert not inspect(connection).has_table("slips")
    practices.close()
    engine.dispose()


def test_runs_and_practices_share_a_file_and_hide_the_password(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'both.sqlite'}"
    runs, practices = Store(url), PracticeStore(url)
    practices.keep(practice())
    assert runs.lines() == []
    assert repr(practices) == f"PracticeStore('{url}')"
    runs.close()
    practices.close()
