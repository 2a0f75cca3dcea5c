"""The rows of a sheet that hold records: a wide table has several records in one."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.tables.cells.amounts import read_amounts
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, text_of
from xlsales.tables.rows.rows import Bools, Ints, Rows

MOST_CELLS = 20_000_000


class Lines(Struct, frozen=True, dict=True):
    """The rows of the sheet that hold records, with their cells and numbers."""

    grid: Grid
    columns: Columns
    rows: Rows
    micros: NDArray[np.int64]
    readable: Bools

    @cached_property
    def _lines(self) -> tuple[Ints, Ints]:
        if self.rows.wide:
            grid_row, of_record = np.unique(self.rows.grid_row, return_inverse=True)
            return grid_row, of_record
        return self.rows.grid_row, np.arange(self.rows.count)

    @property
    def grid_row(self) -> Ints:
        """The row of each line in the grid."""
        return self._lines[0]

    @property
    def of_record(self) -> Ints:
        """The line of each record; in a wide table several records are of one line."""
        return self._lines[1]

    @cached_property
    def _body(self) -> pl.DataFrame:
        return self.grid.below(self.columns.header_row)

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.grid.width

    def cells(self, column: int) -> pl.Series:
        """What the rows have in a column."""
        cells = self._body[:, column]
        return cells if self.count == len(cells) else cells.gather(self.grid_row - self.columns.header_row - 1)

    def of_records(self, mask: Bools) -> Bools:
        """The rows of some records."""
        if not self.rows.wide:
            return mask.copy()
        lines = np.zeros(self.count, bool)
        lines[self.of_record[mask]] = True
        return lines

    def to_records(self, mask: Bools) -> Bools:
        """The records of some rows."""
        return mask[self.of_record] if self.rows.wide else mask

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.grid_row)

    def blank(self, column: int) -> Bools:
        """Which rows have nothing in a column."""
        cells = self.cells(column)
        blank = cells.is_null()
        if cells.dtype == pl.String:
            blank |= (cells == "") | (cells == " ")
        return blank.fill_null(True).to_numpy()

    @cached_property
    def numbers(self) -> tuple[NDArray[np.float64], Bools]:
        """The numbers of each row that can be summed (amount and quantity, or periods), and which can be read."""
        if self.rows.wide:
            periods, at = np.unique(self.rows.amount_column, return_inverse=True)
            if self.count * len(periods) > MOST_CELLS:
                periods, at = periods[:1], np.zeros_like(at)
            values = np.zeros((self.count, len(periods)))
            np.add.at(values, (self.of_record, at), self.micros)
            readable = np.zeros(values.shape, bool)
            readable[self.of_record[self.readable], at[self.readable]] = True
            return values, readable
        amounts = self.micros.astype(np.float64)
        quantity = self.columns.fields.get("quantity")
        if quantity is None or "amount" not in self.columns.fields:
            return amounts[:, None], self.readable[:, None]
        quantities = read_amounts(text_of(self.cells(quantity)))
        return np.column_stack([amounts, quantities.micros]), np.column_stack([self.readable, quantities.readable])
