"""The rounding over two axes that is closest to the cells before rounding: the least sum of absolute distances.

A cell with a part of a step is rounded down or up, and the number of cells that are rounded up is fixed in each row
and each column. Rounding a cell up adds 1 - 2 × part to the sum of distances, so the task is a transport of least cost.

1.  Rows with the same parts and the same number are of one kind: of a kind it only counts how many of its rows round
    a column up.
2.  Columns get prices (the dual of that task), so that rows which round up their cheapest cells at these prices nearly
    give each column its number. Rows and columns set their prices in turn, each between the dearest cell that it
    rounds up and the cheapest other one.
3.  Each row rounds up its cheapest cells. Rows close then; a few columns have some steps too many or too few.
4.  These steps move on along the cheapest paths: a row lowers a cell and raises another one. The prices follow, so
    that each row keeps its cheapest cells. When all columns close, no exchange makes the sum less: the rounding is
    the closest one (successive shortest paths; Ahuja, Magnanti, Orlin, *Network Flows*, 1993, chapter 9.7).

Costs are whole numbers, so a second run gives the same cells. Of equally close roundings, the one that is nearest to
the given rounding is taken, kind by kind; a given rounding that is a closest one stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Mask, Steps

_GRID = 2**24  # the cost of a step; smaller differences are noise of floats
_STAY = 8  # what a cell costs that differs from the given rounding: more than noise, less than what is meant
_NEVER = 2**50  # the cost of a cell that cannot be rounded up
_TURNS = 16  # of setting prices; steps that are amiss after them are left to paths
_FEW = 4  # so many steps are moved by paths sooner than by a further turn
_PATIENCE = 512  # looks at a cell on average …
_SMALL = 2**26  # … and in all, after which the given rounding stays: many nearly equal weights in a large table
_STEP = 2**14  # looks that take as long as what a step of the search does beside them


def closest(part: Floats, up: Mask) -> Mask:
    """Return the cells to round up so that the sum of absolute distances is the least.

    `part` (n × m) is what each cell is above the whole number below it, from 0 (whole already) to 1; `up` (n × m) is
    a rounding that closes: it says how many cells are rounded up in each row and column. It is returned unchanged
    if it is a closest one, or if a table of very many nearly equal weights would take too long (bounded by its size).
    """
    free = part > 0
    if not (np.abs(part - up)[free] > 0.5).any():
        return up
    costs = np.where(free, np.rint((1 - 2 * part) * _GRID).astype(np.int64), _NEVER)
    lines = np.column_stack([up.sum(axis=1), costs])
    kinds, kind_of, sizes = np.unique(lines, axis=0, return_inverse=True, return_counts=True)
    order, first = np.argsort(kind_of.ravel(), kind="stable"), np.cumsum(sizes) - sizes
    given = np.add.reduceat(up[order], first, axis=0, dtype=np.int64)
    transport = _started(kinds[:, 1:], kinds[:, 0], sizes, given)
    if not transport.finish(up.sum(axis=0)):
        return up
    counts, kind = transport.counts, kind_of.ravel()[order]
    turn = np.arange(order.size) - first[kind]  # the rows of a kind take turns, so each rounds up the same number
    begins = (np.cumsum(counts, axis=1) - counts)[kind]
    turns = (turn[:, None] - begins) % sizes[kind][:, None] < counts[kind]
    moved = (counts != given).any(axis=1)[kind]
    chosen = np.empty_like(up)
    chosen[order] = np.where(moved[:, None], turns, up[order])
    return chosen


# --- prices ----------------------------------------------------------------------------------


def _started(costs: Steps, in_rows: Steps, sizes: Steps, given: Steps) -> _Transport:
    """Return the transport in which every row rounds up its cheapest cells at prices that are nearly right."""
    in_cols, across = given.sum(axis=0), np.ascontiguousarray(costs.T)
    prices, alone = np.zeros(in_cols.size, np.int64), np.ones(in_cols.size, np.int64)
    for _ in range(_TURNS):
        offers = costs - prices
        row_prices = _between(offers, in_rows, alone)
        amiss = np.abs(sizes @ (offers <= row_prices[:, None]) - in_cols).sum()
        if amiss <= _FEW:
            break
        prices = _between(across - row_prices, in_cols, sizes)
    offers = np.hstack([costs - prices - _STAY, costs - prices + _STAY])  # as many as given, and more than that
    room = np.hstack([given, sizes[:, None] - given])
    cheapest_first = np.argsort(offers, axis=1, kind="stable")
    room_first = np.take_along_axis(room, cheapest_first, axis=1)
    before = np.cumsum(room_first, axis=1) - room_first
    taken = np.empty_like(room)
    np.put_along_axis(taken, cheapest_first, np.clip((in_rows * sizes)[:, None] - before, 0, room_first), axis=1)
    return _Transport(costs, sizes, given, taken[:, : in_cols.size] + taken[:, in_cols.size :], prices)


def _between(costs: Steps, numbers: Steps, sizes: Steps) -> Steps:
    """Return for each line a price between its `numbers` cheapest cells and the others; cells count by `sizes`."""
    last = costs.shape[1] - 1
    if (sizes == 1).all():
        ordered, dear, cheap = np.sort(costs, axis=1), numbers - 1, numbers
    else:
        order = np.argsort(costs, axis=1, kind="stable")
        ordered, up_to = np.take_along_axis(costs, order, axis=1), np.cumsum(sizes[order], axis=1)
        dear = (up_to < numbers[:, None]).sum(axis=1)
        cheap = (up_to <= numbers[:, None]).sum(axis=1)
    lines = np.arange(len(costs))
    dearest, cheapest = ordered[lines, np.maximum(dear, 0)], ordered[lines, np.minimum(cheap, last)]
    dearest = np.where(numbers > 0, dearest, cheapest)
    cheapest = np.where((cheap <= last) & (cheapest < _NEVER // 2), cheapest, dearest)
    prices: Steps = dearest + (cheapest - dearest) // 2
    return np.where(prices < _NEVER // 2, prices, 0)  # no cell of the line can be rounded


# --- paths -----------------------------------------------------------------------------------


class _Transport(Struct):
    """How many rows of each kind (n kinds × m columns) round a cell up, and the prices of the columns.

    `costs` are those of one row; `sizes` (n) says how many rows a kind has, `given` what the given rounding rounds up.
    `counts` and `prices` change; at any time each row has its cheapest cells.
    """

    costs: Steps
    sizes: Steps
    given: Steps
    counts: Steps
    prices: Steps

    def finish(self, in_cols: Steps) -> bool:
        """Move steps to columns with too few until all close; False if that takes too long for the table's size."""
        short = in_cols - self.counts.sum(axis=0)
        left = _SMALL + _PATIENCE * self.costs.size
        rises, falls = self.rises(slice(None)), self.falls(slice(None))
        while short.any():
            dist, came_from, ends, looks = self._cheapest_paths(rises, falls, short)
            left -= looks
            if left < 0:
                return False
            self.prices += dist
            for end in ends:
                path = [end]
                while came_from[path[-1]] >= 0:
                    path.append(int(came_from[path[-1]]))
                self._exchange(path, rises, falls, short)
                rises[:, path], falls[:, path] = self.rises(path), self.falls(path)
        return True

    def rises(self, columns: slice | Sequence[int]) -> Steps:
        """What it costs to round up one more cell, by kind and column."""
        counts = self.counts[:, columns]
        stay = np.where(counts < self.given[:, columns], -_STAY, _STAY)
        return np.where(counts < self.sizes[:, None], self.costs[:, columns] + stay, _NEVER)

    def falls(self, columns: slice | Sequence[int]) -> Steps:
        """What it saves to round down one more cell, by kind and column; used only where one is rounded up."""
        stay = np.where(self.counts[:, columns] > self.given[:, columns], _STAY, -_STAY)
        return self.costs[:, columns] + stay

    def _cheapest_paths(self, rises: Steps, falls: Steps, short: Steps) -> tuple[Steps, Steps, list[int], int]:
        """Find the cheapest ways from columns with a step too many to those with too few (Dijkstra).

        Return how dear each column is to reach, at most as dear as the last end; from which column it is reached
        (-1: from none); the nearer half of the ends; and how many cells were looked at.
        """
        dist = np.where(short < 0, 0, _NEVER)
        waiting, came_from = dist.copy(), np.full(dist.size, -1)
        enough, looks = (int((short > 0).sum()) + 1) // 2, 0
        ends: list[int] = []
        while True:
            col = int(waiting.argmin())
            waiting[col] = 2 * _NEVER
            if short[col] > 0:
                ends.append(col)
                if len(ends) == enough:
                    return np.minimum(dist, dist[col]), came_from, ends, looks
            rows = np.flatnonzero(self.counts[:, col])
            gaps = (rises[rows] - falls[rows, col][:, None]).min(axis=0, initial=_NEVER)
            ahead = gaps + (dist[col] + self.prices[col]) - self.prices
            nearer = np.flatnonzero(ahead < dist)
            dist[nearer] = waiting[nearer] = ahead[nearer]
            came_from[nearer] = col
            looks += max(rows.size * dist.size, _STEP)

    def _exchange(self, path: list[int], rises: Steps, falls: Steps, short: Steps) -> None:
        """Move as many steps as can be moved along the columns of a path, which are given from its end to its start.

        All rows take part that lower one cell and raise the next one at no cost by the prices.
        """
        amount = int(min(short[path[0]], -short[path[-1]]))
        ways = []
        for to, by in pairwise(path):
            free = (rises[:, to] - self.prices[to]) - (falls[:, by] - self.prices[by]) == 0
            rest, given = self.counts[:, [to, by]], self.given[:, [to, by]]
            up = np.where(rest[:, 0] < given[:, 0], given[:, 0], self.sizes) - rest[:, 0]
            down = rest[:, 1] - np.where(rest[:, 1] > given[:, 1], given[:, 1], 0)
            ways.append(np.where(free, np.minimum(up, down), 0))
            amount = min(amount, int(ways[-1].sum()))
        for (to, by), room in zip(pairwise(path), ways, strict=True):
            steps = np.clip(amount - (np.cumsum(room) - room), 0, room)
            self.counts[:, to] += steps
            self.counts[:, by] -= steps
        short[path[0]] -= amount
        short[path[-1]] += amount
