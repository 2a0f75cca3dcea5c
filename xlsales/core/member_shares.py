"""Members × months before rounding: what each member's months come to around all that is held.

The company's months are given. In each month, at every member: the target less what is fixed anywhere below goes to
the weights of what is free below, and sums go upwards; no parent pays alone for what is held inside it. A member that
is not open has no weight. Where totals of members are held too (locks and bounds of the whole plan), a factor per
member and the shares of the months are fitted in turn until both agree: the factor is one for all that is free, and
whatever it takes for a member at its lock or bound (Bregman's projections, of which RAS is the plain case).

All amounts here are in units of the company: a member's target over its stretches from the top, so that children
always add up to their parent. They are floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask

_ROUNDS = 300  # of fitting totals and months in turn
_NEWTON = 200
_NEAR = 1e-6, 1e-13  # steps, and relative to the whole: totals are met
_MOST = 1e30  # a factor that large moves nothing more
_LEAST = 1e-100  # a weight below is none: what a fit that does not close leaves
_EXACT = 1e-13  # relative: a sum of floats that closes


@dataclass(frozen=True)
class HeldTotals:
    """What totals of members are held at: at least `low`, at most `high`; equal where locked."""

    low: Floats
    high: Floats

    @property
    def any(self) -> bool:
        """Whether any total is held."""
        return bool((self.low > 0).any() or np.isfinite(self.high).any())

    def met_by(self, totals: Floats, steps: int) -> bool:
        """Whether totals are what is held, to so many steps: one may be off by rounding at each level."""
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
        """Carry what leaves hold up to all above them, the whole last."""
        out = np.concatenate([np.where(self.leaf[:-1].reshape(-1, *[1] * (leaves.ndim - 1)), leaves, 0.0),
                              np.zeros((1, *leaves.shape[1:]))])  # fmt: skip
        for at in reversed(self.by_depth):
            np.add.at(out, self.parents[at], out[at])
        return out


def share_members(
    levels: Levels, weights: Floats, fixed: Floats, company: Floats, rows: HeldTotals
) -> tuple[Floats, bool]:
    """Return members × months: `weights` are those of leaves × months, zero elsewhere; `fixed` NaN where free.

    False beside them where nothing was found that meets what is held: then they are the nearest that was found.
    Rounding finds the fault, or closes on them: a month's sum of a family is then that of its parent, not of these.
    """
    weights = np.where(weights > _LEAST, weights, 0.0)
    cells, rates = _share_months(levels, weights, fixed, company)
    if not rows.any:
        return cells, True
    free = np.isnan(fixed) & (weights > 0)
    held = np.where(levels.leaf[:-1], np.where(free, 0.0, cells).sum(axis=1), 0.0)
    whole = float(cells[levels.leaf[:-1]].sum())
    low, high = np.append(rows.low, 0.0), np.append(rows.high, np.inf)
    for _ in range(_ROUNDS):
        natural = np.where(levels.leaf[:-1], np.where(free, weights * rates[levels.parents], 0.0).sum(axis=1), 0.0)
        factors, scale = _factors(levels, held, natural, low, high, whole)
        totals, wanted = cells.sum(axis=1), held + factors * scale * natural
        if abs(float(wanted[levels.leaf[:-1]].sum()) - whole) > 1e-6 * whole:
            return cells, False
        cells, rates = _share_months(levels, weights * factors[:, None], fixed, company)
        if np.abs(wanted - totals)[levels.leaf[:-1]].max(initial=0.0) <= _NEAR[0] + _NEAR[1] * whole:
            return cells, rows.met_by(totals, len(levels.by_depth))
    return cells, False


def room(levels: Levels, weights: Floats, fixed: Floats, company: Floats, member: int) -> tuple[Floats, Floats, Floats]:
    """Return a member's months as they are by what is fixed so far, and the least and the most that each can be.

    Least is what is fixed below it; most adds what the nearest fixed months above it leave.
    """
    cells, _ = _share_months(levels, weights, fixed, company)
    _, inside = carried(levels, weights, fixed)
    rest, above = np.maximum(company - inside[-1], 0.0), int(levels.parents[member])
    while above >= 0:
        held = ~np.isnan(fixed[above])
        rest = np.where(held, np.fmin(rest, np.maximum(fixed[above] - inside[above], 0.0)), rest)
        above = int(levels.parents[above])
    return cells[member], inside[member], inside[member] + rest


def carried(levels: Levels, weights: Floats, fixed: Floats) -> tuple[Floats, Floats]:
    """Carry upwards the weights of what is free and the amounts of what is fixed below each member, the whole last."""
    months = fixed.shape[1]
    free, inside = np.zeros((levels.n + 1, months)), np.zeros((levels.n + 1, months))
    free[:-1] = np.where(levels.leaf[:-1, None], weights, 0.0)
    is_fixed = ~np.isnan(fixed)
    for at in reversed(levels.by_depth):
        held = is_fixed[at]
        np.add.at(free, levels.parents[at], np.where(held, 0.0, free[at]))
        np.add.at(inside, levels.parents[at], np.where(held, fixed[at], inside[at]))
    return free, inside


def _share_months(levels: Levels, weights: Floats, fixed: Floats, company: Floats) -> tuple[Floats, Floats]:
    """Share each month down the tree; return the cells and, per parent and month, what a weight of one takes."""
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
    levels: Levels, held: Floats, natural: Floats, low: Floats, high: Floats, whole: float
) -> tuple[Floats, float]:
    """Return each leaf's factor over that of the whole, and that of the whole; another one inside each held member.

    A member takes what its children take, inside its bounds. So what all take grows with the factor, and the one that
    closes is found by Newton's method inside brackets, all members at a bound at once, level by level.
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
            rate = _solve(levels, block, at, np.array(list(targets.values())), held, natural, low, high)
            factors = np.where(np.isin(block, at), rate[block], factors)
            if not depth:
                scale = float(rate[-1]) or 1.0
        if depth == len(levels.by_depth):
            break
        taken, _ = _taken(levels, held + factors * natural, natural, low, high)
        here = levels.by_depth[depth]
        bound = bounded[here] & ((taken[here] <= low[here]) | (taken[here] >= high[here]))
        targets = {}
        for p in here[bound]:
            if levels.leaf[p]:
                rest = float(taken[p] - held[p])
                factors[p] = rest / natural[p] if natural[p] > 0 else 0.0
            else:
                targets[int(p)] = float(taken[p])
    factors = factors / scale
    return np.where(factors > 0, np.clip(factors, 1 / _MOST, _MOST), 0.0), scale


def _blocks(levels: Levels, begins: Mask) -> NDArray[np.intp]:
    """The nearest member above each that has a factor of its own inside."""
    block = np.full(levels.n + 1, levels.n)
    for at in levels.by_depth:
        above = levels.parents[at]
        block[at] = np.where(begins[above], np.where(above < 0, levels.n, above), block[above])
    return block[:-1]


def _taken(levels: Levels, leaves: Floats, slopes: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """What each member takes inside its bounds, and how fast that grows with the factor; the whole last."""
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
    held: Floats,
    natural: Floats,
    low: Floats,
    high: Floats,
) -> Floats:
    """Find the factor of each block at which what its children take is its target; factors by position."""
    rate = np.ones(levels.n + 1)
    floor, ceiling = np.zeros(levels.n + 1), np.full(levels.n + 1, np.inf)
    inner_low, inner_high = low.copy(), high.copy()
    inner_low[at], inner_high[at] = 0.0, np.inf  # what is asked of a block is its target, not its bounds
    near = _EXACT * np.maximum(targets, 1e-300)
    for _ in range(_NEWTON):
        take, slope = _taken(levels, held + rate[block] * natural, natural, inner_low, inner_high)
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
