"""What a run does in an open document, step by step, each with its way back.

A step that fails leaves nothing of itself; those before it are taken back. Sheets come from files: the new ones
from what was rendered, the old ones from the copy made before the run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import uno

from xlsales.book import actions
from xlsales.book.blocks import Block, blocks_of
from xlsales.book.edits import CellEdits, TableGrows
from xlsales.core import a1
from xlsales.hosts.libreoffice.cells import format_new_cells, restore, standing, write
from xlsales.hosts.libreoffice.references import retarget
from xlsales.hosts.libreoffice.styles import bring_page_style, call_by_looks, center_lamps, part_formulas
from xlsales.hosts.libreoffice.views import look, show_alike, view
from xlsales.ooxml.book import Book

_EVERYTHING = 1023  # every com.sun.star.sheet.CellFlags


class Givers:
    """Files opened for reading in the same program, each once, until the context is left."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop
        self._open: dict[Path, Any] = {}

    def __enter__(self) -> Givers:
        return self

    def __exit__(self, *error: object) -> None:
        for document in self._open.values():
            document.setModified(False)
            document.close(True)

    def get(self, path: Path) -> Any:
        """Return the open document of a file."""
        if path not in self._open:
            wanted = uno_values(Hidden=True, ReadOnly=True, MacroExecutionMode=0)
            self._open[path] = self._desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, wanted)
            call_by_looks(self._open[path])
        return self._open[path]


class Step(Protocol):
    """A step that can be taken, and taken back."""

    def do(self, document: Any, givers: Givers) -> None:
        """Take it, wholly or not at all."""

    def undo(self, document: Any, givers: Givers) -> None:
        """Take it back."""


@dataclass(frozen=True)
class AddSheet:
    """A sheet of a file comes in behind all others."""

    title: str
    source: Path

    def do(self, document: Any, givers: Givers) -> None:
        """Import it."""
        _import(document, givers.get(self.source), self.title, document.Sheets.Count)

    def undo(self, document: Any, givers: Givers) -> None:
        """Remove it."""
        document.Sheets.removeByName(self.title)


@dataclass(frozen=True)
class RemoveSheet:
    """A sheet goes away; `source` is a file that has it."""

    title: str
    source: Path
    position: int

    def do(self, document: Any, givers: Givers) -> None:
        """Remove it."""
        document.Sheets.removeByName(self.title)

    def undo(self, document: Any, givers: Givers) -> None:
        """Import it where it was."""
        _import(document, givers.get(self.source), self.title, self.position)


@dataclass(frozen=True)
class ReplaceSheet:
    """A sheet of a file takes the place of the sheet of the same title, and all that refers to that one.

    `old` is a file that has the sheet as it is. If `kept` is a title, the old sheet stays under it.
    """

    title: str
    new: Path
    old: Path
    kept: str | None = None

    def do(self, document: Any, givers: Givers) -> None:
        """Replace it."""
        aside = self._replace(document, givers.get(self.new))
        if self.kept is None:
            document.Sheets.removeByName(aside)
        else:
            document.Sheets.getByName(aside).Name = self.kept

    def undo(self, document: Any, givers: Givers) -> None:
        """Put the old one back."""
        sheets = document.Sheets
        if self.kept is None:
            sheets.removeByName(self._replace(document, givers.get(self.old)))
            return
        aside = actions.aside(document.Sheets.ElementNames)
        sheets.getByName(self.title).Name = aside
        sheets.getByName(self.kept).Name = self.title
        retarget(document, aside, self.title)
        sheets.removeByName(aside)

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
            with contextlib.suppress(Exception):  # the first error is the one to tell
                document.Sheets.removeByName(self.title)
            old.Name = self.title
            raise
        return aside


@dataclass
class NameSheet:
    """A name of the document means A1 of a sheet."""

    name: str
    title: str
    before: str | None = field(default=None, init=False)
    there: bool = field(default=False, init=False)

    def do(self, document: Any, givers: Givers) -> None:
        """Set or add the name."""
        names = document.NamedRanges
        self.there = names.hasByName(self.name)
        meant = f"${a1.quoted(self.title)}.$A$1"
        if self.there:
            self.before = names.getByName(self.name).Content
            names.getByName(self.name).Content = meant
        else:
            origin = document.Sheets.getByName(self.title).getCellByPosition(0, 0).CellAddress
            names.addNewByName(self.name, meant, origin, 0)

    def undo(self, document: Any, givers: Givers) -> None:
        """Let it mean what it meant, or drop it."""
        if self.there:
            document.NamedRanges.getByName(self.name).Content = self.before
        else:
            document.NamedRanges.removeByName(self.name)


@dataclass
class Enter:
    """A block of values is written into a sheet."""

    title: str
    block: Block
    before: Any = field(default=None, init=False)

    def do(self, document: Any, givers: Givers) -> None:
        """Write it. Raises NotTaken."""
        sheet = document.Sheets.getByName(self.title)
        self.before = standing(sheet, self.block)
        write(sheet, self.block, self.before)

    def undo(self, document: Any, givers: Givers) -> None:
        """Write what was there."""
        restore(document.Sheets.getByName(self.title), self.block, self.before)


