"""What the rows of actuals tell of each store beside what was collected: where it is, and its days that are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.plan import Dimension
from xlsales.workbook.records.amounts import read_amounts
from xlsales.workbook.records.dates import Span, read_days
from xlsales.workbook.records.matching import Matcher
from xlsales.workbook.records.source import text_of
from xlsales.workbook.store.places import Pairs, distinct_pairs

_WIDE = 10_000_000
"""More than there are days."""
_EPOCH = np.datetime64("0001-01-01", "D").astype(np.int64) - 1


@dataclass(frozen=True)
class Pasted:
    """Which stores (positions) are in which places, by pasted and by collected rows.

    `days` has the ordinals of the days with pasted rows, by store; `micros` what they add up to on each.
    """

    places: Pairs = field(default_factory=dict)
    collected_places: Pairs = field(default_factory=dict)
    days: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    micros: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def on(self, store: str) -> dict[dt.date, int]:
        """What was pasted of a store, by day."""
        if store not in self.days:
            return {}
        amounts = zip(self.days[store].tolist(), self.micros[store].tolist(), strict=True)
        return {dt.date.fromordinal(day): amount for day, amount in amounts}


def read_pasted(
    below: pl.DataFrame,
    at: Mapping[str, int],
    dimension: Dimension,
    places: Sequence[Dimension],
    collected: NDArray[np.bool_],
    unit_yuan: int,
    date1904: bool,
) -> Pasted:
    """Read what the rows below the headers tell, amounts in `unit_yuan`; `at` are the columns by what they serve."""
    if not below.height:
        return Pasted()
    stores = _codes(below, at, dimension)
    members = {d.name: _codes(below, at, d) for d in places if d.name in at}
    rows = np.flatnonzero(~collected & (stores >= 0))
    days = read_days(below[:, at["date"]].gather(rows), Span(), date1904)
    rows, days = rows[known := ~np.isnat(days)], days[known]
    keys = stores[rows].astype(np.int64) * _WIDE + (days.astype(np.int64) - _EPOCH)
    keys, group = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, group, read_amounts(below[:, at["amount"]].gather(rows), unit_yuan).micros)
    units, starts = np.unique(keys // _WIDE, return_index=True)
    names = [dimension.members[unit].name for unit in units.tolist()]
    return Pasted(
        {name: distinct_pairs(stores[~collected], codes[~collected]) for name, codes in members.items()},
        {name: distinct_pairs(stores[collected], codes[collected]) for name, codes in members.items()},
        dict(zip(names, np.split(keys % _WIDE, starts[1:]), strict=False)),
        dict(zip(names, np.split(sums, starts[1:]), strict=False)),
    )


def _codes(below: pl.DataFrame, at: Mapping[str, int], dimension: Dimension) -> NDArray[np.int32]:
    """The lowest member of each row, below zero where it names none."""
    matcher = Matcher(dimension)
    codes = matcher.codes(text_of(below[:, at[dimension.name]]).str.strip_chars())
    return np.where(matcher.lowest(codes), codes, -1).astype(np.int32)
