"""How evenly a plan is laid: whether it follows size, how far members are apart, who has the last units of rounding."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Mask, Steps

_ALL = 7
"""Up to so many members every order is tried, of more a sample."""
_SAMPLE = 1999
_SAME = 1e-9
_ALMOST_ALL = 0.8
"""A member that is rounded to one side in so many of the months always is."""
UNLIKELY = 0.01
"""What chance alone does less often than this is told."""


class Correlation(Struct, frozen=True):
    """How far two orders agree: from -1 (opposite) to 1 (the same), and how often chance alone agrees as well."""

    value: float
    chance: float
    n: int

    @property
    def is_told(self) -> bool:
        """Whether chance does not explain it."""
        return self.chance < UNLIKELY


def rank_correlation(left: Floats, right: Floats) -> Correlation | None:
    """Return how far members' orders by two figures agree, NaN left out (Spearman); None if one has no order.

    `chance` is worked out by trying other orders; it is the same in whatever order members come.
    """
    known = np.isfinite(left) & np.isfinite(right)
    x, y = _ranks(left[known]), _ranks(right[known])
    n = len(x)
    if n < 3 or not x.std() or not y.std():
        return None
    order = np.lexsort((y, x))
    x, y = x[order] - x.mean(), y[order] - y.mean()
    scale = float(np.sqrt((x @ x) * (y @ y)))
    value = float(x @ y) / scale
    if n <= _ALL:
        tried = np.array(list(permutations(y))) @ x / scale
        chance = float((np.abs(tried) >= abs(value) - _SAME).mean())
    else:
        tried = np.random.default_rng(0).permuted(np.tile(y, (_SAMPLE, 1)), axis=1) @ x / scale
        chance = float(((np.abs(tried) >= abs(value) - _SAME).sum() + 1) / (_SAMPLE + 1))
    return Correlation(value, chance, n)


def _ranks(values: Floats) -> Floats:
    """Ranks from 0; equal values share the mean of theirs. Values that differ in the last digits are equal."""
    rounded = np.array([float(f"{value:.10g}") for value in values])
    _, at, counts = np.unique(rounded, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1
    return np.asarray((last - (counts - 1) / 2)[at])


def high_to_low(values: Floats) -> float:
    """Return the ninth tenth ÷ the first (P90 ÷ P10) of amounts, NaN left out; NaN if that says nothing."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.nan
    low, high = np.percentile(known, (10, 90))
    return float(high / low) if low > 0 else np.nan


def gini(values: Floats) -> float:
    """Return the Gini coefficient of amounts of 0 or more: 0 if all are the same, towards 1 if one has all."""
    known = np.sort(values[np.isfinite(values)])
    whole = float(known.sum())
    if not whole:
        return np.nan
    n = len(known)
    return float((2 * np.arange(1, n + 1) - n - 1) @ known / (n * whole))


class LastUnits(Struct, frozen=True):
    """Who has the last units, in the members' order.

    `net` is what each has in all above its exact share, in steps. `rounded` are the members whose targets differ from
    it by rounding alone, as far as it can be seen; of the others nothing is said.
    """

    net: Floats
    rounded: Mask
    always: Mask
    never: Mask


def last_units(months: Steps, exact: Floats, held: Mask) -> LastUnits | None:
    """Return who has the last units of members × months; None if most are no roundings of their `exact` shares.

    A fair rounding leaves everybody within a step in all. A member that has more, and in nearly every month, always
    gets them; one that has less never does. Members that are `held` by a person are left out.
    """
    off = months - exact
    off[held] = np.nan
    seen = np.abs(off[~held])
    if not seen.size or float(np.median(seen)) >= 1 or np.mean(seen < 1) < _ALMOST_ALL:
        return None
    net, most = np.nan_to_num(off.sum(axis=1)), months.shape[1] * len(months) / 2
    rounded = ~held & (np.abs(net) <= most)
    with np.errstate(invalid="ignore"):
        ups, downs = ((sign * off > _SAME).mean(axis=1) >= _ALMOST_ALL for sign in (1, -1))
    beyond = 1 + 1e-6
    return LastUnits(net, rounded, rounded & ups & (net > beyond), rounded & downs & (net < -beyond))
