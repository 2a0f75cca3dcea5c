"""A template gives its look to every store's file; the contents of our own sheets are ours.

A template may be a store's returned file, saved anew by any program. A list (`ooxml.allowed`) says which parts of it
are carried over; no other part is.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.ooxml.allowed import changed_formula, keep_allowed, texts_of
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.changes import Change, Result
from xlsales.ooxml.patch import patch_sheet
from xlsales.store.contract import IDENTITY
from xlsales.store.sheet import TemplateFault


class TemplateFormulas(TemplateFault):
    """A template with formulas of its own in one of our sheets."""

    zh = "{file} 的“{sheet}”里有改过的公式({text})。请换一份没改过公式的下发文件做样板。"
    en = '{file}: sheet "{sheet}" has formulas that were changed ({text}). Take a handed-out file that kept them.'


class TemplateSheets(TemplateFault):
    """Sheets that people added to a template: they go into every store's file."""

    zh = "模板里另有表:{names},会进每一家的文件。如果不该给所有人看,请从模板里删掉,再下发一次。"
    en = "The template has other sheets: {names}. They go into every file. Delete them if not all may see them."


class TemplateTexts(TemplateFault):
    """Texts in our own sheets of a template that are not carried over."""

    zh = "模板的“{sheet}”里有 {count} 处自己写的内容没有带过来(如 {cell})。只带样式;给各家看的文字请放在另加的表里。"
    en = (
        'Sheet "{sheet}" of the template: {count:cells} with contents of its own {count:was|were} not carried over '
        "({cell}). A template gives the look; put texts for all stores on a sheet of their own."
    )


def take_contents(
    book: Book, fresh: Book, own: Mapping[str, SheetPart], slots: Mapping[str, set[Address]]
) -> list[tuple[str, int, str]]:
    """Give our own sheets the contents of a fresh workbook; `slots` are the cells that differ from store to store.

    Returns (sheet, how many, the first cell) of contents that a fresh workbook has no cell for.
    """
    without_place = []
    by_key = {str(fresh.cells(sheet).value(1, 1)): sheet for sheet in fresh.sheets}
    for key, sheet in own.items():
        cells, ours = book.cells(sheet), fresh.cells(by_key[IDENTITY + key])
        rows, columns = _matched(cells, ours, 0), _matched(cells, ours, 1)
        changes: dict[Address, Change] = {}
        beyond: list[Address] = []
        for at, cell in cells.items():
            counterpart = ours.get((rows.get(at[0], 0), columns.get(at[1], 0)))
            if at in slots.get(key, ()):
                if not cell.formula:
                    changes[at] = 0.0  # its own is written for each store
            elif counterpart is None or (counterpart.value is BLANK and not counterpart.formula):
                if cell.formula or cell.value is not BLANK:
                    changes[at] = BLANK
                    beyond.append(at)
            elif counterpart.formula:
                assert isinstance(counterpart.value, float | str)
                changes[at] = Result(counterpart.value)
            else:
                assert isinstance(counterpart.value, float | str | bool)
                changes[at] = counterpart.value
        package = book.package
        package.set(sheet.part, patch_sheet(package.read(sheet.part), changes, strings=book.strings))
        if beyond:
            row, column = min(beyond)
            without_place.append((sheet.title, len(beyond), a1.cell(row, column)))
    return without_place


def _matched(cells: SheetCells, ours: SheetCells, axis: int) -> dict[int, int]:
    """Return for each row (`axis` 0) or column (1) of a template's sheet that of a fresh sheet.

    It has the same key; without a key, it follows the one before.
    """

    def keys(of: SheetCells) -> dict[int, str]:
        return {at[axis]: cell.value for at, cell in of.items() if at[1 - axis] == 1 and isinstance(cell.value, str)}

    keys_of_template, keys_of_fresh = keys(cells), keys(ours)
    places: dict[str, int] = {}
    for index, name in sorted(keys_of_fresh.items()):
        places.setdefault(name, index)
    matched: dict[int, int] = {}
    last = max((at[axis] for at, _ in cells.items()), default=0)
    for index in range(1, last + 1):
        if key := keys_of_template.get(index):
            if (place := places.pop(key, None)) is not None:
                matched[index] = place
        elif index - 1 in matched and not keys_of_fresh.get(matched[index - 1] + 1):
            matched[index] = matched[index - 1] + 1
    return matched


def carry_over(book: Book, fresh: Book, own: Mapping[str, SheetPart]) -> None:
    """Keep only the allowed parts in a template's package. Raises TemplateFormulas; damage as `Package.parse`."""
    own_texts = texts_of(fresh)
    by_key = {str(fresh.cells(sheet).value(1, 1)): sheet for sheet in fresh.sheets}
    counterparts: dict[str, tuple[str, bool]] = {}
    for key, sheet in own.items():
        counterpart = by_key[IDENTITY + key]
        text = changed_formula(book.package.read(sheet.part), own_texts)
        if text:
            raise TemplateFormulas(file=book.package.file, sheet=sheet.title, text=text[:60])
        same = _layout(book.cells(sheet)) == _layout(fresh.cells(counterpart))
        counterparts[sheet.part] = counterpart.part, same
    keep_allowed(book, fresh, counterparts, own_texts)


def _layout(cells: SheetCells) -> list[tuple[Address, str]]:
    return sorted((at, cell.value) for at, cell in cells.items() if 1 in at and isinstance(cell.value, str))
