"""Changes of single cells of a sheet that a person made, planned as values and applied to a file in one place."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from xlsales.core.faults import Lang, Place, Problem, Refused
from xlsales.workbook.file import xml
from xlsales.workbook.file.book import Book, Sheet
from xlsales.workbook.file.contents import ask_calculation
from xlsales.workbook.file.package import Package
from xlsales.workbook.file.patch import Change, patch_sheet
from xlsales.workbook.layout import look
from xlsales.workbook.publish import SheetProtected

Address = tuple[int, int]
Look = Literal["header", "text", "date", "amount"]
"""How a new cell is shown where no cell above it shows the way."""


@dataclass(frozen=True)
class SheetEdits:
    """New values of cells (row, column), 1-based.

    A cell that is there keeps its format. A new one takes the format of the cell at `like`, or the look of `looks`.
    `table` is an Excel table that shall reach down to row `table_to`, where it is shorter.
    """

    sheet: str
    changes: Mapping[Address, Change]
    like: Mapping[Address, Address] = field(default_factory=dict)
    looks: Mapping[Address, Look] = field(default_factory=dict)
    table: str | None = None
    table_to: int = 0


def apply_edits(book: Book, edits: Sequence[SheetEdits], lang: Lang) -> bool:
    """Write the changes into the package; tell whether anything differs. Raises Refused for a protected sheet."""
    todo = [(edit, sheet) for edit in edits if edit.changes and (sheet := book.sheet(edit.sheet)) is not None]
    locked = [Problem(Place(sheet.title), "", SheetProtected()) for _, sheet in todo if book.protected(sheet)]
    if locked:
        raise Refused(locked)
    changed = [sheet for edit, sheet in todo if _apply(book, edit, sheet, lang)]
    if changed:
        ask_calculation(book, changed)
        book.reload()
    return bool(changed)


def _apply(book: Book, edit: SheetEdits, sheet: Sheet, lang: Lang) -> bool:
    old = book.package.read(sheet.part)
    cells = book.cells(sheet) if edit.like else {}
    styles = {at: cells[model].style for at, model in edit.like.items() if model in cells}
    styles = {at: style for at, style in styles.items() if edit.looks.get(at) != "date" or book.styles.is_date(style)}
    drawn = _looks(book, {look_of_it for at, look_of_it in edit.looks.items() if at in edit.changes}, lang)
    styles |= {at: drawn[look_of_it] for at, look_of_it in edit.looks.items() if at not in styles}
    new = patch_sheet(old, edit.changes, styles=styles, strings=book.strings)
    if new is old:
        return False
    book.package.set(sheet.part, new)
    if edit.table is not None:
        _stretch(book, edit.table, edit.table_to)
    return True


def _looks(book: Book, wanted: set[Look], lang: Lang) -> dict[Look, int]:
    """Return the style index of each look, added to the book's styles where it is not there."""
    part = book.related("styles")
    if not wanted or part is None:
        return dict.fromkeys(wanted, 0)
    from xlsales.workbook.layout.render import Formats, new_workbook  # a refresh need not load the writer

    stream = io.BytesIO()
    workbook = new_workbook(stream, lang)
    worksheet, formats = workbook.add_worksheet(), Formats(workbook, lang)
    order = sorted(wanted)
    for row, name in enumerate(order):
        worksheet.write_string(row, 0, name, formats.text(**_LOOKS[name]))
    workbook.close()
    giver = Book(Package.of_bytes(stream.getvalue(), "scratch.xlsx"))
    theirs = {row: cell.style for (row, _), cell in giver.cells(giver.sheets[0]).items()}
    taken = book.styles.take(giver.styles, theirs.values())
    if book.styles.changed:
        book.package.set(part, book.styles.to_bytes())
    return {name: taken[theirs[row]] for row, name in enumerate(order, 1)}


_LOOKS: dict[Look, dict[str, Any]] = {
    "header": {"bold": True, "font_color": look.INK, "bg_color": look.PALE},
    "text": {"valign": "vcenter"},
    "date": {"valign": "vcenter", "num_format": "yyyy-mm-dd"},
    "amount": {"valign": "vcenter", "num_format": "#,##0.00"},
}


def _stretch(book: Book, name: str, last_row: int) -> None:
    """Let a table, and its filter, reach down to a row."""
    table = book.table(name)
    if table is None or table.area.last_row >= last_row:
        return
    root = book.package.parse(table.part)
    for element in root.iter():
        reference = element.get("ref")
        if reference and str(element.tag).rpartition("}")[2] in ("table", "autoFilter"):
            first, _, last = reference.partition(":")
            element.set("ref", f"{first}:{last.rstrip('0123456789')}{last_row}")
    book.package.set(table.part, xml.serialise(root))
