"""The application: command line, web page, pytest plugin. The only place that knows simulator and evaluator."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from borrowersim_app.simulated import simulated_borrower

__all__ = ["simulated_borrower"]


def __getattr__(name: str) -> Any:
    """Import the factory when it is asked for: the command line and pytest start without it."""
    if name == "simulated_borrower":
        from borrowersim_app.simulated import simulated_borrower

        return simulated_borrower
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
