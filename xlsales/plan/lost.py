"""What a plan has lost or misplaced: names, tables, sheets to fill in; and where each belongs, without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from xlsales.book.keyed import written_sheets
from xlsales.core import a1
from xlsales.core.faults import Lang, Place
from xlsales.core.text import identity
from xlsales.layout.settings_sheet import WORKBOOK_GROUP
from xlsales.ooxml.book import Area, Book, SheetPart
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.contents import set_defined_name
from xlsales.ooxml.tables import add_table, has_filter
from xlsales.plan.input_cells import Cells
from xlsales.plan.keyless import identity_in
from xlsales.plan.lost_settings import labels_of
from xlsales.plan.lost_sheets import add_blank, title_of
from xlsales.plan.sheets import SHEETS as WRITTEN
from xlsales.vocabulary.contract import SHEET_NAMES, SHEETS, Word, all_settings
from xlsales.vocabulary.plan_tables import EARLIER_TITLES, TABLES, InputTable

Kind = Literal["name", "moved", "table", "sheet"]
"""A name that is gone, a name that is at another cell than its own, a table, a sheet to fill in."""
_PASTED = ("history", "actuals")
_INPUTS = ("settings", "dimensions", "locks", "calendar", "actuals")
"""The sheets without which a plan cannot be split; past sales may be elsewhere, or not be used."""


class Lost(Struct, frozen=True):
    """A part that is gone or misplaced; `area` is where it belongs, None if the workbook does not say that."""

    name: str
    label: Word
    kind: Kind
    area: Area | None = None
    sheet: str = ""
    """Of a sheet its key, of a table that of its sheet."""

    @property
    def place(self) -> Place | None:
        """The first cell of the area."""
        return Place(self.area.sheet, self.area.row, self.area.column) if self.area else None

    @property
    def restorable(self) -> bool:
        """Whether a repair gives it back; a sheet to fill in comes back without what was in it."""
        return self.area is not None or self.kind == "sheet"


def lost_parts(book: Book) -> list[Lost]:
    """Return what is gone or misplaced.

    That is a name with its label still there, or of a cell that has to be filled in; a name at the cell of another
    label; the name of a sheet; a table; a sheet to fill in. Nothing is gone of a workbook that is no plan.
    """
    if not is_plan(book):
        return []
    others = {title_of(book, key) for key in ("guide", "functions", *_PASTED)}
    every = [(one, book.cells(one)) for one in book.sheets if one.has_cells and one.title not in others]
    inputs = [(sheet, cells) for sheet, cells in every if not identity_in(cells)]
    tables, names = list(_tables(book, inputs)), list(_settings(book, inputs))
    gone = _sheets_gone(book, tables, names)
    of_others = [one for one in (*names, *tables) if one.restorable or one.sheet not in gone]
    blank = [Lost(SHEET_NAMES[key], SHEETS[key], "sheet", sheet=key) for key in gone]
    return [*of_others, *_names_of_inputs(book), *_names_of_written(book, every), *blank]


def is_plan(book: Book) -> bool:
    """Whether a workbook has any name of an input cell, or any table to fill in, of a plan; or all its main labels.

    The name of the language is not enough: a store's workbook has it too.
    """
    names = (setting.name for setting in all_settings().values())
    if any(map(book.area, names)) or any(book.table(table.name) for table in TABLES):
        return True
    required = [labels_of(setting) for setting in all_settings().values() if setting.required]
    for title in (SHEETS["settings"].zh, SHEETS["settings"].en):
        sheet = book.sheet(title)
        if sheet is not None and sheet.has_cells:
            texts = {_label(cell.value) for cell in book.cells(sheet).values() if isinstance(cell.value, str)}
            return all(labels & texts for labels in required)
    return False


def put_back(book: Book, lost: Lost, lang: Lang) -> None:
    """Give a name or a table back to the cells where it belongs, which stay as they are; or add a blank sheet."""
    if lost.kind == "sheet":
        add_blank(book, lost.sheet, lang)
        return
    assert lost.area is not None  # it is restorable
    if lost.kind == "table":
        add_table(book, lost.name, lost.area)
    else:
        reference = a1.on_sheet(lost.area.sheet, a1.cell(lost.area.row, lost.area.column, "both"))
        set_defined_name(book, lost.name, reference)


_Sheets = list[tuple[SheetPart, SheetCells]]


def _label(text: str) -> str:
    return identity(text.removesuffix("*"))


def _called(book: Book, sheets: _Sheets, key: str) -> _Sheets:
    """The sheet of inputs of that key, by its name or title; if it has neither any more, all that are no other one."""
    title = title_of(book, key)
    others = {title_of(book, other) for other in SHEETS if other != key}
    return [(sheet, cells) for sheet, cells in sheets if sheet.title == title or not (title or sheet.title in others)]


def _settings(book: Book, sheets: _Sheets) -> Iterator[Lost]:
    """Names of cells of 设置 that are gone, or at another cell although their own label is there."""
    taken, shown = {(area.sheet, area.first) for area in book.names.values()}, Cells(book)
    for setting in (*all_settings().values(), *WORKBOOK_GROUP.settings):
        labels = labels_of(setting)
        areas = [
            Area(sheet.title, row, column + 1, row, column + 1)
            for sheet, cells in _called(book, sheets, "settings")
            for (row, column), cell in cells.items()
            if isinstance(cell.value, str) and _label(cell.value) in labels
        ]
        now = book.area(setting.name)
        if now is not None:
            at = shown.cell_of(setting.name)
            beside = shown.labelled(at) if at is not None else None
            if len(areas) == 1 and now not in areas and beside != setting.key:
                yield Lost(setting.name, setting.label, "moved", areas[0])
            continue
        free = [area for area in areas if (area.sheet, area.first) not in taken]
        if free or setting.required:
            yield Lost(setting.name, setting.label, "name", free[0] if len(free) == 1 else None, "settings")


def _names_of_inputs(book: Book) -> Iterator[Lost]:
    """Names of the sheets that a person fills in and of the guide; an earlier plan has those of pasted sheets only."""
    linked = any(b"xs_sheet_" in book.package.read(sheet.part) for sheet in map(book.sheet, _linking(book)) if sheet)
    for key, name in SHEET_NAMES.items():
        title = title_of(book, key)
        if book.area(name) is None and title and (key in _PASTED or linked):
            yield Lost(name, SHEETS[key], "name", Area(title, 1, 1, 1, 1), key)


def _linking(book: Book) -> list[str]:
    return [title for key in ("guide", "settings") if (title := title_of(book, key))]


def _names_of_written(book: Book, sheets: _Sheets) -> Iterator[Lost]:
    """Names of written sheets that have their identity still."""
    known = set(written_sheets(book))
    names = {name.lower() for name in book.names}
    for sheet, cells in sheets:
        own = identity_in(cells)
        if own is None or own[0] in known:  # also a copy, or an old one that was kept
            continue
        known.add(own[0])
        kind = next((k for k in WRITTEN if own[0] == k.identity or own[0].startswith(f"{k.identity}:")), None)
        if kind is not None:
            free = (kind.name.format(n=n) if kind.several else kind.name for n in range(1, len(book.sheets) + 2))
            name = next((one for one in free if one.lower() not in names), None)
            if name is not None:
                names.add(name.lower())
                yield Lost(name, Word(sheet.title, sheet.title), "name", Area(sheet.title, *own[1], *own[1]))


def _sheets_gone(book: Book, tables: list[Lost], names: list[Lost]) -> list[str]:
    """The keys of sheets to fill in that are in the workbook no more, under whatever title."""
    lost_tables = {one.name for one in tables if one.area is None}
    gone = []
    for key in _INPUTS:
        own = [table.name for table in TABLES if table.sheet == key]
        if title_of(book, key) or any(name not in lost_tables for name in own):
            continue
        if key == "settings" and any(map(book.area, (setting.name for setting in all_settings().values()))):
            continue
        if key == "settings" and any(one.area is not None for one in names):
            continue
        if key == "actuals" and _reads_file(book, "actuals"):
            continue
        gone.append(key)
    return gone


def _reads_file(book: Book, key: str) -> bool:
    cells = Cells(book)
    at = cells.cell_of(all_settings()[f"{key}_file"].name)
    return at is not None and bool(cells.content(at))


def _tables(book: Book, sheets: _Sheets) -> Iterator[Lost]:
    others = [table.area for table in book.tables.values()]
    for table in TABLES:
        if book.table(table.name) is not None:
            continue
        areas = [
            area
            for sheet, cells in _called(book, sheets, table.sheet)
            for area in _areas(sheet, cells, table)
            if not any(_overlap(area, other) for other in others)
        ]
        clear = len(areas) == 1 and not has_filter(book, areas[0]) and not _goes_on(book, areas[0])
        yield Lost(table.name, table.label, "table", areas[0] if clear else None, table.sheet)


def _areas(sheet: SheetPart, cells: SheetCells, table: InputTable) -> Iterator[Area]:
    """The blocks of cells under all headers of a table, side by side in their order; they end above a blank row."""
    width = len(table.columns)
    for (row, column), cell in cells.items():
        for lang in ("zh", "en"):
            headers = [one.label[lang] for one in table.columns]
            if cell.value != headers[0]:
                continue
            found = [cells.get((row, column + i)) for i in range(width)]
            if [one.value if one else None for one in found] != headers:
                continue
            last = row + 1
            while any((one := cells.get((last + 1, column + i))) and one.value is not BLANK for i in range(width)):
                last += 1
            yield Area(sheet.title, row, column, last, column + width - 1)
            break


def _goes_on(book: Book, area: Area) -> bool:
    """Whether there is more below the blank row that ends an area: rows of the table, or of something else.

    The title of another table ends it too.
    """
    sheet = book.sheet(area.sheet)
    titles = {identity(label) for table in TABLES for label in (table.label.zh, table.label.en)} | {
        identity(title) for title in EARLIER_TITLES
    }
    starts = {table.area.row for table in book.tables.values() if table.area.sheet == area.sheet}
    for (row, column), cell in sorted(book.cells(sheet).items()) if sheet else ():
        if row <= area.last_row or not area.column <= column <= area.last_column or cell.value is BLANK:
            continue
        return not (row in starts or row + 1 in starts or identity(str(cell.value)) in titles)
    return False


def _overlap(one: Area, other: Area) -> bool:
    return (
        one.sheet == other.sheet
        and one.row <= other.last_row
        and other.row <= one.last_row
        and one.column <= other.last_column
        and other.column <= one.last_column
    )
