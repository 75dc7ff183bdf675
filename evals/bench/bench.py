"""Measure borrowersim side by side with bare clients and another harness; write docs/benchmark.md.

Without a subcommand: everything, in the order speed, faults, resume, figures. A subcommand
measures its part again and writes the page from what all parts hold.
"""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Callable
from datetime import UTC, datetime

from catalogue import HOME, OURS, PEERS, ROOT, missing, set_up, versions
from figures import PHRASEBOOK_TALKS, figures
from measure import FAULTS, Row, Size, killed_and_resumed, measured, mock, mocks
from page import page

PAGE = ROOT / "docs" / "benchmark.md"
ROWS = HOME / "rows"
SIZES = ("50/64", "200/64", "1000/256")
FAULTY = Size(200, 64)
KILLED = Size(60, 12)


def keep(part: str, row: Row) -> None:
    """Append a row to its part and show it."""
    ROWS.mkdir(parents=True, exist_ok=True)
    with (ROWS / f"{part}.jsonl").open("a", encoding="utf-8") as sink:
        sink.write(json.dumps(row) + "\n")
    shown = {name: round(row[name], 2) for name in ("wall_s", "play_s", "cpu_s", "memory_mb") if name in row}
    counts = {name: row.get(name) for name in ("good", "lost", "wrong", "repeated", "same", "note") if name in row}
    requests = row.get("mock", {}).get("requests", "")
    print(part, row.get("peer", ""), row.get("n", ""), shown, "requests", requests, counts, flush=True)


def kept(part: str) -> list[Row]:
    """Return the rows of a part."""
    path = ROWS / f"{part}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def latency(options: argparse.Namespace) -> list[object]:
    """Return the mock's options for how long its answers take."""
    return ["--latency-ms", options.latency_ms, "--jitter-ms", options.jitter_ms]


def speed(options: argparse.Namespace) -> None:
    """Every peer in turn, then the next round: interleaved, so that drift hits all alike."""
    with mocks(*latency(options)) as found:
        for size in options.sizes:
            for _ in range(options.rounds):
                for name in options.peers:
                    row = measured(name, found.of(name), size, options.limit)
                    keep("speed", row | {"latency_ms": options.latency_ms})


def faults(options: argparse.Namespace) -> None:
    """A service that limits, breaks and talks nonsense; each peer with the same draw of faults."""
    for name in options.peers:
        with mock(*FAULTS, *latency(options), *(["--fixed"] if PEERS[name].fixed else [])) as url:
            keep("faults", measured(name, url, options.faulty, options.limit))


def resume(options: argparse.Namespace) -> None:
    """Kill each peer on its way and give the same command again."""
    with mocks(*latency(options)) as found:
        for name in options.peers:
            keep("resume", killed_and_resumed(name, found.of(name), options.killed, options.limit))


def alone(options: argparse.Namespace) -> None:
    """Measure what the product does without any service."""
    found = figures(max(5, options.rounds), options.limit, options.talks)
    keep("figures", {"peer": OURS[0], **found})
    print(f"  help {found['help_s']:.2f} s, phrasebook {found['phrasebook'].get('wall_s', 0):.1f} s")


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "speed": speed,
    "faults": faults,
    "resume": resume,
    "figures": alone,
}


def measure(options: argparse.Namespace, parts: list[str]) -> None:
    """Measure parts anew and write the page."""
    lacking = missing(options.peers)
    if lacking:
        print(f"making environments in {HOME} for: {', '.join(lacking)}", flush=True)
        set_up(lacking)
    for part in parts:
        if not options.keep:
            (ROWS / f"{part}.jsonl").unlink(missing_ok=True)
        note(part, conditions(options))
        PARTS[part](options)
    report(options)


def note(part: str, found: Row) -> None:
    """Write under what conditions a part is measured."""
    ROWS.mkdir(parents=True, exist_ok=True)
    (ROWS / "conditions.json").write_text(json.dumps(noted() | {part: found}), "utf-8")


def noted() -> dict[str, Row]:
    """Return part -> conditions, of what was measured so far."""
    path = ROWS / "conditions.json"
    found: dict[str, Row] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def report(_: argparse.Namespace) -> None:
    """Write the page from the rows that are there."""
    found = noted()
    if not found:
        raise SystemExit(f"nothing was measured yet in {ROWS}; begin with: python evals/bench/bench.py")
    PAGE.write_text(page({part: kept(part) for part in PARTS}, found), "utf-8")
    print(f"written: {PAGE}")


def conditions(options: argparse.Namespace) -> Row:
    """Return when and where a part is measured, in words, and the versions of what is measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load average {os.getloadavg()[0]:.2f} before it began" if hasattr(os, "getloadavg") else ""
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    wait = f"{options.latency_ms:g} ms +- {options.jitter_ms:g} ms"
    return {
        "text": f"Measured on {day}: {cores} cores, {platform.system()}, Python {platform.python_version()}{load}; "
        f"mock latency {wait}.",
        "versions": versions(options.peers),
    }


def clean(_: argparse.Namespace) -> None:
    """Remove the scratch folders of runs; environments and rows stay."""
    shutil.rmtree(HOME / "scratch", ignore_errors=True)


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    others = ("all", "setup", "report", "clean")
    parser.add_argument("command", nargs="?", choices=(*PARTS, *others), default="all")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--ours-only", action="store_true", help="measure borrowersim alone; needs no environments")
    parser.add_argument("--sizes", nargs="+", type=Size.parsed, default=[Size.parsed(s) for s in SIZES], metavar="N/C")
    parser.add_argument("--faulty", type=Size.parsed, default=FAULTY, metavar="N/C", help="size of the fault runs")
    parser.add_argument("--killed", type=Size.parsed, default=KILLED, metavar="N/C", help="size of the killed runs")
    parser.add_argument("--talks", type=int, default=PHRASEBOOK_TALKS, help="talks of the phrasebook run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--jitter-ms", type=float, default=5, help="uniform, plus or minus")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which one run is stopped")
    parser.add_argument("--keep", action="store_true", help="add to the rows of earlier runs instead of replacing them")
    options = parser.parse_args(arguments)
    options.peers = list(OURS) if options.ours_only else options.peers
    return options


def main() -> None:
    """Do what the command line says."""
    options = options_of()
    other: dict[str, Callable[[argparse.Namespace], None]]
    other = {"setup": lambda o: set_up(o.peers), "report": report, "clean": clean}
    if options.command in other:
        other[options.command](options)
    else:
        measure(options, list(PARTS) if options.command == "all" else [options.command])


if __name__ == "__main__":
    main()
