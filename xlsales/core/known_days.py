"""From which day on sales are known without a gap, and what was sold on each day: rows of sales as days.

- A month without any sale is a gap, unless that month is empty in every other year too: then it is a season.
- A month with sales on one day alone is a month's sum: it counts as even days.
- A month that names no member for half of its sales is not known in that dimension.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.periods import Days, months_of
from xlsales.core.plan import MICROS, FiscalYear
from xlsales.core.shapes import History

_LONGEST_MONTH = 31
_NAMED = 0.5


class KnownDays(Struct, frozen=True, dict=True):
    """Sales by rows, at least one, none after `last`; without `to_last` they are known as far as the rows reach."""

    rows: History
    fiscal: FiscalYear
    last: np.datetime64
    to_last: bool

    @cached_property
    def days(self) -> Days:
        """All days from the first sale to the last day that is known; a month's sum has all days of its month."""
        first, last = self.rows.days.min(), self.rows.days.max()
        around = np.arange(first - _LONGEST_MONTH, last + _LONGEST_MONTH + 1)
        month = months_of(around, self.fiscal)
        with_sales = np.bincount((self.rows.days - around[0]).astype(np.int64), minlength=len(around)) > 0
        at_first, at_last = (month == month[np.searchsorted(around, day)] for day in (first, last))
        if with_sales[at_first].sum() == 1:
            first = around[at_first][0]
        if self.to_last:
            last = self.last
        elif with_sales[at_last].sum() == 1:
            last = min(around[at_last][-1], self.last)
        return np.arange(first, last + 1)

    def since(self, dimension: str | None) -> int:
        """Return the position of the first day from which all is known, of a dimension or of the whole."""
        unknown = self._gaps
        if dimension is not None:
            size = np.abs(self.rows.micros.astype(np.float64))
            month = self._month[self._day]
            named = np.bincount(month, np.where(self.rows.codes[dimension] >= 0, size, 0.0), len(unknown))
            unknown = unknown | (named < _NAMED * np.bincount(month, size, len(unknown)))
        months = np.flatnonzero(unknown)
        return int(np.searchsorted(self._month, months[-1], "right")) if len(months) else 0

    def whole(self, since: int) -> Floats:
        """Return what all sold on each day from a position on, in yuan."""
        sold: Floats = np.bincount(self._day, self.rows.micros, len(self.days)) / MICROS
        return np.asarray(self._evened(sold[None, since:], since)[0])

    def members(self, dimension: str, row_of: NDArray[np.intp], since: int) -> Floats:
        """Return rows × days from a position on, in yuan; `row_of` says to which row a member's sales count, or -1."""
        codes, n, count = self.rows.codes[dimension], len(self.days) - since, int(row_of.max(initial=-1)) + 1
        row = np.append(row_of, -1)[codes]
        used = (row >= 0) & (codes >= 0) & (self._day >= since)
        cells = row[used] * n + self._day[used] - since
        sold = np.bincount(cells, self.rows.micros[used], count * n).reshape(count, n) / MICROS
        return self._evened(sold, since)

    @cached_property
    def _day(self) -> NDArray[np.int64]:
        """The position of each row's day."""
        return np.asarray((self.rows.days - self.days[0]).astype(np.int64))

    @cached_property
    def _month(self) -> NDArray[np.int64]:
        """The month of each day, from 0."""
        months = months_of(self.days, self.fiscal).astype(np.int64)
        return np.asarray(months - months[0])

    @cached_property
    def _with_sales(self) -> NDArray[np.int64]:
        """The days with sales of each month."""
        sold = np.bincount(self._day, minlength=len(self.days)) > 0
        return np.bincount(self._month, sold).astype(np.int64)

    @cached_property
    def _gaps(self) -> Mask:
        """The months that are not known; one under way is not over."""
        empty = self._with_sales == 0
        behind = months_of(np.array([self.days[-1], self.days[-1] + 1]), self.fiscal)
        if behind[0] == behind[1]:
            empty[-1] = False
        season = [len(empty[i % 12 :: 12]) > 1 and bool(empty[i % 12 :: 12].all()) for i in range(len(empty))]
        return np.asarray(empty & ~np.array(season))

    def _evened(self, sold: Floats, since: int) -> Floats:
        """Rows × days with each month's sum on all of its days."""
        month = self._month[since:]
        for alone in np.flatnonzero(self._with_sales == 1):
            first, end = np.searchsorted(month, [alone, alone + 1])
            if end > first:
                sold[:, first:end] = sold[:, first:end].mean(axis=1, keepdims=True)
        return sold
