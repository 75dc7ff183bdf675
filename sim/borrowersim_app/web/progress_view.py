"""One learner's progress as HTML: figures, curves, mistakes, assignments, calls so far. Everything said is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from borrowersim_app.web.assignment_view import assignment_cards
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.trend_picture import draw_trend
from borrowersim_evals.assignment import AssignmentState
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.practice_lines import PracticeLine, Slip
from borrowersim_evals.progress import CRITERIA, LATELY, Mistake, mistakes_of, pass_share, trend_of
from borrowersim_evals.report.words import Words

WEEK = 7 * 24 * 3600
SHOWN_MISTAKES = 4
SHOWN_CALLS = 12
OLDEST = 200
"""Calls that the list holds at most; the table (CSV) has them all."""


@dataclass(frozen=True)
class Past:
    """What is known of one learner; the newest first."""

    name: str
    lines: Sequence[PracticeLine]
    slips: Sequence[Slip]
    states: Sequence[AssignmentState]


def learner_board(past: Past, reader: Reader, *, own: bool) -> Markup:
    """Return everything about one learner; `own` when the reader is the learner."""
    words = reader.words
    title = words["own_title"] if own else words["their_title"].format(past.name)
    judged = [line for line in past.lines if line.judged]
    parts = [assignment_cards(past.states, reader)]
    if judged:
        parts += [_tiles(judged, reader), _trends(judged, words), _mistakes(past, reader, own=own)]
    else:
        parts.insert(0, _nothing(words, own=own))
    parts.append(_history(past.lines, reader))
    return board(title, Markup("").join(parts), words)


def board(title: str, body: Markup, words: Words) -> Markup:
    """Return the frame of every view of the tab."""
    return Markup("<section class='bsr progress' lang='{}'><h2>{}</h2>{}</section>").format(words.language, title, body)


def _nothing(words: Words, *, own: bool) -> Markup:
    return Markup("<div class='empty'><p><b>{}</b></p><p>{}</p></div>").format(
        words["nothing_yet"], words["begin_here" if own else "they_begin"]
    )


def _tiles(judged: Sequence[PracticeLine], reader: Reader) -> Markup:
    words = reader.words
    week = sum(line.began > reader.now.timestamp() - WEEK for line in judged)
    share = pass_share(judged)
    latest = judged[0].total
    critical = sum(line.critical or 0 for line in judged[:LATELY])
    return Markup("<div class='tiles'>{}</div>").format(
        Markup("").join(
            [
                tile(words["calls"], str(len(judged)), words["this_week"].format(week)),
                tile(words["good_calls"], percent(share), words["good_means"].format(f"{PASS_MARK:.0f}")),
                tile(words["latest"], "–" if latest is None else f"{latest:.0f}", reader.ago(judged[0].began)),
                tile(
                    words["critical_lately"],
                    str(critical),
                    words["in_last"].format(min(LATELY, len(judged))),
                    bad=critical > 0,
                ),
            ]
        )
    )


def tile(what: str, value: str, of: str, *, bad: bool = False) -> Markup:
    """Return one figure with its name and what it is out of."""
    return Markup(
        "<div class='tile'><div class='what'>{}</div><div class='value{}'>{}</div><div class='of'>{}</div></div>"
    ).format(what, " bad" if bad else "", value, of)


def percent(share: float | None) -> str:
    """Return a share (0-1) in percent, a dash for none."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _trends(judged: Sequence[PracticeLine], words: Words) -> Markup:
    drawn = Markup("").join(draw_trend(trend_of(judged, criterion), words) for criterion in CRITERIA)
    return Markup("<h3>{}</h3><div class='trends'>{}</div><p class='soft small'>{}</p>").format(
        words["how_it_moves"], drawn, words["moves_note"]
    )


def _mistakes(past: Past, reader: Reader, *, own: bool) -> Markup:
    words, found = reader.words, mistakes_of(past.slips, past.lines)
    if not found:
        return Markup("<h3>{}</h3><p>{}</p>").format(words["work_on"], words["no_mistakes"])
    latest = min(LATELY, sum(line.judged for line in past.lines))
    still = [_mistake(mistake, latest, reader, own=own) for mistake in found if mistake.lately]
    gone = [_mistake(mistake, latest, reader, own=own) for mistake in found if not mistake.lately]
    first = folded(still, SHOWN_MISTAKES, words["more_mistakes"])
    if not still:
        first = Markup("<p>{}</p>").format(words["none_lately"].format(latest))
    return Markup("<h3>{}</h3>{}{}").format(words["work_on"], first, folded(gone, 0, words["overcome"]))


def folded(items: Sequence[Markup], shown: int, more: str) -> Markup:
    """Return findings of which what is over `shown` is folded away; `more` says how many that is."""
    whole = Markup("<ol class='findings'>{}</ol>")
    first = whole.format(Markup("").join(items[:shown])) if items[:shown] else Markup("")
    rest = items[shown:]
    if not rest:
        return first
    return Markup("{}<details><summary>{}</summary>{}</details>").format(
        first, more.format(len(rest)), whole.format(Markup("").join(rest))
    )


