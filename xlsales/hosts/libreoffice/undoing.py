"""A run as one step of Calc's undo list.

Calc notes only some of what a run changes, so what it noted is dropped, and the run is in the list as an action
of ours. Calc must not be written to while it works on that list: what would be noted then destroys the list. So when
the action is undone, the run is taken back a moment later, and the action is put where it can be redone.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import unohelper
from com.sun.star.document import XUndoAction

from xlsales.commands.live import Record
from xlsales.hosts.libreoffice.steps import Step, take, take_back


class Window(Protocol):
    """The window that shows a document."""

    document: Any
    desktop: Any

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc is idle, and tell what goes wrong."""


@dataclass(frozen=True)
class CarriedOut:
    """A run: its steps, how it is kept for undo, and the folder of the files that it needs."""

    steps: tuple[Step, ...]
    record: Record
    folder: tempfile.TemporaryDirectory[str]


def carry_out(window: Window, run: CarriedOut) -> None:
    """Carry out a run, wholly or not at all, and put it into the document's undo list."""
    with forgetting(window.document):
        take(run.steps, window.document, window.desktop)
        try:
            run.record.keep()
        except BaseException:
            take_back(run.steps, window.document, window.desktop)
            raise
    action = _Action(window, run)
    window.document.UndoManager.addUndoAction(action)
    action.armed = True


def _take_back(window: Window, run: CarriedOut) -> None:
    """Take a run back that was undone in Calc's list, and let it be redone there."""
    with forgetting(window.document):
        take_back(run.steps, window.document, window.desktop)
        run.record.forget()
    action = _Action(window, run)
    manager = window.document.UndoManager
    manager.addUndoAction(action)
    manager.undo()  # not armed yet: it only moves to what can be redone
    action.armed = True


@contextlib.contextmanager
def forgetting(document: Any) -> Iterator[None]:
    """Leave Calc's undo list empty, whatever Calc noted meanwhile."""
    try:
        yield
    finally:
        document.UndoManager.clear()


class _Action(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """A run in the document's undo list; `armed` is whether undo and redo mean anything."""

    def __init__(self, window: Window, run: CarriedOut) -> None:
        self.Title = run.record.title
        self._window, self._run = window, run
        self.armed = False

    def undo(self) -> None:
        """Take the run back, a moment later."""
        self._later(_take_back)

    def redo(self) -> None:
        """Carry the run out again, a moment later."""
        self._later(carry_out)

    def _later(self, act: Callable[[Window, CarriedOut], None]) -> None:
        if self.armed:
            self.armed = False
            self._window.later(partial(act, self._window, self._run))
