"""Sharing over two axes at once: row totals and column totals both close exactly.

1.  Locked cells are taken off their row and their column first.
2.  The weights are fitted to both margins by scaling rows and columns in turn
    (RAS, iterative proportional fitting). Separable weights fit in one step.
    Cells that no solution can fill (a pattern of zeros may force others) are
    found by reachability and left out of the fit.
3.  Controlled rounding: every cell is its fitted value rounded down or up.
    Rows are rounded one after the other, each closing exactly, the steps going
    to the columns that have waited for most; what columns then miss moves
    along alternating paths. For a fitted matrix such a rounding always exists.
    Of all such roundings the closest one is taken: the sum of absolute
    distances from the fitted values is the least (`closest`).
4.  If floats cannot fit the margins that closely, cells may move further,
    along the shortest path that closes. Sums that do not close are never
    returned: when no path is left, the rows that were reached need more than
    the columns they can fill, and the fault names them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.allocation import (
    GREATEST_TOTAL,
    AllWeightsZero,
    checked_weights,
    exact_total,
    name_parts,
    release,
    steps_or_blank,
    whole_steps,
)
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.closest import closest
from xlsales.core.faults import Fault, Lang

_ROUNDS = 300  # of fitting; a margin that is not met by then counts as out of reach
_GRID = 2.0**30  # carried fractions closer than this are equal: the later column is served first
_WHOLE = 1e-9  # a fitted value this near a whole number is that number …
_FLOAT = 1e-15  # … or, if it is large, as near as floats can be to one
_ACROSS = {"row": "col", "col": "row"}


def allocate_matrix(
    row_totals: ArrayLike, col_totals: ArrayLike, weights: ArrayLike | None, *, locked: ArrayLike | None = None
) -> Steps:
    """Share over rows and columns in proportion to `weights`; every row and column total is met exactly.

    `row_totals` (n) and `col_totals` (m) are whole steps with the same sum; `weights` is
    n x m, finite, not negative, or None for the outer product of the totals; `locked` is
    n x m whole steps; None, NaN or a mask means free. Returns n x m whole steps. A cell of
    zero weight gets zero, a locked cell its lock, and each free cell its fitted value
    rounded down or up, so it is within one step of it (rule 4 above names the exception).

    Raises `Fault` if totals disagree, locks pass a total, or no cells can close;
    `ValueError` if shapes differ.
    """
    rows, cols = _totals(row_totals), _totals(col_totals)
    shape = (rows.size, cols.size)
    pull = np.ones(shape) if weights is None else checked_weights(weights)
    if pull.shape != shape:
        raise ValueError(f"the totals ask for shape {shape}, weights have {pull.shape}")
    row_sum, col_sum = whole_steps(exact_total(rows)), whole_steps(exact_total(cols))
    if row_sum != col_sum:
        raise TotalsDisagree(row_sum=row_sum, col_sum=col_sum, residual=row_sum - col_sum)
    locks = np.zeros(shape, np.int64)
    if locked is not None:
        amounts = steps_or_blank(locked, shape)
        locks = np.nan_to_num(amounts).astype(np.int64)
        _check_locks(locks, rows, cols)
        pull = np.where(np.isnan(amounts), pull, 0.0)
        rows, cols = rows - locks.sum(axis=1), cols - locks.sum(axis=0)
    if rows.any() and not pull.any():
        raise AllWeightsZero(amount=exact_total(rows))
    # Rounding walks along the rows and repairs the columns: the long axis is walked, the short one repaired.
    if shape[0] >= shape[1]:
        return locks + _share(rows, cols, pull)
    try:
        return locks + _share(cols, rows, pull.T.copy()).T
    except UnreachableTotals as fault:
        raise fault.transposed() from None


def _share(rows: Steps, cols: Steps, weights: Floats) -> Steps:
    """Return whole cells on the support of `weights` that meet both margins, near the fitted weights."""
    support = weights > 0
    cells, fits = fit(rows, cols, weights)
    if not fits:
        feasible = _round(np.zeros_like(weights), support, rows, cols)
        cells, _ = fit(rows, cols, np.where(_exchangeable(feasible, support), weights, 0.0))
    return _round(cells, support, rows, cols)


# --- fitting -------------------------------------------------------------------------------


def fit(rows: Steps, cols: Steps, weights: Floats) -> tuple[Floats, bool]:
    """Scale rows and columns of `weights` to the margins; return the fitted cells and whether they meet them."""
    peaks = weights.max(axis=1, initial=0.0, keepdims=True)
    weights = _ratio(weights, peaks)
    enough = 1e-7 + 1e-14 * float(rows.sum())
    down, across = np.zeros(rows.size), np.ones(cols.size)
    fits = False
    with np.errstate(over="ignore", invalid="ignore"):
        reach = weights @ across
        for _ in range(_ROUNDS):
            next_down = _ratio(rows, reach)
            next_across = _ratio(cols, weights.T @ next_down)
            reach = weights @ next_across
            missed = float(np.abs(next_down * reach - rows).sum())
            if not np.isfinite(missed):
                break
            down, across = next_down, next_across
            if missed <= enough:
                fits = True
                break
        cells = weights * down[:, None] * across
    return np.nan_to_num(cells, nan=0.0, posinf=0.0), fits


def _ratio(over: Any, under: Floats) -> Floats:
    """Return over / under, zero if `under` is zero."""
    shape = np.broadcast_shapes(np.shape(over), under.shape)
    quotient: Floats = np.divide(over, under, out=np.zeros(shape), where=np.broadcast_to(under > 0, shape))
    return quotient


def _exchangeable(cells: Steps, support: Mask) -> Mask:
    """Return the cells of the support that some solution fills, given one solution.

    A cell can be filled if it is filled, or if a step that is added to it can come back along
    filled cells: its row and its column are on one cycle of exchanges.
    """
    filled = cells > 0
    onward = (filled.T.astype(np.float32) @ support.astype(np.float32)) > 0  # column → row filled → column
    onward |= np.eye(cells.shape[1], dtype=bool)
    for _ in range(int(cells.shape[1]).bit_length()):
        onward = (onward.astype(np.float32) @ onward.astype(np.float32)) > 0
    group_of_col = (onward & onward.T).argmax(axis=1)
    group_of_row = np.where(filled.any(axis=1), group_of_col[filled.argmax(axis=1)], -1)
    return np.asarray(support & (group_of_row[:, None] == group_of_col))


# --- rounding ------------------------------------------------------------------------------


def _round(fitted: Floats, support: Mask, rows: Steps, cols: Steps) -> Steps:
    """Round `fitted` to whole cells that meet both margins. Raises UnreachableTotals if no cells can."""
    near = np.clip(fitted * _FLOAT, _WHOLE, 0.25)
    whole = np.floor(fitted + near)
    part = np.where(fitted - whole > near, fitted - whole, 0.0)
    low = whole.astype(np.int64)
    cells = low + _rounded_up(part, rows - low.sum(axis=1))
    if _move(cells, low, low + (part > 0), rows, cols) is None:
        return low + closest(part, cells > low)
    stuck = _move(cells, np.zeros_like(low), np.where(support, GREATEST_TOTAL, 0), rows, cols)
    if stuck is None:
        return cells
    raise _unreachable(*stuck, rows, cols)


def _rounded_up(part: Floats, need: Steps) -> Steps:
    """Choose `need[i]` cells of row i to round up, out of those with a part, so that columns stay in step."""
    up = np.zeros(part.shape, np.int64)
    waiting = np.zeros(part.shape[1])
    later = np.arange(part.shape[1], dtype=np.float64) / part.shape[1]
    for i, count in enumerate(np.minimum(need, (part > 0).sum(axis=1)).tolist()):
        waiting += part[i]
        if count > 0:
            turn = np.where(part[i] > 0, np.rint(waiting * _GRID) + later, -np.inf)
            served = np.argpartition(turn, turn.size - count)[turn.size - count :]
            up[i, served] = 1
            waiting[served] -= 1
    return up


def _move(cells: Steps, low: Steps, high: Steps, rows: Steps, cols: Steps) -> tuple[Mask, Mask] | None:
    """Move steps between `low` and `high` along alternating paths until both margins are met; `cells` change.

    Return None then; if a total cannot be met, the rows and the columns that were reached from it.
    """
    short = np.concatenate([rows - cells.sum(axis=1), cells.sum(axis=0) - cols])  # > 0: a path starts here
    can_rise, can_fall = cells < high, cells > low
    for start in np.flatnonzero(short > 0).tolist():
        while short[start] > 0:
            path, reached = _path(start, short, can_rise, can_fall)
            if not path:
                return reached[: rows.size], reached[rows.size :]
            r, c = np.array([(min(a, b), max(a, b) - rows.size) for a, b in pairwise(path)]).T
            sign = np.where(np.array(path[:-1]) < rows.size, 1, -1)
            slack = np.where(sign > 0, high[r, c] - cells[r, c], cells[r, c] - low[r, c])
            amount = min(int(slack.min()), int(short[start]), int(-short[path[-1]]))
            cells[r, c] += sign * amount
            can_rise[r, c], can_fall[r, c] = cells[r, c] < high[r, c], cells[r, c] > low[r, c]
            short[start] -= amount
            short[path[-1]] += amount
    return None


def _path(start: int, short: Steps, can_rise: Mask, can_fall: Mask) -> tuple[list[int], Mask]:
    """Find the shortest alternating path from node `start` to a node with `short` < 0, and the nodes reached.

    Nodes are the rows, then the columns. A row passes a step on by raising a cell, the
    column by lowering another one. If there is no path, it is empty.
    """
    n = can_rise.shape[0]
    came_from = np.full(short.size, -1)
    came_from[start] = start
    frontier = np.array([start])
    while frontier.size:
        from_rows = frontier[0] < n
        links = can_rise[frontier] if from_rows else can_fall[:, frontier - n].T
        side = slice(n, None) if from_rows else slice(0, n)
        fresh = np.flatnonzero(links.any(axis=0) & (came_from[side] < 0))
        reached = fresh + n if from_rows else fresh
        came_from[reached] = frontier[links[:, fresh].argmax(axis=0)]
        ends = reached[short[reached] < 0]
        if ends.size:
            path = [int(ends[short[ends].argmin()])]
            while path[-1] != start:
                path.append(int(came_from[path[-1]]))
            return path[::-1], came_from >= 0
        frontier = reached
    return [], came_from >= 0


def _unreachable(stuck_rows: Mask, stuck_cols: Mask, rows: Steps, cols: Steps) -> UnreachableTotals:
    """The fault of rows that only reach `stuck_cols`, or of the columns beside them: the one with fewer lines."""
    axis, givers, takers = "row", stuck_rows, stuck_cols
    if 2 * (int(givers.sum()) + int(takers.sum())) > givers.size + takers.size:
        axis, givers, takers = "col", ~stuck_cols, ~stuck_rows
    totals = {"row": rows, "col": cols}
    need, room = exact_total(totals[axis][givers]), exact_total(totals[_ACROSS[axis]][takers])
    positions = {"givers": tuple(np.flatnonzero(givers).tolist()), "takers": tuple(np.flatnonzero(takers).tolist())}
    return UnreachableTotals(axis=axis, **positions, need=need, room=room, residual=need - room)


# --- reading the arguments -----------------------------------------------------------------


def _totals(values: ArrayLike) -> Steps:
    return np.array([whole_steps(v) for v in np.asarray(values).ravel().tolist()], np.int64)


def _check_locks(locks: Steps, rows: Steps, cols: Steps) -> None:
    """Raise `LockedAboveMargin` for the first row, else column, with locks that pass its total."""
    for axis, lines, totals in (("row", locks, rows), ("col", locks.T, cols)):
        for p in np.flatnonzero(lines.sum(axis=1, dtype=np.float64) > totals).tolist():
            sum_, total = exact_total(lines[p]), int(totals[p])
            excess = sum_ - total
            facts = release(lines[p], excess)
            raise LockedAboveMargin(axis=axis, position=p, locked=sum_, total=total, excess=excess, **facts)


# --- faults ----------------------------------------------------------------------------------


class TotalsDisagree(Fault):
    """Row totals and column totals have different sums."""

    zh = "行合计 {row_sum} 与列合计 {col_sum} 不相等,差 {residual}。请先让两边的总数一致。"
    en = "The row totals add up to {row_sum}, the column totals to {col_sum}: {residual} apart. Make them agree first."
    amounts = ("row_sum", "col_sum", "residual")


class _MatrixFault(Fault):
    """A fault of certain rows and columns; positions count from 0, sentences from 1 or by name."""

    def named(self, rows: Sequence[str], cols: Sequence[str]) -> Self:
        """Return this fault with the names of all rows and columns."""
        return type(self)(**self.facts, names={"row": rows, "col": cols})

    def _lines(self, axis: str, positions: Sequence[int], lang: Lang, amounts: Sequence[str] = ()) -> str:
        names = self.facts.get("names", {}).get(axis)
        return name_parts(positions, axis, lang, names=names and [names[p] for p in positions], amounts=amounts)


class LockedAboveMargin(_MatrixFault):
    """The locks in one row or column add up to more than its total.

    Facts: `axis` ("row" or "col") and `position` of that line; the `positions` across it and the
    `steps` of the fewest locks to release; `locked`, `total`, `excess`.
    """

    zh = "{line}锁定合计 {locked} > 合计 {total},差 {excess}。请放开 {parts},或提高这个合计。"
    en = "{line}: locked {locked} > total {total} by {excess}. Release {parts}, or raise this total."
    amounts = ("locked", "total", "excess")

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        facts = self.facts
        line = self._lines(facts["axis"], [facts["position"]], lang)
        parts = self._lines(_ACROSS[facts["axis"]], facts["positions"], lang, [money(s) for s in facts["steps"]])
        return super(_MatrixFault, type(self)(**facts, line=line, parts=parts)).say(lang, money)


class UnreachableTotals(_MatrixFault):
    """Lines that need more than the lines that cross them in a free cell with weight can take.

    Facts: `axis` ("row" or "col") of the lines; positions of the `givers` (these lines) and of the
    `takers` (all that cross them in a free cell with weight); `need` of the givers, `room` of the
    takers (without locks), `residual` = need - room.
    """

    zh = (
        "{lines}共需 {need},有权重且未锁定的格只在:{crossing},只能容纳 {room},差 {residual}。"
        "请补权重、放开锁定,或改合计。"
    )
    en = (
        "{lines} must get {need}; cells with weight and no lock are only in: {crossing}, which can take {room}, "
        "{residual} too little. Give weight elsewhere, release a lock, or change the totals."
    )
    amounts = ("need", "room", "residual")

    def transposed(self) -> Self:
        """Return this fault for the transposed matrix."""
        return type(self)(**{**self.facts, "axis": _ACROSS[self.facts["axis"]]})

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        facts = self.facts
        lines = self._lines(facts["axis"], facts["givers"], lang)
        if lang == "zh" and lines[-1].isascii():
            lines += " "
        crossing = self._lines(_ACROSS[facts["axis"]], facts["takers"], lang)
        if not facts["takers"]:
            return NowhereToGo(lines=lines, need=facts["need"]).say(lang, money)
        return super(_MatrixFault, type(self)(**facts, lines=lines, crossing=crossing)).say(lang, money)


class NowhereToGo(Fault):
    """Lines that need more, but every cell in them is locked or has no weight."""

    zh = "{lines}还缺 {need},却没有地方放:格子都已锁定,或没有权重。请放开或提高一个锁定、补权重,或改合计。"
    en = (
        "{lines}: {need} more is needed, but every cell is locked or has no weight. "
        "Release or raise a lock, give weight, or change the totals."
    )
    amounts = ("need",)
