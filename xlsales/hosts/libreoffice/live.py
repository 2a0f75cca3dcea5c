"""The document that is open in Calc, as one that commands read and write.

It is read from a copy stored beside as .xlsx, whatever its own format, so that
what is typed but not saved counts. What a run changes is worked out on that
copy, as for a file, and then carried out in the open document, wholly or not
at all. A run empties the program's own undo list, as macros do in Excel, and
then stands in it as one action (`undoing`).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import uno

from xlsales.book.blocks import blocks_of
from xlsales.book.edits import CellEdits, Edits, StructureProtected
from xlsales.book.publish import publish
from xlsales.book.restoring import Restoration
from xlsales.book.snapshots import Snapshot, Snapshots
from xlsales.commands.document import go_back_live
from xlsales.commands.telling import NotSavedYet
from xlsales.commands.verbs import say, verb_of
from xlsales.core.faults import Lang, Place, Problem, Refused
from xlsales.hosts.libreoffice.steps import (
    AddSheet,
    Enter,
    Format,
    NameSheet,
    RemoveSheet,
    ReplaceSheet,
    Step,
    Table,
    TypeAsItWas,
    take,
    uno_values,
)
from xlsales.hosts.libreoffice.undoing import CarriedOut, Window, carry_out, forgetting
from xlsales.ooxml.book import Book

_AS_XLSX = "Calc MS Excel 2007 XML"


class LiveCalc:
    """The document of a window of Calc."""

    def __init__(self, window: Window, snapshots: Snapshots) -> None:
        document = window.document
        if not document.hasLocation():
            raise NotSavedYet(book=document.Title)
        self._window, self._document, self._snapshots = window, document, snapshots
        self._folder = tempfile.TemporaryDirectory(prefix="xlsales-")
        self._content = Path(self._folder.name) / f"{self.home.stem}.xlsx"
        document.storeToURL(self._content.as_uri(), uno_values(FilterName=_AS_XLSX))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing: the copies go when neither a run nor Calc's undo list needs them."""

    @property
    def content(self) -> Path:
        """The copy that Calc stored."""
        return self._content

    @property
    def home(self) -> Path:
        """Where the document is kept: a path, or an address."""
        address = str(self._document.URL)
        return Path(uno.fileUrlToSystemPath(address)) if address.startswith("file:") else Path(address)

    @property
    def target(self) -> Path:
        """The open document."""
        return Path(self.home.name)

    def check(self, sources: Sequence[Path]) -> None:
        """Nothing stands against writing into an open document."""

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out edits in the open document, wholly or not at all; the versions before and after are kept."""
        from xlsales.layout.input_sheets import render_input_sheet
        from xlsales.layout.render import render

        publish(book, edits, lang)
        after = Path(self._folder.name) / "after.xlsx"
        book.package.save(after)
        if edits.added or edits.replaced:
            self._refuse_locked_structure()
        steps: list[Step] = []
        for added in edits.inputs:
            scratch = Path(self._folder.name) / f"{added.table.name}.xlsx"
            scratch.write_bytes(render_input_sheet(added.title, added.table, added.rows, lang))
            table = Book.open(scratch).tables[added.table.name].area
            steps.append(AddSheet(added.title, scratch))
            steps.append(Table(added.table.name, added.title, table.last_column - 1, table.row, table.last_row))
        if edits.sheets:
            scratch = Path(self._folder.name) / "sheets.xlsx"
            scratch.write_bytes(
                render([edit.model for edit in edits.sheets], lang, named=False, date1904=book.date1904)
            )
            for edit in edits.sheets:
                title = edit.model.title
                steps.append(
                    ReplaceSheet(title, scratch, self._content, edit.kept)
                    if edit.replaces
                    else AddSheet(title, scratch)
                )
                steps.append(NameSheet(edit.model.name, title))
        steps += _entering(edits.cells)
        steps += [Table(grows.name, "", 0, 0, grows.last_row) for grows in edits.tables]
        moment = when.isoformat(" ")

        def keep() -> None:
            self._snapshots.keep(self.home, self._content, after, command, moment, edits)

        def forget() -> None:
            self._snapshots.forget_live(self.home, moment)

        title = say(verb_of(command).logged, lang)
        carry_out(self._window, CarriedOut(title, tuple(steps), self._folder, keep, forget))

    def go_back(self) -> Snapshot:
        """Take back the last run in the open workbook."""
        return go_back_live(self, self._snapshots)

    def restore(self, restoration: Restoration, before: Path) -> None:
        """Carry out a restoration; `before` is the kept version that sheets are taken from."""
        if restoration.sheets or restoration.removed:
            self._refuse_locked_structure()
        steps: list[Step] = []
        for title, name in restoration.sheets:
            steps += [ReplaceSheet(title, before, self._content), NameSheet(name, title)]
        steps += _entering(restoration.cells)
        steps += [TypeAsItWas(title, at, before) for title, at in restoration.formulas]
        titles = list(self._document.Sheets.ElementNames)
        for title in restoration.removed:
            steps.append(RemoveSheet(title, self._content, titles.index(title)))
            titles.remove(title)
        with forgetting(self._document):
            take(steps, self._document, self._window.desktop)

    def _refuse_locked_structure(self) -> None:
        if self._document.isProtected():
            raise Refused([Problem(Place(self.home.name), "", StructureProtected())])


def _entering(edits: Sequence[CellEdits]) -> list[Step]:
    steps: list[Step] = []
    for cells in map(CellEdits.one_by_one, edits):
        if cells.like or cells.looks:
            steps.append(Format(cells))
        steps += [Enter(cells.title, block) for block in blocks_of(cells)]
    return steps
