"""The command line: one app, one file a command; errors become a message and an exit code."""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from borrowersim_app.cli.codes import INFRASTRUCTURE, INTERRUPTED, PASSED, USAGE
from borrowersim_app.memory import collect_rarely

COMMANDS = {
    "demo": ("demo", "Watch three borrowers meet a respectful and an unlawful agent; needs no key."),
    "chat": ("chat", "Talk to a borrower in the terminal; a report card at the end."),
    "web": ("web", "Open the web page where a person practises."),
    "run": ("run", "Play a suite against an agent, judge it, write a report."),
    "resume": ("resume", "Play what a stopped or killed run left."),
    "report": ("report", "Make the results of a run again."),
    "compare": ("compare", "Compare two runs talk by talk."),
    "runs": ("runs", "The stored runs: list, show, export, import, delete."),
    "learners": ("learners", "Who practises: list, add, forget, export, assignments."),
    "judge": ("judge", "Judge talks from a file: respect, clarity, legal safety."),
    "calibrate": ("calibrate", "Sweep the dials and show what they move, per voice and language."),
    "perception-check": ("perception", "Measure what the borrower hears, beside labelled turns."),
    "guard-check": ("guard_check", "Measure the guard over a borrower's lines, on planted faults."),
    "judge-check": ("judge_check", "Measure how well a judge agrees with labelled turns, talks and pairs."),
    "models": ("models", "The embedded model: list, pull, path."),
    "borrowers": ("borrowers", "The borrowers: list, show, check, new."),
    "agents": ("agents", "The agents under test: list, show, check."),
    "rules": ("rules", "The rules of law: list, show, check."),
}
"""Command -> (module of borrowersim_app.cli, one line of help). Modules load when they are called,
so that `--help` stays quick."""


class LazyGroup(TyperGroup):
    """Finds commands by name and imports only the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, about = COMMANDS[cmd_name]
        command = typer.main.get_command(import_module(f"borrowersim_app.cli.{module}").app)
        command.name = cmd_name
        command.short_help = about
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


app = typer.Typer(
    cls=LazyGroup,
    name="borrowersim",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"borrowersim {version('borrowersim')}")
        raise typer.Exit


@app.callback()
def borrowersim(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Simulate difficult borrowers; train and test collection agents for respect, clarity and legal safety.

    Begin with: borrowersim demo
    """


def main() -> None:
    """Run the command line; end with 0, 1, 2, 3 or 4 and never with a traceback for a known error."""
    _speak_utf8()
    collect_rarely()
    from borrowersim.errors import BorrowerSimError, UsageError

    try:
        app()  # exits by itself: 2 for a wrong option, a command's own code, 130 when interrupted
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        sys.exit(INTERRUPTED)
    except UsageError as error:
        _complain(str(error), USAGE)
    except BorrowerSimError as error:
        _complain(str(error), INFRASTRUCTURE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(PASSED)


def _complain(message: str, code: int) -> None:
    typer.echo(f"error: {message}", err=True)
    sys.exit(code)


def _speak_utf8() -> None:
    """Print Chinese on terminals that are set to something else, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
