"""Find the turns of a talk that break, or may break, a rule of a pack. Deterministic.

Only the agent's words are judged. A rule is looked at when its `when` holds; then each of its
detectors is tried. A needed fact that is not known makes a hit `cannot_tell`, never a guess.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from borrowersim.acts import AgentAct
from borrowersim.cues import Lexicon, Match, cues_in, lexicon_of
from borrowersim.perception.learned import act_at, act_scores
from borrowersim.talk import Facts, Language, Speaker, Talk
from borrowersim.text import Folded, fold
from borrowersim_evals.identity import Same
from borrowersim_evals.rules.aside import to_the_borrower
from borrowersim_evals.rules.balance import wrong_balance
from borrowersim_evals.rules.kinds import CERTAIN, DOUBT, KINDS, LEAST, UNLAWFUL, heard_kinds, kinds_in, shown_at
from borrowersim_evals.rules.pack import Detect, Pack, Rule, State, When
from borrowersim_evals.rules.state import Standing, standings
from borrowersim_evals.rules.words import Spotter, on_file, quote, unknown
from borrowersim_evals.verdict import RANK, Finding

ACT_FROM = 0.45


@dataclass(frozen=True)
class Moment:
    """One turn of the agent, with what is known before it."""

    index: int
    text: Folded
    matches: tuple[Match, ...]
    standing: Standing
    previous: int
    """Index of the agent's turn before this one; -2 when this is the first."""
    last: bool
    language: Language
    taken_for: str = ""
    """The kind that it is taken to hold, instead of those that are heard."""

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        """How likely the turn holds each kind of unlawful content."""
        return kinds_in(self.text.source, self.standing.said, self.language)

    @cached_property
    def acts(self) -> frozenset[AgentAct]:
        """The acts that it is taken to do; in a state that binds the agent, less will do than to move a borrower."""
        scores = act_scores(to_the_borrower(self.text.source), self.language)
        return frozenset(act for act in AgentAct if scores[act] >= ACT_FROM)

    @cached_property
    def told(self) -> tuple[Folded, tuple[Match, ...]]:
        """What of it is said to the borrower, with its cues: only that can acquit."""
        said = to_the_borrower(self.text.source)
        return (self.text, self.matches) if said == self.text.source else (fold(said), cues_in(said, self.language))

    @cached_property
    def heard(self) -> frozenset[str]:
        """The kinds that it is taken to hold."""
        return frozenset([self.taken_for]) if self.taken_for else heard_kinds(self.kinds)


@dataclass
class _Case:
    """A talk under one pack while it is walked through."""

    talk: Talk
    moments: list[Moment]
    reported: set[tuple[str, int]] = field(default_factory=set)
    """(rule, number of the detector) of duties and limits that are reported once a talk."""


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    missing: str = ""
    """The fact that is not known; empty for a breach."""
    heard: bool = False
    """Found by a classifier, not by an expression."""


