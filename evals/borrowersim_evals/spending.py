"""What a run has cost so far, against its budget."""

from collections.abc import Callable

from borrowersim_evals.breaker import Halt
from borrowersim_evals.store.rows import Row
from borrowersim_evals.suite import Budget, Prices

MILLION = 1_000_000


def money(prices: Prices, prompt_tokens: float, completion_tokens: float) -> float:
    """Return what tokens cost, in the currency of the prices."""
    return (prompt_tokens * prices.prompt + completion_tokens * prices.completion) / MILLION


class Spending:
    """Adds up finished talks; asks `halt` when the budget is reached.

    Talks that are running then still come to their end, so a run may cost a little more than
    its budget: at most what those talks cost.
    """

    def __init__(self, budget: Budget, prices: Prices | None, halt: Halt, clock: Callable[[], float]) -> None:
        self._budget = budget
        self._prices = prices
        self._halt = halt
        self._clock = clock
        self._begun = clock()
        self.talks = self.calls = self.prompt_tokens = self.completion_tokens = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    @property
    def money(self) -> float | None:
        """Return what was spent, None without prices."""
        return money(self._prices, self.prompt_tokens, self.completion_tokens) if self._prices else None

    def add(self, row: Row) -> None:
        """Take in a finished talk."""
        self.talks += 1
        self.calls += row.calls
        self.prompt_tokens += row.prompt_tokens
        self.completion_tokens += row.completion_tokens
        for name in ("calls", "tokens", "money"):
            spent, most = getattr(self, name), getattr(self._budget, name)
            if most is not None and spent is not None and spent >= most:
                self._halt.ask(f"the budget of {most:g} {name} is spent ({spent:g})")

    def seconds_left(self) -> float | None:
        """Return the seconds that the budget still has, None when it has no such bound."""
        most = self._budget.seconds
        return None if most is None else max(0.0, most - (self._clock() - self._begun))

    def late(self) -> None:
        """Ask to stop because the budget's time is up."""
        self._halt.ask(f"the budget of {self._budget.seconds:g} seconds is spent")

    def text(self) -> str:
        """Return rate and cost in a few words, for the progress bar."""
        seconds = self._clock() - self._begun
        rate = f"{self.talks / seconds:.1f}/s" if seconds > 0 else ""
        spent = f"{self.money:.2f} {self._prices.currency}" if self._prices and self.money is not None else ""
        tokens = f"{self.tokens / 1000:.0f}k tokens" if self.tokens else ""
        return " ".join(filter(None, [rate, tokens, spent]))
