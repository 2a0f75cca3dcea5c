# ruff: noqa: N802, N803 - the names are Excel's
"""Excel with workbooks open, as its object model shows them: sheets, names, formulas that follow a renamed sheet.

Each workbook is a real file read by openpyxl, an implementation that shares nothing with ours; `SaveCopyAs`
writes one. Excel would calculate: here a formula keeps the result it came with. What a test needs to
see of Excel's manners is kept in `Application` (`log`: every write of cells, in order).
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.styles import Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName

from tests import lazy_sheets
from tests.fakes.pywin32 import VBA_E_IGNORE, ComObject, desktop, excel_says_no, to_variant
from tests.fakes.typed import taken

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Application(ComObject):
    """Excel itself."""

    Version = "16.0"
    ScreenUpdating: bool
    DisplayAlerts: bool
    EnableEvents: bool
    Calculation: int
    Interactive: bool
    StatusBar: Any

    def __init__(self) -> None:
        self.ScreenUpdating, self.DisplayAlerts, self.EnableEvents = True, True, True
        self.Calculation = -4105  # xlCalculationAutomatic
        self.Interactive = True
        self.StatusBar = False
        self._books: list[Workbook] = []
        self._active: Workbook | None = None
        self._log: list[tuple[str, str]] = []
        self._save_as: Any = False
        self._typed: list[Any] = []
        self._asked: list[str] = []
        self._folder: str | None = None
        self._clicking = False
        self._busy = False
        desktop.open(self)

    def __setattr__(self, name: str, value: Any) -> None:
        """While a cell of another window is edited Excel takes no setting of its own either."""
        if name[0] != "_" and getattr(self, "_busy", False):
            raise excel_says_no("", VBA_E_IGNORE)
        super().__setattr__(name, value)

    def _refuse_clicked(self) -> None:
        """While a person edits a cell Excel refuses every change; with Interactive off nobody gets there."""
        if self._busy or (self._clicking and self.Interactive):
            raise excel_says_no("", VBA_E_IGNORE)

    @property
    def log(self) -> list[tuple[str, str]]:
        """Not Excel's: (sheet, address) of every write."""
        return self._log

    @property
    def Hwnd(self) -> int:
        return desktop.handle(self)

    @property
    def Workbooks(self) -> Workbooks:
        return Workbooks(self)

    @property
    def ActiveWorkbook(self) -> Workbook | None:
        return self._active

    @property
    def Selection(self) -> Range:
        assert self._active is not None
        sheet = self._active.ActiveSheet
        return sheet.Range(sheet._selected)

    def InputBox(self, Prompt: str, Title: str = "", Type: int = 0) -> Any:
        """The person types what is next of `_typed`, or cancels where that is False."""
        assert Type == 2, "text"
        assert self.Interactive, "nobody could click in the box"
        self._asked.append(Prompt)
        return self._typed.pop(0)

    def GetSaveAsFilename(self, InitialFileName: str = "", FileFilter: str = "") -> Any:
        assert self.Interactive, "nobody could click in the dialog"
        return self._save_as

    def FileDialog(self, kind: int) -> FileDialog:
        assert kind == 4, "msoFileDialogFolderPicker"
        assert self.Interactive, "nobody could click in the dialog"
        return FileDialog(self)


class FileDialog(ComObject):
    """The dialog that asks for a folder: the person chooses `_folder`, or cancels where that is None."""

    Title: str

    def __init__(self, application: Application) -> None:
        self._application = application

    def Show(self) -> int:
        return -1 if self._application._folder else 0

    def SelectedItems(self, number: int) -> str:
        assert number == 1
        assert self._application._folder is not None
        return self._application._folder


