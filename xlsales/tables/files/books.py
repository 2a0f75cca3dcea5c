"""Sheets of workbooks as grids: loaded by a fast reader, checked against the bytes, read by cells where they differ.

The fast reader knows some errors and no others, drops what it does not understand, and refuses a whole sheet for
one cell. While it loads, the sheet's own bytes are counted: so many values, so many errors. Where its cells are not
as many, or the bytes hold something that it is known to misread, the cells are read one by one (`cellwise`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar

import polars as pl

from xlsales.core.faults import Listed, Place, Problem
from xlsales.core.text import clean, identity
from xlsales.ooxml.book import Book, Sheet
from xlsales.ooxml.cells import BLANK, peek_rows
from xlsales.ooxml.checks import BinaryWorkbook, DamagedWorkbook, OldWorkbook
from xlsales.ooxml.grid import SheetError
from xlsales.ooxml.xml import XmlError
from xlsales.tables.files.cellwise import first_rows, is_spread, read_cellwise
from xlsales.tables.files.grids import HEAD_ROWS, Grid
from xlsales.tables.files.native import Native, OddCell, ReaderGone
from xlsales.tables.files.number_formats import as_shown, shown_words
from xlsales.tables.files.scan import extent, scan
from xlsales.tables.files.unreadable import SheetEmpty, SheetMissing, SourceUnreadable
from xlsales.tables.remarks import FarAway, RowsHidden

P = ParamSpec("P")
R = TypeVar("R")

SMALL = 4_000_000
"""Bytes of a sheet that is loaded in this process, once it is known that its cells stand close together."""


@dataclass(frozen=True)
class Page:
    """A sheet as the list of sheets tells it; `cells`: it is a worksheet; `own`: what its XML says, if there is any."""

    title: str
    visible: bool = True
    cells: bool = True
    own: Sheet | None = None


class Pages:
    """An opened workbook of any kind, its sheets in order. Raises a fault that says what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self.book = Book.open(path) if path.suffix.lower() != ".ods" else None
        except (BinaryWorkbook, OldWorkbook):
            self.book = None
        self._path = path
        if self.book is not None:
            self.pages = tuple(Page(s.title, s.state == "visible", s.has_cells, s) for s in self.book.sheets)
        else:
            self.pages = tuple(Page(title, seen) for title, seen in self._apart.listed())

    @cached_property
    def _apart(self) -> Native:
        """The fast reader in a process of its own."""
        return Native(self._path)

    @cached_property
    def _here(self) -> Native:
        """The fast reader in this process."""
        return Native(self._path, apart=False)

    def find(self, wanted: str) -> Page:
        """Return the worksheet of this name, or of one that looks like it."""
        pages = [page for page in self.pages if page.cells]
        exact = [page for page in pages if page.title == wanted]
        for page in exact or pages:
            if identity(page.title) == identity(wanted):
                return page
        raise SheetMissing(path=self.name, sheet=wanted, found=Listed(page.title for page in pages))

    def top(self, page: Page) -> list[tuple[str | None, ...]]:
        """Return the first rows of a sheet as text, as `Grid.top` does."""
        if self.book is None or page.own is None:
            return self._of_native(page, HEAD_ROWS).top(HEAD_ROWS)
        try:
            return first_rows(self.book, page.own, HEAD_ROWS)
        except (DamagedWorkbook, SheetError, XmlError, ValueError):
            return []

    def grid(self, page: Page, label: str) -> Grid:
        """Load the cells of a sheet. Raises `SheetEmpty`."""
        grid = self._of_xml(self.book, page.own, label) if self.book and page.own else self._of_native(page)
        if not grid.height or not grid.width:
            raise SheetEmpty(label=label)
        return grid

    def _of_native(self, page: Page, rows: int | None = None) -> Grid:
        try:
            cells, first = self._apart.load(page.title, rows=rows)
        except OddCell:  # an error in a cell, of which no type can be told
            cells, first = self._apart.load(page.title, rows=rows, texts=True)
        return Grid(cells, first_column=first)

    def _of_xml(self, book: Book, sheet: Sheet, label: str) -> Grid:
        try:
            looking = beside(scan, book.package, sheet.part)
            head = _head(book, sheet)
            reader = self._reader_of(book, sheet)
            loaded = _try(reader, sheet.title, len(head))
            seen = looking.result()
            if loaded is not None and (not head or seen.booleans):
                head = []
                loaded = _try(reader, sheet.title, 0, texts=True)
            far: list[str] = []
            if loaded is None or is_spread(*loaded[0].shape, seen.values // 2) or not seen.agrees(loaded[0], head):
                cells, first, far = read_cellwise(book, sheet, head)
                loaded = cells, first
        except (DamagedWorkbook, SheetError, XmlError, ValueError) as error:
            raise SourceUnreadable(path=self.name, detail=sheet.title) from error
        cells, first = loaded
        if words := shown_words(book.styles):
            cells = as_shown(cells, len(head), first, book.package, sheet.part, words)
        rows = tuple(tuple(row.get(first + i) for i in range(cells.width)) for row in head)
        notes = []
        if seen.hidden:
            notes.append(Problem.note(Place(label), "", RowsHidden(count=seen.hidden), None, seen.hidden))
        if far:
            left = FarAway(cells=Listed(far[:3]), count=len(far))
            notes.append(Problem.note(Place(label), "", left, None, len(far)))
        merged = tuple(m for m in seen.merged if m.last > m.first)
        return Grid(cells, rows, first, book.date1904, seen.flaws, notes=tuple(notes), merged=merged)

    def _reader_of(self, book: Book, sheet: Sheet) -> Native | None:
        """Choose where the fast reader loads a sheet; None where it would ask for places that hold no cells."""
        if book.package.size(sheet.part) > SMALL:
            return self._apart
        width, height, cells = extent(book.package.read(sheet.part))
        return None if is_spread(width, height, cells) else self._here


def _try(reader: Native | None, title: str, skipped: int, *, texts: bool = False) -> tuple[pl.DataFrame, int] | None:
    try:
        return reader.load(title, skipped, texts=texts) if reader is not None else None
    except (OddCell, ReaderGone, SourceUnreadable):
        return None


def _head(book: Book, sheet: Sheet) -> list[dict[int, str | None]]:
    """The first rows of a sheet up to the first number, if they are all text: column → text."""
    rows: list[dict[int, str | None]] = []
    for number, cells in peek_rows(book.package, sheet.part, HEAD_ROWS, book.strings):
        values = {column: cell.value for column, cell in cells.items() if cell.value is not BLANK}
        if any(not isinstance(value, str) for value in values.values()):
            return rows + [{}] * (number - 1 - len(rows))
        rows += [{}] * (number - 1 - len(rows))
        rows.append({column: clean(str(value)) or None for column, value in values.items()})
    return []


def beside(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Start a call in a thread of its own; faults come with the result."""
    worker = ThreadPoolExecutor(1, call.__name__)
    future = worker.submit(call, *args, **kwargs)
    worker.shutdown(wait=False)
    return future
