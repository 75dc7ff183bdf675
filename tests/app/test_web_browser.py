"""The web page in a real browser: the whole path, in two languages, against the real command."""

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

pytestmark = pytest.mark.browser
CHROMIUM = Path(os.environ.get("BORROWERSIM_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
EVIL = "Hello <img src=x onerror=alert(1)> <b>bold</b> ${alert(2)} {{value}}"
COMMAND = "import sys; from borrowersim_app.cli.main import main; sys.argv[0] = 'borrowersim'; main()"
CALLS = {
    "en-US": (
        "Start the call",
        "Hang up and see the report",
        "See the report",
        "Report card",
        [EVIL, "Pay today or you will be arrested."],
        "you will be arrested",
        "Call this borrower again",
    ),
    "zh-CN": (
        "开始通话",
        "挂断并查看报告",
        "查看报告",
        "成绩单",
        [EVIL, "您好，我是银行委托的催收员。您今天不还钱，就等着坐牢吧。"],
        "坐牢",
        "再打给这位借款人",
    ),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run `borrowersim web` as a person would, and stop it afterwards."""
    port = free_port()
    words = ["web", "--port", str(port), "--voice", "phrasebook", "--judge", "rules"]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-c", COMMAND, *words]) as server:
        try:
            _wait(url, server)
            yield url
        finally:
            server.terminate()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
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


@pytest.fixture
def watched(browser: Any, request: pytest.FixtureRequest) -> Iterator[tuple[Any, list[str], list[str]]]:
    """Open a phone-sized page; note where it asks, and what goes wrong in it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=request.param)
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
    yield page, asked, wrong
    context.close()


@pytest.mark.parametrize(("watched", "locale"), [(name, name) for name in CALLS], indirect=["watched"])
def test_the_whole_path(address: str, watched: tuple[Any, list[str], list[str]], locale: str) -> None:
    page, asked, wrong = watched
    start, hang_up, see, title, lines, quote, again = CALLS[locale]
    page.goto(address)
    page.get_by_role("button", name=start).click()
    for number, line in enumerate(lines, 1):
        box = page.locator("textarea:visible")
        box.fill(line)
        box.press("Enter")
        # The answer is there when the box is open again, or the borrower has ended the call.
        page.wait_for_function(
            """count => document.querySelectorAll(".chat .bot.message").length >= count
                && (document.querySelector("textarea:enabled") || document.querySelector("#end.primary"))""",
            arg=number,
        )
    shown = page.locator(".chat").inner_text()
    assert EVIL in " ".join(shown.split())
    page.get_by_role("button", name=hang_up).or_(page.get_by_role("button", name=see)).click()
    page.get_by_role("heading", name=title).wait_for()
    report = page.locator(".bsr .body")
    assert quote in " ".join(report.locator("mark").all_inner_texts())
    assert EVIL in " ".join(report.inner_text().split())
    assert report.locator("svg.curve").count() == 1
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window
    page.get_by_role("button", name=again).click()
    page.locator("textarea:visible").wait_for()
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert wrong == []


@pytest.mark.parametrize("watched", ["en-US"], indirect=True)
def test_dials_say_what_they_mean_and_the_page_changes_its_language(
    address: str, watched: tuple[Any, list[str], list[str]]
) -> None:
    page, _, wrong = watched
    page.goto(address)
    dial = page.get_by_role("slider").first
    dial.focus()
    for _ in range(60):  # a busy machine loses some of the first presses
        if dial.input_value() == "10":
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
    assert dial.input_value() == "10"
    page.get_by_text("Yields only to sustained good conduct.").wait_for()
    page.get_by_label("Interface language").click()
    page.get_by_role("option", name="繁體中文").click()
    page.get_by_role("button", name="開始通話").wait_for()
    page.get_by_text("只有從頭到尾都得體，才可能鬆口。").wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh-TW"
    assert wrong == []
