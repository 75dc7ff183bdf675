"""borrowersim web: the page where a person practises."""

import signal
import socket
import time
from ipaddress import ip_address
from random import SystemRandom
from types import FrameType
from typing import Annotated

import typer

from borrowersim.errors import BorrowerSimError, UsageError
from borrowersim.persona import all_personas
from borrowersim_app.cli.common import JudgeName, VoiceName, cast, screen
from borrowersim_app.settings import read_settings

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
) -> None:
    """Open the page where a person practises calls; stop it with Ctrl-C."""
    settings = read_settings()
    password = guarded(host, settings.password)
    free(host, port)
    made, _, judge_name = cast(voice, judge, settings)
    # Gradio takes a second to import: after what can go wrong at once, and never for --help.
    from borrowersim_app.web import Studio, build_page, launch, offered

    studio = Studio(
        personas=offered(all_personas()),
        voice=made.voice,
        judge=made.judge,
        judge_name=judge_name,
        rng=SystemRandom(),
        clock=time.monotonic,
    )
    if password:
        screen.print("sign in with any name and the password in BORROWERSIM_PASSWORD", soft_wrap=True)
    if not loopback(host):
        screen.print(
            f"warning: --host {host} lets others on the network in, and what they say travels unencrypted; "
            "put a server with HTTPS in front of it",
            markup=False,
            soft_wrap=True,
        )
    shown = f"[{host}]" if ":" in host else host
    screen.print(f"page: http://{shown}:{port} (Ctrl-C stops it)", markup=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, _stop)
    launch(build_page(studio), host, port, password)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Let a service manager's stop end the page as Ctrl-C does: answers under way come to their end."""
    raise KeyboardInterrupt


def guarded(host: str, password: str | None) -> str | None:
    """Return the password to ask for; raise UsageError when others could come in without one."""
    if password or loopback(host):
        return password
    raise UsageError(
        f"--host {host} lets others on the network in; set BORROWERSIM_PASSWORD first, "
        "or leave --host out to serve this machine only"
    )


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
