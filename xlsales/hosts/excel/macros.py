"""The ribbon's macros: the same verbs as on the command line, on the workbook that VBA hands over.

Each ends in one message, or in a line of the status bar where all is well;
never in a traceback. What went wrong inside goes to a log file that the
message names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlsales.book.snapshots import Snapshots
from xlsales.commands.check import check
from xlsales.commands.collect import collect as collect_returned
from xlsales.commands.handout import Order, handout
from xlsales.commands.job import Run
from xlsales.commands.new import new
from xlsales.commands.outcome import Outcome
from xlsales.commands.refresh import refresh
from xlsales.commands.split import split
from xlsales.commands.telling import COLLECT_FROM, HAND_OUT_TO, NEW_NAME, five_steps, told
from xlsales.commands.undo import undo_live
from xlsales.hosts.excel.engine import busy_told
from xlsales.hosts.excel.live import LiveWorkbook
from xlsales.hosts.excel.window import Window
from xlsales.vocabulary.contract import SHEETS, Word

LOG = "excel.log"
_PLAN_FILES = "Excel (*.xlsx), *.xlsx"


def run(verb: str, application: Any, workbook: Any) -> None:
    """Run a macro by its name; VBA hands over its Application and its active workbook, None where there is none."""
    window = Window(application, workbook)
    with told(window.warn, window.lang, LOG), busy_told():
        VERBS[verb](window)


def split_target(window: Window) -> None:
    """分解目标: split the total of the active workbook into breakdown sheets."""
    _on_active(window, lambda run, live: split(run))


def refresh_progress(window: Window) -> None:
    """刷新进度: refresh the achievement columns of the active workbook from its actuals."""
    _on_active(window, lambda run, live: refresh(run))


def check_plan(window: Window) -> None:
    """检查: tell what would be done and what is wrong; nothing is written."""
    _on_active(window, lambda run, live: check(run), always_tell=True)


def undo_last(window: Window) -> None:
    """撤销上次: take back the last run in the active workbook."""
    _on_active(window, lambda run, live: undo_live(live, Snapshots.of_user()), always_tell=True)


def new_plan(window: Window) -> None:
    """新建计划: ask for a file name, write a fresh plan there and open it."""
    if chosen := window.file_to_save(NEW_NAME, _PLAN_FILES):
        new(chosen, window.lang)
        window.app.books.open(str(chosen))


def hand_out(window: Window) -> None:
    """下发目标: ask for a folder, write a workbook there for every store."""
    _in_folder(window, lambda run, folder: handout(run, Order(folder)), HAND_OUT_TO)


def collect(window: Window) -> None:
    """收回填报: ask for the folder of returned workbooks, check them and take what can be taken."""
    _in_folder(window, collect_returned, COLLECT_FROM)


def show_help(window: Window) -> None:
    """帮助: go to the guide sheet where there is one, and say the five steps."""
    guide = SHEETS["guide"]
    for sheet in window.active.sheets if window.active is not None else ():
        if sheet.name in (guide.zh, guide.en):
            sheet.api.Activate()
    window.tell(five_steps(window.lang))


VERBS: dict[str, Callable[[Window], None]] = {
    verb.__name__: verb
    for verb in (split_target, refresh_progress, check_plan, undo_last, new_plan, hand_out, collect, show_help)
}
"""The macros by the names that the add-in calls them."""


def _in_folder(window: Window, act: Callable[[Run, Path], Outcome], title: Word) -> None:
    """Ask for a folder, then run a command on it and the active workbook; nothing where the person cancels."""
    folder = window.folder(title)
    if folder is not None:
        _on_active(window, lambda run, live: act(run, folder), always_tell=True)


def _on_active(window: Window, act: Callable[[Run, LiveWorkbook], Outcome], *, always_tell: bool = False) -> None:
    """Run a command on the active workbook and tell how it ended."""
    with window.status_bar() as watch, LiveWorkbook(window, Snapshots.of_user()) as live:
        outcome = act(Run(live, dt.datetime.now().replace(microsecond=0), watch=watch), live)
        if outcome.problems or outcome.tells or always_tell:
            window.tell(outcome.as_text())
        else:
            watch.line = "  ".join(outcome.lines)
