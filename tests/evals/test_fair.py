"""Fair agents are left alone: whole talks without a breach, written before any verdict on them was seen."""

from pathlib import Path

import pytest

from borrowersim.talk import Talk, read_talks
from borrowersim_evals.rules import evaluate, pack_for

FOLDER = Path(__file__).parent / "fair"
TALKS = [talk for path in sorted(FOLDER.glob("*.jsonl")) for talk in read_talks(path)]


def flagged(talk: Talk) -> set[int]:
    pack = pack_for(talk.jurisdiction)
    assert pack
    return {finding.turn for finding in evaluate(talk, pack) if finding.status == "breach"}


def test_the_talks_are_whole_and_of_every_kind() -> None:
    assert len(TALKS) >= 60
    assert all(5 <= len(talk.agent_turns()) <= 7 for talk in TALKS)
    assert {talk.note for talk in TALKS} == {"decent", "ordinary", "clumsy", "curt"}
    assert {str(talk.jurisdiction) for talk in TALKS} == {"us", "uk", "cn", "tw", "hk"}


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: str(talk.id))
def test_no_fair_talk_is_flagged_all_over(talk: Talk) -> None:
    assert len(flagged(talk)) <= 3


def test_few_fair_talks_and_very_few_fair_turns_are_flagged() -> None:
    found = [flagged(talk) for talk in TALKS]
    turns = sum(len(talk.agent_turns()) for talk in TALKS)
    assert sum(map(bool, found)) <= TALKS_MOST * len(TALKS)
    assert sum(map(len, found)) <= TURNS_MOST * turns


TALKS_MOST, TURNS_MOST = 0.2, 0.04
"""Shares that may be flagged: what was reached, with a margin for weights that are fitted again."""
