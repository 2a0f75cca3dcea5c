"""Sheets of workbooks as grids: loaded by a fast reader, and checked against the bytes of the sheet.

The fast reader knows only some errors, drops what it does not understand, and refuses a whole sheet for one cell.
While it loads, the values and errors in the bytes are counted. If the loaded cells are not as many, or the bytes hold
something that the reader misreads, the cells are read one by one (`cellwise`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar

import polars as pl
from msgspec import Struct

from xlsales.core.faults import Listed, Place, Problem
from xlsales.core.text import clean
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, Cell
from xlsales.ooxml.checks import BinaryWorkbook, DamagedWorkbook, OldWorkbook, SheetCutOff
from xlsales.ooxml.excerpts import Undivided, needed_parts
from xlsales.ooxml.grid import CutOff, SheetError
from xlsales.ooxml.package import Package
from xlsales.ooxml.streamed import peek_rows
from xlsales.ooxml.xml import XmlError
from xlsales.tables.files.cellwise import first_rows, is_spread, read_cellwise
from xlsales.tables.files.grids import HEAD_ROWS, Grid
from xlsales.tables.files.loading import Asked, TooSpread
from xlsales.tables.files.native import Loaded, Native, OddCell, load_blocks
from xlsales.tables.files.number_formats import shown_words, with_shown_words
from xlsales.tables.files.scan import extent, scan
from xlsales.tables.files.unreadable import ReaderGone, SheetEmpty, SourceUnreadable
from xlsales.tables.remarks import FarAway, RowsHidden
from xlsales.vocabulary.contract import CNY

P = ParamSpec("P")
R = TypeVar("R")

SMALL = 4_000_000
"""Bytes of a sheet that is loaded at once in this process, if its cells are close together."""
MIDDLE = 32 << 20
"""Bytes of a sheet that is loaded by blocks of rows in this process."""


class ListedSheet(Struct, frozen=True):
    """A sheet in the list of sheets; `cells`: it is a worksheet; `own`: its entry in the XML, if there is any."""

    title: str
    visible: bool = True
    cells: bool = True
    own: SheetPart | None = None


class SourceBook:
    """An open workbook of any kind, its sheets in order. Raises a fault that says what is wrong with the file."""

    def __init__(self, path: Path, currency: str = CNY) -> None:
        self.name = path.name
        try:
            self.book = Book.open(path) if path.suffix.lower() != ".ods" else None
        except (BinaryWorkbook, OldWorkbook):
            self.book = None
        self._path, self._currency = path, currency
        if self.book is not None:
            self.sheets = tuple(ListedSheet(s.title, s.state == "visible", s.has_cells, s) for s in self.book.sheets)
        else:
            self.sheets = tuple(ListedSheet(title, visible) for title, visible in self._apart.titles())

    @cached_property
    def _apart(self) -> Native:
        """The fast reader in a process of its own."""
        return Native(self._path)

    @cached_property
    def _here(self) -> Native:
        """The fast reader in this process. It gets no large sheets: they are read apart."""
        return Native(self._path, apart=False, here=self._small_sheets)

    def _small_sheets(self) -> bytes:
        package = Package.open(self._path)
        for sheet in self.book.sheets if self.book is not None else ():
            if package.size(sheet.part) > SMALL:
                package.remove(sheet.part)
        return package.to_bytes()

    def top(self, sheet: ListedSheet) -> list[tuple[str | None, ...]]:
        """Return the first rows of a sheet as text, as `Grid.top` does."""
        if self.book is None or sheet.own is None:
            return self._of_native(sheet, HEAD_ROWS).top(HEAD_ROWS)
        try:
            return first_rows(self.book, sheet.own, HEAD_ROWS)
        except (DamagedWorkbook, SheetError, XmlError, ValueError):
            return []

    def grid(self, sheet: ListedSheet, label: str) -> Grid:
        """Load the cells of a sheet. Raises `SheetEmpty`."""
        grid = self._of_xml(self.book, sheet.own, label) if self.book and sheet.own else self._of_native(sheet)
        if not grid.height or not grid.width:
            raise SheetEmpty(label=label)
        return grid

    def _of_native(self, sheet: ListedSheet, rows: int | None = None) -> Grid:
        try:
            cells, first, _ = self._apart.load(Asked(sheet.title, rows=rows))
        except OddCell:  # an error in a cell, without a type
            cells, first, _ = self._apart.load(Asked(sheet.title, rows=rows, texts=True))
        return Grid(cells, first_column=first)

    def _of_xml(self, book: Book, sheet: SheetPart, label: str) -> Grid:
        try:
            head = _head(book, sheet)
            loaded = self._loaded(book, sheet, Asked(sheet.title, len(head)))
            result = (loaded.scan if loaded is not None else None) or scan(book.package, sheet.part)
            if loaded is not None and (not head or result.booleans):
                head = []
                loaded = self._loaded(book, sheet, Asked(sheet.title, texts=True))
            far: list[str] = []
            cells, first = (loaded.cells, loaded.first) if loaded is not None else (pl.DataFrame(), 1)
            if loaded is None or is_spread(*cells.shape, result.values // 2) or not result.agrees(cells, head):
                cells, first, far = read_cellwise(book, sheet, head)
        except (CutOff, SheetCutOff) as error:
            raise SheetCutOff(file=self.name, sheet=sheet.title) from error
        except (DamagedWorkbook, SheetError, XmlError, ValueError) as error:
            raise SourceUnreadable(path=self.name, detail=sheet.title) from error
        if words := shown_words(book.styles, self._currency):
            cells = with_shown_words(cells, len(head), first, book.package, sheet.part, words)
        rows = tuple(tuple(row.get(first + i) for i in range(cells.width)) for row in head)
        notes = []
        if result.hidden:
            notes.append(Problem.note(Place(label), "", RowsHidden(count=result.hidden), None, result.hidden))
        if far:
            fault = FarAway(cells=Listed(far[:3]), count=len(far))
            notes.append(Problem.note(Place(label), "", fault, None, len(far)))
        merged = tuple(m for m in result.merged if m.last > m.first)
        return Grid(cells, rows, first, book.date1904, result.flaws, notes=tuple(notes), merged=merged)

    def _loaded(self, book: Book, sheet: SheetPart, asked: Asked) -> Loaded | None:
        """Let the fast reader load a sheet in the right process; None if it fails, or for mostly blank places."""
        size, whole = book.package.size(sheet.part), False
        with suppress(OddCell, ReaderGone, SourceUnreadable, TooSpread):
            if size <= MIDDLE or not self._apart.apart:
                with suppress(Undivided):
                    return load_blocks(book, sheet.part, asked)
                whole = True
            if size > SMALL:
                return self._apart.load(asked) if whole else self._apart.load(asked, sheet.part, needed_parts(book))
            width, height, cells = extent(book.package.read(sheet.part))
            if not is_spread(width, height, cells):
                return self._here.load(asked)
        return None


def _head(book: Book, sheet: SheetPart) -> list[dict[int, str | None]]:
    """The first rows of a sheet up to the first number, if they are all text: column → text."""
    for count in (_SHORT_HEAD, HEAD_ROWS):
        rows = _texts_above(peek_rows(book.package, sheet.part, count, book.strings))
        if rows is not None:
            return rows
    return []


_SHORT_HEAD = 6
"""Nearly all heads end within so many rows; those of a few tables are longer."""


def _texts_above(rows_of_cells: Iterable[tuple[int, dict[int, Cell]]]) -> list[dict[int, str | None]] | None:
    """The rows up to the first with anything but text; None without such a row."""
    rows: list[dict[int, str | None]] = []
    for number, cells in rows_of_cells:
        values = {column: cell.value for column, cell in cells.items() if cell.value is not BLANK}
        if any(not isinstance(value, str) for value in values.values()):
            return rows + [{}] * (number - 1 - len(rows))
        rows += [{}] * (number - 1 - len(rows))
        rows.append({column: clean(str(value)) or None for column, value in values.items()})
    return None


def in_thread(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Start a call in a thread of its own; faults come with the result."""
    worker = ThreadPoolExecutor(1, call.__name__)
    future = worker.submit(call, *args, **kwargs)
    worker.shutdown(wait=False)
    return future
