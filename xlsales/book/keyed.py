"""The sheets of ours that are in a workbook already, read by their keys wherever a person has moved them.

A sheet is known by its identity in the cell that its defined name points to;
its cells by the keys in the row right of, and the column below, that cell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xlsales.core.faults import Place
from xlsales.layout.model import FIRST_ROW, IDENTITY
from xlsales.ooxml.book import Book, Sheet
from xlsales.ooxml.cells import BLANK, SheetCells, Value, peek_rows

OUT_PREFIX = "xs_out_"


@dataclass
class WrittenSheet:
    """A written sheet: where its identity stands, and its cells by key."""

    book: Book = field(repr=False)
    sheet: Sheet
    name: str
    identity: str
    row: int
    column: int

    @cached_property
    def cells(self) -> SheetCells:
        """The cells as they are when first asked for."""
        return self.book.cells(self.sheet)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row numbers by row key; of a key that was copied, the first counts."""
        found: dict[str, int] = {}
        for (row, column), cell in sorted(self.cells.items()):
            if column == self.column and row > self.row and isinstance(cell.value, str) and cell.value:
                found.setdefault(cell.value, row)
        return found

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column numbers by column key."""
        found: dict[str, int] = {}
        for (row, column), cell in sorted(self.cells.items()):
            if row == self.row and column > self.column + 1 and isinstance(cell.value, str) and cell.value:
                found.setdefault(cell.value, column)
        return found

    @property
    def stamp(self) -> str:
        """What was left beside the identity: the look, and the fingerprint of the targets."""
        value = self.cells.value(self.row, self.column + 1)
        return value if isinstance(value, str) else ""

    def value(self, row: str, column: str) -> Value:
        """The value of a cell by its keys; blank where a key is gone."""
        at = self.rows.get(row), self.columns.get(column)
        return self.cells.value(*at) if at[0] is not None and at[1] is not None else BLANK  # type: ignore[arg-type]

    def number(self, row: str, column: str) -> float:
        """The number in a cell; NaN where it holds none."""
        value = self.value(row, column)
        return value if isinstance(value, float) else math.nan

    def together(self, rows: Sequence[str], column: str) -> float:
        """The sum of the numbers that rows hold in a column; NaN where none does."""
        known = [value for row in rows if (value := self.number(row, column)) == value]
        return math.fsum(known) if known else math.nan

    def place(self, row: str, column: str) -> Place:
        """Where a cell stands."""
        return Place(self.sheet.title, self.rows.get(row), self.columns.get(column))

    def counts_for(self, row: str) -> str:
        """The levels whose proofs count a row, as they stand beside its key."""
        cell = self.cells.get((self.rows[row], self.column + 1))
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    def made_by_hand(self) -> list[Place]:
        """Cells with something in them that the program did not write: in rows or columns without a key."""
        rows, columns = set(self.rows.values()), set(self.columns.values())
        above = range(self.row, self.row + FIRST_ROW - 1)
        keys = {self.column, self.column + 1}
        return [
            Place(self.sheet.title, row, column)
            for (row, column), cell in self.cells.items()
            if cell.value is not BLANK
            and not (column in keys and (row in rows or row in above))
            and not (column in columns and (row in rows or row in above))
        ]


def written_sheets(book: Book) -> dict[str, WrittenSheet]:
    """Return the written sheets of a workbook by identity; their cells are read when they are asked for."""
    found: dict[str, WrittenSheet] = {}
    for name, area in book.names.items():
        sheet = book.sheet(area.sheet)
        if not name.lower().startswith(OUT_PREFIX) or sheet is None or not sheet.has_cells:
            continue
        head = dict(peek_rows(book.package, sheet.part, area.row, book.strings))
        cell = head.get(area.row, {}).get(area.column)
        if cell is not None and isinstance(cell.value, str) and cell.value.startswith(IDENTITY):
            found[cell.value] = WrittenSheet(book, sheet, name, cell.value, area.row, area.column)
    return found
