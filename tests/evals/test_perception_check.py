"""The labelled turns and the figures that are drawn from them."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import borrowersim_evals.perception_check as checked
from borrowersim.acts import AgentAct, Heard, Offer, Perceived
from borrowersim.errors import UsageError
from borrowersim.perception.lexical import LexicalPerceiver
from borrowersim.talk import Language
from borrowersim_evals.perception_check import (
    LabelledTurn,
    Reading,
    labelled,
    labels_dir,
    load_turns,
    markdown,
    measure,
    part,
    read_turns,
    reading,
    report,
)

pytestmark = pytest.mark.anyio

GREETS, THREATENS, INSULTS, PLAN = AgentAct.GREETS, AgentAct.THREATENS, AgentAct.INSULTS, AgentAct.OFFERS_PLAN


def line(**changes: Any) -> dict[str, Any]:
    """Return a good line of a label file, with changes."""
    good = {
        "id": "en-tune-001",
        "language": "en",
        "text": "Hello, $60 a month for a year?",
        "acts": ["greets", "offers_plan"],
        "amounts": ["60"],
        "count": 12,
        "split": "tune",
        "slice": "plain",
        "source": "constructed",
    }
    return {**good, **changes}


def turn(**changes: Any) -> LabelledTurn:
    return LabelledTurn.model_validate(line(**changes))


def heard(*acts: AgentAct, amounts: tuple[str, ...] = (), count: int | None = None) -> Perceived:
    return Perceived(
        text="x",
        heard=tuple(Heard(act=act, quote="x", start=0, cue="x") for act in acts),
        amounts=tuple(Decimal(a) for a in amounts),
        offer=Offer(count=count, period="month") if count else None,
    )


def took(*acts: AgentAct, labels: tuple[str, ...], **changes: Any) -> Reading:
    """Return what was heard beside the labels, of a turn that names no money."""
    return reading(turn(acts=labels, amounts=[], count=None, **changes), heard(*acts))


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "turns.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return path


@pytest.mark.parametrize("language", Language)
def test_every_language_has_enough_turns_of_everything(language: Language) -> None:
    turns = labelled(language)
    splits = Counter(t.split for t in turns)
    assert splits["tune"] >= 1000
    assert splits["measure"] >= 100
    acts = Counter(act for t in turns for act in t.acts)
    assert {act: acts[act] for act in AgentAct if acts[act] < 8} == {}
    assert sum(t.slice != "plain" for t in turns) >= 60
    assert {t.slice for t in turns if t.split == "measure"} == set(checked.SLICES)
    assert {t.source for t in turns} == {"constructed"}


@pytest.mark.parametrize("language", Language)
def test_the_halves_share_no_turn(language: Language) -> None:
    bare = Counter("".join(c for c in t.text.lower() if c.isalnum()) for t in labelled(language))
    assert [text for text, number in bare.items() if number > 1] == []


def test_ids_are_unique_over_all_languages() -> None:
    ids = [t.id for language in Language for t in labelled(language)]
    assert len(ids) == len(set(ids))


def test_labels_are_found_in_the_wheel_before_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (labels_dir() / "README.md").is_file()
    monkeypatch.setattr("borrowersim_evals.resources.files", lambda _: tmp_path)
    assert labels_dir().name == "labels"
    (tmp_path / "_data" / "labels").mkdir(parents=True)
    assert labels_dir() == tmp_path / "_data" / "labels"


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    turns = load_turns(written(tmp_path, line(), "", line(id="b", text="Good day.", acts=["greets"], amounts=[])))
    assert [t.id for t in turns] == ["en-tune-001", "b"]
    assert turns[0].amounts == (Decimal(60),)
    with pytest.raises(ValueError, match="frozen"):
        turns[0].text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("{", ":1: not valid JSON"),
        ("[1]", ":1: the file: "),
        (line(acts=["greets", "smiles"]), ":1: acts.1: "),
        (line(acts=["offers_plan", "greets"]), "name each act once, in this order: greets, offers_plan"),
        (line(acts=["greets", "greets"]), "name each act once, in this order: greets"),
        (line(text=" Hello"), "without blanks around it"),
        (line(text="Hello\nthere"), "on one line"),
        (line(split="test"), ":1: split: "),
        (line(count=0), ":1: count: "),
        (line(amounts=["sixty"]), ":1: amounts.0: "),
        (line(mood="bad"), ":1: mood: "),
        ({"id": "x"}, ":1: language: "),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: dict[str, Any] | str, complaint: str) -> None:
    with pytest.raises(UsageError) as error:
        load_turns(written(tmp_path, wrong))
    assert complaint in str(error.value)


def test_all_wrong_lines_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        load_turns(written(tmp_path, line(split="x"), line(), line(text="Bye."), line(id="c"), "nonsense"))
    complaints = str(error.value).splitlines()
    assert ":1: split" in complaints[0]
    assert ":5: not valid JSON" in complaints[1]
    assert "the id en-tune-001 occurs twice" in complaints[2]
    assert "this text occurs twice: Hello" in complaints[3]


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no labelled turn"):
        load_turns(written(tmp_path, ""))
    with pytest.raises(UsageError, match="there is no file"):
        load_turns(tmp_path / "nowhere.jsonl")


def test_a_turn_in_another_language_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "perception").mkdir()
    written(tmp_path / "perception", line()).rename(tmp_path / "perception" / "zh-TW.jsonl")
    monkeypatch.setattr(checked, "labels_dir", lambda: tmp_path)
    with pytest.raises(UsageError, match="not in zh-TW: en-tune-001"):
        labelled(Language.ZH_TW)


def test_figures_are_counted_act_by_act() -> None:
    figures = part(
        [
            took(GREETS, labels=("greets",)),
            took(GREETS, THREATENS, labels=("greets",)),
            took(labels=("threatens",)),
            took(THREATENS, labels=("insults", "threatens")),
            took(labels=()),
        ]
    )
    assert [(s.act, s.hits, s.false_alarms, s.misses) for s in figures.acts] == [
        (GREETS, 2, 0, 0),
        (THREATENS, 1, 1, 1),
        (INSULTS, 0, 0, 1),
    ]
    threatens, insults = figures.score(THREATENS), figures.score(INSULTS)
    assert (threatens.precision, threatens.recall, threatens.f1, threatens.support) == (0.5, 0.5, 0.5, 2)
    assert (insults.precision, insults.recall, insults.f1) == (None, 0.0, 0.0)
    assert figures.macro_f1 == pytest.approx((1 + 0.5 + 0) / 3)
    assert figures.micro_f1 == pytest.approx(2 * 3 / (2 * 3 + 1 + 2))
    assert figures.acts_exact == 2 / 5
    assert [s.act for s in figures.worst(2)] == [INSULTS, THREATENS]


def test_an_act_that_nobody_labelled_lowers_micro_but_not_macro() -> None:
    figures = part([took(GREETS, PLAN, labels=("greets",))])
    assert figures.macro_f1 == 1.0
    assert figures.micro_f1 == pytest.approx(2 / 3)
    assert figures.score(PLAN).recall is None
    assert figures.score(THREATENS).f1 is None


def test_what_cannot_be_judged_is_none() -> None:
    figures = part([took(labels=())])
    assert (figures.macro_f1, figures.micro_f1, figures.named_amounts_exact, figures.named_counts_exact) == (None,) * 4
    assert (figures.acts_exact, figures.amounts_exact, figures.counts_exact) == (1.0, 1.0, 1.0)
    with pytest.raises(UsageError, match="no turn was read"):
        part([])


def test_sums_and_counts_must_match_exactly() -> None:
    plan = turn(amounts=["900", "300"], count=3)
    silent = turn(amounts=[], count=None)
    readings = [
        reading(plan, heard(PLAN, amounts=("900.00", "300"), count=3)),
        reading(plan, heard(PLAN, amounts=("300", "900"))),
        reading(silent, heard()),
        reading(silent, heard(amounts=("5",), count=2)),
    ]
    figures = part(readings)
    assert (figures.named_amounts_exact, figures.named_counts_exact) == (0.5, 0.5)
    assert (figures.amounts_exact, figures.counts_exact) == (0.5, 0.5)


def test_a_report_keeps_languages_splits_and_slices_apart() -> None:
    whole = report(
        "somebody",
        [
            took(GREETS, labels=("greets",)),
            took(labels=("threatens",), slice="irony"),
            took(THREATENS, labels=("threatens",), split="measure"),
            took(labels=("threatens",), language="zh-TW"),
        ],
    )
    assert [(p.language, p.split, p.whole.turns) for p in whole.parts] == [
        ("en", "tune", 2),
        ("en", "measure", 1),
        ("zh-TW", "tune", 1),
    ]
    tune = whole.part(Language.EN, "tune")
    assert {name: p.macro_f1 for name, p in tune.slices.items()} == {"plain": 1.0, "irony": 0.0}
    with pytest.raises(UsageError, match="no measure turns in zh-CN"):
        whole.part(Language.ZH_CN, "measure")


class Scripted:
    """Hears the same in every turn, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Language]] = []

    async def perceive(self, text: str, language: Language) -> Perceived:
        self.asked.append((text, language))
        return heard(GREETS)


