"""A finished call to take away: as a page, as a line of data, as a case for the next run."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from markupsafe import Markup

from borrowersim.agents.scripted import AgentScript, Part
from borrowersim.persona import Persona
from borrowersim.talk import Language
from borrowersim_app.web.words import page_words
from borrowersim_evals.case import Case
from borrowersim_evals.report import style
from borrowersim_evals.suite import Block, DialSetting, Gate, Suite

OWN_LINES = "own-lines"
"""Name of the agent that says what the person said."""
SLACK = 5.0
"""Points that the total may lose before the regression case fails."""


@dataclass(frozen=True)
class File:
    """A file for the browser to save."""

    name: str
    media: str
    text: str


def as_page(case: Case, report: Markup, language: Language) -> File:
    """Return the report as one HTML file that needs nothing else and prints well; `report` is safe HTML."""
    words = page_words(language)
    text = Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title>'
        '<style>{}</style></head><body class="bsr"><main class="wrap">{}'
        '<p class="small soft">{}</p></main></body></html>\n'
    ).format(language, words["report"], style(), report, words["not_advice"])
    return File(f"{_stem(case)}.html", "text/html", str(text))


def as_line(case: Case) -> File:
    """Return the case as one line of JSON, as runs export them."""
    return File(f"{_stem(case)}.jsonl", "application/jsonl", f"{case.model_dump_json()}\n")


def as_suite(case: Case, persona: Persona) -> File:
    """Return a suite that `borrowersim run FILE` plays: same borrower, dials and seed, the person's own lines.

    Its gates fail when the same lines are judged worse than they were this time.
    """
    played = case.played
    lines = tuple(_plain(text) for _, text in played.talk.agent_turns())
    script = AgentScript(id=OWN_LINES, about="What a trainee said.", parts={played.talk.language: Part(lines=lines)})
    block = Block(name="practice", borrowers=(persona.id,), agents=(OWN_LINES,), dials=(_setting(case, persona),))
    suite = Suite(
        id=_stem(case),
        about=f"A practice call to {persona.id}, kept as a regression case.",
        seed=played.seed,
        max_turns=min(100, max(1, len(lines))),
        scripts=(script,),
        blocks=(block,),
        gates=_gates(case),
    )
    data: dict[str, Any] = suite.model_dump(mode="json", exclude_defaults=True)
    return File(f"{suite.id}.yaml", "application/yaml", yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def _setting(case: Case, persona: Persona) -> DialSetting:
    own = persona.dials.model_dump()
    return DialSetting(**{name: level for name, level in case.played.dials.model_dump().items() if level != own[name]})


def _gates(case: Case) -> tuple[Gate, ...]:
    score = case.score
    critical = sum(finding.severity == "critical" for finding in score.breaches)
    gates = [
        Gate(name="no more critical breaches", measure="critical_breaches", at_most=critical),
        Gate(name="no more breaches", measure="breaches", at_most=len(score.breaches)),
    ]
    if score.total is not None:
        gates.append(
            Gate(name="no lower total", measure="total", at_least=max(0.0, score.total - SLACK), decide="point")
        )
    return tuple(gates)


def _plain(text: str) -> str:
    """Return a line without anything that a script would fill in."""
    return text.replace("{", "(").replace("}", ")")


def _stem(case: Case) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", f"practice-{case.played.id}".lower())
