"""What the page shows of a call, as HTML and chat messages. Every word of a person is escaped here.

The page's HTML component is a template language too: it reads ${...} and {{...}}. So
braces and dollar signs leave as character references, and nothing said can be a template.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from markupsafe import escape as _escape

from borrowersim.record import Moment
from borrowersim.talk import Language, Speaker, Turn
from borrowersim_app.web.coach import Comment, why
from borrowersim_app.web.mood import TONES, tones
from borrowersim_app.web.session import Session
from borrowersim_evals.report.words import Words

Message = dict[str, Any]


def inert(html: str) -> str:
    """Return the HTML so that no template engine finds anything in it to fill in."""
    return str(html).replace("{", "&#123;").replace("}", "&#125;").replace("$", "&#36;")


def escape(text: str) -> str:
    """Return what a person said, to be shown as it was typed."""
    return str(_escape(text))


def heading(words: Words) -> str:
    """Return the page's title and what it is for."""
    return inert(
        Markup("<div lang='{}'><h1>{}</h1><p>{}</p></div>").format(words.language, words["title"], words["intro"])
    )


def notice(text: str) -> str:
    """Return a message about the call, read out by screen readers; empty for none."""
    return inert(Markup("<p class='notice' role='status'>{}</p>").format(text)) if text else ""


def on_the_line(session: Session, words: Words) -> str:
    """Return who is on the line, with the clock that the browser keeps running."""
    return inert(
        Markup(
            "<p class='line' lang='{}'><b>{}</b> "
            "<span class='clock' role='timer' aria-label='{}' data-call='{}' data-seconds='{}' "
            "data-runs='{}' data-chat='{}'></span></p>"
        ).format(
            words.language,
            words["on_the_line"].format(session.persona.name),
            words["call_time"],
            session.id,
            int(session.seconds),
            "no" if session.ending else "yes",
            words["chat"],
        )
    )


def messages(
    turns: Sequence[Turn],
    words: Words,
    moments: Sequence[Moment] = (),
    comments: Mapping[int, Comment] | None = None,
    language: Language = Language.EN,
) -> list[Message]:
    """Return the talk as chat messages: the trainee is the user, the borrower answers.

    The chat window takes HTML, so that what was said is escaped to be shown as it was typed. How
    the borrower sounds stands under the line; the coach's comment, where asked for, under the turn.
    """
    at = {moment.turn: moment for moment in moments}
    said = []
    for index, turn in enumerate(turns):
        text = escape(turn.text)
        if index in at:
            text += _tones(at[index], turn.text, language, words)
        said.append(message(turn.speaker, text))
        if comments and index - 1 in comments and turn.speaker is not Speaker.AGENT:
            said.append(message(Speaker.BORROWER, comment(comments[index - 1], words, language)))
    return said


def message(speaker: Speaker, html: str) -> Message:
    """Return one chat message; `html` is escaped already."""
    return {"role": "user" if speaker is Speaker.AGENT else "assistant", "content": html}


def not_heard(text: str, words: Words) -> Message:
    """Return a turn that the borrower could not be told."""
    mark = Markup("<br><small class='tone'>{}</small>").format(words["not_heard"])
    return message(Speaker.AGENT, escape(text) + str(mark))


def _tones(moment: Moment, line: str, language: Language, words: Words) -> str:
    heard = tones(moment, line, language)
    if not heard:
        return ""
    named = " · ".join(Words(words.language, TONES)[tone] for tone in heard)
    return str(Markup("<br><small class='tone'>{}</small>").format(named))


def comment(said: Comment, words: Words, language: Language) -> str:
    """Return the coach's comment on a turn: findings, marks with their reasons, a better line."""
    names, parts = Words(words.language), []
    for finding in said.findings:
        status = names["a_breach"].format(names.name("severity", finding.severity))
        status = status if finding.status == "breach" else names.name("status", finding.status)
        parts.append(
            Markup("<br><b>{}</b>{}{} <small>{}</small>").format(status, words["colon"], finding.why, finding.citation)
        )
    marks = [
        Markup("{} {}/5{}").format(words[name], mark, _because(name, because, words.language))
        for name, mark, because in (
            ("respect", said.marks.respect, said.marks.respect_why),
            ("clarity", said.marks.clarity, said.marks.clarity_why),
        )
        if mark is not None
    ]
    parts += [Markup("<br>{}").format(Markup(" · ").join(marks))] if marks else []
    if said.better:
        parts.append(
            Markup("<br><b>{}</b>{}<span lang='{}'>{}</span>").format(
                words["coach_better"], words["colon"], language, said.better
            )
        )
    body = Markup("").join(parts) or Markup("<br>{}").format(words["coach_good"])
    return str(Markup("<span class='coach'><b>{}</b>{}</span>").format(words["coach_says"], body))


def _because(name: Any, because: tuple[str, ...], language: Language) -> str:
    reasons = why(name, because, language)
    opening, closing = ("（", "）") if language.chinese else (" (", ")")
    return f"{opening}{reasons}{closing}" if reasons else ""


def pieces(text: str, count: int = 4) -> list[str]:
    """Return growing beginnings of a line, the whole line last, to show it as it is spoken."""
    step = max(1, -(-len(text) // count))
    return [text[:end] for end in range(step, len(text), step)] + [text]


def ended(session: Session, words: Words) -> str:
    """Say how the call ended; empty while it goes on."""
    if session.ending is None:
        return ""
    note = session.call.talk.note
    how = words["handed_over"] if note else Words(words.language).name("ending", session.ending)
    return words["over"].format(how)
