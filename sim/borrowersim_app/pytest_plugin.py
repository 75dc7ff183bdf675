"""pytest plugin: the fixture `borrowersim` plays talks with an agent of yours; see docs/pytest.md.

Nothing of borrowersim is imported until a test asks for the fixture.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from borrowersim_app.playing import Player

MARK = "borrowersim"
DEFAULTS = ("dials", "voice", "judge", "max_turns")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, so that --strict-markers takes it."""
    config.addinivalue_line(
        "markers",
        "borrowersim(borrower, seed=0, dials=None, voice='phrasebook', judge='rules', max_turns=12): "
        "run the test once for each borrower and seed; the fixture `borrowersim` plays them.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a marked test once for each of its borrowers and seeds."""
    mark = metafunc.definition.get_closest_marker(MARK)
    if mark is None or MARK not in metafunc.fixturenames:
        return
    borrowers, seeds, settings = _read(mark)
    cases = [{"borrower": borrower, "seed": seed, **settings} for borrower in borrowers for seed in seeds]
    several = len(seeds) > 1
    ids = [f"{_label(case['borrower'])}-seed{case['seed']}" if several else _label(case["borrower"]) for case in cases]
    metafunc.parametrize(MARK, cases, ids=ids, indirect=True)


@pytest.fixture
def borrowersim(request: pytest.FixtureRequest) -> "Player":
    """Play talks with simulated borrowers: `borrowersim.play(agent)`, or `await borrowersim.aplay(agent)`."""
    from borrowersim_app.playing import Player

    defaults = getattr(request, "param", None)
    if defaults is None and (mark := request.node.get_closest_marker(MARK)):
        borrowers, seeds, settings = _read(mark)
        defaults = {"borrower": borrowers[0], "seed": seeds[0], **settings}
    return Player(name=request.node.name, **(defaults or {}))


def _read(mark: pytest.Mark) -> tuple[Sequence[Any], Sequence[int], dict[str, Any]]:
    """Return borrowers, seeds and other settings of a marker; fail the collection where it is wrong."""
    given: dict[str, Any] = dict(mark.kwargs)
    if mark.args:
        given["borrower"] = mark.args[0] if len(mark.args) == 1 else list(mark.args)
    unknown = sorted(set(given) - {"borrower", "seed", *DEFAULTS})
    if unknown or "borrower" not in given:
        wrong = f"has no {unknown[0]!r}" if unknown else "needs borrower=..."
        raise pytest.UsageError(f"the marker borrowersim {wrong}; it takes borrower, seed, {', '.join(DEFAULTS)}")
    borrowers, seeds = _several(given.pop("borrower")), _several(given.pop("seed", 0))
    if not borrowers or not seeds:
        raise pytest.UsageError("the marker borrowersim needs at least one borrower and one seed")
    return borrowers, seeds, given


def _several(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str | int | Mapping) or not hasattr(value, "__iter__") else list(value)


def _label(borrower: Any) -> str:
    return str(getattr(borrower, "id", borrower))
