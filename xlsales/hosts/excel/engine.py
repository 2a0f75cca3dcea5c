"""xlwings as it is used here: imported in this one module, with what it would do behind a person's back turned off.

Three things of xlwings 0.37.8 on Windows (`xlwings/_xlwindows.py`):

- Its import registers an exit hook, `cleanup`, that ends by force every Excel that shows no workbook: the start
  screen of a person, with the add-in and unsaved add-in settings in it.
- It asks a busy Excel again without a pause and without an end (`N_COM_ATTEMPTS = 0`), and takes an object that
  could not be called for None.
- It finds an Excel by a window of class EXCEL7, which is there only while a workbook is open. So VBA hands over the
  Application that calls, and it is wrapped as xlwings wraps those that it finds.
"""

from __future__ import annotations

import atexit
import time
from typing import Any

import xlwings as xw

ATTEMPTS = 100
PAUSE = 0.1
"""Seconds between two attempts: a call is given up after `ATTEMPTS` of them, ten seconds."""


class Patience(int):
    """A number of attempts that waits before each new one: xlwings asks `attempt < N_COM_ATTEMPTS`."""

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


def _windows() -> Any:
    return getattr(xw, "_xlwindows", None)  # there is none in xlwings Lite, nor on Linux


def _tame() -> None:
    windows = _windows()
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = Patience(ATTEMPTS)


_tame()

__all__ = ["Patience", "application", "workbook", "xw"]
