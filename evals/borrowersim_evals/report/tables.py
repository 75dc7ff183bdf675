"""A run as data: JSONL (a case a line) and CSV (a talk a row). The same run gives the same bytes."""

import csv
from collections.abc import Sequence
from io import StringIO

from borrowersim_evals.case import Case
from borrowersim_evals.measures import breach_count, facts_found
from borrowersim_evals.report.figures import talk_verdict
from borrowersim_evals.verdict import RANK, Severity

COLUMNS = (
    "id", "borrower", "agent", "voice", "language", "jurisdiction", "seed", "resistance", "financial_stress",
    "verdict", "ending", "settled", "respect", "clarity", "total", "critical", "major", "minor", "cannot_tell",
    "rules", "unscored", "facts_found", "turns", "lines", "from_phrasebook", "faults", "seconds", "failure",
)  # fmt: skip
"""Of the CSV. Empty cells are what was not judged."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A spreadsheet may take a cell that begins with one of these for a formula."""


def jsonl(cases: Sequence[Case]) -> str:
    """Return one case a line: `played` and `score`, as the run stores them."""
    return "".join(case.model_dump_json() + "\n" for case in cases)


def table(cases: Sequence[Case]) -> str:
    """Return the talks as CSV (UTF-8, commas, one heading line) that no spreadsheet takes for formulas."""
    sink = StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in cases:
        row = _row(case)
        writer.writerow([defused(row[name]) for name in COLUMNS])
    return sink.getvalue()


def defused(value: object) -> str:
    """Return a cell that is read as text: a leading quote stands before what could start a formula."""
    text = "" if value is None else str(value)
    number = isinstance(value, int | float)
    return f"'{text}" if not number and text.lstrip(" ").startswith(DANGEROUS) else text


def _row(case: Case) -> dict[str, object]:
    played, score = case.played, case.score
    breaches = {name: _count(case, name) for name in RANK}
    return breaches | {
        "id": played.id,
        "borrower": played.borrower,
        "agent": played.agent,
        "voice": played.voice,
        "language": played.talk.language.value,
        "jurisdiction": played.talk.jurisdiction.value,
        "seed": played.seed,
        "resistance": f"{played.dials.resistance:g}",
        "financial_stress": f"{played.dials.financial_stress:g}",
        "verdict": talk_verdict(case),
        "ending": played.ending.value,
        "settled": int(played.ending.settled),
        "respect": score.respect,
        "clarity": score.clarity,
        "total": score.total,
        "cannot_tell": sum(finding.status == "cannot_tell" for finding in score.legal),
        "rules": " ".join(sorted({finding.rule for finding in score.breaches})),
        "unscored": score.unscored,
        "facts_found": int(facts_found(case)),
        "turns": len(played.talk.turns),
        "lines": played.health.lines,
        "from_phrasebook": played.health.from_phrasebook,
        "faults": len(played.health.faults),
        "seconds": f"{played.seconds:.3f}",
        "failure": played.failure,
    }


def _count(case: Case, severity: Severity) -> int | None:
    found = breach_count(case, severity)
    return None if found is None else int(found)
