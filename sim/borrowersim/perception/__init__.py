"""Perception: what the agent did with a turn. To add another depth, write a Perceiver (base.py)."""
