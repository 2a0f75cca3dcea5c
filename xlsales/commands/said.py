"""What a person said on the command line, before a verb begins: paths that lead somewhere, days that are days."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xlsales.commands.verb import Argument
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import FolderMissing, IsFile, IsFolder, look_for, look_for_folder
from xlsales.plan.input_cells import Cells
from xlsales.values.cell import Labelled, NotADate, day
from xlsales.values.date_text import DateBounds


def check_paths(arguments: Iterable[Argument], values: Mapping[str, Any]) -> None:
    """Raise a fault that names a path which is a folder instead of a file, or the reverse, or is in no folder."""
    for argument in arguments:
        path = values[argument.key]
        if not isinstance(path, Path):
            continue
        if argument.read:
            (look_for_folder if argument.kind == "folder" else look_for)(path)
        elif argument.kind == "folder":
            if os.path.exists(path) and not os.path.isdir(path):
                raise IsFile(folder=str(path))
        elif os.path.isdir(path):
            raise IsFolder(file=str(path))
        elif argument.kind != "book" and not os.path.isdir(path.parent):
            raise FolderMissing(folder=str(path.parent))


def day_said(text: str, argument: Argument, book: Path) -> date:
    """Return the day that a person wrote, `2026-08-31` or `8月31日`: without a year it is a day of the plan.

    Raises NotADate, or what reading the workbook raises.
    """
    where = Labelled(argument.name)
    try:
        found = day(text, where)
    except NotADate:
        found = day(text, where, span=_span(book))
    if found is None:
        raise NotADate(where=where, found=text)
    return found


def _span(path: Path) -> DateBounds:
    """The days of a plan, as far as they can be read."""
    book = Book.open(path)
    cells, ends = Cells(book), []
    for name in ("xs_start", "xs_end"):
        at = cells.cell_of(name)
        try:
            ends.append(day(cells.content(at, "date"), Labelled(name), date1904=book.date1904) if at else None)
        except NotADate:
            ends.append(None)
    return DateBounds(ends[0], ends[1])
