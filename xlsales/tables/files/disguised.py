"""Files with the name of a workbook that are none: pages of the web, the XML of Excel 2003, texts of columns.

Each table of a page, and each sheet of the XML, is a sheet. Sheets of the same header are read as one; the others are
reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Place, Problem
from xlsales.ooxml import xml
from xlsales.ooxml.grid import MAX_COLUMN, MAX_ROW
from xlsales.tables.files.books import ListedSheet
from xlsales.tables.files.grids import HEAD_ROWS, Grid
from xlsales.tables.files.joining import header_of
from xlsales.tables.files.text_limits import read_bytes
from xlsales.tables.files.texts import decode, frame_of, load_columns
from xlsales.tables.files.unreadable import NotReallyABook
from xlsales.tables.remarks import RowsHidden
from xlsales.tables.words.fiscal import fiscal_title
from xlsales.tables.words.units import units_in
from xlsales.tables.words.wide import month_named

_WIDEST_SPAN = 40
"""A cell of a page that spans more columns than so many spans one."""
_SHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL_XML = "urn:schemas-microsoft-com:office:excel"

Row = list[str | None]


class _Table(Struct):
    """A table of the file: its title, its rows, whether a person sees it, and how many of its rows are hidden."""

    title: str
    rows: list[Row]
    visible: bool = True
    hidden: int = 0


class DisguisedBook:
    """The tables of a file that is no workbook, as the sheets of one."""

    def __init__(self, name: str, tables: Sequence[_Table]) -> None:
        self.name = name
        self._tables = {table.title: table for table in tables}
        self.sheets = tuple(ListedSheet(table.title, table.visible) for table in tables)

    def top(self, sheet: ListedSheet) -> list[tuple[str | None, ...]]:
        """Return the first rows of a sheet as text."""
        return self.grid(sheet, "").top(HEAD_ROWS)

    def grid(self, sheet: ListedSheet, label: str) -> Grid:
        """Return the cells of a sheet."""
        table = self._tables[sheet.title]
        hidden = Problem.note(Place(label), "", RowsHidden(count=table.hidden), None, table.hidden)
        return Grid(frame_of(table.rows), notes=(hidden,) if table.hidden else ())


def load_disguised(path: Path) -> DisguisedBook | Grid:
    """Load a file with the name of a workbook that is none. Raises `NotReallyABook`."""
    text = decode(read_bytes(path))
    sheets: Sequence[_Table] = ()
    grid: Grid | None = None
    if text is not None and "\0" not in text:
        if _SHEET_XML in text[:100_000]:
            sheets = _of_sheet_xml(text)
        elif re.search(r"<(?:html|table)\b", text[:100_000], re.IGNORECASE):
            sheets = _of_page(text)
        else:
            grid = load_columns(text, path)
    if grid is not None:
        return grid
    if not sheets:
        raise NotReallyABook(path=path.name)
    return DisguisedBook(path.name, sheets)


# --- the XML of Excel 2003 ----------------------------------------------------


def _of_sheet_xml(text: str) -> list[_Table]:
    """The sheets that hold something; none if the XML is damaged."""
    try:
        root = xml.parse(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode())
    except xml.XmlError:
        return []
    tables = []
    for sheet in root.iter(_name("Worksheet")):
        rows = _sheet_rows(sheet)
        if any(any(row) for row in rows):
            state = sheet.findtext(f".//{{{_EXCEL_XML}}}Visible") or ""
            hidden = sum(_is_hidden(line) for line in sheet.iter(_name("Row")))
            tables.append(_Table(sheet.get(_name("Name"), ""), rows, "hidden" not in state.lower(), hidden))
    return tables if any(table.visible for table in tables) else [replace(table, visible=True) for table in tables]


def _is_hidden(line: etree._Element) -> bool:
    return line.get(_name("Hidden")) in ("1", "true")


def _name(tag: str) -> str:
    return f"{{{_SHEET_XML}}}{tag}"


def _sheet_rows(sheet: etree._Element) -> list[Row]:
    """Rows of cells; rows and cells that an index leaves out are blank."""
    rows: list[Row] = []
    for line in sheet.iter(_name("Row")):
        rows += [[] for _ in range(min(xml.integer(line, _name("Index")) - 1 - len(rows), MAX_ROW))]
        row: Row = []
        for cell in line.iter(_name("Cell")):
            row += [None] * min(xml.integer(cell, _name("Index")) - 1 - len(row), MAX_COLUMN)
            data = cell.find(_name("Data"))
            row.append("".join(map(str, data.itertext())) or None if data is not None else None)
            row += [None] * min(xml.integer(cell, _name("MergeAcross")), _WIDEST_SPAN)
        rows.append(row)
    return rows


# --- pages of the web ---------------------------------------------------------


def _of_page(text: str) -> list[_Table]:
    """The tables of a page, first those with the header of the largest one."""
    from lxml import html  # rarely needed

    try:
        root = html.fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError):
        return []
    tables = _together([rows for table in _tables(root) if any(map(any, rows := [*_rows(table)]))])
    if not tables:
        return []
    largest = max(tables, key=len)
    header = header_of([tuple(row) for row in largest[:HEAD_ROWS]])
    sheets = [_Table(f"表{i}", rows) for i, rows in enumerate(tables, 1)]
    alike = [
        sheet
        for sheet in sheets
        if sheet.rows is largest or header.row_in([tuple(row) for row in sheet.rows[:HEAD_ROWS]]) is not None
    ]
    return alike + [sheet for sheet in sheets if sheet not in alike]


def _tables(root: etree._Element) -> Iterator[etree._Element]:
    """The tables that hold data: of a table within another one, the one with more rows of its own."""
    size = {table: len(_lines(table)) for table in root.iter("table")}
    layout = {outer for table in size for outer in table.iterancestors("table") if size[outer] < size[table]}
    for table in size:
        if table not in layout and all(outer in layout for outer in table.iterancestors("table")):
            yield table


def _lines(table: etree._Element) -> list[etree._Element]:
    """The rows of a table, without those of a table in one of its cells."""
    return [line for line in table.iter("tr") if next(line.iterancestors("table"), None) is table]


def _together(tables: Sequence[list[Row]]) -> list[list[Row]]:
    """Put a header or a title that is a table of its own above the rows below it; drop other tables of one cell."""
    joined: list[list[Row]] = []
    above: list[Row] = []
    for rows in tables:
        cells = [cell for row in rows for cell in row if cell is not None]
        if len(cells) == 1:
            above += rows if _is_title(cells[0]) else []
        elif len(rows) == 1 and not any(re.search(r"\d", cell) and not re.search("[月日季年]", cell) for cell in cells):
            above += rows
        else:
            joined.append([*above, *rows])
            above = []
    return joined + ([above] if above else [])


def _is_title(text: str) -> bool:
    """Whether a text names the unit, the year or the month of amounts."""
    return bool(units_in([text]) or any(month_named([text])) or fiscal_title([text]))


def _rows(table: etree._Element) -> Iterator[Row]:
    covered: dict[int, int] = {}  # column → rows that a cell above still covers
    for line in _lines(table):
        row: Row = []
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while covered.get(len(row), 0):
                row.append(None)
            across, down = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            for i in range(across):
                covered[len(row)] = down
                row.append((" ".join("".join(map(str, cell.itertext())).split()) or None) if i == 0 else None)
        yield row
        covered = {column: count - 1 for column, count in covered.items() if count > 1}


def _span(text: str | None) -> int:
    return int(text) if text and text.isdigit() and 1 <= int(text) <= _WIDEST_SPAN else 1
