"""What the marks learn from: constructed turns with marks, and the tuned half of the judge's labels."""

from collections.abc import Iterator
from typing import get_args

from borrowersim.linear import Linear
from borrowersim_evals.marks import STEPS, label_of
from borrowersim_evals.rubric import Criterion
from borrowersim_evals.rules.kinds import kind_features
from borrowersim_evals.training.fit import LANGUAGES, Features, Row, digest_of, fit
from borrowersim_evals.training.house import beside_courtesy, better_lines
from borrowersim_evals.training.kinds import kind_turns, labelled_for_tuning, states_before, states_of

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
LABELS = tuple(label_of(criterion, least) for criterion in CRITERIA for least in STEPS)
BESIDE = 0.7
"""Weight of a turn with a courtesy beside it: the same conduct once more."""
UNMOVED = 2
"""Respect up to which a courtesy beside the words changes nothing."""
IN_PLACE = 1.5
"""Weight of a turn that was marked in its place."""


def rows(stem: str) -> list[Row]:
    """Return everything that the marks of a language learn from."""
    return [*_of_kinds(stem), *_of_talks(stem), *_of_house(stem)]


def _of_kinds(stem: str) -> Iterator[Row]:
    for language in LANGUAGES[stem]:
        for turn in kind_turns(language):
            marks: dict[Criterion, int | None] = {"respect": turn.respect, "clarity": turn.clarity}
            yield _row(kind_features(turn.text, states_of(turn), language), marks, 1.0)
            polite = beside_courtesy(turn.text, language, turn.id)
            if polite and turn.respect <= UNMOVED:
                yield _row(kind_features(polite, states_of(turn), language), marks, BESIDE)


def _of_talks(stem: str) -> Iterator[Row]:
    for labelled in labelled_for_tuning():
        talk = labelled.talk
        for judged in labelled.turns if talk.language in LANGUAGES[stem] else ():
            seen = kind_features(talk.turns[judged.turn].text, states_before(talk, judged.turn), talk.language)
            yield _row(seen, {"respect": judged.respect, "clarity": judged.clarity}, IN_PLACE)


def _of_house(stem: str) -> Iterator[Row]:
    """Yield the better lines: kind and clear, 4 or 5."""
    for language in LANGUAGES[stem]:
        for line in better_lines(language):
            has = frozenset(label_of(criterion, least) for criterion in CRITERIA for least in (2, 3, 4))
            best = frozenset(label_of(criterion, 5) for criterion in CRITERIA)
            yield Row(kind_features(line, frozenset(), language), has, best, IN_PLACE)


def _row(seen: Features, marks: dict[Criterion, int | None], weight: float) -> Row:
    known = {criterion: mark for criterion, mark in marks.items() if mark is not None}
    has = frozenset(label_of(c, least) for c, mark in known.items() for least in STEPS if mark >= least)
    unknown = frozenset(label_of(c, least) for c in CRITERIA if c not in known for least in STEPS)
    return Row(seen, has, unknown, weight)


def digest(stem: str) -> str:
    """Return the digest of the marked turns."""
    kinds = (f"{t.before}|{t.text}|{t.respect}|{t.clarity}" for lang in LANGUAGES[stem] for t in kind_turns(lang))
    talks = (
        f"{labelled.id}|{judged.turn}|{judged.respect}|{judged.clarity}"
        for labelled in labelled_for_tuning()
        for judged in labelled.turns
    )
    house = (line for lang in LANGUAGES[stem] for line in better_lines(lang))
    return digest_of([*kinds, *talks, *house])


def fit_marks(stem: str) -> Linear:
    """Return the marks of `en` or `zh`; even weights, since the scale is to be met on the whole."""
    return fit(rows(stem), LABELS, digest(stem), balanced=False, strength=1.0)
