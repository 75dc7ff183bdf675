"""All files of a run's results: which formats there are, and one function that writes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult
from borrowersim_evals.report.html import facts_of, render, run_personas
from borrowersim_evals.report.junit import junit
from borrowersim_evals.report.markdown import summary
from borrowersim_evals.report.tables import jsonl, table
from borrowersim_evals.runs import RunFile

Format = Literal["html", "junit", "csv", "jsonl", "md"]
FILES: dict[Format, str] = {
    "html": "report.html",
    "junit": "junit.xml",
    "csv": "talks.csv",
    "jsonl": "cases.jsonl",
    "md": "summary.md",
}
"""Format -> name of its file in the folder."""


def formats_named(names: str) -> tuple[Format, ...]:
    """Return the formats of a list such as `html,junit`; raise UsageError for one that there is not."""
    found: dict[Format, None] = {}
    for name in filter(None, (part.strip().lower() for part in names.split(","))):
        match = next((known for known in get_args(Format) if known == name), None)
        if match is None:
            raise UsageError(f"no format {name!r}; choose from: {', '.join(FILES)}")
        found[match] = None
    if not found:
        raise UsageError(f"no format named; choose from: {', '.join(FILES)}")
    return tuple(found)


def write_results(
    folder: Path,
    run: RunFile,
    cases: Sequence[Case],
    gates: Sequence[GateResult],
    formats: Sequence[Format] = ("html",),
    language: Language = Language.EN,
) -> dict[Format, Path]:
    """Write the results of a run into a folder, which is made; return format -> file.

    Nothing but the run decides what is written: the same run gives the same bytes.
    Raises UsageError when a file cannot be written.
    """
    written = {}
    for form in dict.fromkeys(formats):
        path = folder / FILES[form]
        text = _text(form, run, cases, gates, language)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"{path} cannot be written ({error.strerror}); choose another folder with --out") from None
        written[form] = path
    return written


def _text(form: Format, run: RunFile, cases: Sequence[Case], gates: Sequence[GateResult], language: Language) -> str:
    facts = facts_of(run, cases, gates)
    match form:
        case "html":
            return render(cases, facts, run_personas(run), language)
        case "junit":
            return junit(facts, cases, run.suite.gates)
        case "csv":
            return table(cases)
        case "jsonl":
            return jsonl(cases)
        case "md":
            return summary(facts, cases, language)
