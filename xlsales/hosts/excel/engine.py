"""The one module that imports xlwings. It turns off what xlwings would do without the person's will.

Three things of xlwings 0.37.8 on Windows (`xlwings/_xlwindows.py`):

- Its import registers an exit hook, `cleanup`, that ends by force every Excel that shows no workbook: the start
  screen of a person, with the add-in and unsaved add-in settings in it.
- It asks a busy Excel again without a pause and without an end (`N_COM_ATTEMPTS = 0`), and returns None for an
  object that could not be called.
- It finds an Excel by a window of class EXCEL7, which is there only while a workbook is open. So VBA hands over the
  Application that calls, and it is wrapped as xlwings wraps those that it finds.
"""

from __future__ import annotations

import atexit
import contextlib
import time
from collections.abc import Iterator
from typing import Any

import xlwings as xw

from xlsales.core.faults import Fault

ATTEMPTS = 100
PAUSE = 0.1
"""Seconds between two attempts: a call is given up after `ATTEMPTS` of them, ten seconds."""


_BUSY = (-2147418111, -2146777998)
"""RPC_E_CALL_REJECTED, and 0x800AC472 while a person edits a cell."""


class ExcelBusy(Fault):
    """Excel refused every attempt."""

    zh = "Excel 正忙:可能在编辑单元格,或有对话框开着。请按 Esc 或关闭对话框,再点一次;没有任何改动。"
    en = (
        "Excel is busy: a cell may be in editing, or a dialog open. Press Esc or close the dialog, then press again; "
        "nothing was changed."
    )


class Patience(int):
    """A number of attempts, with a pause before each new one: xlwings compares `attempt < N_COM_ATTEMPTS`."""

    def __gt__(self, attempt: int) -> bool:
        again = int(self) > attempt
        if again:
            time.sleep(PAUSE)
        return again


def application(handed: Any) -> xw.App:
    """Return the Excel that VBA hands over, also one without a workbook."""
    windows = _windows()
    return xw.App(impl=windows.App(xl=windows.COMRetryObjectWrapper(handed)))


def workbook(handed: Any) -> xw.Book:
    """Return the workbook that VBA hands over."""
    windows = _windows()
    return xw.Book(impl=windows.Book(windows.COMRetryObjectWrapper(handed)))


@contextlib.contextmanager
def report_busy() -> Iterator[None]:
    """Raise `ExcelBusy` for an error of an Excel that stayed busy; any other error goes on as it is."""
    try:
        yield
    except Exception as error:
        if _says_busy(error):
            raise ExcelBusy() from error
        raise


def _says_busy(error: Exception) -> bool:
    codes = (getattr(error, "hresult", None), *(getattr(error, "excepinfo", None) or ())[-1:])
    return type(error).__name__ == "ExcelBusyError" or any(code in _BUSY for code in codes)


def _windows() -> Any:
    return getattr(xw, "_xlwindows", None)  # there is none in xlwings Lite, nor on Linux


def _tame() -> None:
    windows = _windows()
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = Patience(ATTEMPTS)


_tame()

__all__ = ["ExcelBusy", "Patience", "application", "report_busy", "workbook", "xw"]
