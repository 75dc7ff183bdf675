"""The borrower's mind: pure code, no model. Perception in, hidden state and act out."""

from borrowersim.mind.ability import able, affordable, disposable, lump_sum, own_proposal
from borrowersim.mind.feelings import opening
from borrowersim.mind.ground import Price, price, won_over
from borrowersim.mind.moment import Choice
from borrowersim.mind.step import Step, step

__all__ = [
    "Choice",
    "Price",
    "Step",
    "able",
    "affordable",
    "disposable",
    "lump_sum",
    "opening",
    "own_proposal",
    "price",
    "step",
    "won_over",
]
