"""What the tests in a real browser share: a server as a person would start it, and a person at a browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

CHROMIUM = Path(os.environ.get("BORROWERSIM_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
COMMAND = "import sys; from borrowersim_app.cli.main import main; sys.argv[0] = 'borrowersim'; main()"
QUICK = ["--turns-a-minute", "999", "--calls-a-minute", "999"]  # on this machine all browsers are one person
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
FADED = """Promise.all(document.getAnimations()
    .filter(one => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map(one => one.finished.catch(() => 0)))"""
AXE = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(*words: str, **environment: str) -> Iterator[str]:
    """Run `borrowersim web` as a person would, and stop it afterwards."""
    port = free_port()
    command = ["-c", COMMAND, "web", "--port", str(port), "--judge", "rules", *QUICK, *words]
    with running(port, *command, **environment) as url:
        yield url


@contextmanager
def running(port: int, *words: str, **environment: str) -> Iterator[str]:
    """Run Python with these words, wait for the page at the port, and stop it afterwards."""
    with subprocess.Popen([sys.executable, *words], env=os.environ | environment) as server:
        try:
            url = f"http://127.0.0.1:{port}"
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


class Visit:
    """One person at one browser: where it asks, what goes wrong in it, and what a trainee does."""

    def __init__(self, browser: Any, locale: str, size: dict[str, int], scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport=size, locale=locale, color_scheme=scheme, timezone_id="Asia/Taipei", reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog {dialog.message}"))

    def come(self, address: str) -> None:
        """Load the page, and wait until it knows who is there."""
        self.page.goto(address)
        self.page.locator("#start:enabled").wait_for()

    def sign_in(self, address: str, name: str, password: str) -> None:
        self.page.goto(address)
        fields = self.page.locator("input")
        fields.nth(0).fill(name)
        fields.nth(1).fill(password)
        self.page.get_by_role("button").first.click()

    def start(self, address: str) -> None:
        self.page.goto(address)
        self.page.locator(".who[aria-pressed=true]").wait_for()
        self.page.locator("#start").click()
        self.page.locator("#message textarea:enabled").wait_for()

    def say(self, line: str, answers: int) -> None:
        """Say a line with the keyboard alone, and wait for the answer to be whole."""
        box = self.page.locator("#message textarea")
        box.fill(line)
        box.press("Enter")
        self.page.wait_for_function(
            """count => document.querySelectorAll(".chat .bot.message").length >= count
                && !document.querySelector(".chat").innerText.match(/…\\s*$/)""",
            arg=answers,
        )
        self.page.wait_for_timeout(400)

    def hang_up(self) -> None:
        self.page.locator("#end").click()
        self.page.locator(".bsr.result").wait_for()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def fits(self) -> bool:
        width, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return bool(width <= window)

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it, and nobody outside may have been asked."""
        self.context.close()
        assert self.wrong == []
        assert {urlsplit(url).hostname for url in self.asked if url.startswith("http")} <= {"127.0.0.1"}


def violations(visit: Visit, axe: str) -> list[str]:
    """Return what axe-core objects to on the page as it stands, once its colours have faded in."""
    visit.page.evaluate(FADED)
    visit.page.evaluate(axe)
    found: list[str] = visit.page.evaluate(
        """async tags => (await axe.run(document, { runOnly: tags.split(" ") })).violations
            .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | "))""",
        AXE,
    )
    return found


def opened(driver: Any) -> Any:
    """Return a Chromium that asks nobody but the page."""
    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}; set BORROWERSIM_CHROMIUM")
    return driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
