"""A run from Python: the workbook that it works on, and the day that it counts to."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from xlsales.book.snapshots import Snapshots
from xlsales.commands.asking import Past, SaidBeforehand
from xlsales.commands.document import Document, FileDocument
from xlsales.commands.job import Run
from xlsales.commands.said import day_said
from xlsales.commands.verb import AS_OF


def run_of(
    document: Document,
    *,
    actuals: str | os.PathLike[str] | None = None,
    history: str | os.PathLike[str] | None = None,
    close: bool = False,
    yes: bool = False,
) -> Run:
    """Return a run on a document, now; the options are those of the command line."""
    past = Past.CLOSE if close else Past.REWRITE if yes else None
    now = dt.datetime.now().replace(microsecond=0)
    return Run(document, now, SaidBeforehand(past, yes), _source(actuals), _source(history))


def _source(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)


def document_of(book: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Document:
    """Return the document of a path; `out` None means that it is written in place."""
    return FileDocument(Path(book), Snapshots.of_user(), None if out is None else Path(out))


def day_of(as_of: dt.date | str | None, document: Document) -> dt.date | None:
    """Return a day that was given as a date, a time or a text. Raises NotADate."""
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    return day_said(as_of, AS_OF, document.content) if isinstance(as_of, str) else as_of
