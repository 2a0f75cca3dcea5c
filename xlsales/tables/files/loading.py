"""A sheet as the native reader loads it: columns of one type each, those of durations as numbers."""

from __future__ import annotations

from typing import Any

import fastexcel
import polars as pl
from msgspec import Struct

MOST_COLUMNS = 16_384


class TooSpread(Exception):
    """The cells of a sheet are so far apart that the native reader would need too much memory."""


class Asked(Struct, frozen=True):
    """What is to be loaded: a sheet below its first `skipped` rows, at most so many `rows`, or all of it as texts."""

    title: str
    skipped: int = 0
    rows: int | None = None
    texts: bool = False


def load(reader: fastexcel.ExcelReader, asked: Asked) -> tuple[pl.DataFrame, int]:
    """Load a sheet: its columns, named by position, and the first one's number."""
    cells, first = raw_cells(reader, asked)
    columns = [numbers_of_durations(column).alias(str(i)) for i, column in enumerate(cells)]
    return pl.DataFrame(columns), first


def raw_cells(reader: fastexcel.ExcelReader, asked: Asked, below: int = 0) -> tuple[pl.DataFrame, int]:
    """Return the columns of a sheet as the reader gives them, and the first one's number.

    `below`: the rows of the sheet begin below this one, and none are skipped.
    """
    # An explicit skip_rows keeps leading blank rows, so that row i is row i + 1 of the sheet.
    how: dict[str, Any] = {"dtypes": "string"} if asked.texts else {"schema_sample_rows": None}
    where = {"header_row": below - 1, "skip_rows": 0} if below else {"header_row": None, "skip_rows": asked.skipped}
    sheet = reader.load_sheet(asked.title, n_rows=asked.rows, **where, **how)
    columns = sheet.selected_columns  # all of them; `available_columns` would look for their types once more
    if len(columns) > MOST_COLUMNS:
        raise ValueError("more columns than a sheet can have")
    if not columns:
        return pl.DataFrame(), 1
    return sheet.to_polars(), columns[0].absolute_index + 1


def numbers_of_durations(column: pl.Series) -> pl.Series:
    """A number that is shown as [h]:mm is the number it is stored as."""
    return column.dt.total_milliseconds() / 86_400_000 if column.dtype == pl.Duration else column
