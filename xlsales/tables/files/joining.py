"""Sheets of one header joined to one table: each row keeps its sheet and its row there.

Months and days across need not be the same in all sheets: the titles and the name of each sheet complete its own
(`3月`), and all are side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml.cells import Flaw
from xlsales.tables.cells.dates import Stamp, read_stamp
from xlsales.tables.files.grids import HEAD_ROWS, Grid, Merged, Part, Row, text_of
from xlsales.tables.remarks import MonthOfSheet, YearOfSheet
from xlsales.tables.words.header_words import FIELDS, MONTH_TIER, is_total, is_year_header, tier_of
from xlsales.tables.words.labels import period_columns, read_label
from xlsales.tables.words.sheet_months import MonthOfSheetUntold, period_text, with_months

MONTH = "月份"
"""The header of the column with the month that a sheet is named after."""


class HeaderRow(Struct, frozen=True):
    """The row of a table that is most like a header: its number from 0, and its texts by column."""

    row: int
    texts: tuple[str | None, ...]

    def row_in(self, rows: Sequence[Row]) -> int | None:
        """Return the row of another sheet with the same texts, in any order; None without one.

        In a wide table, months, days and totals across may be others.
        """
        mine = _kind(self.texts)
        if len(mine[0]) < (1 if mine[1] else 2):
            return None
        return next((i for i, row in enumerate(rows) if _kind(row) == mine), None)


class SheetGrid(Struct, frozen=True):
    """The cells of a sheet, with its name in messages, its title, and the row of its header."""

    label: str
    title: str
    grid: Grid
    header: int


def _names(row: Row) -> list[str]:
    return [identity(cell) for cell in row if cell is not None and identity(cell)]


def _kind(row: Row) -> tuple[list[str], bool]:
    """The texts of a header that are the same in all sheets of its kind, and whether periods are across."""
    periods = period_columns(row)
    if not periods:
        return sorted(_names(row)), False
    return sorted(_names([c for i, c in enumerate(row) if i not in periods and not is_total(c or "")])), True


def header_of(rows: Sequence[Row]) -> HeaderRow:
    """Return the row with the most texts that are no numbers; of equals, the first."""

    def words(row: Row) -> int:
        return len({name for name in _names(row) if not name.replace(".", "").replace("-", "").isdigit()})

    best = max(range(len(rows)), key=lambda i: (words(rows[i]), -i), default=0)
    return HeaderRow(best, tuple(rows[best]) if rows else ())


def join_sheets(sheets: Sequence[SheetGrid]) -> Grid:
    """Put the rows below the headers of the other sheets under those of the first, column by column of one header.

    A column that only other sheets have comes behind those of the first. Raises `MonthDisputed` or
    `MonthOfSheetUntold` if the month of a sheet of days is in doubt.
    """
    first, *others = _date_headings([_with_name(sheet) for sheet in sheets])
    if not others:
        return replace(first.grid, parts=(_part(first, 0, 0),))
    grid = first.grid
    keys = _keys(grid.top(HEAD_ROWS)[first.header])
    headings: list[str | None] = []
    ordered: list[tuple[SheetGrid, list[int | None], pl.DataFrame]] = []
    for sheet in others:
        texts = sheet.grid.top(HEAD_ROWS)[sheet.header]
        below = sheet.grid.below(sheet.header + _repeated(first, sheet))
        order, more = _order(keys, _keys(texts), below)
        keys += [key for key, _ in more]
        headings += [texts[at] for _, at in more]
        ordered.append((sheet, order, below))
    grid = _widen(grid, first.header, headings) if headings else grid
    bodies, parts = [grid.body], [_part(first, 0, 0)]
    flaws, notes, merged, height = list(grid.flaws), list(grid.notes), list(grid.merged), grid.height
    for sheet, order, below in ordered:
        full = [*order, *[None] * (grid.width - len(order))]
        bodies.append(_in_order(below, full, grid.body.columns))
        above = sheet.grid.height - below.height
        parts.append(_part(sheet, height, above))
        more_flaws, more_merged = _places(sheet.grid, full, above, height - above, grid.first_column)
        flaws += more_flaws
        merged += more_merged
        notes += sheet.grid.notes
        height += below.height
    body = _stack(bodies)
    return replace(grid, body=body, parts=tuple(parts), flaws=flaws, notes=tuple(notes), merged=tuple(merged))


def _part(sheet: SheetGrid, first: int, row: int) -> Part:
    titles = tuple(cell for row in sheet.grid.top(sheet.header) for cell in row if cell is not None)
    return Part(first, row, sheet.label, sheet.title, titles)


def _has_years(rows: Sequence[Row]) -> bool:
    """Whether a row below months names several years, `1月` over `2025年 2026年`: then a title does not."""
    labels = [read_label([cell]) for row in rows for cell in row if cell is not None]
    return len({label.year for label in labels if label.year is not None and label.period is None}) > 1


def _date_headings(sheets: Sequence[SheetGrid]) -> list[SheetGrid]:
    """Complete the months and days across of each sheet by its own titles and name."""
    dated = []
    without_month: SheetGrid | None = None
    for sheet in sheets:
        top = sheet.grid.top(HEAD_ROWS)
        if _has_years(top[sheet.header + 1 : sheet.header + 2]):
            dated.append(sheet)
            continue
        row, lacks_month = with_months(top[: sheet.header], top[sheet.header], sheet.title, sheet.label)
        without_month = without_month or (sheet if lacks_month else None)
        if row != tuple(top[sheet.header]):
            head = (*map(tuple, top[: sheet.header]), tuple(row))
            sheet = replace(sheet, grid=replace(sheet.grid, head=head, body=sheet.grid.below(sheet.header)))
        dated.append(sheet)
    some_dated = any(sheet is not old for sheet, old in zip(dated, sheets, strict=True))
    if without_month is not None and len(sheets) > 1 and some_dated:
        raise MonthOfSheetUntold(label=without_month.label)
    return dated


def _keys(row: Row) -> list[tuple[str, int]]:
    """The key of each column: its heading, or how far it is behind one, as columns below a merged heading are."""
    keys: list[tuple[str, int]] = []
    for cell in row:
        name = identity(cell) if cell is not None else ""
        last, behind = keys[-1] if keys else ("", 0)
        keys.append((name, 0) if name else (last, behind + 1))
    return keys


def _repeated(first: SheetGrid, other: SheetGrid) -> int:
    """So many rows below the header are the same words in both sheets: the header goes on there."""
    mine, theirs = first.grid.top(HEAD_ROWS), other.grid.top(HEAD_ROWS)
    count = 0
    for one, two in zip(mine[first.header + 1 :], theirs[other.header + 1 :], strict=False):
        words = _names(one)
        if not words or words != _names(two) or any(word[0].isdigit() for word in words):
            break
        count += 1
    return count


def _widen(grid: Grid, header: int, headings: Sequence[str | None]) -> Grid:
    """Add blank columns with these headings behind the last."""
    top = grid.top(header + 1)
    rows = [*((*row, *[None] * len(headings)) for row in top[:header]), (*top[header], *headings)]
    below = grid.below(header)
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, below.height)
    more = [blank.alias(str(grid.width + i)) for i in range(len(headings))]
    return replace(grid, head=tuple(rows), body=below.with_columns(more))


def _order(
    keys: Sequence[tuple[str, int]], theirs: Sequence[tuple[str, int]], below: pl.DataFrame
) -> tuple[list[int | None], list[tuple[tuple[str, int], int]]]:
    """For each key the column of another sheet, of equal keys in turn; and the further columns of that sheet.

    A further column has its key and its position; blank columns are left out.
    """
    free = dict(enumerate(theirs))
    order: list[int | None] = []
    for key in keys:
        at = next((i for i, other in free.items() if other == key), None)
        if at is not None:
            del free[at]
        order.append(at)
    more = [(key, at) for at, key in free.items() if below[:, at].count()]
    return order + [at for _, at in more], more


def _in_order(below: pl.DataFrame, order: Sequence[int | None], columns: Sequence[str]) -> pl.DataFrame:
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, below.height)
    return pl.DataFrame(
        [(blank if at is None else below[:, at]).alias(name) for at, name in zip(order, columns, strict=True)]
    )


def _stack(bodies: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One below the other; a column that is of several types, or has no type in one of them, is text."""
    columns = []
    for name in bodies[0].columns:
        series = [body[name] for body in bodies]
        kinds = {column.dtype for column in series if column.count()} or {pl.String()}
        kind = kinds.pop() if len(kinds) == 1 else pl.String()
        blanks = [c if c.count() else pl.Series([None], dtype=kind).new_from_index(0, len(c)) for c in series]
        columns.append(pl.concat([c if c.dtype == kind else text_of(c) for c in blanks]).alias(name))
    return pl.DataFrame(columns)