@dataclass
class TypeAsItWas:
    """A cell gets the formula, or the error, that it had in a version of the document; `at` is row and column."""

    title: str
    at: tuple[int, int]
    source: Path
    before: str = field(default="", init=False)

    def do(self, document: Any, givers: Givers) -> None:
        """Type it."""
        cell = self._cell(document)
        self.before = cell.Formula
        cell.Formula = self._cell(givers.get(self.source)).Formula

    def undo(self, document: Any, givers: Givers) -> None:
        """Type what was there."""
        self._cell(document).Formula = self.before

    def _cell(self, document: Any) -> Any:
        row, column = self.at
        return document.Sheets.getByName(self.title).getCellByPosition(column - 1, row - 1)


@dataclass
class Format:
    """Blank cells that are to be filled take the format of a neighbour, or one of ours."""

    edits: CellEdits
    done: list[Any] = field(default_factory=list, init=False)

    def do(self, document: Any, givers: Givers) -> None:
        """Copy the neighbour over them, with its value: values are written afterwards."""
        sheet = document.Sheets.getByName(self.edits.title)
        self.done = format_new_cells(sheet, self.edits, partial(_number_format, document))

    def undo(self, document: Any, givers: Givers) -> None:
        """Clear them."""
        for area in self.done:
            area.clearContents(_EVERYTHING)


@dataclass
class Table:
    """A table of the document is there, and reaches down to a row: what Excel calls a table is a database range."""

    name: str
    title: str
    columns: int
    first_row: int
    last_row: int
    before: Any = field(default=None, init=False)

    def do(self, document: Any, givers: Givers) -> None:
        """Add it, or let it reach down."""
        ranges = document.DatabaseRanges
        self.before = ranges.getByName(self.name).DataArea if ranges.hasByName(self.name) else None
        if self.before is not None:
            wider = ranges.getByName(self.name).DataArea
            wider.EndRow = max(wider.EndRow, self.last_row - 1)
            ranges.getByName(self.name).DataArea = wider
            return
        sheet = document.Sheets.getByName(self.title)
        area = sheet.getCellRangeByPosition(1, self.first_row - 1, self.columns, self.last_row - 1)
        ranges.addNewByName(self.name, area.RangeAddress)
        ranges.getByName(self.name).AutoFilter = True

    def undo(self, document: Any, givers: Givers) -> None:
        """Let it be as it was, or take it away."""
        if self.before is None:
            document.DatabaseRanges.removeByName(self.name)
        else:
            document.DatabaseRanges.getByName(self.name).DataArea = self.before


def _number_format(document: Any, code: str) -> int:
    """Return the key of a number format, which is added if the document does not have it."""
    local = uno.createUnoStruct("com.sun.star.lang.Locale", Language="en", Country="US", Variant="")
    formats = document.NumberFormats
    key = formats.queryKey(code, local, False)
    return int(key if key >= 0 else formats.addNew(code, local))


def steps_of(wanted: Iterable[actions.Action], document: Any, now: Path) -> Iterator[Step]:
    """Yield the steps that carry out actions in a document; `now` is a file with its sheets as they are."""
    titles = list(document.Sheets.ElementNames)
    for action in wanted:
        match action:
            case actions.AddSheet(title, source, table):
                yield AddSheet(title, source)
                if table is not None:
                    area = Book.open(source).tables[table].area
                    yield Table(table, title, area.last_column - 1, area.row, area.last_row)
            case actions.ReplaceSheet(title, source, kept):
                yield ReplaceSheet(title, source, now, kept)
            case actions.RemoveSheet(title):
                yield RemoveSheet(title, now, titles.index(title))
                titles.remove(title)
            case actions.NameSheet(name, title):
                yield NameSheet(name, title)
            case actions.EnterCells(edits):
                cells = edits.one_by_one()
                if cells.like or cells.looks:
                    yield Format(cells)
                yield from (Enter(cells.title, block) for block in blocks_of(cells))
            case actions.TypeAsItWas(title, at, source):
                yield TypeAsItWas(title, at, source)
            case TableGrows(name, last_row):
                yield Table(name, "", 0, 0, last_row)


def take(steps: Sequence[Step], document: Any, desktop: Any) -> None:
    """Take all steps or none: if one fails, those before it are taken back and the error goes on."""
    done: list[Step] = []
    with Givers(desktop) as givers, quietly(document):
        try:
            for step in steps:
                step.do(document, givers)
                done.append(step)
        except BaseException:
            for step in reversed(done):
                with contextlib.suppress(Exception):  # the first error is the one to tell; go back as far as can be
                    step.undo(document, givers)
            raise


def take_back(steps: Sequence[Step], document: Any, desktop: Any) -> None:
    """Take all steps back, the last one first."""
    with Givers(desktop) as givers, quietly(document):
        for step in reversed(steps):
            step.undo(document, givers)


@contextlib.contextmanager
def quietly(document: Any) -> Iterator[None]:
    """No flicker; afterwards the person is where they were."""
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
    """Copy a sheet in; names it brings that would hide those of the document are dropped."""
    document.Sheets.importSheet(giver, title, position)
    center_lamps(document)
    bring_page_style(document, giver, title)
    part_formulas(document, giver, title)
    show_alike(document, giver, title)
    names = document.Sheets.getByName(title).NamedRanges
    for name in names.ElementNames:
        if actions.names_a_sheet(name):
            names.removeByName(name)


def uno_values(**given: object) -> tuple[Any, ...]:
    """Return UNO's property values."""
    make = uno.getClass("com.sun.star.beans.PropertyValue")
    found = []
    for name, value in given.items():
        one = make()
        one.Name, one.Value = name, value
        found.append(one)
    return tuple(found)
