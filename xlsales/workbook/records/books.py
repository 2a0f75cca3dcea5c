"""Sheets of workbooks as grids: loaded by a fast reader, checked against the bytes, read by cells where they differ.

The fast reader knows some errors and no others, drops what it does not understand, and refuses a whole sheet for
one cell. While it loads, the sheet's own bytes are counted: so many values, so many errors. Where its cells are not
as many, or the bytes hold something that it is known to misread, the cells are read one by one (`cellwise`).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import ParamSpec, TypeVar

import fastexcel
import polars as pl

from xlsales.core.faults import Listed, Place, Problem
from xlsales.core.text import clean, identity
from xlsales.workbook.file.book import Book, Sheet
from xlsales.workbook.file.cells import BLANK, peek_rows
from xlsales.workbook.file.grid import SheetError
from xlsales.workbook.file.package import BinaryWorkbook, DamagedWorkbook, EncryptedWorkbook, OldWorkbook
from xlsales.workbook.file.xml import XmlError
from xlsales.workbook.records.cellwise import first_rows, read_cellwise
from xlsales.workbook.records.grids import HEAD_ROWS, Grid
from xlsales.workbook.records.remarks import RowsHidden
from xlsales.workbook.records.scan import scan
from xlsales.workbook.records.unreadable import SheetEmpty, SheetMissing, SourceUnreadable

P = ParamSpec("P")
R = TypeVar("R")

for _name in ("fastexcel", "calamine"):  # what they say of blank columns and odd formats is of no use to people
    logging.getLogger(_name).setLevel(logging.CRITICAL)


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
        self._native: fastexcel.ExcelReader | None = None
        if self.book is not None:
            self.pages = tuple(Page(s.title, s.state == "visible", s.has_cells, s) for s in self.book.sheets)
        else:
            with fenced(path.name):
                titles = self.native.sheet_names
                self.pages = tuple(Page(title, len(titles) == 1 or self._seen(title)) for title in titles)

    @property
    def native(self) -> fastexcel.ExcelReader:
        """The fast reader's view of the file."""
        if self._native is None:
            # Of bytes, for a reader of a path holds the file open, and on Windows it could not be replaced then.
            self._native = fastexcel.read_excel(self._path.read_bytes())
        return self._native

    def _seen(self, title: str) -> bool:
        try:
            return self.native.load_sheet(title, header_row=None, n_rows=1, dtypes="string").visible == "visible"
        except fastexcel.FastExcelError:
            return False  # a chart or a module

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
        with fenced(self.name):
            try:
                cells, first = _loaded(self.native, page.title, rows=rows)
            except fastexcel.CalamineCellError:  # an error in a cell, of which no type can be told
                cells, first = _loaded(self.native, page.title, rows=rows, texts=True)
        return Grid(cells, first_column=first)

    def _of_xml(self, book: Book, sheet: Sheet, label: str) -> Grid:
        try:
            looking = beside(scan, book.package, sheet.part)
            head = _head(book, sheet)
            loaded = self._try(sheet.title, len(head))
            seen = looking.result()
            if loaded is not None and (not head or seen.booleans):
                head = []
                loaded = self._try(sheet.title, 0, texts=True)
            if loaded is None or not seen.agrees(loaded[0], head):
                loaded = read_cellwise(book, sheet, head)
        except (DamagedWorkbook, SheetError, XmlError, ValueError) as error:
            raise SourceUnreadable(path=self.name, detail=sheet.title) from error
        cells, first = loaded
        rows = tuple(tuple(row.get(first + i) for i in range(cells.width)) for row in head)
        hidden = RowsHidden(count=seen.hidden)
        notes = (Problem(Place(label), "", hidden, None, seen.hidden, set_aside=False),) if seen.hidden else ()
        merged = tuple(m for m in seen.merged if m.last > m.first)
        return Grid(cells, rows, first, book.date1904, seen.flaws, notes=notes, merged=merged)

    def _try(self, title: str, skipped: int, *, texts: bool = False) -> tuple[pl.DataFrame, int] | None:
        try:
            return _loaded(self.native, title, skipped, texts=texts)
        except fastexcel.FastExcelError:
            return None
        except BaseException as error:
            if not _is_panic(error):
                raise
            return None


@contextmanager
def fenced(name: str) -> Iterator[None]:
    """Make a sentence of what the native reader refuses or dies of, and keep what it says from people.

    It reads kinds without XML, of which any byte may lead it astray; it then writes to the error stream itself.
    """
    with _hushed():
        try:
            yield
        except fastexcel.FastExcelError as error:
            if "password" in str(error).lower() or "encrypt" in str(error).lower():
                raise EncryptedWorkbook(file=name) from error
            raise SourceUnreadable(path=name, detail=str(error).split("\n")[0]) from error
        except BaseException as error:
            if not _is_panic(error):
                raise
            raise SourceUnreadable(path=name, detail="damaged") from error


def _is_panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"


@contextmanager
def _hushed() -> Iterator[None]:
    """Let the error stream of the process lead nowhere for a while; where there is none, do nothing."""
    with _ONE_AT_A_TIME, ExitStack() as stack:
        try:
            kept = os.dup(2)
        except OSError:
            kept = None
        if kept is not None:
            stack.callback(os.close, kept)
            stack.callback(os.dup2, kept, 2)
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield


_ONE_AT_A_TIME = RLock()


def _loaded(
    reader: fastexcel.ExcelReader, title: str, skipped: int = 0, *, texts: bool = False, rows: int | None = None
) -> tuple[pl.DataFrame, int]:
    """Let the fast reader load a sheet below its first rows: its columns, and the first one's number."""
    # An explicit skip_rows keeps leading blank rows, so that row i is row i + 1 of the sheet.
    if texts:
        sheet = reader.load_sheet(title, header_row=None, skip_rows=skipped, n_rows=rows, dtypes="string")
    else:
        sheet = reader.load_sheet(title, header_row=None, skip_rows=skipped, n_rows=rows, schema_sample_rows=None)
    columns = sheet.available_columns()
    if not columns:
        return pl.DataFrame(), 1
    # A number that is shown as [h]:mm is the number it is stored as.
    cells = sheet.to_polars().with_columns(pl.selectors.duration().dt.total_milliseconds() / 86_400_000)
    cells.columns = [str(i) for i in range(cells.width)]
    return cells, columns[0].absolute_index + 1


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
