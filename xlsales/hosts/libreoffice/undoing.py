"""A run as one entry of Calc's undo list.

Calc notes only some of what a run changes. So its notes are dropped, and the run is in the list as an action of ours.
Nothing may be written into the document while Calc works on that list: the notes of it would destroy the list. So when
the action is undone, the run is undone a moment later, and the action is put where it can be redone.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

import unohelper
from com.sun.star.document import XUndoAction
from msgspec import Struct

from xlsales.commands.live import Record
from xlsales.hosts.libreoffice.reversible import Reversible, do_all, undo_all


class DocumentWindow(Protocol):
    """The window that shows a document."""

    document: Any
    desktop: Any

    def later(self, act: Callable[[], None]) -> None:
        """Do something when Calc is idle, and show what goes wrong."""


class CarriedOut(Struct, frozen=True):
    """A run: its changes, its record for undo, and the folder of the files that it needs."""

    work: tuple[Reversible, ...]
    record: Record
    folder: tempfile.TemporaryDirectory[str]


def carry_out(window: DocumentWindow, run: CarriedOut) -> None:
    """Carry out a run, wholly or not at all, and put it into the document's undo list."""
    with forgetting(window.document):
        do_all(run.work, window.document, window.desktop)
        try:
            run.record.keep()
        except BaseException:
            undo_all(run.work, window.document, window.desktop)
            raise
    action = _Action(window, run)
    window.document.UndoManager.addUndoAction(action)
    action.armed = True


def _undo(window: DocumentWindow, run: CarriedOut) -> None:
    """Undo a run that was undone in Calc's list, and let it be redone there."""
    with forgetting(window.document):
        undo_all(run.work, window.document, window.desktop)
        run.record.forget()
    action = _Action(window, run)
    manager = window.document.UndoManager
    manager.addUndoAction(action)
    manager.undo()  # not armed yet: it only moves to what can be redone
    action.armed = True


@contextlib.contextmanager
def forgetting(document: Any) -> Iterator[None]:
    """Empty Calc's undo list at the end, whatever Calc noted."""
    try:
        yield
    finally:
        document.UndoManager.clear()


class _Action(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """A run in the document's undo list; undo and redo do nothing until it is `armed`."""

    def __init__(self, window: DocumentWindow, run: CarriedOut) -> None:
        self.Title = run.record.title
        self._window, self._run = window, run
        self.armed = False

    def undo(self) -> None:
        """Undo the run, a moment later."""
        self._later(_undo)

    def redo(self) -> None:
        """Carry the run out again, a moment later."""
        self._later(carry_out)

    def _later(self, act: Callable[[DocumentWindow, CarriedOut], None]) -> None:
        if self.armed:
            self.armed = False
            self._window.later(partial(act, self._window, self._run))