class _Detector:
    """One `Detect`, compiled for one language."""

    def __init__(self, rule: Rule, number: int, detect: Detect, lexicon: Lexicon) -> None:
        self.key = (rule.id, number)
        self.detect = detect
        self.whens = (rule.when, detect.when)
        self.words = Spotter(detect.cues, detect.any, lexicon, negatable=detect.negatable)
        self.unless = Spotter((), detect.unless, lexicon, negatable=False)
        self.unless_turn = Spotter((), detect.unless_turn, lexicon, negatable=False)
        self.absent = Spotter((), detect.absent, lexicon, negatable=False)
        self.after = Spotter((), detect.after, lexicon, negatable=False)
        self.about = Spotter((), detect.about, lexicon, negatable=False)
        self.raised = Spotter(detect.raised, (), lexicon, negatable=False)
        learned = any(other.kinds or other.acts for other in rule.detect)
        bound = bool(rule.when.state or detect.when.state or detect.absent)
        # Care that is left out in a crisis is heard by no classifier of what was said.
        undoubted = not learned or detect.hours or detect.limit or (detect.absent and rule.severity == "critical")
        self._least = 0.0 if undoubted else LEAST if bound else DOUBT
        self._heard_least = DOUBT if detect.acts else LEAST

    def hits(self, case: _Case, moment: Moment, missing: str) -> Iterator[_Hit]:
        """Yield what shows the breach in this turn; `missing` is the fact that is not known, if one is needed."""
        if self.key in case.reported or (self.after and not self.after.found(moment.text, moment.matches)):
            return
        found = next(self._shown(case, moment), None)
        if found is None or self.unless_turn.found(*moment.told):
            return
        if self.about and not _spoken_of(self.about, case, moment):
            return
        if not missing and self._doubts(found, moment):
            return
        if self.only_once:
            case.reported.add(self.key)
        yield _Hit(found.start, found.end, missing or found.missing, found.heard)

    def _doubts(self, found: _Hit, moment: Moment) -> bool:
        """Say whether the classifier, which knows what came before, takes the turn for lawful all the same."""
        least = self._heard_least if found.heard else self._least
        return least > 0 and not found.missing and moment.kinds[UNLAWFUL] < least

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states that the rule or this detector asks for."""
        return tuple(state for when in self.whens for state in when.state)

    @cached_property
    def only_once(self) -> bool:
        """Is it reported once a talk?"""
        detect = self.detect
        return detect.once or bool(detect.hours or detect.limit) or (bool(detect.absent) and detect.due == "talk")

    def _shown(self, case: _Case, moment: Moment) -> Iterator[_Hit]:
        detect = self.detect
        if detect.absent:
            yield from self._left_unsaid(case, moment)
        elif detect.hours or detect.limit:
            yield from self._out_of_bounds(case, moment)
        elif detect.wrong_balance:
            yield from (_Hit(*span) for span in wrong_balance(moment.text, moment.matches, case.talk))
        else:
            yield from self._said(moment)
            yield from self._heard(moment)

    def _heard(self, moment: Moment) -> Iterator[_Hit]:
        """Yield where the classifiers hear a kind or an act of the detector."""
        spans = []
        kinds = [kind for kind in self.detect.kinds if kind in moment.heard]
        if kinds:
            surest = max(kinds, key=lambda kind: moment.kinds[kind])
            spans.append(shown_at(moment.text, surest, moment.language))
        spans += [act_at(moment.text, act, moment.language) for act in self.detect.acts if act in moment.acts]
        for start, end in spans:
            if not self.unless.found_near(moment.text, start, moment.matches):
                yield _Hit(start, end, heard=True)

    def _said(self, moment: Moment) -> Iterator[_Hit]:
        for start, end in self.words.spans(moment.text, moment.matches):
            if not self.unless.found_near(moment.text, start, moment.matches):
                yield _Hit(start, end)

    def _left_unsaid(self, case: _Case, moment: Moment) -> Iterator[_Hit]:
        """Yield the omission when the duty is due in this turn and was not met."""
        if not self._is_due(moment):
            return
        heard = [m for m in case.moments if m.index <= moment.index] if self.detect.due == "talk" else [moment]
        if not any(self.absent.found(*m.told) for m in heard):
            start, end = next(iter(moment.text.sentences()), (0, 0))
            yield _Hit(start, end)

    def _is_due(self, moment: Moment) -> bool:
        match self.detect.due:
            case "first_turn":
                return moment.previous < 0
            case "first_turn_after_state":
                return _first_after(moment, self.states)
            case "talk":
                return moment.last or bool(self.after)
            case _:
                return True

    def _out_of_bounds(self, case: _Case, moment: Moment) -> Iterator[_Hit]:
        """Yield the first turn of a contact at the wrong hour, or one contact too many."""
        fact = "local_time" if self.detect.hours else self.detect.limit[0] if self.detect.limit else ""
        value = known(case.talk.facts, fact)
        start, end = next(iter(moment.text.sentences()), (0, 0))
        if value is None:
            if _spoken_of(self.raised, case, moment):
                yield _Hit(start, end, fact)
        elif not self._allowed(value):
            yield _Hit(start, end)

    def _allowed(self, value: Any) -> bool:
        if self.detect.hours:
            first, last = self.detect.hours
            return first <= str(value) <= last
        return not self.detect.limit or bool(value <= self.detect.limit[1])


def _spoken_of(what: Spotter, case: _Case, moment: Moment) -> bool:
    """Say whether anybody brought something up, in this turn or before it."""
    said = case.talk.turns[: moment.index + 1]
    return any(what.found(fold(turn.text), cues_in(turn.text, case.talk.language)) for turn in reversed(said))


def _first_after(moment: Moment, states: tuple[State, ...]) -> bool:
    """Say whether this is the agent's first turn since one of the states asks for something."""
    since = moment.standing.due_since(states)
    return since is not None and since > moment.previous


def known(facts: Facts, name: str) -> Any:
    """Return a fact, one of the named ones or an extra one; None when it is not known."""
    value = getattr(facts, name, None) if name in Facts.model_fields else (facts.model_extra or {}).get(name)
    return None if value == "unknown" and name != "answered_by" else value


def missing_fact(whens: tuple[When, ...], facts: Facts, standing: Standing) -> str | None:
    """Return "" when every condition holds, the name of a fact that is not known, or None when one fails."""
    missing = ""
    for when in whens:
        if not _situation(when, facts, standing):
            return None
        for name, wanted in when.facts.items():
            value = known(facts, name)
            if value is None and when.if_unknown == "cannot_tell":
                missing = missing or name
            elif not (value is None and when.if_unknown == "applies") and not _equal(value, wanted):
                return None
    return missing


