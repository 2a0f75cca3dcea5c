"""The rows of a table that hold something, as columns of text with the place of every cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.core.faults import Place
from xlsales.tables.files.grids import Part, where

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Rows(Struct, frozen=True):
    """Records of a table, one per row, or one per filled cell of a wide table.

    `grid_row` is each record's row in the grid, `amount_column` the column of its amount. `texts` has the trimmed
    cells of each column that matters (null: blank); a column of nothing but numbers or dates keeps these. `days` is
    None if the cells of a column are dates; else the header or the table names the days. `wide`: each record is a
    cell, not a row; a column from `width` on holds members that are in the header (row `header_row`) above the amounts.
    `errors` has the records with an error in their cell, by column: record → code. `parts` are the rows of each sheet;
    `moved` has rows with cells that are in other columns of the sheet.
    """

    label: str
    first_column: int
    headers: Sequence[str | None]
    grid_row: Ints
    amount_column: NDArray[np.int64]
    texts: dict[int, pl.Series]
    amounts: pl.Series
    days: NDArray[np.datetime64] | None = None
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    wide: bool = False
    width: int = 0
    header_row: int = 0
    moved: tuple[tuple[int, int, dict[int, int]], ...] = ()

    @property
    def count(self) -> int:
        """The number of records."""
        return len(self.grid_row)

    def place(self, record: int, column: int | None = None) -> Place:
        """The cell of a record in a column of the grid."""
        if column is not None and self.wide and column >= self.width:
            return Place(self.label, self.header_row + 1, int(self.amount_column[record]) + self.first_column)
        at = int(self.grid_row[record])
        sheet, row = where(self.parts, self.label, at)
        for first, end, true in self.moved if column is not None else ():
            column = true.get(column, column) if first <= at < end and column is not None else column
        return Place(sheet, row, None if column is None else column + self.first_column)

    def header(self, column: int) -> str:
        """What a column is headed."""
        return self.headers[column] or ""
