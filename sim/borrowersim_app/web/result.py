"""The report card as HTML: verdict, measures against the person's own past, advice, and two tries compared."""

from collections.abc import Sequence

from markupsafe import Markup

from borrowersim.persona import Persona
from borrowersim.talk import Turn
from borrowersim_app.web.advice import advice_on
from borrowersim_app.web.past import MEASURES, Standing, measured, standings
from borrowersim_app.web.view import inert
from borrowersim_app.web.words import page_words
from borrowersim_evals.case import Case
from borrowersim_evals.measures import PASS_MARK, passes
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.report import render_talk
from borrowersim_evals.report.words import Words

EVEN = 0.05
"""A change smaller than this, in points of 5, is no change."""


def summary(case: Case, persona: Persona, past: Sequence[PracticeRecord], words: Words) -> Markup:
    """Return verdict, measures and advice of one call; safe HTML."""
    good = passes(case.score)
    verdict, look = {
        True: ("passed", "passed"),
        False: ("not_passed", "failed"),
        None: ("no_verdict", "inconclusive"),
    }[good]
    tiles = Markup("").join(_tile(standing, words) for standing in standings(case.score, past))
    return Markup(
        "<section class='bsr result' lang='{}'><div class='head'><h2>{}{}{}</h2><p class='verdict {}'>{}</p></div>"
        "<p class='small soft'>{}</p><div class='tiles'>{}</div>{}</section>"
    ).format(
        words.language,
        words["report"],
        words["colon"],
        persona.name,
        look,
        words[verdict],
        words["pass_mark"].format(f"{PASS_MARK:.0f}"),
        tiles,
        _advice(case, persona, words),
    )


def _tile(standing: Standing, words: Words) -> Markup:
    label = words[f"measure.{standing.measure}"]
    if standing.value is None:
        return Markup("<div class='tile'><div class='what'>{}</div><div class='value unjudged'>{}</div></div>").format(
            label, words["not_judged"]
        )
    return Markup(
        "<div class='tile'><div class='what'>{}</div><div class='value'>{}<span class='n'> / {}</span></div>"
        "<div class='of'>{}</div></div>"
    ).format(label, _digits(standing.value, standing.most), standing.most, _against(standing, words))


def _against(standing: Standing, words: Words) -> str:
    if standing.change is None or standing.before is None:
        return words["first_time"]
    before = _digits(standing.before, standing.most)
    if abs(standing.change) < EVEN * standing.most / 5:
        return words["same_as"].format(before)
    sign = "+" if standing.change > 0 else "−"
    return words["against"].format(sign + _digits(abs(standing.change), standing.most), before)


def _digits(value: float, most: int) -> str:
    return f"{value:.0f}" if most == 100 else f"{value:.1f}"


def _advice(case: Case, persona: Persona, words: Words) -> Markup:
    advice, own = advice_on(case, persona.archetype), page_words(persona.language)
    rows = Markup("").join(
        Markup("<dt class='{}'>{}</dt><dd>{}</dd>").format(kind, own[name], sentence)
        for kind, name, sentence in (
            ("keep", "keep", advice.keep),
            ("start", "start_doing", advice.start),
            ("stop", "stop", advice.stop),
        )
    )
    return Markup("<h3>{}</h3><dl class='advice' lang='{}'>{}</dl>").format(words["advice"], persona.language, rows)


def report(case: Case, persona: Persona) -> Markup:
    """Return the whole report of one call, the same part as in a run's report; safe HTML."""
    return Markup("<div class='bsr'>{}</div>").format(render_talk(case, persona, "card"))


def shown(html: Markup) -> str:
    """Return safe HTML as the page may show it."""
    return inert(str(html))


def comparison(one: PracticeRecord, two: PracticeRecord, words: Words) -> str:
    """Return two judged tries side by side: measures, ending, breaches, and where they part."""
    rows: list[tuple[str, Markup | str, Markup | str]] = [
        (words[f"measure.{m}"], _value(one, m, words), _value(two, m, words)) for m in MEASURES
    ]
    names = Words(words.language)
    endings = [names.name("ending", record.played.ending) for record in (one, two)]
    rows.append((words["ending"], endings[0], endings[1]))
    rows.append((words["breaches"], _breaches(one, words), _breaches(two, words)))
    parted = _parted(one.played.talk.turns, two.played.talk.turns)
    if parted is not None:
        rows.append((words["parted"].format(parted + 1), _line(one, parted), _line(two, parted)))
    body = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>").format(*row) for row in rows
    )
    return inert(
        Markup(
            "<div class='bsr'><div class='scroll' tabindex='0' role='region' aria-label='{}'>"
            "<table><thead><tr><td></td>"
            "<th scope='col'>{}</th><th scope='col'>{}</th></tr></thead><tbody>{}</tbody></table></div></div>"
        ).format(words["compare"], words["try_one"], words["try_two"], body)
    )


def _value(record: PracticeRecord, measure: str, words: Words) -> str:
    value = measured(record.score, measure) if record.score else None
    if value is None:
        return words["not_judged"]
    return _digits(value, 100 if measure in ("legal", "total") else 5)


def _breaches(record: PracticeRecord, words: Words) -> Markup | str:
    found = record.score.breaches if record.score else ()
    if not found:
        return words["none"]
    return Markup("<br>").join(finding.quote or finding.why or finding.rule for finding in found)


def _parted(one: Sequence[Turn], two: Sequence[Turn]) -> int | None:
    """Return the first turn at which two talks differ; None when one is the other."""
    longest = range(max(len(one), len(two)))
    return next((i for i in longest if one[i : i + 1] != two[i : i + 1]), None)


def _line(record: PracticeRecord, index: int) -> str:
    turns = record.played.talk.turns
    return turns[index].text if index < len(turns) else "–"
