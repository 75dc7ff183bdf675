"""The door to the evaluator: a talk in, a judgement or a score out."""

from collections.abc import Sequence
from zlib import crc32

import anyio
from anyio.lowlevel import checkpoint

from borrowersim.errors import one_error
from borrowersim.talk import Talk
from borrowersim_evals.better import FIT, candidates, is_weak, weaknesses, with_line
from borrowersim_evals.case import Case
from borrowersim_evals.clarity import clarity_of, talk_clarity
from borrowersim_evals.combine import combine
from borrowersim_evals.features import Reading, reading_at, readings
from borrowersim_evals.jury import JudgeModel, judgement_of
from borrowersim_evals.respect import respect_of, talk_respect
from borrowersim_evals.rubric import rubric_of
from borrowersim_evals.rules.detect import evaluate
from borrowersim_evals.rules.pack import Pack
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Finding, Judgement, Score, TurnMarks

MOST_TRIED = 16
"""Better lines tried for one turn before none is shown."""


def judge_by_rules(talk: Talk) -> Judgement:
    """Return what the deterministic rules and marks say of a talk; pure, without any model.

    `better` stays empty here; `with_better` fills it in.
    """
    pack = pack_for(talk.jurisdiction)
    heard = readings(talk)
    turns = tuple(_marks(reading) for reading in heard)
    spoke = any(not reading.empty for reading in heard)
    return Judgement(
        judge="rules",
        version=_version(pack),
        legal=evaluate(talk, pack) if pack else (),
        turns=turns,
        respect=talk_respect([t.respect for t in turns]),
        clarity=talk_clarity(heard, [t.clarity for t in turns]),
        legal_judged=pack is not None and spoke,
        unscored="" if spoke else "the agent said nothing",
    )


def _marks(reading: Reading) -> TurnMarks:
    respect, respect_why = respect_of(reading)
    clarity, clarity_why = clarity_of(reading)
    return TurnMarks(
        turn=reading.index, respect=respect, clarity=clarity, respect_why=respect_why, clarity_why=clarity_why
    )


def _version(pack: Pack | None) -> str:
    parts = [f"{pack.jurisdiction}@{pack.version}"] if pack else []
    return ", ".join([*parts, *(f"{r.id}@{r.version}" for r in (rubric_of("respect"), rubric_of("clarity")))])


async def judge_talk(talk: Talk, judge: JudgeModel | None, *, better: bool = True) -> Score:
    """Return the score of a talk: the rules, refined by a model or a jury when one is given.

    Without `better` weak turns get no better line: a run of thousands of talks has nobody to read them,
    and looking for them takes as long as judging.
    """
    by_rules, by_model = await _judged(talk, judge) if judge else (judge_by_rules(talk), None)
    score = combine(talk, by_rules, by_model)
    return with_better(talk, score) if better else score


async def _judged(talk: Talk, judge: JudgeModel) -> tuple[Judgement, Judgement]:
    """Return what the rules and what a model say; the rules are applied while the model thinks."""
    answers: list[Judgement] = []

    async def ask() -> None:
        answers.append(await judgement_of(talk, judge))

    with one_error():
        async with anyio.create_task_group() as asking:
            asking.start_soon(ask)
            await checkpoint()  # the question goes out first
            by_rules = judge_by_rules(talk)
    return by_rules, answers[0]


def score_by_rules(talk: Talk) -> Score:
    """Return the score of a talk without any model; the same as `judge_talk(talk, None)`."""
    return with_better(talk, combine(talk, judge_by_rules(talk), None))


def with_better(talk: Talk, score: Score) -> Score:
    """Return the score with a better line for each weak turn, where one is known."""
    pack = pack_for(talk.jurisdiction)
    turns = tuple(_improved(talk, marks, score.legal, pack) for marks in score.turns)
    return score.model_copy(update={"turns": turns})


def improved(case: Case) -> Case:
    """Return a played talk with a better line for each weak turn, where one is known."""
    return case.model_copy(update={"score": with_better(case.played.talk, case.score)})


def _improved(talk: Talk, marks: TurnMarks, legal: Sequence[Finding], pack: Pack | None) -> TurnMarks:
    if not is_weak(marks, legal):
        return marks
    seed = crc32(f"{talk.id}:{marks.turn}".encode())
    return marks.model_copy(update={"better": better_line(talk, marks, legal, pack, seed)})


def better_line(talk: Talk, marks: TurnMarks, legal: Sequence[Finding], pack: Pack | None, seed: int) -> str:
    """Return a line that the agent could have said in this turn instead; empty when none is fit.

    A line is shown only if it breaks no rule of the pack in this very place and gets fair marks.
    """
    names = weaknesses(marks, legal, pack)
    for _, line in zip(range(MOST_TRIED), candidates(talk, names, seed), strict=False):
        if is_fit(talk, marks.turn, line, pack):
            return line
    return ""


def _blames(finding: Finding, turn: int, pack: Pack) -> bool:
    """Say whether a breach is the line's fault; at the wrong hour no line is right, and one must be said."""
    timing = pack.rule(finding.rule).kind == "time_or_frequency_limit"
    return finding.turn == turn and finding.status == "breach" and not timing


def is_fit(talk: Talk, turn: int, line: str, pack: Pack | None) -> bool:
    """Say whether a line in the place of a turn breaks no rule by its own fault and gets fair marks."""
    talk = with_line(talk, turn, line)
    if pack and any(_blames(f, turn, pack) for f in evaluate(talk, pack, at=turn)):
        return False
    marks = _marks(reading_at(talk, turn))
    return all(mark is not None and mark >= FIT for mark in (marks.respect, marks.clarity))
