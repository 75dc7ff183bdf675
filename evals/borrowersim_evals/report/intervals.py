"""Gates and differences of runs as intervals against their bounds: SVG, and the numbers as they are read."""

from collections.abc import Sequence
from math import inf

from markupsafe import Markup

from borrowersim_evals.comparison import Difference
from borrowersim_evals.gates import GateResult, on_each
from borrowersim_evals.measures import MEASURES
from borrowersim_evals.report.plots import EDGE, framed, place, whisker
from borrowersim_evals.report.words import Words
from borrowersim_evals.stats import Estimate


def draw_differences(found: Sequence[Difference], words: Words, anchor: str) -> Markup:
    """Return the intervals of B - A as a forest plot, each in its share of the measure's scale."""
    lines = [line for line in found if line.interval is not None and line.difference is not None]
    if not lines:
        return Markup("")
    widest = max(abs(end) / _scale(line.measure) for line in lines for end in line.interval or ()) or 1.0
    width, side, step = 560, 170, 30
    height = step * len(lines) + 30
    middle = side + (width - side) / 2
    half = (width - side) / 2 - EDGE
    rows = Markup("").join(
        _difference_row(line, 24 + step * i, middle, half / widest / _scale(line.measure), words)
        for i, line in enumerate(lines)
    )
    zero = Markup(
        '<line class="zero" x1="{0}" x2="{0}" y1="4" y2="{1}"/><text class="tick mid" x="{0}" y="{2}">0</text>'
    ).format(middle, height - 18, height - 4)
    told = words["differences_note"] + " " + " ".join(_difference_told(line, words) for line in lines)
    return framed("delta", width, height, anchor, words["difference"], told, zero + rows)


def _scale(measure: str) -> float:
    """Return the length of a measure's scale; of what is counted, one."""
    known = MEASURES.get(measure)
    return known.high - known.low if known and known.high != inf else 1.0


def _difference_row(line: Difference, y: float, middle: float, unit: float, words: Words) -> Markup:
    low, high = line.interval or (0.0, 0.0)
    return Markup(
        '<text class="name" x="4" y="{}">{}</text><line class="whisker {}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<circle class="point {}" cx="{}" cy="{}" r="5"/>'
    ).format(
        y + 4, words.name("measure", line.measure), line.verdict.split()[0], round(middle + low * unit, 1),
        round(middle + high * unit, 1), y, y, line.verdict.split()[0],
        round(middle + (line.difference or 0.0) * unit, 1), y,
    )  # fmt: skip


def _difference_told(line: Difference, words: Words) -> str:
    low, high = line.interval or (0.0, 0.0)
    return words["difference_line"].format(
        words.name("measure", line.measure),
        f"{line.difference:+.3g}",
        f"[{low:+.3g}, {high:+.3g}]",
        words.name("comparison", line.verdict),
    )


def draw_gate(gate: GateResult, words: Words, anchor: str) -> Markup:
    """Return a gate's value and interval against its bounds; empty for counts and open-ended measures."""
    low, high = gate_range(gate)
    if gate.value is None or gate.interval is None or high == inf:
        return Markup("")
    width, height = 180, 26
    left = gate.at_least if gate.at_least is not None else low
    right = gate.at_most if gate.at_most is not None else high
    body = Markup(
        '<line class="axis" x1="{}" x2="{}" y1="13" y2="13"/>'
        '<rect class="kept" x="{}" y="4" width="{}" height="18" rx="2"/>'
    ).format(
        EDGE,
        width - EDGE,
        place(left, low, high, width),
        round(max(1.5, place(right, low, high, width) - place(left, low, high, width)), 1),
    )
    told = words["gate_picture"].format(
        figure(gate, gate.value), figure(gate, gate.interval[0]), figure(gate, gate.interval[1]), symbols(gate)
    )
    estimate = Estimate(gate.value, *gate.interval, gate.n)
    return framed("gate", width, height, anchor, gate.name, told, body + whisker(estimate, 13, low, high, width))


def gate_range(gate: GateResult) -> tuple[float, float]:
    """Return the scale of a gate's value: of a share, or of its measure."""
    measure = MEASURES.get(gate.measure)
    return (0.0, 1.0) if on_each(gate) or measure is None else (measure.low, measure.high)


def symbols(gate: GateResult) -> str:
    """Return the bounds on a gate's value in signs: ≥ 3.5, ≤ 4; of a share ≥ 60%."""
    signs = [("≥", gate.at_least), ("≤", gate.at_most)]
    return ", ".join(f"{sign} {figure(gate, bound)}" for sign, bound in signs if bound is not None)


def figure(gate: GateResult, value: float) -> str:
    """Return a gate's number as it is read: a share in per cent, all else with three figures."""
    measure = MEASURES.get(gate.measure)
    if measure and (on_each(gate) or measure.high == 1.0):
        return f"{100 * value:.3g}%"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def bounds(low: float | None, high: float | None) -> str:
    """Return bounds in signs that every language reads."""
    signs = [("≥", low), ("≤", high)]
    return ", ".join(f"{sign} {bound:g}" for sign, bound in signs if bound is not None)
