"""The Watch tab in a real browser: a live talk, a stored one, a finding's turn, taking over."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.app.test_watch import keep_run

pytestmark = pytest.mark.browser
CHROMIUM = Path(os.environ.get("BORROWERSIM_CHROMIUM", "/usr/bin/chromium"))
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
WORDS = {
    "en-US": ("Watch this talk", "Pause", "Play", "Stop and see the report", "Other talk", "Stored runs", "Take over"),
    "zh-TW": ("開始觀摩", "暫停", "播放", "結束並查看報告", "換一通", "歷次執行", "從這裡接手"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the tab over a store with one run, and stop it afterwards."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/runs.sqlite"
    keep_run(store)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "tests.app.watch_page", str(port), store]) as server:
        try:
            _wait(url, server)
            yield url
        finally:
            server.terminate()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise AssertionError(f"the page did not come up (exit code {server.poll()})")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}; set BORROWERSIM_CHROMIUM")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield opened
        opened.close()


@pytest.mark.parametrize("locale", list(WORDS))
def test_the_whole_path_on_a_phone(address: str, browser: Any, locale: str) -> None:
    begin, pause, play, stop, other, stored, take_over = WORDS[locale]
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=locale)
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
    page.goto(address)
    # A live talk plays by itself and stands still when it is told to.
    page.get_by_role("button", name=begin).click()
    page.locator(".scene li.borrower .inner b").first.wait_for()
    page.get_by_role("button", name=pause).click()
    page.get_by_role("button", name=play).wait_for()
    page.get_by_role("button", name=stop).click()
    page.locator("#watched-card .bsr .body").wait_for()
    assert _inside(page) <= 390
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
    assert _inside(page) <= 390
    # The keyboard steps back as well, and a person takes over from there.
    shown = page.locator(".scene li.now .jump").inner_text()
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowLeft")
    page.locator(".scene li.later").first.wait_for()
    assert int(page.locator(".scene li.now .jump").inner_text()) < int(shown)
    page.get_by_role("button", name=take_over).click()
    page.wait_for_function("() => document.querySelector('textarea')?.value.includes('us-maria-delgado')")
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert wrong == []
    context.close()


def _inside(page: Any) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
