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
from pathlib import Path
from types import TracebackType
from typing import Any, Self

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


class LiveCalc:
    """A document open in Calc; `asks` shows a question and returns whether it is answered with yes."""

    def __init__(self, document: Any, desktop: Any, snapshots: Snapshots, asks: Callable[[str], bool]) -> None:
        if not document.hasLocation():
            raise NotSavedYet(book=document.Title)
        self._document, self._desktop, self._snapshots, self._asks = document, desktop, snapshots, asks
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
        return self._asks(question(titles, language_of(self._document)))

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
            scratch.write_bytes(render([edit.model for edit in edits.sheets], lang, named=False))
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
        titles = list(self._document.Sheets.ElementNames)
        for title in restoration.removed:
            steps.append(RemoveSheet(title, self._content, titles.index(title)))
            titles.remove(title)
        self._carry_out(_Action(_UNDONE[language_of(self._document)], self, steps))

    def _carry_out(self, action: _Action) -> None:
        """Carry out a run as the last action of the document's undo list.

        Calc would note every single change, were it not that nothing is noted while an action is redone. So the
        action is put in undone, and redone. An action that fails has left nothing, and is taken out again.
        """
        manager = self._document.UndoManager
        manager.addUndoAction(action)
        manager.undo()
        manager.redo()
        if action.failure is not None:
            manager.undo()
            manager.clearRedo()
            raise action.failure

    def take(self, steps: Sequence[Step]) -> None:
        """Take the steps of a run, all or none."""
        take(steps, self._document, self._desktop)

    def take_back(self, steps: Sequence[Step]) -> None:
        """Take the steps of a run back."""
        take_back(steps, self._document, self._desktop)

    def forget(self, when: str) -> None:
        """Let 撤销上次 take back the run before this one, which Calc has undone."""
        with contextlib.suppress(NothingToUndo, RanOnFile):
            last, _, _ = self._snapshots.last_live(self.home)
            if last.when == when:
                self._snapshots.forget_last(self.home)


class _Action(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """A run in the document's undo list; it holds the files that its steps need.

    It may not raise: Calc would throw its whole list away. What went wrong is kept in `failure`.
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
        self.failure: BaseException | None = None
        self._live, self._steps, self._when, self._kept = live, steps, when, kept
        self._done = False

    def redo(self) -> None:
        """Carry the run out, and let 撤销上次 know of it; or else leave everything as it was."""
        self.failure = None
        try:
            self._live.take(self._steps)
            try:
                self._kept()
            except BaseException:
                self._live.take_back(self._steps)
                raise
            self._done = True
        except BaseException as error:  # to be raised by who asked for the run
            self.failure = error

    def undo(self) -> None:
        """Take the run back."""
        if not self._done:
            return
        self._done = False
        try:
            self._live.take_back(self._steps)
            if self._when is not None:
                self._live.forget(self._when)
        except BaseException as error:
            self.failure = error


def _entering(edits: Sequence[CellEdits]) -> list[Step]:
    steps: list[Step] = []
    for cells in edits:
        if cells.like or cells.looks:
            steps.append(Format(cells))
        steps += [Enter(cells.title, block) for block in blocks_of(cells)]
    return steps
