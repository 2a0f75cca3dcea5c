"""A table as people keep it: any workbook or text file in, its cells out, each with its true place.

A column is numbers or dates only if each of its cells below the head is one. A column of a mixture is text: it keeps
what is there, and the readers of amounts and dates decide what it means. The loader would read `TRUE` as 1 in a column
of numbers, so a sheet with such cells is loaded as text.

If no sheet is named, the first visible sheet is read, and with it every other visible sheet of the same headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Listed, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml.checks import NotAWorkbook
from xlsales.ooxml.files import is_address, look_for
from xlsales.tables.files.books import ListedSheet, SourceBook, in_thread
from xlsales.tables.files.disguised import DisguisedBook, load_disguised
from xlsales.tables.files.grids import HEAD_ROWS, Grid
from xlsales.tables.files.joining import SheetGrid, header_of, join_sheets
from xlsales.tables.files.offered import without_offered
from xlsales.tables.files.texts import load_text
from xlsales.tables.files.unreadable import (
    FirstSheetEmpty,
    NoFolder,
    SheetEmpty,
    SheetMissing,
    SourceKindUnknown,
    TooManySheets,
)
from xlsales.tables.remarks import OneSheetRead, SheetNoPart, SheetsLeft, SheetsRead
from xlsales.tables.words.sheet_names import is_no_part
from xlsales.tables.words.units import units_in
from xlsales.vocabulary.contract import CNY

BOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods")
MOST_SHEETS = 500
TEXTS = (".csv", ".txt", ".tsv")


class Source(Struct, frozen=True):
    """The place of a table: a file, a sheet (None: the first), and its name in messages.

    `pasted`: a sheet of a plan, with the first row that a fresh plan offers or what is left of it.
    `currency`: that of the plan, which amounts are in unless they say another.
    """

    path: Path
    sheet: str | None
    label: str
    pasted: bool = False
    currency: str = CNY


def load(source: Source) -> Grid:
    """Load the cells of a table. Raises a fault that says what is wrong with the file."""
    path, ending = source.path, source.path.suffix.lower()
    if is_address(path):
        raise NoFolder(file=path.name)
    look_for(path)
    if ending not in BOOKS + TEXTS:
        raise SourceKindUnknown(path=path.name)
    if ending in TEXTS and not _is_book(path):
        grid = load_text(path)
        if not grid.height or not grid.width:
            raise SheetEmpty(label=source.label)
        return grid
    try:
        book: SourceBook | DisguisedBook = SourceBook(path, source.currency)
    except NotAWorkbook:
        disguised = load_disguised(path)
        if isinstance(disguised, Grid):
            return disguised
        book = disguised
    if source.sheet is None:
        return _first(source, book)
    sheet = _sheet_grid(source.label, _find(source.sheet, book), book)
    if source.pasted:
        grid = without_offered(sheet.grid)
        if not grid.width:
            raise SheetEmpty(label=source.label)
        sheet = replace(sheet, grid=grid, header=header_of(grid.top(HEAD_ROWS)).row)
    return join_sheets([sheet])


def load_beside(source: Source) -> Future[Grid]:
    """Load in a thread: the loader leaves the interpreter free. Faults come with the result."""
    return in_thread(load, source)


def _is_book(path: Path) -> bool:
    """Whether a file with the name of a text is a workbook."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\3\4", b"\xd0\xcf\x11\xe0")


def _find(title: str, book: SourceBook | DisguisedBook) -> ListedSheet:
    """The worksheet of this name, or of one that looks like it. Raises `SheetMissing`."""
    sheets = [sheet for sheet in book.sheets if sheet.cells]
    for sheet in [sheet for sheet in sheets if sheet.title == title] or sheets:
        if identity(sheet.title) == identity(title):
            return sheet
    raise SheetMissing(path=book.name, sheet=title, found=Listed(sheet.title for sheet in sheets))


def _first(source: Source, book: SourceBook | DisguisedBook) -> Grid:
    """The first visible sheet, and with it those of the same headers; notes list the sheets that were not read."""
    visible = [sheet for sheet in book.sheets if sheet.visible and sheet.cells]
    if not visible:
        raise SheetEmpty(label=source.label)
    if len(book.sheets) > MOST_SHEETS:
        raise TooManySheets(label=source.label, count=len(book.sheets), most=MOST_SHEETS)
    if len(book.sheets) == 1:
        return join_sheets([_sheet_grid(source.label, visible[0], book)])
    first, alike = _alike(visible, book)
    label_of = {sheet.title: f"[{source.label}]{sheet.title}" for sheet in visible}
    try:
        grids = [_sheet_grid(label_of[first.title], first, book)]
    except SheetEmpty:
        others = Listed(sheet.title for sheet in book.sheets if sheet is not first)
        raise FirstSheetEmpty(label=source.label, others=others) from None
    unread, no_part = [], []
    for sheet in book.sheets:
        at = alike.get(sheet.title)
        if sheet is first or not sheet.cells:
            continue
        if at is None:
            if any(cell for row in book.top(sheet) for cell in row):
                unread.append(sheet)
        elif is_no_part(sheet.title):
            no_part.append(sheet)
        else:
            label = label_of[sheet.title]
            grids.append(SheetGrid(label, sheet.title, book.grid(sheet, label), at))
    notes = _notes(source.label, [sheet.title for sheet in grids], unread, no_part)
    grid = join_sheets(grids)
    return replace(grid, others=tuple(sheet.title for sheet in (*unread, *no_part)), notes=(*grid.notes, *notes))


def _alike(visible: Sequence[ListedSheet], book: SourceBook | DisguisedBook) -> tuple[ListedSheet, dict[str, int]]:
    """The first sheet to read, and the row of the header in each visible sheet with the same headers."""
    top = {sheet.title: book.top(sheet) for sheet in visible}
    first = visible[0].title
    header = header_of(top[first])
    unit = _units(top[first], header.row)
    at = {sheet.title: header.row_in(top[sheet.title]) for sheet in visible[1:]}
    alike = {title: row for title, row in at.items() if row is not None and _units(top[title], row) == unit}
    alike[first] = header.row
    return next((s for s in visible if s.title in alike and not is_no_part(s.title)), visible[0]), alike


def _units(rows: Sequence[Sequence[str | None]], header: int) -> set[object]:
    """The units that are named above a header; sheets of different units cannot be added up."""
    return {named.unit or named.words for named in units_in(cell for row in rows[:header] for cell in row if cell)}


def _sheet_grid(label: str, sheet: ListedSheet, book: SourceBook | DisguisedBook) -> SheetGrid:
    grid = book.grid(sheet, label)
    return SheetGrid(label, sheet.title, grid, header_of(grid.top(HEAD_ROWS)).row)


def _notes(
    label: str, titles: Sequence[str], unread: Sequence[ListedSheet], no_part: Sequence[ListedSheet]
) -> Iterator[Problem]:
    """Report the sheets that were read and those that were not, if there is a choice."""
    others = Listed(s.title if s.visible else f"{s.title}(隐藏 hidden)" for s in unread)
    facts = {"count": len(titles), "read": Listed(titles), "others": others}
    if len(titles) > 1:
        yield Problem.note(Place(label), "", (SheetsLeft if unread else SheetsRead)(**facts))
    elif unread:
        yield Problem.note(Place(label), "", OneSheetRead(**facts))
    if no_part:
        yield Problem.note(Place(label), "", SheetNoPart(others="、".join(sheet.title for sheet in no_part)))
