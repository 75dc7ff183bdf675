"""A jury: several models, or one model several times, judge a talk apart; the majority decides.

One model flips between runs and has its own blind spots; a panel of several smaller ones agrees
better with people than one large one does (Verga et al. 2024, "Replacing Judges with Juries").
A finding stands when more than half of those who judged made it; a mark is their median, the
lower one of two. Fewer than half of the jury heard is no judgement.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

import anyio

from borrowersim.models.base import ChatModel, Usage
from borrowersim.talk import Talk
from borrowersim_evals.clarity import weighed_clarity
from borrowersim_evals.judge import judge_by_model
from borrowersim_evals.respect import talk_respect
from borrowersim_evals.verdict import Finding, Judgement, TurnMarks


@dataclass(frozen=True)
class Jury:
    """Models that judge side by side; the same model may sit more than once, each time with another seed."""

    jurors: tuple[ChatModel, ...]

    @property
    def name(self) -> str:
        """Return the jurors' names, each with how often it sits."""
        seats = Counter(juror.name for juror in self.jurors)
        return ",".join(name if number == 1 else f"{name}*{number}" for name, number in seats.items())

    async def judge(self, talk: Talk) -> Judgement:
        """Return what the majority says; unscored when too few of them could say anything."""
        heard: dict[int, Judgement] = {}

        async def ask(seat: int, juror: ChatModel) -> None:
            heard[seat] = await judge_by_model(talk, juror, seed=seat)

        async with anyio.create_task_group() as tasks:
            for seat, juror in enumerate(self.jurors):
                tasks.start_soon(ask, seat, juror)
        return majority(self.name, [heard[seat] for seat in sorted(heard)])

    async def aclose(self) -> None:
        for juror in dict.fromkeys(self.jurors):
            await juror.aclose()


def majority(name: str, judgements: Sequence[Judgement]) -> Judgement:
    """Return the one judgement of several; pure."""
    heard = [judgement for judgement in judgements if not judgement.unscored]
    usage = sum((judgement.usage for judgement in judgements), Usage())
    version = "; ".join(dict.fromkeys(judgement.version for judgement in judgements))
    blank = Judgement(judge=name, version=version, usage=usage, legal_judged=False)
    if 2 * len(heard) <= len(judgements):
        reason = next((j.unscored for j in judgements if j.unscored), "nobody judged")
        return blank.model_copy(update={"unscored": reason})
    turns = _marks(heard)
    return blank.model_copy(
        update={
            "legal": _findings([j for j in heard if j.legal_judged]),
            "turns": turns,
            "respect": talk_respect([t.respect for t in turns]),
            "clarity": weighed_clarity([t.clarity for t in turns]),
            "legal_judged": any(j.legal_judged for j in heard),
            "dropped": sum(j.dropped for j in judgements),
            "left_out": max(j.left_out for j in judgements),
        }
    )


def _findings(heard: Sequence[Judgement]) -> tuple[Finding, ...]:
    made: dict[tuple[int, str], list[Finding]] = {}
    for judgement in heard:
        for finding in judgement.legal:
            made.setdefault((finding.turn, finding.rule), []).append(finding)
    kept = [_decided(found) for found in made.values() if 2 * len(found) > len(heard)]
    return tuple(sorted(kept, key=lambda f: (f.turn, f.rule)))


def _decided(found: Sequence[Finding]) -> Finding:
    """Return the finding of those who made it: a breach when more than half of them are sure."""
    breaches = [f for f in found if f.status == "breach"]
    doubts = [f for f in found if f.status == "cannot_tell"]
    return breaches[0] if len(breaches) > len(doubts) else doubts[0]


def _marks(heard: Sequence[Judgement]) -> tuple[TurnMarks, ...]:
    turns = sorted({marks.turn for judgement in heard for marks in judgement.turns})
    said = {turn: [m for j in heard for m in j.turns if m.turn == turn] for turn in turns}
    return tuple(
        TurnMarks(
            turn=turn,
            respect=_median([m.respect for m in marks]),
            clarity=_median([m.clarity for m in marks]),
        )
        for turn, marks in said.items()
    )


def _median(marks: Sequence[int | None]) -> int | None:
    known = [mark for mark in marks if mark is not None]
    return median_low(known) if known else None


JudgeModel = ChatModel | Jury
"""Whoever judges beside the rules."""


async def judgement_of(talk: Talk, judge: JudgeModel) -> Judgement:
    """Return what a model or a jury says of a talk; unscored with the reason when it says nothing usable."""
    return await (judge.judge(talk) if isinstance(judge, Jury) else judge_by_model(talk, judge))
