"""The records below a header: its rows that hold something, or the filled cells of a wide table."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.columns.roles import Columns
from xlsales.tables.columns.years import in_years
from xlsales.tables.files.grids import Grid, filled
from xlsales.tables.rows.rows import Bools, Ints, Rows

Flaws = dict[int, str]
"""Row or record → the code of the error in its cell."""


def rows_of(grid: Grid, columns: Columns, label: str, span: DateBounds) -> Rows:
    """Take the records below the header. Wholly blank rows, and blank cells of a wide table, are none."""
    body = _Body(grid, columns)
    return _wide(body, label, span) if columns.cells else _long(body, label)


class _Body:
    """The cells below the header that matter: `texts` by column, `flaws` the errors in key columns: row → code.

    Columns: `dimensions` are those of members, `fields` those of date, amount, quantity and price. `spare` are
    quantity and price if there is an amount: a row needs neither.
    """

    def __init__(self, grid: Grid, columns: Columns) -> None:
        self.grid, self.columns = grid, columns
        self.data = grid.below(columns.header_row)
        self.amount = columns.fields.get("amount")
        self.fields = set(columns.fields.values())
        self.dimensions = {column for group in columns.dimensions.values() for column in group if column < grid.width}
        leading = {column for group in columns.dimensions.values() for column in group[:1]} & self.dimensions
        factors = {columns.fields[name] for name in ("quantity", "price") if name in columns.fields}
        self.spare = factors - {self.amount} if self.amount is not None else set()
        keys = (self.fields - self.spare) | leading | set(columns.cells)
        self.texts = {column: self._text(column) for column in sorted(self.beside | columns.counters.keys() | keys)}
        if self.amount is not None and self.texts[self.amount].null_count():
            self.texts |= {column: self._text(column) for column in self.spare - self.texts.keys()}
        first = columns.header_row + 1
        flawed = grid.flawed(keys) if any(self.texts[column].null_count() for column in keys) else {}
        self.flaws = {
            column: {row - first: code for row, code in codes if first <= row < grid.height}
            for column, codes in flawed.items()
        }

    @property
    def beside(self) -> set[int]:
        """The columns that speak for all cells of a row: members, meanings, the year, and the first column."""
        year = self.columns.date_parts.year if self.columns.periods else None
        return self.dimensions | {0} | self.columns.meanings.keys() | ({year} if year is not None else set())

    @property
    def of_sales(self) -> set[int]:
        """The columns of members and fields that were read: a row with something in one of them is a record."""
        return (self.fields | self.dimensions) & self.texts.keys()

    def _text(self, column: int) -> pl.Series:
        """A column's text without the spaces around it; fields beside an amount stay numbers and dates."""
        cells = self.data[:, column]
        as_typed = (self.amount is not None and column in self.fields) or column in self.columns.counters
        return cells if as_typed and cells.dtype != pl.String else filled(cells, self._names(column))

    def _names(self, column: int) -> frozenset[str]:
        words: frozenset[str] = self.columns.names_like_blanks.get(column, frozenset())
        return words


def _long(body: _Body, label: str) -> Rows:
    """One record per row that holds something of a sale, or an error."""
    columns, texts, flaws = body.columns, body.texts, body.flaws
    mask = np.zeros(body.data.height, bool)
    for column in body.of_sales:
        mask |= texts[column].is_not_null().to_numpy()
    if "date" in columns.fields:
        mask &= ~_only_notes(body, columns.fields["date"])
    if body.amount is not None:
        mask &= ~_signatures(texts[body.amount], (texts[i] for i in body.of_sales - body.spare - {body.amount}), mask)
    for codes in flaws.values():
        mask[list(codes)] = True
    at = np.flatnonzero(mask)
    if len(at) < body.data.height:
        texts = {column: text.gather(at) for column, text in texts.items()}
        flaws = {column: _renumbered(codes, at) for column, codes in flaws.items()}
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, len(at))
    return Rows(
        label=label,
        first_column=body.grid.first_column,
        headers=columns.headers,
        grid_row=at + columns.header_row + 1,
        amount_column=np.full(len(at), columns.fields["price"] if body.amount is None else body.amount),
        texts=texts,
        amounts=blank if body.amount is None else texts[body.amount],
        days=None if columns.day is None else np.full(len(at), np.datetime64(columns.day, "D")),
        errors=flaws,
        parts=body.grid.parts,
        moved=body.grid.moved,
    )


