"""A coach's view of the team as HTML: everybody in a table, what the team breaks most, its assignments."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from borrowersim_app.web.assignment_view import assignment_overview
from borrowersim_app.web.progress_view import board, percent
from borrowersim_app.web.reader import Reader
from borrowersim_app.web.trend_picture import say_value
from borrowersim_evals.assignment import Assignment, AssignmentState
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.practice_lines import Slip
from borrowersim_evals.progress import Member, Mistake, Trend, common_mistakes
from borrowersim_evals.report.words import Words

SHOWN_RULES = 5


def team_board(
    members: Sequence[Member],
    slips: Sequence[Slip],
    assignments: Mapping[Assignment, Sequence[AssignmentState]],
    reader: Reader,
) -> Markup:
    """Return the team: a row for each learner, the commonest breaches, each assignment with everybody's state."""
    words = reader.words
    if not members:
        return board(words["team_title"], Markup("<p class='empty'>{}</p>").format(words["no_team"]), words)
    parts = [_table(members, reader), _common(slips, words), _assignments(assignments, reader)]
    return board(words["team_title"], Markup("").join(parts), words)


def _table(members: Sequence[Member], reader: Reader) -> Markup:
    words = reader.words
    heads = [("learner", ""), ("calls", "num"), ("good_calls", "num"), ("trend", ""), ("most_frequent", "")]
    head = Markup("").join(
        Markup("<th scope='col' role='columnheader' class='{}'>{}</th>").format(style, words[name])
        for name, style in heads
    )
    rows = Markup("").join(_row(member, reader) for member in members)
    return Markup(
        "<div class='scroll' role='region' tabindex='0' aria-label='{}'><table class='team' role='table'>"
        "<thead role='rowgroup'><tr role='row'>{}</tr></thead><tbody role='rowgroup'>{}</tbody></table></div>"
        "<p class='soft small'>{}{}{}</p>"
    ).format(
        words["team_title"],
        head,
        rows,
        words["good_calls"],
        words["colon"],
        words["good_means"].format(f"{PASS_MARK:.0f}"),
    )


def _row(member: Member, reader: Reader) -> Markup:
    words = reader.words
    active = words["never"] if member.active is None else reader.ago(member.active)
    return Markup(
        "<tr role='row'><th scope='row' role='rowheader'>{}<span class='soft small'>{}{}{}</span></th>"
        "<td role='cell' class='num' data-label='{}'>{}</td><td role='cell' class='num' data-label='{}'>{}</td>"
        "<td role='cell' data-label='{}'>{}</td><td role='cell' data-label='{}'>{}</td></tr>"
    ).format(
        member.name,
        words["last_active"],
        words["colon"],
        active,
        words["calls"],
        member.calls,
        words["good_calls"],
        percent(member.pass_share),
        words["trend"],
        _trend(member.trend, words),
        words["most_frequent"],
        _worst(member.worst),
    )


def _trend(trend: Trend, words: Words) -> Markup:
    """Return the direction and the latest mean; both in words, so that no arrow has to be guessed."""
    if trend.latest is None:
        return Markup("–")
    way = words["few"] if trend.direction == "unknown" else words[trend.direction]
    return Markup("<span class='way is-{}'>{}</span><span class='soft small'>{}{}{}</span>").format(
        trend.direction, way, words["total"], words["colon"], say_value("total", trend.latest)
    )


def _worst(worst: Mistake | None) -> Markup:
    if worst is None:
        return Markup("–")
    return Markup("<code>{}</code> × {}<span class='soft small' lang='{}'>{}</span>").format(
        worst.rule, worst.times, worst.last.language, worst.last.why
    )


def _common(slips: Sequence[Slip], words: Words) -> Markup:
    rows = common_mistakes(slips)[:SHOWN_RULES]
    if not rows:
        return Markup("")
    last = {slip.rule: slip for slip in reversed(slips)}
    items = Markup("").join(_common_item(last[rule], who, times, words) for rule, who, times in rows)
    return Markup("<h3>{}</h3><ol class='findings'>{}</ol>").format(words["team_mistakes"], items)


def _common_item(slip: Slip, who: int, times: int, words: Words) -> Markup:
    often = words["by_one"].format(times) if who == 1 else words["by_learners"].format(who, times)
    return Markup(
        "<li class='{0}'><div class='finding-head'><span class='badge {0}'>{1}</span><b lang='{2}'>{3}</b></div>"
        "<p class='soft small'>{4} · <code>{5}</code> · <cite>{6}</cite></p></li>"
    ).format(
        slip.severity,
        Words(words.language).name("severity", slip.severity),
        slip.language,
        slip.why or slip.rule,
        often,
        slip.rule,
        slip.citation,
    )


def _assignments(assignments: Mapping[Assignment, Sequence[AssignmentState]], reader: Reader) -> Markup:
    if not assignments:
        return Markup("")
    cards = [assignment_overview(assignment, states, reader) for assignment, states in assignments.items()]
    return Markup("<h3>{}</h3>{}").format(reader.words["assignments"], Markup("").join(cards))
