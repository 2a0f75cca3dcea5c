"""A workbook's sheets, defined names and tables, wherever a person has moved them."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path

from lxml import etree
from msgspec import Struct

from xlsales.core.a1 import Address
from xlsales.ooxml import formulas, grid, markup, relations, xml
from xlsales.ooxml.cells import SheetCells
from xlsales.ooxml.checks import DamagedWorkbook
from xlsales.ooxml.lazy import LazyCells
from xlsales.ooxml.package import Package
from xlsales.ooxml.strings import SharedStrings
from xlsales.ooxml.styles import Styles

_REL_ID = f"{{{xml.REL}}}id"


class SheetPart(Struct, frozen=True):
    """A sheet: its title, its part, its ids, and `visible`, `hidden` or `veryHidden`."""

    title: str
    part: str
    sheet_id: int
    rel_id: str
    state: str
    kind: str

    @property
    def has_cells(self) -> bool:
        """Whether it is a worksheet, not a chart sheet or the like."""
        return self.kind == "worksheet"


class Area(Struct, frozen=True):
    """A block of cells of one sheet, 1-based, ends included."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def first(self) -> Address:
        """The upper left cell."""
        return self.row, self.column


class TablePart(Struct, frozen=True):
    """An Excel table: its block, its headers, and how many of its rows are headers and totals."""

    name: str
    part: str
    area: Area
    headers: tuple[str, ...]
    header_rows: int
    totals_rows: int

    @property
    def data_rows(self) -> range:
        """The rows between headers and totals."""
        return range(self.area.row + self.header_rows, self.area.last_row - self.totals_rows + 1)