async def test_a_perceiver_hears_each_turn_in_its_language_and_order() -> None:
    perceiver = Scripted()
    turns = [turn(), turn(id="b", text="您好", language="zh-TW", acts=["greets"])]
    readings = await read_turns(perceiver, turns)
    assert perceiver.asked == [("Hello, $60 a month for a year?", Language.EN), ("您好", Language.ZH_TW)]
    assert [r.acts_right for r in readings] == [False, True]


async def test_tables_show_the_figures() -> None:
    table = markdown(await measure("scripted", Scripted(), [turn()]))
    assert table.startswith("# Perception: scripted\n")
    assert "| en | tune | 1 | 0.50 | 0.67 | 0.00 | 0.00 | 0.00 |" in table
    assert "| plain | 1 | 0.67 | 0.00 | 0.00 |" in table
    assert "| greets | 1 | 1.00 | 1.00 | 1.00 |" in table
    assert "| offers_plan | 1 | - | 0.00 | 0.00 |" in table


FLOOR = {Language.EN: 0.62, Language.ZH_CN: 0.62, Language.ZH_TW: 0.66}
"""Macro F1 on `measure` that the cues have reached, less a margin; raise it when they get better."""


@pytest.mark.parametrize("language", Language)
async def test_the_cues_hear_turns_they_were_not_written_for(language: Language) -> None:
    turns = labelled(language)
    first = await measure("lexical", LexicalPerceiver(), turns)
    assert first == await measure("lexical", LexicalPerceiver(), turns)
    unseen = first.part(language, "measure").whole
    assert unseen.macro_f1 is not None
    assert unseen.macro_f1 >= FLOOR[language]
