"""Members × months before rounding: each member's months around all holds.

The company's months are known. In each month, at every member: the target less the fixed amounts anywhere below is
shared by the weights of the free members below, and sums go upwards. No parent pays alone for the holds inside it. A
member that is not open has no weight. If totals of members are held too (locks and bounds of the whole plan), a
factor per member and the shares of the months are fitted in turn until both agree. The factor is one for all free
members; for a member at its lock or bound it is the one that meets it (Bregman's projections; RAS is the plain case).

All amounts here are floats in units of the company: a member's target divided by its stretches from the top, so
children always add up to their parent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask

_ROUNDS = 300  # of fitting totals and months in turn
_NEWTON = 200
_NEAR = 1e-6, 1e-13  # in steps, and relative to the whole: closer totals are met
_MOST = 1e30  # a factor that large moves nothing more
_LEAST = 1e-100  # a smaller weight is none: a fit that does not close leaves such weights
_EXACT = 1e-13  # relative: a sum of floats that closes


class HeldTotals(Struct, frozen=True):
    """The held totals of members: at least `low`, at most `high`; a locked member has both equal."""

    low: Floats
    high: Floats

    @property
    def any(self) -> bool:
        """Whether any total is held."""
        return bool((self.low > 0).any() or np.isfinite(self.high).any())

    def met_by(self, totals: Floats, steps: int) -> bool:
        """Whether totals meet the holds, to so many steps: rounding may add one step at each level."""
        return bool(((totals >= self.low - steps) & (totals <= self.high + steps)).all())


class Levels:
    """The tree as arrays: positions by depth, each with its parent; the whole is the last position."""

    def __init__(self, parents: Sequence[int], depths: Sequence[int]) -> None:
        self.parents = np.array(parents, dtype=np.intp)
        depth = np.array(depths, dtype=np.intp)
        self.by_depth = [np.flatnonzero(depth == d) for d in range(1, int(depth.max(initial=0)) + 1)]
        self.n = len(self.parents)
        self.leaf = np.ones(self.n + 1, dtype=np.bool_)
        self.leaf[self.parents] = False

    def summed(self, leaves: Floats) -> Floats:
        """Return the sums of the leaves below each member, the whole last."""
        out = np.concatenate([np.where(self.leaf[:-1].reshape(-1, *[1] * (leaves.ndim - 1)), leaves, 0.0),
                              np.zeros((1, *leaves.shape[1:]))])  # fmt: skip
        for at in reversed(self.by_depth):
            np.add.at(out, self.parents[at], out[at])
        return out


def share_members(
    levels: Levels, weights: Floats, fixed: Floats, company: Floats, totals: HeldTotals
) -> tuple[Floats, bool]:
    """Return members × months, and whether they meet all holds; if not, they are the nearest to them.

    `weights` are those of leaves × months, zero elsewhere; `fixed` is NaN if free. If the holds are not met, rounding
    finds the fault or still closes: a family's sum of a month is then its parent's, not the sum of these shares.
    """
    weights = np.where(weights > _LEAST, weights, 0.0)
    cells, rates = _share_months(levels, weights, fixed, company)
    if not totals.any:
        return cells, True
    free = np.isnan(fixed) & (weights > 0)
    fixed_sum = np.where(levels.leaf[:-1], np.where(free, 0.0, cells).sum(axis=1), 0.0)
    whole = float(cells[levels.leaf[:-1]].sum())
    low, high = np.append(totals.low, 0.0), np.append(totals.high, np.inf)
    for _ in range(_ROUNDS):
        natural = np.where(levels.leaf[:-1], np.where(free, weights * rates[levels.parents], 0.0).sum(axis=1), 0.0)
        factors, scale = _factors(levels, fixed_sum, natural, low, high, whole)
        sums, targets = cells.sum(axis=1), fixed_sum + factors * scale * natural
        if abs(float(targets[levels.leaf[:-1]].sum()) - whole) > 1e-6 * whole:
            return cells, False
        cells, rates = _share_months(levels, weights * factors[:, None], fixed, company)
        if np.abs(targets - sums)[levels.leaf[:-1]].max(initial=0.0) <= _NEAR[0] + _NEAR[1] * whole:
            return cells, totals.met_by(sums, len(levels.by_depth))
    return cells, False


def room(levels: Levels, weights: Floats, fixed: Floats, company: Floats, member: int) -> tuple[Floats, Floats, Floats]:
    """Return a member's months around the fixed ones, and the least and the most that each can be.

    The least is the sum of the fixed months below it; the most adds the rest of the nearest fixed months above it.
    """
    cells, _ = _share_months(levels, weights, fixed, company)
    _, inside = carried(levels, weights, fixed)
    rest, above = np.maximum(company - inside[-1], 0.0), int(levels.parents[member])
    while above >= 0:
        is_fixed = ~np.isnan(fixed[above])
        rest = np.where(is_fixed, np.fmin(rest, np.maximum(fixed[above] - inside[above], 0.0)), rest)
        above = int(levels.parents[above])
    return cells[member], inside[member], inside[member] + rest


def carried(levels: Levels, weights: Floats, fixed: Floats) -> tuple[Floats, Floats]:
    """Return the sum of the free weights and of the fixed amounts below each member, the whole last."""
    months = fixed.shape[1]
    free, inside = np.zeros((levels.n + 1, months)), np.zeros((levels.n + 1, months))
    free[:-1] = np.where(levels.leaf[:-1, None], weights, 0.0)
    is_fixed = ~np.isnan(fixed)
    for at in reversed(levels.by_depth):
        np.add.at(free, levels.parents[at], np.where(is_fixed[at], 0.0, free[at]))
        np.add.at(inside, levels.parents[at], np.where(is_fixed[at], fixed[at], inside[at]))
    return free, inside


def _share_months(levels: Levels, weights: Floats, fixed: Floats, company: Floats) -> tuple[Floats, Floats]:
    """Share each month down the tree; return the cells and, per parent and month, the amount for a weight of one."""
    months = company.size
    free, inside = carried(levels, weights, fixed)
    is_fixed = ~np.isnan(fixed)
    cells, rates = np.zeros((levels.n + 1, months)), np.zeros((levels.n + 1, months))
    cells[-1] = company
    _rate(cells, inside, free, rates, np.array([-1]))
    for at in levels.by_depth:
        above = levels.parents[at]
        cells[at] = np.where(is_fixed[at], fixed[at], inside[at] + rates[above] * free[at])
        _rate(cells, inside, free, rates, at)
    return cells[:-1], rates


def _rate(cells: Floats, inside: Floats, free: Floats, rates: Floats, at: NDArray[np.intp]) -> None:
    rest = np.maximum(cells[at] - inside[at], 0.0)
    rates[at] = np.divide(rest, free[at], out=np.zeros(rest.shape), where=free[at] > _LEAST)


def _factors(
    levels: Levels, fixed: Floats, natural: Floats, low: Floats, high: Floats, whole: float
) -> tuple[Floats, float]:
    """Return each leaf's factor over the factor of the whole, and the latter. Each held member has its own inside.

    A member takes the sum of its children, inside its bounds. So the sum of all grows with the factor. Newton's method
    finds the factor that closes, inside brackets, for all members at a bound at once, level by level.
    """
    factors = np.zeros(levels.n)
    begins = np.zeros(levels.n + 1, dtype=np.bool_)  # members with a factor of their own inside
    bounded = (low > 0) | np.isfinite(high)
    targets, scale = {levels.n: whole}, 1.0
    for depth in range(len(levels.by_depth) + 1):
        if targets:
            at = np.array(list(targets), dtype=np.intp)
            begins[at] = True
            block = _blocks(levels, begins)
            rate = _solve(levels, block, at, np.array(list(targets.values())), fixed, natural, low, high)
            factors = np.where(np.isin(block, at), rate[block], factors)
            if not depth:
                scale = float(rate[-1]) or 1.0
        if depth == len(levels.by_depth):
            break
        sums, _ = _sums(levels, fixed + factors * natural, natural, low, high)
        here = levels.by_depth[depth]
        bound = bounded[here] & ((sums[here] <= low[here]) | (sums[here] >= high[here]))
        targets = {}
        for p in here[bound]:
            if levels.leaf[p]:
                rest = float(sums[p] - fixed[p])
                factors[p] = rest / natural[p] if natural[p] > 0 else 0.0
            else:
                targets[int(p)] = float(sums[p])
    factors = factors / scale
    return np.where(factors > 0, np.clip(factors, 1 / _MOST, _MOST), 0.0), scale


def _blocks(levels: Levels, begins: Mask) -> NDArray[np.intp]:
    """For each member the nearest one above it with a factor of its own inside."""
    block = np.full(levels.n + 1, levels.n)
    for at in levels.by_depth:
        above = levels.parents[at]
        block[at] = np.where(begins[above], np.where(above < 0, levels.n, above), block[above])
    return block[:-1]


def _sums(levels: Levels, leaves: Floats, slopes: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The sum of each member inside its bounds, and how fast it grows with the factor; the whole last."""
    take = np.append(np.where(levels.leaf[:-1], leaves, 0.0), 0.0)
    slope = np.append(np.where(levels.leaf[:-1], slopes, 0.0), 0.0)
    for at in reversed(levels.by_depth):
        inside = (take[at] >= low[at]) & (take[at] <= high[at])
        take[at] = np.clip(take[at], low[at], high[at])
        slope[at] = np.where(inside & (low[at] < high[at]), slope[at], 0.0)
        np.add.at(take, levels.parents[at], take[at])
        np.add.at(slope, levels.parents[at], slope[at])
    return take, slope


