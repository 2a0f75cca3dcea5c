"""How a new cell looks beside what a person made: like a cell of its column, else one of a few looks of ours."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal

from xlsales.core.a1 import Address
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.package import Package

Look = Literal["header", "text", "date", "amount"]

LOOKS: dict[Look, dict[str, Any]] = {
    "header": {"bold": True, "font_color": look.INK, "bg_color": look.PALE},
    "text": {"valign": "vcenter"},
    "date": {"valign": "vcenter", "num_format": "yyyy-mm-dd"},
    "amount": {"valign": "vcenter", "num_format": "#,##0.00"},
}
"""XlsxWriter properties of each look, beside the language's font."""


def style_indexes(
    book: Book, sheet: SheetPart, like: Mapping[Address, Address], looks: Mapping[Address, Look], lang: Lang
) -> dict[Address, int]:
    """Return the style index of each new cell; looks that the book does not have are added to its styles.

    A date is put into the format of its model only if that shows dates.
    """
    models: dict[Address, int | None] = {}
    if like:
        cells = book.some_cells(sheet)
        models = {at: cell.style if (cell := cells.get(at)) else None for at in sorted(set(like.values()))}
    styles = {at: style for at, model in like.items() if (style := models[model]) is not None}
    styles = {at: style for at, style in styles.items() if looks.get(at) != "date" or book.styles.is_date(style)}
    missing = {at: look_of_it for at, look_of_it in looks.items() if at not in styles}
    fresh = _added(book, set(missing.values()), lang)
    return styles | {at: fresh[look_of_it] for at, look_of_it in missing.items()}


def _added(book: Book, looks: set[Look], lang: Lang) -> dict[Look, int]:
    if not looks or book.related("styles") is None:
        return dict.fromkeys(looks, 0)
    from xlsales.layout.writer import Formats, new_workbook  # a refresh need not load the writer

    stream = io.BytesIO()
    workbook = new_workbook(stream, lang)
    worksheet, formats = workbook.add_worksheet(), Formats(workbook, lang)
    order = sorted(looks)
    for row, name in enumerate(order):
        worksheet.write_string(row, 0, name, formats.text(**LOOKS[name]))
    workbook.close()
    giver = Book(Package.of_bytes(stream.getvalue(), "scratch.xlsx"))
    theirs = {row: cell.style for (row, _), cell in giver.cells(giver.sheets[0]).items()}
    indexes = book.styles.take(giver.styles, theirs.values())
    return {name: indexes[theirs[row]] for row, name in enumerate(order, 1)}
