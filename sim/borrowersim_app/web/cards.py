"""The cards of the start: who can be called, what the file says of them, what the law asks, who speaks."""

from collections.abc import Sequence

from markupsafe import Markup

from borrowersim.briefing import briefing
from borrowersim.persona import Dials, Persona
from borrowersim_app.web.law import TOPICS, law_for
from borrowersim_app.web.levels import MOST_DOTS, difficulty, difficulty_word
from borrowersim_app.web.view import inert
from borrowersim_app.web.words_start import GOALS
from borrowersim_evals.report.view import say_facts
from borrowersim_evals.report.words import Words
from borrowersim_evals.rules.pack import Rule

CONNECT = (
    "export OPENAI_API_KEY=...\nborrowersim web --voice openai/gpt-4.1-mini\n\nborrowersim models pull\nborrowersim web"
)


def gallery(personas: Sequence[Persona], chosen: str, words: Words) -> str:
    """Return the borrowers as buttons, the chosen one pressed; their secrets are for the call."""
    if not personas:
        return inert(Markup("<p class='nobody' lang='{}'>{}</p>").format(words.language, words["nobody"]))
    cards = Markup("").join(_card(persona, persona.id == chosen, words) for persona in personas)
    return inert(Markup("<div class='gallery' role='group' aria-label='{}'>{}</div>").format(words["gallery"], cards))


def list_entry(persona: Persona) -> str:
    """Return a borrower's line in a list: who, and what kind; their secrets are for the call."""
    words = Words(persona.language)
    return f"{persona.name}{words['comma']}{words.name('archetype', persona.archetype)}"


def _card(persona: Persona, chosen: bool, words: Words) -> Markup:
    own = Words(persona.language)
    return Markup(
        "<button type='button' class='who' data-borrower='{}' aria-pressed='{}' lang='{}'>"
        "<span class='name'>{}</span> <span class='kind'>{}</span> {}"
        "<span class='sum'>{}</span> <span class='trains'><b lang='{}'>{}</b>{}{}</span></button>"
    ).format(
        persona.id,
        "true" if chosen else "false",
        persona.language,
        persona.name,
        own.name("archetype", persona.archetype),
        dots(persona.dials, words),
        persona.summary,
        words.language,
        words["trains"],
        words["colon"],
        persona.trains,
    )


def dots(dials: Dials, words: Words) -> Markup:
    """Return how hard the dials make the call, in dots and in a word."""
    level = difficulty(dials)
    return Markup("<span class='hard' lang='{}'><span aria-hidden='true'>{}</span> {}</span> ").format(
        words.language, "●" * level + "○" * (MOST_DOTS - level), difficulty_word(level, words.language)
    )


def briefing_card(persona: Persona, words: Words) -> str:
    """Return the case file: only what a collector may know before the call."""
    file = briefing(persona)
    rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(label, value) for label, value in file.lines())
    facts = say_facts(file.facts, Words(persona.language), without=("balance",))
    known = " · ".join(facts)
    goal = Words(words.language, {"goal": GOALS[persona.archetype]})["goal"]
    card = Markup(
        "<section class='bsr card' lang='{}'><h2 lang='{}'>{}</h2><p class='goal' lang='{}'><b>{}</b>{}{}</p>"
        "<dl>{}</dl>{}</section>"
    ).format(
        persona.language,
        words.language,
        words["case_file"],
        words.language,
        words["goal"],
        words["colon"],
        goal,
        rows,
        Markup("<p class='small'><b lang='{}'>{}</b>{}{}</p>").format(
            words.language, words["known"], words["colon"], known
        )
        if facts
        else "",
    )
    return inert(card)


def law_card(persona: Persona, words: Words) -> str:
    """Return what the law asks of this call, with citations, in the talk's language where the pack has it."""
    topics = law_for(persona)
    if not topics:
        return ""
    titles = Words(persona.language, TOPICS)
    body = Markup("").join(
        Markup("<h3>{}</h3><ul>{}</ul>").format(titles[topic], Markup("").join(_rule(rule, persona) for rule in rules))
        for topic, rules in topics.items()
    )
    where = words[f"law.{persona.jurisdiction}"]
    return inert(
        Markup(
            "<section class='bsr card law' lang='{}'><details><summary lang='{}'>{}</summary>{}</details></section>"
        ).format(persona.language, words.language, words["law_asks"].format(where), body)
    )


def _rule(rule: Rule, persona: Persona) -> Markup:
    own = Words(persona.language)
    doubt = {"memory": own["unverified"], "secondary": own["summary_only"]}.get(rule.verified, "")
    badge = Markup(" <span class='badge warn'>{}</span>").format(doubt) if doubt else ""
    return Markup("<li>{} <span class='small soft'>{}</span>{}</li>").format(
        rule.says(persona.language), rule.citation, badge
    )


def who_speaks(voice: str, judge: str, words: Words) -> str:
    """Say which voice and which judge are at work, and how to connect better ones."""
    spoken = words["phrasebook_voice"] if voice == "phrasebook" else voice
    judged = words["rules_judge"] if judge == "rules" else judge
    return inert(
        Markup(
            "<div class='quiet' lang='{}'><p>{} {}</p><details><summary>{}</summary><p>{}</p>"
            "<pre>{}</pre></details></div>"
        ).format(
            words.language,
            words["who_speaks"].format(spoken, judged),
            words["not_advice"],
            words["better_voice"],
            words["better_voice_how"],
            CONNECT,
        )
    )
