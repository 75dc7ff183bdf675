"""One criterion over a learner's calls as an SVG: a curve, or bars for breaches. A pure function."""

from collections.abc import Sequence

from markupsafe import Markup

from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.progress import SCALES, Criterion, Point, Trend
from borrowersim_evals.report.words import Words

WIDTH, HEIGHT = 300, 112
LEFT, RIGHT, TOP, BOTTOM = 24, 34, 14, 12
MOST = 20
"""Calls in one picture; earlier ones are in the list."""


def draw_trend(trend: Trend, words: Words) -> Markup:
    """Return a figure: name, direction in words, and the picture, which says itself what it shows."""
    points = trend.points[-MOST:]
    if not points:
        picture: Markup = Markup("<p class='soft small'>{}</p>").format(words["not_scored"])
    else:
        picture = _picture(trend.criterion, points, describe(trend, words), words)
    return Markup(
        "<figure class='trend {}'><figcaption><b>{}</b> <span class='way is-{}'>{}</span></figcaption>{}"
        "<p class='soft small'>{}</p></figure>"
    ).format(
        trend.criterion,
        words[trend.criterion],
        trend.direction,
        words[trend.direction],
        picture,
        _compared(trend, words),
    )


def describe(trend: Trend, words: Words) -> str:
    """Say in words what the picture shows, for those who do not see it."""
    values = [point.value for point in trend.points[-MOST:]]
    shown = [say_value(trend.criterion, value) for value in (values[0], values[-1], max(values), min(values))]
    return words["curve_says"].format(len(values), *shown, words[trend.direction].lstrip("↗↘→ "))


def say_value(criterion: Criterion, value: float) -> str:
    """Return a value with the digits that mean something: marks 1-5 have one decimal."""
    return f"{value:.0f}" if criterion in ("total", "critical") else f"{value:.1f}"


def _compared(trend: Trend, words: Words) -> str:
    if trend.earlier is None or trend.latest is None:
        return ""
    size = min(5, len(trend.points) // 2)
    digits = [
        f"{value:.0f}" if trend.criterion == "total" else f"{value:.1f}" for value in (trend.latest, trend.earlier)
    ]
    return words["compared"].format(size, *digits)


def _picture(criterion: Criterion, points: Sequence[Point], says: str, words: Words) -> Markup:
    low, high = SCALES[criterion]
    high = max(high, *(point.value for point in points))
    heights = [_y(point.value, low, high) for point in points]
    marks = _bars(points, heights) if criterion == "critical" else _curve(points, heights, criterion)
    passed = _pass_line(low, high, words) if criterion == "total" else Markup("")
    last = Markup('<text class="value" x="{}" y="{}">{}</text>').format(
        WIDTH - RIGHT + 8, heights[-1] + 4, say_value(criterion, points[-1].value)
    )
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}{}{}</svg>').format(
        WIDTH, HEIGHT, words[criterion], says, _grid(low, high), passed, marks, last
    )


def _x(place: int, count: int) -> float:
    inner = WIDTH - LEFT - RIGHT - 12
    return round(LEFT + 6 + (inner / 2 if count == 1 else place * inner / (count - 1)), 1)


def _y(value: float, low: float, high: float) -> float:
    return round(TOP + (high - value) * (HEIGHT - TOP - BOTTOM) / (high - low), 1)


def _grid(low: float, high: float) -> Markup:
    line = Markup('<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="tick" x="{}" y="{}">{:.0f}</text>')
    return Markup("").join(
        line.format(
            LEFT, _y(level, low, high), WIDTH - RIGHT, _y(level, low, high), LEFT - 5, _y(level, low, high) + 4, level
        )
        for level in (low, high)
    )


def _pass_line(low: float, high: float, words: Words) -> Markup:
    y = _y(PASS_MARK, low, high)
    return Markup(
        '<line class="pass" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="tick pass" x="{}" y="{}">{}</text>'
    ).format(LEFT, y, WIDTH - RIGHT, y, LEFT + 3, y - 4, words["pass_line"].format(f"{PASS_MARK:.0f}"))


def _curve(points: Sequence[Point], heights: Sequence[float], criterion: Criterion) -> Markup:
    places = [(_x(i, len(points)), y) for i, y in enumerate(heights)]
    path = " ".join(f"{x},{y}" for x, y in places)
    dot = Markup('<circle cx="{}" cy="{}" r="3.2"><title>{}</title></circle>')
    dots = Markup("").join(
        dot.format(x, y, say_value(criterion, point.value)) for (x, y), point in zip(places, points, strict=True)
    )
    return Markup('<polyline points="{}"/>{}').format(path, dots)


def _bars(points: Sequence[Point], heights: Sequence[float]) -> Markup:
    """Draw breaches as bars; a call without any is a ring on the line, so that it is seen as well."""
    floor = HEIGHT - BOTTOM
    bar = Markup('<rect x="{}" y="{}" width="7" height="{}"><title>{:.0f}</title></rect>')
    ring = Markup('<circle class="clean" cx="{}" cy="{}" r="3.2"><title>0</title></circle>')
    drawn = []
    for place, (point, y) in enumerate(zip(points, heights, strict=True)):
        x = _x(place, len(points))
        drawn.append(bar.format(x - 3.5, y, round(floor - y, 1), point.value) if point.value else ring.format(x, floor))
    return Markup("").join(drawn)
