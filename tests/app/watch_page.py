"""A page with the Watch tab alone, for its tests: the tab beside another one, as on the real page."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import gradio as gr

from borrowersim.persona import all_personas
from borrowersim.record import Played
from borrowersim.talk import Language
from borrowersim_app.cast import cast_named
from borrowersim_app.settings import read_settings
from borrowersim_app.web import Studio, launch, offered
from borrowersim_app.web.stage import Stage, stage_of
from borrowersim_app.web.watch import Watch
from borrowersim_app.web.words import NATIVE


def watch_page(stage: Stage) -> gr.Blocks:
    """Return the page; what is handed over to Practise is shown there in one line."""
    watch = Watch(stage)
    with gr.Blocks(analytics_enabled=False, title="Watch") as blocks:
        language = gr.Dropdown([(name, str(code)) for code, name in NATIVE.items()], value="en", label="Interface")
        with gr.Tabs(selected="watch") as tabs:
            with gr.Tab("Practise", id="practise"):
                taken = gr.Textbox(label="Taken over")
            with gr.Tab("Watch", id="watch"):
                watch.build(language)

        def on_continue(spoken: str, kept: Any, played: Played, turns: int) -> dict[Any, Any]:
            return {tabs: gr.Tabs(selected="practise"), taken: f"{spoken} {played.borrower} {turns}"}

        def arrive(request: gr.Request) -> dict[Any, Any]:
            asked = (request.headers.get("accept-language") or "en").partition(",")[0]
            spoken = next((code for code in Language if asked.startswith(code)), Language.EN)
            return {language: str(spoken)} | watch.arrive(spoken)

        watch.connect(language, taken, on_continue, [tabs, taken])
        blocks.load(arrive, None, [language, *watch.shown], show_progress="hidden", api_visibility="private")
    return blocks


def serve(port: int, store: str) -> None:
    """Serve the page with the phrasebook and the rules until it is stopped."""
    settings = replace(read_settings({}), models_dir=Path(store))  # no model there
    made = cast_named("phrasebook", "rules", settings)
    studio = Studio(offered(all_personas()), made.voice, made.judge, "rules", Random(7), time.monotonic)
    launch(watch_page(stage_of(studio, settings, store)), "127.0.0.1", port)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
