"""A table as people keep it: any workbook or text file in, its cells out, each with its true place.

A column stays numbers or dates only where each of its cells below the head is
one; a column of any mixture is text, which keeps what is there, and the
readers of amounts and dates say what it means. The loader would take `TRUE`
for 1 in a column of numbers, so a sheet with such cells is loaded as text.

A file without a named sheet is read from the first sheet that a person
sees, and with it every other visible sheet of the same headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from xlsales.core.faults import Listed, Place, Problem
from xlsales.ooxml.checks import NotAWorkbook
from xlsales.ooxml.files import FileMissing, is_address
from xlsales.tables.files.books import Page, Pages, beside
from xlsales.tables.files.disguised import DisguisedPages, load_disguised
from xlsales.tables.files.grids import HEAD_ROWS as HEAD_ROWS
from xlsales.tables.files.grids import Grid as Grid
from xlsales.tables.files.grids import text_of as text_of
from xlsales.tables.files.joining import Taken, header_of, joined
from xlsales.tables.files.texts import decode as decode
from xlsales.tables.files.texts import load_text
from xlsales.tables.files.unreadable import FirstSheetEmpty as FirstSheetEmpty
from xlsales.tables.files.unreadable import NoFolder as NoFolder
from xlsales.tables.files.unreadable import NotReallyABook as NotReallyABook
from xlsales.tables.files.unreadable import SheetEmpty as SheetEmpty
from xlsales.tables.files.unreadable import SheetMissing as SheetMissing
from xlsales.tables.files.unreadable import SourceKindUnknown as SourceKindUnknown
from xlsales.tables.files.unreadable import SourceUnreadable as SourceUnreadable
from xlsales.tables.files.unreadable import TooManySheets
from xlsales.tables.remarks import OneSheetRead, SheetNoPart, SheetsLeft, SheetsRead
from xlsales.tables.words.sheet_names import is_no_part
from xlsales.tables.words.units import in_titles

BOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods")
MOST_SHEETS = 500
TEXTS = (".csv", ".txt", ".tsv")


@dataclass(frozen=True)
class Source:
    """Where a table is kept: a file, a sheet (None: the first), and what people call it in messages."""

    path: Path
    sheet: str | None
    label: str


def load(source: Source) -> Grid:
    """Load the cells of a table. Raises a fault that says what is wrong with the file."""
    path, ending = source.path, source.path.suffix.lower()
    if ending not in BOOKS + TEXTS:
        raise SourceKindUnknown(path=path.name)
    if is_address(path):
        raise NoFolder(file=path.name)
    if not path.is_file():
        raise FileMissing(file=path)
    if ending in TEXTS and not _is_book(path):
        grid = load_text(path)
        if not grid.height or not grid.width:
            raise SheetEmpty(label=source.label)
        return grid
    try:
        pages: Pages | DisguisedPages = Pages(path)
    except NotAWorkbook:
        disguised = load_disguised(path)
        if isinstance(disguised, Grid):
            return disguised
        pages = disguised
    if source.sheet is None:
        return _first(source, pages)
    return joined([_taken(source.label, pages.find(source.sheet), pages)])


def load_beside(source: Source) -> Future[Grid]:
    """Start loading while the caller goes on: the loader leaves the interpreter free. Faults come with the result."""
    return beside(load, source)


def _is_book(path: Path) -> bool:
    """Whether a file that is named a text is a workbook."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\3\4", b"\xd0\xcf\x11\xe0")


def _first(source: Source, pages: Pages | DisguisedPages) -> Grid:
    """The first sheet that a person sees, and with it those of the same headers; what was not read is told."""
    seen = [page for page in pages.pages if page.visible and page.cells]
    if not seen:
        raise SheetEmpty(label=source.label)
    if len(pages.pages) > MOST_SHEETS:
        raise TooManySheets(label=source.label, count=len(pages.pages), most=MOST_SHEETS)
    if len(pages.pages) == 1:
        return joined([_taken(source.label, seen[0], pages)])
    first, alike = _alike(seen, pages)
    named = {page.title: f"[{source.label}]{page.title}" for page in seen}
    try:
        found = [_taken(named[first.title], first, pages)]
    except SheetEmpty:
        others = Listed(page.title for page in pages.pages if page is not first)
        raise FirstSheetEmpty(label=source.label, others=others) from None
    left, no_part = [], []
    for page in pages.pages:
        at = alike.get(page.title)
        if page is first or not page.cells:
            continue
        if at is None:
            if any(cell for row in pages.top(page) for cell in row):
                left.append(page)
        elif is_no_part(page.title):
            no_part.append(page)
        else:
            found.append(Taken(named[page.title], page.title, pages.grid(page, named[page.title]), at))
    notes = [*_told(source.label, [sheet.title for sheet in found], left), *_no_part(source.label, no_part)]
    grid = joined(found)
    return replace(grid, others=tuple(page.title for page in (*left, *no_part)), notes=(*grid.notes, *notes))


def _alike(seen: Sequence[Page], pages: Pages | DisguisedPages) -> tuple[Page, dict[str, int]]:
    """The first sheet to be read, and the header's row in each sheet of its headers that a person sees."""
    top = {page.title: pages.top(page) for page in seen}
    header = header_of(top[seen[0].title])
    unit = _units(top[seen[0].title], header.row)
    at = {page.title: header.found_in(top[page.title]) for page in seen[1:]}
    alike = {title: row for title, row in at.items() if row is not None and _units(top[title], row) == unit}
    alike[seen[0].title] = header.row
    first = next((page for page in seen if page.title in alike and not is_no_part(page.title)), seen[0])
    return first, alike


def _units(rows: Sequence[Sequence[str | None]], header: int) -> set[object]:
    """The units named above a header; sheets of several units cannot be added up."""
    return {named.unit or named.words for named in in_titles(cell for row in rows[:header] for cell in row if cell)}


def _no_part(label: str, pages: Sequence[Page]) -> Iterator[Problem]:
    if pages:
        titles = "、".join(page.title for page in pages)
        yield Problem.note(Place(label), "", SheetNoPart(others=titles))


def _taken(label: str, page: Page, pages: Pages | DisguisedPages) -> Taken:
    grid = pages.grid(page, label)
    return Taken(label, page.title, grid, header_of(grid.top(HEAD_ROWS)).row)


def _told(label: str, read: Sequence[str], left: Sequence[Page]) -> Iterator[Problem]:
    """Tell which sheets were read and which were not, where there is a choice."""
    facts = {"count": len(read), "read": Listed(read), "others": Listed(map(_named, left))}
    if len(read) > 1:
        yield Problem.note(Place(label), "", (SheetsLeft if left else SheetsRead)(**facts))
    elif left:
        yield Problem.note(Place(label), "", OneSheetRead(**facts))


def _named(page: Page) -> str:
    return page.title if page.visible else f"{page.title}(隐藏 hidden)"
