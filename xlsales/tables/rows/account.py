"""The account of a reading: which cells of the file were read, which were passed over and why."""

from __future__ import annotations

import numpy as np
import polars as pl

from xlsales.core import a1
from xlsales.core.faults import Listed, Place, Problem
from xlsales.tables import reasons
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, filled, where
from xlsales.tables.remarks import ColumnsWithoutHeader, LineTooWide, RowsWithoutFigures, Unaccounted
from xlsales.tables.rows.rows import Rows
from xlsales.tables.rows.sieve import Sieve
from xlsales.vocabulary.contract import Word


def check_all_read(grid: Grid, columns: Columns, rows: Rows) -> None:
    """Raise `Unaccounted` if the records have more or fewer amounts than the cells below the header."""
    if not columns.periods and "amount" not in columns.fields:
        return
    below = grid.below(columns.header_row)
    cells = sum(_count(below[:, column]) for column in columns.periods or (columns.fields["amount"],))
    amounts = len(rows.amounts) - rows.amounts.null_count()
    if cells != amounts:
        raise Unaccounted(label=rows.label, held=cells, read=amounts)


def _count(column: pl.Series) -> int:
    """The number of cells that hold something."""
    return (filled(column) if column.dtype == pl.String else column).count()


def rows_passed_over(grid: Grid, columns: Columns, rows: Rows) -> tuple[int, int]:
    """Return how many rows below the header hold something but are no records, and the number of the first."""
    below = grid.below(columns.header_row)
    filled_rows = below.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy().copy()
    filled_rows[rows.grid_row - columns.header_row - 1] = False
    over = (
        np.flatnonzero(filled_rows) if not rows.wide else np.zeros(0, np.int64)
    )  # a member without amounts is nothing
    if over.size:  # what looks blank is
        filled_cells = [filled(column).is_not_null().to_numpy() for column in below[over]]
        over = over[np.any(filled_cells, axis=0)]
    return len(over), (int(over[0]) if over.size else 0) + columns.header_row + 1


def remarks(grid: Grid, columns: Columns, rows: Rows, over: tuple[int, int]) -> list[Problem]:
    """Return remarks on sheets, rows and columns without a header that were passed over, and on hidden rows that count.

    `over`: what `rows_passed_over` counted.
    """
    label = rows.label
    notes = list(grid.notes)
    serving = {
        *columns.fields.values(),
        *columns.periods,
        *columns.meanings,
        *(c for group in columns.dimensions.values() for c in group),
    }
    below = grid.below(columns.header_row)
    bare = [i for i, header in enumerate(columns.headers) if header is None and i not in serving]
    counts = {i: count for i in bare if (count := _count(below[:, i]))}
    if counts and not grid.plain_text:
        letters = Listed(a1.letters(i + grid.first_column) for i in counts)
        fault = ColumnsWithoutHeader(letters=letters, count=sum(counts.values()))
        notes.append(Problem.note(Place(label, columns.header_row + 1), "", fault))
    passed, first = over
    if passed:
        sheet, row = where(grid.parts, label, first)
        notes.append(Problem.note(Place(sheet, row), "", RowsWithoutFigures(count=passed), None, passed))
    return notes


def sift_wide_lines(sieve: Sieve, grid: Grid, columns: Columns) -> None:
    """Set aside the lines of a text file with more cells than the header: a comma in a cell split it."""
    headed = [i for i, header in enumerate(columns.headers) if header is not None]
    if not grid.plain_text or not headed:
        return
    last = headed[-1]
    below = grid.below(columns.header_row)
    beyond = [below[:, i] for i in range(last + 1, grid.width)]
    beyond_cells = [filled(column).is_not_null().to_numpy() for column in beyond]
    if not np.any(beyond_cells):
        return
    widths = np.max([np.where(full, i, 0) for i, full in enumerate(beyond_cells, last + 2)], axis=0)
    at = sieve.rows.grid_row - columns.header_row - 1
    wide = widths[at]
    values = pl.Series([str(cells) for cells in wide])
    sieve.each(wide > 0, last, values, lambda cells: LineTooWide(cells=int(cells), headers=last + 1))


def header_remarks(grid: Grid, columns: Columns, factor: int, label: str, base: Word) -> list[Problem]:
    """Return remarks on the headers: columns of totals that are left out, and a unit that the table names itself.

    `base` is the word of the unit in which amounts are stored.
    """
    row = columns.header_row + 1
    notes = []
    for column in columns.totals:
        header = columns.headers[column] or ""
        place = Place(label, row, column + grid.first_column)
        notes.append(Problem.note(place, header, reasons.TotalColumn(value=header)))
    if columns.unit is not None and columns.unit != factor:
        fault = reasons.UnitOfHeader(unit=columns.unit, setting=factor, base=base)
        notes.append(Problem.note(Place(label, row), "", fault))
    return notes
