"""What the borrower does next: reactions first, then business, then their own kind of resistance."""

from collections.abc import Callable
from decimal import Decimal

from borrowersim.acts import AgentAct, BorrowerAct
from borrowersim.hidden import Dispute
from borrowersim.mind.ability import able, own_proposal
from borrowersim.mind.ground import fits, hopeless, next_fact, progress, won_over
from borrowersim.mind.identity import asks_for_somebody_else
from borrowersim.mind.moment import Choice, Moment
from borrowersim.mind.standing import barred, complies, confused, disputes, in_crisis, promises_lightly, somebody_else
from borrowersim.persona import Archetype
from borrowersim.talk import Ending

Act = BorrowerAct
WRONG_BALANCE = Decimal("0.01")
"""A balance off by more than one per cent is noticed."""


def choose(moment: Moment) -> Choice:
    """Return what the borrower does: the first ladder rung that applies."""
    for rung in LADDER:
        choice = rung(moment)
        if choice is not None:
            return choice
    return _resist(moment)


def _leaves(m: Moment) -> Choice | None:
    """Out of patience or beside oneself: the call is over."""
    if m.hidden.patience <= 0 or m.hidden.anger >= 9.5:
        return Choice(Act.HANGS_UP, ending=Ending.HUNG_UP)
    return None


def _harmed(m: Moment) -> Choice | None:
    """Answer a threat, an insult or a lie; a frightened debtor may promise anything to end it."""
    if not m.heard(AgentAct.THREATENS, AgentAct.INSULTS, AgentAct.FALSE_CLAIM):
        return None
    if m.hidden.threats >= 2 and _gives_in(m):
        return Choice(Act.FAKE_PROMISE, ending=Ending.FAKE_PROMISE)
    if m.hidden.threats >= 3 or (m.hidden.threats == 2 and m.hidden.anger >= 8.5):
        return Choice(Act.HANGS_UP, ending=Ending.HUNG_UP)
    weights = {
        Act.CALLS_OUT_THREAT: 3.0,
        Act.COUNTER_THREATENS: 0.5 + 0.4 * m.dials.legal_knowledge,
        Act.HOSTILE: 0.3 * m.hidden.anger,
        Act.DESPAIRS: 0.3 * m.hidden.anxiety if m.persona.willing else 0.0,
    }
    return Choice(_drawn(weights, m, fresh=True))


def _gives_in(m: Moment) -> bool:
    """Fear and little honesty make a promise that will be broken."""
    fear = m.hidden.anxiety / 10 - 0.25
    dishonest = (10 - m.dials.honesty) / 10
    return m.rng.random() < max(0.0, fear) * dishonest


def _identity(m: Moment) -> Choice | None:
    """Who is calling? Yes, speaking. Business waits until both are said."""
    if m.before.named:
        return None
    if asks_for_somebody_else(m.perceived.text, m.persona):
        return Choice(Act.WRONG_PERSON)
    if not m.hidden.identified:
        return Choice(Act.ASKS_WHO, asks="who")
    return Choice(Act.CONFIRMS_IDENTITY) if m.heard(AgentAct.VERIFIES_IDENTITY) else None


def _wrong_amount(m: Moment) -> Choice | None:
    """A balance that is not what the file says is corrected."""
    if not m.heard(AgentAct.DISCLOSES_DEBT) or Act.CORRECTS_AMOUNT in m.hidden.acts[-2:]:
        return None
    balance = m.persona.debt.balance
    named = [a for a in m.perceived.amounts if a >= balance / 2]
    if named and all(abs(a - balance) > balance * WRONG_BALANCE for a in named):
        return Choice(Act.CORRECTS_AMOUNT, asks="proof")
    return None


def _contradicted(m: Moment) -> Choice | None:
    """Hold the agent to what they said before."""
    return Choice(Act.CALLS_OUT_CONTRADICTION) if m.contradicts else None


def _haggles(m: Moment) -> Choice | None:
    """A bargainer names a lower sum once, even when the offer would fit."""
    if m.persona.archetype is not Archetype.BARGAINER or Act.BARGAINS in m.hidden.acts:
        return None
    proposal = own_proposal(m.persona, m.dials)
    if proposal is None or m.hidden.threats or not m.heard(AgentAct.OFFERS_PLAN, AgentAct.ASKS_PAYMENT):
        return None
    return Choice(Act.BARGAINS, offer=proposal, asks="bargain") if m.hidden.debt_known else None


