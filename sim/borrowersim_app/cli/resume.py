"""borrowersim resume RUN: play what a stopped or killed run left."""

from pathlib import Path
from typing import Annotated

import typer

from borrowersim.talk import Language
from borrowersim_app.cli.common import OwnRulesFiles, screen, use_rules
from borrowersim_app.cli.playing import EngineName, Place, carry_on
from borrowersim_app.cli.results import Formats, PageLanguage, conclude, formats_of
from borrowersim_app.cli.stored import RunName, StoreUrl, place_of
from borrowersim_app.settings import read_settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: borrowersim resume latest")
def resume(
    run: RunName,
    store: StoreUrl = None,
    keep_failed: Annotated[
        bool, typer.Option("--keep-failed", help="Leave talks that failed for technical reasons as they are.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, max=256, help="Processes; 0 chooses.")] = 0,
    engine: EngineName = "local",
    address: Annotated[str, typer.Option(help="Address of a Ray cluster; empty starts one here.")] = "",
    formats: Formats = None,
    language: PageLanguage = Language.EN,
    rules: OwnRulesFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Play the talks of RUN that are not done, with the same seeds and rules; finished talks are not played again.

    Its suite's budget counts anew. Exit codes as of `run`.
    """
    wanted, place = formats_of(formats), place_of(run, store)
    found = place.store.run(place.id)
    use_rules(rules or [Path(file) for file in found.rules])
    talks = place.store.waiting(place.id, failed_too=not keep_failed)
    screen.print(f"run:   {place.id}, {len(talks)} talks to play", markup=False, soft_wrap=True)
    stopped = None
    if talks:
        stopped = carry_on(place, found, talks, Place(engine, address, workers), read_settings())
    raise typer.Exit(conclude(place, wanted, language, as_json=as_json, stopped=stopped))
