"""The progress tab in a real browser: a coach sets an assignment, a learner reads how they do, nobody more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from borrowersim_app.learners import Learner, Role, RollFile, hash_of
from borrowersim_evals.store.practices import PracticeStore
from tests.app.browsing import DESK, PHONE, Visit, free_port, running
from tests.evals.practising import breach, practice

pytestmark = pytest.mark.browser
PASSWORD = "correct horse"
EVIL = "<img src=x onerror=document.title='owned'> {{value}} ${x}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    made = PracticeStore(f"sqlite:///{tmp_path / 'practices.sqlite'}")
    for day in range(6):
        wrong = (breach(quote=EVIL),) if day in (0, 5) else ()
        made.keep(practice(f"p{day}", "Ana", day, total=30 + 10 * day, breaches=wrong, say=EVIL))
    made.keep(practice("his", "Ben", total=77))
    yield made
    made.close()


@pytest.fixture
def address(store: PracticeStore, tmp_path: Path) -> Iterator[str]:
    roll = RollFile(tmp_path / "learners.yaml")
    for name, role in (("Ana", Role.LEARNER), ("Ben", Role.LEARNER), ("Kim", Role.COACH)):
        roll.put(Learner(name=name, role=role, password=hash_of(PASSWORD)))
    port = free_port()
    with running(port, "-m", "tests.app.progress_page", store.url, str(roll.path), str(port)) as url:
        yield url


class Visitor(Visit):
    """Somebody who signed in, at their progress."""

    def __init__(
        self, browser: Any, address: str, name: str, locale: str = "en-US", size: dict[str, int] = DESK
    ) -> None:
        super().__init__(browser, locale, size)
        self.sign_in(address, name, PASSWORD)
        self.tab("Progress")

    def leave(self) -> None:
        assert self.page.title() == "Progress"
        assert self.fits()
        super().leave()


def test_a_learner_reads_how_they_do_and_takes_the_table_along(browser: Any, address: str) -> None:
    ana = Visitor(browser, address, "ana")
    page = ana.page
    page.get_by_text("Your progress").wait_for()
    page.get_by_text("last on 7 Nov 2026, 17:30").wait_for()
    assert page.get_by_role("img", name="Total: 6 calls").is_visible()
    assert page.get_by_text(EVIL).first.is_visible()
    assert not page.get_by_label("Whose calls").is_visible()
    assert not page.get_by_text("Set an assignment").is_visible()
    page.get_by_text("Read a call again").click()
    page.get_by_label("Which call").click()
    page.get_by_role("option").first.click()
    page.get_by_text("Transcript").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a table").click()
    table = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(table) == 7
    assert not any("his" in row for row in table[1:])
    ana.leave()


def test_a_coach_sets_an_assignment_and_the_learner_finds_it(browser: Any, address: str, store: PracticeStore) -> None:
    kim = Visitor(browser, address, "Kim")
    page = kim.page
    page.get_by_text("Your team").wait_for()
    assert page.get_by_text("Last active: 2 weeks ago").first.is_visible()
    page.get_by_role("button", name="Set an assignment").click()
    page.get_by_label("Title").fill(EVIL)
    page.get_by_role("button", name="Add to the list").click()
    page.get_by_text("Calls to make").locator("..").locator("li").wait_for()
    page.get_by_role("button", name="Set it").click()
    page.get_by_text(f"“{EVIL}” is set for everybody.").wait_for()
    assert [one.title for one in store.assignments()] == [EVIL]
    kim.leave()
    ben = Visitor(browser, address, "Ben", locale="zh-TW", size=PHONE)
    ben.page.get_by_role("heading", name="你的進步").wait_for()
    ben.page.get_by_text("進行中 · 完成 0/1 通").wait_for()
    assert ben.page.get_by_text("由 Kim 指派").is_visible()
    ben.page.get_by_role("button", name="下載表格（CSV）").wait_for()
    ben.leave()
