"""How the agent's acts move trust, anger, anxiety, patience and the sense of what is at stake.

Every number is on the 0-10 scale of the dials and is a designed choice, not an
estimate from data; the reasons stand beside them. What matters is their order: harm
costs more than kindness earns, kindness without substance wears off, and a lawful
consequence counts only when it is stated clearly and without a threat beside it.
"""

from dataclasses import dataclass

from borrowersim.acts import HARMFUL, AgentAct, BorrowerAct, Perceived
from borrowersim.hidden import Hidden
from borrowersim.persona import Dials, Persona

MAX_STEP = 2.0
"""No feeling moves further than this in one turn: people do not turn on a word."""
COURTESY_CAP = 1.5
"""All the trust that kind words alone can earn in one talk."""
STAKES_CAP_WHEN_THREATENED = 2.0
"""After a threat the law sounds like another threat, until somebody apologises."""


@dataclass(frozen=True)
class Pull:
    """What one act does to each feeling, before the dials scale it."""

    trust: float = 0
    anger: float = 0
    anxiety: float = 0
    patience: float = 0


PULLS: dict[AgentAct, Pull] = {
    AgentAct.IDENTIFIES_SELF: Pull(trust=0.4),
    AgentAct.VERIFIES_IDENTITY: Pull(trust=0.2),
    AgentAct.EMPATHISES: Pull(trust=0.7, anger=-0.6, anxiety=-0.6, patience=0.3),
    AgentAct.APOLOGISES: Pull(trust=0.4, anger=-0.7),
    AgentAct.ASKS_OPEN_QUESTION: Pull(trust=0.6, anger=-0.2, patience=0.2),
    AgentAct.REFLECTS: Pull(trust=0.8, anger=-0.4, anxiety=-0.3, patience=0.3),
    AgentAct.OFFERS_HELP: Pull(trust=0.6, anger=-0.3, anxiety=-0.5),
    AgentAct.GIVES_RIGHTS: Pull(trust=0.6, anger=-0.3, anxiety=-0.2),
    AgentAct.CARES_IN_CRISIS: Pull(trust=1.2, anger=-0.8, anxiety=-0.8, patience=0.5),
    AgentAct.ACKNOWLEDGES_DISPUTE: Pull(trust=1.0, anger=-1.0),
    AgentAct.ACKNOWLEDGES_LAWYER: Pull(trust=0.8, anger=-0.5),
    AgentAct.ACKNOWLEDGES_CEASE: Pull(trust=0.8, anger=-0.8),
    AgentAct.STATES_CONSEQUENCE: Pull(anxiety=0.6),
    AgentAct.HINTS_VAGUELY: Pull(trust=-0.5, anger=0.5, anxiety=0.6, patience=-0.4),
    AgentAct.PRESSURES: Pull(trust=-0.5, anger=0.5, anxiety=0.5, patience=-0.7),
    AgentAct.FALSE_DEADLINE: Pull(trust=-0.7, anger=0.5, anxiety=0.6, patience=-0.7),
    AgentAct.FALSE_CLAIM: Pull(trust=-1.2, anger=0.9, anxiety=1.0, patience=-1.0),
    AgentAct.THREATENS: Pull(trust=-1.6, anger=1.6, anxiety=1.3, patience=-1.2),
    AgentAct.INSULTS: Pull(trust=-1.6, anger=2.0, anxiety=0.5, patience=-1.5),
}
CAUGHT = Pull(trust=-0.9, anger=0.4, patience=-0.4)
"""Going against one's own words: short of a lie, and worse than pressing. The turn earns nothing else."""
COURTESY = frozenset({AgentAct.EMPATHISES, AgentAct.APOLOGISES})
"""Kind words that cost nothing; what they earn is capped."""
ONCE = frozenset({AgentAct.IDENTIFIES_SELF, AgentAct.VERIFIES_IDENTITY})
"""Acts that count the first time only."""


