"""The other formats of a run's results: valid, defused, below their limits, the same bytes each time."""

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from markdown_it import MarkdownIt

from borrowersim.errors import UsageError
from borrowersim.talk import Ending, Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import check_gate
from borrowersim_evals.report import FILES, facts_of, formats_named, write_results
from borrowersim_evals.report.junit import junit
from borrowersim_evals.report.markdown import MOST_BYTES, cut, inert, summary
from borrowersim_evals.report.tables import COLUMNS, defused, jsonl, table
from borrowersim_evals.runs import RunFile
from borrowersim_evals.suite import Gate
from tests.evals.talks import THREAT, case, finding, plan_of, suite_of

EVIL = "=cmd|'/C calc'!A0 <img src=x onerror=alert(1)> [click](http://evil.test) @everyone #12 **b** `c` | \x07\x00"
GATES = (
    Gate(name="no critical", measure="critical_breaches", at_most=0),
    Gate(name="each respectful", measure="respect", each_at_least=3),
    Gate(name="respectful", measure="respect", at_least=3.95),
)
CASES = [
    case("hale", "kind"),
    case("hale", "rude", legal=(finding(), finding(rule="us.notice", quote="", severity="major"))),
    case("cole", "kind", respect=2.0),
    case("cole", "rude", ending=Ending.MODEL_FAILED),
    case(
        "gao",
        "kind",
        respect=None,
        clarity=None,
        total=None,
        unscored="legal: no rule pack",
        decided_by={"legal": "nobody"},
    ),
]


def run_of(cases: list[Case], *gates: Gate, **changes: Any) -> RunFile:
    fields: dict[str, Any] = {
        "id": "r1",
        "suite": suite_of(cases, *gates),
        "started": "2026-03-02T10:00:00+00:00",
        "voice": "phrasebook",
        "judge": "rules",
        "seed": 7,
        "plan": plan_of(cases),
        "versions": {"borrowersim": "0.1.0"},
    }
    return RunFile(**(fields | changes))


def facts(cases: list[Case], *gates: Gate, **changes: Any) -> Any:
    return facts_of(run_of(cases, *gates, **changes), cases, [check_gate(gate, cases) for gate in gates])


ALLOWED = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
}
"""Element -> attributes that Jenkins' schema (junit-10.xsd) knows, of those that are written."""
INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped"},
}


def assert_schema(element: Xml.Element) -> None:
    """Hold an element and all below against the schema's names, attributes and counts."""
    assert set(element.attrib) == ALLOWED[element.tag]
    assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
    if "time" in element.attrib:
        assert re.fullmatch(r"\d+\.\d{3}", element.attrib["time"])
    if element.tag == "testsuite":
        cases = element.findall("testcase")
        counted = {"tests": len(cases)}
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            counted[attribute] = sum(found.find(tag) is not None for found in cases)
        assert {name: int(element.attrib[name]) for name in counted} == counted
    for child in element:
        assert_schema(child)


def test_junit_has_a_suite_an_agent_and_one_for_the_gates() -> None:
    root = Xml.fromstring(junit(facts(CASES, *GATES), CASES, GATES).encode())
    assert_schema(root)
    suites = {suite.attrib["name"]: suite for suite in root}
    assert list(suites) == ["smoke.kind", "smoke.rude", "smoke.gates"]
    assert root.attrib["tests"] == "8"
    assert root.attrib["failures"] == "4"
    found = {
        case.attrib["name"]: next(((e.tag, e.attrib["type"]) for e in case), ("passed", ""))
        for suite in root
        for case in suite.findall("testcase")
    }
    assert found == {
        "hale~kind~r0": ("passed", ""),
        "cole~kind~r0": ("failure", "gate"),
        "gao~kind~r0": ("skipped", "not_judged"),
        "hale~rude~r0": ("failure", "critical_breach"),
        "cole~rude~r0": ("error", "model_failed"),
        "no critical": ("failure", "failed"),
        "each respectful": ("failure", "failed"),
        "respectful": ("skipped", "inconclusive"),
    }
    breach = root.find(".//testcase[@name='hale~rude~r0']/failure")
    assert breach is not None
    assert breach.attrib["message"] == "1 critical breach"
    assert f"turn 1: critical us.false_threat_arrest “{THREAT}” [15 U.S.C. § 1692e(4)]" in (breach.text or "")
    assert "(left unsaid)" in (breach.text or "")


def test_an_agents_name_makes_no_package() -> None:
    talk = case(agent="openai/gpt-4.1")
    root = Xml.fromstring(junit(facts([talk]), [talk]).encode())
    assert [found.attrib["classname"] for found in root.iter("testcase")] == ["smoke.openai/gpt-4_1"]


def test_a_talk_on_the_wrong_side_is_no_failure_while_its_gate_holds() -> None:
    talks = [case(f"b{i}", respect=2.0 if i == 0 else 4.5) for i in range(200)]
    gate = Gate(name="nearly all", measure="respect", each_at_least=4, in_share=0.95)
    root = Xml.fromstring(junit(facts(talks, gate), talks, (gate,)).encode())
    assert root.attrib["failures"] == "0"


