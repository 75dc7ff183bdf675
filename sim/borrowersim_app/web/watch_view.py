"""What the Watch tab shows of a talk, as HTML. Every word of a person or a file is escaped here."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from borrowersim.hidden import Dispute, Hidden
from borrowersim.persona import Persona
from borrowersim.record import Moment
from borrowersim.talk import Speaker
from borrowersim_app.web.showing import Showing
from borrowersim_app.web.view import inert
from borrowersim_app.web.watch_words import agent_about, agent_name
from borrowersim_evals.case import Case
from borrowersim_evals.report import render_talk
from borrowersim_evals.report.curve import FEELINGS, draw_curve
from borrowersim_evals.report.summary import legally_judged
from borrowersim_evals.report.view import Numbered, Piece, cut, number_findings, say_offer
from borrowersim_evals.report.words import Words

ANCHOR = "watched"
"""Begins every id of the report card, so that it is no other card's of the page."""
CURVE = "watched-so-far"
LEAST = 0.05
"""A smaller change of a feeling is none that anybody could see."""


def intro(words: Words) -> str:
    """Say what the tab is for."""
    return inert(Markup("<p class='quiet' lang='{}'>{}</p>").format(words.language, words["watch_intro"]))


def about_agent(agent: str, words: Words) -> str:
    """Return what kind of agent this is."""
    card = Markup("<section class='bsr card' lang='{}'><h2>{}</h2><p><b>{}</b></p><p>{}</p></section>")
    name, about = agent_name(agent, words.language), agent_about(agent, words.language)
    return inert(card.format(words.language, words["about_agent"], name, about))


def title(showing: Showing, words: Words) -> str:
    """Say who talks with whom, and how difficult the borrower was set."""
    played = showing.played
    name = showing.persona.name if showing.persona else played.borrower
    dials = words["list"].join(
        f"{words.name('dial', dial)} {level:g}"
        for dial, level in played.dials.model_dump().items()
        if dial in ("resistance", "financial_stress")
    )
    over = words["ended"].format(words.name("ending", played.ending)) if showing.ended else ""
    return inert(
        Markup(
            "<div class='bsr watching' lang='{}'><h2><span lang='{}'>{}</span> <span class='soft'>×</span> {}</h2>"
            "<p class='small soft'>{} <span role='status'>{}</span></p></div>"
        ).format(words.language, played.talk.language, name, agent_name(played.agent, words.language), dials, over)
    )


def scene(showing: Showing, words: Words) -> str:
    """Return the turns that are shown, the last one marked, what the borrower did below each of their lines."""
    findings = number_findings(showing.case) if showing.case else []
    after = {moment.turn: (moment, before) for moment, before in zip(showing.moments, showing.states, strict=False)}
    rows = Markup("").join(_row(index, showing, findings, after, words) for index in range(showing.seen))
    if showing.waiting:
        next_is_agent = not showing.shown or showing.shown[-1].speaker is not Speaker.AGENT
        rows += Markup("<li class='thinking'><p class='quiet'>{}</p></li>").format(
            words["agent_thinks" if next_is_agent else "borrower_thinks"]
        )
    if not rows:
        rows = Markup("<li class='thinking'><p class='quiet'>{}</p></li>").format(
            words["not_started" if showing.case else "not_begun"]
        )
    return inert(
        Markup("<ol class='bsr scene' lang='{}' aria-label='{}'>{}</ol>").format(
            words.language, words["scene"], Markup(rows)
        )
    )


def _row(index: int, showing: Showing, findings: Sequence[Numbered], after: dict[int, "_Step"], words: Words) -> Markup:
    turn = showing.turns[index]
    here = [numbered for numbered in findings if numbered.finding.turn == index]
    said = Markup("").join(_piece(piece) for piece in cut(turn.text, here))
    step = after.get(index)
    return Markup(
        "<li class='{}{}'><p class='who'><button type='button' class='jump' data-turn='{}' "
        "aria-label='{}'>{}</button> {}</p><p class='said' lang='{}'>{}</p>{}</li>"
    ).format(
        turn.speaker.value,
        " now" if index == showing.at - 1 else " later" if index >= showing.at else "",
        index + 1,
        words["go_to"].format(index + 1),
        index + 1,
        words[turn.speaker.value],
        showing.played.talk.language,
        said,
        _inner(step, words) if step else "",
    )


def _piece(piece: Piece) -> Markup:
    if not piece.covered_by:
        return Markup("{}").format(piece.text)
    return Markup("<mark class='{}'>{}</mark>").format(piece.look, piece.text)


_Step = tuple[Moment, Hidden]
"""A moment of the borrower's and the state before it."""


def _inner(step: _Step, words: Words) -> Markup:
    """Say what the borrower did, and which feelings it came with."""
    moment, before = step
    changes = Markup("").join(_change(name, before, moment.hidden, words) for name in FEELINGS)
    return Markup("<p class='inner'><b>{}</b>{}</p>").format(words.name("did", moment.act), changes)


def _change(name: str, before: Hidden, after: Hidden, words: Words) -> Markup:
    change = getattr(after, name) - getattr(before, name)
    if abs(change) < LEAST:
        return Markup("")
    return Markup(" <span class='{}'>{} {}</span>").format(name, words.name("feeling", name), signed(change))


