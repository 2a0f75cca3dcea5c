"""From which day on sales are known without a gap, and what was sold on each day: rows of sales as days.

- A month without any sale is a gap, unless that month is empty in every other year too: then it is a season.
- A month with sales on one day alone, on two or three, or on one weekday, has sums of longer times: it counts as even
  days.
- A month that names no member for half of its sales is not known in that dimension.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.periods import Days, months_of, weekdays
from xlsales.core.plan import MICROS, FiscalYear
from xlsales.core.shapes import History

_LONGEST_MONTH = 31
_NAMED = 0.5
_FEW = 3


class KnownDays(Struct, frozen=True, dict=True):
    """Sales by rows, at least one, none after `last`; without `to_last` they are known as far as the rows reach."""

    rows: History
    fiscal: FiscalYear
    last: np.datetime64
    to_last: bool

    @cached_property
    def days(self) -> Days:
        """All days from the first sale to the last day that is known; if months are sums, all days of their month."""
        first, last = self.rows.days.min(), self.rows.days.max()
        around = np.arange(first - _LONGEST_MONTH, last + _LONGEST_MONTH + 1)
        month = months_of(around, self.fiscal)
        sold = np.bincount((self.rows.days - around[0]).astype(np.int64), minlength=len(around)) > 0
        are_sums = _are_sums(around[sold], self.fiscal)
        if are_sums[:2].all():
            first = around[month == month[_LONGEST_MONTH]][0]
        if self.to_last:
            last = self.last
        elif are_sums[-2:].all():
            last = min(around[month == month[-_LONGEST_MONTH - 1]][-1], self.last)
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
    def _sold(self) -> Mask:
        """The days with sales."""
        return np.asarray(np.bincount(self._day, minlength=len(self.days)) > 0)

    @cached_property
    def _sums(self) -> NDArray[np.int64]:
        """The months whose sales are sums of longer times than days."""
        return np.unique(self._month[self._sold])[_are_sums(self.days[self._sold], self.fiscal)]

    @cached_property
    def _gaps(self) -> Mask:
        """The months that are not known; one under way is not over."""
        empty = np.bincount(self._month, self._sold) == 0
        behind = months_of(np.array([self.days[-1], self.days[-1] + 1]), self.fiscal)
        if behind[0] == behind[1]:
            empty[-1] = False
        season = [len(empty[i % 12 :: 12]) > 1 and bool(empty[i % 12 :: 12].all()) for i in range(len(empty))]
        return np.asarray(empty & ~np.array(season))

    def _evened(self, sold: Floats, since: int) -> Floats:
        """Rows × days with sums on all days of their month."""
        month = self._month[since:]
        for alone in self._sums:
            first, end = np.searchsorted(month, [alone, alone + 1])
            if end > first:
                sold[:, first:end] = sold[:, first:end].mean(axis=1, keepdims=True)
        return sold


def _are_sums(days: Days, fiscal: FiscalYear) -> Mask:
    """Of each month with one of these days (each once, in order): whether they are too few, or of one weekday."""
    _, month, count = np.unique(months_of(days, fiscal), return_inverse=True, return_counts=True)
    weekday = weekdays(days)
    least, most = np.full(len(count), 7), np.full(len(count), -1)
    np.minimum.at(least, month, weekday)
    np.maximum.at(most, month, weekday)
    return np.asarray((count <= _FEW) | (least == most))
