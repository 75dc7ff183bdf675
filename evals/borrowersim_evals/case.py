"""A case: one played talk and what the evaluation says of it."""

from pydantic import BaseModel, ConfigDict

from borrowersim.record import Played
from borrowersim_evals.verdict import Score


class Case(BaseModel):
    """One played talk with its score; a run is a list of these."""

    model_config = ConfigDict(frozen=True)

    played: Played
    score: Score
