"""A comparison as rows for a terminal, as Markdown, and as one HTML page. Its JSON is the model's own."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from borrowersim.errors import UsageError
from borrowersim.talk import Language
from borrowersim_evals.comparison import Change, Comparison, Difference
from borrowersim_evals.report.html import frame, template
from borrowersim_evals.report.intervals import draw_differences
from borrowersim_evals.report.markdown import LONGEST, cut, inert, table
from borrowersim_evals.report.words import Words

ROW_HEAD = ("measure", "A", "B", "B - A", "95 % interval", "pairs", "verdict")
STYLES = {"better": "green", "worse": "bold red", "no difference shown": "default", "not comparable": "yellow"}
"""Verdict -> style of its row on a terminal."""
MOST_CHANGES = 40
"""Talks that the Markdown shows; the page shows all."""
QUOTES = 3


def rows(found: Comparison) -> list[tuple[str, ...]]:
    """Return a line a measure under `ROW_HEAD`, for a table on a terminal."""
    return [
        (
            line.measure,
            number(line.a),
            number(line.b),
            number(line.difference, sign=True),
            interval(line),
            str(line.pairs),
            line.verdict,
        )
        for line in found.differences
    ]


def number(value: float | None, *, sign: bool = False) -> str:
    """Return a value with three figures; a dash without one."""
    if value is None:
        return "–"
    return (f"{value:+.3g}" if sign else f"{value:.3g}").replace("-", "−")


def interval(line: Difference) -> str:
    """Return the interval of a difference in brackets, with its p where there is one."""
    if line.interval is None:
        return "–"
    return f"[{number(line.interval[0], sign=True)}, {number(line.interval[1], sign=True)}]"


def markdown(found: Comparison, language: Language = Language.EN) -> str:
    """Return the comparison in Markdown, below 60 kB, with words made inert."""
    words = Words(language)
    head = [words["measure"], "A", "B", words["difference"], "95 %", words["pairs"], words["verdict"]]
    lines = [
        [
            words.name("measure", line.measure),
            *map(inert, (number(line.a), number(line.b), number(line.difference, sign=True), interval(line))),
            str(line.pairs),
            words.name("comparison", line.verdict),
        ]
        for line in found.differences
    ]
    blocks = [
        f"## {words.name('comparison', found.verdict)}",
        f"A {inert(found.a)} · B {inert(found.b)} · {words['pairs']}{words['colon']}{found.pairs}"
        + _decided(found, words),
        _warned(found, words),
        table(head, lines),
        words["compare_note"],
        pairing(found, words),
        f"### {words['changed']}",
        "\n".join(_changed(change, words) for change in found.changes[:MOST_CHANGES]) or words["none_changed"],
        words["more"].format(len(found.changes) - MOST_CHANGES) if len(found.changes) > MOST_CHANGES else "",
        words["not_advice"],
    ]
    return cut("\n\n".join(filter(None, blocks)) + "\n")


def _decided(found: Comparison, words: Words) -> str:
    if not found.decided_by:
        return ""
    return f" · {words['decided_by']}{words['colon']}{words.name('measure', found.decided_by)}"


def pairing(found: Comparison, words: Words) -> str:
    """Say how talks were paired, and how many have no partner."""
    parts = [words[f"paired_by.{found.paired_by}"]]
    if found.only_a or found.only_b:
        parts.append(words["unpaired"].format(found.only_a, found.only_b))
    if found.broken:
        parts.append(words["broken_pairs"].format(found.broken))
    return " ".join(parts)


def _warned(found: Comparison, words: Words) -> str:
    if not found.warnings:
        return ""
    return f"⚠️ **{words['warnings']}**\n\n" + "\n".join(f"- {inert(warning)}" for warning in found.warnings)


def _changed(change: Change, words: Words) -> str:
    kinds = words["list"].join(words.name("change", kind) for kind in change.kinds)
    lines = [f"- **{inert(change.key)}** · {kinds}"]
    if change.ending_a != change.ending_b:
        ends = [words.name("ending", end) for end in (change.ending_a, change.ending_b)]
        lines.append(f"  - {words['ending']}{words['colon']}A {ends[0]} → B {ends[1]}")
        lines += [f"  - {side}: “{inert(short(said))}”" for side, said in (("A", change.said_a), ("B", change.said_b))]
    for side, findings in (("A", change.breaches_a), ("B", change.breaches_b)):
        if set(change.kinds) & {"newly_breached", "newly_clean"}:
            lines += [
                f"  - {side}: {words.name('severity', f.severity)}{words['comma']}{words['turn'].format(f.turn + 1)}"
                f"{words['colon']}“{inert(short(f.quote))}” ({inert(f.rule)})"
                for f in findings[:QUOTES]
            ]
    return "\n".join(lines)


def short(text: str) -> str:
    """Return a text of at most `LONGEST` characters."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def page(found: Comparison, language: Language = Language.EN) -> str:
    """Return the comparison as one HTML page that needs nothing from outside."""
    words = Words(language)
    picture = draw_differences(found.differences, words, "differences")
    return template("compare.html.j2").render(
        found=found,
        words=words,
        picture=picture or Markup(""),
        pairing=pairing(found, words),
        number=number,
        interval=interval,
        **frame(),
    )


def write_comparison(
    folder: Path, found: Comparison, formats: Sequence[str] = ("html", "json", "md"), language: Language = Language.EN
) -> list[Path]:
    """Write comparison.html, .json and .md into a folder; raise UsageError for another format, or when it fails."""
    makers = {
        "html": lambda: page(found, language),
        "json": lambda: found.model_dump_json(indent=2) + "\n",
        "md": lambda: markdown(found, language),
    }
    written = []
    for form in formats:
        if form not in makers:
            raise UsageError(f"no format {form!r} for a comparison; choose from: {', '.join(makers)}")
        path = folder / f"comparison.{form}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(makers[form](), "utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"{path} cannot be written ({error.strerror}); choose another folder with --out") from None
        written.append(path)
    return written
