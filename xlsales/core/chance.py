"""What members may still sell, as a thousand equally likely outcomes, and the chance that it is enough.

1. A curve of days says what the days ahead are worth beside past ones (`day_curve`).
2. Each member's level on that curve, relative to the whole's, comes from its own past months, with the error that it
   made when it foretold them (`sales_levels`).
3. An outcome takes a level within that error, and days of the past, week by week: the same weeks for all members, so
   that what happens together stays together, and few large orders stay few and large.
4. From the top down the outcomes of members are brought to their parent's; then a parent's outcome is the sum of its
   members', in each of them. So a chance of a parent and those of its members come from the same futures.

The outcomes follow from a fixed number and the count of days alone: the same data give the same ones on any computer.
The whole's are the same whichever dimension its members are of, unless members opened in the past: it is then
held against its past as if they had been open all along.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from xlsales.core.arrays import Floats, Mask, product
from xlsales.core.day_curve import day_curve
from xlsales.core.periods import Days
from xlsales.core.plan import DayRule
from xlsales.core.sales_levels import levels, own_seasons

OUTCOMES = 1000
LEAST_DAYS = 28
"""Nothing is said from fewer past days."""
STEP = 0.05
"""A chance is told in steps of this; what is still open is never nearer to 0 or 1 than one step."""
_SEED = 20260101
_LATEST = 1096
"""Weeks of the last three years are drawn from."""
_MONTH = 30
_LEAST_SHARE = 0.2
"""A past day counts as worth at least so much of the usual one, so that a closed day's sale does not become a flood."""
_NOT_LUCK = 5.0
"""A member opened late if, as it sells since, so many days with sales were missing before its first."""
_TIGHTEST, _WIDEST = 0.2, 5.0
"""Outcomes of members are brought to their parent's by a factor within these."""


class DailySales(Struct, frozen=True, dict=True):
    """Past sales by day, in any one unit: those of the whole, and those of all members × days, parents' too.

    `days` are in order, none left out; `parents` are positions of members, -1 at the top. What a parent sold beyond
    its members stays its own.
    """

    days: Days
    whole: Floats
    members: Floats
    parents: tuple[int, ...]

    @cached_property
    def _closed(self) -> tuple[Floats, NDArray[np.intp]]:
        """The whole, the members and what parents sold beyond these, and the parent of each (-1: the whole's)."""
        rows = np.vstack([self.whole, self.members.reshape(len(self.parents), len(self.days))])
        above = np.array([-1, *(parent + 1 for parent in self.parents)], dtype=np.intp)
        below = np.zeros_like(rows)
        np.add.at(below, above[1:], rows[1:])
        parents = np.unique(above[1:])
        rest = rows[parents] - below[parents]
        size = np.abs(rows[parents]).sum(axis=1)
        left = np.abs(rest).sum(axis=1) > 1e-9 * size
        return np.vstack([rows, rest[left]]), np.concatenate([above, parents[left]])

    @cached_property
    def _as_now(self) -> tuple[Floats, Mask]:
        """The closed rows as if all members of now had been open, and the days from which each counts."""
        rows, above = self._closed
        is_open = _open_days(rows)
        return _alike(rows, above, is_open), is_open


class Outlook(Struct, frozen=True):
    """What may be sold in the open days: `outcomes`, the whole and then the members × outcomes, NaN if unknown.

    `is_over` is whether no day is open any more: then all is known, and nothing more is sold.
    """

    outcomes: Floats
    is_over: bool

    def range(self, shares: Sequence[float] = (0.1, 0.5, 0.9)) -> Floats:
        """Return, for the whole and each member, what is sold at most with a chance of these: P10, P50, P90."""
        return np.asarray(np.quantile(self.outcomes, shares, axis=1).T)

    def only(self, rows: Sequence[int] | NDArray[np.intp]) -> Outlook:
        """Return the outlook of these rows; 0 is the whole."""
        return Outlook(self.outcomes[rows], self.is_over)

    def chances(self, needed: ArrayLike) -> Floats:
        """Return the chance that what is still needed is sold, for the whole and each member, in steps of 5 %."""
        wanted = np.asarray(needed, dtype=np.float64)
        exact = (self.outcomes >= wanted[:, None]).mean(axis=1)
        told = np.round(np.round(exact / STEP) * STEP, 2)
        if not self.is_over:
            told = np.clip(told, STEP, 1 - STEP)
        return np.where(np.isnan(wanted) | np.isnan(self.outcomes).any(axis=1), np.nan, told)