def _solve(
    levels: Levels,
    block: NDArray[np.intp],
    at: NDArray[np.intp],
    targets: Floats,
    fixed: Floats,
    natural: Floats,
    low: Floats,
    high: Floats,
) -> Floats:
    """Find the factor of each block at which its children add up to its target; factors by position."""
    rate = np.ones(levels.n + 1)
    floor, ceiling = np.zeros(levels.n + 1), np.full(levels.n + 1, np.inf)
    inner_low, inner_high = low.copy(), high.copy()
    inner_low[at], inner_high[at] = 0.0, np.inf  # a block has to meet its target, not its bounds
    near = _EXACT * np.maximum(targets, 1e-300)
    for _ in range(_NEWTON):
        take, slope = _sums(levels, fixed + rate[block] * natural, natural, inner_low, inner_high)
        missing = targets - take[at]
        if (np.abs(missing) <= near).all():
            break
        now = rate[at]
        floor[at] = np.where(missing > 0, np.maximum(floor[at], now), floor[at])
        ceiling[at] = np.where(missing < 0, np.minimum(ceiling[at], now), ceiling[at])
        step = np.divide(missing, slope[at], out=np.full(missing.shape, np.nan), where=slope[at] > 0)
        following = now + step
        bracketed = (following > floor[at]) & (following < ceiling[at])
        halved = np.where(np.isfinite(ceiling[at]), (floor[at] + ceiling[at]) / 2, now * 1024)
        following = np.where(bracketed, following, halved)
        following = np.where(np.abs(missing) <= near, now, np.minimum(following, _MOST))
        if np.array_equal(following, now):
            break
        rate[at] = following
    return rate
