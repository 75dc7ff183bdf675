"""Bad files get a message with file, line and field."""

import os
from pathlib import Path

import pytest

from borrowersim.documents import load, read_once, read_yaml
from borrowersim.errors import UsageError
from borrowersim.persona import Persona, all_personas, persona_named
from borrowersim.talk import Language, Speaker, Talk, read_talks


def test_a_broken_yaml_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: x\nname: [unclosed\nage: 3\n", "utf-8")
    with pytest.raises(UsageError, match=r"broken\.yaml:\d+: not valid YAML"):
        read_yaml(path)


def test_every_wrong_field_is_named_with_its_line(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "seeds/borrowers/us-maria-delgado.yaml").read_text("utf-8")
    lines = [line.replace("resistance: 4", "resistance: 14") for line in text.splitlines()]
    path = tmp_path / "maria.yaml"
    path.write_text("\n".join([*lines, "shoe_size: 40"]), "utf-8")
    with pytest.raises(UsageError) as caught:
        load(Persona, path)
    message = str(caught.value)
    place = next(i for i, line in enumerate(lines, 1) if "resistance: 14" in line)
    assert f"maria.yaml:{place}: dials.resistance" in message
    assert "shoe_size" in message


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe", "not UTF-8"), (b"- a\n- b\n", "expected a mapping")],
)
def test_other_bad_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_yaml(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="is a folder"):
        read_yaml(tmp_path)


def test_a_file_is_read_once_for_each_state_of_it(tmp_path: Path) -> None:
    path, read = tmp_path / "agent.yaml", list[Path]()

    @read_once
    def text_of(path: Path) -> str:
        read.append(path)
        return path.read_text("utf-8")

    path.write_text("old", "utf-8")
    assert [text_of(path), text_of(path)] == ["old", "old"]
    assert read == [path]
    path.write_text("new", "utf-8")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert text_of(path) == "new"
    assert read == [path, path]


def test_an_unknown_borrower_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="us-maria-delgado"):
        persona_named("nobody")


def test_personas_are_whole_people_in_three_languages() -> None:
    personas = all_personas()
    for language in Language:
        kinds = {(p.willing, p.able) for p in personas if p.language is language}
        assert {(True, False), (False, True)} <= kinds
    for persona in personas:
        assert persona.facts.balance == pytest.approx(float(persona.debt.balance))
        assert persona.private


def test_a_persona_whose_money_does_not_add_up_is_refused(tmp_path: Path) -> None:
    persona = persona_named("us-maria-delgado")
    data = persona.model_dump(mode="json") | {"able": True}
    with pytest.raises(ValueError, match="able is true"):
        Persona.model_validate(data)


TALK = '{"id": "a", "language": "en", "jurisdiction": "us", "turns": [{"speaker": "agent", "text": "Hi."}]}'


@pytest.mark.parametrize("content", [TALK, f"[{TALK}]", f"{TALK}\n\n{TALK}\n"])
def test_talks_are_read_from_a_document_a_list_and_lines(tmp_path: Path, content: str) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text(content, "utf-8")
    talks = list(read_talks(path))
    assert {talk.id for talk in talks} == {"a"}
    assert talks[0].agent_turns() == [(0, "Hi.")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ('{"id": "a"', "not valid JSON"),
        (TALK + "\n{oops}\n", r":2: not valid JSON"),
        (TALK.replace("agent", "robot"), "turns.0.speaker"),
        (TALK.replace('"us"', '"mars"'), "jurisdiction"),
        (TALK.replace('"turns"', '"facts": {"local_time": "25:00"}, "turns"'), "facts.local_time"),
    ],
)
def test_bad_talk_files_say_where(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=message):
        list(read_talks(path))


def test_saying_something_leaves_the_old_talk_alone() -> None:
    talk = Talk.model_validate_json(TALK)
    longer = talk.said(Speaker.BORROWER, "Who is this?")
    assert len(talk.turns) == 1
    assert longer.turns[1].text == "Who is this?"
