"""What the classifier of unlawful content learns from: constructed turns, tuned labels, the packs' own examples."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from borrowersim.acts import HARMFUL, AgentAct
from borrowersim.documents import check_lines
from borrowersim.linear import Linear
from borrowersim.talk import Jurisdiction, Language, Speaker, Talk
from borrowersim_evals.label_shapes import JudgedTurn, LabelledTalk
from borrowersim_evals.labelled import load_labels, shipped_files
from borrowersim_evals.resources import data_dir
from borrowersim_evals.rules.examples import talk_of
from borrowersim_evals.rules.kinds import KINDS, UNLAWFUL, Kind, kind_features
from borrowersim_evals.rules.pack import Pack, Rule, load_pack, packs_dir
from borrowersim_evals.rules.state import standings
from borrowersim_evals.training.acts import digest as acts_digest
from borrowersim_evals.training.acts import tuned
from borrowersim_evals.training.fit import LANGUAGES, Row, digest_of, fit, sentences_of
from borrowersim_evals.training.house import better_lines, scripted_lines

LABELS = (*KINDS, UNLAWFUL)
IN_PLACE = 2.0
"""Weight of a turn that was labelled in its place, with facts and what was said before."""
BY_ITSELF = 0.3
"""Weight of a sentence of a lawful turn, which is lawful by itself too; 0.2 to 1 measure alike in cross-validation."""
STRENGTH = 1.0
RARITY = 2.0
"""How much more rare features are worth; 1 measures less, and so does even worth."""
_ANY_KIND = frozenset(KINDS)
_TWILIGHT = frozenset({AgentAct.HINTS_VAGUELY, AgentAct.PRESSURES})
"""Acts that may be lawful or not; turns with them tell nothing of lawfulness."""


class KindTurn(BaseModel):
    """A turn of an agent and the kinds of unlawful content in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: str
    language: Language
    before: str = ""
    """What the other side said just before."""
    text: Annotated[str, Field(min_length=1)]
    kinds: tuple[Kind, ...]
    """None for a lawful turn."""
    respect: Annotated[int, Field(ge=1, le=5)]
    clarity: Annotated[int, Field(ge=1, le=5)]
    source: Literal["constructed", "recorded"]


def kind_turns(language: Language) -> tuple[KindTurn, ...]:
    """Return the turns that come with borrowersim; all of them may be tuned on."""
    return check_lines(KindTurn, data_dir("labels") / "kinds" / f"{language}.jsonl")


def rows(stem: str) -> list[Row]:
    """Return everything that the classifier of a language learns from."""
    languages = LANGUAGES[stem]
    return [
        *(row for language in languages for row in _of_kinds(language)),
        *(row for talk in labelled_for_tuning() if talk.talk.language in languages for row in _of_talk(talk)),
        *(row for pack in packs() if pack.language in languages for row in _of_examples(pack)),
        *_of_acts(stem),
        *_of_house(stem),
    ]


def _of_kinds(language: Language) -> Iterator[Row]:
    for turn in kind_turns(language):
        has = frozenset((*turn.kinds, UNLAWFUL) if turn.kinds else ())
        yield from rows_of_turn(turn.text, states_of(turn), language, has)


def rows_of_turn(
    text: str,
    states: frozenset[str],
    language: Language,
    has: frozenset[str],
    unknown: frozenset[str] = frozenset(),
    weight: float = 1.0,
) -> Iterator[Row]:
    """Yield a turn, and each sentence of a lawful one: what is ordinary beside a breach is not blamed for it."""
    yield Row(kind_features(text, states, language), has, unknown, weight)
    for sentence in sentences_of(text) if not has else ():
        yield Row(kind_features(sentence, states, language), frozenset(), weight=BY_ITSELF, part=True)


def states_of(turn: KindTurn) -> frozenset[str]:
    """Return the states that hold before a turn, from what was said just before it."""
    talk = Talk(id=turn.id, language=turn.language, jurisdiction=Jurisdiction.UK)
    if turn.before:
        talk = talk.said(Speaker.BORROWER, turn.before)
    return states_before(talk.said(Speaker.AGENT, turn.text), len(talk.turns))


