"""The menu: which rules a model may apply to a talk, and which of them fit into its prompt."""

from collections.abc import Iterator
from dataclasses import dataclass

from borrowersim.talk import Talk
from borrowersim_evals.rules.detect import missing_fact
from borrowersim_evals.rules.pack import Detect, Pack, Rule
from borrowersim_evals.rules.state import Standing, standings
from borrowersim_evals.verdict import RANK


@dataclass(frozen=True)
class Menu:
    """The rules that a judge may name, and for each the turns in which it holds."""

    rules: dict[str, Rule]
    due: dict[tuple[int, str], str]
    """(turn, rule) that may be found; the value names a fact that is not known, or is empty."""
    left_out: int = 0

    def lines(self, talk: Talk) -> str:
        """Return the menu as short lines for a prompt."""
        return "\n".join(_line(rule, talk) for rule in self.rules.values()) or "(none)"


def menu_of(talk: Talk, pack: Pack | None, most_chars: int) -> Menu:
    """Return the rules that apply to a talk, the most pressing ones that fit into `most_chars`.

    Rules that code alone decides (hours, counts, the balance, set statements that are there or
    not) are not on it: a model would guess. The gravest come first; among equals those that a
    state of this talk woke (a lawyer, a crisis, a third party); then the pack's order.
    """
    standing = standings(talk)
    rules = [rule for rule in pack.rules if not _code_only(rule)] if pack else []
    due = {(turn, rule.id): fact for rule in rules for turn, fact in _due(rule, talk, standing)}
    woken = [rule for rule in rules if any((turn, rule.id) in due for turn in standing)]
    woken.sort(key=lambda rule: (RANK[rule.severity], not rule.when.state))
    kept = _fitting(woken, talk, most_chars)
    names = {rule.id for rule in kept}
    due = {key: fact for key, fact in due.items() if key[1] in names}
    return Menu({rule.id: rule for rule in kept}, due, len(woken) - len(kept))


def _due(rule: Rule, talk: Talk, standing: dict[int, Standing]) -> Iterator[tuple[int, str]]:
    """Yield (turn, fact that is not known) for each turn in which the rule holds."""
    for turn, held in standing.items():
        fact = missing_fact((rule.when,), talk.facts, held)
        if fact is not None:
            yield turn, fact


def _code_only(rule: Rule) -> bool:
    return all(_counts(detect, rule.kind == "required_statement") for detect in rule.detect)


def _counts(detect: Detect, statement: bool) -> bool:
    return bool(detect.hours or detect.limit or detect.wrong_balance or (statement and detect.absent))


def _fitting(rules: list[Rule], talk: Talk, most_chars: int) -> list[Rule]:
    kept, used = [], 0
    for rule in rules:
        used += len(_line(rule, talk)) + 1
        if used > most_chars:
            break
        kept.append(rule)
    return kept


def _line(rule: Rule, talk: Talk) -> str:
    return f"{rule.id}: {rule.says(talk.language)}"
