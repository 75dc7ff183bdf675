"""The curve of the hidden state over a talk, drawn as SVG: a pure function, no plotting library.

Colours and dashes come from the report's style sheet by class name; every line also
has its own dash, its own marker and its own label, so that colour is never needed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from borrowersim.acts import AgentAct
from borrowersim.hidden import Hidden
from borrowersim.record import Moment
from borrowersim_evals.report.words import Words

FEELINGS = ("trust", "anger", "anxiety", "patience")
WIDTH, HEIGHT = 440, 230
LEFT, RIGHT, TOP, BOTTOM = 26, 104, 16, 34
LABEL_GAP = 16


class Turning(NamedTuple):
    """A turn of the agent that moved the borrower most."""

    turn: int
    """0-based index of the agent's turn in the talk."""
    feeling: str
    change: float
    heard: tuple[AgentAct, ...]


def turning_points(opening: Hidden, moments: Sequence[Moment], most: int = 3, least: float = 0.8) -> list[Turning]:
    """Return the largest jumps of trust, anger and anxiety, in order of time."""
    before = [opening, *(moment.hidden for moment in moments)]
    jumps = [_jump(past, moment) for past, moment in zip(before, moments, strict=False)]
    large = sorted((jump for jump in jumps if abs(jump.change) >= least), key=lambda j: -abs(j.change))
    return sorted(large[:most])


def _jump(past: Hidden, moment: Moment) -> Turning:
    changes = {name: _level(moment.hidden, name) - _level(past, name) for name in FEELINGS if name != "patience"}
    feeling = max(changes, key=lambda name: abs(changes[name]))
    # The agent's turn that was heard stands right before the borrower's answer.
    return Turning(max(0, moment.turn - 1), feeling, changes[feeling], moment.heard)


def draw_curve(opening: Hidden, moments: Sequence[Moment], words: Words, anchor: str) -> Markup:
    """Return the picture as an SVG element; empty when nothing was heard."""
    if not moments:
        return Markup("")
    states = [opening, *(moment.hidden for moment in moments)]
    body = Markup("").join(
        [
            _grid(),
            _ticks(moments, words),
            _turnings(turning_points(opening, moments), moments),
            *(_line(states, name) for name in FEELINGS),
            _labels(states[-1], words),
        ]
    )
    return Markup(
        '<svg class="curve" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, anchor, anchor, anchor, words["curve"], anchor, describe(opening, moments, words), body)


def describe(opening: Hidden, moments: Sequence[Moment], words: Words) -> str:
    """Say in words what the picture shows, for those who do not see it."""
    parts = []
    for name in FEELINGS:
        levels = [_level(opening, name), *(_level(moment.hidden, name) for moment in moments)]
        shown = [f"{level:.1f}" for level in (levels[0], max(levels), min(levels), levels[-1])]
        parts.append(words["curve_line"].format(words.name("feeling", name), *shown))
    return " ".join(parts)


def _level(hidden: Hidden, name: str) -> float:
    level: float = getattr(hidden, name)
    return level


def _x(place: int, count: int) -> float:
    return round(LEFT + place * (WIDTH - LEFT - RIGHT) / max(1, count), 1)


def _y(level: float) -> float:
    return round(TOP + (10 - level) * (HEIGHT - TOP - BOTTOM) / 10, 1)


def _grid() -> Markup:
    line = Markup('<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>')
    return Markup("").join(
        line.format(LEFT, _y(level), WIDTH - RIGHT, _y(level), 4, _y(level) + 4, level) for level in (0, 5, 10)
    )


def _ticks(moments: Sequence[Moment], words: Words) -> Markup:
    """Number the turns below the picture, at most eight of them."""
    text = Markup('<text class="tick mid" x="{}" y="{}">{}</text>')
    step = -(-len(moments) // 8)
    ticks = [
        text.format(_x(i + 1, len(moments)), HEIGHT - 18, moments[i].turn + 1) for i in range(0, len(moments), step)
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    return Markup("").join([*ticks, text.format(middle, HEIGHT - 3, words["turn_axis"])])


def _turnings(points: Sequence[Turning], moments: Sequence[Moment]) -> Markup:
    line = Markup(
        '<line class="turning" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/><text class="tick mid" x="{0}" y="{3}">{4}</text>'
    )
    places = {max(0, moment.turn - 1): place for place, moment in enumerate(moments, 1)}
    return Markup("").join(
        line.format(_x(places[point.turn], len(moments)), TOP, HEIGHT - BOTTOM, TOP - 5, "ABC"[rank])
        for rank, point in enumerate(points)
    )


def _line(states: Sequence[Hidden], name: str) -> Markup:
    places = [(_x(i, len(states) - 1), _y(_level(state, name))) for i, state in enumerate(states)]
    path = " ".join(f"{x},{y}" for x, y in places)
    dots = Markup("").join(
        Markup('<circle class="dot {}" cx="{}" cy="{}" r="2.6"/>').format(name, x, y) for x, y in places
    )
    return Markup('<polyline class="feeling {}" points="{}"/>{}').format(name, path, dots)


def _labels(last: Hidden, words: Words) -> Markup:
    """Write each line's name at its end, pushed apart where lines end close together."""
    wanted = sorted((_y(_level(last, name)), name) for name in FEELINGS)
    heights: list[float] = []
    for y, _ in wanted:
        heights.append(max(y, heights[-1] + LABEL_GAP) if heights else y)
    excess = max(0.0, heights[-1] - (HEIGHT - BOTTOM))
    text = Markup('<text class="label {}" x="{}" y="{}">{} {}</text>')
    return Markup("").join(
        text.format(
            name,
            WIDTH - RIGHT + 8,
            height - excess + 4,
            escape(words.name("feeling", name)),
            f"{_level(last, name):.1f}",
        )
        for (_, name), height in zip(wanted, heights, strict=True)
    )
