"""The commands of menu and toolbar, on the document in front: the same verbs as on the command line.

Each ends in one message, or in nothing but the changed sheets where all is
well. What was told, and what went wrong inside, stands in calc.log.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.awt import XCallback

from xlsales.book.snapshots import Snapshots
from xlsales.commands.check import check
from xlsales.commands.collect import collect as collect_returned
from xlsales.commands.handout import Order, handout
from xlsales.commands.job import Run
from xlsales.commands.new import new
from xlsales.commands.outcome import Outcome
from xlsales.commands.refresh import refresh
from xlsales.commands.split import split
from xlsales.commands.telling import (
    BUSY,
    COLLECT_FROM,
    HAND_OUT_TO,
    NEW_NAME,
    TITLE,
    five_steps,
    told,
    working,
)
from xlsales.commands.undo import undo_live
from xlsales.commands.unforeseen import log_of
from xlsales.core.faults import Lang
from xlsales.functions.language import own_language
from xlsales.hosts.libreoffice.language import language_of
from xlsales.hosts.libreoffice.live import LiveCalc
from xlsales.hosts.libreoffice.turns import in_turn, is_busy
from xlsales.vocabulary.contract import SHEETS, Word

LOG = "calc.log"
_OK, _YES_NO, _YES_NO_CANCEL, _YES, _NO = 1, 3, 4, 2, 3  # com.sun.star.awt.MessageBoxButtons, MessageBoxResults
_SAVE = 10  # com.sun.star.ui.dialogs.TemplateDescription.FILESAVE_AUTOEXTENSION


def run(context: Any, verb: str) -> None:
    """Run a command by its name, which is one of `xlsales.addin.libreoffice.verbs`; not while another runs."""
    window = Window(context)
    if is_busy():
        window.warn(BUSY[window.lang])
        return
    act = {
        "new_plan": new_plan,
        "split_target": split_target,
        "refresh_progress": refresh_progress,
        "check_plan": check_plan,
        "undo_last": undo_last,
        "hand_out": hand_out,
        "collect": collect,
        "show_help": show_help,
    }[verb]
    in_turn(partial(act, window))


class Window:
    """The window in front: its document, and how it shows messages."""

    def __init__(self, context: Any) -> None:
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

    def tell(self, text: str, kind: str = "INFOBOX") -> None:
        """Show a message; it is noted in the log too."""
        with log_of(LOG) as log:
            log.info("%s", text)
        self._box(text, kind, _OK)

    def warn(self, text: str) -> None:
        """Show what went wrong."""
        self.tell(text, "ERRORBOX")

    def asks(self, text: str) -> bool:
        """Show a question; whether the answer is yes."""
        with log_of(LOG) as log:
            log.info("%s", text)
        return bool(self._box(text, "WARNINGBOX", _YES_NO) == _YES)

    def chooses(self, text: str) -> str:
        """Show a question with three buttons; `yes`, `no`, or blank where it was cancelled."""
        with log_of(LOG) as log:
            log.info("%s", text)
        return {_YES: "yes", _NO: "no"}.get(self._box(text, "WARNINGBOX", _YES_NO_CANCEL), "")

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc is idle, and tell what goes wrong."""
        self.service("com.sun.star.awt.AsyncCallback").addCallback(_Later(self, act), None)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Take no clicks and keys meanwhile: a run would overwrite what is typed into the document."""
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
        window = self.frame.getContainerWindow()
        box_kind = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.getToolkit().createMessageBox(window, box_kind, buttons, TITLE[self.lang], text)
        heard = window.isEnabled()
        self._listen(True)
        try:
            return int(box.execute())
        finally:
            box.dispose()
            self._listen(heard)


class _Later(unohelper.Base, XCallback):  # type: ignore[misc]
    """What is to be done when Calc is idle."""

    def __init__(self, window: Window, act: Callable[[], None]) -> None:
        self._window, self._act = window, act

    def notify(self, data: object) -> None:
        """Do it."""
        in_turn(self._do)

    def _do(self) -> None:
        with told(self._window.warn, self._window.lang, LOG), self._window.still():
            self._act()


def split_target(window: Window) -> None:
    """分解目标: split the total of the document into breakdown sheets."""
    _on_document(window, lambda run, live: split(run))


def refresh_progress(window: Window) -> None:
    """刷新进度: refresh the achievement columns of the document from its actuals."""
    _on_document(window, lambda run, live: refresh(run))


def check_plan(window: Window) -> None:
    """检查: tell what would be done and what is wrong; nothing is written."""
    _on_document(window, lambda run, live: check(run), always_tell=True)


def undo_last(window: Window) -> None:
    """撤销上次: take back the last run in the document."""
    _on_document(window, lambda run, live: undo_live(live, Snapshots.of_user()), always_tell=True)


def new_plan(window: Window) -> None:
    """新建计划: ask for a file name, write a fresh plan there and open it."""
    lang = own_language()
    with told(window.warn, lang, LOG):
        picker = window.service("com.sun.star.ui.dialogs.FilePicker")
        picker.initialize((_SAVE,))
        picker.setDefaultName(NEW_NAME[lang])
        picker.appendFilter("Excel (*.xlsx)", "*.xlsx")
        if picker.execute():
            path = Path(uno.fileUrlToSystemPath(picker.getSelectedFiles()[0]))
            new(path, lang)
            window.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())


def hand_out(window: Window) -> None:
    """下发目标: ask for a folder, write a workbook there for every store."""
    _in_folder(window, lambda run, folder: handout(run, Order(folder)), HAND_OUT_TO)


def collect(window: Window) -> None:
    """收回填报: ask for the folder of returned workbooks, check them and take what can be taken."""
    _in_folder(window, collect_returned, COLLECT_FROM)


def show_help(window: Window) -> None:
    """帮助: go to the guide sheet where there is one, and say the five steps."""
    guide, sheets = SHEETS["guide"], window.document.Sheets
    for title in (guide.zh, guide.en):
        if sheets.hasByName(title):
            window.document.CurrentController.setActiveSheet(sheets.getByName(title))
    window.tell(five_steps(window.lang))


def _in_folder(window: Window, act: Callable[[Run, Path], Outcome], title: Word) -> None:
    """Ask for a folder, then run a command on it and the document; nothing where the person cancels."""
    picker = window.service("com.sun.star.ui.dialogs.FolderPicker")
    picker.setTitle(title[window.lang])
    if picker.execute():
        folder = Path(uno.fileUrlToSystemPath(picker.getDirectory()))
        _on_document(window, lambda run, live: act(run, folder), always_tell=True)


def _on_document(window: Window, act: Callable[[Run, LiveCalc], Outcome], *, always_tell: bool = False) -> None:
    """Run a command on the document in front and tell how it ended."""
    lang = window.lang
    bar = window.frame.createStatusIndicator()

    def watch(stage: str, share: float) -> None:
        if stage:
            bar.setText(working(stage, share, lang))
            bar.setValue(round(share * 100))

    outcome: Outcome | None = None
    with told(window.warn, lang, LOG):
        bar.start(TITLE[lang], 100)
        try:
            with window.still(), LiveCalc(window, Snapshots.of_user()) as live:
                outcome = act(Run(live, dt.datetime.now().replace(microsecond=0), watch=watch), live)
        finally:
            bar.end()
    if outcome is not None and (outcome.problems or outcome.tells or always_tell):
        window.tell(outcome.as_text())
