"""A rubric: what a mark of 1 to 5 means, and what moves it, as data (evals/rubrics)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from borrowersim.acts import AgentAct
from borrowersim.documents import load
from borrowersim.talk import Language
from borrowersim_evals.resources import data_dir

Criterion = Literal["respect", "clarity"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class Words(_Part):
    """One text in the three languages, each written natively."""

    en: str
    zh_cn: Annotated[str, Field(alias="zh-CN")]
    zh_tw: Annotated[str, Field(alias="zh-TW")]

    def of(self, language: Language) -> str:
        """Return the text in a language."""
        return {Language.EN: self.en, Language.ZH_CN: self.zh_cn, Language.ZH_TW: self.zh_tw}[language]


class Feature(_Part):
    """One thing that moves a mark. Without acts and cues it is found by code."""

    step: Annotated[float, Field(ge=-3, le=3)]
    """Added to the mark; negative lowers it."""
    cap: Annotated[int, Field(ge=1, le=5)] | None = None
    """The mark is at most this when the feature is there."""
    acts: tuple[AgentAct, ...] = ()
    cues: tuple[str, ...] = ()
    """Names of shared cues or of signs (evals/rubrics/signs), or beginnings such as `threat.`."""
    because: str
    """Why it moves the mark, English."""
    label: Words
    """What a report calls it."""

    @property
    def computed(self) -> bool:
        """Is it found by code, and not by acts or cues?"""
        return not (self.acts or self.cues)

    def shown_by(self, acts: frozenset[AgentAct], cues: frozenset[str]) -> bool:
        """Say whether the acts and cues of a turn show it."""
        if acts.intersection(self.acts):
            return True
        return any(cue == name or (name.endswith(".") and cue.startswith(name)) for name in self.cues for cue in cues)


class Rubric(_Part):
    """One criterion: question, anchors, notes and features."""

    id: Criterion
    version: Annotated[int, Field(ge=1)]
    grounds: tuple[str, ...]
    """The literature it rests on."""
    question: Words
    anchors: dict[Annotated[int, Field(ge=1, le=5)], Words]
    notes: tuple[Words, ...]
    features: dict[str, Feature]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.anchors) != {1, 2, 3, 4, 5}:
            raise ValueError("anchors: one for each mark from 1 to 5 is needed")
        return self

    def shown(self, acts: frozenset[AgentAct], cues: frozenset[str], computed: Mapping[str, bool]) -> tuple[str, ...]:
        """Return the names of the features that a turn shows, in the rubric's order."""
        return tuple(
            name
            for name, feature in self.features.items()
            if (computed.get(name, False) if feature.computed else feature.shown_by(acts, cues))
        )


def rubrics_dir() -> Path:
    """Return the folder of the rubrics, from the wheel or from a checkout."""
    return data_dir("rubrics")


@lru_cache(maxsize=4)
def rubric_of(criterion: Criterion) -> Rubric:
    """Return the rubric of a criterion."""
    return load(Rubric, rubrics_dir() / f"{criterion}.yaml")


def weighed(marks: Sequence[int | None], worst_share: float) -> float | None:
    """Return the mean of the marks, with the worst one weighing more; None when there is none."""
    judged = [mark for mark in marks if mark is not None]
    if not judged:
        return None
    return (1 - worst_share) * sum(judged) / len(judged) + worst_share * min(judged)


def label(criterion: Criterion, feature: str, language: Language) -> str:
    """Return what a report calls a feature, in a language."""
    return rubric_of(criterion).features[feature].label.of(language)