class Workbooks(ComObject):
    """Application.Workbooks."""

    def __init__(self, application: Application) -> None:
        self._application = application

    @property
    def Application(self) -> Application:
        return self._application

    @property
    def Count(self) -> int:
        return len(self._application._books)

    def __call__(self, key: int | str) -> Workbook:
        books = self._application._books
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if book.Name.lower() == key.lower():
                return book
        raise excel_says_no("Subscript out of range")

    def Open(self, Filename: str, UpdateLinks: Any, ReadOnly: Any, *rest: Any) -> Workbook:
        if any(book.Name == Path(Filename).name for book in self._application._books):
            raise excel_says_no("Excel cannot open two workbooks with the same name at the same time")
        return Workbook(self._application, Path(Filename), bool(ReadOnly))


class Workbook(ComObject):
    """A workbook that is open."""

    CLSID = "{000208DA-0000-0000-C000-000000000046}"

    def __init__(self, application: Application, path: Path, read_only: bool = False) -> None:
        data = path.read_bytes()
        self._file = lazy_sheets.read(data, keep_vba=path.suffix == ".xlsm")
        self._application, self._path, self._saved, self._read_only = application, path, True, read_only
        self._links: list[str] = []
        self._address = ""
        """Where a workbook on OneDrive or SharePoint is: what FullName gives instead of a path."""
        self._password = ""
        self._sheets = [Worksheet(self, sheet) for sheet in self._file.worksheets]
        self._shown = self._sheets[self._file.worksheets.index(self._file.active)]
        application._books.append(self)
        application._active = self

    @property
    def Application(self) -> Application:
        return self._application

    @property
    def Name(self) -> str:
        return self._path.name

    @property
    def FullName(self) -> str:
        return (self._address or str(self._path)) if self._saved else self.Name

    @property
    def Path(self) -> str:
        return self.FullName[: -len(self.Name) - 1] if self._saved else ""

    @property
    def Worksheets(self) -> Worksheets:
        return Worksheets(self)

    Sheets = Worksheets

    @property
    def Names(self) -> Names:
        return Names(self, self._file.defined_names, "")

    @property
    def ActiveSheet(self) -> Worksheet:
        return self._shown

    @property
    def ProtectStructure(self) -> bool:
        return bool(self._file.security.lockStructure) if self._file.security else False

    def LinkSources(self, kind: int) -> tuple[str, ...] | None:
        assert kind == 1, "xlLinkTypeExcelLinks"
        return tuple(self._links) or None

    def ChangeLink(self, Name: str, NewName: str, Type: int) -> None:
        assert (NewName, Type) == (self.FullName, 1)
        self._links.remove(Name)
        for sheet in self._sheets:
            for line in sheet._sheet.iter_rows():
                for cell in line:
                    if cell.data_type == "f":
                        cell.value = cell.value.replace(f"[{Path(Name).name}]", "")

    def Activate(self) -> None:
        self._application._active = self

    def Close(self, SaveChanges: bool) -> None:
        assert SaveChanges is False
        self._application._books.remove(self)
        self._application._active = self._application._books[-1] if self._application._books else None

    def ExportAsFixedFormat(self, Type: int, Filename: str, OpenAfterPublish: bool) -> None:
        """Publish what is visible; hidden sheets are left out, which is how xlwings' own `to_pdf` leaves sheets out."""
        assert Type == 0, "xlTypePDF"
        assert OpenAfterPublish is False
        shown = [sheet.Name for sheet in self._sheets if sheet._sheet.sheet_state == "visible"]
        areas = [f"{title} {self._file[title].print_area}" for title in shown]
        Path(Filename).write_text("\n".join(["%PDF of a fake", *areas]), "utf-8")

    def SaveCopyAs(self, Filename: str) -> None:
        self._file.save(Filename)
        _store_results(Path(Filename), {sheet.Name: sheet._results for sheet in self._sheets})
        if self._password:  # the copy of a protected workbook is protected too
            plain = io.BytesIO(Path(Filename).read_bytes())
            with Path(Filename).open("wb") as encrypted:
                OOXMLFile(plain).encrypt(self._password, encrypted)


def _counted(value: Any) -> Any:
    """A value as a cell keeps it: a date is the number of its day."""
    return to_excel(value) if hasattr(value, "isoformat") else value


