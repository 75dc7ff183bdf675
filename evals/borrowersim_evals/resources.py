"""Where the evaluator's text files are: in the wheel or in a checkout."""

from importlib.resources import files
from pathlib import Path


def data_dir(name: str) -> Path:
    """Return the folder `suites`, `rules`, `rubrics` or `labels`, from the wheel or from a checkout."""
    packed = Path(str(files("borrowersim_evals"))) / "_data" / name
    return packed if packed.is_dir() else Path(__file__).parents[1] / name
