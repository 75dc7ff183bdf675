"""How the borrower felt over a talk, drawn as SVG: a strip for each feeling over the same turns.

Pure functions, no plotting library. Colours come from the report's style sheet by class name; every
strip has its own label, so that colour is never needed. Turning points cross all strips.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from borrowersim.acts import AgentAct
from borrowersim.hidden import Hidden
from borrowersim.record import Moment
from borrowersim_evals.report.words import Words

FEELINGS = ("trust", "anger", "anxiety", "patience")
WIDTH, STRIP, GAP = 440, 38, 12
LEFT, RIGHT, TOP, BOTTOM = 26, 104, 18, 34
HEIGHT = TOP + len(FEELINGS) * (STRIP + GAP) - GAP + BOTTOM
SPARK_WIDTH, SPARK_HEIGHT = 76, 22


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
            *(_strip(states, name, place, words) for place, name in enumerate(FEELINGS)),
        ]
    )
    return Markup(
        '<svg class="curve" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, anchor, anchor, anchor, words["curve"], anchor, describe(opening, moments, words), body)


def draw_spark(opening: Hidden, moments: Sequence[Moment], words: Words) -> Markup:
    """Return trust, anger and anxiety as small strips, for pages of very many talks; empty when nothing was heard."""
    if not moments:
        return Markup("")
    states = [opening, *(moment.hidden for moment in moments)]
    strips = Markup("").join(
        Markup('<polyline class="feeling {}" points="{}"/>').format(
            name,
            " ".join(
                f"{round(place * (SPARK_WIDTH + 8) + i * SPARK_WIDTH / (len(states) - 1))},"
                f"{round(SPARK_HEIGHT - 1 - _level(state, name) * (SPARK_HEIGHT - 2) / 10)}"
                for i, state in enumerate(states)
            ),
        )
        for place, name in enumerate(FEELINGS[:3])
    )
    told = describe(opening, moments, words)
    return Markup('<svg class="curve spark" viewBox="0 0 {} {}" role="img"><title>{}</title>{}</svg>').format(
        3 * (SPARK_WIDTH + 8) - 8, SPARK_HEIGHT, told, strips
    )


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


def _top(place: int) -> int:
    return TOP + place * (STRIP + GAP)


@lru_cache(maxsize=1)
def _grid() -> Markup:
    """Draw the ground of each strip, 0 to 10, and a line through 5."""
    ground = Markup(
        '<rect class="ground" x="{0}" y="{1}" width="{2}" height="{3}"/>'
        '<line class="grid" x1="{0}" x2="{4}" y1="{5}" y2="{5}"/>'
        '<text class="tick end" x="{6}" y="{7}">10</text><text class="tick end" x="{6}" y="{8}">0</text>'
    )
    return Markup("").join(
        ground.format(
            LEFT,
            _top(i),
            WIDTH - LEFT - RIGHT,
            STRIP,
            WIDTH - RIGHT,
            _top(i) + STRIP / 2,
            LEFT - 5,
            _top(i) + 9,
            _top(i) + STRIP,
        )
        for i in range(len(FEELINGS))
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


def _strip(states: Sequence[Hidden], name: str, place: int, words: Words) -> Markup:
    """Draw one feeling as a line with a dot a turn, its name and its last value beside it."""
    top, count = _top(place), len(states) - 1
    places = [(_x(i, count), round(top + (10 - _level(s, name)) * STRIP / 10, 1)) for i, s in enumerate(states)]
    path = " ".join(f"{x},{y}" for x, y in places)
    # A name and numbers of our own: nothing to escape, and there are dozens a talk.
    dots = Markup("".join(f'<circle class="dot {name}" cx="{x}" cy="{y}" r="2.4"/>' for x, y in places))
    label = Markup('<text class="label {}" x="{}" y="{}">{} {}</text>').format(
        name, WIDTH - RIGHT + 8, top + STRIP / 2 + 4, words.name("feeling", name), f"{_level(states[-1], name):.1f}"
    )
    return Markup('<polyline class="feeling {}" points="{}"/>{}{}').format(name, path, dots, label)
