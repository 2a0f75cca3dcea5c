"""Many rows of the same columns, stored as columns: a mapping of addresses would take a hundred times the memory."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.a1 import Address
from xlsales.ooxml import grid
from xlsales.ooxml.cells import BLANK, Blank

if TYPE_CHECKING:
    from xlsales.ooxml.changes import Change, Typed


class Texts(Struct, frozen=True):
    """A column of texts that come again and again: a code per row, and the text of each code (`BLANK`: nothing)."""

    codes: NDArray[np.int32]
    table: Sequence[str | Blank]

    def __getitem__(self, i: int) -> str | Blank:
        return self.table[int(self.codes[i])]


class RowBlock(Struct, frozen=True):
    """Values of some columns (by number) in some rows (1-based, each once); NaN is blank.

    Every column has a value for each row, and no row is blank in all of them.
    """

    rows: NDArray[np.int32]
    columns: Mapping[int, Texts | NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, i: int) -> dict[int, float | str | Blank]:
        """Return the values of the row at position `i`, by column."""
        values = ((column, values[i]) for column, values in self.columns.items())
        return {column: value if isinstance(value, str | Blank) else _number(value) for column, value in values}


def _number(value: np.float64) -> float | Blank:
    number = float(value)
    return BLANK if math.isnan(number) else number


class Todo:
    """What is to change in a sheet, row by row: single cells and a block. Each row is taken once."""

    def __init__(self, changes: Mapping[Address, Change | Typed], block: RowBlock | None) -> None:
        self.single: dict[int, dict[int, Change | Typed]] = {}
        self._block = block
        for (row, column), change in changes.items():
            _check_inside(row, column)
            self.single.setdefault(row, {})[column] = change
        self._positions = np.zeros(0, np.int32)  # of the block's rows by their number; -1 for the others
        if block is not None and len(block):
            first, last = int(block.rows.min()), int(block.rows.max())
            _check_inside(first, min(block.columns))
            _check_inside(last, max(block.columns))
            self._positions = np.full(last + 1, -1, np.int32)
            self._positions[block.rows] = np.arange(len(block), dtype=np.int32)

    def take(self, number: int) -> dict[int, Change | Typed]:
        """Return what is to change in a row, by column; a single cell precedes the block's."""
        single = self.single.pop(number, {})
        position = int(self._positions[number]) if number < len(self._positions) else -1
        if position < 0 or self._block is None:
            return single
        self._positions[number] = -1
        return {**self._block.row(position), **single}

    @property
    def columns(self) -> Collection[int]:
        """The columns of the block."""
        return self._block.columns if self._block is not None else ()

    @property
    def block_rest(self) -> NDArray[np.intp]:
        """The rows of the block that are still to be taken, in order."""
        return np.flatnonzero(self._positions >= 0)


def _check_inside(row: int, column: int) -> None:
    if not (1 <= row <= grid.MAX_ROW and 1 <= column <= grid.MAX_COLUMN):
        raise ValueError(f"({row}, {column}) is outside of a sheet")
