"""What a coach whispers after a turn, never before it: findings, marks with their reasons, a better line."""

from dataclasses import dataclass
from zlib import crc32

from borrowersim.talk import Language, Talk
from borrowersim_evals.better import is_weak
from borrowersim_evals.evaluate import better_line, judge_by_rules
from borrowersim_evals.report.words import Words
from borrowersim_evals.rubric import Criterion, rubric_of
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Finding, TurnMarks


@dataclass(frozen=True)
class Comment:
    """On one turn of the agent."""

    turn: int
    findings: tuple[Finding, ...]
    marks: TurnMarks
    better: str
    """Empty when the turn needs none."""


def comment_on(talk: Talk) -> Comment | None:
    """Return the comment on the agent's last turn; None before the first. Pure, by the rules alone."""
    turns = talk.agent_turns()
    if not turns:
        return None
    index = turns[-1][0]
    judged = judge_by_rules(talk)
    marks = next((m for m in judged.turns if m.turn == index), TurnMarks(turn=index))
    here = tuple(f for f in judged.legal if f.turn == index)
    seed = crc32(f"{talk.id}:{index}".encode())
    better = better_line(talk, marks, judged.legal, pack_for(talk.jurisdiction), seed) if is_weak(marks, here) else ""
    return Comment(index, here, marks, better)


def why(criterion: Criterion, names: tuple[str, ...], language: Language) -> str:
    """Return what moved a mark, as the rubric calls it."""
    features = rubric_of(criterion).features
    return Words(language)["list"].join(features[n].label.of(language) if n in features else n for n in names)
