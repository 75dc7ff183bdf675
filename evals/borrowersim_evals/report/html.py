"""The report of a run as one HTML file that needs nothing from outside.

Its one small script sorts, filters and switches the theme; without it the page reads the same.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from borrowersim.documents import read_text
from borrowersim.errors import UsageError
from borrowersim.persona import Persona, persona_named
from borrowersim.talk import Language
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult, on_each, run_outcome
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.report.figures import (
    SCORES,
    VERDICTS,
    TalkVerdict,
    faults,
    levels,
    repeats,
    spreads,
    talk_verdict,
)
from borrowersim_evals.report.intervals import bounds, draw_gate, figure, symbols
from borrowersim_evals.report.plots import draw_heat, draw_spreads
from borrowersim_evals.report.summary import Mean, RunFacts, gravity, summarise, worst
from borrowersim_evals.report.view import TalkView, view_talk
from borrowersim_evals.report.words import Words
from borrowersim_evals.runs import RunFile
from borrowersim_evals.verdict import RANK

HERE = Path(__file__).parent
ORDER: dict[TalkVerdict, int] = {"failed": 0, "unjudged": 1, "broken": 1, "passed": 2}
"""What needs a look comes first."""
LEAN_ABOVE = 100
"""Talks above which a page is large."""
IN_FULL = 60
"""Talks of a large page that are shown with all that is known of them."""


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


def facts_of(run: RunFile, cases: Sequence[Case], gates: Sequence[GateResult]) -> RunFacts:
    """Return what a report says of a run besides its talks."""
    return RunFacts(
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


def write_report(
    path: Path, run: RunFile, cases: Sequence[Case], gates: Sequence[GateResult], language: Language = Language.EN
) -> None:
    """Write the report of a run to a file."""
    path.write_text(render(cases, facts_of(run, cases, gates), run_personas(run), language), "utf-8")


def run_personas(run: RunFile) -> dict[str, Persona]:
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

    `personas` (by id) add names, currencies and the facts that were never told. Of more than
    `LEAN_ABOVE` talks, only the `IN_FULL` gravest are shown with all that is known of them.
    """
    known, words = personas or {}, Words(language)
    talks = _views(cases, known)
    ks, lines = repeats(cases)
    return template("report.html.j2").render(
        run=run,
        summary=summarise(cases),
        talks=talks,
        lean=IN_FULL if len(talks) > LEAN_ABOVE else 0,
        matrix=_matrix(talks),
        filters=_filters(talks),
        names={name: persona.name for name, persona in known.items()},
        plots=_plots(cases, words),
        heat=draw_heat(levels(cases), words, "heat"),
        ks=ks,
        repeats=lines,
        pass_mark=f"{PASS_MARK:g}",
        faults=faults(cases),
        figure=figure,
        on_each=on_each,
        gate_picture=lambda gate, number: draw_gate(gate, words, f"gate{number}"),
        gate_bounds=lambda gate: _bounds(gate, words),
        words=words,
        **frame(),
    )


def template(name: str) -> Template:
    """Return a template of this folder; every value in it is escaped."""
    return _templates().get_template(name)


def prepare() -> None:
    """Load what a report needs: a quarter of a second, well spent while talks are still being played."""
    import_module("numpy.random")  # which numpy itself loads only when it is asked for
    for name in _templates().list_templates(extensions=["j2"]):
        template(name)


def frame() -> dict[str, Markup]:
    """Return what every page brings: style sheet, script, and the policy that lets only these two in."""
    look = style() + Markup(template("page.css.j2").render())
    script = Markup(read_text(HERE / "page.js"))
    policy = (
        f"default-src 'none'; style-src '{_fingerprint(look)}'; script-src '{_fingerprint(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return {"style": look, "script": script, "policy": Markup(policy)}


def _fingerprint(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _views(cases: Sequence[Case], personas: Mapping[str, Persona]) -> list[TalkView]:
    """Return the talks, gravest first, the rest of a large run lean; anchors keep the run's order."""
    ordered = sorted(enumerate(cases, 1), key=lambda pair: _gravest_first(pair[1]))
    large = len(ordered) > LEAN_ABOVE
    return [
        view_talk(case, personas.get(case.played.borrower), f"t{number}", lean=large and place >= IN_FULL)
        for place, (number, case) in enumerate(ordered)
    ]


def _plots(cases: Sequence[Case], words: Words) -> dict[str, Markup]:
    drawn = {score: draw_spreads(spreads(cases, score), score, words, f"spread-{score}") for score in SCORES}
    return {score: plot for score, plot in drawn.items() if plot}


def _filters(talks: Sequence[TalkView]) -> dict[str, list[str]]:
    """Return what each filter offers: only what the run holds."""
    verdicts = {talk.verdict for talk in talks}
    severities = {talk.breach.severity if talk.breach else "none" for talk in talks}
    return {
        "verdict": [verdict for verdict in VERDICTS if verdict in verdicts],
        "agent": sorted({talk.played.agent for talk in talks}),
        "borrower": sorted({talk.played.borrower for talk in talks}),
        "language": sorted({talk.played.talk.language for talk in talks}),
        "severity": [severity for severity in (*RANK, "none") if severity in severities],
    }


def _bounds(gate: GateResult, words: Words) -> str:
    """Return what a gate wants, in signs."""
    if not on_each(gate):
        return symbols(gate)
    return words["each_in"].format(bounds(gate.each_at_least, gate.each_at_most), f"≥ {share(gate.at_least)}")


def render_talk(case: Case, persona: Persona | None = None, anchor: str = "card") -> Markup:
    """Return one talk's part of the report as a fragment, for pages that bring `style()` themselves."""
    view = view_talk(case, persona, anchor)
    return Markup(template("talk.html.j2").render(talk=view))


def style() -> Markup:
    """Return the style sheet; all of its rules begin with the class `bsr`."""
    return Markup(template("style.css.j2").render())


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


def _worst_first(talk: TalkView) -> tuple[int, tuple[bool, int, int], float]:
    return _gravest_first(talk.case)


def _gravest_first(case: Case) -> tuple[int, tuple[bool, int, int], float]:
    """Return a key that puts failed talks first, passed ones last; within, by the gravest finding, then by total."""
    found, total = worst(case.score.legal), case.score.total
    return (
        ORDER[talk_verdict(case)],
        gravity(found) if found else (True, 9, 0),
        100.0 if total is None else total,
    )
