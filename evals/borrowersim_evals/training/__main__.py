"""Fit every classifier and write the weights: python -m borrowersim_evals.training [acts] [kinds] ..."""

import sys
from collections.abc import Callable
from pathlib import Path

from borrowersim import orders as order_weights
from borrowersim import spoken
from borrowersim.linear import Linear
from borrowersim.perception import learned
from borrowersim_evals import marks as mark_weights
from borrowersim_evals.rules import kinds as kind_weights
from borrowersim_evals.training import acts, kinds, lines, marks, orders
from borrowersim_evals.training.fit import LANGUAGES

FITS: dict[str, tuple[Callable[[str], Linear], Callable[[str], Path]]] = {
    "acts": (acts.fit_acts, learned.weights_path),
    "kinds": (kinds.fit_kinds, kind_weights.weights_path),
    "lines": (lines.fit_lines, spoken.weights_path),
    "marks": (marks.fit_marks, mark_weights.weights_path),
    "orders": (orders.fit_orders, order_weights.weights_path),
}
"""In this order: the classifiers of kinds and marks listen to that of acts."""


def main() -> None:
    """Fit what is named, or everything."""
    for name in sys.argv[1:] or FITS:
        fit, path_of = FITS[name]
        for stem in LANGUAGES:
            weights, path = fit(stem), path_of(stem)
            path.parent.mkdir(exist_ok=True)
            weights.save(path)
            print(f"{name} {stem}: {len(weights.features)} features, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
