"""What the borrower does next, as a note to the model that puts it into words."""

from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from borrowersim.acts import BorrowerAct
from borrowersim.documents import load
from borrowersim.intent import Intent
from borrowersim.resources import data_dir
from borrowersim.talk import Language


class Notes(BaseModel):
    """What the borrower does, as a note to the model (prompts/borrower/notes.yaml)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    notes: dict[Language, dict[BorrowerAct, str]]


@lru_cache(maxsize=1)
def notes() -> Notes:
    """Return the notes for every act and language."""
    return load(Notes, data_dir("prompts") / "borrower" / "notes.yaml")


def note_for(intent: Intent) -> str:
    """Return the note for one line, with what it may name."""
    note = notes().notes[intent.persona.language][intent.act]
    named = intent.tells[0] if intent.tells else _named(intent)
    return f"{note}: {named}" if named else note


def _named(intent: Intent) -> str:
    slots = intent.slots
    by_act = {
        BorrowerAct.BARGAINS: ("instalment",),
        BorrowerAct.ACCEPTS_PLAN: ("instalment",),
        BorrowerAct.REJECTS_UNAFFORDABLE: ("offered",),
        BorrowerAct.PROMISES_TO_PAY: ("sum", "day"),
        BorrowerAct.CORRECTS_AMOUNT: ("balance",),
    }
    return ", ".join(slots[name] for name in by_act.get(intent.act, ()) if name in slots)