def outlook(past: DailySales, ahead: Days, rules: tuple[DayRule, ...] = (), open_ahead: Mask | None = None) -> Outlook:
    """Return what the whole and its members may sell in the days ahead (in order, none left out).

    The days ahead may begin later than on the day after the past ones; what is sold between is not told.
    `rules` are the calendar's rows; `open_ahead`, members × days ahead, says on which of them a member is open, of
    those that have none below them. A member that never sold is unknown, and so is everything with fewer than
    LEAST_DAYS of past; without days ahead it is 0.
    """
    n = len(past.parents) + 1
    if not len(ahead) or len(past.days) < LEAST_DAYS:
        return _known_or_not(n, ahead)
    rows, above = past._closed
    draws = _Draws(past, ahead, rules, len(rows))
    likely = draws.likely
    if open_ahead is not None:
        likely = likely * _open_parts(likely, above, open_ahead, draws.to_come)
    outcomes = _coherent(draws.outcomes(likely), above)[:n]
    outcomes[~(rows[:n] != 0).any(axis=1)] = np.nan
    return Outlook(outcomes, False)


def outlook_of_whole(past: DailySales, ahead: Days, rules: tuple[DayRule, ...] = ()) -> Outlook:
    """Return the outlook on the whole alone, as `outlook` gives it with its members, in a fraction of the time."""
    if not len(ahead) or len(past.days) < LEAST_DAYS or not past.whole.any():
        return _known_or_not(1, ahead)
    draws = _Draws(past, ahead, rules, 1)
    return Outlook(draws.outcomes(draws.likely), False)


def _known_or_not(rows: int, ahead: Days) -> Outlook:
    """The outlook without days ahead, or of what is not known."""
    return Outlook(np.full((rows, OUTCOMES), np.nan if len(ahead) else 0.0), not len(ahead))


def _open_days(rows: Floats) -> Mask:
    """The days from which rows count: all, or those since the first sale if luck does not explain its being late."""
    n, sold = rows.shape[1], rows != 0
    first = np.argmax(sold, axis=1)
    expected = first * sold.sum(axis=1) / (n - first)
    opened = np.where((first >= _MONTH) & (expected > _NOT_LUCK), first, 0)
    return np.asarray(np.arange(n) >= opened[:, None])


def _open_parts(likely: Floats, above: NDArray[np.intp], open_ahead: Mask, to_come: Floats) -> Floats:
    """How much of what rows are likely to sell is left for the days on which they are open."""
    parts, whole = np.ones(len(likely)), max(float(to_come.sum()), 1e-12)
    parts[1 : len(open_ahead) + 1] = product(open_ahead, to_come[:, None])[:, 0] / whole
    order = np.arange(len(likely))
    for parent in order[np.isin(order, above)][::-1].tolist():  # a parent comes before its members
        below = np.flatnonzero(above == parent)
        total = float(likely[below].sum())
        parts[parent] = float(likely[below] @ parts[below]) / total if total > 0 else 1.0
    return parts


def _alike(rows: Floats, above: NDArray[np.intp], is_open: Mask) -> Floats:
    """Past sales as if all members of now had been open: what members sold lately is missing before they opened."""
    leaves = np.setdiff1d(np.arange(1, len(rows)), above)
    late = leaves[~is_open[leaves, 0]]
    if not len(late):
        return rows
    latest = slice(-min(rows.shape[1], 365), None)
    sold, counted = rows[:, latest].sum(axis=1), is_open[:, latest].sum(axis=1)
    rates = np.zeros(len(rows))
    rates[leaves] = np.maximum(sold[leaves] / np.maximum(counted[leaves], 1), 0.0)
    all_, missing = np.zeros(len(rows)), np.zeros(rows.shape)
    for leaf in leaves.tolist():
        row = int(above[leaf])
        while row >= 0:
            all_[row] += rates[leaf]
            if not is_open[leaf, 0]:
                missing[row] += rates[leaf] * ~is_open[leaf]
            row = int(above[row])
    part = 1 - np.divide(missing, all_[:, None], out=np.zeros_like(missing), where=all_[:, None] > 0)
    return np.asarray(rows / np.maximum(part, _LEAST_SHARE))


