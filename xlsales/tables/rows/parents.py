"""Members that rows leave blank, by the tree of another dimension: 徐汇店 is below 华东, so are its sales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.faults import Place, Problem
from xlsales.tables.cells.matching import BLANK, Matcher
from xlsales.tables.reasons import Counted

Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]


class FromParents(Counted):
    """Rows without a member of a dimension, which follows from the parents of another dimension's member."""

    remark = True
    zh = "{rows_zh}没有写“{dimension}”,按“{units}”的上级计入。"
    en = '{rows_en} without a "{dimension}": counted by the parents of "{units}" in Dimensions.'


class FilledFromParents(Struct, frozen=True):
    """Which rows got their member of a dimension from the parents of `units`."""

    dimension: str
    units: str
    rows: Bools

    def remarks(self, label: str, accepted: Bools, wide: bool) -> list[Problem]:
        """Return a remark on those of the rows that count."""
        count = int((self.rows & accepted).sum())
        fault = FromParents(count=count, cells=wide, dimension=self.dimension, units=self.units)
        return [Problem.note(Place(label), "", fault, None, count)] if count else []


def fill_from_parents(codes: dict[str, Codes], matchers: Sequence[Matcher], rows: Bools) -> list[FilledFromParents]:
    """Complete the members that these rows leave blank, in `codes`; a dimension without a column is blank everywhere.

    A tree that disagrees with any row that names both fills nothing. A member that was filled in may lead to another: a
    person's store to its region.
    """
    filled: list[FilledFromParents] = []
    while more := [one for place in matchers for one in _fill(codes, place, matchers, rows)]:
        filled += more
    return filled


def _fill(
    codes: dict[str, Codes], place: Matcher, matchers: Sequence[Matcher], rows: Bools
) -> Iterator[FilledFromParents]:
    name = place.dimension.name
    for units in matchers:
        if units is place or units.dimension.name not in codes:
            continue
        by_tree, own = by_tree_of(codes[units.dimension.name], units, place), codes.get(name)
        if by_tree is None or (own is not None and ((own >= 0) & (by_tree >= 0) & (own != by_tree) & rows).any()):
            continue
        blank = rows & (by_tree >= 0) & (True if own is None else own == BLANK)
        if blank.any():
            codes[name] = np.where(blank, by_tree, BLANK if own is None else own).astype(np.int32)
            yield FilledFromParents(name, units.dimension.name, blank)


def by_tree_of(codes: Codes, units: Matcher, place: Matcher) -> Codes | None:
    """Return the lowest member of a place that each row's own member is below; None if the tree has none."""
    above = place.above(units.dimension)
    if (above < 0).all():
        return None
    return np.where(codes >= 0, above[np.maximum(codes, 0)], -1).astype(np.int32)
