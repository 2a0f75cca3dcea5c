"""Files that bear the name of a workbook and are none: pages of the web, the XML of Excel 2003, texts of columns.

Each table of a page, and each sheet of the XML, is a sheet: those of the same header are read as one, the others told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from xlsales.core.faults import Listed, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml import xml
from xlsales.ooxml.grid import MAX_COLUMN, MAX_ROW
from xlsales.tables.files.books import Page
from xlsales.tables.files.grids import HEAD_ROWS, Grid
from xlsales.tables.files.joining import header_of
from xlsales.tables.files.text_limits import read_bytes
from xlsales.tables.files.texts import decode, frame_of, load_columns
from xlsales.tables.files.unreadable import NotReallyABook, SheetMissing
from xlsales.tables.remarks import RowsHidden
from xlsales.tables.words.fiscal import fiscal_title
from xlsales.tables.words.units import in_titles
from xlsales.tables.words.wide import month_named

_WIDEST_SPAN = 40
"""A cell of a page that spans more columns than so many spans one."""
_SHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL_XML = "urn:schemas-microsoft-com:office:excel"

Row = list[str | None]


@dataclass
class _Sheet:
    """A table of the file: its title, its rows, whether a person sees it, and how many of its rows are hidden."""

    title: str
    rows: list[Row]
    visible: bool = True
    hidden: int = 0


class DisguisedPages:
    """The tables of a file that is no workbook, as the sheets of one."""

    def __init__(self, name: str, sheets: Sequence[_Sheet]) -> None:
        self.name = name
        self._sheets = {sheet.title: sheet for sheet in sheets}
        self.pages = tuple(Page(sheet.title, sheet.visible) for sheet in sheets)

    def find(self, wanted: str) -> Page:
        """Return the sheet of this name, or of one that looks like it. Raises `SheetMissing`."""
        for page in self.pages:
            if identity(page.title) == identity(wanted):
                return page
        raise SheetMissing(path=self.name, sheet=wanted, found=Listed(page.title for page in self.pages))

    def top(self, page: Page) -> list[tuple[str | None, ...]]:
        """Return the first rows of a sheet as text."""
        return self.grid(page, "").top(HEAD_ROWS)

    def grid(self, page: Page, label: str) -> Grid:
        """Return the cells of a sheet."""
        sheet = self._sheets[page.title]
        hidden = Problem.note(Place(label), "", RowsHidden(count=sheet.hidden), None, sheet.hidden)
        return Grid(frame_of(sheet.rows), notes=(hidden,) if sheet.hidden else ())


def load_disguised(path: Path) -> DisguisedPages | Grid:
    """Load a file that bears the name of a workbook and is none. Raises `NotReallyABook`."""
    text = decode(read_bytes(path))
    sheets: Sequence[_Sheet] = ()
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
    return DisguisedPages(path.name, sheets)


# --- the XML of Excel 2003 ----------------------------------------------------


def _of_sheet_xml(text: str) -> list[_Sheet]:
    """The sheets that hold something; none where the XML is damaged."""
    try:
        root = xml.parse(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode())
    except xml.XmlError:
        return []
    found = []
    for sheet in root.iter(_name("Worksheet")):
        rows = _sheet_rows(sheet)
        if any(any(row) for row in rows):
            state = sheet.findtext(f".//{{{_EXCEL_XML}}}Visible") or ""
            hidden = sum(_is_hidden(line) for line in sheet.iter(_name("Row")))
            found.append(_Sheet(sheet.get(_name("Name"), ""), rows, "hidden" not in state.lower(), hidden))
    return found if any(sheet.visible for sheet in found) else [replace(sheet, visible=True) for sheet in found]


def _is_hidden(line: etree._Element) -> bool:
    return line.get(_name("Hidden")) in ("1", "true")


def _name(tag: str) -> str:
    return f"{{{_SHEET_XML}}}{tag}"


def _sheet_rows(sheet: etree._Element) -> list[Row]:
    """Rows of cells, those that are left out by an index blank."""
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


def _of_page(text: str) -> list[_Sheet]:
    """The tables of a page, those of the largest one's header first; a title or a header of its own joins its table."""
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
    sheets = [_Sheet(f"表{i}", rows) for i, rows in enumerate(tables, 1)]
    of_it = [
        s
        for s in sheets
        if s.rows is largest or header.found_in([tuple(row) for row in s.rows[:HEAD_ROWS]]) is not None
    ]
    return of_it + [sheet for sheet in sheets if sheet not in of_it]


def _tables(root: etree._Element) -> Iterator[etree._Element]:
    """The tables that hold data: of one within another, that with more rows of its own."""
    size = {table: len(_lines(table)) for table in root.iter("table")}
    layout = {outer for table in size for outer in table.iterancestors("table") if size[outer] < size[table]}
    for table in size:
        if table not in layout and all(outer in layout for outer in table.iterancestors("table")):
            yield table


def _lines(table: etree._Element) -> list[etree._Element]:
    """The rows of a table that are not those of a table in one of its cells."""
    return [line for line in table.iter("tr") if next(line.iterancestors("table"), None) is table]


def _together(tables: Sequence[list[Row]]) -> list[list[Row]]:
    """Put a header that stands in a table of its own above the rows below it, and so a title; drop other lone cells."""
    found: list[list[Row]] = []
    above: list[Row] = []
    for rows in tables:
        cells = [cell for row in rows for cell in row if cell is not None]
        if len(cells) == 1:
            above += rows if _tells(cells[0]) else []
        elif len(rows) == 1 and not any(re.search(r"\d", cell) and not re.search("[月日季年]", cell) for cell in cells):
            above += rows
        else:
            found.append([*above, *rows])
            above = []
    return found + ([above] if above else [])


def _tells(title: str) -> bool:
    """Whether a title says something of the amounts: their unit, their year or month."""
    return bool(in_titles([title]) or any(month_named([title])) or fiscal_title([title]))


def _rows(table: etree._Element) -> Iterator[Row]:
    taken: dict[int, int] = {}  # column → rows that a cell above still covers
    for line in _lines(table):
        row: Row = []
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while taken.get(len(row), 0):
                row.append(None)
            across, down = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            for i in range(across):
                taken[len(row)] = down
                row.append((" ".join("".join(map(str, cell.itertext())).split()) or None) if i == 0 else None)
        yield row
        taken = {column: left - 1 for column, left in taken.items() if left > 1}


def _span(text: str | None) -> int:
    return int(text) if text and text.isdigit() and 1 <= int(text) <= _WIDEST_SPAN else 1
