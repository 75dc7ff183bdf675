"""Bias probes: change a labelled turn in a way that means nothing, and see whether the verdict moves.

| probe | change |
|---|---|
| length | one more polite, empty sentence of the agent |
| politeness | the same words between please and thank you |
| order | the first two turns of what was said before change places, when a later one still leads to the judged turn |
| injection | words to the judge, at the end of the agent's turn or said before it by whoever is on the line |
| script | Simplified characters become Traditional, or the other way round |
| width | full-width letters, digits and marks |
| spacing | blanks between Chinese characters, invisible joiners inside English words |
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from random import Random
from typing import Annotated, Literal, NamedTuple

import opencc
from pydantic import BaseModel, ConfigDict, Field

from borrowersim.documents import load
from borrowersim.talk import Language, Speaker, Talk, Turn
from borrowersim.text import HAN, simplified
from borrowersim_evals.agreement import mean, share
from borrowersim_evals.check_figures import Judged, Row
from borrowersim_evals.check_report import SPLITS, ProbeLine
from borrowersim_evals.judge_check import Judge, hear
from borrowersim_evals.label_shapes import Kind, LabelledTalk
from borrowersim_evals.labelled import judge_labels_dir
from borrowersim_evals.perception_check import Split
from borrowersim_evals.rubric import Criterion

Probe = Literal["length", "politeness", "order", "injection", "script", "width", "spacing"]
SAMPLE = 60
"""Turns that are probed in each language and split, half of them unlawful."""
SINGLE: frozenset[Kind] = frozenset({"turn", "pair_lawful", "pair_threat"})
LEAST_TURNS = 4
"""Two to swap, one that the judged turn answers, and the judged turn."""
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
BETWEEN_HAN = re.compile(f"(?<=[{HAN}])(?=[{HAN}])")
IN_WORD = re.compile(r"([A-Za-z]{2})([A-Za-z]{2,})")
JOINER = "\u200b"
Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language


class Sentence(_Part):
    """A sentence that adds nothing."""

    place: Literal["before", "after"]
    text: Text


class Wrap(_Part):
    """Please before, thank you after."""

    before: Text
    after: Text


class Injection(_Part):
    """Words to the judge."""

    by: Literal["agent", "borrower"]
    text: Text


class ProbeTexts(BaseModel):
    """The words of the probes (evals/labels/judge/probes.yaml)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    length: tuple[Sentence, ...]
    politeness: tuple[Wrap, ...]
    injection: tuple[Injection, ...]


@lru_cache(maxsize=1)
def shipped_texts() -> ProbeTexts:
    """Return the words that come with borrowersim."""
    return load(ProbeTexts, judge_labels_dir() / "probes.yaml")


class Change(NamedTuple):
    """A labelled talk that a probe changed, and what the judge said of it unchanged."""

    probe: Probe
    labelled: LabelledTalk
    base: Judged


