"""The report of a run: numbers, one HTML file, and one talk's part of it for other pages."""

from borrowersim_evals.report.html import render, render_talk, style, write_report
from borrowersim_evals.report.summary import RunFacts, Summary, summarise

__all__ = ["RunFacts", "Summary", "render", "render_talk", "style", "summarise", "write_report"]
