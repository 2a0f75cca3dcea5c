"""The rows of a table that hold something, as columns of text with the place of every cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Place
from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.columns.roles import Columns
from xlsales.tables.columns.years import in_years
from xlsales.tables.files.grids import Grid, Part, filled, where

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Records of a table, one per row, or one per filled cell of a wide table.

    `grid_row` is each record's row in the grid; `texts` the trimmed cells of each column that matters (null: blank);
    `amount_column` the column of its amount; `days` is given where no cell of a row tells the day: for months across,
    and for a table of one day. `wide`: each record is a cell, not a row. A column from `width` on holds members that
    are in the header (row `header_row`) above the amounts.
    A column of amounts or dates that holds nothing else stays numbers or dates. `errors` holds, for each column,
    the records with an error in their cell: record → code. `parts` tell which rows stand in sheets of their own.
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


def rows_of(grid: Grid, columns: Columns, label: str, span: DateBounds) -> Rows:
    """Take the records below the header. Wholly blank rows, and blank cells of a wide table, are none."""
    data = grid.below(columns.header_row)
    first = columns.header_row + 1
    dimensions = {column for group in columns.dimensions.values() for column in group if column < grid.width}
    leading = {column for group in columns.dimensions.values() for column in group[:1]} & dimensions
    fields = set(columns.fields.values())
    amount = columns.fields.get("amount")
    spare = {columns.fields[name] for name in ("quantity", "price") if name in columns.fields and amount is not None}
    spare -= {amount or 0} if amount is not None else set()
    keys = (fields - spare) | leading | set(columns.cells)
    typed = fields if amount is not None else set()
    years = {columns.date_parts.year} if columns.periods and columns.date_parts.year is not None else set()
    wanted = sorted(columns.counters.keys() | keys | dimensions | {0} | columns.meanings.keys() | years)
    texts = {column: _trimmed(data[:, column], column in typed or column in columns.counters) for column in wanted}
    if amount is not None and texts[amount].null_count():
        texts |= {column: _trimmed(data[:, column], True) for column in spare - texts.keys()}
    flawed = grid.flawed(keys) if any(texts[column].null_count() for column in keys) else {}
    flaws = {
        column: {row - first: code for row, code in found if first <= row < grid.height}
        for column, found in flawed.items()
    }
    if columns.cells:
        shared = (dimensions | fields | {0} | columns.meanings.keys() | years) - set(columns.cells)
        return _wide(grid, columns, label, texts, flaws, sorted(shared), span)
    held = _any(texts[column].is_not_null().to_numpy() for column in (fields | dimensions) & texts.keys())
    if "date" in columns.fields:
        held &= ~_only_notes(texts, columns.fields["date"], (fields | dimensions) & texts.keys(), spare, grid.date1904)
    if amount is not None:
        asked = {column: texts[column] for column in (fields - spare - {amount}) | (dimensions & texts.keys())}
        held &= ~_signatures(texts[amount], asked, held)
    for found in flaws.values():
        held[list(found)] = True
    at = np.flatnonzero(held)
    if len(at) < data.height:
        texts = {column: text.gather(at) for column, text in texts.items()}
        flaws = {column: _renumbered(found, at) for column, found in flaws.items()}
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, len(at))
    amounts = blank if amount is None else texts[amount]
    shown = columns.fields["price"] if amount is None else amount
    days = None if columns.day is None else np.full(len(at), np.datetime64(columns.day, "D"))
    return Rows(
        label,
        grid.first_column,
        columns.headers,
        at + first,
        np.full(len(at), shown),
        texts,
        amounts,
        days,
        flaws,
        grid.parts,
        moved=grid.moved,
    )


_SIGNATURE = (
    r"(?i)^\s*(?:(?:制[表单]|编制|审[核批]|复核|填[报表制]|打印|导出|统计|负责|主管|经办|财务|签[字名]|报表|数据来源)"
    r"[^:\uff1a]{0,6}[:\uff1a]|打印时间|导出时间|备?注\s*[:\uff1a]|说明\s*[:\uff1a]|第\s*\d+\s*页|共\s*\d+\s*页"
    r"|page\s*\d|printed|prepared by|notes?\s*:)"
)
"""Who made a report, when, and on which page: `审核:李四`, `第1页 共2页`."""


def _signatures(amounts: pl.Series, asked: Mapping[int, pl.Series], held: Bools) -> Bools:
    """Rows without an amount that sign, date or explain the report: no sales."""
    signed = np.zeros(len(held), bool)
    at = np.flatnonzero(amounts.is_null().to_numpy() & held)
    for text in asked.values():
        if at.size and text.dtype == pl.String:
            signed[at] |= text.gather(at).str.contains(_SIGNATURE).fill_null(False).to_numpy()
    return signed


def _only_notes(texts: dict[int, pl.Series], date: int, asked: set[int], spare: set[int], date1904: bool) -> Bools:
    """Rows that hold, of all that is asked for, a text in the column of dates that is no date: `制单人:张三`.

    Words in the columns of quantity and price, `spare`, are notes too.
    """
    notes = texts[date].is_not_null().to_numpy().copy()
    if texts[date].dtype != pl.String:
        return np.zeros(len(notes), bool)
    for column in asked - {date}:
        blank = texts[column].is_null()
        if column in spare and texts[column].dtype == pl.String:
            blank |= ~texts[column].str.contains(r"\d").fill_null(True)
        notes &= blank.to_numpy()
    at = np.flatnonzero(notes)
    if at.size:
        notes[at] = np.isnat(read_days(texts[date].gather(at), DateBounds(), date1904))
    return notes


def _wide(
    grid: Grid,
    columns: Columns,
    label: str,
    texts: dict[int, pl.Series],
    flaws: dict[int, dict[int, str]],
    shared: Sequence[int],
    span: DateBounds,
) -> Rows:
    """One record per filled period cell; `shared` are the columns that speak for all cells of a row."""
    at, amounts, errors = [], [], {}
    start = 0
    for column in columns.cells:
        held = texts[column].is_not_null().to_numpy().copy()
        held[list(flaws.get(column, {}))] = True
        at.append(np.flatnonzero(held))
        amounts.append(texts[column].gather(at[-1]))
        numbered = _renumbered(flaws.get(column, {}), at[-1])
        errors[column] = {start + record: code for record, code in numbered.items()}
        start += len(at[-1])
    row = np.concatenate(at)
    for column in shared:
        of_row = flaws.get(column, {})
        errors[column] = {i: of_row[r] for i, r in enumerate(row.tolist()) if r in of_row} if of_row else {}
    sizes = [len(found) for found in at]
    days = np.repeat(np.array([columns.periods.get(c, columns.day) for c in columns.cells], "datetime64[D]"), sizes)
    if columns.periods and columns.date_parts.year is not None:
        days = in_years(days, texts[columns.date_parts.year].gather(row), span, columns.date_parts.fiscal)
    members = {
        column: pl.Series(np.repeat(np.array([found[c] for c in columns.cells], object), sizes), dtype=pl.String)
        for column, found in columns.members.items()
    }
    return Rows(
        label,
        grid.first_column,
        columns.headers,
        row + columns.header_row + 1,
        np.repeat(np.array(columns.cells, np.int64), sizes),
        {column: texts[column].gather(row) for column in shared} | members,
        pl.concat(amounts),
        None if "date" in columns.fields else days,
        errors,
        grid.parts,
        True,
        grid.width,
        columns.header_row,
        grid.moved,
    )


def _trimmed(cells: pl.Series, typed: bool) -> pl.Series:
    """A column's text without the spaces around it; numbers and dates stay such where `typed`."""
    if typed and cells.dtype != pl.String:
        return cells
    return filled(cells)


def _any(masks: Iterable[Bools]) -> Bools:
    found: Bools | None = None
    for mask in masks:
        found = mask.copy() if found is None else found | mask
    return found if found is not None else np.zeros(0, bool)


def _renumbered(found: dict[int, str], at: Ints) -> dict[int, str]:
    """Grid positions → positions among the rows `at`, which hold all of them."""
    return dict(zip(np.searchsorted(at, list(found)).tolist(), found.values(), strict=True)) if found else {}
