"""Serve the page: from this machine only, with nothing asked from outside and nothing recorded."""

import os

import gradio as gr

from borrowersim_app.web.look import css, head, theme
from borrowersim_app.web.people import People
from borrowersim_app.web.scripts import KEYS

PEOPLE_AT_ONCE = 100
"""Calls answered side by side; more wait in the queue."""


def launch(page: gr.Blocks, host: str, port: int, people: People | None = None, *, block: bool = True) -> str:
    """Serve the page to these people and return its address. Nothing is asked from outside."""
    # Else it sums up all events after each event, for a page of figures that is switched off here.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE, api_open=False)
    _, url, _ = page.launch(
        # Gradio wants an IPv6 address in brackets.
        server_name=f"[{host}]" if ":" in host else host,
        server_port=port,
        auth=people.auth if people else None,  # type: ignore[arg-type]  # Gradio awaits it; its types do not say so
        prevent_thread_lock=not block,
        max_threads=PEOPLE_AT_ONCE,
        quiet=True,
        share=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=1,
        theme=theme(),
        css=css(),
        head=head(),
        js=KEYS,
    )
    return url
