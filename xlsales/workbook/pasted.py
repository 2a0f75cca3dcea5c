"""What the rows of actuals tell of each store beside what was collected: where it is, and its days that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.plan import Dimension
from xlsales.workbook.records.dates import Span, read_days
from xlsales.workbook.records.matching import Matcher
from xlsales.workbook.records.source import text_of
from xlsales.workbook.store.places import Pairs, distinct_pairs

_EPOCH = np.datetime64("0001-01-01", "D").astype(np.int64) - 1


@dataclass(frozen=True)
class Pasted:
    """Which stores (positions) are in which places, by pasted and by collected rows.

    `days` has the ordinals of the days with pasted rows, by store.
    """

    places: Pairs = field(default_factory=dict)
    collected_places: Pairs = field(default_factory=dict)
    days: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)


def read_pasted(
    below: pl.DataFrame,
    at: Mapping[str, int],
    dimension: Dimension,
    places: Sequence[Dimension],
    collected: NDArray[np.bool_],
    date1904: bool,
) -> Pasted:
    """Read what the rows below the headers tell; `at` are the columns by what they serve."""
    if not below.height:
        return Pasted()
    stores = _codes(below, at, dimension)
    members = {d.name: _codes(below, at, d) for d in places if d.name in at}
    rows = np.flatnonzero(~collected & (stores >= 0))
    days = read_days(below[:, at["date"]].gather(rows), Span(), date1904)
    known = ~np.isnat(days)
    pairs = distinct_pairs(stores[rows[known]], (days[known].astype(np.int64) - _EPOCH).astype(np.int32))
    units, starts = np.unique(pairs[:, 0], return_index=True)
    of_unit = np.split(pairs[:, 1], starts[1:])
    return Pasted(
        {name: distinct_pairs(stores[~collected], codes[~collected]) for name, codes in members.items()},
        {name: distinct_pairs(stores[collected], codes[collected]) for name, codes in members.items()},
        {dimension.members[unit].name: own for unit, own in zip(units.tolist(), of_unit, strict=False)},
    )


def _codes(below: pl.DataFrame, at: Mapping[str, int], dimension: Dimension) -> NDArray[np.int32]:
    """The lowest member of each row, below zero where it names none."""
    matcher = Matcher(dimension)
    codes = matcher.codes(text_of(below[:, at[dimension.name]]).str.strip_chars())
    return np.where(matcher.lowest(codes), codes, -1).astype(np.int32)