def _mistake(mistake: Mistake, latest: int, reader: Reader, *, own: bool) -> Markup:
    words, last = reader.words, mistake.last
    said = words["you_said" if own else "they_said"]
    quote = Markup("<p class='soft small'>{}</p><blockquote lang='{}'>{}</blockquote>").format(
        said if last.quote else words["left_unsaid"], last.language, last.quote or last.why
    )
    better = (
        Markup("<p class='better' lang='{}'><b lang='{}'>{}</b>{}<span>{}</span></p>").format(
            last.language, words.language, words["say_instead"], words["colon"], last.better
        )
        if last.better
        else Markup("")
    )
    return Markup(
        "<li class='{severity}'><div class='finding-head'><span class='badge {severity}'>{grade}</span>"
        "<b lang='{lang}'>{why}</b></div><p class='soft small'>{facts}</p>{quote}{better}"
        "<p class='soft small'><code>{rule}</code> · <cite>{citation}</cite></p></li>"
    ).format(
        severity=last.severity,
        grade=Words(reader.language).name("severity", last.severity),
        lang=last.language,
        why=last.why or mistake.rule,
        facts=_how_often(mistake, latest, reader),
        quote=quote,
        better=better,
        rule=mistake.rule,
        citation=last.citation,
    )


def _how_often(mistake: Mistake, latest: int, reader: Reader) -> str:
    words = reader.words
    if mistake.calls == 1:
        often = words["once"] if mistake.times == 1 else words["times_one"].format(mistake.times)
    else:
        often = words["times"].format(mistake.times, mistake.calls)
    still = words["still"].format(mistake.lately, latest) if mistake.lately else words["gone"].format(latest)
    return " · ".join([often, still, words["last_time"].format(reader.time(mistake.last.began))])


def _history(lines: Sequence[PracticeLine], reader: Reader) -> Markup:
    if not lines:
        return Markup("")
    words = reader.words
    rows = [_row(line, reader) for line in lines[:OLDEST]]
    shown, rest = rows[:SHOWN_CALLS], rows[SHOWN_CALLS:]
    earlier = Markup("")
    if rest:
        earlier = Markup("<details><summary>{}</summary>{}</details>").format(
            words["earlier_calls"].format(len(rest)), _table(rest, words)
        )
    return Markup("<h3>{}</h3>{}{}").format(words["history"], _table(shown, words), earlier)


def _table(rows: Sequence[Markup], words: Words) -> Markup:
    heads = Markup("").join(
        Markup("<th scope='col' class='num'>{}</th>").format(words[name])
        for name in ("total", "respect", "clarity", "breaches")
    )
    return Markup(
        "<div class='scroll' role='region' tabindex='0' aria-label='{}'><table class='calls'><thead><tr>"
        "<th scope='col'>{}</th>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(words["history"], words["call"], heads, Markup("").join(rows))


def _row(line: PracticeLine, reader: Reader) -> Markup:
    return Markup(
        "<tr><th scope='row'><span lang='{}'>{}</span>{}<span class='soft small'>{}</span></th>"
        "<td class='num'>{}</td><td class='num'>{}</td><td class='num'>{}</td><td class='num'>{}</td></tr>"
    ).format(
        reader.spoken(line.borrower),
        reader.borrower(line.borrower),
        _tags(line, reader.words),
        _facts(line, reader),
        number(line.total, 0),
        number(line.respect, 1),
        number(line.clarity, 1),
        _breaches(line, reader.words),
    )


def _facts(line: PracticeLine, reader: Reader) -> str:
    words = reader.words
    dials = words["dials"].format(level(line.resistance), level(line.financial_stress))
    ending = [Words(reader.language).name("ending", line.ending)] if line.judged else []
    return " · ".join([reader.time(line.began), *ending, dials])


def _tags(line: PracticeLine, words: Words) -> Markup:
    names = [name for name, so in (("open", not line.judged), ("rewound", line.parent)) if so]
    names += ["for_assignment"] if line.assignment else []
    return Markup("").join(Markup(" <span class='badge plain'>{}</span>").format(words[name]) for name in names)


def _breaches(line: PracticeLine, words: Words) -> Markup:
    if not line.judged or line.breaches is None:
        return Markup("–")
    if not line.critical:
        return Markup("{}").format(line.breaches)
    return Markup("{}<br/><span class='bad small'>{}</span>").format(
        line.breaches, words["of_critical"].format(line.critical)
    )


def number(value: float | None, digits: int) -> str:
    """Return a score, a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"


def level(value: float) -> str:
    """Return a dial's level without a needless zero."""
    return f"{value:g}"
