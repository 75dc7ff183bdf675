"""Pictures of a run as inline SVG: pure functions, no plotting library, no style attributes.

Colours come from the style sheet by class. Each picture has a title and a description that says
in words what it shows; numbers are printed, so that colour is never needed.
"""

from collections.abc import Sequence
from textwrap import wrap

from markupsafe import Markup

from borrowersim.talk import Ending
from borrowersim_evals.measures import MEASURES
from borrowersim_evals.report.figures import BINS, Level, Spread
from borrowersim_evals.report.words import Words
from borrowersim_evals.stats import Estimate

WIDTH = 320
ROW, TOP, STRIP, EDGE = 58, 6, 24, 8
CELL, CELL_HEIGHT, SIDE, HEAD = 78, 30, 92, 44
STEPS = 9
"""Shades of the heat map above nothing."""
LIGHT_STEPS = 5
"""Of these, shades that dark ink is read on."""
LONGEST_NAME = 26


def framed(kind: str, width: float, height: float, anchor: str, title: str, told: str, body: Markup) -> Markup:
    """Return an SVG element with its title and description."""
    return Markup(
        '<svg class="plot {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(kind, width, height, anchor, anchor, anchor, title, anchor, told, body)


def draw_spreads(found: Sequence[Spread], score: str, words: Words, anchor: str) -> Markup:
    """Return for one score a strip an agent: histogram, mean and interval; empty without a judged talk."""
    if not found:
        return Markup("")
    measure = MEASURES[score]
    rows = [_spread(spread, row, measure.low, measure.high) for row, spread in enumerate(found)]
    height = TOP + ROW * len(found) + 16
    ticks = Markup("").join(_tick(level, measure.low, measure.high, height) for level in _levels(score))
    told = " ".join(
        words["distribution_line"].format(s.agent, _number(s.mean.value), _range(s.mean), s.mean.n) for s in found
    )
    title = words.name("measure", score)
    return framed("spread", WIDTH, height, anchor, title, told, Markup("").join([*rows, ticks]))


def _spread(spread: Spread, row: int, low: float, high: float) -> Markup:
    top = TOP + ROW * row
    base = top + 18 + STRIP
    tallest = max(spread.bins)
    step = (WIDTH - 2 * EDGE) / BINS
    bars = Markup("").join(
        Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>').format(
            round(EDGE + i * step + 1, 1),
            round(base - STRIP * count / tallest, 1),
            round(step - 2, 1),
            round(STRIP * count / tallest, 1),
        )
        for i, count in enumerate(spread.bins)
        if count
    )
    head = Markup(
        '<text class="name" x="{}" y="{}">{}<title>{}</title></text><text class="tick end" x="{}" y="{}">{}</text>'
    )
    label = head.format(
        EDGE,
        top + 11,
        _short(spread.agent),
        spread.agent,
        WIDTH - EDGE,
        top + 11,
        f"{_number(spread.mean.value)} {_range(spread.mean)}",
    )
    axis = Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(EDGE, WIDTH - EDGE, base, base)
    return label + bars + axis + whisker(spread.mean, base + 6, low, high, WIDTH)


def whisker(found: Estimate, y: float, low: float, high: float, width: float) -> Markup:
    """Return an interval as a line and its value as a dot, on a scale from low to high over the width."""
    line = Markup("")
    if found.low is not None and found.high is not None:
        line = Markup('<line class="whisker" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            place(found.low, low, high, width), place(found.high, low, high, width), y, y
        )
    return line + Markup('<circle class="point" cx="{}" cy="{}" r="4"/>').format(
        place(found.value or 0.0, low, high, width), y
    )


def place(value: float, low: float, high: float, width: float) -> float:
    """Return where a value lies on the scale, kept inside it."""
    inside = min(high, max(low, value))
    return round(EDGE + (inside - low) / (high - low) * (width - 2 * EDGE), 1)


def _levels(score: str) -> tuple[int, ...]:
    return (0, 50, 100) if score == "total" else (1, 2, 3, 4, 5)


def _tick(level: float, low: float, high: float, height: float) -> Markup:
    # The last number stays inside the picture.
    x = min(place(level, low, high, WIDTH), WIDTH - 12)
    return Markup('<text class="tick mid" x="{}" y="{}">{}</text>').format(x, height - 4, f"{level:g}")


def draw_heat(found: Sequence[Level], words: Words, anchor: str) -> Markup:
    """Return resistance by ending: the share of each level's talks; empty without a talk."""
    if not found:
        return Markup("")
    columns = [ending for ending in Ending if any(ending in level.endings for level in found)]
    heads = Markup("").join(_wrapped(words.name("ending", e), SIDE + CELL * (i + 0.5)) for i, e in enumerate(columns))
    rows = Markup("").join(_heat_row(level, columns, row, words) for row, level in enumerate(found))
    told = " ".join(
        words["heat_line"].format(
            level.resistance,
            level.talks,
            words["list"].join(f"{words.name('ending', e)} {level.endings[e]}" for e in columns if e in level.endings),
        )
        for level in found
    )
    width, height = SIDE + CELL * len(columns) + 4, HEAD + CELL_HEIGHT * len(found) + 4
    return framed("heat", width, height, anchor, words["heat"], told, heads + rows)


def _heat_row(level: Level, columns: Sequence[Ending], row: int, words: Words) -> Markup:
    y = HEAD + CELL_HEIGHT * row
    label = Markup('<text class="name" x="4" y="{}">{}</text><text class="tick end" x="{}" y="{}">{}</text>').format(
        y + 19, level.resistance, SIDE - 8, y + 19, words["heat_row"].format(level.talks)
    )
    cells = Markup("").join(
        _heat_cell(level.endings.get(ending, 0) / level.talks, SIDE + CELL * i, y) for i, ending in enumerate(columns)
    )
    return label + cells


def _heat_cell(part: float, x: float, y: float) -> Markup:
    shade = 0 if part == 0 else min(STEPS, 1 + int(part * STEPS))
    box = Markup('<rect class="h{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(
        shade, x + 1, y + 1, CELL - 2, CELL_HEIGHT - 2
    )
    if not part:
        return box
    return box + Markup('<text class="mid {}" x="{}" y="{}">{}</text>').format(
        "on-dark" if shade > LIGHT_STEPS else "on-light", x + CELL / 2, y + 19, f"{part:.0%}"
    )


def _wrapped(text: str, x: float) -> Markup:
    """Write a heading over a column, in up to three lines."""
    lines = wrap(text, 12) if " " in text else [text]
    start = HEAD - 8 - 12 * (len(lines) - 1)
    return Markup("").join(
        Markup('<text class="tick mid" x="{}" y="{}">{}</text>').format(x, start + 12 * i, line)
        for i, line in enumerate(lines[:3])
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def _range(found: Estimate) -> str:
    return f"[{_number(found.low)}, {_number(found.high)}]" if found.interval else "[–]"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
