"""Taking back a run in a workbook that is open in a program, without touching what a person did since.

Three versions are compared: before the run, right after it, and now. Only cells
and sheets that the run changed are put back; if a person has changed one of
these since, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlsales.book.actions import (
    Action,
    EnterCells,
    NameSheet,
    RemoveSheet,
    ReplaceSheet,
    TotalsAside,
    TypeAsItWas,
)
from xlsales.book.edits import CellEdits, TableReaches, holds
from xlsales.book.keyed import written_sheets
from xlsales.book.planning import drawn_by_hand
from xlsales.book.snapshots import ChangedSince, Snapshot
from xlsales.core.a1 import Address
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult, SheetCells, Value
from xlsales.ooxml.changes import Plain

_NOTHING = Cell(BLANK)


def actions_back(now: Book, version: Path, after: Book, run: Snapshot, name: str) -> list[Action]:
    """Return what takes `run` back; `version` is the file before it.

    Raises ChangedSince, calling the workbook `name`, if that would lose work.
    """
    assert run.live is not None  # only runs in an open workbook are taken back cell by cell
    before = Book.open(version)
    names = {sheet.title: sheet.name for sheet in written_sheets(before).values()}
    cells: list[Action] = []
    formulas: list[Action] = []
    asides: list[Action] = []
    tables: list[Action] = []
    for title in run.live["cells"]:
        old_cells, new_cells, present_cells = (_cells(book, title) for book in (before, after, now))
        if old_cells is None or new_cells is None or present_cells is None:
            raise ChangedSince(book=name, when=run.when)
        changed: dict[Address, Plain] = {}
        resized = [*_resized(before, after, title)]
        moved = _Moved(before, after, title) if resized else None
        for at in {*old_cells, *new_cells}:
            old, new, present = (sheet.get(at, _NOTHING) for sheet in (old_cells, new_cells, present_cells))
            given_up = (old.formula or isinstance(old.value, ErrorValue)) and not new.formula
            if new.formula and old.formula:
                if moved is not None and moved.formula(at):
                    formulas.append(TypeAsItWas(title, at, version))
                continue
            if new.formula or (old.value == new.value and not given_up):
                if new.formula and moved is not None and present.formula:  # the run copied it here
                    changed[at] = _plain(old.value)
                continue
            if not holds(present, _plain(new.value)):
                raise ChangedSince(book=name, when=run.when)
            if given_up:
                formulas.append(TypeAsItWas(title, at, version))
            else:
                changed[at] = _plain(old.value)
        asides += [TotalsAside(table.name) for table in resized if table.totals]
        tables += resized
        if changed:
            cells.append(EnterCells(_apart(title, changed, before, resized)))
    for title in (*run.live["replaced"], *run.live["added"]):
        present_cells = _cells(now, title)
        if present_cells is None and title in run.live["added"]:
            continue
        new_cells = _cells(after, title)
        if (
            present_cells is None
            or new_cells is None
            or not _alike(present_cells, new_cells)
            or _drawn_since(now, after, title)
        ):
            raise ChangedSince(book=name, when=run.when)
    sheets: list[Action] = []
    for title in run.live["replaced"]:
        sheets += [ReplaceSheet(title, version), NameSheet(names.get(title, ""), title)]
    removed = [RemoveSheet(title) for title in run.live["added"] if now.sheet(title) is not None]
    return [*sheets, *asides, *cells, *tables, *formulas, *removed]


def _resized(before: Book, after: Book, title: str) -> Iterator[TableReaches]:
    """Yield the tables of a sheet that the run made longer or shorter, as they were."""
    for name, table in before.tables.items():
        new = after.table(name)
        if table.area.sheet == title and new is not None and new.area.last_row != table.area.last_row:
            yield TableReaches(name, table.area.last_row, bool(table.totals_rows))


class _Moved:
    """Which formulas of a sheet are others after the run than before."""

    def __init__(self, before: Book, after: Book, title: str) -> None:
        self._cells = [book.some_cells(sheet) for book in (before, after) if (sheet := book.sheet(title)) is not None]

    def formula(self, at: Address) -> bool:
        """Whether a cell has another formula."""
        old, new = (cells.formula(at) for cells in self._cells)
        return old != new


def _apart(title: str, changed: dict[Address, Plain], before: Book, resized: list[TableReaches]) -> CellEdits:
    """Return the edits of cells, those of a row of totals apart, which Excel brings back by itself."""
    totals: dict[Address, Plain] = {}
    for table in (before.table(one.name) for one in resized if one.totals):
        if table is not None:
            row, columns = table.area.last_row, range(table.area.column, table.area.last_column + 1)
            totals |= {(row, column): changed.get((row, column), BLANK) for column in columns}
            changed |= {(row, column): BLANK for column in columns}
    return CellEdits(title, changed, totals=CellEdits(title, totals) if totals else None)


def _cells(book: Book, title: str) -> SheetCells | None:
    sheet = book.sheet(title)
    return None if sheet is None else book.cells(sheet)


def _alike(one: SheetCells, other: SheetCells) -> bool:
    """Whether two sheets hold the same, formulas aside: the program that has them open calculates these."""
    addresses = {at for at in {*one, *other} if not other.get(at, _NOTHING).formula}
    return all(holds(one.get(at, _NOTHING), _plain(other.get(at, _NOTHING).value)) for at in addresses)


def _drawn_since(now: Book, after: Book, title: str) -> bool:
    """Whether a person has put a note or a drawing on a sheet of the run."""
    old_sheet, present_sheet = after.sheet(title), now.sheet(title)
    return (
        present_sheet is not None
        and drawn_by_hand(now, present_sheet)
        and (old_sheet is None or not drawn_by_hand(after, old_sheet))
    )


def _plain(value: Value) -> Plain:
    """A value as it can be written; errors and formulas are never among what a run changes."""
    return BLANK if isinstance(value, ErrorValue | FormulaWithoutResult) else value
