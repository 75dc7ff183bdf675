"""The page docs/benchmark.md: tables from rows. Pure; its sentences are in `words`."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import words
from catalogue import OURS, PEERS
from words import CALLS

Row = dict[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def ideal(n: int, concurrency: int, calls: float, latency_ms: float) -> float:
    """Return the wall seconds of a harness that costs nothing; fewer talks than places are one wave."""
    return max(1.0, n / concurrency) * calls * latency_ms / 1000


def playing(row: Row) -> float:
    """Return the seconds of a run without its report; where a peer writes none, all of it."""
    return float(row["play_s"] if "play_s" in row else row["wall_s"])


def whole(row: Row) -> bool:
    """Say whether a run came to its end with every talk good."""
    return not row["note"] and row.get("good") == row["n"]


def median(rows: Sequence[Row], value: Callable[[Row], float]) -> float:
    """Return the median of a value over rows."""
    return statistics.median(value(row) for row in rows)


SPEED_HEAD = (
    "peer",
    "runs",
    "wall s",
    "min-max",
    "playing s",
    "talks/s",
    "CPU ms/talk",
    "peak MB",
    "processes",
    "calls/talk",
    "prompt tokens/talk",
    "most in flight",
    "connections/talk",
    f"wall / ideal ({CALLS} calls)",
    "wall / ideal (its own calls)",
)


def speed_row(name: str, rows: Sequence[Row], latency_ms: float) -> list[str]:
    """Return a peer's line from its runs of one size; runs that lost talks are counted, not averaged."""
    good = [row for row in rows if whole(row)]
    if not good:
        last = rows[-1]
        why = last["note"] or f"good {last.get('good')} of {last['n']}"
        return [name, f"0 of {len(rows)}", why, *["-"] * (len(SPEED_HEAD) - 3)]
    n, concurrency = good[0]["n"], good[0]["concurrency"]
    walls = [row["wall_s"] for row in good]
    wall, calls = statistics.median(walls), median(good, lambda r: r["mock"]["requests"]) / n
    return [
        name,
        str(len(good)) if len(good) == len(rows) else f"{len(good)} of {len(rows)}",
        f"{wall:.2f}",
        f"{min(walls):.2f}-{max(walls):.2f}",
        f"{median(good, playing):.2f}",
        f"{n / wall:.1f}",
        f"{1000 * median(good, lambda r: r['cpu_s']) / n:.1f}",
        f"{median(good, lambda r: r['memory_mb']):.0f}",
        f"{median(good, lambda r: r['processes']):.0f}",
        f"{calls:.1f}",
        f"{median(good, lambda r: r['mock']['prompt_tokens']) / n:.0f}",
        f"{median(good, lambda r: r['mock']['max_concurrency']):.0f}",
        f"{median(good, lambda r: r['mock']['connections']) / n:.2f}",
        f"{wall / ideal(n, concurrency, CALLS, latency_ms):.2f}",
        f"{wall / ideal(n, concurrency, calls, latency_ms):.2f}",
    ]


def speed(rows: Sequence[Row]) -> str:
    """Return the tables of speed, one a size."""
    latency_ms = rows[0]["latency_ms"]
    parts = [words.SPEED.format(latency=latency_ms, calls=CALLS)]
    for n, concurrency in sorted({(row["n"], row["concurrency"]) for row in rows}):
        here = [row for row in rows if (row["n"], row["concurrency"]) == (n, concurrency)]
        by_peer = {name: [row for row in here if row["peer"] == name] for name in PEERS}
        lines = [speed_row(name, found, latency_ms) for name, found in by_peer.items() if found]
        best = ideal(n, concurrency, CALLS, latency_ms)
        parts.append(f"### N = {n}, concurrency {concurrency} (ideal wall {best:.2f} s)")
        parts += [table(SPEED_HEAD, lines) + "\n", turns_said(here)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def turns_said(rows: Sequence[Row]) -> str:
    """Return the sentence on how long our talks were; the others always have 12 turns."""
    ours = [row["messages"] for row in rows if row["peer"] in OURS and "messages" in row]
    return f"Mean turns of a talk of borrowersim: {statistics.mean(ours):.2f} of 12." if ours else ""


def errors(row: Row) -> str:
    """Return the two commonest errors of a run, fit for a table."""
    text = "; ".join(f"{count}x {name[:60]}" for name, count in list(row.get("errors", {}).items())[:2])
    return " ".join(text.replace("|", "/").split())


def faults(rows: Sequence[Row]) -> str:
    """Return the section on faults."""
    head = ("peer", "N", "good", "lost", "wrong", "requests", "wall s", "note", "commonest errors")
    lines = [
        [
            row["peer"],
            row["n"],
            *(row.get(name, "-") for name in ("good", "lost", "wrong")),
            row["mock"]["requests"],
            f"{row['wall_s']:.1f}" if "wall_s" in row else "-",
            row["note"],
            errors(row),
        ]
        for row in rows
    ]
    return f"{words.FAULTS}\n\n{table(head, lines)}\n"


def resumed(rows: Sequence[Row]) -> str:
    """Return the section on runs that were killed."""
    head = (
        "peer",
        "N",
        "requests of a full run",
        "requests at the kill",
        "talks judged before it",
        "requests of the second run",
        "share of a full run",
        "talks repeated",
        "good",
        "same results",
    )
    lines = [
        [
            row["peer"],
            row["n"],
            row["full_requests"],
            row["killed_at"],
            f"{row['judged_before']:.0f}",
            row["mock"]["requests"],
            f"{row['mock']['requests'] / max(1, row['full_requests']):.0%}",
            row["repeated"],
            row.get("good", "-"),
            "yes" if row["same"] else "no",
        ]
        for row in rows
    ]
    return f"{words.RESUMED}\n\n{table(head, lines)}\n"


def alone(found: Row) -> str:
    """Return the section of figures of the product alone."""
    run = found["phrasebook"]
    lines = [
        ["`borrowersim --help`, process start to end", f"{found['help_s']:.2f} s"],
        ["of that, Python itself (`python -c pass`)", f"{found['python_s']:.2f} s"],
    ]
    if "wall_s" in run:
        lines += [
            [f"phrasebook suite, {run['n']} talks played, judged by the rules, stored", f"{run['play_s']:.1f} s"],
            ["the same with the report", f"{run['wall_s']:.1f} s"],
            ["processor time of it", f"{1000 * run['cpu_s'] / run['n']:.1f} ms/talk"],
            ["turns of a talk, mean", f"{run['messages']:.1f}"],
            ["report, one HTML file", f"{run['report_mb']:.1f} MB"],
        ]
    return f"{words.ALONE}\n\n{table(('figure', 'value'), lines)}\n"


SECTIONS: dict[str, Callable[[Sequence[Row]], str]] = {
    "speed": speed,
    "faults": faults,
    "resume": resumed,
    "figures": lambda rows: alone(rows[-1]),
}


def page(rows: dict[str, list[Row]], conditions: dict[str, Row]) -> str:
    """Return the whole page; a part without rows is left out, each says under what conditions it was measured."""
    there = [part for part in SECTIONS if rows.get(part) and part in conditions]
    versions = {name: said for part in there for name, said in conditions[part]["versions"].items()}
    listed = "; ".join(f"{name}: {said}" for name, said in versions.items())
    parts = [words.HEAD.format(versions=f"Versions: {listed}.")]
    parts += [f"{SECTIONS[part](rows[part])}\n{conditions[part]['text']}\n" for part in there]
    return "\n".join(parts)