def _places(
    own: Grid, order: Sequence[int | None], above: int, shift: int, first_column: int
) -> tuple[list[tuple[int, int, Flaw]], list[Merged]]:
    """The flaws and the merged cells below the first `above` rows, at their places in the joined table."""
    at = {theirs + own.first_column: mine + first_column for mine, theirs in enumerate(order) if theirs is not None}
    flaws = [(row + shift, at[column], flaw) for row, column, flaw in own.flaws if row > above and column in at]
    merged = [
        Merged(m.first + shift, m.last + shift, at[m.column]) for m in own.merged if m.first > above and m.column in at
    ]
    return flaws, merged


def _with_name(sheet: SheetGrid) -> SheetGrid:
    """Give a table without dates, or without years, a column of those in the name of its sheet."""
    grid = sheet.grid
    texts = grid.top(HEAD_ROWS)[sheet.header] if grid.height > sheet.header else ()
    label = read_label([sheet.title])
    month = label.period if isinstance(label.period, Stamp) and label.period.month else None
    year = month.year if month is not None and month.year is not None else label.year
    has_fields = any(text is not None and tier_of(name, text) is not None for name in FIELDS for text in texts)
    if (month is None and year is None) or not has_fields or period_columns(texts):
        return sheet
    dated = [i for i, text in enumerate(texts) if text is not None and tier_of("date", text) is not None]
    if not dated and month is not None:
        return _with_column(sheet, MONTH, period_text(month), MonthOfSheet(title=sheet.title))
    if year is None or any(is_year_header(text) for text in texts if text) or not _lacks_year(sheet, texts, dated):
        return sheet
    fiscal = label.fiscal if label.year == year else None
    value = f"FY{'/'.join(map(str, filter(None, fiscal)))}" if fiscal is not None else str(year)
    return _with_column(sheet, "财年" if fiscal is not None else "年份", value, YearOfSheet(title=sheet.title))


