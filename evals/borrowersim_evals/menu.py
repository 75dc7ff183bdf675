"""The menu: which rules a model may apply to a talk, and which of them fit into its prompt."""

from dataclasses import dataclass
from functools import lru_cache

from borrowersim.talk import Talk
from borrowersim_evals.identity import Same
from borrowersim_evals.rules.detect import FactsKey, missing_fact
from borrowersim_evals.rules.pack import Detect, Pack, Rule, State
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
    if pack is None:
        return Menu({}, {})
    key, facts = Same(pack), FactsKey(talk.facts)
    holding = {turn: _holding(key, facts, frozenset(held.began)) for turn, held in standings(talk).items()}
    due = {(turn, name): fact for turn, found in holding.items() for name, fact in found.items()}
    awake = {name for _, name in due}
    woken = [rule for rule in _for_a_model(key) if rule.id in awake]
    woken.sort(key=lambda rule: (RANK[rule.severity], not rule.when.state))
    kept = _fitting(woken, talk, most_chars)
    names = {rule.id for rule in kept}
    due = {key: fact for key, fact in due.items() if key[1] in names}
    return Menu({rule.id: rule for rule in kept}, due, len(woken) - len(kept))


@lru_cache(maxsize=1024)
def _holding(key: Same[Pack], facts: FactsKey, states: frozenset[State]) -> dict[str, str]:
    """Return the rules that hold under these facts and states, each with the fact that is not known, or nothing."""
    standing = Standing(dict.fromkeys(states, 0))
    missing = {rule.id: missing_fact((rule.when,), facts.facts, standing) for rule in _for_a_model(key)}
    return {name: fact for name, fact in missing.items() if fact is not None}


@lru_cache(maxsize=64)
def _for_a_model(key: Same[Pack]) -> tuple[Rule, ...]:
    return tuple(rule for rule in key.it.rules if not _code_only(rule))


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
