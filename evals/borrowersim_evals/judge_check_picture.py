"""The figures of judge-check as a picture: bars with their intervals, a panel for each language (SVG)."""

from collections.abc import Iterator
from html import escape

from borrowersim_evals.agreement import Figure
from borrowersim_evals.check_report import CheckReport, Figures

MEASURES = {
    "precision": "precision",
    "recall": "recall",
    "critical_recall": "critical recall",
    "pairs": "pairs",
    "respect_kappa": "respect kappa",
    "clarity_kappa": "clarity kappa",
}
"""Field of `Figures` -> its label; all of them are best at 1."""
SPLITS = {"measure": ("#60a5fa", "measured"), "tune": ("#9ca3af", "tuned on")}
LEFT, TOP, SCALE, GAP, BAR, ROW = 104, 34, 170, 40, 11, 34
"""Pixels; SCALE is from 0 to 1."""


def picture(found: CheckReport) -> str:
    """Return an SVG: for each language the main figures of every split, with their intervals."""
    languages = sorted({language for part in found.splits for language in part.by["language"]})
    panels = "".join(_panel(found, language, LEFT + (SCALE + GAP) * i) for i, language in enumerate(languages))
    bottom = TOP + ROW * len(MEASURES)
    names = "".join(
        f'<text x="{LEFT - 8}" y="{_y(row) + BAR + 3}" text-anchor="end">{escape(name)}</text>'
        for row, name in enumerate(MEASURES.values())
    )
    legend = "".join(
        f'<rect x="{LEFT + 110 * i}" y="{bottom + 22}" width="{BAR}" height="{BAR}" fill="{colour}"/>'
        f'<text x="{LEFT + 110 * i + 17}" y="{bottom + 32}">{name}</text>'
        for i, (colour, name) in enumerate(SPLITS[part.split] for part in found.splits)
    )
    width, height = LEFT + (SCALE + GAP) * len(languages), bottom + 44
    title = escape(f"Agreement of {found.judge} with the labels, 95 % intervals")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="system-ui, sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{names}{panels}{legend}</svg>\n'
    )


def _panel(found: CheckReport, language: str, left: int) -> str:
    bottom = TOP + ROW * len(MEASURES)
    grid = "".join(
        f'<line x1="{_x(share, left)}" x2="{_x(share, left)}" y1="{TOP}" y2="{bottom}" stroke="#d9d9d9"/>'
        f'<text x="{_x(share, left)}" y="{bottom + 14}" text-anchor="middle">{share:g}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    parts = [(part.split, part.by["language"].get(language)) for part in found.splits]
    bars = "".join(
        bar for place, (split, figures) in enumerate(parts) if figures for bar in _bars(figures, split, place, left)
    )
    return f'<text x="{left}" y="20" font-weight="bold">{escape(language)}</text>{grid}{bars}'


def _bars(figures: Figures, split: str, place: int, left: int) -> Iterator[str]:
    for row, name in enumerate(MEASURES):
        figure: Figure = getattr(figures, name)
        if figure.value is not None:
            yield _bar(figure, figure.value, SPLITS[split][0], _y(row) + place * (BAR + 2), left)


def _bar(figure: Figure, value: float, colour: str, top: int, left: int) -> str:
    bar = f'<rect x="{left}" y="{top}" width="{_x(value, 0):g}" height="{BAR}" fill="{colour}"/>'
    if figure.low is None or figure.high is None:
        return bar
    ends = f'x1="{_x(figure.low, left)}" x2="{_x(figure.high, left)}"'
    return f'{bar}<line {ends} y1="{top + BAR / 2}" y2="{top + BAR / 2}" stroke="#111827" stroke-width="1.5"/>'


def _x(share: float, left: int) -> float:
    """Return the place of a share; below 0 (worse than chance) is drawn at 0."""
    return round(left + max(0.0, share) * SCALE, 1)


def _y(row: int) -> int:
    return TOP + ROW * row + 5
