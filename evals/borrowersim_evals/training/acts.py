"""What the classifier of an agent's acts learns from: the tuned half of evals/labels/perception."""

from borrowersim.acts import AgentAct
from borrowersim.linear import Linear
from borrowersim.perception.learned import features
from borrowersim_evals.perception_check import LabelledTurn, labelled
from borrowersim_evals.training.fit import LANGUAGES, Row, digest_of, fit


def tuned(stem: str) -> list[LabelledTurn]:
    """Return the turns of `en` or `zh` that may be tuned on."""
    return [turn for language in LANGUAGES[stem] for turn in labelled(language) if turn.split == "tune"]


def digest(stem: str) -> str:
    """Return the digest of texts and labels."""
    return digest_of(f"{turn.language}|{turn.text}|{','.join(turn.acts)}" for turn in tuned(stem))


def fit_acts(stem: str) -> Linear:
    """Return the classifier of acts of `en` or `zh`."""
    rows = [Row(features(turn.text, turn.language), frozenset(str(act) for act in turn.acts)) for turn in tuned(stem)]
    return fit(rows, [str(act) for act in AgentAct], digest(stem))
