"""The event loop that runs are played on: uvloop where it can be had, the standard one elsewhere."""

from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import TypeVar

import anyio

T = TypeVar("T")


def run_loop(main: Callable[[], Awaitable[T]]) -> T:
    """Run an async function to its end."""
    return anyio.run(main, backend_options={"use_uvloop": find_spec("uvloop") is not None})