def trust_gain_factor(dials: Dials) -> float:
    """Return how much of a good deed reaches this borrower: 1.0 at resistance 0, 0.4 at 10."""
    return 1 - 0.06 * dials.resistance


def opening(persona: Persona, dials: Dials) -> Hidden:
    """Return the state before the first word: what the dials and the last calls left behind."""
    resistance, stress = dials.resistance, dials.financial_stress
    return Hidden(
        trust=4.5 - 0.35 * resistance,
        anger=_bounded(0.25 * dials.hostility + 0.1 * resistance),
        anxiety=_bounded(1 + 0.6 * stress),
        patience=_bounded(9 - 0.35 * resistance),
    )


def moved(
    hidden: Hidden,
    perceived: Perceived,
    dials: Dials,
    *,
    offer_fits: bool | None,
    repeats: bool,
    contradicts: bool = False,
) -> Hidden:
    """Return the state after hearing a turn; each feeling moves by at most MAX_STEP."""
    trust, courtesy = _trust(hidden, perceived, dials, offer_fits)
    pulls = [PULLS[act] for act in sorted(perceived.acts) if act in PULLS]
    nag = 0.8 if repeats else 0.0
    ignored = 0.8 if hidden.asked and not answers(hidden.asked, perceived) else 0.0
    heat = 0.6 + 0.08 * dials.hostility  # a mild person's anger rises at 0.6 of the rate, a fierce one's at 1.4
    caught = CAUGHT if contradicts else Pull()
    anger = sum(p.anger * (heat if p.anger > 0 else 1) for p in pulls) + 0.3 * (nag + ignored) + caught.anger
    return hidden.model_copy(
        update={
            "trust": _step(hidden.trust, (min(trust, 0.0) if contradicts else trust) + caught.trust - 0.4 * ignored),
            "anger": _step(hidden.anger, anger),
            "anxiety": _step(hidden.anxiety, sum(p.anxiety for p in pulls)),
            "patience": _step(hidden.patience, sum(p.patience for p in pulls) - 0.3 - nag - ignored + caught.patience),
            "stakes": _stakes(hidden, perceived, dials),
            "courtesy": courtesy,
            "threats": _threats(hidden, perceived),
            "notice_given": hidden.notice_given or clear_notice(perceived),
        }
    )


def clear_notice(perceived: Perceived) -> bool:
    """Say whether a consequence was stated that a person can believe: clear, and no threat beside it."""
    return perceived.has(AgentAct.STATES_CONSEQUENCE) and not perceived.acts & HARMFUL


def _trust(hidden: Hidden, perceived: Perceived, dials: Dials, offer_fits: bool | None) -> tuple[float, float]:
    """Return (change of trust, courtesy used so far). A turn that does harm earns nothing."""
    losses = sum(min(PULLS[a].trust, 0) for a in sorted(perceived.acts) if a in PULLS)
    if perceived.acts & HARMFUL:
        return losses, hidden.courtesy
    factor = trust_gain_factor(dials)
    kind = sum(PULLS[a].trust for a in sorted(perceived.acts & COURTESY)) * factor
    kind = min(kind, max(0.0, COURTESY_CAP * factor - hidden.courtesy))
    earned = sum(max(PULLS[a].trust, 0) for a in sorted(_counted(hidden, perceived) - COURTESY)) * factor
    return losses + kind + earned + _offer_trust(offer_fits, factor), hidden.courtesy + kind


def _counted(hidden: Hidden, perceived: Perceived) -> frozenset[AgentAct]:
    """Return the heard acts that move feelings, without those that only count once and have."""
    spent = ONCE if hidden.identified else frozenset()
    return frozenset(act for act in perceived.acts if act in PULLS and _asked_for(act, hidden)) - spent


def _asked_for(act: AgentAct, hidden: Hidden) -> bool:
    """Say whether an acknowledgement answers something that the borrower has said."""
    said = ANSWERS_TO.get(act)
    return said is None or bool(said & set(hidden.acts))


