"""Fill the slots of a request: `{message}`, `{history}`, `{case.balance}` ... in any string of a JSON body.

A string that is nothing but one slot becomes the value itself, so a list stays a list and a
number a number; inside a longer string the value is written out. `{{` and `}}` are braces.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from borrowersim.agents.context import Context, Said

NAMES = ("conversation_id", "turn", "language", "jurisdiction", "message", "history", "case")
CASE_FIELDS = (
    "name",
    "full_name",
    "creditor",
    "product",
    "currency",
    "balance",
    "principal",
    "fees",
    "days_overdue",
    "account_ending",
    "contact_history",
    "language",
    "jurisdiction",
    "card",
)
SLOTS = frozenset([*NAMES, *(f"case.{field}" for field in CASE_FIELDS)])
IN_URLS = frozenset({"conversation_id", "turn", "language", "jurisdiction"})
_SLOT = re.compile(r"\{\{|\}\}|\{([a-z_]+(?:\.[a-z_]+)?)\}")
_WHOLE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")


def values(context: Context, said: list[Said], conversation_id: str | None) -> dict[str, Any]:
    """Return slot -> value for one turn."""
    return {
        "conversation_id": conversation_id,
        "turn": context.turn,
        "language": context.language,
        "jurisdiction": context.jurisdiction,
        "message": said[-1]["content"],
        "history": said,
        "case": dict(context.case),
        **{f"case.{field}": value for field, value in context.case.items()},
    }


def filled(template: Any, slots: Mapping[str, Any]) -> Any:
    """Return the template with its slots filled, whatever its shape."""
    if isinstance(template, dict):
        return {key: filled(value, slots) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, slots) for value in template]
    if not isinstance(template, str):
        return template
    whole = _WHOLE.fullmatch(template)
    return slots[whole[1]] if whole else _SLOT.sub(lambda slot: _written(slot, slots), template)


def filled_url(url: str, slots: Mapping[str, Any]) -> str:
    """Return an address with its slots filled and quoted, so that a value cannot change the path."""
    return _SLOT.sub(lambda slot: quote(_written(slot, slots), safe=""), url)


def unknown_slots(template: Any, known: frozenset[str] = SLOTS) -> list[str]:
    """Return the slots of a template that nothing can fill."""
    return sorted({name for text in _strings(template) for name in _SLOT.findall(text) if name} - known)


def _written(slot: re.Match[str], slots: Mapping[str, Any]) -> str:
    if slot[1] is None:
        return slot[0][0]
    value = slots[slot[1]]
    return "" if value is None else str(value)


def _strings(template: Any) -> Iterator[str]:
    if isinstance(template, dict):
        for value in template.values():
            yield from _strings(value)
    elif isinstance(template, list):
        for value in template:
            yield from _strings(value)
    elif isinstance(template, str):
        yield template
