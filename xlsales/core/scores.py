"""Scores of people and stores: points for indicators by how far each is reached, and the mean of rates.

A rate of a whole is never a sum: it is the mean of its parts' rates by their weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.arrays import Floats
from xlsales.core.progress import divide

NEAR = 1e-9
"""So little below a bound has reached it, in spite of the processor's fractions."""
SCORE_DIGITS = 1
"""Points are rounded to so many decimals, each criterion for itself: the parts that people see add up to the score."""
_SAME_WEIGHT = 1e-6


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


def counted(attainment: ArrayLike, cap: ArrayLike = np.inf, floor: ArrayLike = 0.0) -> Floats:
    """Return what counts of an attainment: at least 0, at most `cap`, and 0 if it is below `floor`; blank stays so.

    A blank (NaN) cap or floor is none.
    """
    reach, most = np.asarray(attainment, dtype=np.float64), np.asarray(cap, dtype=np.float64)
    within = np.clip(reach, 0.0, np.where(np.isnan(most), np.inf, most))
    return np.where(reach + NEAR < np.nan_to_num(np.asarray(floor, dtype=np.float64)), 0.0, within)


def criterion_points(weights: ArrayLike, counts: ArrayLike) -> Floats:
    """Return each criterion's points out of 100: its weight (0.6 is 60 %) × what counts, rounded; blank stays blank."""
    return rounded(points(counts, weights) * 100, SCORE_DIGITS)


def rounded(values: ArrayLike, digits: int) -> Floats:
    """Return numbers of 0 or more rounded half up, as ROUND of a spreadsheet does of a number NEAR above."""
    scale = 10.0**digits
    return np.asarray(np.floor((np.asarray(values, dtype=np.float64) + NEAR) * scale + 0.5) / scale)


def ranks(scores: ArrayLike, known: ArrayLike) -> Floats:
    """Return the rank of each score, the greatest first; equal ones share a rank, and the next rank is left out.

    `known` is the weight that a score stands on: blank (NaN) is the rank of those that stand on less than others, and
    of a blank score.
    """
    points_of, weights = np.asarray(scores, dtype=np.float64), np.asarray(known, dtype=np.float64)
    ranked = ~np.isnan(points_of) & (weights >= weights.max(initial=0.0) - _SAME_WEIGHT)
    above = (points_of[None, :] > points_of[:, None] + NEAR) & ranked[None, :]
    return np.where(ranked, above.sum(axis=1) + 1.0, np.nan)
