"""Rows that a run enters into a table that a person fills in: into rows that are free, else below its last one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsales.book.edits import CellEdits, Edits, TableReaches
from xlsales.core.a1 import Address
from xlsales.ooxml.book import Book, TablePart
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Change
from xlsales.plan.table_extent import column_of
from xlsales.vocabulary.plan_tables import InputTable


class Entering:
    """An input table of a workbook that was read, so it is there: `columns` by key, and what is to be written."""

    def __init__(self, book: Book, description: InputTable) -> None:
        table = book.table(description.name)
        assert table is not None  # what goes by it was read from it
        sheet = book.sheet(table.area.sheet)
        assert sheet is not None  # a table is found through its sheet
        self._table, self.columns = table, columns_of(table, description)
        self.title, self._cells = sheet.title, book.cells(sheet)
        self._free = self._free_rows()
        self._changes: dict[Address, Change] = {}
        self._like: dict[Address, Address] = {}
        self._last = table.data_rows.stop - 1

    def enter(self, values: Mapping[str, float | str | None], row: int | None = None) -> int:
        """Write values by column key into a row, by default the next that is free; return the row."""
        if row is None:
            row = next(self._free)
            if row > self._last:
                first = self._table.data_rows.start
                self._like |= {(row, column): (first, column) for column in self.columns.values()}
        for key, value in values.items():
            if value is not None and key in self.columns:
                self._changes[row, self.columns[key]] = value
        return row

    def clear(self, row: int) -> None:
        """Make our columns of a row blank; the row itself stays where it is, with what a person has beside it."""
        for column in self.columns.values():
            if self._cells.value(row, column) not in (BLANK, ""):
                self._changes[row, column] = BLANK

    def edits(self) -> Edits:
        """Return what is written."""
        if not self._changes:
            return Edits()
        last = max(row for row, _ in self._changes)
        grows = (TableReaches(self._table.name, last),) if last > self._last else ()
        return Edits((CellEdits(self.title, self._changes, like=self._like),), tables=grows)

    def _free_rows(self) -> Iterator[int]:
        row, last = self._table.data_rows.start, max(self._table.data_rows.stop - 1, self._cells.last_row)
        while True:
            if row > last or all(self._cells.value(row, at) in (BLANK, "") for at in self.columns.values()):
                yield row
            row += 1


def columns_of(table: TablePart, description: InputTable) -> dict[str, int]:
    """Return the columns of an input table that are there, by key."""
    return {c.key: at for c in description.columns if (at := column_of(table, description, c.key)) is not None}
