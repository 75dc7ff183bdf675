"""Fit the small classifiers on the labelled turns that may be tuned on, and write their weights.

    python -m borrowersim_evals.training

needs scikit-learn (`pip install 'borrowersim[train]'`). Only the tuned part of the labels is
read. The weights carry a digest of the turns, so that stale ones are noticed by a test.
"""
