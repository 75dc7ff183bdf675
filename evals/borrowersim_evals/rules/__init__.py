"""Rules of law as data: packs, the states that activate them, and the engine that reads a talk."""

from borrowersim_evals.rules.detect import evaluate
from borrowersim_evals.rules.pack import Pack, Rule, load_pack
from borrowersim_evals.rules.packs import all_packs, pack_for
from borrowersim_evals.rules.state import Standing, standings

__all__ = ["Pack", "Rule", "Standing", "all_packs", "evaluate", "load_pack", "pack_for", "standings"]
