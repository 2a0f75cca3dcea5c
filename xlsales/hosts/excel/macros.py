"""The ribbon's macros: argument-free functions on the active workbook, the same verbs as on the command line.

Each ends in one message, or in a line of the status bar where all is well;
never in a traceback. What went wrong inside goes to a log file that the
message names.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import xlwings as xw

from xlsales.commands import Outcome, Run, check, new, refresh, split, undo_live
from xlsales.commands.collect import collect as collect_returned
from xlsales.commands.handout import Order, handout
from xlsales.core.faults import Fault, Lang, Refused
from xlsales.hosts.excel.language import language, language_of, own_language
from xlsales.hosts.excel.live import TITLE, LiveWorkbook
from xlsales.workbook.contract import SHEETS, Word
from xlsales.workbook.snapshots import Snapshots, own_folder

MOST_FAULTS = 8
"""As many faults are shown in a message box."""
_MORE = Word("…… 共 {n} 处,其余见“检查”或 xlsales check --json。", "… {n} in all; xlsales check --json gives the rest.")
_BROKEN = Word(
    "程序内部出错,工作簿没有改动。请把这个日志文件发给我们:\n{log}",
    "The program failed; the workbook was not changed. Please send us this log file:\n{log}",
)
_WORKING = Word("销售目标:{stage} {share:.0%}", "Sales targets: {stage} {share:.0%}")
_HELP = Word(
    "五步:新建计划 → 填“设置”和“维度” → 分解目标 → 把实际贴进“实际” → 刷新进度。\n"
    "先看问题、不写入:检查。回到上次运行之前:撤销上次。\n"
    "“{guide}”表里写着每张表是做什么的。",
    "Five steps: New plan, fill Settings and Dimensions, Split target, paste into Actuals, Refresh progress.\n"
    "Look first and write nothing: Check. Back to before the last run: Undo.\n"
    'The sheet "{guide}" tells what each sheet is for.',
)
_NEW_NAME = Word("目标计划.xlsx", "target-plan.xlsx")
_HAND_OUT_TO = Word("门店文件写到哪个文件夹?", "Into which folder shall the store files be written?")
_COLLECT_FROM = Word("门店交回的文件在哪个文件夹?", "In which folder are the returned store files?")
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
        chosen = app.api.GetSaveAsFilename(InitialFileName=_NEW_NAME[lang], FileFilter=_PLAN_FILES)
        if isinstance(chosen, str):  # False where the person cancelled
            new(Path(chosen), lang)
            app.books.open(chosen)


def hand_out() -> None:
    """下发门店: ask for a folder, write a workbook there for every store."""
    _in_folder(lambda run, folder: handout(run, Order(folder)), _HAND_OUT_TO)


def collect() -> None:
    """收回门店: ask for the folder of returned workbooks, check them and take what can be taken."""
    _in_folder(collect_returned, _COLLECT_FROM)


def show_help() -> None:
    """帮助: go to the guide sheet where there is one, and say the five steps."""
    app, lang, guide = _application(), language(), SHEETS["guide"]
    for sheet in app.books.active.sheets if len(app.books) else ():
        if sheet.name in (guide.zh, guide.en):
            sheet.api.Activate()
    app.alert(_HELP[lang].format(guide=guide[lang]), TITLE[lang], mode="info")


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
        if outcome.problems or always_tell:
            app.alert(outcome.as_text(), TITLE[outcome.lang], mode="info")
        else:
            watch.line = "  ".join(outcome.lines)


@contextlib.contextmanager
def _told(app: xw.App, lang: Lang) -> Iterator[None]:
    """Tell whatever goes wrong in one message."""
    try:
        yield
    except Refused as refused:
        shown = [problem.say(lang) for problem in refused.problems[:MOST_FAULTS]]
        if len(refused.problems) > MOST_FAULTS:
            shown.append(_MORE[lang].format(n=len(refused.problems)))
        app.alert("\n".join(shown), TITLE[lang], mode="critical")
    except Fault as fault:
        app.alert(fault.say(lang), TITLE[lang], mode="critical")
    except Exception:
        log = _log_file()
        logger = logging.getLogger("xlsales.excel")
        handler = RotatingFileHandler(log, maxBytes=1 << 20, backupCount=3, encoding="utf-8")
        logger.addHandler(handler)
        try:
            logger.exception("a macro failed at %s", dt.datetime.now().isoformat(" ", "seconds"))
        finally:
            logger.removeHandler(handler)
            handler.close()
        app.alert(_BROKEN[lang].format(log=log), TITLE[lang], mode="critical")


class _StatusBar:
    """Shows how far a run is; `line` is what stays when it is done."""

    def __init__(self, app: xw.App, lang: Lang) -> None:
        self._app, self._lang = app, lang
        self.line: str | None = None

    def __call__(self, stage: str, share: float) -> None:
        if stage:
            self._app.status_bar = _WORKING[self._lang].format(stage=stage, share=share)


@contextlib.contextmanager
def _status_bar(app: xw.App, lang: Lang) -> Iterator[_StatusBar]:
    bar = _StatusBar(app, lang)
    try:
        yield bar
    finally:
        app.status_bar = bar.line or False


def _log_file() -> Path:
    folder = own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "excel.log"
