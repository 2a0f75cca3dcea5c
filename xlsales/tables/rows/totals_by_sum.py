"""Rows that equal sums of others, by their numbers alone."""

from __future__ import annotations

import numpy as np
import polars as pl

from xlsales.tables.rows.lines import Lines
from xlsales.tables.rows.rows import Bools, Ints

MOST_CANDIDATES = 3000
"""Of more rows without a key than this the blanks are how the table is made."""
NEAREST_ENDS = 64
"""A row is compared with the sums up to so many rows of its kind above and below it."""
_MOST_GROUPED = 20_000
"""In tables of more rows no group of equal texts is summed."""


class Sums:
    """Whether a row equals a sum of others within `tolerance` (micros)."""

    def __init__(self, lines: Lines, tolerance: int) -> None:
        self.lines, self.tolerance = lines, tolerance

    def explained(self, candidates: Bools, out: Bools, nearest: int = NEAREST_ENDS) -> Bools:
        """Return which candidates are sums of at least two rows that are no candidates and not in `out` (totals).

        Such rows are directly above or below it, up to the start, the end, or one of the `nearest` candidates and
        totals; or all rows of its group; or all rows.
        """
        summing = np.zeros(self.lines.count, bool)
        if not 0 < candidates.sum() <= MOST_CANDIDATES:
            return summing
        self.values, self.readable = self.lines.numbers
        self.details = ~candidates & ~out
        details = np.where(self.details[:, None], self.values, 0.0)
        self.running = np.vstack([np.zeros(details.shape[1]), np.cumsum(details, axis=0)])
        self.counts = np.concatenate([[0], np.cumsum(self.details)])
        ends = np.concatenate([[-1], np.flatnonzero(candidates | out), [self.lines.count]])
        for i in np.flatnonzero(candidates).tolist():
            summing[i] = self._is_sum(i, ends, nearest)
        return summing

    def _is_sum(self, i: int, ends: Ints, nearest: int) -> bool:
        here = self.readable[i] & (self.values[i] != 0)
        if not here.any():
            return False
        at = int(np.searchsorted(ends, i))
        above = np.append(ends[max(at - nearest, 0) : at], -1) + 1
        below = np.append(ends[at + 1 : at + 1 + nearest], self.lines.count)
        sums = [self.running[i] - self.running[above], self.running[below] - self.running[i + 1], self.running[-1]]
        counts = [self.counts[i] - self.counts[above], self.counts[below] - self.counts[i + 1], self.counts[-1:]]
        equal = (np.abs(np.vstack(sums) - self.values[i])[:, here] <= self.tolerance).all(axis=1)
        return bool((equal & (np.concatenate(counts) >= 2)).any()) or self._is_its_group(i, here)

    def _is_its_group(self, i: int, here: Bools) -> bool:
        """Whether a row is the sum of the rows that share all texts it has, wherever they are."""
        if self.lines.count > _MOST_GROUPED:
            return False
        mask = self.details.copy()
        narrowed = False
        for column in map(self.lines.cells, range(self.lines.width)):
            value = column[i]
            if column.dtype == pl.String and value is not None and value.strip():
                same = (column == value).fill_null(False).to_numpy()
                if same.sum() > 1:
                    mask &= same
                    narrowed = True
        if not narrowed or mask.sum() < 2:
            return False
        return bool((np.abs(self.values[mask].sum(axis=0) - self.values[i])[here] <= self.tolerance).all())

    def halves(self, out: Bools, members: Bools) -> tuple[list[int], list[int]]:
        """Return the rows that are the sum of all others, and such rows in doubt.

        A row is one for sure if it is the first or the last and has two numbers or more. `members` are none.
        """
        inside = ~out
        details = int(inside.sum())
        if details < 3:
            return [], []
        if self.lines.rows.wide:
            values, readable = self.lines.numbers
        else:
            values, readable = self.lines.micros.astype(np.float64)[:, None], self.lines.readable[:, None]
        total = values[inside].sum(axis=0)
        equal = (np.abs(2 * values - total) <= self.tolerance) | (~readable & (total == 0))
        numbers = readable & (values != 0)
        mask = equal.all(axis=1) & numbers.any(axis=1) & inside & ~members
        sure, doubtful = [], []
        for i in np.flatnonzero(mask).tolist():
            outermost = not inside[:i].any() or not inside[i + 1 :].any()
            if numbers[i].sum() >= 2 and outermost:
                sure.append(i)
            elif details > 3 or numbers[i].sum() >= 2:
                doubtful.append(i)
        return sure, doubtful
