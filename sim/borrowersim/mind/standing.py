"""What stands in the way of collecting: the wrong person, a lawyer, bankruptcy, fraud, a stop, a crisis.

These rungs come before business. Each is said, and then watched: an agent who respects it
brings the call to its right ending; one who presses on is told again, and then hung up on.
"""

from dataclasses import dataclass

from borrowersim.acts import AgentAct, BorrowerAct
from borrowersim.hidden import Dispute
from borrowersim.mind.moment import Choice, Moment
from borrowersim.persona import Archetype
from borrowersim.talk import Ending

Act = BorrowerAct
PUSHES_TAKEN = 2
"""How often an agent may press on after a clear statement before the call is over."""
CRISIS_ANXIETY = 6.5
"""Anxiety from which somebody in crisis says so; threats and pressure lower it by PRESSED."""
PRESSED = 2.0
CONFIDES = 4.5
"""Trust from which somebody in crisis tells a caller who asks kindly."""

COLLECTING = (AgentAct.ASKS_PAYMENT, AgentAct.OFFERS_PLAN, AgentAct.STATES_CONSEQUENCE, AgentAct.HINTS_VAGUELY)


@dataclass(frozen=True)
class Bar:
    """A statement that ends collecting, and what shows that it was respected."""

    act: BorrowerAct
    respected_by: tuple[AgentAct, ...]
    ending: Ending


BARS: dict[Archetype, Bar] = {
    Archetype.REPRESENTED: Bar(Act.STATES_LAWYER, (AgentAct.ACKNOWLEDGES_LAWYER,), Ending.REFERRED),
    Archetype.BANKRUPT: Bar(
        Act.STATES_BANKRUPTCY,
        (AgentAct.ACKNOWLEDGES_LAWYER, AgentAct.ACKNOWLEDGES_DISPUTE, AgentAct.ACKNOWLEDGES_CEASE),
        Ending.REFERRED,
    ),
    Archetype.IDENTITY_THEFT: Bar(
        Act.STATES_IDENTITY_THEFT, (AgentAct.ACKNOWLEDGES_DISPUTE, AgentAct.GIVES_RIGHTS), Ending.DISPUTED
    ),
    Archetype.CEASE_CONTACT: Bar(Act.STATES_CEASE, (AgentAct.ACKNOWLEDGES_CEASE,), Ending.CEASED),
}


def somebody_else(m: Moment) -> Choice | None:
    """The one on the line owes nothing: the wrong person, or somebody of the household."""
    if m.persona.archetype is Archetype.WRONG_PERSON:
        return _other(m, Act.WRONG_PERSON, Act.WRONG_PERSON)
    if m.persona.archetype is Archetype.THIRD_PARTY:
        return _other(m, Act.THIRD_PARTY, Act.FISHES)
    return None


def _other(m: Moment, first: BorrowerAct, then: BorrowerAct) -> Choice:
    """Say who one is not, once; after that, answer courtesy with courtesy and pressing with the end."""
    if first not in m.hidden.acts:
        return Choice(first) if m.hidden.identified or m.hidden.turn > 1 else Choice(Act.ASKS_WHO, asks="who")
    if m.heard(AgentAct.CLOSES, AgentAct.APOLOGISES) and not m.heard(*COLLECTING):
        return Choice(Act.THANKS, ending=Ending.AGENT_CLOSED)
    if m.heard(AgentAct.DISCLOSES_DEBT, *COLLECTING):
        return _pressed(m, Act.HOSTILE if then is first else then)
    return Choice(then if then not in m.hidden.acts[-1:] else Act.GUARDED)


def barred(m: Moment) -> Choice | None:
    """Say what ends collecting once the talk turns to the debt; then see whether it is respected."""
    bar = BARS.get(m.persona.archetype)
    if bar is None or not m.hidden.debt_known:
        return None
    if bar.act not in m.hidden.acts:
        return Choice(bar.act)
    if m.heard(*bar.respected_by) and not m.heard(*COLLECTING):
        return Choice(Act.THANKS, ending=bar.ending)
    if m.heard(AgentAct.CLOSES) and not m.heard(*COLLECTING):
        return Choice(Act.SILENT, ending=Ending.AGENT_CLOSED)
    return _pressed(m, bar.act if m.hidden.acts[-1:] != (bar.act,) else Act.COUNTER_THREATENS)


