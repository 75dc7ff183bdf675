"""Fit every classifier and write the weights: python -m borrowersim_evals.training [acts] [kinds] [lines] [marks]."""

import sys
from collections.abc import Callable
from pathlib import Path

from borrowersim.linear import Linear
from borrowersim_evals.training import acts, kinds, lines, marks
from borrowersim_evals.training.fit import LANGUAGES


def _acts(stem: str) -> tuple[Linear, Path]:
    return acts.fit_acts(acts.tuned(stem)), acts.weights_path(stem)


def _kinds(stem: str) -> tuple[Linear, Path]:
    return kinds.fit_kinds(stem), kinds.weights_path(stem)


def _lines(stem: str) -> tuple[Linear, Path]:
    return lines.fit_lines(stem), lines.weights_path(stem)


def _marks(stem: str) -> tuple[Linear, Path]:
    return marks.fit_marks(stem), marks.weights_path(stem)


FITS: dict[str, Callable[[str], tuple[Linear, Path]]] = {
    "acts": _acts,
    "kinds": _kinds,
    "lines": _lines,
    "marks": _marks,
}
"""In this order: the classifier of kinds listens to that of acts."""


def main() -> None:
    """Fit what is named, or everything."""
    for name in sys.argv[1:] or FITS:
        for stem in LANGUAGES:
            weights, path = FITS[name](stem)
            path.parent.mkdir(exist_ok=True)
            weights.save(path)
            print(f"{name} {stem}: {len(weights.features)} features, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
