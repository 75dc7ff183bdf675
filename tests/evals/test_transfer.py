"""Runs out of the store and into another: whole, or not at all."""

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from borrowersim.errors import UsageError
from borrowersim_evals.store import transfer
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.store import Store
from borrowersim_evals.store.transfer import COLUMNS, export_jsonl, export_parquet, import_jsonl, turn_rows
from tests.evals.made import PLAN, cases, failed, run_file

URL = "sqlite:///{}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    store.begin(run_file())
    store.add("small-1", [row_of(case) for case in cases()[:6]] + [row_of(failed(cases()[6]))])
    store.finish("small-1", None, "stopped by hand")
    yield store
    store.close()  # also where a test was skipped


def test_a_run_moves_whole(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "ROWS", 3)  # more than one stretch
    assert export_jsonl(store, "small-1", tmp_path / "run.jsonl") == 7
    other = Store(URL.format(tmp_path / "other.sqlite"))
    assert import_jsonl(other, tmp_path / "run.jsonl") == ("small-1", 7)
    assert import_jsonl(store, tmp_path / "run.jsonl", "copy") == ("copy", 7)
    assert other.run("small-1") == run_file()
    assert list(other.cases("small-1")) == list(store.cases("small-1")) == list(store.cases("copy"))
    assert other.line("small-1") == store.line("small-1")
    assert other.waiting("small-1") == list(PLAN[6:])
    assert not list(tmp_path.glob("*.part"))
    with pytest.raises(UsageError, match="already holds a run 'small-1'"):
        import_jsonl(other, tmp_path / "run.jsonl")
    other.close()
    store.close()


def damaged(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text("\n".join(change(path.read_text("utf-8").splitlines())) + "\n", "utf-8")

    return write


def with_form(lines: list[str]) -> list[str]:
    return [json.dumps({**json.loads(lines[0]), "form": "borrowersim-run/9"}), *lines[1:]]


def stranger(lines: list[str]) -> list[str]:
    case = json.loads(lines[1])
    case["played"]["id"] = "somebody"
    return [*lines, json.dumps(case)]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damaged(with_form), "is no exported run"),
        (damaged(lambda lines: ["{"]), "is no exported run"),
        (damaged(lambda lines: [*lines[:3], lines[3][:-9]]), r"run\.jsonl:4: not a talk of a run"),
        (damaged(stranger), r"run\.jsonl:9: the talk 'somebody' is not in the run's plan"),
        (damaged(lambda lines: [*lines, lines[2]]), r"run\.jsonl:9: .* or stands there twice"),
        (lambda path: path.unlink(), "there is no file"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "is not UTF-8"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot read"),
    ],
)
def test_a_damaged_file_leaves_no_trace(
    store: Store, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    file = tmp_path / "run.jsonl"
    export_jsonl(store, "small-1", file)
    damage(file)
    other = Store(URL.format(tmp_path / "other.sqlite"))
    with pytest.raises(UsageError, match=message):
        import_jsonl(other, file)
    assert other.lines() == []
    other.close()
    store.close()


def test_a_file_that_cannot_be_written_says_so(store: Store, tmp_path: Path) -> None:
    writers = (export_jsonl, export_parquet) if find_spec("pyarrow") else (export_jsonl,)
    for write in writers:
        with pytest.raises(UsageError, match=r"cannot write .*No such file"):
            write(store, "small-1", tmp_path / "nowhere" / "run.x")
    with pytest.raises(UsageError, match="holds no run 'none'"):
        export_jsonl(store, "none", tmp_path / "run.jsonl")
    store.close()


def test_parquet_holds_a_row_a_turn(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(transfer, "ROWS", 10)
    assert export_parquet(store, "small-1", tmp_path / "run.parquet") == 7
    rows = parquet.read_table(tmp_path / "run.parquet").to_pylist()
    assert rows == [row for case in store.cases("small-1") for row in turn_rows("small-1", case)]
    assert list(rows[0]) == list(COLUMNS)
    of_first = [row for row in rows if row["talk"] == PLAN[0].id]
    assert [row["text"] for row in of_first] == [turn.text for turn in cases()[0].played.talk.turns]
    assert [row["trust"] for row in of_first[1::2]] == [moment.hidden.trust for moment in cases()[0].played.moments]
    assert [row["respect"] for row in of_first[::2]] == [marks.respect for marks in cases()[0].score.turns]
    breaches = " ".join(row["breaches"] for row in rows if row["talk"] == PLAN[2].id).split()
    assert sorted(breaches) == sorted(f.rule for f in cases()[2].score.breaches) != []
    store.close()


def test_parquet_without_its_library_names_the_extra(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"borrowersim\[parquet\]"):
        export_parquet(store, "small-1", tmp_path / "run.parquet")
    store.close()
