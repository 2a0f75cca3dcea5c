"""A run from Python: the workbook that it works on, and the day that it counts to."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from xlsales.book.snapshots import Snapshots
from xlsales.commands.asking import Past, SaidBeforehand
from xlsales.commands.document import Document, FileDocument
from xlsales.commands.job import Run
from xlsales.commands.said import check_paths, day_said
from xlsales.commands.verb import AS_OF, BOOK, OUT
from xlsales.core.faults import Fault
from xlsales.hosts.python.workbooks import MemoryDocument, OutOfMemory, as_workbook
from xlsales.values.cell import Labelled, NotADate

if TYPE_CHECKING:
    from openpyxl import Workbook


class NeedsFile(Fault):
    """A Workbook in memory where the plan's file is needed: files that were handed out are known by it."""

    zh = "下发和收回要用计划的文件,不能用内存里的 Workbook。请先 workbook.save(),再给出文件的路径。"
    en = "A hand-out, and what comes back, belongs to the plan's file, not to a Workbook. Save it, and give its path."


def run_of(
    document: Document,
    *,
    actuals: str | os.PathLike[str] | None = None,
    history: str | os.PathLike[str] | None = None,
    close: bool = False,
    yes: bool = False,
    rewrite: bool = False,
) -> Run:
    """Return a run on a document, now; the options are those of the command line."""
    past = Past.CLOSE if close else Past.REWRITE if rewrite else None
    return Run(document, moment(), SaidBeforehand(past, yes), _source(actuals), _source(history))


def _source(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)


def document_of(
    book: str | os.PathLike[str] | Workbook, out: str | os.PathLike[str] | None = None
) -> FileDocument | MemoryDocument:
    """Return the document of a path, with `out` None written in place; or that of a Workbook of openpyxl.

    Raises a Fault if a path cannot be one, if a Workbook has an `out`, or what MemoryDocument raises.
    """
    workbook = as_workbook(book)
    if workbook is None:
        path, other = Path(cast("str", book)), None if out is None else Path(out)
        check_paths((BOOK, OUT), {"book": path, "out": other})
        return FileDocument(path, versions(), other)
    if out is not None:
        raise OutOfMemory()
    return MemoryDocument(workbook)


def file_of(book: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> FileDocument:
    """Return the document of a path. Raises NeedsFile of a Workbook, else as `document_of`."""
    if as_workbook(book) is not None:
        raise NeedsFile()
    return cast("FileDocument", document_of(book, out))


def versions() -> Snapshots:
    """Return where the versions before the last runs are kept."""
    return Snapshots.of_user()


def moment() -> dt.datetime:
    """Return the time of a run, in whole seconds."""
    return dt.datetime.now().replace(microsecond=0)


def day_of(said: dt.date | str | None, document: Document, name: str = "as_of") -> dt.date | None:
    """Return a day that an argument has as a date, a time or a text. Raises NotADate."""
    if isinstance(said, str):
        return day_said(said, AS_OF._replace(name=name), document.content)
    day = said.date() if isinstance(said, dt.datetime) else said
    if day is not None and type(day) is not dt.date:  # NaT of pandas is a datetime, and its date is NaT
        raise NotADate(where=Labelled(name), found=str(said))
    return day
