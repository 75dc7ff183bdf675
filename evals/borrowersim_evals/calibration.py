"""Calibration: do the dials do what they say? Sweep them, measure from the words, report the curve.

Resistance is measured from what the borrower said, not from the hidden state: each line is
read back as an act, each act has a weight, and a talk's value is the mean over a fixed
number of exchanges, so that an early yes counts as little resistance and a hang-up as much.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import mean
from typing import Literal

from pydantic import BaseModel, ConfigDict

from borrowersim.acts import BorrowerAct
from borrowersim.mind.standing import BARS
from borrowersim.money import per_month
from borrowersim.persona import Archetype, Persona, all_personas, persona_named
from borrowersim.readback import readback_of
from borrowersim.record import Moment, Played
from borrowersim.talk import Ending, Language
from borrowersim_evals.planning import Planned

Dial = Literal["resistance", "financial_stress"]
LEVELS = (0, 2, 4, 6, 8, 10)
STANDARD_AGENTS = ("skilled", "courteous_empty", "pushy", "threatening")
HORIZON = 8
"""Exchanges that a talk is measured over."""
Act = BorrowerAct
RESISTANCE: dict[BorrowerAct, float] = {
    Act.HANGS_UP: 1.0,
    Act.REFUSES: 1.0,
    Act.STATES_CEASE: 1.0,
    Act.COUNTER_THREATENS: 1.0,
    Act.HOSTILE: 0.9,
    Act.DENIES: 0.9,
    Act.FAKE_PROMISE: 0.8,
    Act.DOUBTS: 0.8,
    Act.DISPUTES: 0.8,
    Act.QUOTES_RULES: 0.8,
    Act.CALLS_OUT_THREAT: 0.8,
    Act.STALLS: 0.7,
    Act.CALLS_OUT_IGNORED: 0.6,
    Act.CALLS_OUT_CONTRADICTION: 0.6,
    Act.NOTICES_REPEAT: 0.6,
    Act.GUARDED: 0.6,
    Act.SILENT: 0.6,
    Act.ASKS_CONSEQUENCE: 0.5,
    Act.REJECTS_UNAFFORDABLE: 0.5,
    Act.ASKS_WHO: 0.4,
    Act.CORRECTS_AMOUNT: 0.4,
    Act.PLEADS_HARDSHIP: 0.4,
    Act.DESPAIRS: 0.4,
    Act.WEIGHS: 0.3,
    Act.CONFUSED: 0.3,
    Act.CONFIRMS_IDENTITY: 0.2,
    Act.BARGAINS: 0.2,
    Act.ASKS_OPTIONS: 0.1,
    Act.TELLS_FACT: 0.1,
}
"""How much resistance an act shows, 0-1; acts that are not listed show none. A designed scale:
its order follows how far an act is from an arrangement."""
STRAIN: dict[BorrowerAct, float] = {
    Act.PLEADS_HARDSHIP: 1.0,
    Act.DESPAIRS: 1.0,
    Act.REJECTS_UNAFFORDABLE: 1.0,
    Act.SIGNALS_CRISIS: 1.0,
    Act.BARGAINS: 0.5,
}
"""How much an act speaks of want of money, 0-1."""
AFTER: dict[Ending, float] = {Ending.HUNG_UP: 1.0, Ending.CEASED: 1.0, Ending.FAKE_PROMISE: 0.8}
"""What the exchanges that no longer happen count; an arrangement counts 0, other endings the last line."""
NOT_BUSINESS = {*BARS, Archetype.WRONG_PERSON, Archetype.THIRD_PARTY, Archetype.CRISIS}
"""People with whom no plan can be made; their resistance is not a matter of dials."""


class Point(BaseModel):
    """One level of one dial against one agent, in one language."""

    model_config = ConfigDict(frozen=True)

    dial: Dial
    level: float
    agent: str
    language: Language
    talks: int
    resistance: float
    strain: float
    agreed: float
    turns_to_agreement: float | None
    instalment: float | None
    trust: float
    trust_fell: float
    anger: float
    facts: float
    phrasebook: float
    faults: float


def business(language: Language) -> list[Persona]:
    """Return the personas of a language with whom an arrangement can be made."""
    return [p for p in all_personas() if p.language is language and p.archetype not in NOT_BUSINESS]


def sweep(dial: Dial, languages: Sequence[Language], *, repeats: int, seed: int) -> list[Planned]:
    """Return the talks of a sweep: every level x standard agent x persona x repeat."""
    return list(_swept(dial, languages, repeats, seed))


def _swept(dial: Dial, languages: Sequence[Language], repeats: int, seed: int) -> Iterator[Planned]:
    for language in languages:
        for persona in business(language):
            for level in LEVELS:
                for agent in STANDARD_AGENTS:
                    for repeat in range(repeats):
                        yield Planned(
                            id=f"{dial}{level}~{persona.id}~{agent}~r{repeat}",
                            block=f"{dial}={level}",
                            borrower=persona.id,
                            agent=agent,
                            dials=persona.dials.model_copy(update={dial: float(level)}),
                            seed=seed + repeat,
                        )


def points(dial: Dial, played: Iterable[Played]) -> list[Point]:
    """Return the curve: one point a level, agent and language."""
    groups: dict[tuple[Language, str, float], list[Played]] = {}
    for talk in played:
        key = (talk.talk.language, talk.agent, float(getattr(talk.dials, dial)))
        groups.setdefault(key, []).append(talk)
    return [_point(dial, *key, talks) for key, talks in sorted(groups.items())]


def _point(dial: Dial, language: Language, agent: str, level: float, talks: list[Played]) -> Point:
    settled = [talk for talk in talks if talk.ending.settled]
    lines = sum(talk.health.lines for talk in talks) or 1
    monthly = [value for talk in settled if (value := _instalment_share(talk)) is not None]
    return Point(
        dial=dial,
        level=level,
        agent=agent,
        language=language,
        talks=len(talks),
        resistance=_round(mean(over_horizon(talk, RESISTANCE) for talk in talks)),
        strain=_round(mean(strain(talk) for talk in talks)),
        agreed=_round(len(settled) / len(talks)),
        turns_to_agreement=_round(mean(len(talk.moments) for talk in settled)) if settled else None,
        instalment=_round(mean(monthly)) if monthly else None,
        trust=_round(mean(_last(talk, "trust") for talk in talks)),
        trust_fell=_round(mean(_last(talk, "trust") < talk.opening.trust for talk in talks)),
        anger=_round(mean(_last(talk, "anger") for talk in talks)),
        facts=_round(mean(len(talk.moments[-1].hidden.told) if talk.moments else 0 for talk in talks)),
        phrasebook=_round(sum(talk.health.from_phrasebook for talk in talks) / lines),
        faults=_round(sum(len(talk.health.faults) for talk in talks) / lines),
    )


def _round(value: float) -> float:
    return round(value, 3)


def _last(talk: Played, feeling: str) -> float:
    hidden = talk.moments[-1].hidden if talk.moments else talk.opening
    return float(getattr(hidden, feeling))


def _instalment_share(talk: Played) -> float | None:
    """Return what was agreed a month as a share of the balance; None when no sum is known."""
    balance = persona_named(talk.borrower).debt.balance
    monthly = per_month(talk.plan, balance) if talk.plan else None
    return None if monthly is None else float(monthly / balance)


def read(moment: Moment, talk: Played) -> BorrowerAct:
    """Return the act that the words show; private facts are told in words of their own."""
    if moment.act is Act.TELLS_FACT or moment.turn >= len(talk.talk.turns):
        return moment.act
    likeness = readback_of(talk.talk.language).likeness(talk.talk.turns[moment.turn].text)
    return max(likeness, key=lambda act: likeness[act]) if likeness else Act.SILENT


def over_horizon(talk: Played, weights: dict[BorrowerAct, float]) -> float:
    """Return the mean weight of the first HORIZON lines; what an early ending leaves out is filled by AFTER."""
    values = [weights.get(read(moment, talk), 0.0) for moment in talk.moments[:HORIZON]]
    last = values[-1] if values else 0.0
    rest = 0.0 if talk.ending.settled else AFTER.get(talk.ending, last)
    return mean([*values, *[rest] * (HORIZON - len(values))])


def strain(talk: Played) -> float:
    """Return how much the talk spoke of want of money, 0-1, over HORIZON lines.

    After an arrangement that is kept, nothing more is said of it; after a referral to free
    advice the want is still there; else the rest is like what was heard.
    """
    values = [STRAIN.get(read(moment, talk), 0.0) for moment in talk.moments[:HORIZON]]
    heard = mean(values) if values else 0.0
    rest = 0.0 if talk.ending.settled else 1.0 if talk.ending is Ending.REFERRED else heard
    return mean([*values, *[rest] * (HORIZON - len(values))])


def by_level(curve: Sequence[Point], measure: str, language: Language) -> list[tuple[float, float]]:
    """Return (level, mean over the agents) of one measure in one language, by level."""
    levels = sorted({point.level for point in curve})
    return [
        (level, mean(float(getattr(p, measure)) for p in curve if p.level == level and p.language is language))
        for level in levels
    ]


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Spearman's rank correlation of the pairs, ties sharing their mean rank; None when one side is constant."""
    xs, ys = _ranks([x for x, _ in pairs]), _ranks([y for _, y in pairs])
    mx, my = mean(xs), mean(ys)
    cov = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    spread = (sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)) ** 0.5
    return round(cov / spread, 3) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [mean(i for i, other in enumerate(ordered) if other == value) for value in values]


def monotone(pairs: Sequence[tuple[float, float]]) -> bool:
    """Say whether the second values never fall as the first rise."""
    values = [value for _, value in sorted(pairs)]
    return all(a <= b for a, b in pairwise(values))
