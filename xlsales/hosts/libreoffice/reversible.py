"""Changes of an open document that can be undone.

A change that fails leaves nothing of itself, and those before it are undone. Sheets come from files: new ones from what
was rendered, old ones from the copy made before the run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import uno
from msgspec import Struct

from xlsales.book import actions
from xlsales.book.blocks import Block, blocks_of
from xlsales.book.edits import CellEdits, PrintArea, TableReaches
from xlsales.core import a1
from xlsales.hosts.libreoffice.cells import contents_of, format_new_cells, restore, write
from xlsales.hosts.libreoffice.copying import Copying
from xlsales.hosts.libreoffice.references import retarget
from xlsales.hosts.libreoffice.removal import remove_sheet
from xlsales.hosts.libreoffice.styles import bring_page_style, call_by_looks, center_lamps, part_formulas
from xlsales.hosts.libreoffice.values import uno_values
from xlsales.hosts.libreoffice.views import look, show_alike, view
from xlsales.ooxml.book import Book

_EVERYTHING = 1023  # every com.sun.star.sheet.CellFlags


class OpenFiles:
    """Files opened for reading in the same program, each once, until the context is left."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop
        self._open: dict[Path, Any] = {}

    def __enter__(self) -> OpenFiles:
        return self

    def __exit__(self, *error: object) -> None:
        for document in self._open.values():
            document.setModified(False)
            document.close(True)

    def get(self, path: Path) -> Any:
        """Return the open document of a file."""
        if path not in self._open:
            options = uno_values(Hidden=True, ReadOnly=True, MacroExecutionMode=0)
            self._open[path] = self._desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, options)
            call_by_looks(self._open[path])
        return self._open[path]


class Reversible(Protocol):
    """A change of a document that can be undone."""

    def do(self, document: Any, files: OpenFiles) -> None:
        """Do it, wholly or not at all."""

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Undo it."""


class Adding(Struct, frozen=True):
    """A sheet of a file comes in, before another one or behind all others."""

    title: str
    source: Path
    before: str

    def do(self, document: Any, files: OpenFiles) -> None:
        """Import it."""
        sheets = document.Sheets
        position = sheets.getByName(self.before).RangeAddress.Sheet if self.before else sheets.Count
        _import(document, files.get(self.source), self.title, position)

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Remove it."""
        remove_sheet(document, self.title)


class Removing(Struct, frozen=True):
    """A sheet goes away; `source` is a file that has it."""

    title: str
    source: Path
    position: int

    def do(self, document: Any, files: OpenFiles) -> None:
        """Remove it."""
        remove_sheet(document, self.title)

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Import it where it was."""
        _import(document, files.get(self.source), self.title, self.position)


class Replacing(Struct, frozen=True):
    """A sheet of a file takes the place of the sheet of the same title, and all that refers to that one.

    `old` is a file that has the sheet as it is. If `kept` is a title, the old sheet stays under it.
    """

    title: str
    new: Path
    old: Path
    kept: str | None = None

    def do(self, document: Any, files: OpenFiles) -> None:
        """Replace it."""
        aside = self._replace(document, files.get(self.new))
        if self.kept is None:
            remove_sheet(document, aside)
        else:
            document.Sheets.getByName(aside).Name = self.kept

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Put the old one back."""
        sheets = document.Sheets
        if self.kept is None:
            remove_sheet(document, self._replace(document, files.get(self.old)))
            return
        aside = actions.aside(document.Sheets.ElementNames)
        sheets.getByName(self.title).Name = aside
        sheets.getByName(self.kept).Name = self.title
        retarget(document, aside, self.title)
        remove_sheet(document, aside)

    def _replace(self, document: Any, giver: Any) -> str:
        """Bring the new sheet in before the old one; return the title under which the old one is still there."""
        aside = actions.aside(document.Sheets.ElementNames)
        old = document.Sheets.getByName(self.title)
        position = old.RangeAddress.Sheet
        old.Name = aside
        try:
            _import(document, giver, self.title, position)
            retarget(document, aside, self.title)
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is reported
                remove_sheet(document, self.title)
            old.Name = self.title
            raise
        return aside


class Naming(Struct):
    """A name of the document means A1 of a sheet."""

    name: str
    title: str
    before: str | None = None
    existed: bool = False

    def do(self, document: Any, files: OpenFiles) -> None:
        """Set or add the name."""
        names = document.NamedRanges
        self.existed = names.hasByName(self.name)
        content = f"${a1.quoted(self.title)}.$A$1"
        if self.existed:
            self.before = names.getByName(self.name).Content
            names.getByName(self.name).Content = content
        else:
            origin = document.Sheets.getByName(self.title).getCellByPosition(0, 0).CellAddress
            names.addNewByName(self.name, content, origin, 0)

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Give it its old meaning, or drop it."""
        if self.existed:
            document.NamedRanges.getByName(self.name).Content = self.before
        else:
            document.NamedRanges.removeByName(self.name)


class Entering(Struct):
    """A block of values is written into a sheet."""

    title: str
    block: Block
    before: Any = None

    def do(self, document: Any, files: OpenFiles) -> None:
        """Write it. Raises NotKeptByCalc."""
        sheet = document.Sheets.getByName(self.title)
        self.before = contents_of(sheet, self.block)
        write(sheet, self.block, self.before)

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Write what was there."""
        restore(document.Sheets.getByName(self.title), self.block, self.before)


