"""An Excel table that the program fills, row by row of a plan, in a sheet that a person goes on working in.

Its rows are known by what is in them, so a person may sort them. Rows that stay keep their order. Rows that are new
take the places of rows that are gone, and the rest come behind all. What a person has added stays with its row: in
columns of the table, or right of it. A column of one formula goes on with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

import numpy as np

from xlsales.book.edits import KEPT_DIGITS, CellEdits, Copied, Edits, RowEdits, TableReaches, in_order
from xlsales.book.looks import Look
from xlsales.book.protection import refuse
from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.arrays import Floats
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.text import identity
from xlsales.layout.filled import TableRows, keys_of
from xlsales.ooxml import relations, xml
from xlsales.ooxml.book import Book, SheetPart, TablePart
from xlsales.ooxml.cells import BLANK, Cell, FormulaWithoutResult
from xlsales.ooxml.changes import Change, Plain
from xlsales.ooxml.grid import MAX_ROW, parse_range
from xlsales.ooxml.rows import RowBlock, Texts
from xlsales.plan.input_columns import HeaderMissing
from xlsales.plan.own_column import OwnColumn, is_filled, typed_value
from xlsales.values.serials import SHIFT_1904

_LOOKS: Mapping[str, Look] = {"date": "date", "amount": "amount"}


class InTheWay(Fault):
    """Something below a table, where its new rows belong."""

    zh = "“{table}”要往下长到第 {row} 行,这里有别的内容({found})。请把它移到表的右边或别的工作表;这张表这次没有更新。"
    en = (
        '"{table}" grows down to row {row}, and there is something here ({found}). Move it to the right of the table '
        "or to another sheet; the table was not updated."
    )


class TooLong(Fault):
    """More rows than a sheet has."""

    zh = "“{table}”要有 {rows} 行,超过一张工作表的行数;这张表没有更新。请缩短计划期间,或减少维度和成员。"
    en = '"{table}" would have {rows} rows, more than a sheet has; it was not updated. Shorten the plan, or use less.'


class RowsGone(Fault):
    """Rows are gone, and with them what a person typed beside them."""

    remark = True
    zh = "{n} 行已不在计划里,您填在它们旁边的内容(如 {cell} 的“{found}”)也随行去掉;“撤销上次”可以取回。"
    en = "{n:rows} are no longer in the plan; what you typed in them (such as {found} in {cell}) goes too. Undo has it."


def fill_table(book: Book, rows: TableRows, lang: Lang) -> Edits:
    """Return what brings a table of a workbook to its rows; nothing without the table.

    What is in the way, or goes, is among the notes. Raises Refused if the sheet is protected.
    """
    table = book.table(rows.table.name)
    sheet = book.sheet(table.area.sheet) if table is not None else None
    if table is None or sheet is None:
        return Edits()
    filling = _Filling(book, sheet, table, rows, lang)
    edits = filling.edits()
    if edits.cells:
        refuse(book, [sheet], adds=False)
    return edits


def _from_1904(rows: TableRows) -> TableRows:
    """Return the rows with their days counted from 1904."""
    days = [column.key for column in rows.table.columns if column.kind == "date"]
    counted = {key: cast(Floats, rows.columns[key]) - SHIFT_1904 for key in days}
    return TableRows(rows.table, {**rows.columns, **counted}, rows.by)


class _Filling:
    """One table: its rows as they are, the places of those to come, and the edits."""

    def __init__(self, book: Book, sheet: SheetPart, table: TablePart, rows: TableRows, lang: Lang) -> None:
        self._sheet, self._table, self._lang = sheet, table, lang
        self._rows = _from_1904(rows) if book.date1904 else rows
        self._book, self._cells = book, book.some_cells(sheet)
        self._title = rows.table.label[lang]
        self._old = table.data_rows
        self._row = table.area.row
        self._columns = dict(self._ours())
        self.notes: list[Problem] = []

    def _ours(self) -> Iterator[tuple[str, int]]:
        """Yield the columns of ours that are there: key, column."""
        for key in self._rows.columns:
            label = next(column.label for column in self._rows.table.columns if column.key == key)
            names = {identity(label.zh), identity(label.en)}
            span = range(self._table.area.column, self._table.area.last_column + 1)
            at = next((at for at in span if identity(self._text(self._row, at)) in names), None)
            if at is not None:
                yield key, at

    def _text(self, row: int, column: int) -> str:
        value = self._cells.value(row, column)
        return value if isinstance(value, str) else ""

    def edits(self) -> Edits:
        """Return the edits, or what keeps the table from being filled."""
        lacking = [one.label for one in self._rows.table.columns if {one.key} <= {*self._rows.by} - {*self._columns}]
        if lacking:
            fault = HeaderMissing(table=self._title, header=lacking[0][self._lang])
            return Edits(notes=(Problem.note(Place(self._sheet.title, self._row), "", fault),))
        self._cells.load([*self._columns.values()])
        places = self._places()
        last = self._old.start + len(places) - 1
        obstacle = self._obstacle(last)
        if obstacle is not None:
            return Edits(notes=(obstacle,))
        cells, same = self._values(places)
        formulas: dict[Address, Copied] = {}
        moves = [(row, source) for row, (_, source) in enumerate(places, self._old.start) if source != row]
        if moves or last != self._old[-1]:
            for column in self._own:
                own = OwnColumn(self._cells, column, self._old)
                own.follow(moves, last)
                cells |= own.cells
                formulas |= own.formulas
            self._note_gone(places)
            cells |= {
                (row, column): BLANK
                for row in range(last + 1, self._old.stop)
                for column in self._columns.values()
                if self._cells.value(row, column) is not BLANK
            }
        block = self._block(places)
        totals = self._totals(last) if last != self._old[-1] else None
        if not (cells or formulas or block):
            return Edits(notes=tuple(self.notes))
        lost = any((cell := self._cells.get(at)) is not None and cell.formula for at in (*cells, *formulas))
        edits = CellEdits(
            self._sheet.title,
            cells,
            drops_formulas=lost,
            same={at: value for at, value in same.items() if at not in cells},
            like={at: model for at in cells if self._cells.get(at) is None and (model := self._model(at[1]))},
            looks={at: _LOOKS.get(kind, "text") for at in cells if (kind := self._kinds.get(at[1]))},
            rows=block,
            formulas=dict(in_order(formulas)),
            totals=totals,
        )
        reach = last + self._table.totals_rows
        tables = (TableReaches(self._table.name, reach, bool(self._table.totals_rows)),)
        return Edits((edits,), notes=tuple(self.notes), tables=tables if last != self._old[-1] else ())

    # --- rows ---

    def _places(self) -> list[tuple[int, int | None]]:
        """Return, for each row of the table to come, its position among the rows and the row that it has now."""
        positions = {key: i for i, key in enumerate(self._rows.keys)}
        columns = (self._column(self._columns[key]) for key in self._rows.by)
        known = [positions.pop(key, None) for key in zip(*map(keys_of, columns), strict=True)]
        fresh = iter(sorted(positions.values()))
        places: list[tuple[int, int | None]] = []
        for row, position in zip(self._old, known, strict=True):
            if position is not None:
                places.append((position, row))
            elif (new := next(fresh, None)) is not None:
                places.append((new, None))
        return [*places, *((position, None) for position in fresh)]

    def _column(self, column: int) -> list[object]:
        cells = self._cells.column(column)
        return [cells[row].value if row in cells else BLANK for row in self._old]

    def _obstacle(self, last: int) -> Problem | None:
        """Return what keeps the table from reaching down to a row."""
        table = self._table.area
        reach = last + self._table.totals_rows
        if reach > MAX_ROW:
            fault: Fault = TooLong(table=self._title, rows=len(self._rows.keys))
            return Problem.note(Place(self._sheet.title, self._row), "", fault)
        if last < self._old.stop:
            return None
        columns = range(table.column, max(table.last_column, *self._own, 0) + 1)
        for row in self._cells.rows:
            if self._old.stop <= row <= reach:
                for column, cell in sorted(self._cells.row(row).items()):
                    beside = row > table.last_row or column > table.last_column
                    if column in columns and beside and is_filled(cell):
                        found = "=" if isinstance(cell.value, FormulaWithoutResult) else str(cell.value)
                        fault = InTheWay(table=self._title, row=reach, found=found)
                        return Problem.note(Place(self._sheet.title, row, column), found, fault)
        return None

    def _note_gone(self, places: Sequence[tuple[int, int | None]]) -> None:
        """Note rows that are gone in which a person typed something."""
        staying = {source for _, source in places}
        gone: set[int] = set()
        first: Address | None = None
        for column in self._own:
            for row, cell in sorted(self._cells.column(column).items()):
                if row in self._old and row not in staying and not cell.formula and cell.value is not BLANK:
                    gone.add(row)
                    first = min(first or (row, column), (row, column))
        if first is not None:
            fault = RowsGone(n=len(gone), cell=a1.cell(*first), found=str(self._cells.value(*first)))
            self.notes.append(Problem.note(Place(self._sheet.title, *first), "", fault))

    # --- columns of ours ---

    @cached_property
    def _kinds(self) -> dict[int, str]:
        kinds = {column.key: column.kind for column in self._rows.table.columns}
        return {at: kinds[key] for key, at in self._columns.items()}

    def _values(self, places: Sequence[tuple[int, int | None]]) -> tuple[dict[Address, Change], dict[Address, Plain]]:
        """Return the cells of rows that are there which change, and those beside them that do not."""
        changes: dict[Address, Change] = {}
        same: dict[Address, Plain] = {}
        inside = places[: len(self._old)]
        for key, at in self._columns.items():
            values, cells = self._rows.values(key), self._cells.column(at)
            own = [values[position] for position, _ in inside]
            numbered = list(enumerate(own, self._old.start))
            changed = [(row, value) for row, value in numbered if not _holds(cells.get(row), value)]
            if changed:
                changes |= {(row, at): value for row, value in changed}
                same |= {(row, at): value for row, value in numbered}
        return changes, same

    def _block(self, places: Sequence[tuple[int, int | None]]) -> RowEdits | None:
        """Return the rows below those that are there."""
        positions = np.array([position for position, _ in places[len(self._old) :]], np.intp)
        if not len(positions):
            return None
        rows = np.arange(self._old.stop, self._old.stop + len(positions), dtype=np.int32)
        columns = {at: self._rows.columns[key] for key, at in self._columns.items()}
        parts: dict[int, Texts | Floats] = {
            at: Texts(column.codes[positions], column.table) if isinstance(column, Texts) else column[positions]
            for at, column in columns.items()
        }
        like = {at: model for at in columns if (model := self._model(at)) is not None}
        return RowEdits(RowBlock(rows, parts), like, {at: _LOOKS.get(self._kinds[at], "text") for at in columns})

    def _model(self, column: int) -> Address | None:
        """Return the cell that gives new ones of a column their format: the last one there is."""
        cells = self._cells.column(column)
        return next(((row, column) for row in reversed(self._old) if row in cells), None)

    # --- columns of a person ---

    @cached_property
    def _own(self) -> list[int]:
        """The columns that a person has in the table, and those right of it, up to one that is blank."""
        area = self._table.area
        own = [at for at in range(area.column, area.last_column + 1) if at not in self._columns.values()]
        taken = self._taken()
        at = area.last_column + 1
        while at not in taken and (self._text(self._row, at) or self._filled(at)):
            own.append(at)
            at += 1
        return own

    def _filled(self, column: int) -> bool:
        """Whether a column has anything in the table's rows."""
        return any(row in self._old and is_filled(cell) for row, cell in self._cells.column(column).items())

    def _taken(self) -> set[int]:
        """The columns of other tables, and of PivotTables, on the sheet."""
        package, areas = self._book.package, []
        for relation in relations.relations(package, self._sheet.part):
            if relation.kind in ("table", "pivotTable") and relation.target in package:
                root = package.parse(relation.target)
                place = root if relation.kind == "table" else root.find(xml.main("location"))
                areas.append(parse_range(place.get("ref", "")) if place is not None else None)
        own = (self._row, self._table.area.column)
        others = [
            area for area in areas if area is not None and area[:2] != own and area[0] <= self._table.area.last_row
        ]
        return {at for area in others for at in range(area[1], area[3] + 1)}

    # --- totals ---

    def _totals(self, last: int) -> CellEdits | None:
        """Return what moves the row of totals below the last row: cells, and formulas over the rows."""
        if not self._table.totals_rows:
            return None
        old, new = self._old.stop, last + 1
        cells: dict[Address, Change] = {}
        formulas: dict[Address, Copied] = {}
        for at in range(self._table.area.column, self._table.area.last_column + 1):
            cell, text = self._cells.get((old, at)), self._cells.formula((old, at))
            if text is not None:
                formulas[new, at] = Copied(_over(text, self._old, last), (old, at))
            else:
                cells[new, at] = typed_value(cell)
            if new < old:
                cells[old, at] = BLANK
        like = {(new, at): (old, at) for row, at in cells if row == new}
        return CellEdits(self._sheet.title, cells, like=like, formulas=formulas)


_ROWS = expression(r"(\$?[A-Za-z]{1,3}\$?)(\d+):(\$?[A-Za-z]{1,3}\$?)(\d+)(?![\d(])")


def _over(formula: str, rows: range, last: int) -> str:
    """Return a formula of totals over rows that end elsewhere; one that names the table needs no change."""

    def reach(match: re.Match[str]) -> str:
        whole = (int(match[2]), int(match[4])) == (rows[0], rows[-1])
        return f"{match[1]}{match[2]}:{match[3]}{last}" if whole else match[0]

    return _ROWS.sub(reach, formula)


def _holds(cell: Cell | None, value: Plain) -> bool:
    """Whether a cell holds a value already, as far as a file keeps it."""
    if cell is None or cell.formula:
        return cell is None and value is BLANK
    old = cell.value
    if type(old) is float and type(value) is float:
        return old == value or abs(old - value) <= KEPT_DIGITS * max(abs(old), abs(value))
    return type(old) is type(value) and old == value
