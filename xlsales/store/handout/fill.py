"""Filling a template for one store after the other: what differs is written, every other byte is copied.

A template is any workbook that `template.write_store` wrote; the admin may have restyled it. Cells are found by the
keys in column A and row 1, sheets by their A1. The template is read once. If it is a person's, what all stores share is
brought up to date and entries are cleared. Then the XML of each keyed sheet is cut at the cells that differ. A store's
workbook is those pieces with its values between them. Other parts keep their compressed bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

from xlsales.book.keyed import KeyedSheet
from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed
from xlsales.ooxml import archive, relations
from xlsales.ooxml.archive import Refill
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.changes import Change
from xlsales.ooxml.checks import MAX_MEMBERS
from xlsales.ooxml.contents import ask_calculation
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet
from xlsales.store.handout.carried import TemplateSheets, TemplateTexts, carry_over, take_contents
from xlsales.store.handout.mould import Carried, Mould, Opening
from xlsales.store.handout.slots import Slots
from xlsales.store.sheet import HIDDEN_ROW, NotATemplate, TemplateOtherDays
from xlsales.store.sheets import BY_KEY, SHEETS
from xlsales.store.targets import Figure, Key, Store, StoreTerms
from xlsales.store.template import StoreCells, write_store
from xlsales.values.serials import to_serial


class Filler:
    """A template made ready for the stores of one plan.

    The template is a workbook of that plan as `write_store` gives it; a `foreign` one may have been restyled or filled
    in. `terms` are those of the template: without tables by dimension if it has no sheet for them, with as many rows of
    each as it has.
    """

    def __init__(self, template: bytes, terms: StoreTerms, file: str, *, foreign: bool = False) -> None:
        self._file, self._span = file, terms
        self._book = Book(Package.of_bytes(template, file))
        self._read: dict[str, SheetCells] = {}
        self._sheets = self._find_sheets()
        self._span = self._fitted(terms)
        self._cells = StoreCells(self._span)
        self.faults: list[Fault] = []
        if foreign:
            self._bring_up_to_date()
            self._leave_behind(Book(Package.of_bytes(write_store(self._span, Store.blank(self._span)))))
        ask_calculation(self._book, self._sheets.values())
        self._forget_chart_figures()
        package = self._book.package
        source = io.BytesIO(package.to_bytes())
        members = archive.read_directory(source, MAX_MEMBERS)
        names = {member.name.casefold(): member.name for member in members}
        self._names = {sheet: names[self._sheets[sheet].part.casefold()] for sheet in self._cells.keys}
        slots = {
            name: Slots(package.read(name), self._addresses(sheet), self._cells.fixed[sheet])
            for sheet, name in self._names.items()
        }
        self.mould = Mould(Refill(source, members, slots), slots)

    @classmethod
    def of_plan(cls, terms: StoreTerms) -> Filler:
        """Make our own template ready; it is of no store, so nothing of one store is in the file of another."""
        return cls(write_store(terms, Store.blank(terms)), terms, "xlsales")

    @classmethod
    def of_file(cls, path: Path, terms: StoreTerms) -> Filler:
        """Make the template in a file ready (faults: those of `Package.open`, and the above)."""
        return cls(Package.open(path).to_bytes(), terms, path.name, foreign=True)

    @property
    def terms(self) -> StoreTerms:
        """The terms of the template."""
        return self._span

    def contents(self, store: Store) -> dict[str, Carried]:
        """Return what a store has in the sheets of the mould."""
        values = self._cells.values(store)
        return {name: Carried(values[sheet], self._opening(sheet, store)) for sheet, name in self._names.items()}

    def fill(self, store: Store) -> bytes:
        """Return a store's workbook; the same values give the same bytes."""
        return self.mould.filled(self.contents(store))

    def _cells_of(self, title: str) -> SheetCells:
        """Return the cells of a sheet as the template has them."""
        if title not in self._read:
            sheet = self._book.sheet(title)
            assert sheet is not None
            self._read[title] = self._book.cells(sheet)
        return self._read[title]

    # --- finding ----------------------------------------------------------------------------

    def _find_sheets(self) -> dict[str, SheetPart]:
        sheets: dict[str, SheetPart] = {}
        keys = {sheet.identity: sheet.key for sheet in SHEETS}
        self._keyed: dict[str, KeyedSheet[SheetCells]] = {}
        for sheet in self._book.sheets:
            if not sheet.has_cells:
                continue
            cells = self._cells_of(sheet.title)
            key = keys.get(str(cells.value(1, 1)))
            if key is not None and key not in sheets:
                sheets[key], self._keyed[key] = sheet, KeyedSheet(sheet.title, 1, 1, cells)
        for own in SHEETS:
            if own.key not in sheets and not own.optional:
                raise NotATemplate(file=self._file, what=f"“{own.title[self._span.lang]}”")
            for name in own.names:
                if self._book.area(name) is None:
                    raise NotATemplate(file=self._file, what=name)
        return sheets

    def _fitted(self, terms: StoreTerms) -> StoreTerms:
        """Return the terms of the template. Raises the faults of sheets that do not fit the plan."""
        for own in SHEETS:
            terms = own.fit(self._keyed.get(own.key), terms, self._file)
        return terms

    def _addresses(self, sheet: str) -> list[Address]:
        return [self._address(sheet, key) for key in self._cells.keys[sheet]]

    def _address(self, sheet: str, key: Key) -> Address:
        rows, columns = self._keyed[sheet].rows, self._keyed[sheet].columns
        if key[0] not in rows:
            raise TemplateOtherDays(file=self._file, sheet=self._sheets[sheet].title, key=key[0])
        if key[1] == HIDDEN_ROW:
            return rows[key[0]], 0
        if key[1] not in columns:
            raise NotATemplate(file=self._file, what=f"{self._sheets[sheet].title}: {key[1]}")
        return rows[key[0]], columns[key[1]]

    # --- what all stores share ----------------------------------------------------------------

    def _bring_up_to_date(self) -> None:
        """Write the plan's calendar and settings, and clear the entries."""
        changes: dict[str, dict[Address, Change]] = {}
        for own in SHEETS:
            of_sheet = changes.setdefault(self._sheets[own.key].title, {}) if own.key in self._sheets else {}
            for cell, value in own.shared(self._span).items():
                of_sheet[self._address(own.key, cell)] = BLANK if value == "" else _change(value)
            for name, headers in own.entries.items():
                self._clear(name, headers, changes)
        for title, cells in changes.items():
            sheet = self._book.sheet(title)
            assert sheet is not None
            package = self._book.package
            package.set(sheet.part, patch_sheet(package.read(sheet.part), cells, strings=self._book.strings))

    def _opening(self, sheet: str, store: Store) -> Opening | None:
        """Return how a sheet opens: at the row that the store fills next."""
        opens_at = BY_KEY[sheet].opens_at
        if opens_at is None or self._span.handed is None:
            return None
        first, cell = opens_at(self._span, store)
        top, _ = self._address(sheet, (first, cell[1]))
        return Opening(top, a1.cell(*self._address(sheet, cell)))

    def _clear(self, name: str, headers: int, changes: dict[str, dict[Address, Change]]) -> None:
        area = self._book.area(name)
        assert area is not None
        for (row, column), cell in self._cells_of(area.sheet).items():
            inside = area.row + headers <= row <= area.last_row and area.column <= column <= area.last_column
            if inside and not cell.formula and cell.value is not BLANK:
                changes.setdefault(area.sheet, {})[row, column] = BLANK

    def _leave_behind(self, fresh: Book) -> None:
        """Carry over the allowed parts of a template, which may be a store's filled file."""
        own = self._sheets
        slots = {sheet: {at for at in self._addresses(sheet) if at[1]} for sheet in self._cells.keys}
        for title, count, cell in take_contents(self._book, fresh, own, slots):
            self.faults.append(TemplateTexts(sheet=title, count=count, cell=cell))
        carry_over(self._book, fresh, own)
        added = [sheet.title for sheet in self._book.sheets if sheet.part not in {one.part for one in own.values()}]
        if added:
            self.faults.append(TemplateSheets(names=Listed(added)))

    def _forget_chart_figures(self) -> None:
        """Drop the figures that charts keep: they are another store's."""
        package = self._book.package
        for sheet in self._sheets.values():
            for drawing in relations.relations(package, sheet.part):
                if drawing.kind != "drawing" or drawing.target not in package:
                    continue
                for chart in relations.relations(package, drawing.target):
                    if chart.kind == "chart" and chart.target in package:
                        package.set(chart.target, _CACHE.sub(b"", package.read(chart.target)))


_CACHE = expression(rb"<(?:\w+:)?numCache>.*?</(?:\w+:)?numCache>", re.S)


def _change(value: Figure) -> Change:
    return float(to_serial(value)) if isinstance(value, dt.date) else float(value) if isinstance(value, int) else value
