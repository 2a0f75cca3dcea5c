"""Arguments as a spreadsheet program passes them to a function: one cell, a line, or rows of equal length."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault
from xlsales.functions.cell import ArgumentCell, number_or_blank
from xlsales.values.cell import NotANumber, is_blank, out_of_bounds

Block = list[list[Any]]
"""Rows of cells."""


class NotOneCell(Fault):
    """A block in the place of one cell."""

    zh = "{name} 选了 {rows} 行 {columns} 列,应只选一格。"
    en = "{name} has {rows:rows} and {columns:columns}; select one cell."


class NotALine(Fault):
    """A block in the place of a row or a column."""

    zh = "{name} 选了 {rows} 行 {columns} 列,应只选一行或一列。"
    en = "{name} has {rows:rows} and {columns:columns}; select one row or one column."


class ShapesDiffer(Fault):
    """Two blocks that should have the same shape."""

    zh = "{name} 是 {rows} 行 {columns} 列,应与 {other} 一样是 {other_rows} 行 {other_columns} 列。"
    en = "{name} is {rows} × {columns} cells; it should be {other_rows} × {other_columns} like {other}."


class CountsDiffer(Fault):
    """Two lines that should have as many cells."""

    zh = "{name} 有 {count} 格,应与{zh_other}一样有 {expected} 格。"
    en = "{name} has {count:cells}; it should have {expected} like {en_other}."


class RaggedRows(Fault):
    """Rows of different length."""

    zh = "{name} 的各行长短不一。请选一个矩形区域。"
    en = "The rows of {name} differ in length. Select a rectangle."


class ArgumentCells(Struct, frozen=True):
    """An argument: its name and its cells; `cells` makes it."""

    name: str
    rows: Sequence[Sequence[Any]]

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.rows), len(self.rows[0])

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.shape[0] * self.shape[1]

    @property
    def blank(self) -> bool:
        """Whether all cells are blank, or the argument was left out."""
        return all(is_blank(v) for row in self.rows for v in row)

    def place(self, row: int, column: int) -> ArgumentCell:
        """Return the place of a cell, counted from 0."""
        rows, columns = self.shape
        return ArgumentCell(self.name, row + 1 if rows > 1 else None, column + 1 if columns > 1 else None)

    def place_at(self, position: int) -> ArgumentCell:
        """Return the place of a cell by its position in reading order, from 0."""
        return self.place(*divmod(position, self.shape[1]))

    def at(self, row: int, column: int) -> tuple[Any, ArgumentCell]:
        """Return the cell of a row and a column, from 0, and its place; an only cell is for all."""
        if self.size == 1:
            row = column = 0
        return self.rows[row][column], self.place(row, column)

    def one(self) -> tuple[Any, ArgumentCell]:
        """Return the only cell and its place. Raises NotOneCell."""
        if self.size != 1:
            raise NotOneCell(name=self.name, rows=self.shape[0], columns=self.shape[1])
        return self.rows[0][0], self.place(0, 0)

    def check_shape(self, shape: tuple[int, int], other: str) -> None:
        """Raise ShapesDiffer if the cells are not rows × columns as the argument(s) called `other` are."""
        if self.shape != shape:
            (rows, columns), (other_rows, other_columns) = self.shape, shape
            facts = {"other": other, "other_rows": other_rows, "other_columns": other_columns}
            raise ShapesDiffer(name=self.name, rows=rows, columns=columns, **facts)

    def line(self) -> list[tuple[Any, ArgumentCell]]:
        """Return the cells of a row or a column with their places. Raises NotALine."""
        rows, columns = self.shape
        if rows > 1 and columns > 1:
            raise NotALine(name=self.name, rows=rows, columns=columns)
        return [(v, self.place(i, j)) for i, row in enumerate(self.rows) for j, v in enumerate(row)]

    def numbers(self, *, low: float | None = None, high: float | None = None, share: bool = True) -> Floats:
        """Return all cells as floats of the same shape, NaN if blank; `share`: they may be percentages.

        Raises what `number_or_blank` raises, or OutOfBounds (below `low`, above `high`).
        """
        if all(type(v) is float for row in self.rows for v in row):
            numbers = np.array(self.rows, dtype=np.float64)
            numbers = numbers if np.isfinite(numbers).all() else self._one_by_one(share)
        else:
            numbers = self._one_by_one(share)
        with np.errstate(invalid="ignore"):
            outside = np.zeros(numbers.shape, np.bool_)
            if low is not None:
                outside |= numbers < low
            if high is not None:
                outside |= numbers > high
        if outside.any():
            position = int(np.argmax(outside))
            raise out_of_bounds(self.place_at(position), float(numbers.flat[position]), low, high)
        return numbers

    def _one_by_one(self, share: bool) -> Floats:
        place = self.place
        numbers = [
            [v if type(v) is float and math.isfinite(v) else _float(v, place, i, j, share) for j, v in enumerate(row)]
            for i, row in enumerate(self.rows)
        ]
        return np.array(numbers, dtype=np.float64)


def cells(name: str, value: Any) -> ArgumentCells:
    """Return an argument's cells: `value` is one cell, a row of cells, or rows of cells. Raises RaggedRows."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not _is_sequence(value):
        return ArgumentCells(name, [[value]])
    if not any(_is_sequence(v) for v in value):
        return ArgumentCells(name, [list(value) or [None]])
    rows = [v if _is_sequence(v) else [v] for v in value]
    if len({len(r) for r in rows}) > 1:
        raise RaggedRows(name=name)
    return ArgumentCells(name, rows if rows[0] else [[None]])


def common_shape(*arguments: ArgumentCells) -> tuple[int, int]:
    """Return the shape of arguments that are read cell by cell: that of the first with several cells.

    An only cell is for all. Raises ShapesDiffer.
    """
    leading = next((one for one in arguments if one.size > 1), arguments[0])
    for one in arguments:
        if one.size > 1:
            one.check_shape(leading.shape, leading.name)
    return leading.shape


def each(compute: Callable[..., Any], *arguments: ArgumentCells) -> Block:
    """Return what `compute` makes of arguments cell by cell; it takes the value and the place of each.

    Raises ShapesDiffer.
    """
    rows, columns = common_shape(*arguments)
    return [[compute(*(one.at(i, j) for one in arguments)) for j in range(columns)] for i in range(rows)]


def filled(numbers: Floats) -> Block:
    """Return numbers as rows of cells; NaN, and what is out of range, is blank."""
    block: Block = np.where(np.isfinite(numbers), numbers, np.array(None, dtype=object)).tolist()
    return block


def _is_sequence(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _float(value: Any, place_of: Callable[[int, int], ArgumentCell], row: int, column: int, share: bool) -> float:
    if value is None:
        return math.nan
    place = place_of(row, column)
    exact = number_or_blank(value, place, share=share)
    if exact is None:
        return math.nan
    number = float(exact)
    if not math.isfinite(number):
        raise NotANumber(where=place, found=value)
    return number
