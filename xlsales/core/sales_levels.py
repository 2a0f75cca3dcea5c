"""How much a member sells now, of what a curve expects, and how sure that is, by the errors that it made before.

A level follows past months with a memory: each further month counts (1 - pace) times as much as the one after it.
The pace is the one of PACES by which the next month was foretold best, of this member, with that of all members as a
second voice. A fast pace means that the level wanders, so that it also will in the months to come.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask, product

PACES = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5])
_BEFORE = 3
"""A month is foretold from at least so many before it."""
_VOICE = 24.0
"""What is best for all members counts as so many months of one member."""
_UNKNOWN = 0.25
"""The variance of a level that could not foretell a month yet, as a share of it squared."""
_LEAST_YEARS = 1.5
"""A member has seasons of its own by so many years."""
_WIDEST = 4.0


class Levels(Struct, frozen=True):
    """Each member's level now, sold ÷ expected, and variances as shares of its square.

    `unsure` is what is not known of it now, `wander` what is added with each month, `luck` that of a month alone;
    `pace` is the one it follows by.
    """

    now: Floats
    unsure: Floats
    wander: Floats
    luck: Floats
    pace: Floats

    def spread(self, months: float, days: Floats, wait: float = 0.0) -> Floats:
        """Return the standard deviation of the logarithm of the mean level over so many months to come.

        `wait` is how many months there are before these. `days` is the variance that comes from the luck of days: only
        what months have beyond it is added.
        """
        beyond = np.maximum(self.luck / max(months, 1.0) - days, 0.0)
        variance = np.minimum(self.unsure + self.wander * (wait + months / 3) + beyond, _WIDEST)
        return np.asarray(np.sqrt(np.log1p(variance)))


def levels(sold: Floats, expected: Floats) -> Levels:
    """Return the levels of members from what they sold and what was expected, members × months, the latest month last.

    A month in which nothing is expected of a member, as before it opened, does not count.
    """
    members, ways, memory = len(sold), len(PACES), (1 - PACES)[:, None]
    sums, sizes, errors = (np.zeros((ways, members)) for _ in range(3))
    seen, foretold = np.zeros(members), np.zeros(members)
    open_months = (expected > 0).sum(axis=1)
    usual = expected.sum(axis=1) / np.maximum(open_months, 1)
    for month in range(sold.shape[1]):
        on = expected[:, month] > 0
        size = np.divide(expected[:, month], usual, out=np.zeros(members), where=on)
        ratio = np.divide(sold[:, month], expected[:, month], out=np.zeros(members), where=on)
        ready = on & (seen >= _BEFORE)
        missed = ratio - np.divide(sums, sizes, out=np.zeros_like(sums), where=sizes > 0)
        errors += np.where(ready, size * missed**2, 0.0)
        foretold += ready
        sums = np.where(on, sums * memory + size * ratio, sums)
        sizes = np.where(on, sizes * memory + size, sizes)
        seen += on
    errors = np.divide(errors, foretold, out=np.zeros_like(errors), where=foretold > 0)
    at = _best(errors, foretold), np.arange(members)
    now = np.divide(sums[at], sizes[at], out=np.zeros(members), where=sizes[at] > 0)
    known = (foretold > 0) & (now != 0)
    error = np.divide(errors[at], now**2, out=np.full(members, _UNKNOWN), where=known)
    pace = PACES[at[0]]
    unsure = np.where(known, np.maximum(pace, 1 / np.maximum(seen, 1)) * (1 - pace), 1.0) * error
    luck = np.where(known, (1 - pace) * error, 0.0)
    return Levels(now, unsure, np.where(known, pace**2 * error, 0.0), luck, pace)


def _best(errors: Floats, months: Floats) -> NDArray[np.intp]:
    """The position of the pace with the least errors (ways × members): a member's own, and that of all."""
    least = errors.min(axis=0)
    told = least > 0
    worse = np.log(np.divide(errors, least, out=np.ones_like(errors), where=told))
    all_ = worse @ months / max(float(months[told].sum()), 1.0)
    return np.asarray(np.argmin(worse * months + _VOICE * all_[:, None], axis=0))


def own_seasons(sold: Floats, expected: Floats, is_open: Mask, months: NDArray[np.int64], ahead: Floats) -> Floats:
    """Return what members sell in the days ahead by their own seasons ÷ by those of the whole.

    `sold` are members × days, `expected` the days' expectations in them, `is_open` the days on which a member counts,
    `months` the month of the year of past days, `ahead` what is expected of each month of the year. A month of a
    member counts as far as it is further from the whole's than days' luck takes it.
    """
    each = np.eye(12)[months]
    due, found = product(is_open, each * expected[:, None]), product(sold, each)
    total = due.sum(axis=1, keepdims=True)
    level = np.divide(found.sum(axis=1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
    there = (due > 0) & (level > 0)
    apart = np.divide(found, due * level, out=np.ones_like(due), where=there) - 1
    luck = _luck(sold, expected, is_open, level[:, 0])[:, None]
    noise = np.divide(luck, due, out=np.zeros_like(due), where=there)
    own = np.maximum(np.where(there, apart**2 - noise, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1), 0.0)
    own = np.where(is_open.sum(axis=1) >= _LEAST_YEARS * 365, own, 0.0)[:, None]
    believed = np.divide(own, own + noise, out=np.zeros_like(due), where=there & (own > 0))
    seasons = np.maximum(1 + believed * apart, 0.05)
    past = np.divide((seasons * due).sum(axis=1), total[:, 0], out=np.ones(len(sold)), where=total[:, 0] > 0)
    return np.asarray(seasons @ ahead / max(float(ahead.sum()), 1e-12) / past)


def _luck(sold: Floats, expected: Floats, is_open: Mask, level: Floats) -> Floats:
    """The variance that a unit of expectation has by luck, from stretches of 30 days beside their expectation."""
    starts = np.arange(len(expected) % 30, len(expected), 30)
    if not len(starts):
        return np.zeros(len(sold))
    due = np.add.reduceat(is_open * expected, starts, axis=1)
    found = np.add.reduceat(sold, starts, axis=1)
    ratio = np.divide(found, due * level[:, None], out=np.ones_like(due), where=(due > 0) & (level[:, None] > 0))
    total = due.sum(axis=1)
    return np.asarray(
        np.divide((due**2 * (ratio - 1) ** 2).sum(axis=1), total, out=np.zeros(len(sold)), where=total > 0)
    )
