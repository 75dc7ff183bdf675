"""Where the text files of the product are: in the wheel or in a checkout."""

from importlib.resources import files
from pathlib import Path


def data_dir(name: str) -> Path:
    """Return the folder `seeds` or `prompts`, from the wheel or from a checkout.

    Wheels are installed unpacked, so the answer is a real path.
    """
    packed = Path(str(files("borrowersim"))) / "_data" / name
    return packed if packed.is_dir() else Path(__file__).parents[2] / name
