"""borrowersim web: the page where a person practises."""

import signal
import socket
import time
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from borrowersim.errors import BorrowerSimError
from borrowersim.persona import all_personas
from borrowersim_app.cli.common import JudgeName, VoiceName, cast, screen
from borrowersim_app.cli.learners import Roll, roll_file
from borrowersim_app.cli.stored import StoreUrl, store_url
from borrowersim_app.settings import read_settings
from borrowersim_app.warm import warm
from borrowersim_evals.store.engine import without_password
from borrowersim_evals.store.practices import PracticeStore

if TYPE_CHECKING:
    from borrowersim_app.web.people import People

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class PortTaken(BorrowerSimError):
    """Another program listens there."""


@app.command(epilog="Example: borrowersim web --voice phrasebook --judge rules")
def web(
    host: Annotated[
        str, typer.Option(help="Address to listen on; wider than this machine needs BORROWERSIM_PASSWORD.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    voice: VoiceName = None,
    judge: JudgeName = None,
    store: StoreUrl = None,
    learners: Roll = None,
    turns_a_minute: Annotated[int, typer.Option(min=1, help="Most turns that one person may say in a minute.")] = 20,
    calls_a_minute: Annotated[int, typer.Option(min=1, help="Most calls that one person may begin in a minute.")] = 10,
) -> None:
    """Open the page where a person practises calls; stop it with Ctrl-C.

    Calls are kept in the store. With a file of learners (`borrowersim learners add NAME`) everybody signs in
    with a name and password of their own.
    """
    settings, url = read_settings(), store_url(store)
    people = people_of(host, learners, settings.password)
    free(host, port)
    made, _, judge_name = cast(voice, judge, settings)
    # Gradio takes a second to import: after what can go wrong at once, and never for --help.
    from borrowersim_app.web import Around, Studio, build_page, launch, offered
    from borrowersim_app.web.limits import Rates
    from borrowersim_app.web.progress import ProgressTab
    from borrowersim_app.web.stage import stage_of
    from borrowersim_app.web.watch import Watch
    from borrowersim_evals.report import prepare

    book, rng = PracticeStore(url), SystemRandom()
    studio = Studio(
        personas=offered(all_personas()),
        voice=made.voice,
        judge=made.coach,
        judge_name=judge_name,
        rng=rng,
        clock=time.monotonic,
        book=book,
        now=_now,
        rates=Rates(turns_a_minute, calls_a_minute),
    )
    progress = ProgressTab(book, people, studio.personas, _now, rng)
    around = Around(people, progress, Watch(stage_of(studio, settings, url)))
    screen.print(f"calls: kept in {without_password(url)}", markup=False, soft_wrap=True)
    if people.auth and learners is None:
        screen.print("sign in with a name of yours and its password", soft_wrap=True)
    if not loopback(host):
        screen.print(
            f"warning: --host {host} lets others on the network in, and what they say travels unencrypted; "
            "put a server with HTTPS in front of it",
            markup=False,
            soft_wrap=True,
        )
    shown = f"[{host}]" if ":" in host else host
    signal.signal(signal.SIGTERM, _stop)
    warm(studio.personas)  # the first who speaks need not wait for it
    prepare()
    screen.print(f"page: http://{shown}:{port} (Ctrl-C stops it)", markup=False, soft_wrap=True)
    launch(build_page(studio, around=around), host, port, people)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Let a service manager's stop end the page as Ctrl-C does: answers under way come to their end."""
    raise KeyboardInterrupt


def people_of(host: str, learners: Path | None, password: str | None) -> "People":
    """Return who may come in: a roll of learners where there is one, else everybody with the password, else one alone.

    Raises UsageError when others could come in without a password.
    """
    from borrowersim_app.web.people import launched_with

    roll = roll_file(learners)
    named = learners is not None or roll.path.is_file()
    return launched_with(roll if named else None, password, everywhere=not loopback(host))


def loopback(host: str) -> bool:
    """Say whether an address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def free(host: str, port: int) -> None:
    """Raise PortTaken when the page could not listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PortTaken(f"cannot listen on {host}:{port} ({reason}); choose another with --port") from None
