"""A page that holds the progress tab and nothing else, to be tried and looked at by itself."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import gradio as gr

from borrowersim.persona import all_personas
from borrowersim.talk import Language
from borrowersim_app.learners import RollFile
from borrowersim_app.web.look import css
from borrowersim_app.web.page import preferred
from borrowersim_app.web.people import People
from borrowersim_app.web.progress import ProgressTab
from borrowersim_app.web.words import NATIVE
from borrowersim_evals.store.practices import PracticeStore

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def progress_page(tab: ProgressTab, *, startable: bool = False) -> gr.Blocks:
    """Return the page: a choice of language, and the tab as the whole page mounts it."""

    def relabel(language: str) -> dict[Any, Any]:
        return tab.labels.relabelled(Language(language))

    def arrive(request: gr.Request) -> str:
        return str(preferred(request.headers.get("accept-language")))

    with gr.Blocks(title="Progress", analytics_enabled=False) as page:
        choices = [(name, str(language)) for language, name in NATIVE.items()]
        language = gr.Dropdown(choices, value="en", label="Interface", filterable=False)
        with gr.Tabs():
            with gr.Tab("Practise"):
                gr.HTML("<p>Practise</p>")
            with gr.Tab("Progress") as place:
                tab.build(startable=startable)
        tab.wire(page, language, place)
        language.change(relabel, language, list(tab.labels.rows), api_visibility="private")
        page.load(arrive, None, language, api_visibility="private")
    return page


def main(store: str, roll: str, port: str) -> None:
    """Serve the page until it is stopped."""
    people = People(RollFile(Path(roll)))
    tab = ProgressTab(PracticeStore(store), people, all_personas(), lambda: NOW, Random(1))
    page = progress_page(tab)
    page.queue(default_concurrency_limit=4, api_open=False)
    page.launch(
        server_name="127.0.0.1",
        server_port=int(port),
        auth=people.auth,
        quiet=True,
        share=False,
        footer_links=[],
        enable_monitoring=False,
        ssr_mode=False,
        css=css(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