def _store_results(path: Path, results: dict[str, dict[tuple[int, int], Any]]) -> None:
    """Put the results of formulas into a file that openpyxl wrote without them."""
    with zipfile.ZipFile(path) as source:
        parts = {item: source.read(item) for item in source.namelist()}
    titles = [element.get("name") for element in etree.fromstring(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet")]
    for number, title in enumerate(titles, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        root = etree.fromstring(parts[name])
        for cell in root.iter(f"{_MAIN}c"):
            formula = cell.find(f"{_MAIN}f")
            if formula is None:
                continue
            column, row, _, _ = range_boundaries(cell.get("r", "A1"))
            value = results[title or ""].get((row or 1, column or 1))
            for old in cell.findall(f"{_MAIN}v"):
                cell.remove(old)
            if value is not None:
                etree.SubElement(cell, f"{_MAIN}v").text = str(value)
                if isinstance(value, str):
                    cell.set("t", "str")
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item, data in parts.items():
            target.writestr(item, data)


class Worksheets(ComObject):
    """Workbook.Worksheets."""

    def __init__(self, book: Workbook) -> None:
        self._book = book

    @property
    def Parent(self) -> Workbook:
        return self._book

    @property
    def Count(self) -> int:
        return len(self._book._sheets)

    def __call__(self, key: int | str) -> Worksheet:
        if isinstance(key, int):
            return self._book._sheets[key - 1]
        for sheet in self._book._sheets:
            if sheet.Name.lower() == key.lower():
                return sheet
        raise excel_says_no("Subscript out of range", -2146827284)

    def __iter__(self) -> Iterator[Worksheet]:
        return iter(list(self._book._sheets))


class Worksheet(ComObject):
    """A sheet of an open workbook."""

    CLSID = "{00020820-0000-0000-C000-000000000046}"

    def __init__(self, book: Workbook, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._selected = "A1"
        self._charts: list[Chart] = []
        self._filtered: set[int] = set()
        self._sought = ""

    @cached_property
    def _results(self) -> dict[tuple[int, int], Any]:
        """Results of formulas by row and column, as they are stored in the file; a sheet made since has none."""
        return lazy_sheets.results(self._sheet)

    @property
    def Parent(self) -> Workbook:
        return self._book

    @property
    def Application(self) -> Application:
        return self._book.Application

    @property
    def Name(self) -> str:
        return str(self._sheet.title)

    @Name.setter
    def Name(self, title: str) -> None:
        if any(s.Name.lower() == title.lower() for s in self._book._sheets if s is not self) or len(title) > 31:
            raise excel_says_no("That name is already taken. Try a different one.")
        self.Application._refuse_clicked()
        old = self.Name
        self._sheet.title = title
        for place in _references(self._book):
            place.follow(old, title)

    @property
    def Index(self) -> int:
        return self._book._sheets.index(self) + 1

    @property
    def Names(self) -> Names:
        return NamesOfSheet(self._book, self._sheet.defined_names, self.Name)

    @property
    def ProtectContents(self) -> bool:
        return bool(self._sheet.protection.sheet)

    @property
    def Cells(self) -> CellsOf:
        return CellsOf(self)

    def Range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str):
            blocks = [
                Range(self, top, left, bottom, right)
                for one in first.replace("$", "").split(",")
                for left, top, right, bottom in [[n or 1 for n in range_boundaries(one)]]
            ]
            blocks[0]._areas = blocks
            return blocks[0]
        return Range(self, first.Row, first.Column, last.Row, last.Column)

    def ChartObjects(self) -> ChartObjects:
        return ChartObjects(self)

    @property
    def ListObjects(self) -> ListObjects:
        return ListObjects(self)

    def Activate(self) -> None:
        self._book._shown = self

    def Delete(self) -> None:
        assert self.Application.DisplayAlerts is False, "Excel would ask the person"
        self.Application._refuse_clicked()
        if len(self._book._sheets) == 1:
            raise excel_says_no("A workbook must contain at least one visible worksheet")
        for place in _references(self._book):
            place.lose(self.Name)
        self._book._sheets.remove(self)
        self._book._file.remove(self._sheet)
        if self._book._shown is self:
            self._book._shown = self._book._sheets[0]

    def Copy(self, Before: Worksheet | None = None, After: Worksheet | None = None) -> None:
        self.Application._refuse_clicked()
        beside = Before or After
        assert beside is not None, "Excel would make a new workbook"
        beside = getattr(beside, "_inner", beside)
        book = beside._book
        title, n = self.Name, 2
        while any(s.Name.lower() == title.lower() for s in book._sheets):
            title, n = f"{self.Name} ({n})", n + 1
        at = book._sheets.index(beside) + (Before is None)
        sheet = book._file.create_sheet(title, at)
        _copy_cells(self._sheet, sheet)
        new = Worksheet(book, sheet)
        if book is not self._book:  # references to other sheets become links to the file they come from
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.data_type == "f" and "!" in cell.value:
                        cell.value = re.sub(r"'?([^'!=(,+]+)'?!", rf"'[{self._book.Name}]\1'!", cell.value)
                        book._links = [self._book.FullName]
        new._results = dict(self._results)
        new._charts = [Chart([s.Formula.replace(_quoted(self.Name), _quoted(title)) for s in c]) for c in self._charts]
        book._sheets.insert(at, new)
        for name in self._book._file.defined_names.values():  # Excel brings names of the sheet along
            if name.attr_text.startswith(_quoted(self.Name)):
                local = name.attr_text.replace(_quoted(self.Name), _quoted(title))
                sheet.defined_names[name.name] = DefinedName(name.name, attr_text=local)
        book._shown = new


def _copy_cells(source: Any, target: Any) -> None:
    """Copy what a sheet shows into a sheet of another workbook, through openpyxl; each style once, which is slow."""
    styles: dict[int, Any] = {}
    for line in source.iter_rows():
        for cell in line:
            new = target.cell(cell.row, cell.column, copy.copy(cell.value))
            if cell.style_id in styles:
                new._style = copy.copy(styles[cell.style_id])
            elif cell.has_style:
                new.font, new.fill, new.border = copy.copy(cell.font), copy.copy(cell.fill), copy.copy(cell.border)
                new.number_format, new.alignment = cell.number_format, copy.copy(cell.alignment)
                new.protection = copy.copy(cell.protection)
                styles[cell.style_id] = new._style
    for table in source.tables.values():
        target.add_table(copy.deepcopy(table))
    for key, dimension in source.column_dimensions.items():
        target.column_dimensions[key].width, target.column_dimensions[key].hidden = dimension.width, dimension.hidden
    for key, dimension in source.row_dimensions.items():
        target.row_dimensions[key].height, target.row_dimensions[key].hidden = dimension.height, dimension.hidden


class CellsOf(ComObject):
    """Worksheet.Cells: all cells; called, one of them."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet

    def __call__(self, row: int, column: int) -> Range:
        return Range(self._sheet, row, column, row, column)

    def Find(self, What: str, LookIn: int, LookAt: int, MatchCase: bool) -> Range | None:
        assert (LookIn, LookAt) == (-4123, 2), "formulas, in part"
        self._sheet._sought = What.lower()
        return self._next((0, 0))

    def FindNext(self, After: Range) -> Range | None:
        return self._next((After.Row, After.Column)) or self._next((0, 0))

    def _next(self, after: tuple[int, int]) -> Range | None:
        what = self._sheet._sought
        for line in self._sheet._sheet.iter_rows():
            for cell in line:
                text = str(cell.value or "")
                if (cell.row, cell.column) > after and what in text.lower():
                    return Range(self._sheet, cell.row, cell.column, cell.row, cell.column)
        return None


# What a cell looks like: Excel's property → part and attribute of openpyxl's style; a test compares files, so the
# values cross the border as they are. None where the cells of an area differ.


def _read_style(area: Range, part: str, name: str) -> Any:
    found = [getattr(getattr(cell, part), name) for cell in area._cells_of()]
    return found[0] if all(one == found[0] for one in found) else None


def _write_style(area: Range, part: str, name: str, value: Any) -> None:
    for cell in area._cells_of():
        changed = copy.copy(getattr(cell, part))
        setattr(changed, name, value)
        setattr(cell, part, changed)


def _styled(part: str, name: str) -> Any:
    def write(area: Range, value: Any) -> None:
        area._refuse_protected()
        _write_style(area, part, name, value)

    return property(lambda area: _read_style(area, part, name), write)


FONT = {"Name": "name", "Size": "sz", "Bold": "b", "Italic": "i", "Underline": "u", "Color": "color"}
FILL = {"Pattern": "fill_type", "Color": "fgColor"}
_SIDES = {7: "left", 8: "top", 9: "bottom", 10: "right"}


class Part(ComObject):
    """Range.Font or Range.Interior."""

    Name: Any
    Size: Any
    Bold: Any
    Italic: Any
    Underline: Any
    Color: Any
    Pattern: Any

    def __init__(self, area: Range, part: str, names: dict[str, str]) -> None:
        self._area, self._part, self._names = area, part, names

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            return object.__getattribute__(self, name)
        value = _read_style(self._area, self._part, self._names[name])
        return -4142 if name == "Pattern" and value is None else value

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name in self._names:
            _write_style(self._area, self._part, self._names[name], value)
        else:
            raise AttributeError(name)


class Line(ComObject):
    """Range.Borders(edge): a line of the area's outline, or those between its rows."""

    LineStyle: Any
    Weight: Any
    Color: Any

    def __init__(self, area: Range, edge: int) -> None:
        self._area, self._edge = area, edge

    def _ends(self) -> list[Any]:
        cells = list(self._area._cells_of())
        if self._edge == 12:
            return cells[:-1]
        return {8: cells[:1], 9: cells[-1:]}.get(self._edge, cells)

    def __getattribute__(self, name: str) -> Any:
        if name not in ("LineStyle", "Weight", "Color"):
            return object.__getattribute__(self, name)
        side = getattr(self._ends()[0].border, _SIDES.get(self._edge, "bottom")) or Side()
        return {"LineStyle": side.style or -4142, "Weight": 2, "Color": side.color}[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        for cell in self._ends():
            border = copy.copy(cell.border)
            side = copy.copy(getattr(border, _SIDES.get(self._edge, "bottom"))) or Side()
            if name != "Weight":
                setattr(side, {"LineStyle": "style", "Color": "color"}[name], value)
            setattr(border, _SIDES.get(self._edge, "bottom"), side)
            cell.border = border


class _Lines(ComObject):
    Count: int

    def __init__(self, count: int) -> None:
        self.Count = count


class _Areas(ComObject):
    """The blocks of a selection."""

    def __init__(self, areas: Sequence[Range]) -> None:
        self._areas = areas

    @property
    def Count(self) -> int:
        return len(self._areas)

    def __call__(self, number: int) -> Range:
        return self._areas[number - 1]


class Range(ComObject):
    """A block of cells."""

    CLSID = "{00020846-0000-0000-C000-000000000046}"
    HasArray = False

    def __init__(self, sheet: Worksheet, row: int, column: int, last_row: int, last_column: int) -> None:
        self._sheet, self._row, self._column = sheet, row, column
        self._last_row, self._last_column = last_row, last_column
        self._areas = [self]

    @property
    def Areas(self) -> _Areas:
        return _Areas(self._areas)

    @property
    def Worksheet(self) -> Worksheet:
        return self._sheet

    @property
    def Row(self) -> int:
        return self._row

    @property
    def Column(self) -> int:
        return self._column

    @property
    def Rows(self) -> _Lines:
        return _Lines(self._last_row - self._row + 1)

    @property
    def Columns(self) -> _Lines:
        return _Lines(self._last_column - self._column + 1)

    @property
    def Count(self) -> int:
        return self.Rows.Count * self.Columns.Count

    @property
    def Address(self) -> str:
        return self.GetAddress()

    def GetAddress(self, RowAbsolute: bool = True, ColumnAbsolute: bool = True, *_: Any) -> str:
        r, c = "$" * RowAbsolute, "$" * ColumnAbsolute
        first = f"{c}{get_column_letter(self._column)}{r}{self._row}"
        last = f"{c}{get_column_letter(self._last_column)}{r}{self._last_row}"
        return first if first == last else f"{first}:{last}"

    def __call__(self, row: int, column: int) -> Range:
        at = self._row + row - 1, self._column + column - 1
        return Range(self._sheet, *at, *at)

    def _cells_of(self) -> Iterator[Any]:
        for line in self._sheet._sheet.iter_rows(self._row, self._last_row, self._column, self._last_column):
            yield from line

    @property
    def NumberFormat(self) -> str:
        return str(self._sheet._sheet.cell(self._row, self._column).number_format)

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        for cell in self._cells_of():
            cell.number_format = code

    @property
    def Font(self) -> Part:
        return Part(self, "font", FONT)

    @property
    def Interior(self) -> Part:
        return Part(self, "fill", FILL)

    def Borders(self, edge: int) -> Line:
        return Line(self, edge)

    HorizontalAlignment = _styled("alignment", "horizontal")
    VerticalAlignment = _styled("alignment", "vertical")
    WrapText = _styled("alignment", "wrap_text")
    IndentLevel = _styled("alignment", "indent")
    Locked = _styled("protection", "locked")

    def ClearFormats(self) -> None:
        for cell in self._cells_of():
            cell.style = "Normal"

    def Select(self) -> None:
        self._sheet._selected = ",".join(area.GetAddress(False, False) for area in self._areas)

    @property
    def Value(self) -> Any:
        return self._read(self._value)

    @Value.setter
    def Value(self, data: Any) -> None:
        self._write(data)

    @property
    def Value2(self) -> Any:
        return self._read(self._value)

    @property
    def Formula(self) -> Any:
        return self._read(lambda cell: "" if cell.value is None else cell.value)

    @Formula.setter
    def Formula(self, text: Any) -> None:
        self._refuse_protected()
        lines = text if isinstance(text, tuple) else ((text,),)
        assert (len(lines), len(lines[0])) == (self.Rows.Count, self.Columns.Count), "Excel would repeat it"
        for row, line in enumerate(lines, self._row):
            for column, own in enumerate(line, self._column):
                self._sheet._sheet.cell(row, column).value = own

    @property
    def Formula2(self) -> Any:
        return self.Formula

    @Formula2.setter
    def Formula2(self, text: Any) -> None:
        self.Formula = text

    def _value(self, cell: Any) -> Any:
        if cell.data_type == "f":
            return self._sheet._results.get((cell.row, cell.column))
        value = _counted(cell.value)
        return float(value) if type(value) is int else value

    def _read(self, show: Any) -> Any:
        cells = self._sheet._sheet.iter_rows(self._row, self._last_row, self._column, self._last_column)
        block = tuple(tuple(show(cell) for cell in line) for line in cells)
        return block[0][0] if len(block) == len(block[0]) == 1 else block

    def _write(self, data: Any) -> None:
        self._refuse_protected()
        sent = to_variant(data)
        rows = sent if isinstance(sent, tuple) else ((sent,),)
        assert (len(rows), len(rows[0])) == (self.Rows.Count, self.Columns.Count), "Excel would write #N/A"
        self._sheet.Application._log.append((self._sheet.Name, self.GetAddress(False, False)))
        for i, line in enumerate(rows):
            if self._row + i in self._sheet._filtered and len(rows) > 1:
                continue  # a filter may keep hidden rows from a block
            for j, value in enumerate(line):
                self._type(self._sheet._sheet.cell(self._row + i, self._column + j), value)

    def _refuse_protected(self) -> None:
        self._sheet.Application._refuse_clicked()
        if self._sheet.ProtectContents:
            raise excel_says_no("The cell or chart you're trying to change is on a protected sheet.")

    def _type(self, cell: Any, value: Any) -> None:
        """Enter a value as a person would: Excel reads text, and what a cell of format Text gets becomes text."""
        if cell.number_format == "@" and value not in ("", None):
            value = value.removeprefix("'") if isinstance(value, str) else f"{value:g}"
        elif isinstance(value, str) and value:
            try:
                read = taken(value)
            except ValueError as formula:
                raise excel_says_no(str(formula)) from None
            if isinstance(read, float) and read in (45000.0, 0.25):
                cell.number_format = "d-mmm"  # Excel changes the format along with the value
            value = read
        cell.value = None if value == "" else value
        if isinstance(value, str) and value:
            cell.data_type = "s"
        self._sheet._results.pop((cell.row, cell.column), None)


class ListObjects(ComObject):
    """Worksheet.ListObjects."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet

    def __iter__(self) -> Iterator[ListObject]:
        return iter([ListObject(self._sheet, table) for table in self._sheet._sheet.tables.values()])


class ListObject(ComObject):
    """An Excel table."""

    def __init__(self, sheet: Worksheet, table: Any) -> None:
        self._sheet, self._table = sheet, table

    @property
    def Parent(self) -> Worksheet:
        return self._sheet

    @property
    def Name(self) -> str:
        return str(self._table.displayName)

    @property
    def Range(self) -> Range:
        return self._sheet.Range(self._table.ref)

    def Resize(self, area: Any) -> None:
        self._sheet.Application._refuse_clicked()
        assert not self._table.totalsRowCount, "what Excel does then is not known"
        self._table.ref = getattr(area, "_inner", area).GetAddress(False, False)
        if self._table.autoFilter is not None:
            self._table.autoFilter.ref = self._table.ref

    @property
    def ShowTotals(self) -> bool:
        return bool(self._table.totalsRowCount)

    @ShowTotals.setter
    def ShowTotals(self, shown: bool) -> None:
        """Excel forgets the cells of the row, not what they say; it comes back where cells have to be blank."""
        self._sheet.Application._refuse_clicked()
        left, top, right, bottom = (n or 1 for n in range_boundaries(self._table.ref))
        cells = self._sheet._sheet
        row = bottom + 1 if shown else bottom
        for at in range(left, right + 1):
            cell = cells.cell(row, at)
            if shown:
                assert cell.value is None, "Excel would move it down"
                cell.value = self._totals[at]
            else:
                self._totals[at], cell.value = cell.value, None
        self._table.totalsRowCount = 1 if shown else None
        self._table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{row if shown else row - 1}"

    @property
    def _totals(self) -> dict[int, Any]:
        if not hasattr(self._table, "_said"):
            self._table._said = {}
        return self._table._said


class Names(ComObject):
    """Workbook.Names, or those of one sheet."""

    def __init__(self, book: Workbook, names: Any, sheet: str) -> None:
        self._book, self._names, self._sheet = book, names, sheet

    @property
    def Count(self) -> int:
        return len(self._names)

    def __call__(self, key: int | str) -> Name:
        if isinstance(key, int):
            return Name(self._book, self._names, list(self._names)[key - 1], self._sheet)
        for name in self._names:
            if name.lower() == key.lower():
                return Name(self._book, self._names, name, self._sheet)
        raise excel_says_no("Application-defined or object-defined error")

    Item = __call__

    def Add(self, Name: str, RefersTo: str) -> Any:
        self._book.Application._refuse_clicked()
        standing = next((n for n in self._names if n.lower() == Name.lower()), Name)
        self._names[standing] = DefinedName(standing, attr_text=RefersTo.removeprefix("="))
        return self(standing)

    def __iter__(self) -> Iterator[Name]:
        return iter([Name(self._book, self._names, name, self._sheet) for name in self._names])


class NamesOfSheet(Names):
    """Worksheet.Names, in which `Print_Area` is what prints of the sheet."""

    def Add(self, Name: str, RefersTo: str) -> Any:
        if Name != "Print_Area":
            return super().Add(Name, RefersTo)
        self._book.Application._refuse_clicked()
        self._book.Worksheets(self._sheet)._sheet.print_area = RefersTo.rpartition("!")[2]
        return PrintAreaName(self._book.Worksheets(self._sheet)._sheet)

    def Item(self, key: int | str) -> Any:
        sheet = self._book.Worksheets(self._sheet)._sheet
        return PrintAreaName(sheet) if key == "Print_Area" and sheet.print_area else self(key)


class PrintAreaName(ComObject):
    """The name `Print_Area` of a sheet."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def Delete(self) -> None:
        self._sheet.print_area = None


class Name(ComObject):
    """A defined name."""

    def __init__(self, book: Workbook, names: Any, key: str, sheet: str) -> None:
        self._book, self._names, self._key, self._sheet = book, names, key, sheet

    @property
    def Name(self) -> str:
        return f"{_quoted(self._sheet)}{self._key}" if self._sheet else self._key

    @property
    def RefersTo(self) -> str:
        return f"={self._names[self._key].attr_text}"

    @RefersTo.setter
    def RefersTo(self, text: str) -> None:
        self._names[self._key].attr_text = text.removeprefix("=")

    @property
    def RefersToRange(self) -> Range:
        title, _, address = self._names[self._key].attr_text.rpartition("!")
        return self._book.Worksheets(title.strip("'")).Range(address)

    def Delete(self) -> None:
        del self._names[self._key]


class ChartObjects(ComObject):
    """Worksheet.ChartObjects."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet

    @property
    def Count(self) -> int:
        return len(self._sheet._charts)

    def __call__(self, key: int) -> ChartObject:
        return ChartObject(self._sheet._charts[key - 1])

    def __iter__(self) -> Iterator[ChartObject]:
        return iter([ChartObject(chart) for chart in self._sheet._charts])


class ChartObject(ComObject):
    """A chart in its frame."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    @property
    def Chart(self) -> Chart:
        return self._chart


class Chart(ComObject):
    """A chart: the formulas of its series."""

    def __init__(self, formulas: list[str]) -> None:
        self._series = [Series(text) for text in formulas]

    def SeriesCollection(self) -> list[Series]:
        return self._series

    def __iter__(self) -> Iterator[Series]:
        return iter(self._series)


class Series(ComObject):
    """A series of a chart."""

    Formula: str

    def __init__(self, text: str) -> None:
        self.Formula = text


# --- references ---------------------------------------------------------------------------


def _quoted(title: str) -> str:
    return f"'{title}'!" if re.search(r"[^A-Za-z0-9_.\u4e00-\u9fff]", title) or title[0].isdigit() else f"{title}!"


class _Place:
    """Something that may refer to a sheet: its text can be read and set."""

    def __init__(self, read: Any, write: Any) -> None:
        self._read, self._write = read, write

    def follow(self, old: str, new: str) -> None:
        self._replace(old, _quoted(new))

    def lose(self, old: str) -> None:
        self._replace(old, "#REF!")

    def _replace(self, old: str, put: str) -> None:
        text = self._read()
        if isinstance(text, str):
            changed = text.replace(f"'{old}'!", put)
            changed = re.sub(rf"(?<![\w'.]){re.escape(old)}!", put, changed)
            if changed != text:
                self._write(changed)


def _references(book: Workbook) -> Iterator[_Place]:
    for sheet in book._sheets:
        for line in sheet._sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    yield _Place(lambda c=cell: c.value, lambda text, c=cell: setattr(c, "value", text))
        for chart in sheet._charts:
            for series in chart:
                yield _Place(lambda s=series: s.Formula, lambda text, s=series: setattr(s, "Formula", text))
        for name in sheet._sheet.defined_names.values():
            yield _Place(lambda n=name: n.attr_text, lambda text, n=name: setattr(n, "attr_text", text))
    for name in book._file.defined_names.values():
        yield _Place(lambda n=name: n.attr_text, lambda text, n=name: setattr(n, "attr_text", text))
