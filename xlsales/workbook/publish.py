"""Carrying out edits in a workbook's file: values into cells that are there, new sheets beside them."""

from __future__ import annotations

from dataclasses import replace

from xlsales.core.faults import Lang
from xlsales.workbook.edits import Edits
from xlsales.workbook.file.book import Book
from xlsales.workbook.file.contents import ask_calculation, set_defined_name, trade_places
from xlsales.workbook.file.formulas import quote_title
from xlsales.workbook.file.graft import Placement, graft
from xlsales.workbook.file.patch import patch_sheet


def publish(book: Book, edits: Edits, lang: Lang) -> None:
    """Carry out `edits`, which were planned on this book; its package is changed, not yet saved."""
    formulas_lost = []  # the calculation chain may list them
    for cells in edits.cells:
        sheet = book.sheet(cells.title)
        assert sheet is not None  # the edits were planned on this book
        book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), cells.cells, strings=book.strings))
        if cells.drops_formulas:
            formulas_lost.append(sheet)
    if edits.sheets:
        from xlsales.workbook.layout.render import render  # a refresh in place need not load the writer

        # a sheet that is kept trades places: the new contents take its place, the old ones the new sheet's
        models = [replace(edit.model, title=edit.kept or edit.model.title) for edit in edits.sheets]
        placements = [
            Placement(edit.kept, edit.kept)
            if edit.kept
            else Placement(
                edit.model.title, edit.model.title, edit.model.title if edit.replaces else None, edit.model.name
            )
            for edit in edits.sheets
        ]
        graft(book, render(models, lang), placements)
    for edit in edits.sheets:
        if edit.kept:
            trade_places(book, edit.model.title, edit.kept)
            set_defined_name(book, edit.model.name, f"{quote_title(edit.model.title)}!$A$1")
    if book.package.changed:
        ask_calculation(book, formulas_lost)
