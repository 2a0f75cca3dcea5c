"""Cells merged downwards: the date or member in the first one is that of every row beside it."""

from __future__ import annotations

import numpy as np
import polars as pl

from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid


def fill_merged(grid: Grid, columns: Columns) -> Grid:
    """Fill the columns of dates, members and meanings below merged cells; rows that hold nothing else stay blank.

    Amounts are never filled: the figure of a merged cell is there once.
    """
    start = columns.header_row + 1
    keys = columns.key_columns | (columns.meanings.keys() | columns.date_parts.columns) - columns.amount_columns
    rows = [(m.first - 1, min(m.last, grid.height), m.column - grid.first_column) for m in grid.merged]
    moved = [(first, end) for first, end, _ in grid.moved]
    rows = [
        (first - start, end - start, column)
        for first, end, column in rows
        if column in keys and column < grid.width and first >= start
        if not any(first < last and end > begin for begin, last in moved)
    ]
    if not rows:
        return grid
    body = grid.below(columns.header_row)
    rows_with_cells = body.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    filled = {}
    for at in {column for *_, column in rows}:
        source = np.arange(body.height)
        for first, end, column in rows:
            if column == at:
                source[first:end] = first
        source = np.where(rows_with_cells, source, np.arange(body.height))
        filled[at] = body[:, at].gather(source)
    return grid.with_columns(columns.header_row, filled)
