"""Scores of people and stores: points for indicators by how far each is reached, and the mean of rates.

A rate of a whole is never a sum: it is the mean of its parts' rates by their weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.arrays import Floats
from xlsales.core.progress import divide


def reached(actual: ArrayLike, target: ArrayLike, less: ArrayLike = False) -> Floats:
    """Return how far each target is reached: actual ÷ target; target ÷ actual if `less` is better.

    Blank (NaN) if one is blank, or the target is zero and more is better. If less is better and nothing happened, it
    is without limit (infinite), but 1 if nothing was allowed either.
    """
    actuals, targets = np.asarray(actual, dtype=np.float64), np.asarray(target, dtype=np.float64)
    best = np.where(targets == 0, 1.0, np.inf)
    best = np.where(np.isnan(actuals) | np.isnan(targets), np.nan, best)
    return np.where(less, divide(targets, actuals, np.where(actuals == 0, best, np.nan)), divide(actuals, targets))


def points(attainment: ArrayLike, weights: ArrayLike, cap: ArrayLike = np.inf) -> Floats:
    """Return each indicator's points: its weight × its attainment, which counts up to `cap` (1.1 is 110 %).

    Blank if the attainment or the weight is blank.
    """
    return np.asarray(np.asarray(weights, dtype=np.float64) * np.minimum(attainment, cap))


def weighted_mean(rates: ArrayLike, weights: ArrayLike) -> float:
    """Return the mean of rates by weights; parts with a blank (NaN) rate or weight do not count.

    NaN if nothing weighs.
    """
    values, pull = np.asarray(rates, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    there = ~(np.isnan(values) | np.isnan(pull))
    whole = pull[there].sum()
    return float((values[there] * pull[there]).sum() / whole) if whole else float("nan")
