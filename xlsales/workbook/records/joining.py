"""Sheets of one header made one table: each row keeps its sheet and its row there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from xlsales.core.faults import Place, Problem
from xlsales.core.text import identity
from xlsales.workbook.file.cells import Flaw
from xlsales.workbook.records.dates import read_stamp
from xlsales.workbook.records.grids import HEAD_ROWS, Grid, Part, text_of
from xlsales.workbook.records.header_words import FIELDS, tier_of
from xlsales.workbook.records.labels import period_columns
from xlsales.workbook.records.remarks import MonthOfSheet

Row = Sequence[str | None]
MONTH = "月份"
"""What the column is headed that says the month a sheet is named after."""


@dataclass(frozen=True)
class Header:
    """The row of a table that is most like a header: its number from 0, and its texts by column."""

    row: int
    texts: tuple[str | None, ...]

    def found_in(self, rows: Sequence[Row]) -> int | None:
        """Return the row of another sheet that has the same texts, in whatever order; None where none has."""
        mine = sorted(_names(self.texts))
        return next((i for i, row in enumerate(rows) if len(mine) > 1 and sorted(_names(row)) == mine), None)


@dataclass(frozen=True)
class Taken:
    """A sheet that is read: what it is called in messages, its title, its cells, and the row of its header."""

    label: str
    title: str
    grid: Grid
    header: int


def _names(row: Row) -> list[str]:
    return [identity(cell) for cell in row if cell is not None and identity(cell)]


def header_of(rows: Sequence[Row]) -> Header:
    """Return the row with the most texts that are no numbers; of equals, the first."""

    def words(row: Row) -> int:
        return len({name for name in _names(row) if not name.replace(".", "").replace("-", "").isdigit()})

    best = max(range(len(rows)), key=lambda i: (words(rows[i]), -i), default=0)
    return Header(best, tuple(rows[best]) if rows else ())


def joined(sheets: Sequence[Taken]) -> Grid:
    """Put the rows below the headers of the other sheets under those of the first, column by column of one header."""
    first, *others = [_with_month(sheet) for sheet in sheets]
    grid = first.grid
    if not others:
        return replace(grid, parts=(Part(0, 0, first.label),))
    names = [None if cell is None else identity(cell) for cell in grid.top(HEAD_ROWS)[first.header]]
    bodies, parts = [grid.body], [Part(0, 0, first.label)]
    flaws, notes, height = list(grid.flaws), list(grid.notes), grid.height
    for sheet in others:
        theirs = [None if cell is None else identity(cell) for cell in sheet.grid.top(HEAD_ROWS)[sheet.header]]
        order = _order(names, theirs)
        below = sheet.grid.below(sheet.header)
        bodies.append(_arranged(below, order, grid.body.columns))
        parts.append(Part(height, sheet.header + 1, sheet.label))
        shift = height - sheet.header - 1
        flaws += _moved(sheet, order, shift, grid.first_column)
        notes += sheet.grid.notes
        height += below.height
    return replace(grid, body=_stacked(bodies), parts=tuple(parts), flaws=flaws, notes=tuple(notes))


def _order(names: Sequence[str | None], theirs: Sequence[str | None]) -> list[int | None]:
    """For each column of the first sheet the column of another that has its header; of equal headers, in turn."""
    free = {i: name for i, name in enumerate(theirs) if name is not None}
    order: list[int | None] = []
    for name in names:
        at = next((i for i, other in free.items() if other == name), None)
        free.pop(at, None)  # type: ignore[arg-type]
        order.append(at)
    return order


def _arranged(below: pl.DataFrame, order: Sequence[int | None], columns: Sequence[str]) -> pl.DataFrame:
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, below.height)
    return pl.DataFrame(
        [(blank if at is None else below[:, at]).alias(name) for at, name in zip(order, columns, strict=True)]
    )


def _stacked(bodies: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One below the other; a column that is of several types, or has no type in one of them, is text."""
    columns = []
    for name in bodies[0].columns:
        held = [body[name] for body in bodies]
        kinds = {column.dtype for column in held if column.count()} or {pl.String()}
        kind = kinds.pop() if len(kinds) == 1 else pl.String()
        blanks = [c if c.count() else pl.Series([None], dtype=kind).new_from_index(0, len(c)) for c in held]
        columns.append(pl.concat([c if c.dtype == kind else text_of(c) for c in blanks]).alias(name))
    return pl.DataFrame(columns)


def _moved(sheet: Taken, order: Sequence[int | None], shift: int, first_column: int) -> list[tuple[int, int, Flaw]]:
    """The flaws of a sheet at the places that its cells have in the joined table."""
    at = {theirs: mine for mine, theirs in enumerate(order) if theirs is not None}
    own = sheet.grid
    return [
        (row + shift, at[column - own.first_column] + first_column, flaw)
        for row, column, flaw in own.flaws
        if row > sheet.header + 1 and column - own.first_column in at
    ]


def _with_month(sheet: Taken) -> Taken:
    """Give a table without dates, whose sheet is named after a month, a column that says so."""
    grid = sheet.grid
    stamp = read_stamp(sheet.title)
    texts = grid.top(HEAD_ROWS)[sheet.header] if grid.height > sheet.header else ()
    dated = any(text is not None and tier_of("date", text) is not None for text in texts)
    known = any(text is not None and tier_of(name, text) is not None for name in FIELDS for text in texts)
    if stamp is None or stamp.month is None or dated or not known or period_columns(texts):
        return sheet
    name = str(grid.width)
    column = [MONTH if i == sheet.header else sheet.title if i > sheet.header else None for i in range(grid.height)]
    head = tuple((*row, column[i]) for i, row in enumerate(grid.head))
    body = grid.body.with_columns(pl.Series(name, column[len(grid.head) :], dtype=pl.String))
    told = Problem(Place(sheet.label), "", MonthOfSheet(title=sheet.title), set_aside=False)
    return replace(sheet, grid=replace(grid, body=body, head=head, notes=(*grid.notes, told)))
