"""Practise, Progress and Watch on one page in a real browser, against the real command."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from borrowersim_app.learners import Learner, Role, RollFile, hash_of
from tests.app.browsing import DESK, PHONE, Visit, serving, violations
from tests.app.test_watch import keep_run

pytestmark = pytest.mark.browser
PASSWORD = "correct horse"
TABS = {
    "en-US": ("Progress", "Watch", "Stored runs"),
    "zh-CN": ("进步", "观摩", "历史运行"),
    "zh-TW": ("進步", "觀摩", "歷次執行"),
}
GREETING = "Hello, this is Ana Reed with Northfield Recovery. Am I speaking with the right person?"
PLACES = """() => {
  const places = window.places = new Set();
  const note = () => {
    const play = document.querySelector("#watched-play");
    if (play && play.offsetHeight) places.add(Math.round(play.getBoundingClientRect().top + window.scrollY));
    requestAnimationFrame(note);
  };
  note();
}"""
"""Notes where the button stands in each picture that the browser draws."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page over a store with one run."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/runs.sqlite"
    keep_run(store)
    with serving("--voice", "phrasebook", "--store", store) as url:
        yield url


def everyone(size: dict[str, int], scheme: str = "light") -> Any:
    rows = [((locale, size, scheme), locale) for locale in TABS]
    return pytest.mark.parametrize(("visit", "locale"), rows, indirect=["visit"], ids=list(TABS))


@pytest.mark.parametrize("visit", [("en-US", DESK)], indirect=True)
def test_tabs_by_keyboard_and_a_finished_call_under_progress(address: str, visit: Visit) -> None:
    page = visit.page
    visit.start(address)
    visit.say("Pay today or you will be arrested.", 1)
    visit.hang_up()
    page.get_by_role("tab", name="Practise", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your progress").wait_for()
    page.get_by_role("img", name="Total: 1 call").first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Watch"
    page.keyboard.press("Space")
    page.get_by_role("button", name="Watch this talk").wait_for()


@pytest.mark.parametrize("visit", [("en-US", DESK)], indirect=True)
def test_a_talk_is_watched_to_its_end_without_a_jump_and_taken_over_to_a_report(address: str, visit: Visit) -> None:
    page = visit.page
    visit.come(address)
    visit.tab("Watch")
    page.get_by_label("Agent", exact=True).first.click()
    page.get_by_role("option", name="Unlawful agent").click()  # soon hung up on
    page.get_by_role("button", name="Watch this talk").click()
    page.locator(".scene li.agent").first.wait_for()
    page.evaluate(PLACES)
    page.get_by_label("4×").check()
    page.get_by_role("button", name="See the report", exact=True).wait_for(timeout=60_000)
    assert page.evaluate("window.places.size") == 1
    page.locator(".scene [data-turn='2']").click()
    page.locator(".scene li.now [data-turn='2']").wait_for()
    page.get_by_role("button", name="Take over from here").click()
    page.locator("#message textarea:enabled").wait_for()
    page.locator(".chat .bot.message").wait_for()  # one exchange stays
    visit.say("Thank you for telling me. What could you manage each month?", 2)
    visit.hang_up()
    assert "Report card" in page.locator(".bsr.result h2").inner_text()


@everyone(PHONE)
def test_all_tabs_fit_a_phone(address: str, visit: Visit, locale: str) -> None:
    page, (progress, watch, stored) = visit.page, TABS[locale]
    visit.come(address)
    assert visit.fits()
    visit.tab(progress)
    page.locator(".bsr.progress").first.wait_for()
    assert visit.fits()
    visit.tab(watch)
    page.locator(".bsr.card").last.wait_for()
    assert visit.fits()
    visit.tab(stored)
    page.locator("[data-talk]").first.click()
    page.locator(".jumps [data-turn]").first.click()
    page.locator(".scene li.now mark").first.wait_for()
    assert visit.fits()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", list(TABS))
def test_progress_and_watch_stand_in_nobodys_way(
    address: str, browser: Any, locale: str, scheme: str, axe: str
) -> None:
    visit = Visit(browser, locale, DESK, scheme)
    page, (progress, watch, stored) = visit.page, TABS[locale]
    visit.come(address)
    visit.tab(progress)
    page.locator(".bsr.progress").first.wait_for()
    assert violations(visit, axe) == []
    visit.tab(watch)
    page.locator(".bsr.card").last.wait_for()
    assert violations(visit, axe) == []
    visit.tab(stored)
    page.locator("[data-talk]").first.wait_for()
    assert violations(visit, axe) == []
    page.locator("[data-talk]").first.click()
    page.locator(".jumps [data-turn]").first.click()
    page.locator(".scene li.now mark").first.wait_for()
    assert violations(visit, axe) == []
    visit.leave()


def test_an_assignment_goes_from_the_coach_to_the_learner_and_is_ticked(browser: Any, tmp_path: Path) -> None:
    roll = RollFile(tmp_path / "learners.yaml")
    for name, role in (("Ana", Role.LEARNER), ("Kim", Role.COACH)):
        roll.put(Learner(name=name, role=role, password=hash_of(PASSWORD)))
    words = ("--voice", "phrasebook", "--store", f"sqlite:///{tmp_path}/calls.sqlite", "--file", str(roll.path))
    with serving(*words) as address:
        kim, ana = Visit(browser, "en-US", DESK), Visit(browser, "en-US", PHONE)
        kim.sign_in(address, "Kim", PASSWORD)
        kim.page.locator("#start:enabled").wait_for()
        kim.tab("Progress")
        kim.page.get_by_role("button", name="Set an assignment").click()
        kim.page.get_by_label("Title").fill("First week")
        kim.page.get_by_role("button", name="Add to the list").click()
        kim.page.get_by_text("Calls to make").locator("..").locator("li").wait_for()
        mark = kim.page.get_by_role("slider", name="Pass mark (total)").last
        mark.focus()
        kim.page.keyboard.press("Home")
        kim.page.get_by_role("button", name="Set it").click()
        kim.page.get_by_text("“First week” is set for everybody.").wait_for()
        kim.leave()
        ana.sign_in(address, "Ana", PASSWORD)
        ana.page.locator("#start:enabled").wait_for()
        ana.tab("Progress")
        ana.page.get_by_text("open · 0 of 1 calls").wait_for()
        ana.page.get_by_role("button", name="Start this call").click()
        ana.page.locator("#message textarea:enabled").wait_for()
        ana.say(GREETING, 1)
        ana.hang_up()
        ana.tab("Progress")
        ana.page.get_by_text("done · 1 of 1 calls").wait_for()
        assert "✓" in ana.page.locator("li.passed").inner_text()
        ana.leave()