def _situation(when: When, facts: Facts, standing: Standing) -> bool:
    """Say whether collector, channel and states fit; who does not name a channel is taken to phone."""
    if when.collector_type and facts.collector_type and facts.collector_type not in when.collector_type:
        return False
    if when.channel and (facts.channel or "phone") not in when.channel:
        return False
    if when.state and not standing.holds(when.state):
        return False
    return not standing.holds(when.not_state)


def _equal(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


@lru_cache(maxsize=64)
def _compiled(key: Same[Pack], language: Language) -> tuple[tuple[Rule, tuple[_Detector, ...]], ...]:
    lexicon = lexicon_of(language)
    return tuple(
        (rule, tuple(_Detector(rule, number, detect, lexicon) for number, detect in enumerate(rule.detect)))
        for rule in key.it.rules
    )


def evaluate(talk: Talk, pack: Pack, at: int | None = None) -> tuple[Finding, ...]:
    """Return the findings of a pack in a talk, by turn, the gravest first; at most one a turn and rule.

    With `at` only that turn's findings count; of the turns before it only what is reported once
    a talk is looked for, so that the turn gets the findings that it has in the whole.
    """
    case, key, facts = _Case(talk, _moments(talk)), Same(pack), FactsKey(talk.facts)
    found = []
    for moment in case.moments:
        if at is not None and moment.index > at:
            break
        counts = at in (None, moment.index)
        active = _active(key, talk.language, facts, frozenset(moment.standing.began), not counts)
        findings = [finding for rule, some in active for finding in _findings(rule, some, case, moment)]
        found += (findings or _likeliest(active, case, moment)) if counts else []
    return tuple(sorted(found, key=lambda f: (f.turn, RANK[f.severity], f.rule)))


def _likeliest(active: "_InForce", case: _Case, moment: Moment) -> list[Finding]:
    """Return what breaks the law for certain by the name of the likeliest kind that is forbidden here.

    That something is wrong is easier to tell than what; which rules hold for this talk tells some of it.
    """
    certain = moment.kinds[UNLAWFUL] >= CERTAIN
    for kind in sorted(KINDS, key=lambda kind: -moment.kinds[kind]) if certain else ():
        taken = replace(moment, taken_for=kind)
        listening = ((rule, tuple(d for d in due if kind in d[0].detect.kinds)) for rule, due in active)
        found = [finding for rule, due in listening for finding in _findings(rule, due, case, taken)]
        if found:
            return found
    return []


class FactsKey:
    """Facts as a key of the cache."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._key = facts.model_dump_json()

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactsKey) and other._key == self._key


_Due = tuple["_Detector", str]
"""A detector whose conditions hold, and the fact that it misses."""
_InForce = tuple[tuple[Rule, tuple[_Due, ...]], ...]
"""The rules that hold for a turn."""


@lru_cache(maxsize=4096)
def _active(
    key: Same[Pack], language: Language, facts: FactsKey, states: frozenset[State], only_once: bool
) -> _InForce:
    """Return the detectors whose conditions hold under these facts and states; the same for most turns of a talk."""
    standing = Standing(dict.fromkeys(states, 0))
    found = []
    for rule, detectors in _compiled(key, language):
        wanted = (detector for detector in detectors if detector.only_once or not only_once)
        missing = ((detector, missing_fact(detector.whens, facts.facts, standing)) for detector in wanted)
        due = tuple((detector, fact) for detector, fact in missing if fact is not None)
        found += [(rule, due)] if due else []
    return tuple(found)


def _moments(talk: Talk) -> list[Moment]:
    standing = standings(talk)
    agent = [i for i, turn in enumerate(talk.turns) if turn.speaker is Speaker.AGENT]
    return [
        Moment(
            i,
            fold(talk.turns[i].text),
            cues_in(talk.turns[i].text, talk.language),
            standing[i],
            previous,
            i == agent[-1],
            talk.language,
        )
        for previous, i in zip((-2, *agent), agent, strict=False)
    ]


def _findings(rule: Rule, due: tuple[_Due, ...], case: _Case, moment: Moment) -> Iterator[Finding]:
    """Yield the gravest finding of one rule in one turn, if any: a breach before a doubt.

    What an expression says comes first: it knows which fact it depends on.
    """
    hits = [(hit, detector) for detector, missing in due for hit in detector.hits(case, moment, missing)]
    if not hits:
        return
    hit, detector = min(hits, key=lambda found: (found[0].heard, bool(found[0].missing)))
    says = rule.says(case.talk.language)
    if moment.standing.on_file(detector.states):
        says = on_file(says, case.talk.language)
    yield Finding(
        turn=moment.index,
        rule=rule.id,
        status="cannot_tell" if hit.missing else "breach",
        severity=rule.severity,
        quote=quote(moment.text, hit.start, hit.end),
        citation=rule.citation,
        source="rules",
        why=unknown(says, hit.missing, case.talk.language) if hit.missing else says,
        verified=rule.verified,
    )
