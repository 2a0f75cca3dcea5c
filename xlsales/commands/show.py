"""查看进度: the progress that is in the written sheets, as a table; nothing is read again, run or written."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.commands.progress_table import as_rows, as_table
from xlsales.core.faults import Fault, Listed
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.plan.inputs import language_of, refuse_other_workbooks
from xlsales.plan.targets import NotSplitYet

_OF_DIMENSION = f"{IDENTITY}dimension:"


class NoSheetOfDimension(Fault):
    """A dimension that has no sheet."""

    zh = "没有维度“{name}”的表。可以看:{names}。"
    en = 'There is no sheet of a dimension "{name}". You can see: {names}.'


def show(run: Run, dimension: str | None) -> Outcome:
    """Show the company's months, or the members of a dimension. Raises NotSplitYet, NoSheetOfDimension or NotAPlan."""
    path = run.document.content
    book = Book.open(path)
    refuse_other_workbooks(book, run.document.home)
    lang, sheets = language_of(path), written_sheets(book)
    if f"{IDENTITY}time" not in sheets:
        raise NotSplitYet()
    sheet = sheets[f"{IDENTITY}time"] if dimension is None else _of_dimension(sheets, dimension)
    table = as_table(sheet, lang)
    figures = {"sheet": sheet.title, "about": table.caption, "rows": as_rows(sheet, lang)}
    return Outcome("show", lang, run.document.target, False, (), figures=figures, table=table)


def _of_dimension(sheets: Mapping[str, WrittenSheet], name: str) -> WrittenSheet:
    by_dimension = {
        key.removeprefix(_OF_DIMENSION): sheet for key, sheet in sheets.items() if key.startswith(_OF_DIMENSION)
    }
    for dimension, sheet in by_dimension.items():
        if identity(name) in (identity(dimension), identity(sheet.title)):
            return sheet
    raise NoSheetOfDimension(name=name, names=Listed(by_dimension))
