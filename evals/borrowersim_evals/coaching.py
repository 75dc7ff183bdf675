"""Better lines in a model's words, for a person who practises: one call a talk, every line checked by the rules.

What the model proposes is shown only when it breaks no rule in its place, gets fair marks, is in
the talk's language and short enough to say; else the curated line stays.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from borrowersim.errors import ModelError
from borrowersim.models.base import Ask, ChatModel, Message, Usage
from borrowersim.models.form import json_document, spoken
from borrowersim.prompts import prompt_named
from borrowersim.talk import Talk
from borrowersim.text import han_share
from borrowersim_evals.better import is_weak
from borrowersim_evals.evaluate import is_fit
from borrowersim_evals.evidence import defused
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Score, TurnMarks

MOST_TURNS = 8
"""Turns of one talk that are asked about, the weakest first; nobody reads more at once."""
LONGEST = 400
"""Characters of a line that a person would say in one go."""
TURN_CHARS = 800


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    turn: int
    line: str


class _Lines(BaseModel):
    model_config = ConfigDict(extra="ignore")

    lines: list[_Line]


async def coached(talk: Talk, score: Score, model: ChatModel) -> Score:
    """Return the score with the model's better lines where they are fit; unchanged when it gives none."""
    weak = _weakest(score)
    if not weak:
        return score
    try:
        reply = await model.reply(_messages(talk, score, weak), _ask(weak))
        said = _Lines.model_validate_json(json_document(spoken(reply.text)))
    except ModelError as failure:
        return _noted(score, f"{model.name} gave no better lines: {failure}")
    except ValidationError:
        return _noted(score, f"{model.name} gave no better lines: the answer was not in the form asked for")
    fit = dict(_fit(said.lines, talk, weak))
    turns = tuple(m.model_copy(update={"better": fit[m.turn]}) if m.turn in fit else m for m in score.turns)
    refused = len(said.lines) - len(fit)
    notes = (f"{model.name}: {refused} better lines were refused",) if refused else ()
    return score.model_copy(
        update={"turns": turns, "notes": (*score.notes, *notes), "usage": score.usage + _cost(reply.usage)}
    )


def _cost(usage: Usage) -> Usage:
    return usage if usage.calls else usage.model_copy(update={"calls": 1})


def _noted(score: Score, note: str) -> Score:
    return score.model_copy(update={"notes": (*score.notes, note)})


def _weakest(score: Score) -> list[TurnMarks]:
    """Return the turns to say better: those with breaches first, then by marks, in the order of the talk."""
    weak = [marks for marks in score.turns if is_weak(marks, score.legal)]
    broken = {finding.turn for finding in score.breaches}
    grave = sorted(weak, key=lambda m: (m.turn not in broken, (m.respect or 5) + (m.clarity or 5), m.turn))
    return sorted(grave[:MOST_TURNS], key=lambda m: m.turn)


def _messages(talk: Talk, score: Score, weak: Sequence[TurnMarks]) -> list[Message]:
    said = "\n".join(f"[{i}] {turn.speaker}: {defused(turn.text, TURN_CHARS)}" for i, turn in enumerate(talk.turns))
    wrong = "\n".join(f"[{marks.turn}] {'; '.join(_reasons(marks, score))}" for marks in weak)
    parts = prompt_named("judge/better").messages(language=str(talk.language), talk=said, weak=wrong)
    return [Message(role=role, content=content) for role, content in parts]


def _reasons(marks: TurnMarks, score: Score) -> Iterator[str]:
    """Yield what was wrong with a turn: the rules that it broke, then what lowered its marks."""
    yield from (f.why for f in score.breaches if f.turn == marks.turn)
    yield f"respect {marks.respect or '-'} of 5, clarity {marks.clarity or '-'} of 5"
    yield from dict.fromkeys((*marks.respect_why, *marks.clarity_why))


def _ask(weak: Sequence[TurnMarks]) -> Ask:
    return Ask(max_tokens=100 + 120 * len(weak), temperature=0.3, seed=0, json_schema=_schema([m.turn for m in weak]))


def _schema(turns: list[int]) -> dict[str, Any]:
    line = {
        "type": "object",
        "properties": {"turn": {"type": "integer", "enum": turns}, "line": {"type": "string"}},
        "required": ["turn", "line"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"lines": {"type": "array", "items": line, "maxItems": len(turns)}},
        "required": ["lines"],
        "additionalProperties": False,
    }


def _fit(lines: Sequence[_Line], talk: Talk, weak: Sequence[TurnMarks]) -> Iterator[tuple[int, str]]:
    """Yield (turn, line) of the lines that may be shown; the first for each turn."""
    pack, open_ = pack_for(talk.jurisdiction), {marks.turn for marks in weak}
    for proposed in lines:
        line = " ".join(proposed.line.split())
        if proposed.turn in open_ and _sayable(line, talk) and is_fit(talk, proposed.turn, line, pack):
            open_.remove(proposed.turn)
            yield proposed.turn, line


def _sayable(line: str, talk: Talk) -> bool:
    own = han_share(line) > 0.5 if talk.language.chinese else han_share(line) < 0.1
    return 0 < len(line) <= LONGEST and own
