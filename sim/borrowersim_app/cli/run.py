"""borrowersim run SUITE: play, judge, report."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import anyio
import typer

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim_app.cast import Cast, cast_named
from borrowersim_app.cli.common import JudgeName, OwnRulesFiles, VoiceName, chosen, screen, use_rules
from borrowersim_app.cli.forecast import forecast
from borrowersim_app.cli.playing import EngineName, Place, carry_on
from borrowersim_app.cli.results import Formats, PageLanguage, conclude, formats_of
from borrowersim_app.cli.stored import RunPlace, StoreUrl, store_url
from borrowersim_app.settings import read_settings
from borrowersim_evals.planning import Planned, plan
from borrowersim_evals.rules.own import named_in_environment
from borrowersim_evals.runner import rehearse
from borrowersim_evals.runs import RunFile
from borrowersim_evals.store.store import Store
from borrowersim_evals.suite import Limits, Prices, Suite, suite_named

NAMES = re.compile(r"\w[\w.-]{0,99}")
"""Names of runs: they are names of folders too."""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: borrowersim run evals/suites/article.yaml --voice phrasebook")
def run(
    suite: Annotated[str, typer.Argument(help="Path of a suite, or the id of one that comes with the product.")],
    voice: VoiceName = None,
    judge: JudgeName = None,
    agent: Annotated[
        list[str] | None,
        typer.Option(
            "--agent",
            help="Play this agent instead of the suite's; `borrowersim agents list` shows every kind. May be repeated.",
        ),
    ] = None,
    agent_model: Annotated[str, typer.Option(help="Model name to send to an http agent, or the model of llm.")] = "",
    seed: Annotated[int | None, typer.Option(help="Instead of the suite's seed.")] = None,
    repeats: Annotated[int | None, typer.Option(min=1, help="Instead of the suite's repeats.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only talks whose id fits, for example '*maria*'; may be repeated.")
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Only so many talks, drawn evenly over the plan.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; default: runs/RUN.")] = None,
    id: Annotated[str | None, typer.Option(help="Name of the run; default: SUITE-TIME.")] = None,
    store: StoreUrl = None,
    concurrency: Annotated[int, typer.Option(min=0, max=4096, help="Answers waited for at once; 0 chooses.")] = 0,
    workers: Annotated[int, typer.Option(min=0, max=256, help="Processes; 0 chooses.")] = 0,
    engine: EngineName = "local",
    address: Annotated[str, typer.Option(help="Address of a Ray cluster; empty starts one here.")] = "",
    max_calls: Annotated[int | None, typer.Option(min=1, help="Stop beginning talks after so many calls.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="... so many tokens.")] = None,
    max_money: Annotated[float | None, typer.Option(min=1e-6, help="... so much money; needs prices.")] = None,
    max_seconds: Annotated[float | None, typer.Option(min=1e-3, help="... so many seconds.")] = None,
    price: Annotated[
        tuple[float, float] | None, typer.Option(min=0, help="What a million prompt and completion tokens cost.")
    ] = None,
    rpm: Annotated[float | None, typer.Option(min=0.01, help="Requests a minute to each model service.")] = None,
    tpm: Annotated[float | None, typer.Option(min=1, help="Tokens a minute to each model service.")] = None,
    redact: Annotated[bool, typer.Option(help="Take personal data out of the texts before they are stored.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan and what it may cost; play nothing.")
    ] = False,
    formats: Formats = None,
    language: PageLanguage = Language.EN,
    rules: OwnRulesFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Play SUITE, judge every talk, store it, write the report.

    Exit 0 passed, 1 a gate failed, 3 inconclusive or stopped (go on with `borrowersim resume`), 4 services failed.
    """
    use_rules(rules)
    if id is not None and not NAMES.fullmatch(id):
        raise UsageError(f"a run cannot be named {id!r}; use up to 100 letters, digits, dots, dashes and underscores")
    wanted = formats_of(formats)
    asked = suite_named(suite).tried_by(tuple(agent or ()))
    whole = _with_options(asked, repeats, sample, _limits(asked, concurrency, rpm, tpm))
    whole = _with_budget(whole, (max_calls, max_tokens, max_money, max_seconds), price)
    talks, settings = plan(whole, seed=seed, only=only or ()), read_settings()
    voice_name, judge_name = chosen(voice, judge, settings)
    if dry_run:
        forecast(talks, voice_name, judge_name, whole, as_json=as_json)
        raise typer.Exit
    now = datetime.now(UTC).astimezone()
    made = cast_named(voice_name, judge_name, settings, agent_model=agent_model, scripts=whole.scripts)
    anyio.run(_rehearse, talks, made)
    run_file = RunFile(
        id=id or f"{whole.id}-{now:%Y%m%d-%H%M%S}-{os.getpid()}",
        suite=whole,
        started=now.isoformat(timespec="seconds"),
        voice=voice_name,
        judge=judge_name,
        seed=whole.seed if seed is None else seed,
        plan=tuple(talks),
        agent_model=agent_model,
        redacted=redact,
        rules=tuple(map(str, named_in_environment())),
        versions={"borrowersim": version("borrowersim"), "suite": f"{whole.id}@{whole.version}"},
    )
    url = store_url(store)
    place = RunPlace(Store(url), run_file.id, out or Path("runs") / run_file.id)
    place.store.begin(run_file)
    place.note()
    screen.print(f"run:   {run_file.id} in {place.store_name}", markup=False, soft_wrap=True)
    stopped = carry_on(place, run_file, talks, Place(engine, address, workers), settings)
    raise typer.Exit(conclude(place, wanted, language, as_json=as_json, stopped=stopped))


async def _rehearse(talks: Sequence[Planned], made: Cast) -> None:
    """Find a wrong name before anything is stored or played."""
    try:
        await rehearse(talks, made)
    finally:
        await made.aclose()


def _limits(suite: Suite, concurrency: int, rpm: float | None, tpm: float | None) -> Limits:
    given = {
        "concurrency": concurrency or None,
        "requests_per_minute": rpm,
        "tokens_per_minute": tpm,
    }
    return suite.limits.model_copy(update={name: value for name, value in given.items() if value is not None})


def _with_options(suite: Suite, repeats: int | None, sample: int | None, limits: Limits) -> Suite:
    given = {"sample": sample or suite.sample, "limits": limits}
    if repeats is None:
        return suite.model_copy(update=given)
    blocks = tuple(block.model_copy(update={"repeats": None}) for block in suite.blocks)
    return suite.model_copy(update=given | {"repeats": repeats, "blocks": blocks})


def _with_budget(
    suite: Suite,
    most: tuple[int | None, int | None, float | None, float | None],
    price: tuple[float, float] | None,
) -> Suite:
    given = dict(zip(("calls", "tokens", "money", "seconds"), most, strict=True))
    budget = suite.budget.model_copy(update={name: value for name, value in given.items() if value is not None})
    prices = Prices(prompt=price[0], completion=price[1]) if price else suite.prices
    if budget.money is not None and prices is None:
        raise typer.BadParameter("--max-money needs --price PROMPT COMPLETION, or prices in the suite")
    return suite.model_copy(update={"budget": budget, "prices": prices})
