"""Who sits at the browser: a name that only this browser knows, and the call that it is in."""

import logging
import re
from typing import Any

import gradio as gr

from borrowersim.errors import BorrowerSimError, ModelError

LEARNER, OPEN = "learner", "open"
"""Keys of what the browser keeps: the learner's id, and the practice that is on its screen."""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every callback of the page is wired: no spinner that moves the page, no door for programs."""
Update = dict[Any, Any]
log = logging.getLogger(__name__)
_NAME = re.compile(r"[\w-]{1,64}")


def browser_state() -> gr.BrowserState:
    """Return what the browser keeps over a reload. No secret of ours is in it: the learner's id is theirs."""
    return gr.BrowserState({LEARNER: "", OPEN: ""}, storage_key="borrowersim", secret="borrowersim-page")


def learner_of(kept: Any) -> str:
    """Return the learner's id that a browser sent; empty when there is none, or none that we gave out."""
    return _named(kept, LEARNER)


def open_call(kept: Any) -> str:
    """Return the practice that a browser had on its screen; empty for none."""
    return _named(kept, OPEN)


def _named(kept: Any, key: str) -> str:
    name = kept.get(key) if isinstance(kept, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def reason(failure: BorrowerSimError) -> str:
    """Return what the person may know; what else failed is for the server's log."""
    log.warning("a call was held up: %s", failure)
    return str(failure) if isinstance(failure, ModelError) else type(failure).__name__
