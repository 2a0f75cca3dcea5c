"""What a plan has lost, names of input cells and tables, and where each can be put back without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsales.core import a1
from xlsales.core.faults import Place
from xlsales.core.text import identity
from xlsales.layout.settings_sheet import WORKBOOK_GROUP
from xlsales.ooxml.book import Area, Book, Sheet
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.contents import set_defined_name
from xlsales.ooxml.tables import add_table, has_filter
from xlsales.vocabulary.contract import EARLIER_LABELS, OUT_PREFIX, SHEETS, Word, all_settings
from xlsales.vocabulary.plan_tables import EARLIER_TITLES, T_DIMENSIONS, TABLES, InputTable


@dataclass(frozen=True)
class Lost:
    """A name or a table that is gone; `area` is where it belongs, None if the workbook does not say that."""

    name: str
    label: Word
    is_table: bool
    area: Area | None

    @property
    def place(self) -> Place | None:
        """The first cell of the area."""
        return Place(self.area.sheet, self.area.row, self.area.column) if self.area else None


def lost_parts(book: Book) -> list[Lost]:
    """Return what is gone: a name with its label still there, or of a cell that has to be filled in; a table with its
    headers still there, or that of the dimensions. Nothing is gone of a workbook that is no plan."""
    if not is_plan(book):
        return []
    sheets = [(sheet, book.cells(sheet)) for sheet in book.sheets if sheet.has_cells and not _is_written(book, sheet)]
    return [*_names(book, sheets), *_tables(book, sheets)]


def is_plan(book: Book) -> bool:
    """Whether a workbook has any name of an input cell, or any table to fill in, of a plan.

    The name of the language is not enough: a store's workbook has it too.
    """
    names = (setting.name for setting in all_settings().values())
    return any(map(book.area, names)) or any(book.table(table.name) for table in TABLES)


def put_back(book: Book, lost: Lost) -> None:
    """Give a name or a table back to the cells where it belongs; the cells stay as they are."""
    assert lost.area is not None
    if lost.is_table:
        add_table(book, lost.name, lost.area)
    else:
        reference = a1.on_sheet(lost.area.sheet, a1.cell(lost.area.row, lost.area.column, "both"))
        set_defined_name(book, lost.name, reference)


_Sheets = list[tuple[Sheet, SheetCells]]


def _is_written(book: Book, sheet: Sheet) -> bool:
    """Whether the program writes a sheet: labels on it are no inputs."""
    return any(name.lower().startswith(OUT_PREFIX) and area.sheet == sheet.title for name, area in book.names.items())


def _called(book: Book, sheets: _Sheets, key: str) -> _Sheets:
    """The sheet of inputs of that key: by its name or title; all of them if it has neither any more."""
    area = book.area(f"xs_sheet_{key}")
    titles = [area.sheet] if area else [SHEETS[key].zh, SHEETS[key].en]
    return [(sheet, cells) for sheet, cells in sheets if sheet.title in titles] or sheets


def _names(book: Book, sheets: _Sheets) -> Iterator[Lost]:
    taken = {(area.sheet, area.first) for area in book.names.values()}
    settings = (*all_settings().values(), *WORKBOOK_GROUP.settings)
    for setting in settings:
        if book.area(setting.name) is not None:
            continue
        labels = {identity(setting.label.zh), identity(setting.label.en)}
        labels |= {identity(label) for label, key in EARLIER_LABELS.items() if key == setting.key}
        areas = [
            Area(sheet.title, row, column + 1, row, column + 1)
            for sheet, cells in _called(book, sheets, "settings")
            for (row, column), cell in cells.items()
            if isinstance(cell.value, str)
            and identity(cell.value.removesuffix("*")) in labels
            and (sheet.title, (row, column + 1)) not in taken
        ]
        if areas or setting.required:
            yield Lost(setting.name, setting.label, False, areas[0] if len(areas) == 1 else None)


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
        if areas or table is T_DIMENSIONS:
            clear = len(areas) == 1 and not has_filter(book, areas[0]) and not _goes_on(book, areas[0])
            yield Lost(table.name, table.label, True, areas[0] if clear else None)


def _areas(sheet: Sheet, cells: SheetCells, table: InputTable) -> Iterator[Area]:
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