def states_before(talk: Talk, index: int) -> frozenset[str]:
    """Return the names of the states that hold before a turn of the agent."""
    return standings(talk)[index].said


@lru_cache(maxsize=1)
def labelled_for_tuning() -> tuple[LabelledTalk, ...]:
    """Return the labelled talks that come with borrowersim and may be tuned on."""
    return tuple(talk for talk in load_labels(shipped_files()) if talk.split == "tune")


def _of_talk(labelled: LabelledTalk) -> Iterator[Row]:
    talk = labelled.talk
    by_rule = {rule.id: kinds_of(rule) for pack in packs() for rule in pack.rules}
    for judged in labelled.turns:
        text = talk.turns[judged.turn].text
        has, unknown = _labels(judged, by_rule)
        yield from rows_of_turn(text, states_before(talk, judged.turn), talk.language, has, unknown, IN_PLACE)


def _labels(judged: JudgedTurn, by_rule: dict[str, frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Return (labels, labels that are not known): a rule that stands for one kind names it."""
    named = [by_rule[breach.rule] for breach in judged.legal]
    sure = frozenset(kind for kinds in named if len(kinds) == 1 for kind in kinds)
    if not judged.legal:
        return frozenset(), frozenset()
    return sure | {UNLAWFUL}, _ANY_KIND - sure


def kinds_of(rule: Rule) -> frozenset[str]:
    """Return the kinds that a rule's detectors listen for."""
    return frozenset(kind for detect in rule.detect for kind in detect.kinds)


def packs() -> list[Pack]:
    """Return the packs that come with borrowersim, without anybody's own rules."""
    return [load_pack(path) for path in sorted(packs_dir().glob("??.yaml"))]


def _of_examples(pack: Pack) -> Iterator[Row]:
    for rule in pack.rules:
        sure = kinds_of(rule) if len(kinds_of(rule)) == 1 else frozenset()
        for example in (*rule.hits, *rule.near_misses):
            bad = example in rule.hits and example.expect == "breach"
            if example in rule.hits and not bad:
                continue
            has = sure | {UNLAWFUL} if bad else frozenset()
            talk = talk_of(pack, example)
            states = states_before(talk, len(example.before))
            yield from rows_of_turn(example.text, states, pack.language, has, _ANY_KIND - sure if bad else frozenset())


def _of_acts(stem: str) -> Iterator[Row]:
    """Yield the turns labelled with acts: harm is unlawful, of a kind that is not known; the rest is lawful."""
    for turn in tuned(stem):
        harm = HARMFUL & set(turn.acts) - _TWILIGHT
        if not harm and _TWILIGHT & set(turn.acts):
            continue
        has = frozenset({UNLAWFUL} if harm else ())
        yield from rows_of_turn(turn.text, frozenset(), turn.language, has, _ANY_KIND if harm else frozenset())


def _of_house(stem: str) -> Iterator[Row]:
    for language in LANGUAGES[stem]:
        for line in (*better_lines(language), *scripted_lines(language)):
            yield from rows_of_turn(line, frozenset(), language, frozenset())


def digest(stem: str) -> str:
    """Return the digest of the turns that are learnt from, and of the packs' examples."""
    turns = (f"{t.before}|{t.text}|{','.join(t.kinds)}" for lang in LANGUAGES[stem] for t in kind_turns(lang))
    talks = (f"{t.id}|{[(j.turn, j.legal) for j in t.turns]}" for t in labelled_for_tuning())
    rules = (f"{rule.id}|{sorted(kinds_of(rule))}" for pack in packs() for rule in pack.rules)
    house = (line for lang in LANGUAGES[stem] for line in (*better_lines(lang), *scripted_lines(lang)))
    return digest_of([*turns, *talks, *rules, *house, acts_digest(stem)])


def fit_kinds(stem: str) -> Linear:
    """Return the classifier of unlawful content of `en` or `zh`."""
    return fit(rows(stem), LABELS, digest(stem), strength=STRENGTH, rarity=RARITY)