class Book:
    """A workbook, read through its package. After a change of its parts, `reload` reads them."""

    sheets: tuple[SheetPart, ...]

    def __init__(self, package: Package) -> None:
        self.package = package
        part = relations.main_part(package)
        assert part is not None  # the package has checked it
        self.part = part
        self.reload()

    @classmethod
    def open(cls, path: Path | str) -> Book:
        """Open a workbook file (faults: those of `Package.open`)."""
        return cls(Package.open(path))

    def reload(self) -> None:
        """Read the list of sheets anew and forget what was read lazily."""
        for name in ("names", "_by_folded_name", "tables", "styles", "strings", "date1904"):
            self.__dict__.pop(name, None)
        targets = {r.id: r for r in relations.relations(self.package, self.part)}
        sheets = []
        for element in self._elements("sheets"):
            relation = targets.get(element.get(_REL_ID, ""))
            if relation is None or relation.target not in self.package:
                raise DamagedWorkbook(file=self.package.file, reason=element.get("name", "sheet"))
            sheets.append(
                SheetPart(element.get("name", ""), relation.target, xml.integer(element, "sheetId"), relation.id,
                      element.get("state", "visible"), relation.kind)
            )  # fmt: skip
        self.sheets = tuple(sheets)

    @property
    def _root(self) -> etree._Element:
        return self.package.tree(self.part)

    def _elements(self, group: str) -> list[etree._Element]:
        elements = self._root.find(xml.main(group))
        return [] if elements is None else [e for e in elements if isinstance(e.tag, str)]

    # --- what is in it ---

    def sheet(self, title: str) -> SheetPart | None:
        """Return the sheet of a title, compared as Excel does, without regard to case."""
        return next((s for s in self.sheets if s.title.casefold() == title.casefold()), None)

    @cached_property
    def names(self) -> dict[str, Area]:
        """Names of the whole workbook that mean one block of cells; a lost one (#REF!) is missing."""
        areas = {}
        for element in self.defined_names():
            if element.get("localSheetId") is None and (area := self.area_of(element.text or "")):
                areas[element.get("name", "")] = area
        return areas

    def defined_names(self) -> list[etree._Element]:
        """Return the elements of all names, also of names that belong to one sheet."""
        return self._elements("definedNames")

    def area(self, name: str) -> Area | None:
        """Return what a defined name of the whole workbook means; names are compared without regard to case."""
        return self._by_folded_name.get(name.casefold())

    @cached_property
    def _by_folded_name(self) -> dict[str, Area]:
        """The names without regard to case; of names that differ in nothing else, the first."""
        return {name.casefold(): area for name, area in reversed(self.names.items())}

    def area_of(self, reference: str) -> Area | None:
        """Return the block of cells that a reference such as `'按时间'!$A$1` means; None if it means no single one."""
        titled = formulas.split_title(reference.strip())
        sheet = self.sheet(titled[0]) if titled else None
        block = grid.parse_range(titled[1]) if titled else None
        return Area(sheet.title, *block) if sheet is not None and block is not None else None

    @cached_property
    def tables(self) -> dict[str, TablePart]:
        """Every table of every sheet by its name."""
        tables = {}
        for sheet in self.sheets:
            for relation in relations.relations(self.package, sheet.part):
                if relation.kind == "table" and relation.target in self.package:
                    table = self._table(sheet, relation.target)
                    if table is not None:
                        tables[table.name] = table
        return tables

    def table(self, name: str) -> TablePart | None:
        """Return a table by its name, compared without regard to case."""
        return next((t for n, t in self.tables.items() if n.casefold() == name.casefold()), None)

    def _table(self, sheet: SheetPart, part: str) -> TablePart | None:
        root = self.package.parse(part)
        block = grid.parse_range(root.get("ref", ""))
        if block is None:
            return None
        columns = root.find(xml.main("tableColumns"))
        headers = [] if columns is None else [markup.unescape(e.get("name", "")) for e in columns if e.get("name")]
        name = root.get("displayName") or root.get("name") or ""
        return TablePart(name, part, Area(sheet.title, *block), tuple(headers), xml.integer(root, "headerRowCount", 1),
                     xml.integer(root, "totalsRowCount"))  # fmt: skip

    @property
    def structure_locked(self) -> bool:
        """Whether the workbook is protected against adding, moving and renaming sheets."""
        protection = self._root.find(xml.main("workbookProtection"))
        return protection is not None and xml.flag(protection.get("lockStructure"))

    @cached_property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        properties = self._root.find(xml.main("workbookPr"))
        return properties is not None and xml.flag(properties.get("date1904"))

    @property
    def precision_as_displayed(self) -> bool:
        """Whether results are rounded to what their formats show."""
        calculation = self._root.find(xml.main("calcPr"))
        return calculation is not None and calculation.get("fullPrecision") in ("0", "false")

    def protected(self, sheet: SheetPart) -> bool:
        """Return whether a sheet is protected; it is read to its end."""
        window = b""
        for piece in self.package.stream(sheet.part):
            window = window[-512:] + piece
            at = window.find(b"sheetProtection")
            end = window.find(b">", at)
            if at >= 0 and end >= 0:
                tag = window[at:end]
                return xml.flag((grid.attribute(tag, b"sheet") or b"").decode())
        return False

    # --- what the cells need ---

    def related(self, kind: str) -> str | None:
        """Return the workbook's part of a kind: styles, sharedStrings, calcChain."""
        targets = (r.target for r in relations.relations(self.package, self.part) if r.kind == kind)
        return next((target for target in targets if target in self.package), None)

    @cached_property
    def styles(self) -> Styles:
        """The formats."""
        part = self.related("styles")
        return Styles(self.package.tree(part), partial(self.package.edited, part)) if part else Styles(None)

    @cached_property
    def strings(self) -> SharedStrings:
        """The shared strings."""
        return SharedStrings(self.package, self.related("sharedStrings"))

    def cells(self, sheet: SheetPart) -> SheetCells:
        """Read every cell of a sheet."""
        with self.package.sound(sheet.title):
            return SheetCells.read(self._whole(sheet), self.strings)

    def some_cells(self, sheet: SheetPart) -> LazyCells:
        """Return the cells of a sheet, which are read when they are asked for."""
        sound = partial(self.package.sound, sheet.title)
        with sound():
            return LazyCells(self._whole(sheet), self.strings, sound)

    def _whole(self, sheet: SheetPart) -> bytes:
        """A sheet's XML. Raises `grid.CutOff` if it does not end."""
        data = self.package.read(sheet.part)
        grid.check_end(xml.utf8(data))
        return data
