"""Cells of 看板 that follow the picked member."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.layout.keyed import Fixed, OwnRow

LEFT = ("c0", "c1", "c2", "c3", "c4", "c5")
RIGHT = ("c7", "c8", "c9", "c10", "c11", "c12")
"""The columns that are seen, on both sides of a gap."""
TAKEN = '=IF({at}=0,"",IF(INDEX({block},{at})="","",INDEX({block},{at})))'
"""The cell of a block at the place that `at` says, blank if that is blank or there is no place."""


def formula(text: str, cells: Mapping[str, Fixed]) -> OwnRow:
    """A formula of cells of its own row, by column, and of cells elsewhere, by name."""
    return OwnRow(text, tuple(cells.items()))


def down(rows: tuple[str, str], column: str) -> Fixed:
    """The cells of a column from the first of two rows to the last."""
    return Fixed(rows[0], column, (rows[1], column))