def signed(change: float) -> str:
    """Return a change with its sign and one decimal, with a minus that is as wide as a plus."""
    return f"{change:+.1f}".replace("-", "−")


def inside(showing: Showing, words: Words) -> str:
    """Return what goes on in the borrower at this point."""
    states, moments = showing.states, showing.moments
    now, last = states[-1], moments[-1] if moments else None
    when = words["after_turn"].format(last.turn + 1) if last else words["before_first"]
    before = states[-2] if last else now
    body = Markup("").join(
        [
            _did(last, words) if last else "",
            _feelings(before, now, words),
            _facts(now, showing.persona, words),
            draw_curve(states[0], moments, words, CURVE) if len(moments) > 1 else "",
        ]
    )
    return inert(
        Markup(
            "<section class='bsr card inside' lang='{}'><h2>{} <span class='soft'>{}</span></h2>{}</section>"
        ).format(words.language, words["inside"], when, body)
    )


def _did(moment: Moment, words: Words) -> Markup:
    heard = words["list"].join(words.name("act", act) for act in moment.heard) or words["heard_nothing"]
    return Markup("<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd><b>{}</b></dd></dl>").format(
        words["heard"], heard, words["does"], words.name("did", moment.act)
    )


def _feelings(before: Hidden, now: Hidden, words: Words) -> Markup:
    rows = Markup("").join(_feeling(name, before, now, words) for name in FEELINGS)
    return Markup("<dl class='feelings'>{}</dl>").format(rows)


def _feeling(name: str, before: Hidden, now: Hidden, words: Words) -> Markup:
    level = getattr(now, name)
    change = level - getattr(before, name)
    return Markup(
        "<dt>{}</dt><dd><span class='bar' aria-hidden='true'><span class='{}' style='width:{:.0f}%'></span></span>"
        "<b>{:.1f}</b> <span class='soft'>{}</span></dd>"
    ).format(words.name("feeling", name), name, level * 10, level, signed(change) if abs(change) >= LEAST else "")


def _facts(now: Hidden, persona: Persona | None, words: Words) -> Markup:
    """Return what else is true now: the offer, what was told, what stands in the way."""
    rows = [*_plan(now, persona, words), *_told(now, persona, words), *_trouble(now, words)]
    return Markup("<ul class='plain small'>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(row) for row in rows)
    )


def _plan(now: Hidden, persona: Persona | None, words: Words) -> Iterator[str]:
    if now.plan:
        meant = "" if now.means_it else words["comma"] + words["not_meant"]
        yield words["agreed_plan"] + words["colon"] + say_offer(now.plan, persona, words) + meant
    elif now.offer:
        yield words["on_table"] + words["colon"] + say_offer(now.offer, persona, words)


def _told(now: Hidden, persona: Persona | None, words: Words) -> Iterator[str]:
    about = {fact.id: fact.about for fact in persona.private} if persona else {}
    for fact in now.told:
        yield words["told"] + words["colon"] + about.get(fact, fact)
    if not now.told:
        yield words["told"] + words["colon"] + words["told_none"]
    if kept := len(about.keys() - set(now.told)):
        yield words["untold"].format(kept)


def _trouble(now: Hidden, words: Words) -> Iterator[str]:
    if now.dispute is Dispute.OPEN:
        yield words["dispute_open"]
    if now.crisis:
        yield words["in_crisis"]
    if now.threats:
        yield words["threats"].format(now.threats)


def findings(showing: Showing, words: Words) -> str:
    """Return the findings, gravest first, each a button that goes to its turn."""
    body = Markup("<p class='small soft'>{}</p>").format(words["findings_later"])
    if showing.case:
        listed = number_findings(showing.case)
        judged = legally_judged(showing.case.score)
        empty = Markup("<p class='small'>{}</p>").format(words["no_findings" if judged else "not_judged"])
        buttons = Markup("").join(_finding(numbered, words) for numbered in listed)
        body = Markup("<ul class='jumps'>{}</ul>").format(buttons) if listed else empty
    return inert(
        Markup("<section class='bsr card' lang='{}'><h2>{}</h2>{}</section>").format(
            words.language, words["findings"], body
        )
    )


def _finding(numbered: Numbered, words: Words) -> Markup:
    finding = numbered.finding
    quote = words["quoted"].format(finding.quote) if finding.quote else words["left_unsaid"]
    return Markup(
        "<li><button type='button' data-turn='{}'>{} <span class='small soft'>{}</span><br>{}</button></li>"
    ).format(
        finding.turn + 1, badge(finding.status, finding.severity, words), words["turn"].format(finding.turn + 1), quote
    )


def badge(status: str, severity: str, words: Words) -> Markup:
    """Return a finding's weight as the report shows it."""
    if status == "breach":
        text, look = words["a_breach"].format(words.name("severity", severity)), severity
    else:
        text, look = words.name("status", "cannot_tell"), "doubt"
    return Markup("<span class='badge {}'>{}</span>").format(look, text)


def report_card(case: Case, persona: Persona | None, words: Words) -> str:
    """Return the same report card that a person gets for a call."""
    body = render_talk(case, persona, ANCHOR)
    return inert(Markup("<div class='bsr'><h2 lang='{}'>{}</h2>{}</div>").format(words.language, words["report"], body))
