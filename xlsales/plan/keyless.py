"""Which written sheets of a workbook have lost their hidden keys, or are gone."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.core.expressions import expression
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import SheetCells
from xlsales.plan.sheets import SHEETS

_KEY = expression(r"(total|proof)$|(m|proof|stretch|unassigned|short):|#|\d")
"""The keys of rows of a sheet with targets, by how they begin."""


_CORNER = 12
"""The identity of a written sheet is in its first so many rows and columns."""


def identity_in(cells: SheetCells) -> tuple[str, tuple[int, int]] | None:
    """Return the identity of a written sheet, and its cell; None for other sheets."""
    for row in (row for row in cells.rows if row <= _CORNER):
        for column, cell in cells.row(row).items():
            if column <= _CORNER and isinstance(cell.value, str) and cell.value.startswith(IDENTITY):
                return cell.value, (row, column)
    return None


def sheets_without_keys(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the name and the title of each sheet that has lost keys; without a title if the sheet is gone.

    A sheet with its identity has lost keys if a row of numbers below the targets has none.
    """
    written = written_sheets(book)
    names = {sheet.name for sheet in written.values()}
    taken = {sheet.title for sheet in written.values()}
    for element in book.defined_names():
        name = element.get("name", "")
        kind = next((one for one in SHEETS if _is_named(name, one.name)), None)
        if kind is None or name in names or element.get("localSheetId") is not None:
            continue
        area, others = book.area(name), [sheet for sheet in book.sheets if sheet.title not in taken and sheet.has_cells]
        starts = tuple(word.partition("{")[0] for word in (kind.title.zh, kind.title.en))
        called = [one for one in others if (one.title.startswith(starts) if kind.several else one.title in starts)]
        if area is None and any(_has_identity(book, one) for one in called):
            continue  # its name alone is lost
        yield name, area.sheet if area is not None else next((one.title for one in called), "")
    keeping = tuple(sheet.identity for sheet in SHEETS if sheet.keeps_targets)
    for sheet in written.values():
        if sheet.identity.startswith(keeping) and _lacks_keys(sheet):
            yield sheet.name, sheet.title


def _has_identity(book: Book, sheet: SheetPart) -> bool:
    return identity_in(book.cells(sheet)) is not None


def _is_named(name: str, pattern: str) -> bool:
    stem, _, number = pattern.partition("{")
    return name.startswith(stem) and name.removeprefix(stem).isdigit() if number else name == pattern


def _lacks_keys(sheet: WrittenSheet) -> bool:
    target = sheet.columns.get("target")
    if target is None:
        return True
    return any(not _KEY.match(key) and isinstance(sheet.cells.value(row, target), float) for row, key in sheet.keyed)
