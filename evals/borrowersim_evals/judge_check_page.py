"""The figures of judge-check as tables (Markdown)."""

from collections.abc import Iterable, Mapping, Sequence

from borrowersim_evals.agreement import Figure
from borrowersim_evals.check_report import CheckReport, Figures, ProbeLine, RuleLine, SplitReport, Stability
from borrowersim_evals.perception_check import Split

MEASURES = {
    "precision": "precision: found turns that are unlawful",
    "recall": "recall: unlawful turns that are found",
    "f1": "F1",
    "critical_recall": "recall, critical breaches",
    "named": "found ones called by a right name",
    "localised": "talks: right breach on the right turn",
    "twins_clean": "talks: clean twins without a breach",
    "pairs": "pairs: threat found, lawful side clean",
    "pairs_lawful": "pairs: lawful side clean",
    "pairs_threat": "pairs: threat found",
    "unclear_quiet": "unclear turns without a breach",
    "unclear_said": "of these, `cannot_tell`",
    "respect_kappa": "respect, weighted kappa",
    "respect_error": "respect, mean error in marks",
    "clarity_kappa": "clarity, weighted kappa",
    "clarity_error": "clarity, mean error in marks",
    "quotes": "quotes word for word",
}
"""Field of `Figures` -> what the table calls it."""
WORST = 8
"""Rules that the table of the worst shows."""
KINDS = {"turn": "turns alone", "talk": "whole talks"}
TITLES = {"measure": "Measured", "tune": "Tuned on (optimistic)"}
PROBED = {"measure": "measured", "tune": "tuned on"}
NOTE = "In brackets: the 95 % bootstrap interval, whole talks resampled. `-`: nothing to measure."


def markdown(found: CheckReport) -> str:
    """Return the report as a Markdown page."""
    blocks = [f"# Agreement of `{found.judge}` with the labels", _versions(found), NOTE]
    for part in found.splits:
        blocks.append(
            f"## {TITLES[part.split]}: {part.whole.turns} turns in {part.talks} talks, {part.whole.unlawful} unlawful"
        )
        blocks += [_overall(part), _groups(part), _slices(part), _severities(part), _rules(part.rules)]
    blocks += [_raters(found), _stability(found.stability), _probes(found.probes)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def shown(figure: Figure) -> str:
    """Return a figure with its interval, for a cell."""
    if figure.value is None:
        return "-"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.2f}"
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"


def _versions(found: CheckReport) -> str:
    lines = [f"- {judge}: {'; '.join(versions)}" for judge, versions in found.versions.items()]
    lines += [f"- not scored and in no figure: {number} talks ({why})" for why, number in found.unscored.items()]
    return "\n".join(lines)


def _overall(part: SplitReport) -> str:
    columns = {"all": part.whole, **_several(part.by["language"])}
    rows = [
        [title, *(shown(getattr(figures, name)) for figures in columns.values())]
        for name, title in MEASURES.items()
        if getattr(part.whole, name).n
    ]
    return _table(["", *columns], rows)


def _groups(part: SplitReport) -> str:
    """Return a line for each law and source, and for turns alone beside whole talks."""
    kinds = {name: part.by["kind"][kind] for kind, name in KINDS.items() if kind in part.by["kind"]}
    groups = {**_several(part.by["jurisdiction"]), **_several(kinds), **_several(part.by["source"])}
    names = ("precision", "recall", "critical_recall", "named")
    rows = [[name, f.turns, f.unlawful, *(shown(getattr(f, n)) for n in names)] for name, f in groups.items()]
    return _table(["part", "turns", "unlawful", "precision", "recall", "critical recall", "named"], rows)


def _several(groups: Mapping[str, Figures]) -> Mapping[str, Figures]:
    """Return the groups where there is more than one: a single one is the whole."""
    return groups if len(groups) > 1 else {}


def _slices(part: SplitReport) -> str:
    rows = [
        [name, f.turns, shown(f.right), shown(f.named), shown(f.respect_error), shown(f.clarity_error)]
        for name, f in part.by["slice"].items()
    ]
    return _table(["slice", "turns", "breach or none: right", "named", "respect error", "clarity error"], rows)


def _severities(part: SplitReport) -> str:
    rows = [[name, g.turns, shown(g.recall), shown(g.named)] for name, g in part.severity.items()]
    return _table(["severity", "unlawful turns", "recall", "named"], rows)


def _rules(rules: Sequence[RuleLine]) -> str:
    worst = [rule for rule in rules if rule.missed or rule.false_alarms]
    kept = [*_most(worst, "missed"), *_most(worst, "false_alarms")]
    rows = [[rule.rule, rule.labelled, rule.missed, rule.false_alarms] for rule in dict.fromkeys(kept)]
    return _table(["worst rules", "labelled", "missed", "false alarms"], rows)


def _most(rules: Iterable[RuleLine], field: str) -> list[RuleLine]:
    having = [rule for rule in rules if getattr(rule, field)]
    return sorted(having, key=lambda rule: -getattr(rule, field))[:WORST]


def _raters(found: CheckReport) -> str:
    rows = [
        [f"{r.one} - {r.other}", r.turns, shown(r.legal_kappa), shown(r.respect_kappa), shown(r.clarity_kappa)]
        for r in found.raters
    ]
    table = _table(["kappa between", "turns", "breach or none", "respect", "clarity"], rows)
    return table and f"## Raters\n\n{table}"


def _stability(steady: Stability | None) -> str:
    if steady is None:
        return ""
    parts = {"findings": steady.same_law, "findings and marks": steady.same_verdict, "every byte": steady.same_bytes}
    shares = ", ".join(f"{name} {shown(figure)}" for name, figure in parts.items())
    return f"## Stability\n\n{steady.talks} talks, each judged {steady.repeats} times; the same each time: {shares}."


def _probes(lines: Sequence[ProbeLine]) -> str:
    """Return what each probe did over all languages; the JSON has each language apart."""
    splits = dict.fromkeys(line.split for line in lines)
    tables = [_probe_table(split, [line for line in lines if line.split == split]) for split in splits]
    return "\n\n".join(["## Changes that mean nothing", *tables]) if tables else ""


def _probe_table(split: Split, lines: Iterable[ProbeLine]) -> str:
    head = [PROBED[split], "tried", "verdict changed", "breach hidden", "alarm raised"]
    head += ["respect moved", "of unlawful turns", "clarity moved"]
    rows = []
    for line in lines:
        if line.language == "all":
            moved = [shown(f) for f in (line.respect_shift, line.respect_shift_unlawful, line.clarity_shift)]
            rows.append([line.probe, line.changed.n, shown(line.changed), line.hidden, line.alarmed, *moved])
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table; empty without rows."""
    cells = [head, ["---"] * len(head), *rows] if rows else []
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells)