def _agrees(m: Moment) -> Choice | None:
    """An offer that fits, from somebody who has earned it."""
    asked = m.heard(AgentAct.OFFERS_PLAN, AgentAct.ASKS_PAYMENT, AgentAct.CONFIRMS)
    if not asked or m.offer is None or not won_over(m.hidden, m.persona, m.dials):
        return None
    fit = fits(m.offer, m.persona, m.dials)
    if fit is None:
        return _proposes(m)
    if not fit:
        return None
    if m.offer.period == "once" and not (m.offer.count or 0) > 1:
        return Choice(Act.PROMISES_TO_PAY, offer=m.offer, ending=Ending.PROMISE_TO_PAY)
    return Choice(Act.ACCEPTS_PLAN, offer=m.offer, ending=Ending.AGREED)


def _referred(m: Moment) -> Choice | None:
    """Nothing is left for any plan: being sent to somebody who can help is the good ending."""
    if (
        hopeless(m.persona, m.dials)
        and m.heard(AgentAct.OFFERS_HELP)
        and m.hidden.trust >= 3.0
        and not m.hidden.threats
    ):
        return Choice(Act.THANKS, ending=Ending.REFERRED)
    return None


def _closing(m: Moment) -> Choice | None:
    """The agent ends the call."""
    goes_on = m.heard(AgentAct.OFFERS_PLAN, AgentAct.ASKS_PAYMENT, AgentAct.DISCLOSES_DEBT) or m.perceived.questions
    if not m.heard(AgentAct.CLOSES) or m.hidden.turn < 2 or goes_on:
        return None
    if m.hidden.dispute is Dispute.ACKNOWLEDGED:
        return Choice(Act.THANKS, ending=Ending.DISPUTED)
    warm = m.hidden.trust >= 4 and not m.hidden.threats
    return Choice(Act.THANKS if warm else Act.SILENT, ending=Ending.AGENT_CLOSED)


def _turns_down(m: Moment) -> Choice | None:
    """An instalment beyond the household's means is refused, or promised without meaning it."""
    if m.perceived.offer is None or fits(m.perceived.offer, m.persona, m.dials) is not False:
        return None
    if not m.persona.willing and able(m.persona, m.dials):
        return None
    cornered = m.hidden.threats > 0 or m.heard(AgentAct.PRESSURES, AgentAct.FALSE_DEADLINE)
    if cornered and _gives_in(m):
        return Choice(Act.FAKE_PROMISE, offer=m.perceived.offer, ending=Ending.FAKE_PROMISE)
    if Act.REJECTS_UNAFFORDABLE in m.hidden.acts[-1:]:
        return _proposes(m) or Choice(Act.PLEADS_HARDSHIP)
    return Choice(Act.REJECTS_UNAFFORDABLE, offer=m.perceived.offer, asks="options")


def _proposes(m: Moment) -> Choice | None:
    """Name a sum that one could really pay, once there is some trust."""
    proposal = own_proposal(m.persona, m.dials)
    if proposal is None or progress(m.hidden, m.persona, m.dials) < 0.85 or m.hidden.threats:
        return None
    return Choice(Act.BARGAINS, offer=proposal, asks="bargain")


def _notices(m: Moment) -> Choice | None:
    """Say that a question went unanswered, or that this was said before; not twice in a row."""
    last = m.hidden.acts[-1:]
    if m.ignored and m.hidden.patience < 6 and Act.CALLS_OUT_IGNORED not in last:
        return Choice(Act.CALLS_OUT_IGNORED, asks=m.before.asked)
    if m.repeats and Act.NOTICES_REPEAT not in last:
        return Choice(Act.NOTICES_REPEAT)
    return None


def _tells(m: Moment) -> Choice | None:
    """Give away a private fact that trust has paid for."""
    found = next_fact(m.hidden, m.perceived, m.persona)
    if found is None:
        return None
    return Choice(Act.TELLS_FACT, fact=found[0], volunteered=not found[1])


def _business(m: Moment) -> Choice | None:
    """Half won: ask for options, name an own sum, ask what happens otherwise."""
    near = progress(m.hidden, m.persona, m.dials)
    if won_over(m.hidden, m.persona, m.dials) and m.heard(
        AgentAct.OFFERS_PLAN, AgentAct.OFFERS_HELP, AgentAct.CONFIRMS
    ):
        return _proposes(m) or Choice(Act.ASKS_OPTIONS, asks="options")
    if m.heard(AgentAct.STATES_CONSEQUENCE) and not m.hidden.threats:
        return _after_notice(m, near)
    if near >= 0.75 and Act.ASKS_OPTIONS not in m.hidden.acts[-2:] and not m.hidden.threats:
        return Choice(Act.ASKS_OPTIONS, asks="options")
    return None


