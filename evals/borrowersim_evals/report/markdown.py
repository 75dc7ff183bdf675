"""A run as Markdown for a pull request or a job's summary: verdict, gates, agents, the worst talks with quotes.

Words of people and names are made inert: they cannot open a link, an image, a heading, a mention or HTML.
"""

import re
from collections.abc import Iterable, Sequence

from borrowersim.talk import Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult, on_each
from borrowersim_evals.report.figures import talk_verdict
from borrowersim_evals.report.intervals import bounds, figure, symbols
from borrowersim_evals.report.summary import Line, Mean, RunFacts, gravity, summarise
from borrowersim_evals.report.words import Words
from borrowersim_evals.verdict import RANK, Finding

MOST_BYTES = 60_000
"""A pull request's comment may hold 65,536 characters."""
WORST = 20
FINDINGS = 3
"""Quotes shown of one talk."""
LONGEST = 400
"""Characters of one quote."""
SIGNS = {"passed": "✅", "failed": "❌", "inconclusive": "⚠️"}
_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
"""What opens something in the middle of a line; these texts never begin one."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CALLS = re.compile(r"(?i)\b(?:https?|ftp|www)(?=[:.])|@|#(?=\d)")
"""Where an address, a mention or the number of an issue begins."""


def summary(run: RunFacts, cases: Sequence[Case], language: Language = Language.EN) -> str:
    """Return the run in Markdown, below `MOST_BYTES` bytes: the worst talks are left out first."""
    words = Words(language)
    head = [_title(run, words), _facts(run, cases, words), _gates(run, words), _agents(cases, words)]
    foot = inert(words["not_advice"])
    talks = [_talk(case, words) for case in _worst(cases)]
    while True:
        blocks = [*head, _worst_talks(talks, words), foot]
        text = "\n\n".join(filter(None, blocks)) + "\n"
        if len(text.encode()) < MOST_BYTES:
            return text
        if not talks:
            return cut(text)
        talks = talks[: len(talks) * 3 // 4]


def cut(text: str) -> str:
    """Return a text whose lines stay below the limit of bytes."""
    kept: list[str] = []
    room = MOST_BYTES - 8
    for line in text.splitlines(keepends=True):
        room -= len(line.encode())
        if room < 0:
            return "".join(kept) + "\n…\n"
        kept.append(line)
    return "".join(kept)


def inert(text: str) -> str:
    """Return text that shows as it is: no markup, no link, no mention."""
    flat = " ".join(text.split())
    escaped = _MARKUP.sub(r"\\\1", flat).translate(_ENTITIES)
    # A zero-width space keeps names from being called and addresses from being linked.
    return _CALLS.sub(lambda found: f"{found[0]}\u200b", escaped)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _title(run: RunFacts, words: Words) -> str:
    verdict = run.verdict
    sign = SIGNS[verdict] if verdict else ""
    return f"## {sign} {words[verdict or 'no_gates']} · {inert(run.suite)}".replace("##  ", "## ")


def _facts(run: RunFacts, cases: Sequence[Case], words: Words) -> str:
    found = summarise(cases).all
    parts = {
        words["talks"]: f"{len(cases)}" + (f" / {run.planned}" if run.planned else ""),
        words["critical_breaches"]: str(found.breaches["critical"]) if found.judged else words["not_judged"],
        words["voice"]: inert(run.voice),
        words["judge"]: inert(run.judge),
        words["seed"]: str(run.seed),
        words["run_id"]: inert(run.run_id),
    }
    return " · ".join(f"{name}{words['colon']}{value}" for name, value in parts.items())


def _gates(run: RunFacts, words: Words) -> str:
    if not run.gates:
        return ""
    rows = []
    for gate in run.gates:
        wanted = symbols(gate)
        if on_each(gate):
            wanted = words["each_in"].format(bounds(gate.each_at_least, gate.each_at_most), symbols(gate))
        measured = _measured(gate, words)
        rows.append(
            [
                f"{SIGNS[gate.outcome]} {words[gate.outcome]}",
                inert(gate.name),
                inert(measured),
                inert(wanted),
                str(gate.n),
            ]
        )
    head = [words["result"], words["gate"], words["detail"], words["wanted"], "n"]
    return f"### {words['gates']}\n\n" + table(head, rows)


def _measured(gate: GateResult, words: Words) -> str:
    name = words.name("measure", gate.measure)
    if gate.value is None:
        return f"{name} –"
    ends = f" [{figure(gate, gate.interval[0])}, {figure(gate, gate.interval[1])}]" if gate.interval else ""
    return f"{name} {figure(gate, gate.value)}{ends}"


def _agents(cases: Sequence[Case], words: Words) -> str:
    if not cases:
        return inert(words["empty"])
    names = [words.name("severity", severity) for severity in RANK]
    head = [words[key] for key in ("agent", "talks", "respect", "clarity", "total")] + [*names, words["agreements"]]
    return f"### {words['per_agent']}\n\n" + table(head, [_agent(line) for line in summarise(cases).agents])


def _agent(line: Line) -> list[str]:
    scores = [_score(line.respect, 1), _score(line.clarity, 1), _score(line.total, 0)]
    breaches = [str(line.breaches[severity]) if line.judged else "–" for severity in RANK]
    agreement = "–" if line.agreement is None else f"{line.agreement:.0%}"
    return [inert(line.name), str(line.talks), *scores, *breaches, agreement]


def _score(mean: Mean, digits: int) -> str:
    return "–" if mean.value is None else f"{mean.value:.{digits}f}"


def _worst(cases: Sequence[Case]) -> list[Case]:
    """Return the failed talks, the gravest first, at most `WORST`."""
    failed = [case for case in cases if talk_verdict(case) == "failed"]

    def key(case: Case) -> tuple[tuple[bool, int, int], float, str]:
        first = min((gravity(finding) for finding in case.score.breaches), default=(True, 9, 0))
        return first, case.score.total or 0.0, case.played.id

    return sorted(failed, key=key)[:WORST]


def _worst_talks(talks: Sequence[str], words: Words) -> str:
    return f"### {words['worst_talks']}\n\n" + "\n".join(talks) if talks else ""


def _talk(case: Case, words: Words) -> str:
    played, score = case.played, case.score
    total = words["not_judged"] if score.total is None else f"{score.total:.0f} / 100"
    head = f"- **{inert(played.id)}** · {words.name('ending', played.ending)} · {total}"
    worst = sorted(score.breaches, key=gravity)[:FINDINGS]
    return "\n".join([head, *(f"  - {_finding(finding, words)}" for finding in worst)])


def _finding(finding: Finding, words: Words) -> str:
    quote = finding.quote if len(finding.quote) <= LONGEST else finding.quote[:LONGEST] + "…"
    said = f"“{inert(quote)}”" if quote else words["left_unsaid"]
    severity = words["a_breach"].format(words.name("severity", finding.severity))
    turn = words["turn"].format(finding.turn + 1)
    return f"{severity}{words['comma']}{turn}{words['colon']}{said} {inert(f'({finding.rule}; {finding.citation})')}"
