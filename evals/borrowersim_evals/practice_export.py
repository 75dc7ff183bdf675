"""Practices as CSV for a spreadsheet: one row a call, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Mapping

from borrowersim_evals.practice_lines import PracticeLine, Slip

COLUMNS = (
    "learner",
    "id",
    "started",
    "changed",
    "borrower",
    "language",
    "jurisdiction",
    "resistance",
    "financial_stress",
    "ending",
    "turns",
    "judged",
    "respect",
    "clarity",
    "total",
    "breaches",
    "critical",
    "rules_broken",
    "rewound_from",
    "assignment",
)
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes text that begins so for a formula; the wide forms too, where Chinese is typed."""


def practices_csv(lines: Iterable[PracticeLine], slips: Iterable[Slip]) -> str:
    """Return the practices as CSV with a first row of names, a byte order mark first so that Excel reads Chinese."""
    broken: dict[tuple[str, str], list[str]] = {}
    for slip in slips:
        broken.setdefault((slip.learner, slip.practice), []).append(slip.rule)
    sink = io.StringIO()
    writer = csv.DictWriter(sink, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in lines:
        writer.writerow(_row(line, broken.get((line.learner, line.id), [])))
    return "\ufeff" + sink.getvalue()


def _row(line: PracticeLine, broken: Iterable[str]) -> Mapping[str, object]:
    values = line.model_dump(mode="json") | {"rules_broken": " ".join(broken), "rewound_from": line.parent}
    return {name: harmless(values[name]) for name in COLUMNS}


def harmless(value: object) -> object:
    """Return a cell that a spreadsheet shows as it stands: text that looks like a formula gets an apostrophe."""
    if isinstance(value, str) and value.lstrip(" ").startswith(RUNS):
        return f"'{value}"
    return value
