"""The Watch tab in a real browser: a live talk, a stored one, a finding's turn, taking over."""

from collections.abc import Iterator

import pytest

from tests.app.browsing import PHONE, Visit, free_port, running
from tests.app.test_watch import keep_run

pytestmark = pytest.mark.browser
WORDS = {
    "en-US": ("Watch this talk", "Pause", "Play", "Stop and see the report", "Other talk", "Stored runs", "Take over"),
    "zh-TW": ("開始觀摩", "暫停", "播放", "結束並查看報告", "換一通", "歷次執行", "從這裡接手"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the tab over a store with one run, and stop it afterwards."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/runs.sqlite"
    keep_run(store)
    port = free_port()
    with running(port, "-m", "tests.app.watch_page", str(port), store) as url:
        yield url


@pytest.mark.parametrize(
    ("visit", "locale"), [((name, PHONE), name) for name in WORDS], indirect=["visit"], ids=list(WORDS)
)
def test_the_whole_path_on_a_phone(address: str, visit: Visit, locale: str) -> None:
    begin, pause, play, stop, other, stored, take_over = WORDS[locale]
    page = visit.page
    page.goto(address)
    # A live talk plays by itself and stands still when it is told to.
    page.get_by_role("button", name=begin).click()
    page.locator(".scene li.borrower .inner b").first.wait_for()
    page.get_by_role("button", name=pause).click()
    page.get_by_role("button", name=play).wait_for()
    page.get_by_role("button", name=stop).click()
    page.locator("#watched-card .bsr .body").wait_for()
    assert visit.fits()
    # A stored talk opens; a finding leads to its turn, whose words stand in sight.
    page.get_by_role("button", name=other).click()
    page.get_by_role("tab", name=stored).click()
    page.locator("[data-talk]").first.click()
    page.locator(".jumps [data-turn]").first.click()
    page.locator(".scene li.now mark").first.wait_for()
    page.wait_for_function(
        """() => { const now = document.querySelector(".scene li.now mark").getBoundingClientRect();
            const box = document.querySelector("#watched-scene").getBoundingClientRect();
            return now.top >= box.top && now.bottom <= box.bottom; }"""
    )
    page.wait_for_function("() => document.querySelector('#watched-title').getBoundingClientRect().top > -2")
    assert visit.fits()
    # The keyboard steps back as well, and a person takes over from there.
    shown = page.locator(".scene li.now .jump").inner_text()
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowLeft")
    page.locator(".scene li.later").first.wait_for()
    assert int(page.locator(".scene li.now .jump").inner_text()) < int(shown)
    page.get_by_role("button", name=take_over).click()
    page.wait_for_function("() => document.querySelector('textarea')?.value.includes('us-maria-delgado')")
