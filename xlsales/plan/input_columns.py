"""Which column of an input table is which: by the headers that people see.

A column of another header is a person's own and stays aside. But if the table lacks a column that came after the
first templates, such a column may be that one under another name: the person is asked.
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from xlsales.core import a1
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml.book import Book, TablePart
from xlsales.ooxml.cells import BLANK, Cell, SheetCells, Value
from xlsales.tables.cells.dates import read_stamp
from xlsales.values.stored import content
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

Columns = dict[str, tuple[int, TableColumn]]
"""Column key → its column in the sheet, and what it is."""


class HeaderMissing(Fault):
    """An input table has lost a column."""

    zh = "表“{table}”里没有“{header}”这一列。请恢复这个表头(这一列可以空着)。"
    en = 'The table "{table}" has no column "{header}". Restore that header (the column may be blank).'


class HeaderMayBeOther(Fault):
    """An input table lacks a column, and has one of no known header that it may be."""

    zh = (
        "表“{table}”里没有“{header}”这一列,这一列“{found}”像是它改了名。是它,请把表头改回“{header}”;不是,"
        "请在表里另加一列“{header}”(可以空着)。"
    )
    en = (
        'The table "{table}" has no column "{header}", and this column "{found}" may be it under another name. If so, '
        'change its header to "{header}"; if not, add a column "{header}" to the table (it may be blank).'
    )


class HeaderTwice(Fault):
    """Two columns of an input table have the same header."""

    zh = "表“{table}”里有两列“{header}”({cells})。请只留一列,另一列换个表头或删掉。"
    en = 'The table "{table}" has two columns "{header}" ({cells}). Keep one; rename or delete the other.'


def as_shown(table: TablePart, cells: SheetCells) -> TablePart:
    """Return a table with the headers in its cells; one that its list has otherwise is neither.

    Programs other than Excel let a person change the cells of a table's headers, and leave its list of them behind.
    """
    if not table.header_rows:
        return table
    headers = []
    for at, listed in enumerate(table.headers, table.area.column):
        text = _text(cells.value(table.area.row, at))
        headers.append(text if identity(text) == identity(listed) else f"{text} ({listed})")
    return replace(table, headers=tuple(headers))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is BLANK or not isinstance(value, float) else f"{value:g}"


def find_columns(
    description: InputTable, table: TablePart, rows: range, cells: SheetCells, book: Book, lang: Lang
) -> tuple[Columns, list[Problem]]:
    """Return the columns of a table by key, and what is to be asked about them; `rows` are its rows."""
    search = _Search(description, as_shown(table, cells), cells, book, lang)
    search.take_headers()
    search.take_beside()
    search.ask_about(rows)
    return search.columns, search.problems


class _Search:
    """The columns of a table that have been recognised, and what is to be asked about the others."""

    def __init__(self, description: InputTable, table: TablePart, cells: SheetCells, book: Book, lang: Lang) -> None:
        self.description = description
        self.table = table
        self.cells = cells
        self.book = book
        self.lang = lang
        self.columns: Columns = {}
        self.problems: list[Problem] = []
        self._title, self._sheet = description.label[lang], table.area.sheet
        self._row, self._first = table.area.row, table.area.column

    @property
    def _missing(self) -> list[TableColumn]:
        return [column for column in self.description.columns if column.key not in self.columns]

    def take_headers(self) -> None:
        """Take the columns with headers of the contract; two of one header are a problem."""
        for column in self.description.columns:
            names, headers = _names(column), enumerate(self.table.headers, self._first)
            positions = [at for at, header in headers if identity(header) in names]
            if positions:
                self.columns[column.key] = (positions[0], column)
            if len(positions) > 1:
                addresses = ", ".join(a1.cell(self._row, at) for at in positions)
                fault = HeaderTwice(table=self._title, header=column.label[self.lang], cells=addresses)
                self._ask(positions[1], fault)

    def take_beside(self) -> None:
        """Take the columns right of the table, which only Excel lets grow by typing."""
        missing, at = self._missing, self.table.area.last_column + 1
        while self.table.header_rows and (header := _text(self.cells.value(self._row, at))):
            for column in missing:
                if identity(header) in _names(column):
                    self.columns.setdefault(column.key, (at, column))
            at += 1

    def ask_about(self, rows: range) -> None:
        """Ask about what is missing: whether a column of an unknown header is it, or that it is to be restored.

        A column that came after the first templates may be missing, unless the table has one of these.
        """
        missing = self._missing
        candidates = {column.key: self._candidates(column, rows) for column in missing if column.later}
        newer = any(column.later for _, column in self.columns.values()) or any(candidates.values())
        positions: set[int] = set()
        for column in missing:
            if column.later and not newer:
                continue
            header = column.label[self.lang]
            other = next((at for at in candidates.get(column.key, ()) if at not in positions), None)
            if other is None:
                self._ask(None, HeaderMissing(table=self._title, header=header))
                continue
            positions.add(other)  # a column is one of those that are missing, not more
            text = self.table.headers[other - self._first] or a1.letters(other)
            self._ask(other, HeaderMayBeOther(table=self._title, header=header, found=text))

    def _ask(self, at: int | None, fault: Fault) -> None:
        self.problems.append(Problem(Place(self._sheet, self._row, at), "", fault))

    def _candidates(self, column: TableColumn, rows: range) -> list[int]:
        """The columns of unknown headers that may be this one: they hold such values, or are blank in its gap."""
        names = {name for each in self.description.columns for name in _names(each)}
        gap, positions = self._gap(), []
        for at, header in enumerate(self.table.headers, self._first):
            if identity(header) not in names:
                cells = (self.cells.get((row, at)) for row in rows)
                filled = [cell for cell in cells if cell is not None and cell.value not in (BLANK, "")]
                if (not filled and at in gap) or any(_is_of(column.kind, cell, self.book) for cell in filled):
                    positions.append(at)
        return positions

    def _gap(self) -> range:
        """Where a newer template has its later columns: between the columns on either side of them."""
        later = [i for i, column in enumerate(self.description.columns) if column.later]
        if not later:
            return range(0)
        keys, last = [column.key for column in self.description.columns], self.table.area.last_column
        before = max((self.columns[key][0] for key in keys[: later[0]][-1:] if key in self.columns), default=last)
        after = min((self.columns[key][0] for key in keys[later[-1] + 1 :] if key in self.columns), default=last + 1)
        return range(before + 1, after)


def _names(column: TableColumn) -> list[str]:
    return [identity(name) for name in column.names]


def _is_of(kind: str, cell: Cell, book: Book) -> bool:
    """Whether a cell holds what a column of a kind does; texts hold anything."""
    if kind != "date":
        return isinstance(cell.value, float) or kind == "text"
    value = content(cell, book.styles.is_date(cell.style), book.date1904)
    stamp = read_stamp(value) if isinstance(value, str) else None
    return isinstance(value, dt.date) or (stamp is not None and stamp.day is not None)
