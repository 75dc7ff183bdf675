"""What the page shows, as HTML and chat messages. Every word of a person is escaped here.

The page's HTML component is a template language too: it reads ${...} and {{...}}. So
braces and dollar signs leave as character references, and nothing said can be a template.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from borrowersim.briefing import briefing
from borrowersim.persona import Persona
from borrowersim.talk import Speaker, Turn
from borrowersim_app.web.session import Session
from borrowersim_app.web.words import page_words
from borrowersim_evals.case import Case
from borrowersim_evals.report import render_talk
from borrowersim_evals.report.view import say_facts
from borrowersim_evals.report.words import Words

Message = dict[str, str]


def inert(html: str) -> str:
    """Return the HTML so that no template engine finds anything in it to fill in."""
    return str(html).replace("{", "&#123;").replace("}", "&#125;").replace("$", "&#36;")


def heading(words: Words) -> str:
    """Return the page's title and what it is for."""
    return inert(
        Markup("<div lang='{}'><h1>{}</h1><p>{}</p></div>").format(words.language, words["title"], words["intro"])
    )


def who_speaks(voice: str, judge: str, words: Words) -> str:
    """Say which voice and which judge are at work."""
    return inert(
        Markup("<p class='quiet'>{} {}</p>").format(words["who_speaks"].format(voice, judge), words["not_advice"])
    )


def notice(text: str) -> str:
    """Return a message about the call, read out by screen readers; empty for none."""
    return inert(Markup("<p class='notice' role='status'>{}</p>").format(text)) if text else ""


def briefing_card(persona: Persona, words: Words) -> str:
    """Return the case file: only what a collector may know before the call."""
    file = briefing(persona)
    rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(label, value) for label, value in file.lines())
    facts = say_facts(file.facts, Words(persona.language), without=("balance",))
    known = Markup("").join(Markup("<li>{}</li>").format(fact) for fact in facts)
    card = Markup(
        "<section class='bsr card' lang='{}'><h2 lang='{}'>{}</h2><dl>{}</dl>{}<h3 lang='{}'>{}</h3><p>{}</p></section>"
    ).format(
        persona.language,
        words.language,
        words["case_file"],
        rows,
        Markup("<h3 lang='{}'>{}</h3><ul>{}</ul>").format(words.language, words["known"], known) if facts else "",
        words.language,
        words["goal"],
        persona.trains,
    )
    return inert(card)


def list_entry(persona: Persona) -> str:
    """Return a borrower's line in the list: who, and what kind; their secrets are for the call."""
    words = Words(persona.language)
    return f"{persona.name}{words['comma']}{words.name('archetype', persona.archetype)}"


def messages(turns: Sequence[Turn], pending: Sequence[Message] = ()) -> list[Message]:
    """Return the talk as chat messages: the trainee is the user, the borrower answers.

    The chat window takes HTML, so that what was said is escaped to be shown as it was typed.
    """
    said = [{"role": "user" if t.speaker is Speaker.AGENT else "assistant", "content": t.text} for t in turns]
    return [message | {"content": str(escape(message["content"]))} for message in (*said, *pending)]


def pieces(text: str, count: int = 6) -> list[str]:
    """Return growing beginnings of a line, the whole line last, to show it as it is spoken."""
    step = max(1, -(-len(text) // count))
    return [text[:end] for end in range(step, len(text), step)] + [text]


def ended(session: Session, words: Words) -> str:
    """Say how the call ended; empty while it goes on."""
    if session.ending is None:
        return ""
    return words["over"].format(Words(words.language).name("ending", session.ending))


def report_card(case: Case, persona: Persona, words: Words) -> str:
    """Return the report of one call: the same part as in a run's report."""
    body = render_talk(case, persona, "card")
    title = escape(page_words(words.language)["report"])
    return inert(Markup("<div class='bsr'><h2 lang='{}'>{}</h2>{}</div>").format(words.language, title, body))
