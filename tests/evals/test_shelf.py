"""Looking through stored runs: filters, verdicts, words, pages."""

from pathlib import Path

import anyio
import pytest

from borrowersim.errors import UsageError
from borrowersim.talk import Ending
from borrowersim_evals.case import Case
from borrowersim_evals.planning import plan
from borrowersim_evals.runs import RunFile
from borrowersim_evals.store.rows import row_of
from borrowersim_evals.store.shelf import VERDICTS, Shelf, Wanted, line_of, shelf_at
from borrowersim_evals.suite import Block, Suite
from borrowersim_evals.verdict import Finding
from tests.evals.made import cases_of

SUITE = Suite(
    id="small",
    seed=3,
    blocks=(Block(borrowers=("us-maria-delgado", "cn-zhou-min"), agents=("respectful", "threatening")),),
)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return anyio.run(cases_of, SUITE)


@pytest.fixture
def shelf(tmp_path: Path, cases: list[Case]) -> Shelf:
    made = Shelf(f"sqlite:///{tmp_path}/runs.sqlite")
    for id in ("r1", "r2"):
        run = RunFile(
            id=id, suite=SUITE, started="2026-08-01T10:00", voice="v", judge="rules", seed=3, plan=tuple(plan(SUITE))
        )
        made.begin(run)
    made.add("r1", [row_of(case) for case in cases])
    return made


def ids(shelf: Shelf, **wanted: str) -> list[str]:
    return [line.id for line in shelf.talks("r1", Wanted.model_validate(wanted))[0]]


def test_talks_come_in_the_plans_order_with_verdict_and_gravest_finding(shelf: Shelf, cases: list[Case]) -> None:
    lines, more = shelf.talks("r1")
    assert [line.id for line in lines] == [planned.id for planned in plan(SUITE)]
    assert not more
    threat = lines[1]
    assert (threat.verdict, threat.agent, threat.borrower) == ("critical", "threatening", "us-maria-delgado")
    assert threat.worst is not None
    assert threat.worst.severity == "critical"
    talk = shelf.case("r1", threat.id).played.talk
    assert threat.worst.quote in talk.turns[threat.worst.turn].text
    assert threat.turns == len(talk.turns)
    assert shelf.talks("r2") == ([], False)


def test_names_are_those_of_played_talks(shelf: Shelf) -> None:
    assert shelf.names("r1") == (["respectful", "threatening"], ["cn-zhou-min", "us-maria-delgado"])
    assert shelf.names("r2") == ([], [])


def test_filters_narrow_the_choice_together(shelf: Shelf) -> None:
    assert ids(shelf, agent="threatening", borrower="cn-zhou-min") == ["cn-zhou-min~threatening~r0"]
    assert ids(shelf, agent="nobody") == []
    assert len(ids(shelf, verdict="critical")) == 2


def variant(case: Case, id: str, **score: object) -> Case:
    played = case.played.model_copy(update={"id": id})
    return Case(played=played, score=case.score.model_copy(update={"id": id, "legal": (), **score}))


def test_every_verdict_finds_the_talks_whose_line_says_so(shelf: Shelf, cases: list[Case]) -> None:
    four = [planned.id for planned in plan(SUITE)]
    doubt = Finding(turn=0, rule="x", status="cannot_tell", severity="major", quote="", citation="c", source="rules")
    breach = doubt.model_copy(update={"status": "breach"})
    technical = variant(cases[0], four[3])
    made = [
        variant(cases[0], four[0], legal=(doubt,), total=80.0),
        variant(cases[0], four[1], legal=(breach,)),
        variant(cases[0], four[2], total=None),
        technical.model_copy(update={"played": technical.played.model_copy(update={"ending": Ending.MODEL_FAILED})}),
    ]
    shelf.add("r2", [row_of(case) for case in made])
    found = {v: [line.id for line in shelf.talks("r2", Wanted(verdict=v))[0]] for v in VERDICTS}
    assert found == {
        "critical": [],
        "clean": [four[0]],
        "breach": [four[1]],
        "unjudged": [four[2]],
        "failed": [four[3]],
    }
    assert [line_of(case).verdict for case in made] == ["clean", "breach", "unjudged", "failed"]
    assert line_of(made[0]).worst == doubt


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("MARIA DELGADO", 2),
        ("周敏", 2),
        ("i'll call your BOSS", 1),
        ('"turns"', 0),  # stands in the record, said by nobody
        ("us-maria", 0),
        ("%", 0),
        ("Ⅻ", 0),
    ],
)
def test_words_are_looked_for_in_what_was_said(shelf: Shelf, text: str, number: int) -> None:
    assert len(ids(shelf, text=text)) == number


def test_quotes_and_breaks_are_found_as_they_were_said(shelf: Shelf, cases: list[Case]) -> None:
    talk = cases[0].played.talk
    said = 'He said "Pay\\now".\nÜber alles'
    turns = (talk.turns[0].model_copy(update={"text": said}), *talk.turns[1:])
    played = cases[0].played.model_copy(update={"talk": talk.model_copy(update={"turns": turns})})
    shelf.add("r2", [row_of(cases[0].model_copy(update={"played": played}))])
    for text in (said, '"pay\\', "ÜBER", "über"):
        assert len(shelf.talks("r2", Wanted(text=text))[0]) == 1, text


def test_a_list_is_cut_and_says_so(shelf: Shelf) -> None:
    lines, more = shelf.talks("r1", most=3)
    assert (len(lines), more) == (3, True)
    lines, more = shelf.talks("r1", most=4)
    assert (len(lines), more) == (4, False)


def test_looking_makes_no_database(tmp_path: Path, shelf: Shelf) -> None:
    assert shelf_at(f"sqlite:///{tmp_path}/none/runs.sqlite") is None
    assert not (tmp_path / "none").exists()
    found = shelf_at(shelf.url)
    assert found is not None
    assert [line.id for line in found.lines()] == ["r2", "r1"]
    with pytest.raises(UsageError, match="looks like sqlite"):
        shelf_at("no url")
    with pytest.raises(UsageError, match="no store of the kind"):
        shelf_at("mysql://there/db")
