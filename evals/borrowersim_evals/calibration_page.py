"""The calibration curve as a table (Markdown) and as a picture (SVG)."""

from collections.abc import Sequence
from html import escape

from borrowersim.talk import Language
from borrowersim_evals.calibration import LEVELS, STANDARD_AGENTS, Point, by_level, monotone, spearman

MEASURES = {"resistance": "resistance", "financial_stress": "strain"}
"""Dial -> the measure that it should move."""
COLOURS = {"skilled": "#1b6e3c", "courteous_empty": "#1d4ed8", "pushy": "#b45309", "threatening": "#a4161a"}
WIDTH, HEIGHT, LEFT, TOP = 260, 190, 44, 34
COLUMNS = (
    ("talks", "talks"),
    ("resistance", "resistance"),
    ("strain", "strain"),
    ("agreed", "agreed"),
    ("turns_to_agreement", "turns to agreement"),
    ("instalment", "instalment / balance"),
    ("trust", "trust at the end"),
    ("trust_fell", "trust fell"),
    ("anger", "anger at the end"),
    ("facts", "facts told"),
    ("phrasebook", "phrasebook share"),
    ("faults", "faults / line"),
)


def verdict_lines(curve: Sequence[Point]) -> list[str]:
    """Return one line a language: rank correlation of the dial with what it should move, and whether it is monotone."""
    dial = curve[0].dial
    measure = MEASURES[dial]
    lines = []
    for language in sorted({point.language for point in curve}):
        pairs = by_level(curve, measure, language)
        levels = ", ".join(f"{level:g}: {value:.3f}" for level, value in pairs)
        shape = "monotone" if monotone(pairs) else "not monotone"
        lines.append(f"{language}: Spearman of {dial} with measured {measure} {spearman(pairs)}, {shape} ({levels})")
    return lines


def markdown(curve: Sequence[Point]) -> str:
    """Return the whole curve as a Markdown page."""
    head = ["language", "agent", "level", *(title for _, title in COLUMNS)]
    rows = [
        [p.language, p.agent, f"{p.level:g}", *(_cell(getattr(p, name)) for name, _ in COLUMNS)]
        for p in sorted(curve, key=lambda p: (p.language, p.agent, p.level))
    ]
    table = [" | ".join(cells) for cells in [head, ["---"] * len(head), *rows]]
    verdicts = "\n".join(f"- {line}" for line in verdict_lines(curve))
    return f"## {curve[0].dial}\n\n{verdicts}\n\n" + "\n".join(f"| {row} |" for row in table) + "\n"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def picture(curve: Sequence[Point]) -> str:
    """Return an SVG: a panel a language, a line an agent, the measure that the dial should move over its levels."""
    dial = curve[0].dial
    languages = sorted({point.language for point in curve})
    panels = [_panel(curve, language, number) for number, language in enumerate(languages)]
    width = WIDTH * len(languages) + 20
    height = HEIGHT + 44
    title = f"{MEASURES[dial]} measured from the words, by level of {dial}"
    legend = "".join(
        f'<text x="{LEFT + 130 * i}" y="{height - 10}" fill="{colour}">{escape(agent)}</text>'
        for i, (agent, colour) in enumerate(COLOURS.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(panels)}{legend}</svg>\n'
    )


def _panel(curve: Sequence[Point], language: Language, number: int) -> str:
    left = LEFT + WIDTH * number
    lines = "".join(_line(curve, language, agent, left) for agent in STANDARD_AGENTS)
    ticks = "".join(
        f'<text x="{_x(level, left)}" y="{HEIGHT + 6}" text-anchor="middle">{level}</text>' for level in LEVELS
    )
    grid = "".join(
        f'<line x1="{left}" x2="{left + WIDTH - 60}" y1="{_y(share)}" y2="{_y(share)}" stroke="#d9d9d9"/>'
        f'<text x="{left - 6}" y="{_y(share) + 4}" text-anchor="end">{share:g}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    return f'<text x="{left}" y="18" font-weight="bold">{language}</text>{grid}{ticks}{lines}'


def _line(curve: Sequence[Point], language: Language, agent: str, left: int) -> str:
    own = sorted((p for p in curve if p.language is language and p.agent == agent), key=lambda p: p.level)
    places = " ".join(f"{_x(p.level, left)},{_y(getattr(p, MEASURES[p.dial]))}" for p in own)
    return f'<polyline points="{places}" fill="none" stroke="{COLOURS[agent]}" stroke-width="2"/>'


def _x(level: float, left: int) -> float:
    return round(left + level / 10 * (WIDTH - 60), 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - 14), 1)
