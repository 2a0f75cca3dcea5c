"""What a person has protected is not written: a run is refused before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.book.edits import Edits
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.ooxml.book import Book, SheetPart


class SheetProtected(Fault):
    """A sheet that has to be written is protected."""

    zh = "这张表受保护,无法写入。请在“审阅→撤销工作表保护”后再试。"
    en = "This sheet is protected and cannot be written. Unprotect it under Review, then try again."


class StructureProtected(Fault):
    """New sheets are needed, but the workbook's structure is protected."""

    zh = "工作簿的结构受保护,无法添加工作表。请在“审阅→保护工作簿”取消后再试。"
    en = "The workbook's structure is protected; no sheet can be added. Unprotect it under Review, then try again."


def refuse_protected(book: Book, edits: Edits) -> None:
    """Raise Refused if cells of a protected sheet, or new sheets of a protected workbook, are among the edits."""
    sheets = (book.sheet(cells.title) for cells in edits.cells)
    refuse(book, [sheet for sheet in sheets if sheet is not None], adds=bool(edits.added))


def refuse(book: Book, sheets: Sequence[SheetPart], *, adds: bool) -> None:
    """Raise Refused if one of the sheets is protected, or the workbook is and a run `adds` sheets."""
    problems = [Problem(Place(sheet.title), "", SheetProtected()) for sheet in sheets if book.protected(sheet)]
    if adds and book.structure_locked:
        problems.append(Problem(Place(book.package.file), "", StructureProtected()))
    if problems:
        raise Refused(problems)