def _after_notice(m: Moment, near: float) -> Choice:
    """A clear lawful notice makes the unwilling think and the willing afraid."""
    if m.persona.willing:
        return Choice(Act.PLEADS_HARDSHIP if m.hidden.anxiety < 8 else Act.DESPAIRS)
    if near >= 0.6:
        return Choice(Act.WEIGHS)
    return Choice(Act.DOUBTS if Act.DOUBTS not in m.hidden.acts else Act.ASKS_CONSEQUENCE, asks="consequence")


LADDER: tuple[Callable[[Moment], Choice | None], ...] = (
    _leaves,
    in_crisis,
    somebody_else,
    _harmed,
    _identity,
    barred,
    confused,
    _wrong_amount,
    _contradicted,
    disputes,
    complies,
    promises_lightly,
    _haggles,
    _agrees,
    _referred,
    _closing,
    _turns_down,
    _notices,
    _tells,
    _business,
)
"""Rungs in the order in which a person's attention goes: safety, identity, rights, money, manners, ease."""


def _resist(m: Moment) -> Choice:
    """Resist in one's own way; which way varies with temper, money and archetype."""
    act = _drawn(_weights(m), m, fresh=True)
    asks = {Act.ASKS_CONSEQUENCE: "consequence", Act.ASKS_OPTIONS: "options", Act.DISPUTES: "proof"}.get(act, "")
    return Choice(act, asks=asks)


def _weights(m: Moment) -> dict[BorrowerAct, float]:
    """Return how likely each kind of resistance is now."""
    hidden, dials, willing = m.hidden, m.dials, m.persona.willing
    soft = 1 - progress(hidden, m.persona, dials)
    base = {
        Act.GUARDED: 1.0 + 0.1 * dials.resistance,
        Act.STALLS: 0.4 + 0.25 * dials.resistance,
        Act.REFUSES: 0.3 * dials.resistance * soft * (0.3 if willing else 1.2),
        Act.DENIES: 0.12 * dials.resistance * soft * (0.2 if willing else 1.0),
        Act.DISPUTES: 0.25 * dials.legal_knowledge * soft * (0.3 if willing else 1.0),
        Act.HOSTILE: 0.35 * max(0.0, hidden.anger - 3),
        Act.COUNTER_THREATENS: 0.25 * dials.legal_knowledge * (hidden.anger > 5),
        Act.DESPAIRS: 0.3 * max(0.0, hidden.anxiety - 5) * (1.0 if willing else 0.1),
        Act.PLEADS_HARDSHIP: 0.25 * dials.financial_stress * (1.2 if willing else 0.3),
        Act.ASKS_OPTIONS: 0.6 * (1 - soft) * (2.0 if willing else 0.5),
        Act.ASKS_CONSEQUENCE: 0.2 * dials.resistance * (0.2 if willing else 0.8),
        Act.DOUBTS: 0.0 if willing else 0.15 * dials.resistance,
        Act.SILENT: 0.06 * (10 - dials.talkativeness),
    }
    for act in _LEANINGS.get(m.persona.archetype, ()):
        base[act] = base[act] * 2 + 0.5
    return base


_LEANINGS: dict[Archetype, tuple[BorrowerAct, ...]] = {
    Archetype.AVOIDER: (Act.STALLS, Act.GUARDED, Act.SILENT),
    Archetype.ANGRY_DISPUTER: (Act.DISPUTES, Act.HOSTILE),
    Archetype.HARDSHIP: (Act.PLEADS_HARDSHIP,),
    Archetype.STRATEGIC_DEFAULTER: (Act.DOUBTS, Act.REFUSES),
    Archetype.BARGAINER: (Act.ASKS_OPTIONS,),
    Archetype.DESPAIRING: (Act.DESPAIRS, Act.SILENT),
    Archetype.DEBT_RELIEF_COACHED: (Act.DISPUTES, Act.COUNTER_THREATENS),
}


def _drawn(weights: dict[BorrowerAct, float], m: Moment, *, fresh: bool) -> BorrowerAct:
    """Draw an act; one that was just done is four times less likely."""
    recent = m.hidden.acts[-2:]
    acts = [act for act, weight in weights.items() if weight > 0]
    chances = [weights[act] * (0.25 if fresh and act in recent else 1) for act in acts]
    return m.rng.choices(acts, chances)[0]