class Retyping(Struct):
    """A cell gets the formula, or the error, that it had in a version of the document; `at` is row and column."""

    title: str
    at: tuple[int, int]
    source: Path
    before: str = ""

    def do(self, document: Any, files: OpenFiles) -> None:
        """Type it."""
        cell = self._cell(document)
        self.before = cell.Formula
        cell.Formula = self._cell(files.get(self.source)).Formula

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Type what was there."""
        self._cell(document).Formula = self.before

    def _cell(self, document: Any) -> Any:
        row, column = self.at
        return document.Sheets.getByName(self.title).getCellByPosition(column - 1, row - 1)


class Formatting(Struct):
    """Blank cells that are to be filled take the format of a neighbour, or one of ours."""

    edits: CellEdits
    areas: list[Any] = []

    def do(self, document: Any, files: OpenFiles) -> None:
        """Copy the neighbour over them, with its value; their own values are written later."""
        sheet = document.Sheets.getByName(self.edits.title)
        self.areas = format_new_cells(sheet, self.edits, partial(_number_format, document))

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Clear them."""
        for area in self.areas:
            area.clearContents(_EVERYTHING)


class Ranging(Struct):
    """A database range, which is what Excel calls a table: it is there, and ends in a row."""

    name: str
    title: str
    columns: int
    first_row: int
    last_row: int
    before: Any = None

    def do(self, document: Any, files: OpenFiles) -> None:
        """Add it, or let it end there."""
        ranges = document.DatabaseRanges
        self.before = ranges.getByName(self.name).DataArea if ranges.hasByName(self.name) else None
        if self.before is not None:
            area = ranges.getByName(self.name).DataArea
            area.EndRow = self.last_row - 1
            ranges.getByName(self.name).DataArea = area
            return
        sheet = document.Sheets.getByName(self.title)
        area = sheet.getCellRangeByPosition(1, self.first_row - 1, self.columns, self.last_row - 1)
        ranges.addNewByName(self.name, area.RangeAddress)
        ranges.getByName(self.name).AutoFilter = True

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Give it its old extent, or remove it."""
        if self.before is None:
            document.DatabaseRanges.removeByName(self.name)
        else:
            document.DatabaseRanges.getByName(self.name).DataArea = self.before


class Paging(Struct, frozen=True):
    """Only an area of a sheet prints, of which all printed before."""

    title: str
    area: str

    def do(self, document: Any, files: OpenFiles) -> None:
        """Set it."""
        sheet = document.Sheets.getByName(self.title)
        sheet.setPrintAreas((sheet.getCellRangeByName(self.area).RangeAddress,))

    def undo(self, document: Any, files: OpenFiles) -> None:
        """Let all of it print."""
        document.Sheets.getByName(self.title).setPrintAreas(())


def _number_format(document: Any, code: str) -> int:
    """Return the key of a number format, which is added if the document does not have it."""
    local = uno.createUnoStruct("com.sun.star.lang.Locale", Language="en", Country="US", Variant="")
    formats = document.NumberFormats
    key = formats.queryKey(code, local, False)
    return int(key if key >= 0 else formats.addNew(code, local))


def reversibles_of(plan: Iterable[actions.Action], document: Any, now: Path) -> Iterator[Reversible]:
    """Yield what carries out actions in a document; `now` is a file with its sheets as they are."""
    titles = list(document.Sheets.ElementNames)
    for action in plan:
        match action:
            case actions.AddSheet(title, source, table, before):
                yield Adding(title, source, before)
                if table is not None:
                    area = Book.open(source).tables[table].area
                    yield Ranging(table, title, area.last_column - 1, area.row, area.last_row)
            case actions.ReplaceSheet(title, source, kept):
                yield Replacing(title, source, now, kept)
            case actions.RemoveSheet(title):
                yield Removing(title, now, titles.index(title))
                titles.remove(title)
            case actions.NameSheet(name, title):
                yield Naming(name, title)
            case actions.EnterCells(edits):
                cells = edits.with_totals().one_by_one()
                if cells.formulas:
                    yield Copying(cells.title, cells.formulas)
                if cells.like or cells.looks:
                    yield Formatting(cells)
                yield from (Entering(cells.title, block) for block in blocks_of(cells))
            case actions.TypeAsItWas(title, at, source):
                yield Retyping(title, at, source)
            case actions.TotalsAside():
                pass  # they are among the cells
            case TableReaches(name, last_row):
                yield Ranging(name, "", 0, 0, last_row)
            case PrintArea(title, area):
                yield Paging(title, area)


def do_all(work: Sequence[Reversible], document: Any, desktop: Any) -> None:
    """Do everything or nothing: if one change fails, those before it are undone and the error goes on."""
    past: list[Reversible] = []
    with OpenFiles(desktop) as files, quietly(document):
        try:
            for change in work:
                change.do(document, files)
                past.append(change)
        except BaseException:
            for change in reversed(past):
                with contextlib.suppress(Exception):  # the first error is reported; undo as much as can be
                    change.undo(document, files)
            raise


def undo_all(work: Sequence[Reversible], document: Any, desktop: Any) -> None:
    """Undo everything, the last change first."""
    with OpenFiles(desktop) as files, quietly(document):
        for change in reversed(work):
            change.undo(document, files)


@contextlib.contextmanager
def quietly(document: Any) -> Iterator[None]:
    """Let nothing flicker; afterwards show the person what they saw before."""
    controller = document.CurrentController
    before = view(controller)
    document.lockControllers()
    try:
        yield
    finally:
        document.unlockControllers()
        if before is not None:
            look(document, controller, *before)


def _import(document: Any, giver: Any, title: str, position: int) -> None:
    """Copy a sheet in; drop its own names if they would hide those of the document."""
    document.Sheets.importSheet(giver, title, position)
    center_lamps(document)
    bring_page_style(document, giver, title)
    part_formulas(document, giver, title)
    show_alike(document, giver, title)
    names = document.Sheets.getByName(title).NamedRanges
    for name in names.ElementNames:
        if actions.names_a_sheet(name):
            names.removeByName(name)
