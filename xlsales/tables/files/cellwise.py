"""A sheet read cell by cell from its XML: slow and sure, used if the fast loader fails or misses cells."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from xlsales.core import a1
from xlsales.core.text import clean
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult, Value
from xlsales.ooxml.grid import SheetError
from xlsales.ooxml.streamed import peek_rows, read_rows
from xlsales.values.serials import to_moment

ColumnCells = tuple[list[int], list[Value], list[int]]
"""Rows, values and styles of a column."""
NO_CELLS: ColumnCells = ([], [], [])


def read_cellwise(
    book: Book, sheet: SheetPart, head: Sequence[Mapping[int, object]]
) -> tuple[pl.DataFrame, int, list[str]]:
    """Return the used cells of a sheet below its head by columns, the first column's number, and cells left out.

    Errors are blank. Cells far from all cells before them are no part of the table: their addresses are returned.
    """
    columns: dict[int, ColumnCells] = {column: ([], [], []) for row in head for column in row}
    for row, cells in read_rows(book.package, sheet.part, book.strings):
        number = row - len(head)
        for column, cell in cells.items() if number > 0 else ():
            if cell.value is not BLANK and not isinstance(cell.value, ErrorValue | FormulaWithoutResult):
                rows, values, styles = columns.setdefault(column, ([], [], []))
                rows.append(number)
                values.append(cell.value)
                styles.append(cell.style)
    if not columns:
        return pl.DataFrame(), 1, []
    columns = {column: _in_order(cells) for column, cells in columns.items()}
    far = take_far(columns, head)
    height = _height(columns)
    first, last = min(columns), max(columns)
    series = [_column(*columns.get(i, NO_CELLS), height, book) for i in range(first, last + 1)]
    return pl.DataFrame({str(i): column for i, column in enumerate(series)}), first, far


def _in_order(cells: ColumnCells) -> ColumnCells:
    """The cells of a column from top to bottom, as nearly all sheets have them."""
    rows, values, styles = cells
    if all(above < below for above, below in pairwise(rows)):
        return cells
    order = sorted(range(len(rows)), key=rows.__getitem__)
    return [rows[i] for i in order], [values[i] for i in order], [styles[i] for i in order]


GAP = 200, 50_000
"""Beyond so many columns, or rows, without a cell there is another table, or a slip of the keyboard."""
_LEAST_GAP = 10, 100
"""So many are no gap in any table: there may be blank cells between a title and its table."""
_SPREAD = 20, 1_000_000
"""A used area with more than so many places for each cell, and so many in all, is no table."""


def is_spread(width: int, height: int, cells: int) -> bool:
    """Whether a used area holds far more places than cells."""
    return width * height > _SPREAD[0] * cells + _SPREAD[1]


def take_far(columns: dict[int, ColumnCells], head: Sequence[Mapping[int, object]] = ()) -> list[str]:
    """Take out cells beyond a gap, and return their addresses; `head` are rows above, by column.

    If the rest is still mostly empty, smaller gaps count. Raises `SheetError` if there is no gap.
    """
    (across, down), far = GAP, _take_beyond(columns, head, *GAP)
    while _wastes(columns):
        if (across, down) == _LEAST_GAP:
            raise SheetError("its cells are too far apart")
        across, down = max(across // 4, _LEAST_GAP[0]), max(down // 4, _LEAST_GAP[1])
        far += _take_beyond(columns, head, across, down)
    return far


def _wastes(columns: Mapping[int, ColumnCells]) -> bool:
    """Whether the area down to the last row would hold far too many places without a cell."""
    cells = sum(len(rows) for rows, _, _ in columns.values())
    return (max(columns) - min(columns) + 1) * _height(columns) > _SPREAD[0] * cells + _MOST_BLANK


_MOST_BLANK = 20_000_000


def _height(columns: Mapping[int, ColumnCells]) -> int:
    return max((rows[-1] for rows, _, _ in columns.values() if rows), default=0)


def _take_beyond(
    columns: dict[int, ColumnCells], head: Sequence[Mapping[int, object]], across: int, down: int
) -> list[str]:
    far, above = [], len(head)
    for column in list(_beyond(sorted(columns), across)):
        rows, _, _ = columns.pop(column)
        far += [a1.cell(row, column) for row, cells in enumerate(head, 1) if cells.get(column)]
        far += [a1.cell(row + above, column) for row in rows]
    rows_with_cells = sorted({row for rows, _, _ in columns.values() for row in rows})
    end = next(iter(_beyond(rows_with_cells, down)), None)
    if end is not None:
        for column, (rows, values, styles) in columns.items():
            keep = bisect_left(rows, end)
            far += [a1.cell(row + above, column) for row in rows[keep:]]
            columns[column] = rows[:keep], values[:keep], styles[:keep]
        for column in [column for column, (rows, _, _) in columns.items() if not rows]:
            if not any(cells.get(column) for cells in head):
                del columns[column]
    return far


def _beyond(numbers: Sequence[int], gap: int) -> Sequence[int]:
    """Return the numbers beyond the first gap in a rising sequence."""
    for i in range(1, len(numbers)):
        if numbers[i] - numbers[i - 1] > gap:
            return numbers[i:]
    return ()


def first_rows(book: Book, sheet: SheetPart, count: int) -> list[tuple[str | None, ...]]:
    """Return the first rows of a sheet as text, from its first used column on."""
    rows = peek_rows(book.package, sheet.part, count, book.strings)
    by_row = {number: {c: cell for c, cell in cells.items() if cell.value is not BLANK} for number, cells in rows}
    columns = [column for cells in by_row.values() for column in cells]
    height = min(max((number for number, cells in by_row.items() if cells), default=0), count)
    across = range(min(columns, default=1), max(columns, default=0) + 1)
    return [tuple(_shown(by_row.get(n, {}).get(c), book) for c in across) for n in range(1, height + 1)]


def _shown(cell: Cell | None, book: Book) -> str | None:
    if cell is None or isinstance(cell.value, ErrorValue | FormulaWithoutResult):
        return None
    return clean(_text(_shown_as(cell.value, book.styles.is_date(cell.style), book))) or None


def _shown_as(value: Value, dated: bool, book: Book) -> Value | dt.datetime:
    """A number that Excel shows as a date is that moment; a time of day, and a number without a date, stay numbers."""
    return (to_moment(value, book.date1904) or value) if dated and isinstance(value, float) else value


def _column(rows: Sequence[int], values: Sequence[Value], styles: Sequence[int], height: int, book: Book) -> pl.Series:
    """A column of numbers or of moments if each cell is one, else of text."""
    dated = {style: book.styles.is_date(style) for style in set(styles)}
    kinds = {
        (type(value), isinstance(value, float) and dated[style]) for value, style in zip(values, styles, strict=True)
    }
    if kinds == {(float, False)}:
        return _spread(rows, pl.Series(values, dtype=pl.Float64), height)
    shown = [_shown_as(value, dated[style], book) for value, style in zip(values, styles, strict=True)]
    if kinds == {(float, True)} and all(isinstance(value, dt.datetime) for value in shown):
        return _spread(rows, pl.Series(shown, dtype=pl.Datetime("ms")), height)
    return _spread(rows, pl.Series([_text(value) for value in shown], dtype=pl.String), height)


def _spread(rows: Sequence[int], values: pl.Series, height: int) -> pl.Series:
    """Values at their rows (the last one, if a row has two), the others null."""
    at: list[int | None] = [None] * height
    for i, row in enumerate(rows):
        at[row - 1] = i
    return values.gather(pl.Series(at, dtype=pl.UInt32)) if len(values) else pl.Series([None] * height, dtype=pl.String)


def _text(value: Value | dt.datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else str(value)
