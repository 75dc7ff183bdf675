"""The turns that a judge got wrong, to be read by whoever mends it; never of the shipped measured half."""

from collections.abc import Iterable, Iterator, Sequence

from borrowersim_evals.check_figures import CRITERIA, Judged, Row
from borrowersim_evals.check_report import Mistake

FAR = 2
"""Marks that are this far apart are wrong; next to each other they may both be right."""


def mistakes(judged: Iterable[Judged]) -> tuple[Mistake, ...]:
    """Return every wrong turn that may be shown, in order."""
    shown = (one for one in judged if not (one.labelled.blind or one.score.unscored))
    return tuple(_mistake(row, wrong) for one in shown for row in one.rows if (wrong := tuple(_wrong(row))))


def _wrong(row: Row) -> Iterator[str]:
    if row.turn.legal and not row.found:
        yield "missed"
    elif row.found and not row.turn.legal:
        yield "false alarm"
    elif row.turn.legal and not row.named:
        yield "other rule"
    for criterion in CRITERIA:
        label, mark = getattr(row.turn, criterion), getattr(row.marks, criterion)
        if label is not None and mark is not None and abs(label - mark) >= FAR:
            yield criterion


def _mistake(row: Row, wrong: tuple[str, ...]) -> Mistake:
    marks = row.marks
    return Mistake(
        id=row.labelled.id,
        kind=row.labelled.kind,
        slice=row.labelled.slice,
        turn=row.turn.turn,
        text=row.labelled.talk.turns[row.turn.turn].text,
        wrong=wrong,
        expected=_said([" or ".join((b.rule, *b.also)) for b in row.turn.legal], row.turn.respect, row.turn.clarity),
        found=_said(sorted(row.found), marks.respect, marks.clarity),
        why="; ".join([*_quotes(row), *marks.respect_why, *marks.clarity_why]),
    )


def _said(rules: Sequence[str], respect: int | None, clarity: int | None) -> str:
    marks = [f"{name} {mark}" for name, mark in (("respect", respect), ("clarity", clarity)) if mark is not None]
    return "; ".join([", ".join(rules) or "no breach", *marks])


def _quotes(row: Row) -> list[str]:
    here = (f for f in row.score.legal if f.turn == row.turn.turn)
    return [f"{f.rule} {f.status}: {f.quote!r}" for f in here]
