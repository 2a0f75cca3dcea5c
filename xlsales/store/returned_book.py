"""A returned workbook as keyed sheets, whatever program saved it and wherever its rows and columns are now.

Our own reader reads `.xlsx` and `.xlsm`, with errors and formulas; the loader reads `.xls`, `.xlsb` and `.ods`, values
only. Both give the same: sheets known by their identity, cells by the keys below it and right of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from xlsales.book.keyed import KeyedCells, KeyedSheet, key_of
from xlsales.core.expressions import expression
from xlsales.core.faults import Place
from xlsales.ooxml import formulas, grid
from xlsales.ooxml.book import Area, Book, SheetPart
from xlsales.ooxml.cells import BLANK, Cell, SheetCells, Value
from xlsales.ooxml.lazy import LazyCells
from xlsales.ooxml.package import Package
from xlsales.ooxml.streamed import peek_first, peek_rows
from xlsales.ooxml.styles import Styles
from xlsales.ooxml.xml import XmlError, parse
from xlsales.store.contract import IDENTITY, IDENTITY_ROWS
from xlsales.store.reasons import Refusal
from xlsales.store.recalculation import Recalculation, Recount
from xlsales.values.cell import CellFault, Labelled, day, text_of
from xlsales.values.stored import content

FRONT = "front"
"""The sheet that names the store of the workbook."""
MOST_BYTES = 64 << 20
"""The most that a sheet, or the texts of all sheets, may unpack to: half a million receipts are less."""
MOST_CELLS = 1_000_000
"""The most cells of a workbook of another kind."""
IDENTITY_WITHIN = 30
"""A sheet's identity is in one of so many first rows: people may have inserted rows above it."""
_NUMBER = expression(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
"""A text that is stored as a number; `007` is a code."""
_OPENED = expression(r"\$(.+)\.(\$[A-Z]+\$\d+)")
"""A single cell as OpenDocument writes it."""
_SAVED = expression(rb"<(?:\w+:)?modified[^>]*>([^<]+)<")


class SheetTooLarge(Refusal):
    """A sheet, or the texts of all sheets, far larger than anything that a store fills in."""

    zh = "{file} 的“{title}”展开有 {found} MB(最多 {most} MB),没有采用。请在 Excel 里删去数据以外的行和列,保存后再交。"
    en = (
        'In {file}, "{title}" unpacks to {found} MB ({most} MB at most): not taken. Delete the rows and columns beside '
        "the data in Excel, save it, and return it again."
    )


class TooManyCells(Refusal):
    """A workbook of another kind with far more cells than anything that a store fills in."""

    zh = "{file} 有 {found} 个单元格(最多 {most} 个),没有采用。请在 Excel 里删去数据以外的行和列,另存为 .xlsx 再交。"
    en = (
        "{file} has {found} cells ({most} at most): not taken. Delete the rows and columns beside the data in Excel, "
        "save it as .xlsx, and return that."
    )


class ReturnedCells(KeyedCells, Protocol):
    """The cells of a returned sheet; reading many at once is cheaper."""

    def load(self, columns: Iterable[int]) -> None:
        """Read these columns of every row."""

    def column(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a column, by row."""

    def load_below(self, row: int) -> list[int]:
        """Read every cell of the rows below, and return those that hold anything."""

    def constants(self, column: int) -> set[int]:
        """Return the rows with something in a column that is no formula."""


class ReturnedSheet(KeyedSheet[ReturnedCells], frozen=True, dict=True):
    """A keyed sheet of a returned workbook, by its key."""

    key: str
    is_date: Callable[[Cell], bool]
    date1904: bool = False
    reads: tuple[str, ...] = ()
    """The columns that are read of every row, if it has them; others are read where they matter."""
    recalculation: Recalculation | None = None
    """What counts formulas anew; None if the loader read the file, which gives their results alone."""

    @cached_property
    def keyed(self) -> list[tuple[int, str]]:
        """Every row below the identity with its key, empty if it has none."""
        self.cells.load([self.column, *(self.columns[key] for key in self.reads if key in self.columns)])
        keys = self.cells.column(self.column)
        return [(row, key_of(keys.get(row))) for row in self.cells.rows if row > self.row]

    def cells_of(self, column: str) -> Mapping[int, Cell]:
        """Return the cells of every row in the column of a key, by row."""
        at = self.columns.get(column)
        return self.cells.column(at) if at is not None else {}

    def recount(self, row: int, at: int) -> Recount | None:
        """Count the formula of a cell anew; None if it has none, or none is known."""
        cell = self.cells.get((row, at))
        if cell is None or not cell.formula or self.recalculation is None:
            return None
        return self.recalculation.of(self.title, (row, at))

    def place(self, row: int, column: str) -> Place:
        """Return the place of that cell."""
        return Place(self.title, row, self.columns.get(column))

    def day(self, cell: Cell) -> dt.date | None:
        """Return the day in a cell of dates; None if it holds none."""
        try:
            return day(self.content(cell), Labelled(""), date1904=self.date1904)
        except CellFault:
            return None

    def content(self, cell: Cell) -> object:
        """Return what a cell holds as `values.cell` reads it."""
        return content(cell, isinstance(cell.value, float) and self.is_date(cell), self.date1904)


class ReturnedBook(Struct, frozen=True):
    """A returned workbook: its keyed sheets by key, the cells of its names, and when it was saved, if it says so."""

    sheets: Mapping[str, ReturnedSheet]
    values: Mapping[str, Value]
    saved: dt.datetime | None = None
    can_be_marked: bool = False
    """Whether cells can be marked red in a copy of it."""

    def text(self, name: str) -> str:
        """Return the text of the cell with a defined name; empty if the name is lost."""
        return text_of(content(Cell(self.values.get(name, BLANK)), False, False))


Reads = Mapping[str, tuple[str, ...]]
"""The sheets to read, by key, each with the columns that are read of every row."""


def read_book(path: Path, names: tuple[str, ...], reads: Reads) -> ReturnedBook:
    """Read a workbook: the cells with these defined names, and sheets. Raises the faults of the file."""
    read = _of_book if path.suffix.lower() in (".xlsx", ".xlsm") else _of_loader
    return read(path, names, reads)


# --- .xlsx and .xlsm ---------------------------------------------------------


def _of_book(path: Path, names: tuple[str, ...], reads: Reads) -> ReturnedBook:
    book = Book(Package.at_once(path))
    strings = book.related("sharedStrings")
    if strings is not None:
        _check_size(book, strings, strings)
    recalculation = Recalculation(book, _some_cells)
    sheets: dict[str, ReturnedSheet] = {}
    front: tuple[SheetPart, int, int] | None = None
    for sheet in book.sheets:
        identity = _identity(_head(book, sheet.part)) if sheet.has_cells else None
        if identity is None:
            continue
        row, column, key = identity
        if key == FRONT and front is None:
            front = sheet, row, column
        if key in reads and key not in sheets:
            cells = recalculation.sheets[sheet.title.casefold()] = _some_cells(book, sheet)
            dates = _date_test(book), book.date1904
            sheets[key] = ReturnedSheet(sheet.title, row, column, cells, key, *dates, reads[key], recalculation)
    values = _of_names(book, names, recalculation.sheets)
    if front is not None and any(values.get(name, BLANK) is BLANK for name in names):
        cells = _some_cells(book, front[0])
        front_sheet = ReturnedSheet(front[0].title, front[1], front[2], cells, FRONT, _date_test(book), book.date1904)
        values = _by_keys(front_sheet) | {name: value for name, value in values.items() if value is not BLANK}
    return ReturnedBook(sheets, values, _saved(book), can_be_marked=True)


def _of_names(book: Book, names: Iterable[str], sheets: dict[str, LazyCells]) -> dict[str, Value]:
    """Return the values of cells by their defined names; `sheets` are the cells in memory by title in lower case."""
    values = {}
    for name in names:
        area = book.area(name)
        sheet = book.sheet(area.sheet) if area else None
        if area is not None and sheet is not None:
            title = sheet.title.casefold()
            if title not in sheets:
                sheets[title] = _some_cells(book, sheet)
            values[name] = (sheets[title].get(area.first) or Cell(BLANK)).value
    return values


def _some_cells(book: Book, sheet: SheetPart) -> LazyCells:
    _check_size(book, sheet.part, sheet.title)
    return book.some_cells(sheet)


def _check_size(book: Book, part: str, title: str) -> None:
    size = book.package.size(part)
    if size > MOST_BYTES:
        raise SheetTooLarge(file=book.package.file, title=title, found=size >> 20, most=MOST_BYTES >> 20)


def _by_keys(front: ReturnedSheet) -> dict[str, Value]:
    """Return the workbook's identity from its front page, by the keys of the rows: names may be lost."""
    rows = {name: front.rows.get(key) for name, key in IDENTITY_ROWS.items()}
    return {name: front.cell(at, "target").value for name, at in rows.items() if at}


def _date_test(book: Book) -> Callable[[Cell], bool]:
    @cache
    def styles() -> Styles:
        part = book.related("styles")
        if part is not None and book.package.size(part) <= _SMALL_STYLES:
            with suppress(XmlError):  # it is reported by the book
                return _styles_of(book.package.read(part))
        return book.styles

    return lambda cell: styles().is_date(cell.style)


@lru_cache(maxsize=8)
def _styles_of(xml: bytes) -> Styles:
    """Return formats to be read alone: many files have the same ones."""
    return Styles(parse(xml))


_SMALL_STYLES = 1 << 20
"""Bytes of formats that are kept for the next files."""


def _head(book: Book, part: str) -> Iterator[tuple[int, int, Value]]:
    first = peek_first(book.package, part, book.strings)
    if first is not None:
        yield 1, 1, first
    for row, cells in peek_rows(book.package, part, 1, book.strings):
        for column, cell in cells.items():
            yield row, column, cell.value
    for row, cells in peek_rows(book.package, part, IDENTITY_WITHIN, book.strings)[1:]:
        for column, cell in cells.items():
            yield row, column, cell.value


def _identity(head: Iterator[tuple[int, int, Value]]) -> tuple[int, int, str] | None:
    """Return row and column of a sheet's identity, and its key."""
    for row, column, value in head:
        if isinstance(value, str) and value.startswith(IDENTITY):
            return row, column, value.removeprefix(IDENTITY)
    return None


def _saved(book: Book) -> dt.datetime | None:
    """Return the time of saving that the workbook names, in universal time."""
    part = "docProps/core.xml"
    match = _SAVED.search(book.package.read(part)) if part in book.package else None
    try:
        moment = dt.datetime.fromisoformat(match[1].decode().strip()) if match else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


# --- .xls, .xlsb and .ods ------------------------------------------------------


class LoadedCells(SheetCells):
    """Cells that are all in memory."""

    def load(self, columns: Iterable[int]) -> None:
        """Do nothing: every cell is in memory."""

    def column(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a column, by row."""
        return {row: cell for (row, column), cell in self.items() if column == number}

    def load_below(self, row: int) -> list[int]:
        """Return the rows below: every cell is in memory."""
        return [below for below in self.rows if below > row]

    def constants(self, column: int) -> set[int]:
        """Return nothing: it is not known which cells are formulas."""
        return set()


def _of_loader(path: Path, names: tuple[str, ...], _: Reads) -> ReturnedBook:
    from xlsales.tables.files.native import Native

    texts, count, names_of_file = Native(path).everything(MOST_CELLS)
    if count > MOST_CELLS:
        raise TooManyCells(file=path.name, found=f"{count:,}", most=f"{MOST_CELLS:,}")
    cells_by_title = {title: _loaded(columns, first) for title, (first, columns) in texts.items()}
    areas = {name.casefold(): _area(formula) for name, formula in names_of_file.items()}
    sheets: dict[str, ReturnedSheet] = {}
    for title, cells in cells_by_title.items():
        head = ((r, c, cell.value) for r in cells.rows[:IDENTITY_WITHIN] for c, cell in cells.row(r).items())
        identity = _identity(head)
        if identity is not None:
            row, column, key = identity
            sheets.setdefault(key, ReturnedSheet(title, row, column, cells, key, lambda cell: False))
    values = {}
    for name in names:
        area = areas.get(name.casefold())
        if area is not None and area.sheet in cells_by_title:
            values[name] = (cells_by_title[area.sheet].get(area.first) or Cell(BLANK)).value
    if FRONT in sheets and any(values.get(name, BLANK) is BLANK for name in names):
        values = _by_keys(sheets[FRONT]) | {name: value for name, value in values.items() if value is not BLANK}
    return ReturnedBook(sheets, values)


def _loaded(columns: list[list[str | None]], first: int) -> LoadedCells:
    """Return the cells of a sheet read as text, numbers as numbers: a column of the loader cannot hold both."""
    return LoadedCells(
        {
            (row, column): Cell(_number(text))
            for column, texts in enumerate(columns, first)
            for row, text in enumerate(texts, 1)
            if text is not None and text != ""
        }
    )


def _number(text: str) -> Value:
    return float(text) if _NUMBER.fullmatch(text) else text


def _area(formula: str) -> Area | None:
    """Return the area of a name, `'日报'!$F$6`; in .ods, `$日报.$F$6`."""
    if match := _OPENED.fullmatch(formula):
        formula = f"{match[1]}!{match[2]}"
    parts = formulas.split_title(formula.lstrip("="))
    block = grid.parse_range(parts[1]) if parts else None
    return Area(parts[0], *block) if parts and block else None
