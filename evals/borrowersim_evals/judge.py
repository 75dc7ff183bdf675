"""The LLM judge: one structured call a talk, every part of the answer checked by code.

The model proposes, code disposes: turns must be the agent's, rules must be on the menu, quotes
must stand in the turn, marks must be 1 to 5. What fails is dropped and counted. An answer that
is no answer is asked for again, twice at most; then the talk is unscored, which is not a pass.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from borrowersim.errors import BadAnswer, ModelError, ServiceDown
from borrowersim.models.base import Ask, ChatModel, Message, Usage
from borrowersim.models.form import excerpt
from borrowersim.prompts import Prompt, prompt_named
from borrowersim.talk import Talk
from borrowersim_evals.answer import BAD_FORM, Answer, Reader, answer_schema, parsed
from borrowersim_evals.evidence import defused
from borrowersim_evals.menu import Menu, menu_of
from borrowersim_evals.rubric import Criterion, rubric_of
from borrowersim_evals.rules.packs import pack_for
from borrowersim_evals.verdict import Judgement

UNREACHED = "the model could not be reached"


@dataclass(frozen=True)
class Budget:
    """How much of what may go into one prompt, in characters."""

    rules: int
    turn: int
    """Of one turn; a longer one loses its middle."""


LARGE = Budget(rules=16_000, turn=4_000)
SMALL = Budget(rules=1_800, turn=500)
"""For an embedded model with a context of 4k tokens, talk and answer included."""


def budget_for(model: str) -> Budget:
    """Return the budget of a model by its name: embedded ones have little room."""
    return SMALL if model.startswith("local/") else LARGE


async def judge_by_model(talk: Talk, model: ChatModel, budget: Budget | None = None, *, seed: int = 0) -> Judgement:
    """Return the model's judgement of a talk; unscored with the reason when it gives none."""
    prompt = prompt_named("judge/talk")
    room = budget or budget_for(model.name)
    pack = pack_for(talk.jurisdiction)
    menu = menu_of(talk, pack, room.rules)
    blank = Judgement(
        judge=model.name, version=_version(prompt, model), legal_judged=bool(menu.rules), left_out=menu.left_out
    )
    if not any(text.strip() for _, text in talk.agent_turns()):
        return blank.model_copy(update={"unscored": "the agent said nothing", "legal_judged": False})
    asking = _Asking(model, _ask(talk, menu, seed))
    try:
        answer = await asking.answer(_messages(prompt, talk, menu, room))
    except ModelError as failure:
        why = f"{UNREACHED if isinstance(failure, ServiceDown) else BAD_FORM}: {excerpt(str(failure))}"
        return blank.model_copy(update={"unscored": why, "legal_judged": False, "usage": asking.used})
    return Reader(talk, menu).judgement(answer, blank.model_copy(update={"usage": asking.used}))


def _version(prompt: Prompt, model: ChatModel) -> str:
    rubrics = ", ".join(f"{name}@{rubric_of(name).version}" for name in _CRITERIA)
    return f"{prompt.id}@{prompt.version} {prompt.fingerprint}, {rubrics}, {model.name}"


_CRITERIA: tuple[Criterion, ...] = ("respect", "clarity")


ASKS = 3
"""Times that a talk is put to a judge whose answer is not usable. With one answer in twenty malformed, two leave one
talk in four hundred unjudged, three one in eight thousand."""


class _Asking:
    """Asks, and asks again with the complaint."""

    def __init__(self, model: ChatModel, ask: Ask) -> None:
        self._model = model
        self._ask = ask
        self.used = Usage()

    async def answer(self, messages: Sequence[Message]) -> Answer:
        """Return a well-formed answer; raise BadAnswer after the last one that is not, or ServiceDown."""
        asked = messages
        for left in reversed(range(ASKS)):
            said = ""
            try:
                said = await self._said(asked)
                return parsed(said)
            except BadAnswer as complaint:
                if not left:
                    raise
                asked = [*messages, *_again(said, complaint)]
        raise AssertionError("a judge is asked at least once")

    async def _said(self, messages: Sequence[Message]) -> str:
        reply = await self._model.reply(messages, self._ask)
        self.used += reply.usage
        return reply.text


def _again(said: str, complaint: BadAnswer) -> list[Message]:
    """Return what is said to a judge after an answer of no use."""
    again = f"That was not usable: {complaint}. Answer again with the one JSON document and nothing else."
    given = [Message(role="assistant", content=said)] if said.strip() else []
    return [*given, Message(role="user", content=again)]


def _messages(prompt: Prompt, talk: Talk, menu: Menu, room: Budget) -> list[Message]:
    parts = prompt.messages(
        respect=_anchors("respect", talk),
        clarity=_anchors("clarity", talk),
        rules=menu.lines(talk),
        facts=_facts(talk, room.turn),
        talk="\n".join(_numbered(talk, room.turn)),
        turns=", ".join(str(index) for index, _ in talk.agent_turns()),
    )
    return [Message(role=role, content=content) for role, content in parts]


def _anchors(criterion: Criterion, talk: Talk) -> str:
    rubric = rubric_of(criterion)
    anchors = [f"{mark}: {words.of(talk.language)}" for mark, words in sorted(rubric.anchors.items(), reverse=True)]
    return "\n".join([*anchors, *(words.of(talk.language) for words in rubric.notes[:2])])


def _facts(talk: Talk, most: int) -> str:
    known = talk.facts.model_dump(mode="json", exclude_none=True)
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in known.items()]
    note = [f"note: {talk.note}"] if talk.note.strip() else []
    return "\n".join(defused(line, most) for line in [*lines, *note]) or "nothing is known besides the words"


def _numbered(talk: Talk, most: int) -> list[str]:
    """Return one line a turn; a turn's own line breaks are gone, so that it cannot forge another."""
    return [f"[{i}] {turn.speaker}: {defused(turn.text, most)}" for i, turn in enumerate(talk.turns)]


def _ask(talk: Talk, menu: Menu, seed: int) -> Ask:
    turns = [index for index, _ in talk.agent_turns()]
    return Ask(
        max_tokens=500 + 60 * len(turns), temperature=0, seed=seed, json_schema=answer_schema(turns, list(menu.rules))
    )
