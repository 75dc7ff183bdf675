"""The results of a run: numbers, one HTML file, other formats, and one talk's part of it for other pages."""

from borrowersim_evals.report.html import facts_of, prepare, render, render_talk, style, write_report
from borrowersim_evals.report.results import FILES, Format, formats_named, write_results
from borrowersim_evals.report.summary import RunFacts, Summary, summarise

__all__ = [
    "FILES",
    "Format",
    "RunFacts",
    "Summary",
    "facts_of",
    "formats_named",
    "prepare",
    "render",
    "render_talk",
    "style",
    "summarise",
    "write_report",
    "write_results",
]
