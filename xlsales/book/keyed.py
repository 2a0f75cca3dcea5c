"""The sheets of ours that are in a workbook already, read by their keys wherever a person has moved them.

A sheet is known by its identity in the cell that its defined name points to;
its cells by the keys in the row right of, and the column below, that cell.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.a1 import Address
from xlsales.core.faults import Place
from xlsales.layout.model import FIRST_ROW, IDENTITY, SUBLINE, SUBLINE_ROW, WAY_BACK
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, Cell, FormulaWithoutResult, SheetCells, Value
from xlsales.ooxml.styles import Styles
from xlsales.values.stored import content
from xlsales.vocabulary.contract import OUT_PREFIX


class KeyedCells(Protocol):
    """The cells of a sheet by (row, column), however they are read."""

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows that are there, from top to bottom."""

    def get(self, at: Address, /) -> Cell | None:
        """Return a cell; None if there is none."""

    def row(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a row, by column."""


C = TypeVar("C", bound=KeyedCells, covariant=True)


class KeyedSheet(Struct, Generic[C], frozen=True, dict=True):
    """A sheet of ours, a plan's or a store's: where its identity is, and its cells by the keys around it.

    Of a key that was copied, the first counts.
    """

    title: str
    row: int
    column: int
    cells: C

    @cached_property
    def keyed(self) -> list[tuple[int, str]]:
        """Every row below the identity, from top to bottom, with its key; that is empty if it has none."""
        cells = ((row, self.cells.get((row, self.column))) for row in self.cells.rows if row > self.row)
        return [(row, key_of(cell)) for row, cell in cells]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row numbers by row key, from top to bottom."""
        return _firsts((key, row) for row, key in self.keyed)

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column numbers by column key, from left to right."""
        cells = sorted(self.cells.row(self.row).items())
        return _firsts((key_of(cell), column) for column, cell in cells if column > self.column)

    def cell(self, row: int, column: str) -> Cell:
        """Return the cell of a row in the column of a key; a blank one if there is none."""
        at = self.columns.get(column)
        return (self.cells.get((row, at)) if at is not None else None) or Cell(BLANK)


def key_of(cell: Cell | None) -> str:
    """Return the key that a cell holds; empty if it holds none."""
    return cell.value if cell is not None and isinstance(cell.value, str) else ""


def _firsts(numbered: Iterable[tuple[str, int]]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for key, number in numbered:
        if key:
            numbers.setdefault(key, number)
    return numbers


class WrittenSheet(KeyedSheet[SheetCells], frozen=True, dict=True):
    """A sheet that a run wrote into the plan's workbook, under a defined name; beside its identity is its stamp.

    `renamed` are row keys as they are now, by those that are in the sheet. `moved` are the rows in which the cells of
    keys are by now, if a person sorted all but the hidden columns; those of columns `apart` stayed in the key's row.
    `mixed` are rows of which it is not known.
    """

    name: str
    identity: str
    sheet: SheetPart
    date1904: bool = False
    formats: Callable[[], Styles] = lambda: Styles(None)
    renamed: Mapping[str, str] = {}
    moved: Mapping[str, int] = {}
    apart: tuple[str, ...] = ()
    mixed: tuple[int, ...] = ()

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row numbers by row key as it is now, from top to bottom."""
        by_now = {self.renamed.get(key, key): row for key, row in self.moved.items()}
        return self._own_rows | by_now

    @cached_property
    def _own_rows(self) -> dict[str, int]:
        """The rows in which the keys themselves are."""
        own = _firsts((key, row) for row, key in self.keyed)
        return {self.renamed.get(key, key): row for key, row in own.items()}

    def with_keys(self, now: Callable[[str], str]) -> WrittenSheet:
        """Return the sheet with its row keys as they are now; a row keeps its own if another row has the new one."""
        taken, renamed = set(self.rows), dict(self.renamed)
        for written in dict.fromkeys(key for _, key in self.keyed if key):
            key = self.renamed.get(written, written)
            if (new := now(key)) != key and new not in taken:
                taken.add(new)
                renamed[written] = new
        return replace(self, renamed=renamed) if renamed != self.renamed else self

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column numbers by column key, from left to right."""
        return {key: column for key, column in super().columns.items() if column > self.column + 1}

    @property
    def stamp(self) -> str:
        """What was left beside the identity: the look, and the fingerprint of the targets."""
        return key_of(self.cells.get((self.row, self.column + 1)))

    def value(self, row: str, column: str) -> Value:
        """The value of a cell by its keys; blank if a key is gone."""
        return self._cell_of(row, column).value

    def content(self, row: str, column: str) -> object:
        """What a cell holds by its keys, as `values.cell` reads it: a number that is shown as a date is a date."""
        cell = self._cell_of(row, column)
        dated = isinstance(cell.value, float) and self.formats().is_date(cell.style)
        return content(cell, dated, self.date1904)

    def in_percent(self, row: str, column: str) -> bool:
        """Whether a cell shows its number as a percentage."""
        return self.formats().is_percent(self._cell_of(row, column).style)

    def _cell_of(self, row: str, column: str) -> Cell:
        at = (self._own_rows if column in self.apart else self.rows).get(row)
        return self.cell(at, column) if at is not None else Cell(BLANK)

    def number(self, row: str, column: str) -> float:
        """The number in a cell; NaN if it holds none."""
        value = self.value(row, column)
        return value if isinstance(value, float) else math.nan

    def together(self, rows: Sequence[str], column: str) -> float:
        """The sum of the numbers that rows hold in a column; NaN if none does."""
        numbers = [value for row in rows if (value := self.number(row, column)) == value]
        return math.fsum(numbers) if numbers else math.nan

    def place(self, row: str, column: str) -> Place:
        """Where a cell is once a run has put sorted rows back at their keys."""
        return Place(self.title, self._own_rows.get(row), self.columns.get(column))

    def counts_for(self, row: str) -> str:
        """The levels that count a row in their proofs, as they are beside its key."""
        return key_of(self.cells.get((self._own_rows[row], self.column + 1)))

    def made_by_hand(self) -> list[Place]:
        """Cells with something in them that the program did not write: in rows or columns without a key."""
        rows, columns = set(self.rows.values()), set(self.columns.values())
        above = range(self.row, self.row + FIRST_ROW - 1)
        keys = {self.column, self.column + 1}
        subline = self.rows.get(SUBLINE, self.row + SUBLINE_ROW - 1)
        texts = [cell.value for column, cell in sorted(self.cells.row(subline).items()) if column in columns]
        lines = Counter(text for text in texts if text is not BLANK).most_common(1)

        def ours(row: int, column: int, value: Value) -> bool:
            if column in columns and row == subline - 1:  # the title, the way back
                back = value in (WAY_BACK.zh, WAY_BACK.en) or isinstance(value, FormulaWithoutResult)
                return column == min(columns) or back
            if column in columns and row == subline:  # the same line heads each printed block of columns
                return value == lines[0][0]
            return (column in keys or column in columns) and (row in rows or row in above)

        return [
            Place(self.title, row, column)
            for (row, column), cell in self.cells.items()
            if cell.value is not BLANK and not ours(row, column, cell.value)
        ]


def written_sheets(book: Book) -> dict[str, WrittenSheet]:
    """Return the written sheets of a workbook by identity."""
    sheets: dict[str, WrittenSheet] = {}
    for name, area in book.names.items():
        sheet = book.sheet(area.sheet)
        if not name.lower().startswith(OUT_PREFIX) or sheet is None or not sheet.has_cells:
            continue
        cells = book.cells(sheet)
        identity = key_of(cells.get(area.first))
        if identity.startswith(IDENTITY):
            formats = partial(getattr, book, "styles")
            at = *area.first, cells, name, identity, sheet
            sheets[identity] = WrittenSheet(sheet.title, *at, book.date1904, formats)
    return sheets
