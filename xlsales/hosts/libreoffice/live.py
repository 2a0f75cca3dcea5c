"""The document that is open in Calc, as one that commands read and write.

It is read from a copy stored beside as .xlsx, whatever its own format, so that
what is typed but not saved counts. What a run changes is worked out on that
copy, as for a file, and then carried out in the open document, wholly or not
at all; it stands in the document's undo list as one action.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import uno
import unohelper
from com.sun.star.document import XUndoAction

from xlsales.commands.finish import VERBS
from xlsales.commands.telling import NotSavedYet, question
from xlsales.core.faults import Lang
from xlsales.hosts.libreoffice.language import language_of
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
    take_back,
    uno_values,
)
from xlsales.workbook.blocks import blocks_of
from xlsales.workbook.contract import Word
from xlsales.workbook.edits import CellEdits, Edits
from xlsales.workbook.file.book import Book
from xlsales.workbook.publish import publish, render_input_sheet
from xlsales.workbook.restoring import Restoration
from xlsales.workbook.snapshots import NothingToUndo, RanOnFile, Snapshots

_AS_XLSX = "Calc MS Excel 2007 XML"
_UNDONE = Word("撤销上次", "Undo last")


class Window(Protocol):
    """The window that shows a document."""

    document: Any
    desktop: Any

    def asks(self, text: str) -> bool:
        """Show a question; whether the answer is yes."""

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc is idle, and tell what goes wrong."""


class LiveCalc:
    """A document open in Calc."""

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
        """Nothing: the copies go when neither a run nor the undo list needs them."""

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

    def agrees(self, titles: Sequence[str]) -> bool:
        """Ask whether sheets may be written anew that carry what a person changed or added."""
        return self._window.asks(question(titles, language_of(self._document)))

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out edits in the open document, wholly or not at all; the versions before and after are kept."""
        from xlsales.workbook.layout.render import render

        publish(book, edits, lang)
        after = Path(self._folder.name) / "after.xlsx"
        book.package.save(after)
        steps: list[Step] = []
        for added in edits.inputs:
            scratch = Path(self._folder.name) / f"{added.table.name}.xlsx"
            scratch.write_bytes(render_input_sheet(added, lang))
            table = Book.open(scratch).tables[added.table.name].area
            steps.append(AddSheet(added.title, scratch))
            steps.append(Table(added.table.name, added.title, table.last_column - 1, table.row, table.last_row))
        if edits.sheets:
            scratch = Path(self._folder.name) / "sheets.xlsx"
            models = [edit.model for edit in edits.sheets]
            scratch.write_bytes(render(models, lang, named=False, date1904=book.date1904))
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

        def kept() -> None:
            self._snapshots.keep(self.home, self._content, after, command, moment, edits)

        self._carry_out(_Action(VERBS[command][lang], self, steps, moment, kept))

    def restore(self, restoration: Restoration, before: Path) -> None:
        """Carry out a restoration; `before` is the kept version that sheets are taken from."""
        steps: list[Step] = []
        version = Path(self._folder.name) / "before.xlsx"
        version.write_bytes(before.read_bytes())  # the kept version goes, the undo list stays
        for title, name in restoration.sheets:
            steps += [ReplaceSheet(title, version, self._content), NameSheet(name, title)]
        steps += _entering(restoration.cells)
        steps += [TypeAsItWas(title, at, version) for title, at in restoration.formulas]
        titles = list(self._document.Sheets.ElementNames)
        for title in restoration.removed:
            steps.append(RemoveSheet(title, self._content, titles.index(title)))
            titles.remove(title)
        self._carry_out(_Action(_UNDONE[language_of(self._document)], self, steps))

    def _carry_out(self, action: _Action) -> None:
        """Carry out a run, and put it into the document's undo list."""
        self._take(action)
        self._window.document.UndoManager.addUndoAction(action)
        action.armed = True

    def undone(self, action: _Action) -> None:
        """Take a run back that was undone in Calc's list, and let it be redone there."""
        take_back(action.steps, self._window.document, self._window.desktop)
        if action.when is not None:
            self._forget(action.when)
        manager = self._window.document.UndoManager
        manager.addUndoAction(action)
        manager.undo()  # not armed: it only moves to what can be redone
        action.armed = True

    def redone(self, action: _Action) -> None:
        """Carry a run out again that was redone in Calc's list."""
        self._carry_out(action)

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc has done with its undo list, and tell what goes wrong."""
        self._window.later(act)

    def _take(self, action: _Action) -> None:
        take(action.steps, self._window.document, self._window.desktop)
        try:
            action.kept()
        except BaseException:
            take_back(action.steps, self._window.document, self._window.desktop)
            raise

    def _forget(self, when: str) -> None:
        """Let 撤销上次 take back the run before this one."""
        with contextlib.suppress(NothingToUndo, RanOnFile):
            last, _, _ = self._snapshots.last_live(self.home)
            if last.when == when:
                self._snapshots.forget_last(self.home)


class _Action(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """A run in the document's undo list; it holds the files that its steps need.

    Calc must not be written to while it works on that list: what would be noted then destroys the list. So the run
    is taken back right afterwards. `armed` is whether undo and redo mean anything.
    """

    def __init__(
        self,
        title: str,
        live: LiveCalc,
        steps: Sequence[Step],
        when: str | None = None,
        kept: Callable[[], None] = lambda: None,
    ) -> None:
        self.Title = title
        self.live, self.steps, self.when, self.kept = live, steps, when, kept
        self.armed = False

    def undo(self) -> None:
        """Take the run back, a moment later."""
        if self.armed:
            self.armed = False
            self.live.later(partial(self.live.undone, self))

    def redo(self) -> None:
        """Carry the run out again, a moment later."""
        if self.armed:
            self.armed = False
            self.live.later(partial(self.live.redone, self))


def _entering(edits: Sequence[CellEdits]) -> list[Step]:
    steps: list[Step] = []
    for cells in edits:
        if cells.like or cells.looks:
            steps.append(Format(cells))
        steps += [Enter(cells.title, block) for block in blocks_of(cells)]
    return steps