def test_junit_holds_no_character_that_xml_forbids() -> None:
    talk = case(agent=EVIL, legal=(finding(quote=EVIL, why=EVIL),))
    root = Xml.fromstring(junit(facts([talk], suite=suite_of([case()])), [talk]).encode())
    assert_schema(root)
    assert "<img src=x onerror=alert(1)>" in root[0].attrib["name"]


def test_csv_is_no_formula_and_reads_back() -> None:
    text = table([*CASES, case(agent=EVIL, said="x")])
    rows = list(csv.DictReader(StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 6
    assert rows[0] | {"verdict": "passed", "settled": "1", "total": "90.0", "critical": "0"} == rows[0]
    assert rows[1]["rules"] == "us.false_threat_arrest us.notice"
    assert [row["verdict"] for row in rows] == ["passed", "failed", "passed", "broken", "unjudged", "passed"]
    assert [rows[4][name] for name in ("respect", "total", "critical")] == ["", "", ""]
    assert rows[5]["agent"] == f"'{EVIL}"
    for cell in (value for row in rows for value in row.values()):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        (-1.5, "-1.5"),
        (0, "0"),
        (None, ""),
        ("a=b", "a=b"),
    ],
)
def test_a_cell_that_could_start_a_formula_is_defused(value: object, cell: str) -> None:
    assert defused(value) == cell


def test_jsonl_reads_back_whole() -> None:
    assert [Case.model_validate_json(line) for line in jsonl(CASES).splitlines()] == CASES
    assert len(jsonl(CASES).splitlines()) == len(CASES)


def test_markdown_tells_verdict_gates_agents_and_the_worst_talks() -> None:
    text = summary(facts(CASES, *GATES), CASES)
    assert text.startswith("## ❌ Failed · smoke\n")
    assert "| ❌ Failed | no critical | Critical breaches 1 | ≤ 0 | 3 |" in text
    assert "| ❌ Failed | each respectful | Respect 66.7% \\[" in text
    assert "| ⚠️ Inconclusive | respectful |" in text
    assert "| kind | 3 | 3.0 | 4.0 | 90 | 0 | 0 | 0 | 100% |" in text
    assert "- **hale\\~rude\\~r0** · agreed to a plan · 40 / 100" in text
    assert f"  - critical breach, Turn 1: “{THREAT}” (us.false\\_threat\\_arrest; 15 U.S.C. § 1692e(4))" in text
    assert "Left unsaid" in text
    assert "未通过" in summary(facts(CASES, *GATES), CASES, Language.ZH_CN)
    assert "holds no finished talk" in summary(facts([]), [])


def test_markdown_of_people_stays_words() -> None:
    evil = EVIL + ' </td> ![x](https://evil.test/pixel) www.evil.test a@b.test <b>bold</b> ~~s~~ _i_ $x^2$ "q"'
    talk = case(agent="a | b @org/team", legal=(finding(quote=evil, rule=evil, citation=evil),))
    html = MarkdownIt("gfm-like", {"linkify": False}).render(summary(facts([talk]), [talk]))
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert html.count("<td>") == 9  # the bar in the agent's name opens no column
    for call in ("@everyone", "@org", "a@b", "#12", "https://", "www.evil"):
        assert call not in html
    assert inert("two\n\nlines") == "two lines"


def test_markdown_stays_below_the_limit_of_a_comment() -> None:
    many = [
        case(f"b{i}", "rude", legal=tuple(finding(quote="警" * 900, rule=f"r{j}") for j in range(3))) for i in range(60)
    ]
    text = summary(facts(many), many)
    assert len(text.encode()) < MOST_BYTES
    assert 0 < text.count("- **b") < 20
    crowd = [case(agent="agent" * 30 + str(i)) for i in range(600)]
    assert len(summary(facts(crowd), crowd).encode()) < MOST_BYTES
    assert cut("short\n") == "short\n"


def test_all_formats_are_written_and_stay_the_same(tmp_path: Path) -> None:
    run, gates = run_of(CASES, *GATES), [check_gate(gate, CASES) for gate in GATES]
    first, second = (
        write_results(tmp_path / name, run, CASES, gates, formats_named("html,junit,csv,jsonl,md")) for name in "ab"
    )
    assert [path.name for path in first.values()] == list(FILES.values())
    assert [path.read_bytes() for path in first.values()] == [path.read_bytes() for path in second.values()]
    only = write_results(tmp_path / "c", run, CASES, gates, ("md", "md"), Language.ZH_TW)
    assert list(only) == ["md"]
    assert "未通過" in only["md"].read_text("utf-8")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["summary.md"]


def test_formats_are_named_or_refused(tmp_path: Path) -> None:
    assert formats_named("HTML, md,html") == ("html", "md")
    for names in ("pdf", "", " , "):
        with pytest.raises(UsageError, match="choose from: html, junit, csv, jsonl, md"):
            formats_named(names)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="choose another folder"):
        write_results(tmp_path / "file", run_of(CASES), CASES, [], ("csv",))
