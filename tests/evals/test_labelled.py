"""Labelled turns, talks and pairs: what a line asks of a judge, and what is said of a wrong line."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim_evals.label_shapes import LabelledTalk
from borrowersim_evals.labelled import judge_labels_dir, load_labels, shipped_files

ARREST, FALSE, INSULT = "us.fdcpa.1692e-4", "us.fdcpa.1692e-5", "us.fdcpa.1692d-2"
SLICES = {
    "ok_plain",
    "near_miss",
    "blunt",
    "veiled",
    "polite_violation",
    "state_violation",
    "lawful_rude",
    "unclear_lawful",
}
PLACE = {"language": "en", "jurisdiction": "us", "split": "tune", "source": "constructed"}


def turn(**changes: Any) -> dict[str, Any]:
    """Return a good line of a turn, with changes."""
    good = {
        "id": "t1",
        **PLACE,
        "facts": {"answered_by": "borrower"},
        "before": [{"speaker": "borrower", "text": "Yes, speaking."}],
        "text": "Pay, or they come for you.",
        "legal": [{"rule": ARREST, "also": [FALSE]}],
        "unclear": [],
        "respect": 1,
        "clarity": 2,
        "slice": "veiled",
        "why": "",
    }
    return {**good, **changes}


def talk(**changes: Any) -> dict[str, Any]:
    """Return a good line of a whole talk, with changes."""
    good = {
        "id": "w1",
        **PLACE,
        "turns": [
            {"speaker": "agent", "text": "Hello, is this Ann?"},
            {"speaker": "borrower", "text": "Yes."},
            {"speaker": "agent", "text": "They will arrest you."},
        ],
        "legal": [{"turn": 2, "rule": ARREST}],
        "marks": [{"turn": 0, "respect": 4, "clarity": 4}, {"turn": 2, "respect": 1, "clarity": 2}],
        "clean": {"2": "What could you manage?"},
    }
    return {**good, **changes}


def pair(**changes: Any) -> dict[str, Any]:
    """Return a good line of a pair, with changes."""
    good = {"id": "p1", **PLACE, "before": [], "lawful": "A court may decide.", "threat": "Jail.", "rule": ARREST}
    return {**good, "test": 3, **changes}


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return path


def loaded(folder: Path, *lines: dict[str, Any]) -> dict[str, LabelledTalk]:
    return {one.id: one for one in load_labels([written(folder, *lines)])}


def test_a_turn_is_judged_after_what_came_before(tmp_path: Path) -> None:
    one = loaded(tmp_path, turn())["t1"]
    assert [t.text for t in one.talk.turns] == ["Yes, speaking.", "Pay, or they come for you."]
    assert one.talk.facts.answered_by == "borrower"
    (judged,) = one.turns
    assert (judged.turn, judged.respect, judged.clarity) == (1, 1, 2)
    assert judged.legal[0].names == {ARREST, FALSE}
    assert (one.kind, one.slice, one.split, one.origin, one.blind) == ("turn", "veiled", "tune", "t1", False)


def test_a_talk_is_judged_turn_by_turn_and_has_a_clean_twin(tmp_path: Path) -> None:
    found = loaded(tmp_path, talk())
    assert set(found) == {"w1", "w1/twin"}
    assert [(t.turn, len(t.legal), t.respect) for t in found["w1"].turns] == [(0, 0, 4), (2, 1, 1)]
    twin = found["w1/twin"]
    assert [t.text for t in twin.talk.turns] == ["Hello, is this Ann?", "Yes.", "What could you manage?"]
    assert [(t.turn, t.legal, t.respect) for t in twin.turns] == [(2, (), None)]
    assert twin.origin == "w1"


def test_a_talk_without_clean_words_has_no_twin(tmp_path: Path) -> None:
    assert set(loaded(tmp_path, talk(clean={}))) == {"w1"}


def test_a_pair_is_two_talks(tmp_path: Path) -> None:
    found = loaded(tmp_path, pair(also=[FALSE]))
    assert [(one.kind, one.origin, bool(one.turns[0].legal)) for one in found.values()] == [
        ("pair_lawful", "p1", False),
        ("pair_threat", "p1", True),
    ]
    assert found["p1/threat"].turns[0].legal[0].names == {ARREST, FALSE}


def test_the_severity_comes_from_the_pack_the_gravest_counts(tmp_path: Path) -> None:
    found = loaded(tmp_path, turn(legal=[{"rule": INSULT}, {"rule": ARREST}]), turn(id="calm", legal=[]))
    assert found["t1"].severity(found["t1"].turns[0]) == "critical"
    assert found["calm"].severity(found["calm"].turns[0]) is None


def test_two_raters_may_stand_beside_the_agreed_label(tmp_path: Path) -> None:
    raters = {"A": {"legal": [], "respect": 2}, "B": {"legal": [{"rule": INSULT}], "respect": 1, "clarity": 3}}
    (judged,) = loaded(tmp_path, turn(raters=raters))["t1"].turns
    assert judged.raters["A"].clarity is None
    assert judged.raters["B"].legal[0].rule == INSULT


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("{", ":1: not valid JSON"),
        ("[1]", ":1: the file: "),
        (turn(respect=6), ":1: respect: "),
        (turn(mood="bad"), ":1: mood: "),
        (turn(split="test"), ":1: split: "),
        (turn(text=""), ":1: text: "),
        (turn(facts={"local_time": "late"}), ":1: facts.local_time: "),
        (turn(legal=[{"rule": "us.fdcpa.1692e-44"}]), f"no rule 'us.fdcpa.1692e-44' in pack us; the nearest: {ARREST}"),
        (turn(legal=[{"rule": ARREST, "also": ["uk.aja.40"]}]), "no rule 'uk.aja.40' in pack us"),
        (turn(unclear=["us.fdcpa.hours"]), "no rule 'us.fdcpa.hours' in pack us"),
        (turn(raters={"A": {"legal": [{"rule": "us.x"}]}}), "no rule 'us.x' in pack us"),
        (talk(legal=[{"turn": 1, "rule": ARREST}]), "legal: not a turn of the agent: [1]; the agent's are [0, 2]"),
        (talk(marks=[{"turn": 7, "respect": 3}]), "marks: not a turn of the agent: [7]"),
        (talk(clean={"0": "Hello."}), "clean: lawful words are missing for the turns [2]"),
        (talk(turns=[]), ":1: turns: "),
        (pair(threat=""), ":1: threat: "),
        (pair(test=8), ":1: test: "),
        (pair(rule="us.fdcpa"), "no rule 'us.fdcpa' in pack us"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: dict[str, Any] | str, complaint: str) -> None:
    with pytest.raises(UsageError) as error:
        load_labels([written(tmp_path, wrong)])
    assert "labels.jsonl" in str(error.value)
    assert complaint in str(error.value)


def test_all_wrong_lines_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        load_labels([written(tmp_path, turn(clarity=0), pair(), "", pair(), talk(split="x"))])
    assert [complaint.split("jsonl:", 1)[1][:12] for complaint in str(error.value).splitlines()] == [
        "1: clarity: ",
        "5: split: In",
        " the id p1 o",
    ]


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled line"):
        load_labels([written(tmp_path, "")])
    with pytest.raises(UsageError, match="there is no file"):
        load_labels([tmp_path / "nowhere.jsonl"])


@pytest.fixture(scope="module")
def shipped() -> tuple[LabelledTalk, ...]:
    return load_labels(shipped_files())


def test_every_language_has_enough_of_each_shape_in_both_halves(shipped: tuple[LabelledTalk, ...]) -> None:
    counts = Counter((one.talk.language, one.split, one.kind) for one in shipped)
    for language in Language:
        for split in ("tune", "measure"):
            assert counts[language, split, "turn"] >= 160
            assert counts[language, split, "talk"] == counts[language, split, "twin"] >= 15
            assert counts[language, split, "pair_lawful"] == counts[language, split, "pair_threat"] >= 20
            slices = {one.slice for one in shipped if (one.talk.language, one.split) == (language, split) and one.slice}
            assert slices == SLICES
    assert {one.source for one in shipped} == {"constructed"}


def test_slices_say_what_the_labels_say(shipped: tuple[LabelledTalk, ...]) -> None:
    lawful = {"ok_plain", "near_miss", "lawful_rude", "unclear_lawful"}
    turns = [one for one in shipped if one.kind == "turn"]
    assert [one.id for one in turns if bool(one.turns[0].legal) == (one.slice in lawful)] == []
    assert [one.id for one in turns if bool(one.turns[0].unclear) != (one.slice == "unclear_lawful")] == []


def test_the_halves_share_no_judged_turn(shipped: tuple[LabelledTalk, ...]) -> None:
    halves: dict[str, set[str]] = {"tune": set(), "measure": set()}
    for one in (one for one in shipped if one.kind in ("turn", "pair_lawful", "pair_threat")):
        halves[one.split].add("".join(c for c in one.talk.turns[-1].text.lower() if c.isalnum()))
    assert halves["tune"] & halves["measure"] == set()


def test_only_the_shipped_measured_half_is_blind(shipped: tuple[LabelledTalk, ...], tmp_path: Path) -> None:
    assert {(one.split, one.blind) for one in shipped} == {("tune", False), ("measure", True)}
    own = shutil.copy(judge_labels_dir() / "pairs-en.jsonl", tmp_path)
    assert not any(one.blind for one in load_labels([Path(own)]))


def test_rules_that_are_wrong_are_said_once_not_for_every_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = tmp_path / "house.yaml"
    house.write_text("jurisdiction: us\nversion: 1\ndisable: [us.nothing]\n", "utf-8")
    monkeypatch.setenv("BORROWERSIM_RULES", str(house))
    lines = written(tmp_path, turn(id="a"), turn(id="b"), turn(id="c"))
    with pytest.raises(UsageError) as error:
        load_labels([lines])
    assert str(error.value).startswith(f"{house}: disable names no rule of pack us: us.nothing")
    assert str(error.value).count("house.yaml") == 1
    house.write_text("jurisdiction: us\nversion: 1\nrules: [{id: us.x}]\n", "utf-8")
    with pytest.raises(UsageError) as error:
        load_labels([lines])
    complaints = str(error.value).splitlines()
    assert len(complaints) == len(set(complaints))
    assert "labels.jsonl" not in str(error.value)