_SIGNATURE = (
    r"(?i)^\s*(?:(?:制[表单]|编制|审[核批]|复核|填[报表制]|打印|导出|统计|负责|主管|经办|财务|签[字名]|报表|数据来源)"
    r"[^:\uff1a]{0,6}[:\uff1a]|打印时间|导出时间|备?注\s*[:\uff1a]|说明\s*[:\uff1a]|第\s*\d+\s*页|共\s*\d+\s*页"
    r"|page\s*\d|printed|prepared by|notes?\s*:)"
)
"""Who made a report, when, and on which page: `审核:李四`, `第1页 共2页`."""


def _signatures(amounts: pl.Series, others: Iterable[pl.Series], mask: Bools) -> Bools:
    """Rows without an amount that sign, date or explain the report: no sales."""
    signatures = np.zeros(len(mask), bool)
    at = np.flatnonzero(amounts.is_null().to_numpy() & mask)
    for text in others:
        if at.size and text.dtype == pl.String:
            signatures[at] |= text.gather(at).str.contains(_SIGNATURE).fill_null(False).to_numpy()
    return signatures


def _only_notes(body: _Body, date: int) -> Bools:
    """Rows of a sale's columns that hold nothing but a text in the column `date` that is no date: `制单人:张三`.

    Words in the columns of quantity and price are notes too.
    """
    texts = body.texts
    notes = texts[date].is_not_null().to_numpy().copy()
    if texts[date].dtype != pl.String:
        return np.zeros(len(notes), bool)
    for column in body.of_sales - {date}:
        blank = texts[column].is_null()
        if column in body.spare and texts[column].dtype == pl.String:
            blank |= ~texts[column].str.contains(r"\d").fill_null(True)
        notes &= blank.to_numpy()
    at = np.flatnonzero(notes)
    if at.size:
        notes[at] = np.isnat(read_days(texts[date].gather(at), DateBounds(), body.grid.date1904))
    return notes


def _wide(body: _Body, label: str, span: DateBounds) -> Rows:
    """One record per filled cell of the columns of amounts, one column after the other."""
    columns, texts, flaws = body.columns, body.texts, body.flaws
    at = [_filled_cells(texts[column], flaws.get(column, {})) for column in columns.cells]
    sizes = [len(rows) for rows in at]
    rows = np.concatenate(at)
    errors = {
        column: {start + record: code for record, code in _renumbered(flaws.get(column, {}), own).items()}
        for column, own, start in zip(columns.cells, at, np.cumsum([0, *sizes]).tolist(), strict=False)
    }
    shared = sorted((body.beside | body.fields) - set(columns.cells))
    for column in shared:
        codes = flaws.get(column, {})
        errors[column] = {i: codes[row] for i, row in enumerate(rows.tolist()) if row in codes} if codes else {}
    members = {
        column: pl.Series(np.repeat(np.array([names[c] for c in columns.cells], object), sizes), dtype=pl.String)
        for column, names in columns.members.items()
    }
    return Rows(
        label=label,
        first_column=body.grid.first_column,
        headers=columns.headers,
        grid_row=rows + columns.header_row + 1,
        amount_column=np.repeat(np.array(columns.cells, np.int64), sizes),
        texts={column: texts[column].gather(rows) for column in shared} | members,
        amounts=pl.concat([texts[column].gather(own) for column, own in zip(columns.cells, at, strict=True)]),
        days=None if "date" in columns.fields else _days_across(body, rows, sizes, span),
        errors=errors,
        parts=body.grid.parts,
        wide=True,
        width=body.grid.width,
        header_row=columns.header_row,
        moved=body.grid.moved,
    )


def _filled_cells(texts: pl.Series, flaws: Flaws) -> Ints:
    """The rows with something in a column, or with an error."""
    mask = texts.is_not_null().to_numpy().copy()
    mask[list(flaws)] = True
    return np.flatnonzero(mask)


def _days_across(body: _Body, rows: Ints, sizes: list[int], span: DateBounds) -> NDArray[np.datetime64]:
    """The day of each record by the header of its column, in the year that its row names."""
    columns, year = body.columns, body.columns.date_parts.year
    days = np.repeat(np.array([columns.periods.get(c, columns.day) for c in columns.cells], "datetime64[D]"), sizes)
    if columns.periods and year is not None:
        return in_years(days, body.texts[year].gather(rows), span, columns.date_parts.fiscal)
    return days


def _renumbered(flaws: Flaws, at: Ints) -> Flaws:
    """Rows → positions among the rows `at`, which hold all of them."""
    return dict(zip(np.searchsorted(at, list(flaws)).tolist(), flaws.values(), strict=True)) if flaws else {}
