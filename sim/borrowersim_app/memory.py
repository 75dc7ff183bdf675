"""How often Python looks for cycles in memory."""

import gc

RARELY = (50_000, 20, 50)


def collect_rarely() -> None:
    """Look for cycles more seldom than Python does by itself.

    Reading cues, rules and personas makes a hundred thousand objects that stay, playing a talk many
    small frozen values and hardly a cycle: looking for cycles took a third of the time to start.
    """
    gc.set_threshold(*RARELY)
