"""Suites and plans: what is included, chosen, drawn, and what is refused with file and line."""

from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from borrowersim.errors import UsageError
from borrowersim.persona import Archetype, all_personas
from borrowersim.talk import Jurisdiction, Language
from borrowersim_evals.planning import plan
from borrowersim_evals.suite import Block, Budget, Choose, DialSetting, Suite, suite_named

BLOCK = "blocks:\n- {borrowers: [us-maria-delgado], agents: [respectful]}\n"
GATE = "gates:\n- {name: kind, measure: respect, at_least: 3}\n"


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


def suite(*blocks: Block, **fields: object) -> Suite:
    return Suite.model_validate({"id": "s", "blocks": blocks, **fields})


MARIA = Block(borrowers=("us-maria-delgado",), agents=("respectful",))


def test_what_is_included_comes_first_and_gates_with_it(tmp_path: Path) -> None:
    write(tmp_path / "parts" / "kind.yaml", "id: kind\n" + BLOCK + GATE)
    own = "blocks:\n- {borrowers: [tw-lin-yijun], agents: [threatening]}\n"
    whole = suite_named(write(tmp_path / "all.yaml", "id: all\ninclude: [parts/kind.yaml, article]\nseed: 5\n" + own))
    first, *middle, last = plan(whole)
    assert (first.borrower, first.agent, first.seed) == ("us-maria-delgado", "respectful", 5)
    assert {talk.borrower for talk in middle} >= {"us-darren-cole", "cn-gao-lei"}
    assert (last.borrower, last.agent) == ("tw-lin-yijun", "threatening")
    assert whole.gates[0].name == "kind"
    assert len(whole.gates) == 1 + len(suite_named("article").gates)
    assert whole.include == ()


def test_paths_are_read_from_the_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "a" / "leaf.yaml", "id: leaf\n" + BLOCK)
    write(tmp_path / "a" / "middle.yaml", "id: middle\ninclude: [leaf.yaml]\n")
    assert len(plan(suite_named(write(tmp_path / "top.yaml", "id: top\ninclude: [a/middle.yaml]\n")))) == 1


def test_what_two_ways_include_is_there_once(tmp_path: Path) -> None:
    write(tmp_path / "leaf.yaml", "id: leaf\n" + BLOCK + GATE)
    for name in ("left", "right"):
        write(tmp_path / f"{name}.yaml", f"id: {name}\ninclude: [leaf.yaml]\n")
    whole = suite_named(write(tmp_path / "top.yaml", "id: top\ninclude: [left.yaml, right.yaml]\n"))
    assert (len(whole.gates), len(whole.blocks), len(plan(whole))) == (1, 1, 1)


def test_a_suite_that_includes_itself_says_how(tmp_path: Path) -> None:
    write(tmp_path / "b.yaml", "id: b\ninclude: [a.yaml]\n")
    with pytest.raises(UsageError, match=r"includes itself: a\.yaml -> b\.yaml -> a\.yaml; take one include out"):
        suite_named(write(tmp_path / "a.yaml", "id: a\ninclude: [b.yaml]\n"))


def test_a_missing_include_names_the_file_that_wants_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"top\.yaml: include: no suite 'nowhere/article\.yaml'"):
        suite_named(write(tmp_path / "top.yaml", "id: top\ninclude: [nowhere/article.yaml]\n"))


def test_a_mistyped_path_does_not_become_a_suite_of_the_product() -> None:
    assert suite_named("article") == suite_named("evals/suites/article.yaml")
    with pytest.raises(UsageError, match=r"no suite 'mine/article\.yaml'"):
        suite_named("mine/article.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: x\nblocks:\n- borrowers: [{langauge: en}]\n  agents: [llm]\n", r":3: blocks\.0\.borrowers\.0.*langauge"),
        ("id: x\n" + BLOCK + "budget:\n  calls: 0\n", r":5: budget\.calls"),
        ("id: x\n" + BLOCK + "budget: {money: 3}\n", "budget.money needs prices"),
        ("id: x\n" + BLOCK + "prices: {prompt: -1, completion: 2}\n", r":4: prices\.prompt"),
        ("id: x\nseed: 3\n", "give blocks, or include a suite"),
        ("id: X y\n" + BLOCK, ":1: id"),
    ],
)
def test_a_wrong_suite_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=rf"(?s)bad\.yaml.*{message}"):
        suite_named(write(tmp_path / "bad.yaml", text))


def test_prices_make_a_budget_in_money_possible() -> None:
    assert suite(MARIA, budget={"money": 3}, prices={"prompt": 1, "completion": 2}).budget == Budget(money=3)
    with pytest.raises(ValidationError, match=r"needs prices"):
        suite(MARIA, budget={"money": 3})


