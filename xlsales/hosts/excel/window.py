"""The Excel that calls: its workbook in front, its messages, questions and dialogs.

During a run Excel takes no clicks: the loader turns `Interactive` off. A dialog needs clicks, so `Interactive` is on
while one is shown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlsales.book.snapshots import Snapshots
from xlsales.commands.job import Watch
from xlsales.commands.telling import TITLE, working
from xlsales.core import a1
from xlsales.core.faults import Fault, Lang
from xlsales.functions.language import own_language
from xlsales.hosts.excel.engine import application, report_busy, workbook, xw
from xlsales.hosts.excel.language import language_of
from xlsales.hosts.excel.live import LiveWorkbook
from xlsales.ooxml.files import is_address
from xlsales.vocabulary.contract import Word

_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_TEXT = 2  # the type of what Application.InputBox returns
_PLAN_FILES = "Excel (*.xlsx), *.xlsx"


class InTheCloud(Fault):
    """A dialog gave an address: Excel does so for OneDrive and SharePoint (MicrosoftDocs/VBA-Docs #47)."""

    zh = (
        "{place} 在云端,不是本机的文件夹,这里读写不了。请再点一次,选“此电脑”里不在 OneDrive 下的文件夹(如 D:\\数据);"
        "没有任何改动。"
    )
    en = (
        "{place} is on a cloud drive, not a folder of this computer, and cannot be read or written from here. Press "
        "again and choose a folder of This PC outside OneDrive (such as D:\\data); nothing was changed."
    )


class ExcelWindow:
    """Excel and its active workbook, as VBA hands them over.

    They are read once: a formula that is computed during a run may change what xlwings calls the caller.
    """

    def __init__(self, excel: Any, book: Any) -> None:
        self.log = "excel.log"
        self.app = application(excel)
        self.active = workbook(book) if book is not None else None
        self.lang: Lang = language_of(self.active) if self.active is not None else own_language()

    @property
    def book(self) -> xw.Book:
        """The workbook in front; without one the loader calls no macro that needs it."""
        assert self.active is not None
        return self.active

    def faults(self) -> contextlib.AbstractContextManager[None]:
        """Report an Excel that stays busy."""
        return report_busy()

    def warn(self, text: str) -> None:
        """Show what went wrong."""
        self._alert(text, "ok", "critical")

    def tell(self, text: str) -> None:
        """Show a message."""
        self._alert(text, "ok", "info")

    def note(self, text: str) -> None:
        """Show a line in the status bar, until the loader clears it."""
        self.app.status_bar = text

    def asks(self, text: str) -> bool:
        """Ask a question of Yes and No."""
        return self._alert(text, "yes_no", "critical") == "yes"

    def chooses(self, text: str) -> str:
        """Ask a question of Yes, No and Cancel; return which of them, in small letters."""
        return self._alert(text, "yes_no_cancel", "critical")

    def folder(self, title: Word) -> Path | None:
        """Ask for a folder; None if the person cancels. Raises `InTheCloud`."""
        with self._clickable():
            dialog = self.app.api.FileDialog(_FOLDER_PICKER)
            dialog.Title = title[self.lang]
            return _of_this_computer(dialog.SelectedItems(1)) if dialog.Show() else None

    def new_file(self, name: Word) -> Path | None:
        """Ask for the path of a workbook to write; None if the person cancels. Raises `InTheCloud`."""
        with self._clickable():
            name_or_false = self.app.api.GetSaveAsFilename(InitialFileName=name[self.lang], FileFilter=_PLAN_FILES)
        return _of_this_computer(name_or_false) if isinstance(name_or_false, str) else None  # False for Cancel

    def open(self, path: Path) -> None:
        """Open a workbook."""
        self.app.books.open(str(path))

    def offers(self, text: str) -> bool:
        """Show a message with Yes and No."""
        return self._alert(text, "yes_no", "info") == "yes"

    def go_to(self, title: Word, at: str = "") -> None:
        """Show the sheet of that title; one that is hidden stays so."""
        for sheet in self.active.sheets if self.active is not None else ():
            if sheet.name in (title.zh, title.en):
                with contextlib.suppress(Exception):  # Excel activates no hidden sheet
                    sheet.api.Activate()
                    if at:
                        sheet.range(at).select()

    def selection(self) -> str:
        """Return the cells that are selected in the active sheet, block by block."""
        try:
            areas = self.app.api.Selection.Areas
            blocks = [areas(n).Address for n in range(1, areas.Count + 1)]
        except Exception:  # a chart or a shape has no areas
            return ""
        return a1.on_sheet(self.book.sheets.active.name, ",".join(blocks))

    def answer(self, question: Word) -> str | None:
        """Ask by Excel's own box for an input."""
        with self._clickable():
            text = self.app.api.InputBox(Prompt=question[self.lang], Title=TITLE[self.lang], Type=_TEXT)
        return text if isinstance(text, str) else None  # False for Cancel

    @contextlib.contextmanager
    def working(self) -> Iterator[Watch]:
        """Show the progress of a run in the status bar."""

        def watch(stage: str, share: float) -> None:
            if stage:
                self.app.status_bar = working(stage, share, self.lang)

        try:
            yield watch
        finally:
            self.app.status_bar = False

    def document_in_front(self, snapshots: Snapshots) -> LiveWorkbook:
        """Return the workbook in front; raises NotSavedYet."""
        return LiveWorkbook(self.book, snapshots)

    def _alert(self, text: str, buttons: str, mode: str) -> str:
        with self._clickable():
            return str(self.app.alert(text, TITLE[self.lang], buttons=buttons, mode=mode))

    @contextlib.contextmanager
    def _clickable(self) -> Iterator[None]:
        before = self.app.interactive
        with contextlib.suppress(Exception):  # while a cell is edited Excel takes no setting; the box is shown anyway
            self.app.interactive = True
        try:
            yield
        finally:
            with contextlib.suppress(Exception):
                self.app.interactive = before


def _of_this_computer(name: str) -> Path:
    path = Path(name)
    if is_address(path):
        raise InTheCloud(place=name)
    return path
