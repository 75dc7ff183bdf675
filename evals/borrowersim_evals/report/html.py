"""The report of a run as one HTML file that needs nothing from outside and runs no script."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from borrowersim.errors import UsageError
from borrowersim.persona import Persona, persona_named
from borrowersim.talk import Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult, run_outcome
from borrowersim_evals.report.summary import Mean, RunFacts, gravity, summarise
from borrowersim_evals.report.view import TalkView, view_talk
from borrowersim_evals.report.words import Words
from borrowersim_evals.runs import RunFile


@lru_cache(maxsize=1)
def _templates() -> Environment:
    """Return the templates; every value is escaped unless it is Markup of our own making."""
    environment = Environment(
        loader=PackageLoader("borrowersim_evals", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["one"] = one_decimal
    environment.filters["whole"] = whole
    environment.filters["share"] = share
    return environment


def write_report(
    path: Path, run: RunFile, cases: Sequence[Case], gates: Sequence[GateResult], language: Language = Language.EN
) -> None:
    """Write the report of a run to a file."""
    facts = RunFacts(
        suite=run.suite.id,
        run_id=run.id,
        started=run.started,
        voice=run.voice,
        judge=run.judge,
        seed=run.seed,
        versions=run.versions,
        gates=tuple(gates),
        planned=len(run.plan),
        outcome=run_outcome(cases, gates, len(run.plan))[0],
    )
    path.write_text(render(cases, facts, _personas(run), language), "utf-8")


def _personas(run: RunFile) -> dict[str, Persona]:
    """Return the run's borrowers by id; one whose file is gone is left out, and its talks are shown by id."""
    found = {}
    for name in {planned.borrower for planned in run.plan}:
        try:
            persona = persona_named(name)
        except UsageError:
            continue
        found[persona.id] = persona
    return found


def render(
    cases: Sequence[Case],
    run: RunFacts,
    personas: Mapping[str, Persona] | None = None,
    language: Language = Language.EN,
) -> str:
    """Return the report of a run; the page speaks `language`, each talk its own.

    `personas` (by id) add names, currencies and the facts that were never told.
    """
    known = personas or {}
    talks = [view_talk(case, known.get(case.played.borrower), f"t{i}") for i, case in enumerate(cases, 1)]
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            run=run,
            summary=summarise(cases),
            talks=talks,
            matrix=_matrix(talks),
            names={name: persona.name for name, persona in known.items()},
            words=Words(language),
            style=style(),
        )
    )


def render_talk(case: Case, persona: Persona | None = None, anchor: str = "card") -> Markup:
    """Return one talk's part of the report as a fragment, for pages that bring `style()` themselves."""
    view = view_talk(case, persona, anchor)
    return Markup(_templates().get_template("talk.html.j2").render(talk=view))


def style() -> Markup:
    """Return the style sheet; all of its rules begin with the class `bsr`."""
    return Markup(_templates().get_template("style.css.j2").render())


def one_decimal(value: float | Mean | None) -> str:
    """Return a number with one decimal; an empty string when it is None, for the template to say so."""
    return _digits(value, 1)


def whole(value: float | Mean | None) -> str:
    """Return a number without decimals; an empty string when it is None."""
    return _digits(value, 0)


def _digits(value: float | Mean | None, decimals: int) -> str:
    number = value.value if isinstance(value, Mean) else value
    return "" if number is None else f"{number:.{decimals}f}"


def share(value: float | None) -> str:
    """Return a share as a whole percentage, a dash without one."""
    return "–" if value is None else f"{value:.0%}"


def _matrix(talks: Sequence[TalkView]) -> dict[str, dict[str, list[TalkView]]]:
    """Return borrower -> agent -> talks, the gravest first within a cell."""
    agents = sorted({talk.played.agent for talk in talks})
    borrowers = sorted({talk.played.borrower for talk in talks})
    cells: dict[str, dict[str, list[TalkView]]] = {b: {a: [] for a in agents} for b in borrowers}
    for talk in sorted(talks, key=_worst_first):
        cells[talk.played.borrower][talk.played.agent].append(talk)
    return cells


def _worst_first(talk: TalkView) -> tuple[tuple[bool, int, int], float]:
    total = talk.case.score.total
    return (gravity(talk.worst) if talk.worst else (True, 9, 0), 100.0 if total is None else total)
