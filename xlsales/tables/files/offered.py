"""The first row that a fresh plan offers in 实际 and 历史: a header to type under or to paste over, and a hint.

Whatever people paste is read as if that row had been blank. Its cells count only as the header of what is typed under
them: not beside a narrower table, and not above a table that brings its own header. A header that a person changed,
with nothing under it yet, is theirs as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from xlsales.tables.files.grids import HEAD_ROWS, Grid, Row
from xlsales.tables.words.header_words import FIELDS, tier_of
from xlsales.tables.words.labels import period_columns
from xlsales.values.amount_text import is_amount
from xlsales.values.date_text import read_stamp, without_time
from xlsales.vocabulary.contract import PASTE_HEADERS, PASTE_HINTS

_OFFERED = [{word.zh, word.en} for word in PASTE_HEADERS]
_OFFERED.append({text for hint in PASTE_HINTS.values() for text in (hint.zh, hint.en)})


def without_offered(grid: Grid) -> Grid:
    """Return the cells of a sheet of pasted sales without what is left of the row that a fresh plan offers.

    Columns that are blank then are gone, so the grid of a sheet without sales has no width.
    """
    first, *rows = grid.top(HEAD_ROWS)
    columns = range(grid.first_column - 1, grid.first_column - 1 + grid.width)
    offered = {i for i, at in enumerate(columns) if at < len(_OFFERED) and first[i] in _OFFERED[at]}
    if not offered:
        return grid
    hint = len(_OFFERED) - grid.first_column
    under = [_is_used(column) for column in grid.below(0)]
    headers = {i for i in offered - {hint} if under[i]}
    alone = not any(cell is not None for i, cell in enumerate(first) if i not in offered)
    if not alone and not any(under) and _is_header(first):
        blank = offered & {hint}
    else:
        blank = offered - headers if _serves(rows, alone) else offered
    return _trimmed(_blanked(grid, blank)) if blank else grid


def _is_header(row: Row) -> bool:
    """Whether a row holds neither a day nor an amount."""
    return not any(_is_day(cell) or is_amount(cell) for cell in row if cell is not None)


def _is_used(column: pl.Series) -> bool:
    return column.null_count() < len(column)


def _serves(rows: Sequence[Row], alone: bool) -> bool:
    """Whether the offered header is that of the rows below it; `alone`: nothing else is in the first row."""
    row = next((row for row in rows if sum(cell is not None for cell in row) > 1), None)
    if row is None:
        return True
    if alone and period_columns(row) and not _is_day(row[0]):  # a table with months across
        return False
    if not _is_header(row):
        return True
    names = any(tier_of(field, cell) is not None for cell in row if cell is not None for field in FIELDS)
    return not names and (row[0] is None or not alone)


def _is_day(cell: str | None) -> bool:
    return cell is not None and read_stamp(without_time(cell)) is not None


def _blanked(grid: Grid, columns: set[int]) -> Grid:
    """The grid with blank cells in the first row of some columns."""
    if grid.head:
        first = tuple(None if i in columns else cell for i, cell in enumerate(grid.head[0]))
        return replace(grid, head=(first, *grid.head[1:]))
    names = [grid.body.columns[i] for i in columns]
    first_row = pl.int_range(pl.len()) == 0
    return replace(grid, body=grid.body.with_columns(pl.when(~first_row).then(pl.col(name)) for name in names))


def _trimmed(grid: Grid) -> Grid:
    """The grid without blank columns at its edges."""
    filled = [
        i for i, column in enumerate(grid.body) if _is_used(column) or any(row[i] is not None for row in grid.head)
    ]
    edges = slice(filled[0], filled[-1] + 1) if filled else slice(0, 0)
    body, head = grid.body[:, edges], tuple(row[edges] for row in grid.head)
    return replace(grid, body=body, head=head, first_column=grid.first_column + edges.start)
