"""The page of a run: its table, pictures and large form; in Chromium its script (marked `browser`)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from borrowersim.talk import Ending, Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import check_gate
from borrowersim_evals.report import RunFacts, render, write_results
from borrowersim_evals.report.figures import faults, levels, repeats, spreads, talk_verdict
from borrowersim_evals.report.html import IN_FULL, LEAN_ABOVE
from borrowersim_evals.report.plots import draw_heat, draw_spreads
from borrowersim_evals.report.words import Words
from borrowersim_evals.suite import Gate
from tests.evals.talks import case, finding
from tests.evals.test_report import Page, _luminance
from tests.evals.test_results import EVIL, run_of

FACTS = RunFacts(suite="s", run_id="r", started="today", voice="phrasebook", judge="rules", seed=7)
CHROMIUM = Path("/usr/bin/chromium")


def talks() -> list[Case]:
    return [
        case("hale", "kind", resistance=2, total=95.0),
        case("hale", "kind", 1, resistance=2, total=50.0),
        case("hale", "rude", legal=(finding(),), ending=Ending.HUNG_UP, resistance=8),
        case("li", "kind", language=Language.ZH_CN, resistance=8.4),
        case("li", "rude", ending=Ending.MODEL_FAILED),
        case(
            "wu",
            "rude",
            total=None,
            respect=None,
            clarity=None,
            decided_by={"legal": "nobody"},
            unscored="legal: no pack",
        ),
    ]


def test_each_talk_has_one_verdict() -> None:
    assert [talk_verdict(c) for c in talks()] == ["passed", "failed", "failed", "passed", "broken", "unjudged"]
    assert talk_verdict(case(unscored="judge: it did not answer")) == "unjudged"


def test_figures_leave_out_what_failed_or_was_not_judged() -> None:
    found = spreads(talks(), "total")
    assert [(s.agent, s.bins, s.mean.value) for s in found] == [
        ("kind", (0, 0, 0, 0, 1, 0, 0, 2), pytest.approx((95 + 50 + 90) / 3)),
        ("rude", (0, 0, 0, 1, 0, 0, 0, 0), 40.0),
    ]
    assert [(level.resistance, level.talks, level.endings) for level in levels(talks())] == [
        (2, 2, {Ending.AGREED: 2}),
        (5, 1, {Ending.AGREED: 1}),
        (8, 2, {Ending.HUNG_UP: 1, Ending.AGREED: 1}),
    ]
    ks, lines = repeats(talks())
    assert ks == (1, 2)
    assert [(line.agent, line.cells, [c.value for c in line.chances]) for line in lines] == [
        ("kind", 2, [0.75, 0.0]),
        ("rude", 1, [0.0, None]),
    ]
    assert repeats(talks()[2:]) == ((), [])
    assert faults(talks()) == {"role_flip": {"helped": 6, "hindered": 0, "neutral": 0}}


def test_pictures_say_in_words_what_they_show() -> None:
    words = Words(Language.EN)
    spread = Page(draw_spreads(spreads(talks(), "total"), "total", words, "s"))
    assert "kind: mean 78, 95 % interval [" in spread.words
    assert "rude: mean 40, 95 % interval [–], 1 talks." in spread.words
    bars = [attrs for tag, attrs in spread.tags if tag == "rect"]
    assert len(bars) == 3
    heat = Page(draw_heat(levels(talks()), words, "h"))
    assert "Resistance 8, 2 talks: agreed to a plan 1, borrower hung up 1." in heat.words
    shades = [attrs["class"] for tag, attrs in heat.tags if tag == "rect"]
    assert shades == ["h9", "h0", "h9", "h0", "h5", "h5"]
    assert heat.words.count("50%") == 2
    assert draw_heat([], words, "h") == draw_spreads([], "total", words, "s") == ""


def test_the_table_lists_the_gravest_talk_first_and_carries_what_filters_need() -> None:
    page = Page(render(talks(), FACTS))
    rows = [attrs for tag, attrs in page.tags if tag == "tr" and "data-talk" in attrs]
    assert [row["data-verdict"] for row in rows] == ["failed", "failed", "broken", "unjudged", "passed", "passed"]
    assert rows[0] == {
        "data-talk": "t3-talk",
        "data-verdict": "failed",
        "data-agent": "rude",
        "data-borrower": "hale",
        "data-language": "en",
        "data-severity": "critical",
    }
    options = [attrs["value"] for tag, attrs in page.tags if tag == "option" and attrs["value"]]
    assert options == [
        "failed",
        "passed",
        "unjudged",
        "broken",
        "kind",
        "rude",
        "hale",
        "li",
        "wu",
        "en",
        "zh-CN",
        "critical",
        "none",
    ]
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {row["data-talk"] for row in rows} <= set(ids)
    form = next(attrs for tag, attrs in page.tags if tag == "form")
    assert "hidden" in form  # without the script there is nothing to promise


def test_gates_show_value_interval_and_what_would_decide() -> None:
    many = [case(f"b{i}", respect=3.6 + i % 5 / 5) for i in range(20)]
    gates = [
        check_gate(Gate(name="open", measure="respect", at_least=3.9), many),
        check_gate(Gate(name="each", measure="respect", each_at_least=3, in_share=0.8), many),
        check_gate(Gate(name="count", measure="breaches", at_most=0), many),
        check_gate(Gate(name="none", measure="respect", at_least=3, agents=("nobody",)), many),
        check_gate(
            Gate(name="hat", measure="pass_hat_k", k=2, at_least=0.9),
            [*many, *(case(f"b{i}", repeat=1) for i in range(20))],
        ),
    ]
    html = render(many, FACTS.model_copy(update={"gates": tuple(gates)}))
    words = Page(html).words
    assert "Respect 4" in words
    assert f"About {gates[0].needed} talks would probably decide it." in words
    assert f"About {gates[4].needed} cells would probably decide it." in words
    assert "each talk ≥ 3, in ≥ 80% of talks" in words
    assert "Respect 100% of talks [" in words
    assert "No talk to look at." in words
    assert html.count('class="plot gate"') == 3  # a count and an empty gate have no interval


def test_a_large_run_is_shown_lean_and_stays_linked() -> None:
    many = [
        case(
            f"b{i}", "rude" if i % 3 else EVIL, legal=(finding(), finding(rule="us.notice", quote="")) if i % 2 else ()
        )
        for i in range(LEAN_ABOVE + 1)
    ]
    html = render(many, FACTS)
    page = Page(html)
    classes = [attrs.get("class") or "" for tag, attrs in page.tags if tag == "div"]
    assert classes.count("body lean") == LEAN_ABOVE + 1 - IN_FULL
    assert classes.count("body") == IN_FULL
    assert not [attrs for tag, attrs in page.tags if tag == "details" and "open" in attrs]
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert "img" not in {tag for tag, _ in page.tags}
    assert html.count("<script") == 1
    assert f"the {IN_FULL} gravest talks are shown in full" in page.words
    assert len(html) / len(many) < 12_000
    small = render(many[:LEAN_ABOVE], FACTS)
    assert "body lean" not in small
    assert render(many, FACTS) == html


def test_lean_talks_say_what_was_not_judged_and_what_failed() -> None:
    broken = case(
        "x",
        ending=Ending.AGENT_FAILED,
        total=None,
        respect=None,
        clarity=None,
        decided_by={"legal": "nobody"},
        unscored="legal: no pack",
    )
    broken = broken.model_copy(
        update={"played": broken.played.model_copy(update={"failure": "it hung", "moments": ()})}
    )
    many = [*(case(f"b{i}", total=10.0) for i in range(LEAN_ABOVE)), broken]
    words = Page(render(many, FACTS)).words
    assert "· it hung" in words
    assert "legal: no pack" in words


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_on_the_heat_map_reach_aa(scheme: str) -> None:
    style = re.search(r"<style>(.*?)</style>", render(talks(), FACTS), re.S)
    assert style is not None
    place = 0 if scheme == "light" else 1

    def colour(name: str) -> str:
        return re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style[1])[place]

    def mixed(opacity: float) -> str:
        parts = [(int(colour("heat")[i : i + 2], 16), int(colour("card")[i : i + 2], 16)) for i in (1, 3, 5)]
        return "#" + "".join(f"{round(opacity * top + (1 - opacity) * under):02x}" for top, under in parts)

    opacities = [float(found) for found in re.findall(r"\.h\d \{[^}]*fill-opacity: ([\d.]+)", style[1])]
    assert len(opacities) == 9
    for step, opacity in enumerate(opacities, 1):
        pair = sorted((_luminance(mixed(opacity)), _luminance(colour("ink" if step <= 5 else "heat-ink"))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (scheme, step)


@pytest.fixture
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.mark.browser
def test_the_page_sorts_filters_searches_links_and_switches(browser: Any, tmp_path: Path) -> None:
    cases = [*talks(), case("wu", EVIL, said="an odd word: zebra", total=77.0)]
    path = write_results(tmp_path, run_of(cases), cases, [])["html"]
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="light")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    shown = page.locator("#talks tbody tr:visible")
    assert shown.count() == 7
    assert page.evaluate("document.documentElement.scrollWidth") == 390  # nothing sticks out of a phone
    heading = page.locator("#talks thead th", has_text="Total")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert shown.locator("td:nth-child(9)").all_inner_texts() == [
        "40",
        "50",
        "77",
        "90",
        "90",
        "95",
        "",
    ]  # what was not judged stays last
    heading.locator("button").click()
    assert shown.locator("td:nth-child(9)").all_inner_texts()[0::6] == ["95", ""]
    page.select_option("select[name=agent]", "rude")
    page.wait_for_function("() => document.querySelectorAll('#talks tbody tr:not([hidden])').length === 3")
    assert page.locator("details.talk:visible").count() == 3
    page.get_by_role("button", name="Reset").click()
    page.fill("input[type=search]", "ZEBRA")
    page.wait_for_function("() => document.querySelectorAll('#talks tbody tr:not([hidden])').length === 1")
    assert page.inner_text("#shown") == "1 of 7 talks"
    page.fill("input[type=search]", "no such words")
    page.locator("#none-found").wait_for()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => document.querySelectorAll('#talks tbody tr:not([hidden])').length === 7")
    assert page.locator("#t1-talk").get_attribute("open") is None
    page.locator("tr[data-talk=t1-talk] a").click()
    page.locator("#t1 .turns").wait_for()
    page.locator("#t3-f1 .finding-head a").click()
    assert page.evaluate("location.hash") == "#t3-0"
    page.locator("#t3-0 .ref").click()
    assert page.evaluate("location.hash") == "#t3-f1"
    page.locator("#t3-f1").wait_for()
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert said == []


@pytest.mark.browser
def test_the_page_reads_without_its_script(browser: Any, tmp_path: Path) -> None:
    cases = talks()
    path = write_results(tmp_path, run_of(cases), cases, [])["html"]
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(path.as_uri())
    assert page.locator("#talks tbody tr:visible").count() == 6
    assert page.locator("#filter:visible, #theme:visible, #more:visible").count() == 0
    assert page.locator("#t3 .turns:visible").count() == 1  # a breach in a small run stands open
    assert page.locator("#t1 .turns:visible").count() == 0
    page.locator("#t1-talk summary").click()
    assert page.locator("#t1 .turns:visible").count() == 1
