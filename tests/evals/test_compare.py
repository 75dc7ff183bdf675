"""Two runs side by side: pairs, differences, changes, warnings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from borrowersim.errors import UsageError
from borrowersim.talk import Ending, Language
from borrowersim_evals.case import Case
from borrowersim_evals.compare import Side, compare
from borrowersim_evals.compare_page import ROW_HEAD, markdown, page, rows, write_comparison
from borrowersim_evals.comparison import Comparison
from borrowersim_evals.report.markdown import MOST_BYTES
from borrowersim_evals.runs import RunFile
from tests.evals.talks import THREAT, case, finding
from tests.evals.test_report import Page
from tests.evals.test_results import EVIL, run_of

NAMES = [f"b{i}" for i in range(12)]


def side(cases: list[Case], **changes: Any) -> Side:
    return Side(run_of(cases, **changes), cases)


def marks(*, better: float = 0.0, agent: str = "kind") -> list[Case]:
    return [
        case(name, agent, respect=3 + i % 3 * 0.2 + better, total=70 + i % 4 + 10 * better)
        for i, name in enumerate(NAMES)
    ]


def verdicts(found: Comparison) -> dict[str, str]:
    return {line.measure: line.verdict for line in found.differences}


def test_a_run_does_not_differ_from_itself() -> None:
    found = compare(side(marks()), side(marks()))
    assert (found.verdict, found.decided_by, found.pairs, found.changes, found.warnings) == (
        "no difference shown",
        "",
        12,
        (),
        (),
    )
    assert set(verdicts(found).values()) == {"no difference shown"}


def test_better_marks_are_better_and_the_other_way_round() -> None:
    up, down = compare(side(marks()), side(marks(better=0.5))), compare(side(marks(better=0.5)), side(marks()))
    assert (up.verdict, up.decided_by) == ("better", "total")
    assert (down.verdict, down.decided_by) == ("worse", "total")
    respect = next(line for line in up.differences if line.measure == "respect")
    assert respect.difference == 0.5
    assert respect.interval == (0.5, 0.5)
    assert compare(side(marks()), side(marks(better=0.5))) == up


def test_the_law_decides_before_manners() -> None:
    lawless = [
        c.model_copy(update={"score": c.score.model_copy(update={"legal": (finding(),)})}) for c in marks(better=0.5)
    ]
    found = compare(side(marks()), side(lawless))
    assert verdicts(found)["total"] == "better"
    assert (found.verdict, found.decided_by) == ("worse", "critical_breaches")


def test_few_pairs_show_nothing() -> None:
    found = compare(side(marks()[:5]), side(marks(better=1)[:5]))
    assert found.verdict == "not comparable"
    assert {line.interval for line in found.differences} == {None}
    assert compare(side([]), side([])).verdict == "not comparable"


def test_shares_need_the_exact_test_too() -> None:
    def settled(number: int) -> list[Case]:
        return [case(n, ending=Ending.AGREED if i < number else Ending.HUNG_UP) for i, n in enumerate(NAMES)]

    four, nine = (compare(side(settled(0)), side(settled(n))).differences[4] for n in (4, 9))
    assert (four.measure, four.p, four.verdict) == ("settled_share", 0.125, "no difference shown")
    assert (nine.p, nine.verdict) == (0.0039, "better")


def test_two_agents_are_paired_by_borrower_dials_and_repeat() -> None:
    here = [*marks(agent="kind"), case("b0", "kind", 1)]
    there = [
        c.model_copy(update={"played": c.played.model_copy(update={"agent": "agents/rude.yaml"})})
        for c in marks(agent="rude")
    ]
    found = compare(side(here), side(there))
    assert (found.paired_by, found.pairs, found.only_a, found.only_b) == ("agent", 12, 1, 0)
    assert compare(side(here), side(marks(agent="kind"))).paired_by == "talk"
    mixed = [*marks(agent="kind"), *marks(agent="rude")]
    assert compare(side(mixed), side(marks(agent="other"))).pairs == 0
    changed = compare(
        side(here),
        side([c.model_copy(update={"played": c.played.model_copy(update={"ending": Ending.HUNG_UP})}) for c in there]),
    )
    assert changed.changes[0].key == "b0~r0"


def test_what_failed_or_was_not_judged_counts_for_nobody() -> None:
    b = marks(better=0.5)
    broken = b[0].model_copy(update={"played": b[0].played.model_copy(update={"ending": Ending.AGENT_FAILED})})
    unheard = b[1].model_copy(update={"score": b[1].score.model_copy(update={"unscored": "judge: it did not answer"})})
    found = compare(side(marks()), side([broken, unheard, *b[2:]]))
    assert (found.pairs, found.broken) == (11, 1)
    assert {line.measure: line.pairs for line in found.differences} | {"respect": 10, "settled_share": 11} == {
        line.measure: line.pairs for line in found.differences
    }
    assert found.changes == ()


def test_talks_that_changed_say_how() -> None:
    a = [*marks()[:8], case("x", legal=(finding(),)), case("y"), case("z")]
    b = [*marks()[:8], case("x"), case("y", legal=(finding(severity="minor"),)), case("z", ending=Ending.HUNG_UP)]
    found = {change.key: change for change in compare(side(a), side(b)).changes}
    assert {key: change.kinds for key, change in found.items()} == {
        "x~kind~r0": ("newly_clean",),
        "y~kind~r0": ("newly_breached",),
        "z~kind~r0": ("ending_changed",),
    }
    assert found["y~kind~r0"].breaches_b[0].quote == THREAT
    assert (found["z~kind~r0"].ending_a, found["z~kind~r0"].ending_b) == (Ending.AGREED, Ending.HUNG_UP)


def test_what_differs_besides_is_said() -> None:
    a, b = marks(), marks()
    b[0] = b[0].model_copy(
        update={"played": b[0].played.model_copy(update={"versions": {"persona": "b0@2"}, "seed": 99})}
    )
    b[1] = b[1].model_copy(update={"score": b[1].score.model_copy(update={"judges": {"rules": "us@2"}})})
    run_b: RunFile = run_of(b, seed=8, versions={"borrowersim": "0.2.0"})
    run_b = run_b.model_copy(update={"suite": run_b.suite.model_copy(update={"version": 2})})
    assert compare(side(a), Side(run_b, b)).warnings == (
        "suite: A smoke@1, B smoke@2",
        "seed: A 7, B 8",
        "version of borrowersim: A 0.1.0, B 0.2.0",
        "persona: A b0@1, B b0@2 (1 pairs)",
        "seeds of talks differ (1 pairs)",
        "rules: A -, B us@2 (1 pairs)",
    )


FOUND = compare(
    side([*marks(), case("x", said=EVIL, legal=(finding(quote=EVIL[:20]),)), case("only")], id="<a>"),
    side(
        [*marks(better=-0.5), case("x", said=EVIL, ending=Ending.HUNG_UP), case("y", ending=Ending.MODEL_FAILED)],
        seed=8,
        id=EVIL,
    ),
)


def test_rows_fit_their_headings() -> None:
    lines = rows(FOUND)
    assert {len(line) for line in lines} == {len(ROW_HEAD)}
    assert lines[2][0] == "respect"
    assert lines[2][3].startswith("−")
    assert lines[2][-1] == "worse"


def test_markdown_of_a_comparison() -> None:
    text = markdown(FOUND)
    assert text.startswith("## B is worse\n")
    assert "Pairs: 13 · Decided by: Respect" in text
    assert "- seed: A 7, B 8" in text
    assert "1 talks of A and 1 of B have no partner" in text
    assert "- **x\\~kind\\~r0** · newly clean, ending changed" in text
    assert "<img" not in text
    assert "B 更差" in markdown(FOUND, Language.ZH_CN)
    many = [case(n, legal=(finding(quote="警" * 900),)) for n in (f"c{i}" for i in range(80))]
    clean = [case(f"c{i}") for i in range(80)]
    assert len(markdown(compare(side(clean), side(many))).encode()) < MOST_BYTES
    assert "+40 more" in markdown(compare(side(clean), side([case(f"c{i}", ending=Ending.CEASED) for i in range(80)])))


@pytest.mark.parametrize("language", list(Language))
def test_the_page_of_a_comparison_is_safe_and_whole(language: Language) -> None:
    html = page(FOUND, language)
    found = Page(html)
    assert html.count("<script") == 1
    assert "img" not in {tag for tag, _ in found.tags}
    assert found.values("src") == found.values("style") == []
    assert "default-src 'none'" in html
    assert found.values("lang")[0] == language
    assert len(re.findall('class="whisker', html)) == 6
    titles = [attrs for tag, attrs in found.tags if tag == "svg"]
    assert titles[0]["aria-labelledby"] == "differences-title differences-desc"
    assert "None" not in found.words
    assert page(compare(side([]), side([])), language).count("<svg") == 0


def test_a_comparison_is_written(tmp_path: Path) -> None:
    paths = write_comparison(tmp_path / "out", FOUND)
    assert [path.name for path in paths] == ["comparison.html", "comparison.json", "comparison.md"]
    assert Comparison.model_validate(json.loads(paths[1].read_text("utf-8"))) == FOUND
    with pytest.raises(UsageError, match="choose from: html, json, md"):
        write_comparison(tmp_path, FOUND, ("pdf",))
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="another folder"):
        write_comparison(tmp_path / "file", FOUND, ("md",))
