"""Make the pictures of the README: python docs/pictures.py (needs the `browser` extra and Chromium)."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent / "pictures"
COMMAND = [sys.executable, "-m", "borrowersim_app.cli.main"]
PORT = 7899
SAID = [
    "Good afternoon, this is Dana Brooks with Northfield Recovery. Am I speaking with Brandon Yates?",
    "Thank you. We are a debt collector trying to collect a debt. How do you see this balance?",
    "If you don't pay by five o'clock today, the police will come and arrest you.",
]


def main() -> None:
    """Write report.png, start.png, web.png and card.png."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        report(browser.new_page(viewport={"width": 1100, "height": 900}), Path(folder))
        web(browser.new_page(viewport={"width": 1100, "height": 820}), Path(folder))
        browser.close()


def report(page: Page, folder: Path) -> None:
    """Play the article suite and show a talk of its report."""
    run = [*COMMAND, "run", "article", "--voice", "phrasebook", "--judge", "rules", "--out", str(folder / "run")]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    page.goto((folder / "run" / "report.html").as_uri())
    talk = page.locator("details", has_text="Maria Delgado · threatening").first
    talk.evaluate("talk => { talk.open = true; talk.scrollIntoView() }")
    page.screenshot(path=HERE / "report.png")


def web(page: Page, folder: Path) -> None:
    """Choose a borrower in the page, call them, and show the report card."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    store = f"sqlite:///{folder / 'calls.sqlite'}"
    words = ["web", "--voice", "phrasebook", "--judge", "rules", "--port", str(PORT), "--store", store]
    server = subprocess.Popen([*COMMAND, *words], env=environment)
    try:
        wait_for(f"http://127.0.0.1:{PORT}")
        page.goto(f"http://127.0.0.1:{PORT}")
        page.locator("#start:enabled").wait_for()
        page.screenshot(path=HERE / "start.png")
        talk(page)
        page.screenshot(path=HERE / "web.png")
        page.get_by_role("button", name="Hang up").first.click()
        page.get_by_text("Pass mark").first.wait_for()
        page.wait_for_timeout(1500)
        page.screenshot(path=HERE / "card.png")
    finally:
        server.terminate()
        server.wait(10)


def talk(page: Page) -> None:
    """Have the example call, then hang up."""
    page.locator("[data-borrower=us-brandon-yates]").click()
    page.locator("#briefing dd", has_text="Brandon Yates").first.wait_for()
    page.locator("#start:enabled").click()
    for line in SAID:
        box = page.locator("#message textarea")
        box.fill(line)
        box.press("Enter")
        page.wait_for_timeout(2500)


def wait_for(url: str) -> None:
    """Wait until the page answers."""
    for _ in range(60):
        try:
            urlopen(url, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"{url} did not answer")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    main()