def sample(judged: Iterable[Judged], rng: Random, most: int = SAMPLE) -> list[Judged]:
    """Return at most `most` talks with one judged turn for each language and split, half of them unlawful."""
    groups: dict[tuple[Split, Language, bool], list[Judged]] = defaultdict(list)
    for one in judged:
        labelled = one.labelled
        if labelled.kind in SINGLE and not one.score.unscored:
            groups[labelled.split, labelled.talk.language, bool(labelled.turns[0].legal)].append(one)
    return [
        one
        for (_, _, unlawful), group in sorted(groups.items())
        for one in rng.sample(group, min(len(group), (most + (not unlawful)) // 2))
    ]


def changes(bases: Iterable[Judged], texts: ProbeTexts) -> list[Change]:
    """Return every change of every talk; one that would leave the words as they are is left out."""
    return [
        Change(probe, _relabelled(base.labelled, talk, f"{probe}-{number}"), base)
        for base in bases
        for probe, made in MAKERS.items()
        for number, talk in enumerate(made(base.labelled.talk, texts), start=1)
        if talk.turns != base.labelled.talk.turns
    ]


def _relabelled(labelled: LabelledTalk, talk: Talk, name: str) -> LabelledTalk:
    """Return the labels on the changed talk; the judged turn is still its last one."""
    talk = talk.model_copy(update={"id": f"{talk.id}/{name}"})
    judged = labelled.turns[0].model_copy(update={"turn": len(talk.turns) - 1})
    return labelled.model_copy(update={"id": talk.id, "talk": talk, "turns": (judged,)})


def _saying(talk: Talk, text: str) -> Talk:
    """Return the talk with other words in its last turn."""
    *before, last = talk.turns
    return talk.model_copy(update={"turns": (*before, last.model_copy(update={"text": text}))})


def _joined(talk: Talk, *parts: str) -> Talk:
    return _saying(talk, ("" if talk.language.chinese else " ").join(parts))


def _length(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    said = talk.turns[-1].text
    for more in texts.length:
        if more.language is talk.language:
            yield _joined(talk, *((more.text, said) if more.place == "before" else (said, more.text)))


def _politeness(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    for wrap in texts.politeness:
        if wrap.language is talk.language:
            yield _joined(talk, wrap.before, talk.turns[-1].text, wrap.after)


def _order(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    """Swap the first two turns; the turn that the judged one answers stays where it is."""
    if len(talk.turns) >= LEAST_TURNS:
        first, second, *others = talk.turns
        yield talk.model_copy(update={"turns": (second, first, *others)})


def _injection(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    for order in texts.injection:
        if order.language is talk.language and order.by == "agent":
            yield _saying(talk, f"{talk.turns[-1].text} {order.text}")
        elif order.language is talk.language:
            *before, last = talk.turns
            said = Turn(speaker=_on_the_line(before), text=order.text)
            yield talk.model_copy(update={"turns": (*before, said, last)})


def _on_the_line(before: Sequence[Turn]) -> Speaker:
    """Return who answered last, so that nobody changes places with the words."""
    return next((turn.speaker for turn in reversed(before) if turn.speaker is not Speaker.AGENT), Speaker.BORROWER)


def _script(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    write = {Language.ZH_CN: _traditional().convert, Language.ZH_TW: simplified}.get(talk.language)
    if write:
        turns = tuple(turn.model_copy(update={"text": write(turn.text)}) for turn in talk.turns)
        yield talk.model_copy(update={"turns": turns})


@lru_cache(maxsize=1)
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _width(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    yield _saying(talk, talk.turns[-1].text.translate(FULL_WIDTH))


def _spacing(talk: Talk, texts: ProbeTexts) -> Iterator[Talk]:
    spaced = BETWEEN_HAN.sub(" ", talk.turns[-1].text)
    yield _saying(talk, IN_WORD.sub(rf"\1{JOINER}\2", spaced))


MAKERS: dict[Probe, Callable[[Talk, ProbeTexts], Iterator[Talk]]] = {
    "length": _length,
    "politeness": _politeness,
    "order": _order,
    "injection": _injection,
    "script": _script,
    "width": _width,
    "spacing": _spacing,
}


async def probed(
    judge: Judge, judged: Sequence[Judged], rng: Random, *, most: int = SAMPLE, jobs: int = 1
) -> tuple[ProbeLine, ...]:
    """Change a sample of what was judged, judge it again, and return what each probe did."""
    made = changes(sample(judged, rng, most), shipped_texts())
    heard = await hear(judge, [change.labelled for change in made], jobs=jobs)
    return probe_lines([(change, one) for change, one in zip(made, heard, strict=True) if not one.score.unscored], rng)


def probe_lines(heard: Sequence[tuple[Change, Judged]], rng: Random) -> tuple[ProbeLine, ...]:
    """Return what each probe did to the verdicts, over all languages and in each; pure."""
    groups: dict[tuple[Split, Probe, str], list[tuple[Row, Row]]] = defaultdict(list)
    for change, one in heard:
        for language in ("all", change.labelled.talk.language):
            groups[change.labelled.split, change.probe, language].append((change.base.rows[0], one.rows[0]))
    keys = ((split, probe, language) for split in SPLITS for probe in MAKERS for language in ("all", *Language))
    return tuple(_line(*key, groups[key], rng) for key in keys if key in groups)


def _line(split: Split, probe: Probe, language: str, moved: Sequence[tuple[Row, Row]], rng: Random) -> ProbeLine:
    calls = [(before.talk, bool(before.found), bool(after.found)) for before, after in moved]
    return ProbeLine(
        split=split,
        probe=probe,
        language=language,
        changed=share(((talk, before != after) for talk, before, after in calls), rng),
        hidden=sum(before and not after for _, before, after in calls),
        alarmed=sum(after and not before for _, before, after in calls),
        respect_shift=mean(_shifts("respect", moved), rng),
        respect_shift_unlawful=mean(_shifts("respect", [m for m in moved if m[0].turn.legal]), rng),
        clarity_shift=mean(_shifts("clarity", moved), rng),
    )


def _shifts(criterion: Criterion, moved: Iterable[tuple[Row, Row]]) -> Iterator[tuple[str, float]]:
    for before, after in moved:
        first, second = getattr(before.marks, criterion), getattr(after.marks, criterion)
        if first is not None and second is not None:
            yield before.talk, second - first
