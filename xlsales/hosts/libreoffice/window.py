"""The window of Calc in front: its document, its boxes and dialogs, and the progress of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.awt import Size, XCallback

from xlsales.book.snapshots import Snapshots
from xlsales.commands.job import Watch
from xlsales.commands.telling import TITLE, as_one_message
from xlsales.commands.unforeseen import log_file, log_of
from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.hosts.libreoffice.asking import ask
from xlsales.hosts.libreoffice.fitting import FEWEST, fitting
from xlsales.hosts.libreoffice.language import language_of
from xlsales.hosts.libreoffice.live import LiveCalc
from xlsales.hosts.libreoffice.progress import StatusBar
from xlsales.hosts.libreoffice.turns import in_turn
from xlsales.vocabulary.contract import Word

LOG = "calc.log"
_OK, _YES_NO, _YES_NO_CANCEL, _YES, _NO = 1, 3, 4, 2, 3  # com.sun.star.awt.MessageBoxButtons, MessageBoxResults
_CHARACTER, _APP_FONT = 8, 17  # the height of a character, in com.sun.star.util.MeasureUnit.APPFONT
_LEADING, _FOR_TEXT = 1.25, 0.8  # Chinese lines are higher; the rest of the height is for the buttons
_SAVE = 10  # com.sun.star.ui.dialogs.TemplateDescription.FILESAVE_AUTOEXTENSION


class CalcWindow:
    """The window in front: its document, its messages and dialogs."""

    def __init__(self, context: Any) -> None:
        self.log = LOG
        self._context = context
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.frame = self.desktop.getCurrentFrame()
        self.document = self.desktop.getCurrentComponent()

    def service(self, name: str) -> Any:
        """Return a service of LibreOffice."""
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    @property
    def lang(self) -> Lang:
        """The document's language."""
        return language_of(self.document)

    def faults(self) -> contextlib.AbstractContextManager[None]:
        """Return a context that does nothing: Calc has no errors that a person could act on."""
        return contextlib.nullcontext()

    def tell(self, text: str) -> None:
        """Show a message."""
        self._box(text, "INFOBOX", _OK)

    def warn(self, text: str) -> None:
        """Show what went wrong."""
        self._box(text, "ERRORBOX", _OK)

    def note(self, text: str) -> None:
        """Show nothing: Calc's status bar keeps no line, and the person sees the changed sheets."""

    def asks(self, text: str) -> bool:
        """Show a question; return whether the answer is yes."""
        return bool(self._box(text, "WARNINGBOX", _YES_NO) == _YES)

    def chooses(self, text: str) -> str:
        """Show a question with three buttons; return `yes`, `no`, or blank if it was cancelled."""
        return {_YES: "yes", _NO: "no"}.get(self._box(text, "WARNINGBOX", _YES_NO_CANCEL), "")

    def folder(self, title: Word) -> Path | None:
        """Ask for a folder; None if the person cancels."""
        picker = self.service("com.sun.star.ui.dialogs.FolderPicker")
        picker.setTitle(title[self.lang])
        return Path(uno.fileUrlToSystemPath(picker.getDirectory())) if picker.execute() else None

    def new_file(self, name: Word) -> Path | None:
        """Ask for the path of a workbook to write; None if the person cancels."""
        picker = self.service("com.sun.star.ui.dialogs.FilePicker")
        picker.initialize((_SAVE,))
        picker.setDefaultName(name[self.lang])
        picker.appendFilter("Excel (*.xlsx)", "*.xlsx")
        return Path(uno.fileUrlToSystemPath(picker.getSelectedFiles()[0])) if picker.execute() else None

    def open(self, path: Path) -> None:
        """Open a workbook in a window of its own."""
        self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())

    def offers(self, text: str) -> bool:
        """Show a message with Yes and No."""
        return bool(self._box(text, "QUERYBOX", _YES_NO) == _YES)

    def go_to(self, title: Word, at: str = "") -> None:
        """Show the sheet of that title; one that is hidden stays so."""
        sheets, controller = self.document.Sheets, self.document.CurrentController
        for own in dict.fromkeys((title.zh, title.en)):
            if sheets.hasByName(own) and sheets.getByName(own).IsVisible:
                controller.setActiveSheet(sheets.getByName(own))
                if at:
                    controller.select(sheets.getByName(own).getCellRangeByName(at))

    def selection(self) -> str:
        """Return the cells that are selected, block by block."""
        selected = self.document.CurrentController.Selection
        if hasattr(selected, "RangeAddresses"):
            areas = list(selected.RangeAddresses)
        else:
            areas = [selected.RangeAddress] if hasattr(selected, "RangeAddress") else []
        if not areas:
            return ""
        blocks = (a1.area(a.StartRow + 1, a.StartColumn + 1, a.EndRow + 1, a.EndColumn + 1) for a in areas)
        return a1.on_sheet(self.document.Sheets.getByIndex(areas[0].Sheet).Name, ",".join(blocks))

    def answer(self, question: Word) -> str | None:
        """Ask in a small dialog with a field; None if the person cancels."""
        return ask(self, question[self.lang], TITLE[self.lang])

    @contextlib.contextmanager
    def working(self) -> Iterator[Watch]:
        """Show a bar below the sheets; the window takes no clicks until the end."""
        bar = StatusBar(self.frame, self.lang)
        try:
            with self.still():
                yield bar.watch
        finally:
            bar.end()

    def document_in_front(self, snapshots: Snapshots) -> LiveCalc:
        """Return the document; raises NotSavedYet."""
        return LiveCalc(self, snapshots)

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc is idle, and show what goes wrong."""
        self.service("com.sun.star.awt.AsyncCallback").addCallback(_Later(self, act), None)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Take no clicks and keys: a run would overwrite what a person types into the document."""
        self._listen(False)
        try:
            yield
        finally:
            self._listen(True)

    def _listen(self, does: bool) -> None:
        self.frame.getContainerWindow().setEnable(does)
        if does:
            self.frame.getComponentWindow().setFocus()

    def _box(self, text: str, kind: str, buttons: int) -> int:
        """Show a box of what fits the screen; the whole text is noted in the log."""
        with log_of(LOG) as log:
            log.info("%s", text)
        window = self.frame.getContainerWindow()
        text = fitting(text, _lines_of(window), self.lang, str(log_file(LOG)))
        box_kind = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.getToolkit().createMessageBox(window, box_kind, buttons, TITLE[self.lang], text)
        enabled = window.isEnabled()
        self._listen(True)
        try:
            return int(box.execute())
        finally:
            box.dispose()
            self._listen(enabled)


def _lines_of(window: Any) -> int:
    """Return how many lines of a box the height of a window has room for, with the buttons below them."""
    line = window.convertSizeToPixel(Size(0, _CHARACTER), _APP_FONT).Height * _LEADING
    return max(FEWEST, int(window.PosSize.Height * _FOR_TEXT / line))


class _Later(unohelper.Base, XCallback):  # type: ignore[misc]
    """A call that waits until Calc is idle."""

    def __init__(self, window: CalcWindow, act: Callable[[], None]) -> None:
        self._window, self._act = window, act

    def notify(self, data: object) -> None:
        """Do it."""
        in_turn(self._do)

    def _do(self) -> None:
        with as_one_message(self._window.warn, self._window.lang, LOG), self._window.still():
            self._act()
