"""The web page in a real browser: the whole path of a trainee, in three languages, against the real command."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.app.browsing import DESK, PHONE, Visit, serving, violations

pytestmark = pytest.mark.browser
EVIL = "Hello <img src=x onerror=alert(1)> <b>bold</b> ${alert(2)} {{value}}"
CALLS = {
    "en-US": ("Report card", [EVIL, "Pay today or you will be arrested."], "you will be arrested", "Compare two tries"),
    "zh-CN": ("成绩单", [EVIL, "您好，我是银行委托的催收员。您今天不还钱，就等着坐牢吧。"], "坐牢", "比较两次尝试"),
    "zh-TW": ("成績單", [EVIL, "您好，我是銀行委外的催收人員。您今天不繳，就等著坐牢吧。"], "坐牢", "比較兩次嘗試"),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("--voice", "phrasebook") as url:
        yield url


def sizes(size: dict[str, int], scheme: str = "light") -> Any:
    return pytest.mark.parametrize(
        ("visit", "locale"), [((name, size, scheme), name) for name in CALLS], indirect=["visit"], ids=list(CALLS)
    )


@sizes(PHONE)
def test_the_whole_path_on_a_phone(address: str, visit: Visit, locale: str) -> None:
    page, (title, lines, quote, compare) = visit.page, CALLS[locale]
    visit.start(address)
    for number, line in enumerate(lines, 1):
        visit.say(line, number)
    assert EVIL in " ".join(page.locator(".chat").inner_text().split())
    assert visit.fits()
    page.reload()
    page.locator(".chat .bot.message").first.wait_for()
    assert EVIL in " ".join(page.locator(".chat").inner_text().split())
    visit.hang_up()
    assert title in page.locator(".bsr.result h2").inner_text()
    report = page.locator(".bsr .body")
    assert quote in " ".join(report.locator("mark").all_inner_texts())
    assert EVIL in " ".join(report.inner_text().split())
    assert report.locator("svg.curve").count() == 1
    assert page.locator(".advice dd").count() == 3
    assert visit.fits()
    page.locator("#rewind").click()
    page.locator("#message textarea:enabled").wait_for()
    kept = page.locator(".chat .bot.message").count()
    assert kept < len(lines)
    visit.say("Thank you. How are you managing at the moment?", kept + 1)
    visit.hang_up()
    page.get_by_text(compare).wait_for()
    assert page.locator(".bsr table tbody tr").count() >= 6


@pytest.mark.parametrize("visit", [("en-US", DESK)], indirect=True)
def test_by_keyboard_alone(address: str, visit: Visit) -> None:
    page = visit.page
    visit.come(address)  # before, the page would choose anew
    page.locator(".who[aria-pressed=true]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    name = page.evaluate("document.activeElement.querySelector('.name').textContent")
    page.locator("#briefing dd", has_text=name).first.wait_for()
    page.locator("#start").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#message textarea')")
    page.keyboard.type("Hello, this is Ana.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("How are you?")
    page.keyboard.press("Enter")
    page.locator(".chat .bot.message").first.wait_for()
    assert "Hello, this is Ana.\nHow are you?" in page.locator(".chat .user.message").inner_text()
    page.locator("#aside").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#message textarea')")
    page.wait_for_function("document.querySelector('.clock').textContent !== '0:00'")


@pytest.mark.parametrize("visit", [("en-US", DESK)], indirect=True)
def test_dials_say_what_they_mean_and_the_page_changes_its_language(address: str, visit: Visit) -> None:
    page = visit.page
    page.goto(address)
    page.get_by_role("button", name="Build your own").click()
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


def test_two_people_at_once_and_a_call_kept_for_later(address: str, browser: Any) -> None:
    ana, ben = Visit(browser, "en-US", DESK), Visit(browser, "zh-CN", PHONE)
    for visit in (ana, ben):
        visit.start(address)
    ana.say("Hello, this is Ana.", 1)
    ben.say("您好，我是小本。", 1)
    assert "Ana" not in ben.page.locator(".chat").inner_text()
    assert "小本" not in ana.page.locator(".chat").inner_text()
    ana.page.locator("#aside").click()
    ana.page.get_by_text("You have an open call with").wait_for()
    ana.page.get_by_role("button", name="Go on", exact=True).click()
    ana.page.locator(".chat .user.message").wait_for()
    assert "Hello, this is Ana." in ana.page.locator(".chat").inner_text()
    ana.page.locator("#hand-over").click()
    ana.page.locator(".bsr.result").wait_for()
    with ana.page.expect_download() as saved:
        ana.page.get_by_role("button", name="Data (JSONL)").click()
    line = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert "colleague" in line["played"]["talk"]["note"]
    for visit in (ana, ben):
        visit.leave()


class Service(ThreadingHTTPServer):
    """A model service that refuses, until it is told to speak."""

    speaks = False


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not server.speaks:
            self._send(401, "application/json", b'{"error": {"message": "no such key"}}')
        elif asked.get("stream"):
            piece = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            piece["choices"] = [{"index": 0, "delta": {"content": "Who is calling, please?"}, "finish_reason": "stop"}]
            self._send(200, "text/event-stream", f"data: {json.dumps(piece)}\n\ndata: [DONE]\n\n".encode())
        else:
            whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
            message = {"role": "assistant", "content": "Who is calling, please?"}
            whole["choices"] = [{"index": 0, "message": message, "finish_reason": "stop"}]
            self._send(200, "application/json", json.dumps(whole).encode())

    def _send(self, status: int, media: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize("visit", [("en-US", PHONE)], indirect=True)
def test_when_the_service_fails_the_talk_is_kept_and_one_click_tries_again(visit: Visit) -> None:
    with Service(("127.0.0.1", 0), _Answer) as service:
        Thread(target=service.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{service.server_address[1]}/v1"
        with serving("--voice", "openai/m", OPENAI_BASE_URL=base, OPENAI_API_KEY="none") as address:
            visit.start(address)
            visit.page.locator("#message textarea").fill("Hello, this is Ana.")
            visit.page.locator("#send").click()
            visit.page.get_by_text("The line is bad").wait_for()
            assert "Hello, this is Ana." in visit.page.locator(".chat").inner_text()
            service.speaks = True
            visit.page.get_by_role("button", name="Try again").click()
            visit.page.locator(".chat .bot.message").wait_for()
            visit.page.get_by_text("The line is bad").wait_for(state="hidden")
        service.shutdown()


@sizes(DESK, "dark")
def test_nothing_stands_in_the_way_of_assistive_technology(address: str, visit: Visit, locale: str, axe: str) -> None:
    _, lines, _, _ = CALLS[locale]
    visit.come(address)
    assert violations(visit, axe) == []
    visit.page.locator("#start").click()
    visit.page.locator("#coach input").check()
    visit.say(lines[1], 2)
    visit.page.locator(".chat [role=log][tabindex='0']").wait_for()
    assert violations(visit, axe) == []
    visit.hang_up()
    assert violations(visit, axe) == []
