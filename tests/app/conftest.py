"""What the tests of the page share: loops that are closed again, a browser, the program that checks accessibility."""

import asyncio
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.browsing import Visit, opened


@pytest.fixture
def no_stray_loops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the event loops that Gradio makes for each page and leaves open."""
    made: list[asyncio.AbstractEventLoop] = []
    make = asyncio.new_event_loop

    def remember() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", remember)
    yield
    asyncio.set_event_loop(None)
    for loop in made:
        if not loop.is_running():
            loop.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return Chromium. One a module: while its driver runs, no event loop can be run in this thread."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as driver:
        chromium = opened(driver)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a person at a browser; the parameter says the locale, the size of the window and the colours."""
    made = Visit(browser, *request.param)
    yield made
    made.leave()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return axe-core's program, fetched by npm into a temporary folder."""
    folder, npm = tmp_path_factory.mktemp("axe"), shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here to fetch axe-core")
    done = subprocess.run([npm, "pack", "axe-core@4", "--silent"], cwd=folder, capture_output=True, check=False)
    found = list(folder.glob("axe-core-*.tgz"))
    if done.returncode or not found:
        pytest.skip("axe-core could not be fetched from the npm registry")
    with tarfile.open(found[0]) as pack:
        program = pack.extractfile("package/axe.min.js")
        assert program is not None
        return program.read().decode("utf-8")
