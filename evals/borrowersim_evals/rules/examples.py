"""Do a pack's rules do what their own examples say? Every hit found, every near-miss left alone."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from borrowersim.talk import Speaker, Talk, Turn
from borrowersim_evals.rules.detect import evaluate
from borrowersim_evals.rules.pack import Example, Pack, Rule


class Failed(BaseModel):
    """An example of a rule that its detectors do not treat as the rule says."""

    model_config = ConfigDict(frozen=True)

    rule: str
    example: str
    expected: str
    found: str


def talk_of(pack: Pack, example: Example) -> Talk:
    """Return the talk that an example stands for: what came before, and the turn itself last."""
    turns = (*example.before, Turn(speaker=Speaker.AGENT, text=example.text))
    return Talk(id="example", language=pack.language, jurisdiction=pack.jurisdiction, facts=example.facts, turns=turns)


def failed_examples(pack: Pack, rules: frozenset[str] | None = None) -> tuple[Failed, ...]:
    """Return the examples that come out otherwise than written, of these rules or of all."""
    chosen = [rule for rule in pack.rules if rules is None or rule.id in rules]
    return tuple(failed for rule in chosen for failed in _failed(pack, rule))


def _failed(pack: Pack, rule: Rule) -> Iterator[Failed]:
    for example in rule.hits:
        found = _status(pack, rule, example)
        if found != example.expect:
            yield Failed(rule=rule.id, example=example.text, expected=example.expect, found=found)
    for example in rule.near_misses:
        found = _status(pack, rule, example)
        if found != "nothing":
            yield Failed(rule=rule.id, example=example.text, expected="nothing", found=found)


def _status(pack: Pack, rule: Rule, example: Example) -> str:
    place = len(example.before)
    findings = [f for f in evaluate(talk_of(pack, example), pack) if f.rule == rule.id and f.turn == place]
    return findings[0].status if findings else "nothing"