class _Draws:
    """What the first `count` rows (the whole first) are `likely` to sell, and outcomes around it, each by itself."""

    def __init__(self, past: DailySales, ahead: Days, rules: tuple[DayRule, ...], count: int) -> None:
        rows, is_open = past._as_now[0][:count], past._as_now[1][:count]
        days, curve = past.days, day_curve(past.days, rows[0], ahead, rules)
        self.days, self.rows, self.is_open, self.ahead, self.curve = days, rows, is_open, ahead, curve
        n = len(days)
        self.expected, self.to_come = curve.expected[:n], curve.expected[n:]
        self.starts = np.concatenate([[0], np.arange(n % _MONTH or _MONTH, n, _MONTH)])
        self.rng = np.random.Generator(np.random.PCG64([_SEED, n, len(ahead)]))
        self.whole = levels(self._by_month(rows[:1]), self._by_month(is_open[:1] * self.expected))
        self.now = float(self.whole.now[0])
        self.due = self.expected * self._path(float(self.whole.pace[0]))
        self.shares = levels(self._by_month(rows[1:]), self._by_month(is_open[1:] * self.due))
        by_month: Floats = np.bincount(curve.months[n:], self.to_come, 12).astype(np.float64)
        seasons = own_seasons(rows[1:], self.due, is_open[1:], curve.months[:n], by_month)
        self.likely = self.now * self.to_come.sum() * np.concatenate([[1.0], self.shares.now * seasons])

    def outcomes(self, likely: Floats) -> Floats:
        """Rows × outcomes of rows that are likely to sell so much."""
        luck = self._luck(self.due, self.now * self.to_come)
        return np.asarray(likely[:, None] * luck * self._shocks(luck.var(axis=1)))

    def _by_month(self, by_day: Floats) -> Floats:
        """Sums of stretches of 30 days, counted back from the last day."""
        return np.add.reduceat(by_day, self.starts, axis=1)

    def _path(self, pace: float) -> Floats:
        """The level of the whole on each past day, its month's neighbours counting with the memory of its pace."""
        sold, due = self._by_month(self.rows[:1])[0], self._by_month(self.expected[None])[0]
        n = len(sold)
        memory = (1 - pace) ** np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
        weight = memory @ due
        path = np.divide(memory @ sold, weight, out=np.zeros(n), where=weight > 0)
        path = np.maximum(path, 1e-3 * path.max()) if path.max() > 0 else np.ones(n)
        return np.repeat(path, np.diff([*self.starts, len(self.days)]))

    def _luck(self, due: Floats, due_ahead: Floats) -> Floats:
        """Rows × outcomes, 1 on average: what drawn weeks of the past sold beside what was due in them."""
        size = min(len(self.days), _LATEST)
        base, count = len(self.days) - size, -(-len(self.ahead) // 7)
        shift = int((self.ahead[0] - self.days[base]).astype(np.int64)) % 7
        weeks = (size - shift - 1) // 7 + 1
        begin = (self.rng.random((OUTCOMES, count)) * weeks).astype(np.int64)
        worth = np.maximum(due[base:], max(_LEAST_SHARE * float(np.median(due[base:])), 1e-12))
        is_open = self.is_open[:, base:]
        late = ~is_open.all(axis=1)
        by_day = np.concatenate([self.rows[:, base:] / worth, is_open[late]])
        in_week = (np.arange(weeks)[:, None] * 7 + np.arange(7) + shift) % size
        of_week, to_come = by_day[:, in_week], np.zeros(count * 7)
        to_come[: len(self.ahead)] = due_ahead
        sold = np.zeros((len(by_day), OUTCOMES))
        for week, drawn in enumerate(begin.T):
            sold += np.einsum("rwd,d->rw", of_week, to_come[week * 7 : week * 7 + 7])[:, drawn]
        n, asked = len(self.rows), np.full((len(self.rows), OUTCOMES), due_ahead.sum())
        sold, asked[late] = sold[:n], sold[n:]
        ratio = np.divide(sold, asked, out=np.zeros_like(sold), where=asked > 0)
        mean = ratio.mean(axis=1, keepdims=True)
        relative = np.divide(ratio, mean, out=np.ones_like(ratio), where=mean > 0)
        return np.asarray(1 + (relative - 1) * np.sqrt(is_open.mean(axis=1, keepdims=True)))

    def _shocks(self, luck: Floats) -> Floats:
        """Rows × outcomes, 1 on average: how far the level may be from the likely one."""
        wait = float((self.ahead[0] - self.days[-1]).astype(np.int64) - 1) / _MONTH
        months = float((self.ahead[-1] - self.ahead[0]).astype(np.int64) + 1) / _MONTH
        seasons = self.curve.spread(float(self.whole.pace[0]))
        first = np.sqrt(self.whole.spread(months, luck[:1], wait) ** 2 + seasons)
        spread = np.concatenate([first, self.shares.spread(months, luck[1:], wait)])[:, None]
        uniform = self.rng.random((len(self.rows), 2, OUTCOMES))
        normal = np.sqrt(-2 * np.log(1 - uniform[:, 0])) * np.cos(2 * np.pi * uniform[:, 1])
        return np.asarray(np.exp(spread * normal - spread**2 / 2))


def _coherent(outcomes: Floats, above: NDArray[np.intp]) -> Floats:
    """Bring outcomes to those of the parent, from the top down; then make each parent the sum of what is below it."""
    families: dict[int, list[int]] = {}
    for row, parent in enumerate(above.tolist()):
        families.setdefault(parent, []).append(row)
    order = [0]
    for parent in order:
        order += families.get(parent, [])
    for parent in order:
        family = families.get(parent)
        if family:
            total = outcomes[family].sum(axis=0)
            factor = np.divide(outcomes[parent], total, out=np.ones_like(total), where=total > 0)
            outcomes[family] *= np.clip(factor, _TIGHTEST, _WIDEST)
    for parent in reversed(order):
        family = families.get(parent)
        if family:
            outcomes[parent] = outcomes[family].sum(axis=0)
    return outcomes
