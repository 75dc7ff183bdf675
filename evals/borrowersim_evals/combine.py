"""Two judgements into one score, by rules that are written down here.

Legal. What the rules found stands; a model cannot take a breach away. A model may add a finding
on a turn and rule of which the rules said nothing, and may decide a `cannot_tell` of theirs into
a breach. One turn and rule gives one finding.

Respect and clarity. A turn's mark is the model's where it gave one, else the rules'. The talk's
mark is made from the turns by the same formula for both (respect.py, clarity.py).

Total, 0-100. Legal starts at 100 and loses, for each turn with a breach, the penalty of the
gravest one: one sentence may break four laws and is still one sentence. Doubts cost nothing.
Respect and clarity turn 1-5 into 0-100. The three are weighed; while the law is not judged there
is no total, since good manners say nothing of it, and a mark that is missing is left out. A critical breach caps the
total at 40, a major one at 70: good manners do not outweigh the law. Faults of the simulator
are no part of it.
"""

from collections.abc import Mapping, Sequence

from borrowersim.models.base import Usage
from borrowersim.talk import Talk
from borrowersim_evals.answer import BAD_FORM
from borrowersim_evals.clarity import talk_clarity
from borrowersim_evals.features import readings
from borrowersim_evals.judge import UNREACHED
from borrowersim_evals.respect import talk_respect
from borrowersim_evals.verdict import RANK, Finding, Judgement, Score, Severity, TurnMarks

WEIGHTS = {"legal": 0.4, "respect": 0.35, "clarity": 0.25}
"""Law weighs most because a breach is a liability; respect before clarity because it decides
whether the borrower goes on listening at all."""
PENALTY: Mapping[Severity, int] = {"critical": 60, "major": 30, "minor": 10}
CAPS: Mapping[Severity, int] = {"critical": 40, "major": 70}


def combine(talk: Talk, by_rules: Judgement, by_model: Judgement | None) -> Score:
    """Return the score of a talk from what the rules say and, when asked, what a model says."""
    heard = by_model if by_model and not by_model.unscored else None
    legal = _legal(by_rules.legal, heard.legal if heard else ())
    turns = _turns(by_rules.turns, heard.turns if heard else ())
    respect, clarity = _talk_marks(talk, turns)
    decided = _decided_by(by_rules, heard, turns)
    return Score(
        id=talk.id,
        legal=legal,
        turns=turns,
        respect=respect,
        clarity=clarity,
        total=total(legal if decided["legal"] != "nobody" else None, respect, clarity),
        decided_by=decided,
        unscored=_unscored(decided, by_rules, by_model),
        judges={j.judge: j.version for j in (by_rules, by_model) if j},
        notes=_notes(by_model),
        usage=by_model.usage if by_model else Usage(),
    )


def _legal(rules: Sequence[Finding], model: Sequence[Finding]) -> tuple[Finding, ...]:
    found = {(f.turn, f.rule): f for f in rules}
    for finding in model:
        known = found.get((finding.turn, finding.rule))
        if known is None or (known.status == "cannot_tell" and finding.status == "breach"):
            found[finding.turn, finding.rule] = finding
    return tuple(sorted(found.values(), key=lambda f: (f.turn, RANK[f.severity], f.rule)))


def _turns(rules: Sequence[TurnMarks], model: Sequence[TurnMarks]) -> tuple[TurnMarks, ...]:
    """Return one entry a turn: the model's marks over the rules', the rules' reasons kept."""
    merged = {marks.turn: marks for marks in rules}
    for marks in model:
        under = merged.get(marks.turn, TurnMarks(turn=marks.turn))
        over = {name: value for name in ("respect", "clarity") if (value := getattr(marks, name)) is not None}
        merged[marks.turn] = under.model_copy(update=over)
    return tuple(merged[turn] for turn in sorted(merged))


def _talk_marks(talk: Talk, turns: Sequence[TurnMarks]) -> tuple[float | None, float | None]:
    return talk_respect([t.respect for t in turns]), talk_clarity(readings(talk), [t.clarity for t in turns])


def total(legal: Sequence[Finding] | None, respect: float | None, clarity: float | None) -> float | None:
    """Return the total of 0-100; None stands for a criterion that nobody judged."""
    parts = {
        "legal": None if legal is None else legal_points(legal),
        "respect": None if respect is None else (respect - 1) * 25,
        "clarity": None if clarity is None else (clarity - 1) * 25,
    }
    judged = {name: points for name, points in parts.items() if points is not None}
    if "legal" not in judged:
        return None
    value = sum(WEIGHTS[name] * points for name, points in judged.items()) / sum(WEIGHTS[name] for name in judged)
    caps = [CAPS[f.severity] for f in legal or () if f.status == "breach" and f.severity in CAPS]
    return round(min([value, *caps]), 1)


def legal_points(legal: Sequence[Finding]) -> float:
    """Return 100 less the penalty of the gravest breach of each turn, never below 0."""
    gravest: dict[int, int] = {}
    for finding in legal:
        if finding.status == "breach":
            gravest[finding.turn] = max(gravest.get(finding.turn, 0), PENALTY[finding.severity])
    return float(max(0, 100 - sum(gravest.values())))


def _decided_by(rules: Judgement, model: Judgement | None, turns: Sequence[TurnMarks]) -> dict[str, str]:
    names = {"legal": _who(bool(rules.legal_judged), bool(model and model.legal_judged))}
    for criterion in ("respect", "clarity"):
        theirs = {t.turn for t in (model.turns if model else ()) if getattr(t, criterion) is not None}
        marked = {t.turn for t in turns if getattr(t, criterion) is not None}
        names[criterion] = _who(bool(marked - theirs), bool(theirs))
    return names


def _who(rules: bool, model: bool) -> str:
    return "+".join(name for name, had_a_part in (("rules", rules), ("judge", model)) if had_a_part) or "nobody"


def _unscored(decided: Mapping[str, str], rules: Judgement, model: Judgement | None) -> str:
    """Return what could not be judged. The model's own words stay in the notes, not here."""
    why = rules.unscored or "no rule pack for this jurisdiction"
    gaps = [f"legal: {why}"] if decided["legal"] == "nobody" else []
    gaps += [f"{name}: no turn to judge" for name in ("respect", "clarity") if decided[name] == "nobody"]
    if model and model.unscored:
        known = (reason for reason in (UNREACHED, BAD_FORM) if model.unscored.startswith(reason))
        gaps.append(f"judge: {next(known, model.unscored)}")
    return "; ".join(gaps)


def _notes(model: Judgement | None) -> tuple[str, ...]:
    if model is None:
        return ()
    notes = {
        f"{model.judge}: {model.unscored}": bool(model.unscored),
        f"{model.judge}: {model.dropped} parts of the answer were refused": bool(model.dropped),
        f"{model.judge}: {model.left_out} rules did not fit into the prompt": bool(model.left_out),
    }
    return tuple(note for note, holds in notes.items() if holds)
