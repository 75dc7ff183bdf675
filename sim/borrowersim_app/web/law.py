"""What the law asks of a call before it begins, by topic, from the rule packs."""

from borrowersim.persona import Persona
from borrowersim.talk import Facts, Jurisdiction
from borrowersim_evals.report.words import Row
from borrowersim_evals.rules.pack import Pack, Rule
from borrowersim_evals.rules.packs import pack_for

TOPICS: dict[str, Row] = {
    "identify": ("Say who you are", "表明身份", "表明身分"),
    "disclose": ("What must be said", "必须告知", "必須告知"),
    "hours": ("When and how often", "时间与频次", "時間與頻率"),
    "people": ("Who may hear of it", "可以对谁说", "可以對誰說"),
}

BRIEFED: dict[Jurisdiction, dict[str, tuple[str, ...]]] = {
    Jurisdiction.US: {
        "identify": ("us.fdcpa.1692d-6",),
        "disclose": ("us.fdcpa.1692e-11a", "us.fdcpa.1692g-a"),
        "hours": ("us.fdcpa.1692c-a1", "us.regf.1006.14-b2-7in7"),
        "people": ("us.fdcpa.1692c-b-rightparty", "us.fdcpa.1692c-b"),
    },
    Jurisdiction.CN: {
        "identify": ("cn.identify", "cn.impersonate.bank"),
        "disclose": ("cn.record",),
        "hours": ("cn.time.22-8", "cn.freq.gbt-3"),
        "people": ("cn.third.only-debtor", "cn.third.nodisclose"),
    },
    Jurisdiction.TW: {
        "identify": ("tw.outsource.14-1-5",),
        "disclose": ("tw.outsource.13-rec",),
        "hours": ("tw.outsource.14-1-3",),
        "people": ("tw.outsource.14-1-4", "tw.card.goodfaith"),
    },
    Jurisdiction.HK: {
        "identify": ("hk.cop.43-2b-falsename",),
        "disclose": ("hk.cop.complaint",),
        "hours": ("hk.cop.43-2a-calls",),
        "people": ("hk.cop.43-3", "hk.cop.confidential"),
    },
    Jurisdiction.UK: {
        "identify": ("uk.conc.7.9.10",),
        "disclose": ("uk.signpost",),
        "hours": ("uk.conc.7.9.4",),
        "people": ("uk.conc.7.9.6", "uk.conc.7.9.7"),
    },
}
"""The rules of each topic that a caller should have in mind before the first word; ids of the packs."""


def law_for(persona: Persona) -> dict[str, list[Rule]]:
    """Return topic -> rules that may bind a call to this borrower; empty without a pack."""
    pack = pack_for(persona.jurisdiction)
    if pack is None:
        return {}
    chosen = BRIEFED[persona.jurisdiction]
    found = {topic: _binding(pack, ids, persona.facts) for topic, ids in chosen.items()}
    return {topic: rules for topic, rules in found.items() if rules}


def _binding(pack: Pack, ids: tuple[str, ...], facts: Facts) -> list[Rule]:
    """Return the rules that are in the pack (a house may have taken some out) and fit the case file."""
    rules = {rule.id: rule for rule in pack.rules}
    return [rules[i] for i in ids if i in rules and _fits(rules[i], facts)]


def _fits(rule: Rule, facts: Facts) -> bool:
    bound, channels = rule.when.collector_type, rule.when.channel
    return not (
        (facts.collector_type and bound and facts.collector_type not in bound)
        or (facts.channel and channels and facts.channel not in channels)
    )