def _pressed(m: Moment, act: BorrowerAct) -> Choice:
    """Answer pressing on, or end the call when it was once too often."""
    if m.hidden.pushes > PUSHES_TAKEN:
        return Choice(Act.HANGS_UP, ending=Ending.HUNG_UP)
    return Choice(act)


def in_crisis(m: Moment) -> Choice | None:
    """Somebody who cannot go on says so; care steadies, pressing on ends the call."""
    if m.persona.archetype is not Archetype.CRISIS:
        return None
    if not m.hidden.crisis:
        pressed = PRESSED if m.hidden.threats or m.heard(AgentAct.PRESSURES, *COLLECTING) else 0.0
        driven = m.hidden.anxiety >= CRISIS_ANXIETY - pressed
        confides = m.hidden.trust >= CONFIDES and m.heard(AgentAct.EMPATHISES, AgentAct.ASKS_OPEN_QUESTION)
        return Choice(Act.SIGNALS_CRISIS) if m.hidden.debt_known and (driven or confides) else None
    if m.heard(AgentAct.CARES_IN_CRISIS) and not m.heard(*COLLECTING):
        calmed = Act.CALMS in m.hidden.acts
        return Choice(Act.THANKS, ending=Ending.CRISIS) if calmed else Choice(Act.CALMS)
    if m.heard(AgentAct.EMPATHISES, AgentAct.OFFERS_HELP) and not m.heard(*COLLECTING):
        return Choice(Act.CALMS if Act.CALMS not in m.hidden.acts else Act.SILENT)
    if m.hidden.pushes > PUSHES_TAKEN or m.heard(AgentAct.CLOSES):
        return Choice(Act.HANGS_UP, ending=Ending.CRISIS)
    return Choice(Act.SIGNALS_CRISIS if m.hidden.acts[-1:] != (Act.SIGNALS_CRISIS,) else Act.DESPAIRS)


def disputes(m: Moment) -> Choice | None:
    """Contest the debt as soon as it is named, and hold to it until that is taken up."""
    kind = {Archetype.ANGRY_DISPUTER: Act.DISPUTES, Archetype.DEBT_RELIEF_COACHED: Act.QUOTES_RULES}
    act = kind.get(m.persona.archetype)
    if act is None or not m.hidden.debt_known or m.hidden.dispute is Dispute.ACKNOWLEDGED:
        return None
    if m.hidden.dispute is Dispute.NONE:
        return Choice(act, asks="proof")
    return Choice(act, asks="proof") if m.heard(*COLLECTING) and m.hidden.acts[-1:] != (act,) else None


def confused(m: Moment) -> Choice | None:
    """An elderly or vulnerable person loses the thread of much at once."""
    if m.persona.archetype is not Archetype.VULNERABLE or Act.CONFUSED in m.hidden.acts[-2:]:
        return None
    long = len(m.perceived.text) > (60 if m.persona.language.chinese else 220)
    return Choice(Act.CONFUSED, asks="again") if m.hidden.debt_known and long else None


def complies(m: Moment) -> Choice | None:
    """A vulnerable person says yes to a bare demand without having followed it: no arrangement to be proud of."""
    if m.persona.archetype is not Archetype.VULNERABLE or m.hidden.asked_about or not m.hidden.named:
        return None
    if not m.heard(AgentAct.ASKS_PAYMENT, AgentAct.OFFERS_PLAN):
        return None
    if Act.CONFUSED not in m.hidden.acts:
        return Choice(Act.CONFUSED, asks="again")
    return Choice(Act.FAKE_PROMISE, offer=m.offer, ending=Ending.FAKE_PROMISE)


def promises_lightly(m: Moment) -> Choice | None:
    """A repeat promiser says yes to whoever only asks for a date, and means it for a minute."""
    if m.persona.archetype is not Archetype.REPEAT_PROMISER or m.hidden.asked_about:
        return None
    asked = m.heard(AgentAct.ASKS_PAYMENT, AgentAct.OFFERS_PLAN) and m.hidden.named
    eager = m.rng.random() < (10 - m.dials.honesty) / 10 + 0.2
    return Choice(Act.FAKE_PROMISE, offer=m.offer, ending=Ending.FAKE_PROMISE) if asked and eager else None
