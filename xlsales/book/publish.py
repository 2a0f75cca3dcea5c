"""Carrying out edits in a workbook's file: values into cells that are there, new sheets beside them."""

from __future__ import annotations

from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits, TableReaches
from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.book.looks import style_indexes
from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout.model import SheetModel
from xlsales.ooxml import xml
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.carried import Moved, SheetLook, carry_look, look_of
from xlsales.ooxml.changes import Typed
from xlsales.ooxml.contents import ask_calculation, set_defined_name, set_print_area, trade_places
from xlsales.ooxml.graft import Placement, graft
from xlsales.ooxml.patch import patch_sheet, patched
from xlsales.ooxml.sheet_xml import at_least
from xlsales.ooxml.tables import follow_in_sheet, follow_rows
from xlsales.ooxml.views import open_on


def publish(book: Book, edits: Edits, lang: Lang) -> None:
    """Carry out `edits`, which were planned on this book; its package is changed, not yet saved."""
    for reaches in edits.tables:
        table = book.table(reaches.name)
        if table is not None:
            follow_in_sheet(book, table, reaches.last_row - table.totals_rows)
    formulas_lost = []  # the calculation chain may list them
    for cells in edits.cells:
        sheet = book.sheet(cells.title)
        assert sheet is not None  # the edits were planned on this book
        _enter(book, sheet, cells, lang)
        if cells.drops_formulas:
            formulas_lost.append(sheet)
    for reaches in edits.tables:
        _reach(book, reaches)
    if edits.inputs:
        from xlsales.layout.input_sheets import render_input_sheet

        for added in edits.inputs:
            scratch = render_input_sheet(added.title, added.table, added.rows, lang)
            graft(book, scratch, [Placement(added.title, added.title, before=edits.before)])
    if edits.sheets:
        from xlsales.layout.render import render  # a refresh in place need not load the writer

        # a sheet that is kept trades places: the new contents take its place, the old ones the new sheet's
        models = [replace(edit.model, title=edit.kept or edit.model.title) for edit in edits.sheets]
        placements = [
            Placement(edit.kept, edit.kept)
            if edit.kept
            else Placement(
                edit.model.title,
                edit.model.title,
                edit.model.title if edit.replaces else None,
                edit.model.name,
                "" if edit.model.archive else edits.before,
            )
            for edit in edits.sheets
        ]
        looks = {edit.model.title: look_of(book, edit.like.sheet) for edit in edits.sheets if edit.like is not None}
        graft(book, render(models, lang, date1904=book.date1904), placements)
    for edit in edits.sheets:
        if edit.kept:
            trade_places(book, edit.model.title, edit.kept)
            set_defined_name(book, edit.model.name, a1.on_sheet(edit.model.title, "$A$1"))
        if edit.like is not None:
            _carry_look(book, edit.like, looks[edit.model.title], edit.model)
    for page in edits.pages:
        set_print_area(book, page.title, page.area)
        set_defined_name(book, page.name, a1.on_sheet(page.title, "$A$1"))
    if edits.opens_on:
        open_on(book, edits.opens_on)
    if book.package.changed:
        ask_calculation(book, formulas_lost)


def _carry_look(book: Book, old: WrittenSheet, look: SheetLook, model: SheetModel) -> None:
    """Give a sheet that was written anew the look of the old one."""
    sheet = written_sheets(book).get(model.identity)
    if sheet is None:
        return
    moved = Moved(
        {row: sheet.rows[key] for key, row in old.rows.items() if key in sheet.rows},
        {column: sheet.columns[key] for key, column in old.columns.items() if key in sheet.columns},
    )
    carry_look(book, sheet.sheet, look, moved)


def _enter(book: Book, sheet: SheetPart, cells: CellEdits, lang: Lang) -> None:
    """Put new values into a sheet."""
    cells = cells.with_totals()
    like = {**{at: one.like for at, one in cells.formulas.items()}, **cells.like}
    styles = style_indexes(book, sheet, like, cells.looks, lang)
    old = book.package.read(sheet.part)
    changes = {**cells.cells, **{at: Typed(one.formula) for at, one in cells.formulas.items()}}
    if cells.rows is None:
        new = patch_sheet(old, changes, styles=styles, strings=book.strings)
        book.package.set(sheet.part, at_least(new, cells.heights) if cells.heights else new)
        return
    row = int(cells.rows.block.rows[0])
    models = {(row, column): model for column, model in cells.rows.like.items()}
    looks = {(row, column): look for column, look in cells.rows.looks.items()}
    by_column = {at[1]: style for at, style in style_indexes(book, sheet, models, looks, lang).items()}
    pieces = patched(old, changes, styles=styles, strings=book.strings, rows=cells.rows.block, row_styles=by_column)
    if pieces is not None:
        book.package.set_pieces(sheet.part, pieces)


def _reach(book: Book, reaches: TableReaches) -> None:
    """Let a table, its filter and what it is sorted by reach down to a row."""
    table = book.table(reaches.name)
    if table is None or table.area.last_row == reaches.last_row:
        return
    root = book.package.parse(table.part)
    last_of_rows = reaches.last_row - table.totals_rows
    follow_rows(book, table, last_of_rows)
    root.set("ref", _down_to(root.get("ref", ""), reaches.last_row))
    for name in ("autoFilter", "sortState", "sortCondition"):
        for element in root.iter(xml.main(name)):
            element.set("ref", _down_to(element.get("ref", ""), last_of_rows))
    book.package.set(table.part, xml.serialise(root))
    book.reload()


def _down_to(reference: str, row: int) -> str:
    """Return a block of cells (`A1:B2`) that ends in another row."""
    first, _, last = reference.partition(":")
    return f"{first}:{(last or first).rstrip('0123456789')}{row}"
