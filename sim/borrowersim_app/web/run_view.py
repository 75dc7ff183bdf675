"""Stored runs and their talks as the Watch tab lists them. Every word of a file is escaped here."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from borrowersim_app.web.view import inert
from borrowersim_app.web.watch_view import badge
from borrowersim_app.web.watch_words import agent_name
from borrowersim_evals.report.words import Words
from borrowersim_evals.runs import RunLine
from borrowersim_evals.store.shelf import TalkLine

LOOKS = {"critical": "critical", "breach": "major", "clean": "plain", "unjudged": "warn", "failed": "warn"}


def run_entry(line: RunLine, words: Words) -> str:
    """Return a run's line in the list: suite, when, how many talks, how it came out."""
    day, _, time = line.started.partition("T")
    verdict = words[line.verdict] if line.verdict else words["unfinished"]
    return words["run_line"].format(line.suite, f"{day} {time[:5]}", line.done + line.failed, verdict)


def talk_list(talks: Sequence[TalkLine], more: bool, names: Mapping[str, str], words: Words) -> str:
    """Return the talks as buttons, with verdict and gravest finding; `names` are those of borrowers by id."""
    if not talks:
        return inert(Markup("<p class='quiet' role='status'>{}</p>").format(words["no_talks"]))
    count = words["first_talks" if more else "shown_talks"].format(len(talks))
    rows = Markup("").join(_talk(line, names, words) for line in talks)
    return inert(
        Markup("<div class='bsr shelf' lang='{}'><p class='small soft' role='status'>{}</p><ul>{}</ul></div>").format(
            words.language, count, rows
        )
    )


def _talk(line: TalkLine, names: Mapping[str, str], words: Words) -> Markup:
    total = "" if line.total is None else f"{line.total:.0f} / 100"
    return Markup(
        "<li><button type='button' data-talk='{}'><span class='who'><b lang='{}'>{}</b> <span class='soft'>×</span> {}"
        "</span> <span class='how'><span class='badge {}'>{}</span> <b>{}</b></span>"
        "<span class='small soft'>{}</span>{}</button></li>"
    ).format(
        line.id,
        line.language,
        names.get(line.borrower, line.borrower),
        agent_name(line.agent, words.language),
        LOOKS[line.verdict],
        words[f"verdict.{line.verdict}"],
        total,
        " · ".join([words.name("ending", line.ending), words["turn_count"].format(line.turns), *_variant(line)]),
        _worst(line, words),
    )


def _variant(line: TalkLine) -> list[str]:
    """Return what tells this talk from others of the same two: dials, seed, repeat, as its id has them."""
    return line.id.split("~")[2:]


def _worst(line: TalkLine, words: Words) -> Markup:
    finding = line.worst
    if finding is None:
        return Markup("")
    quote = words["quoted"].format(finding.quote) if finding.quote else words["left_unsaid"]
    shown = badge(finding.status, finding.severity, words) if finding.status != "breach" else Markup("")
    return Markup("<span class='small worst'>{} <span lang='{}'>{}</span> <code>{}</code></span>").format(
        shown, line.language, quote, finding.rule
    )