ANSWERS_TO: dict[AgentAct, frozenset[BorrowerAct]] = {
    AgentAct.ACKNOWLEDGES_DISPUTE: frozenset(
        {
            BorrowerAct.DISPUTES,
            BorrowerAct.DENIES,
            BorrowerAct.CORRECTS_AMOUNT,
            BorrowerAct.QUOTES_RULES,
            BorrowerAct.STATES_IDENTITY_THEFT,
            BorrowerAct.STATES_BANKRUPTCY,
        }
    ),
    AgentAct.ACKNOWLEDGES_LAWYER: frozenset({BorrowerAct.STATES_LAWYER, BorrowerAct.STATES_BANKRUPTCY}),
    AgentAct.ACKNOWLEDGES_CEASE: frozenset({BorrowerAct.STATES_CEASE, BorrowerAct.WRONG_PERSON}),
    AgentAct.CARES_IN_CRISIS: frozenset({BorrowerAct.SIGNALS_CRISIS, BorrowerAct.DESPAIRS}),
}
"""Acknowledging what nobody has said earns nothing."""


def _offer_trust(offer_fits: bool | None, factor: float) -> float:
    """A plan one can live with is the strongest sign of being heard; an impossible one says the opposite."""
    if offer_fits is None:
        return 0.0
    return 1.0 * factor if offer_fits else -0.3


def _stakes(hidden: Hidden, perceived: Perceived, dials: Dials) -> float:
    """Return the sense of what is at stake: a clear lawful notice raises it, a threat does not."""
    if perceived.acts & HARMFUL:
        return min(hidden.stakes, STAKES_CAP_WHEN_THREATENED)
    rise = 0.0
    if perceived.has(AgentAct.STATES_CONSEQUENCE):
        rise += 2.4 if not hidden.notice_given else 1.2
    if hidden.notice_given and perceived.has(AgentAct.OFFERS_PLAN, AgentAct.ASKS_PAYMENT):
        rise += 0.9  # after a notice, a sum and a day show that it is meant
    if hidden.notice_given and perceived.has(AgentAct.GIVES_RIGHTS):
        rise += 0.5  # whoever names the other side's rights is not bluffing
    if perceived.has(AgentAct.HINTS_VAGUELY) and hidden.stakes < 1:
        rise += 0.2
    capped = STAKES_CAP_WHEN_THREATENED if hidden.threats else 10.0
    return max(hidden.stakes, min(capped, hidden.stakes + rise))


def _threats(hidden: Hidden, perceived: Perceived) -> int:
    """Count the turns that did harm; a plain apology in a turn of its own takes one back."""
    hard = perceived.acts & {AgentAct.THREATENS, AgentAct.INSULTS, AgentAct.FALSE_CLAIM}
    if hard:
        return hidden.threats + 1
    return max(0, hidden.threats - 1) if perceived.has(AgentAct.APOLOGISES) else hidden.threats


ANSWERED_BY = {
    "who": (AgentAct.IDENTIFIES_SELF,),
    "consequence": (AgentAct.STATES_CONSEQUENCE, AgentAct.GIVES_RIGHTS),
    "options": (AgentAct.OFFERS_PLAN, AgentAct.OFFERS_HELP),
    "proof": (AgentAct.ACKNOWLEDGES_DISPUTE, AgentAct.GIVES_RIGHTS, AgentAct.OFFERS_HELP),
    "bargain": (AgentAct.OFFERS_PLAN, AgentAct.CONFIRMS, AgentAct.OFFERS_HELP),
}


def answers(asked: str, perceived: Perceived) -> bool:
    """Say whether a turn answers the question that the borrower asked."""
    return perceived.has(*ANSWERED_BY.get(asked, ()))


def _step(value: float, change: float) -> float:
    return _bounded(value + max(-MAX_STEP, min(MAX_STEP, change)))


def _bounded(value: float) -> float:
    """Keep a feeling within 0-10; three decimals, so that records read well and replay exactly."""
    return round(max(0.0, min(10.0, value)), 3)