def test_choices_take_every_borrower_that_fits() -> None:
    british = Choose(language=Language.EN, jurisdiction=Jurisdiction.UK)
    meant = [p.id for p in all_personas() if p.language == "en" and p.jurisdiction == "uk"]
    assert len(meant) > 1
    assert [t.borrower for t in plan(suite(Block(borrowers=(british,), agents=("respectful",))))] == meant
    everyone = plan(suite(Block(borrowers=(Choose(), "us-maria-delgado"), agents=("respectful",))))
    assert [t.borrower for t in everyone] == [p.id for p in all_personas()]
    hard = Block(borrowers=(Choose(archetype=Archetype.HARDSHIP),), agents=("respectful",))
    assert {p.archetype for p in all_personas() if p.id in {t.borrower for t in plan(suite(hard))}} == {"hardship"}
    hk = Block(borrowers=(Choose(jurisdiction=Jurisdiction.HK),), agents=("respectful",))
    assert {t.borrower[:3] for t in plan(suite(hk))} == {"hk-"}


def test_a_choice_that_nobody_fits_is_no_plan() -> None:
    nobody = Choose(jurisdiction=Jurisdiction.US, language=Language.ZH_TW)
    with pytest.raises(UsageError, match="no borrower fits its choices"):
        plan(suite(Block(borrowers=(nobody,), agents=("respectful",))))


def test_several_seeds_plan_every_talk_from_each() -> None:
    talks = plan(suite(MARIA, seeds=(10, 20), repeats=2))
    assert [(t.id.partition("~")[2], t.seed) for t in talks] == [
        ("respectful~s10~r0", 10),
        ("respectful~s10~r1", 11),
        ("respectful~s20~r0", 20),
        ("respectful~s20~r1", 21),
    ]
    assert [t.seed for t in plan(suite(MARIA, seeds=(10, 20), repeats=2), seed=7)] == [7, 8]
    assert [t.id for t in plan(suite(MARIA, seeds=(4,)))] == ["us-maria-delgado~respectful~r0"]


def test_seeds_that_meet_are_refused() -> None:
    with pytest.raises(UsageError, match="seeds 1 and 2 with 2 repeats play the same talks twice"):
        plan(suite(MARIA, seeds=(5, 2, 1), repeats=2))


def test_repeats_of_a_block_go_before_the_suites() -> None:
    talks = plan(suite(MARIA.model_copy(update={"repeats": 3}), repeats=1))
    assert [t.seed for t in talks] == [0, 1, 2]


def test_a_talk_that_two_blocks_ask_for_is_planned_once() -> None:
    twice = suite(MARIA, MARIA.model_copy(update={"name": "again", "dials": (DialSetting(), DialSetting(honesty=2))}))
    assert [t.id for t in plan(twice)] == ["us-maria-delgado~respectful~r0", "us-maria-delgado~respectful~honesty2~r0"]


def test_two_different_talks_of_one_id_are_refused() -> None:
    agents = ("a/caller.yaml", "b/caller.yaml")
    with pytest.raises(UsageError, match=r"'us-maria-delgado~caller~r0'.*a/caller.*b/caller"):
        plan(suite(MARIA.model_copy(update={"agents": agents})))


def test_an_id_too_long_for_a_talk_is_found_before_it_is_played() -> None:
    with pytest.raises(UsageError, match="more than 200 characters"):
        plan(suite(MARIA.model_copy(update={"agents": (f"http://127.0.0.1/{'x' * 200}",)})))


def test_another_agent_keeps_every_block() -> None:
    calm = MARIA.model_copy(update={"dials": (DialSetting(hostility=1),)})
    assert [t.id for t in plan(suite(MARIA, calm).tried_by(("llm",)))] == [
        "us-maria-delgado~llm~r0",
        "us-maria-delgado~llm~hostility1~r0",
    ]


def test_only_keeps_what_fits_a_pattern() -> None:
    whole = suite_named("article")
    assert {t.agent for t in plan(whole, only=["*~vague_hint~*"])} == {"vague_hint"}
    assert len(plan(whole, only=["*maria*", "*~r0"])) == len(plan(whole))
    with pytest.raises(UsageError, match="no talk of the suite fits \\*nobody\\*; `--dry-run` lists the ids"):
        plan(whole, only=["*nobody*"])


def test_a_sample_is_even_and_the_seed_decides_it() -> None:
    block = Block(borrowers=("us-maria-delgado", "cn-zhou-min"), agents=("respectful", "threatening"), repeats=25)
    whole = plan(suite(block))
    drawn = plan(suite(block, sample=20))
    assert Counter((t.borrower, t.agent) for t in drawn) == dict.fromkeys(
        Counter((t.borrower, t.agent) for t in whole), 5
    )
    assert drawn == plan(suite(block, sample=20))
    assert [t.id for t in drawn] != [t.id for t in plan(suite(block, sample=20, seed=1))]
    assert [t for t in whole if t in drawn] == drawn
    assert len({t.id for t in plan(suite(block, sample=99))}) == 99
    assert plan(suite(block, sample=100)) == plan(suite(block, sample=1000)) == whole
