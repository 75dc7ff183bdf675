"""What the classifier of an agent's acts learns from: the tuned half of evals/labels/perception."""

from collections.abc import Sequence
from pathlib import Path

from borrowersim.acts import AgentAct
from borrowersim.linear import Linear
from borrowersim.perception.learned import features
from borrowersim.perception.lexical import perceive
from borrowersim.resources import data_dir
from borrowersim_evals.perception_check import LabelledTurn, labelled
from borrowersim_evals.training.fit import LANGUAGES, Row, digest_of, fit


def tuned(stem: str) -> list[LabelledTurn]:
    """Return the turns of `en` or `zh` that may be tuned on."""
    return [turn for language in LANGUAGES[stem] for turn in labelled(language) if turn.split == "tune"]


def digest(turns: Sequence[LabelledTurn]) -> str:
    """Return the digest of texts and labels."""
    return digest_of(f"{turn.language}|{turn.text}|{','.join(turn.acts)}" for turn in turns)


def fit_acts(turns: Sequence[LabelledTurn]) -> Linear:
    """Return the classifier of acts, fitted on these turns."""
    rows = [
        Row(features(perceive(turn.text, turn.language), turn.language), frozenset(str(act) for act in turn.acts))
        for turn in turns
    ]
    return fit(rows, [str(act) for act in AgentAct], digest(turns))


def weights_path(stem: str) -> Path:
    return data_dir("seeds") / "perception" / f"{stem}.npz"
