"""Talks and scores on a terminal."""

from collections.abc import Awaitable, Callable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from borrowersim.borrower import Answer
from borrowersim.talk import Speaker, Turn
from borrowersim_evals.case import Case
from borrowersim_evals.verdict import Finding, Score

COLOURS = {"critical": "bold red", "major": "red", "minor": "yellow"}
_MARKS = ("resp.", "clar.", "total")
DISCLAIMER = "Findings point to rules of law; they are not legal advice."


def narrator(console: Console, name: str) -> Callable[[Turn, Answer | None], Awaitable[None]]:
    """Return an observer that prints each turn as it is said."""

    async def tell(turn: Turn, answer: Answer | None) -> None:
        who, style = ("agent", "cyan") if turn.speaker is Speaker.AGENT else (name, "green")
        line = Text.assemble((f"{who:>8}  ", style), turn.text)
        if answer is not None:
            h = answer.hidden
            feelings = f"   [{answer.act.value}; trust {h.trust:.1f} anger {h.anger:.1f} anxiety {h.anxiety:.1f}]"
            line.append(feelings, "dim")
        console.print(line, soft_wrap=True)

    return tell


def findings(console: Console, score: Score) -> None:
    """Print each finding with the agent's own words and the citation."""
    for finding in score.legal:
        console.print(_finding(finding), soft_wrap=True)


def _finding(finding: Finding) -> Text:
    mark = (
        ""
        if finding.verified == "primary"
        else f" [{'unverified' if finding.verified == 'memory' else 'summary only'}]"
    )
    status = "breach" if finding.status == "breach" else "cannot tell"
    line = Text.assemble(
        (f"  {finding.severity} {status}  ", COLOURS[finding.severity]),
        (f"turn {finding.turn}: “{finding.quote}”", "default"),
        (f"  {finding.rule}, {finding.citation}{mark}", "dim"),
    )
    # What a doubt hangs on is what one can go and find out.
    return line.append(f"\n    {finding.why}", "dim") if finding.status == "cannot_tell" and finding.why else line


def score_table(cases: Sequence[Case]) -> Table:
    """Return one line a talk: who met whom, how it ended, what it scored."""
    table = Table(title="Scores", title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in ("borrower", "agent", "ending", "legal", *_MARKS):
        table.add_column(column, justify="right" if column in _MARKS else "left", overflow="fold")
    for case in cases:
        score = case.score
        table.add_row(
            case.played.borrower,
            case.played.agent,
            case.played.ending.value,
            _legal(score),
            _mark(score.respect, 1),
            _mark(score.clarity, 1),
            _mark(score.total, 0),
        )
    return table


def _legal(score: Score) -> Text:
    """Return the gravest breach and how many there are; doubts stand behind a question mark."""
    if score.decided_by.get("legal") == "nobody":
        return Text("not judged", "yellow")
    worst = next((s for s in COLOURS if any(f.severity == s for f in score.breaches)), None)
    unsure = sum(f.status == "cannot_tell" for f in score.legal)
    tail = f", {unsure}?" if unsure else ""
    if worst is None:
        return Text(f"none found{tail}", "green")
    return Text(f"{len(score.breaches)}, {worst}{tail}", COLOURS[worst])


def _mark(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
