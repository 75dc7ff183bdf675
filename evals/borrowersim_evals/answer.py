"""A judge's answer: the form it must have, and what of it stands up to the talk."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from borrowersim.errors import BadAnswer
from borrowersim.models.form import json_document, spoken
from borrowersim.talk import Talk
from borrowersim_evals.clarity import weighed_clarity
from borrowersim_evals.evidence import quoted
from borrowersim_evals.menu import Menu
from borrowersim_evals.respect import talk_respect
from borrowersim_evals.rules.pack import Rule
from borrowersim_evals.rules.words import unknown
from borrowersim_evals.verdict import Finding, Judgement, Mark, TurnMarks

BAD_FORM = "no answer was in the form asked for"
MOST_FINDINGS = 12
"""Of one answer; a model that finds more repeats itself."""
OMISSIONS = frozenset({"required_statement", "required_conduct_after_trigger", "time_or_frequency_limit"})
"""Kinds of rule that silence can break: a finding needs no quote."""


_Part = TypeVar("_Part", bound=BaseModel)
_MARK: TypeAdapter[int] = TypeAdapter(Mark)


class _TurnAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    turn: int
    respect: int | None = None
    clarity: int | None = None


class _FindingAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    turn: int
    rule: str
    quote: str = ""
    status: str = "breach"


class Answer(BaseModel):
    """The whole answer; its parts are looked at one by one."""

    model_config = ConfigDict(extra="ignore")

    turns: list[dict[str, Any]]
    findings: list[dict[str, Any]] = []


def parsed(text: str) -> Answer:
    """Return the answer in a model's words; raise BadAnswer that says what is wrong with it."""
    document = json_document(spoken(text))
    try:
        answer = Answer.model_validate_json(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise BadAnswer(f"{where}: {first['msg']}") from None
    if not answer.turns:
        raise BadAnswer("turns: no turn was marked")
    return answer


def answer_schema(turns: list[int], rules: list[str]) -> dict[str, Any]:
    """Return the JSON Schema of an answer: only these turns, only these rules."""
    mark = {"anyOf": [{"type": "integer", "enum": [1, 2, 3, 4, 5]}, {"type": "null"}]}
    turn = {"type": "integer", "enum": turns}
    status = {"type": "string", "enum": ["breach", "cannot_tell"]}
    rule = {"type": "string", "enum": rules} if rules else {"type": "string"}
    most = MOST_FINDINGS if rules else 0
    return _object(
        findings=_list(_object(turn=turn, rule=rule, quote={"type": "string"}, status=status), most=most),
        turns=_list(
            _object(turn=turn, seen={"type": "string"}, respect=mark, clarity=mark), least=len(turns), most=len(turns)
        ),
    )


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(items: dict[str, Any], *, most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


class Reader:
    """Takes from an answer what stands up to the talk, and counts the rest."""

    def __init__(self, talk: Talk, menu: Menu) -> None:
        self._talk = talk
        self._menu = menu
        self._texts = dict(talk.agent_turns())
        self._dropped = 0

    def judgement(self, answer: Answer, blank: Judgement) -> Judgement:
        marks = self._marks(answer.turns)
        legal = self._findings(answer.findings)
        turns = tuple(marks[index] for index in sorted(marks))
        scored = any(t.respect or t.clarity for t in turns)
        return blank.model_copy(
            update={
                "legal": legal,
                "turns": turns,
                "respect": talk_respect([t.respect for t in turns]),
                "clarity": weighed_clarity([t.clarity for t in turns]),
                "legal_judged": blank.legal_judged and scored,
                "unscored": "" if scored else f"{BAD_FORM}: no turn of the agent got a usable mark",
                "dropped": self._dropped,
            }
        )

    def _marks(self, parts: list[dict[str, Any]]) -> dict[int, TurnMarks]:
        marks: dict[int, TurnMarks] = {}
        for part in parts:
            said = self._checked(_TurnAnswer, {**part, **self._in_range(part)})
            if said is None:
                continue
            if said.turn not in self._texts or said.turn in marks:
                self._dropped += 1
                continue
            marks[said.turn] = TurnMarks(turn=said.turn, respect=said.respect, clarity=said.clarity)
        return marks

    def _in_range(self, part: dict[str, Any]) -> dict[str, Any]:
        """Return the two marks, each None when it is not one of 1 to 5."""
        return {name: self._mark(part.get(name)) for name in ("respect", "clarity")}

    def _mark(self, value: Any) -> int | None:
        if value is None:
            return None
        try:
            if not isinstance(value, bool):
                return _MARK.validate_python(value)
        except ValidationError:
            pass
        self._dropped += 1
        return None

    def _findings(self, parts: list[dict[str, Any]]) -> tuple[Finding, ...]:
        found: dict[tuple[int, str], Finding] = {}
        for part in parts:
            said = self._checked(_FindingAnswer, part)
            if said is None:
                continue
            finding = self._finding(said)
            if finding is None:
                self._dropped += 1
            else:
                found.setdefault((finding.turn, finding.rule), finding)
        return tuple(found[key] for key in sorted(found))

    def _finding(self, said: _FindingAnswer) -> Finding | None:
        rule = self._menu.rules.get(said.rule)
        fact = self._menu.due.get((said.turn, said.rule))
        if rule is None or fact is None or said.status not in ("breach", "cannot_tell"):
            return None
        quote = quoted(said.quote, self._texts[said.turn])
        if quote is None and (said.quote.strip() or rule.kind not in OMISSIONS):
            return None
        return Finding(
            turn=said.turn,
            rule=rule.id,
            status="cannot_tell" if fact or said.status == "cannot_tell" else "breach",
            severity=rule.severity,
            quote=quote or "",
            citation=rule.citation,
            source="judge",
            why=self._says(rule, fact),
            verified=rule.verified,
        )

    def _says(self, rule: Rule, fact: str) -> str:
        says = rule.says(self._talk.language)
        return unknown(says, fact, self._talk.language) if fact else says

    def _checked(self, model: type[_Part], part: dict[str, Any]) -> _Part | None:
        try:
            return model.model_validate(part)
        except ValidationError:
            self._dropped += 1
            return None
