"""The ribbon's macros: argument-free functions on the active workbook, the same verbs as on the command line.

Each ends in one message, or in a line of the status bar where all is well;
never in a traceback. What went wrong inside goes to a log file that the
message names.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import xlwings as xw

from xlsales.commands import Outcome, Run, check, new, refresh, split, undo_live
from xlsales.commands.collect import collect as collect_returned
from xlsales.commands.handout import Order, handout
from xlsales.commands.telling import COLLECT_FROM, HAND_OUT_TO, NEW_NAME, TITLE, five_steps, told, working
from xlsales.core.faults import Lang
from xlsales.functions.language import own_language
from xlsales.hosts.excel.language import language, language_of
from xlsales.hosts.excel.live import LiveWorkbook
from xlsales.workbook.contract import SHEETS, Word
from xlsales.workbook.snapshots import Snapshots

LOG = "excel.log"
_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_PLAN_FILES = "Excel (*.xlsx), *.xlsx"


def split_target() -> None:
    """分解目标: split the total of the active workbook into breakdown sheets."""
    _on_active(lambda run, live: split(run))


def refresh_progress() -> None:
    """刷新进度: refresh the achievement columns of the active workbook from its actuals."""
    _on_active(lambda run, live: refresh(run))


def check_plan() -> None:
    """检查: tell what would be done and what is wrong; nothing is written."""
    _on_active(lambda run, live: check(run), always_tell=True)


def undo_last() -> None:
    """撤销上次: take back the last run in the active workbook."""
    _on_active(lambda run, live: undo_live(live, Snapshots.of_user()), always_tell=True)


def new_plan() -> None:
    """新建计划: ask for a file name, write a fresh plan there and open it."""
    app, lang = _application(), own_language()
    with _told(app, lang):
        chosen = app.api.GetSaveAsFilename(InitialFileName=NEW_NAME[lang], FileFilter=_PLAN_FILES)
        if isinstance(chosen, str):  # False where the person cancelled
            new(Path(chosen), lang)
            app.books.open(chosen)


def hand_out() -> None:
    """下发目标: ask for a folder, write a workbook there for every store."""
    _in_folder(lambda run, folder: handout(run, Order(folder)), HAND_OUT_TO)


def collect() -> None:
    """收回填报: ask for the folder of returned workbooks, check them and take what can be taken."""
    _in_folder(collect_returned, COLLECT_FROM)


def show_help() -> None:
    """帮助: go to the guide sheet where there is one, and say the five steps."""
    app, lang, guide = _application(), language(), SHEETS["guide"]
    for sheet in app.books.active.sheets if len(app.books) else ():
        if sheet.name in (guide.zh, guide.en):
            sheet.api.Activate()
    app.alert(five_steps(lang), TITLE[lang], mode="info")


def _in_folder(act: Callable[[Run, Path], Outcome], title: Word) -> None:
    """Ask for a folder, then run a command on it and the active workbook; nothing where the person cancels."""
    app = xw.Book.caller().app
    dialog = app.api.FileDialog(_FOLDER_PICKER)
    dialog.Title = title[language()]
    if dialog.Show():
        folder = Path(dialog.SelectedItems(1))
        _on_active(lambda run, live: act(run, folder), always_tell=True)


def _application() -> xw.App:
    """Return the Excel that calls, also where no workbook is open in it."""
    try:
        return xw.Book.caller().app
    except Exception:  # xlwings tells a missing caller by a bare Exception
        active = xw.apps.active
        assert active is not None  # Excel itself has called
        return active


def _on_active(act: Callable[[Run, LiveWorkbook], Outcome], *, always_tell: bool = False) -> None:
    """Run a command on the active workbook and tell how it ended."""
    book = xw.Book.caller()
    app = book.app
    lang = language_of(book)
    with _told(app, lang), _status_bar(app, lang) as watch, LiveWorkbook(book, Snapshots.of_user()) as live:
        outcome = act(Run(live, dt.datetime.now().replace(microsecond=0), watch=watch), live)
        if outcome.problems or outcome.tells or always_tell:
            app.alert(outcome.as_text(), TITLE[outcome.lang], mode="info")
        else:
            watch.line = "  ".join(outcome.lines)


def _told(app: xw.App, lang: Lang) -> AbstractContextManager[None]:
    """Tell whatever goes wrong in one message box."""
    return told(partial(app.alert, title=TITLE[lang], mode="critical"), lang, LOG)


class _StatusBar:
    """Shows how far a run is; `line` is what stays when it is done."""

    def __init__(self, app: xw.App, lang: Lang) -> None:
        self._app, self._lang = app, lang
        self.line: str | None = None

    def __call__(self, stage: str, share: float) -> None:
        if stage:
            self._app.status_bar = working(stage, share, self._lang)


@contextlib.contextmanager
def _status_bar(app: xw.App, lang: Lang) -> Iterator[_StatusBar]:
    bar = _StatusBar(app, lang)
    try:
        yield bar
    finally:
        app.status_bar = bar.line or False