def _lacks_year(sheet: SheetGrid, texts: Row, dated: Sequence[int]) -> bool:
    """Whether a column of dates says months, or days of months, without their year."""
    below = sheet.grid.below(sheet.header)
    for i in dated:
        cells = [text.strip() for text in text_of(below[:, i].head(_LOOKED_AT)).drop_nulls().to_list() if text.strip()]
        monthly = tier_of("date", texts[i] or "") == MONTH_TIER
        for text in cells:
            stamp = read_stamp(text)
            if stamp is not None and stamp.month is not None and stamp.year is None:
                return True
            if monthly and re.fullmatch(r"(0?[1-9]|1[0-2])(\.0)?", text):
                return True
    return False


_LOOKED_AT = 50


def _with_column(sheet: SheetGrid, header: str, value: str, fault: Fault) -> SheetGrid:
    grid = sheet.grid
    column = [header if i == sheet.header else None for i in range(len(grid.head))]
    head = tuple((*row, value if i > sheet.header else column[i]) for i, row in enumerate(grid.head))
    above = sheet.header + 1 - len(grid.head)  # so many rows of the body are no data
    cells = pl.Series(str(grid.width), [value], dtype=pl.String).new_from_index(0, grid.body.height)
    if above > 0:
        at = pl.Series(range(grid.body.height))
        cells = cells.set(at < above, None).set(at == above - 1, header)
    note = Problem.note(Place(sheet.label), "", fault)
    body = grid.body.with_columns(cells.alias(str(grid.width)))
    return replace(sheet, grid=replace(grid, body=body, head=head, notes=(*grid.notes, note)))
