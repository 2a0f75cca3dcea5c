"""What the rows of actuals say of each store beside what was collected: its places, and its days with sales."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.core.periods import CALENDAR_YEAR, month_of, months_of
from xlsales.core.plan import Dimension, FiscalYear
from xlsales.tables.cells.amounts import read_amounts
from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.files.grids import text_of
from xlsales.tables.rows.sold import SoldRows
from xlsales.tables.rows.twice import dated_as_month, names_month

Pairs = Mapping[str, NDArray[np.int64]]
"""By dimension: rows of (store, member), positions of lowest members, each pair once."""

_WIDE = 10_000_000
"""More than there are days."""
_EPOCH = np.datetime64("0001-01-01", "D").astype(np.int64) - 1
"""The day before the first of the ordinals, as numpy counts days."""


class Pasted(Struct, frozen=True):
    """Which stores (positions) are in which places, by pasted and by collected rows.

    `days` has the ordinals of the days with pasted rows, by store; `micros` their sum on each, `of_months`
    the part of it from dates that are a month as text: it is dated on the month's last day.
    """

    places: Pairs = field(default_factory=dict)
    collected_places: Pairs = field(default_factory=dict)
    days: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    micros: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    of_months: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    fiscal: FiscalYear = CALENDAR_YEAR
    """Which days a month has."""

    def on(self, store: str) -> dict[dt.date, int]:
        """What was pasted of a store, by day."""
        if store not in self.days:
            return {}
        amounts = zip(self.days[store].tolist(), self.micros[store].tolist(), strict=True)
        return {dt.date.fromordinal(day): amount for day, amount in amounts}

    def beside(self, store: str, collected: SoldRows) -> tuple[dict[dt.date, int], dict[tuple[int, int], int]]:
        """What was pasted of a store by day, and by month as a whole (year and number), as a refresh counts them
        beside what was collected."""
        by_day, by_month, fiscal = self.on(store), dict[tuple[int, int], int](), self.fiscal
        for ordinal, micros in self.of_months.get(store, {}).items():
            day = dt.date.fromordinal(ordinal)
            by_month[month_of(day, fiscal)] = micros
            by_day[day] -= micros
            if not by_day[day]:
                del by_day[day]
        days, own = np.array(list(by_day), "datetime64[D]"), collected.days.astype(np.int64) + _EPOCH
        amounts = np.array(list(by_day.values()), np.int64)
        months, own_months = (months_of(one, fiscal).astype(np.int64) for one in (days, own.astype("datetime64[D]")))
        whole = dated_as_month(days, amounts, months, own_months, collected.micros, fiscal)
        for day, micros in zip(days[whole].tolist(), amounts[whole].tolist(), strict=True):
            month = month_of(day, fiscal)
            by_month[month] = by_month.get(month, 0) + micros
            del by_day[day]
        return by_day, by_month


def read_pasted(
    below: pl.DataFrame,
    at: Mapping[str, int],
    dimension: Dimension,
    places: Sequence[Dimension],
    collected: NDArray[np.bool_],
    unit_yuan: int,
    date1904: bool,
    currency: str,
    fiscal: FiscalYear,
) -> Pasted:
    """Read the rows below the headers, amounts in `unit_yuan`; `at` are the columns by what they serve.

    `fiscal` says which days a month has.
    """
    if not below.height:
        return Pasted()
    stores = _codes(below, at, dimension)
    members = {d.name: _codes(below, at, d) for d in places if d.name in at}
    rows = np.flatnonzero(~collected & (stores >= 0))
    days = read_days(below[:, at["date"]].gather(rows), DateBounds(fiscal=fiscal), date1904)
    rows, days = rows[dated := ~np.isnat(days)], days[dated]
    keys = stores[rows].astype(np.int64) * _WIDE + (days.astype(np.int64) - _EPOCH)
    keys, group = np.unique(keys, return_inverse=True)
    micros = read_amounts(below[:, at["amount"]].gather(rows), unit_yuan, currency).micros
    sums, monthly = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    np.add.at(sums, group, micros)
    of_month = names_month(below[:, at["date"]].gather(rows))
    np.add.at(monthly, group[of_month], micros[of_month])
    of_months: dict[str, dict[int, int]] = {}
    for i in np.flatnonzero(monthly).tolist():
        unit, day = divmod(int(keys[i]), _WIDE)
        of_months.setdefault(dimension.members[unit].name, {})[day] = int(monthly[i])
    units, starts = np.unique(keys // _WIDE, return_index=True)
    names = [dimension.members[unit].name for unit in units.tolist()]
    return Pasted(
        {name: distinct_pairs(stores[~collected], codes[~collected]) for name, codes in members.items()},
        {name: distinct_pairs(stores[collected], codes[collected]) for name, codes in members.items()},
        dict(zip(names, np.split(keys % _WIDE, starts[1:]), strict=False)),
        dict(zip(names, np.split(sums, starts[1:]), strict=False)),
        of_months,
        fiscal,
    )


def distinct_pairs(stores: NDArray[np.int32], members: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return each pair of store and member once; rows that do not name both are left out."""
    both = (stores >= 0) & (members >= 0)
    wide = np.int64(int(members.max(initial=0)) + 1)
    keys = np.unique(stores[both] * wide + members[both])
    return np.column_stack([keys // wide, keys % wide])


def _codes(below: pl.DataFrame, at: Mapping[str, int], dimension: Dimension) -> NDArray[np.int32]:
    """The lowest member of each row, below zero if it names none."""
    matcher = Matcher(dimension)
    codes = matcher.codes(text_of(below[:, at[dimension.name]]).str.strip_chars())
    return np.where(matcher.lowest(codes), codes, -1).astype(np.int32)
