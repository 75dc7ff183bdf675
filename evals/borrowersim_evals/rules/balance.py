"""Is the balance that a turn names the one on file?

The words are cues: `amount.total` stands where a total is stated ("you owe", "the balance"),
`amount.part` where a sum is something else (an instalment, a fee, what the balance once was).
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from borrowersim.cues import Match
from borrowersim.money import Amount, find_amounts
from borrowersim.talk import Language, Talk
from borrowersim.text import Folded
from borrowersim_evals.rules.words import sentence_at

TOLERANCE = Decimal("0.01")
"""Share of the balance by which a stated sum may differ: rounding in speech is no misstatement."""


def wrong_balance(text: Folded, matches: Sequence[Match], talk: Talk) -> Iterator[tuple[int, int]]:
    """Yield the folded spans where the turn states a total that is not the balance on file."""
    if talk.facts.balance is None:
        return
    balance = Decimal(str(talk.facts.balance))
    for start, end, value in stated_totals(text, matches, talk.language):
        if abs(value - balance) > balance * TOLERANCE:
            yield start, end


def stated_totals(text: Folded, matches: Sequence[Match], language: Language) -> Iterator[tuple[int, int, Decimal]]:
    """Yield (start, end, value) of each sum that is stated as the whole debt."""
    totals = [m for m in matches if m.cue == "amount.total"]
    parts = [m for m in matches if m.cue == "amount.part"]
    if not totals:
        return
    amounts = _amounts(totals, text, language)
    for total in totals:
        amount = _of(total, amounts, text)
        if amount is None:
            continue
        start, end = min(total.start, amount.start), max(total.end, amount.end)
        if not any(_touches(part, start, end) for part in parts):
            yield start, end, amount.value


def _amounts(totals: Sequence[Match], text: Folded, language: Language) -> list[Amount]:
    """Return the sums in the text, bare figures included that directly follow the words of a total."""
    found = find_amounts(text, language)
    for total in totals:
        bare = _BARE.match(text.text, total.end)
        if bare and not any(a.start < bare.end() and bare.start(1) < a.end for a in found):
            found.append(Amount(Decimal(bare[1].replace(",", "")), bare.start(1), bare.end(1)))
    return sorted(found, key=lambda a: a.start)


_BARE = re.compile(
    r"\s?(?:(?:is|of|was|now|still|about|exactly|us|me|them)\s)?"
    r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{3,7}(?:\.\d{1,2})?)(?!\s?[%\d])"
)


def _of(total: Match, amounts: Sequence[Amount], text: Folded) -> Amount | None:
    """Return the sum that belongs to the words: the next one after them, else the one just before."""
    first, last = sentence_at(text, total.start)
    after = [a for a in amounts if total.start <= a.start < min(last, total.end + _AHEAD)]
    before = [a for a in amounts if max(first, total.start - _BACK) <= a.end <= total.start]
    if before and (not after or total.start - before[-1].end <= 1):
        return before[-1]
    return after[0] if after else None


_AHEAD = 45
_BACK = 14


def _touches(part: Match, start: int, end: int) -> bool:
    """Say whether words of a part payment stand within, or right beside, the stated sum."""
    return part.start <= end + 16 and part.end >= start - 16
