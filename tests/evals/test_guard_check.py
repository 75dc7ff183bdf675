"""The guard, measured: labelled lines are well formed, and the figures are what they say."""

import pytest

from borrowersim.guard import FaultKind
from borrowersim.talk import Language
from borrowersim_evals.guard_check import SPLITS, Caught, caught, figures, labelled_lines

WORDLESS = {FaultKind.EMPTY, FaultKind.LEAK}


@pytest.mark.parametrize("language", list(Language))
def test_every_fault_is_planted_in_both_halves(language: Language) -> None:
    lines = labelled_lines(language)
    for split in SPLITS:
        planted = {line.fault for line in lines if line.split == split} - {None}
        assert planted == set(FaultKind) - WORDLESS
        assert sum(line.fault is None for line in lines if line.split == split) >= 50


@pytest.mark.parametrize("language", list(Language))
def test_the_halves_share_no_line(language: Language) -> None:
    tune, measure = ({line.line for line in labelled_lines(language) if line.split == split} for split in SPLITS)
    assert not tune & measure


def test_figures_count_what_was_kept_back() -> None:
    lines = labelled_lines(Language.EN)
    planted = next(line for line in lines if line.fault is FaultKind.REFUSAL and line.split == "tune")
    clean = next(line for line in lines if line.fault is None and line.split == "tune")
    heard = [
        Caught(line=planted, found=(FaultKind.REFUSAL,)),
        Caught(line=planted, found=(FaultKind.ECHO,)),
        Caught(line=planted, found=()),
        Caught(line=clean, found=(FaultKind.ECHO,)),
        Caught(line=clean, found=()),
    ]
    found = figures(heard, Language.EN, "tune")
    assert (found.planted, found.clean) == (3, 2)
    assert found.recall == pytest.approx(2 / 3)
    assert found.named == pytest.approx(1 / 2)
    assert found.false_alarms == pytest.approx(1 / 2)
    assert found.missed == {"refusal": 1}


@pytest.mark.parametrize("language", list(Language))
def test_most_planted_faults_of_the_tuned_half_are_kept_back(language: Language) -> None:
    found = figures([caught(line) for line in labelled_lines(language)], language, "tune")
    assert found.recall >= 0.9
    assert found.false_alarms <= 0.05
