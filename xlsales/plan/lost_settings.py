"""Settings that a plan does not have, because an earlier version made it: a row for each below all that is in 设置."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core import a1
from xlsales.core.faults import Lang, Place
from xlsales.core.text import identity
from xlsales.layout.input_sheets import shown
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.changes import Change
from xlsales.ooxml.contents import set_defined_name
from xlsales.ooxml.patch import patch_sheet
from xlsales.plan.lost_sheets import title_of
from xlsales.vocabulary.contract import EARLIER_LABELS, Setting, Word, all_settings

_HEADING = Word("以后的版本新有的设置", "Settings of later versions")
_CHOICES = Word("{hint}。可填:{choices}", "{hint}. One of: {choices}")
_GAP = 3
"""Rows between what is there and the heading: rows directly below a table are its own."""


def labels_of(setting: Setting) -> set[str]:
    """Return the labels of a setting in this and in earlier templates, as identities."""
    earlier = {identity(label) for label, key in EARLIER_LABELS.items() if key == setting.key}
    return {identity(setting.label.zh), identity(setting.label.en)} | earlier


def settings_missing(book: Book) -> list[Setting]:
    """Return the settings of which a plan has neither the name nor the label; none of a workbook without any name."""
    sheet = book.sheet(title_of(book, "settings"))
    if sheet is None or not sheet.has_cells or _model(book, sheet.title) is None:
        return []
    texts = {
        identity(cell.value.removesuffix("*")) for cell in book.cells(sheet).values() if isinstance(cell.value, str)
    }
    return [
        setting
        for setting in all_settings().values()
        if book.area(setting.name) is None and not labels_of(setting) & texts
    ]


def add_settings(book: Book, settings: Sequence[Setting], lang: Lang) -> Place:
    """Write a row for each setting, with its name and the value that counted without it; return where they begin."""
    sheet = book.sheet(title_of(book, "settings"))
    model = None if sheet is None else _model(book, sheet.title)
    assert sheet is not None  # they are missing in it
    assert model is not None
    cells = book.cells(sheet)
    column, top = model[0][1], _last_row(book, sheet, cells) + _GAP
    changes: dict[a1.Address, Change] = {(top, column - 1): _HEADING[lang]}
    styles: dict[a1.Address, int] = {}
    for row, setting in enumerate(settings, top + 1):
        value = shown(setting.default, setting, lang)
        hint = setting.hint[lang]
        if setting.choices:
            choices = ("、" if lang == "zh" else ", ").join(word[lang] for word in setting.choices.values())
            hint = _CHOICES[lang].format(hint=hint, choices=choices)
        changes |= {(row, column - 1): setting.label[lang], (row, column + 1): hint}
        changes[row, column] = BLANK if value is None else value if isinstance(value, str) else float(str(value))
        like = model[1].get(setting.kind, model[0])
        for offset in (-1, 0, 1):
            beside = cells.get((like[0], like[1] + offset))
            if beside is not None:
                styles[row, column + offset] = beside.style
    xml = book.package.read(sheet.part)
    book.package.set(sheet.part, patch_sheet(xml, changes, styles=styles))
    for row, setting in enumerate(settings, top + 1):
        set_defined_name(book, setting.name, a1.on_sheet(sheet.title, a1.cell(row, column, "both")))
    return Place(sheet.title, top + 1, column - 1)


def _model(book: Book, title: str) -> tuple[a1.Address, dict[str, a1.Address]] | None:
    """The cell of a setting that is there, and one of each kind; None if there is none."""
    of_kind: dict[str, a1.Address] = {}
    for setting in all_settings().values():
        area = book.area(setting.name)
        if area is not None and area.sheet == title and area.column > 1:
            of_kind.setdefault(setting.kind, area.first)
    return (next(iter(of_kind.values())), of_kind) if of_kind else None


def _last_row(book: Book, sheet: SheetPart, cells: SheetCells) -> int:
    tables = [table.area.last_row for table in book.tables.values() if table.area.sheet == sheet.title]
    return max([*tables, *(row for row, _ in cells)], default=1)
