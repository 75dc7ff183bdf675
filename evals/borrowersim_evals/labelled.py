"""Read labelled turns, talks and pairs (evals/labels/judge, or a file of your own), with errors that name lines."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from borrowersim.documents import check, read_lines, twice
from borrowersim.errors import UsageError
from borrowersim.talk import Jurisdiction
from borrowersim_evals.label_shapes import LabelledTalk, Line, PairLine, TalkLine, TurnLine
from borrowersim_evals.perception_check import labels_dir
from borrowersim_evals.rules.pack import Pack
from borrowersim_evals.rules.packs import pack_for

NEAREST = 3


def judge_labels_dir() -> Path:
    """Return the folder of the labels that come with borrowersim."""
    return labels_dir() / "judge"


def shipped_files() -> list[Path]:
    """Return the files of labels that come with borrowersim."""
    return sorted(judge_labels_dir().glob("*.jsonl"))


def load_labels(paths: Sequence[Path]) -> tuple[LabelledTalk, ...]:
    """Read files of labelled lines.

    Raises UsageError that names every wrong line, or what is wrong with the rules themselves (once, before
    any line is held against them).
    """
    lines: list[tuple[Path, str, Line]] = []
    complaints: list[str] = []
    for path in paths:
        found, wrong = read_lines(path, _line)
        lines += [(path, source, line) for source, line in found]
        complaints += wrong
    packs = {
        jurisdiction: pack_for(jurisdiction) for jurisdiction in dict.fromkeys(ln.jurisdiction for _, _, ln in lines)
    }
    complaints += [f"{source}: {wrong}" for _, source, line in lines for wrong in _unknown_rules(line, packs)]
    ids = (line.id for _, _, line in lines)
    complaints += [f"{_names(paths)}: the id {name} occurs twice; ids are unique" for name in twice(ids)]
    if complaints:
        raise UsageError("\n".join(complaints))
    if not lines:
        raise UsageError(f"{_names(paths)}: no labelled line; write one JSON object a line")
    return tuple(talk for path, _, line in lines for talk in _talks(path, line))


def _line(data: Any, source: str) -> tuple[str, Line]:
    return source, check(_shape(data), data, source)


def _shape(data: Any) -> type[Line]:
    """Tell the shape of a line by the field that only it has."""
    fields = data if isinstance(data, dict) else {}
    if "turns" in fields:
        return TalkLine
    return PairLine if {"lawful", "threat"} & fields.keys() else TurnLine


def _unknown_rules(line: Line, packs: Mapping[Jurisdiction, Pack | None]) -> Iterator[str]:
    """Yield what is wrong with the names of a line's rules."""
    for rule in dict.fromkeys(line.rules()):
        if wrong := _unknown(rule, line.jurisdiction, packs[line.jurisdiction]):
            yield wrong


def _unknown(rule: str, jurisdiction: Jurisdiction, pack: Pack | None) -> str:
    """Return what is wrong with the name of a rule; empty when it is in the pack."""
    if pack is None:
        return f"jurisdiction: there are no rules for {jurisdiction} yet; a turn can only be labelled where there are"
    names = [known.id for known in pack.rules]
    if rule in names:
        return ""
    near = ", ".join(get_close_matches(rule, names, NEAREST, cutoff=0.0))
    return f"no rule {rule!r} in pack {jurisdiction}; the nearest: {near} (all: `borrowersim rules list`)"


def _talks(path: Path, line: Line) -> Iterator[LabelledTalk]:
    shipped = path.resolve().is_relative_to(judge_labels_dir().resolve())
    blind = shipped and line.split == "measure"
    yield from (talk.model_copy(update={"blind": blind}) for talk in line.talks())


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths) or "no file"
