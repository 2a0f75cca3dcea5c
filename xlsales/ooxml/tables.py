"""Makes a table (list object) of cells that are there already: a part, its relation, its place in the sheet."""

from __future__ import annotations

import re

from lxml import etree

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml import formulas, grid, markup, relations, xml
from xlsales.ooxml.book import Area, Book, TablePart
from xlsales.ooxml.xml import main

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_PART = "xl/tables/table1.xml"
_OPEN = expression(rb"<((?:\w+:)?)tableParts\b[^>]*?(/?)>")
_EXTENSION = expression(rb"<(/?)(?:\w+:)?extLst\b[^>]*?>")
_END = expression(rb"\s*</(?:\w+:)?worksheet>")


def has_filter(book: Book, area: Area) -> bool:
    """Whether the sheet of an area has a filter of its own; a table beside it may be more than Excel allows."""
    sheet = book.sheet(area.sheet)
    return sheet is not None and b"autoFilter" in book.package.read(sheet.part)


def add_table(book: Book, name: str, area: Area) -> None:
    """Make a table of an area that has its headers, as texts, in the first row."""
    sheet = book.sheet(area.sheet)
    assert sheet is not None
    cells, package = book.cells(sheet), book.package
    numbers = [xml.integer(package.parse(table.part), "id") for table in book.tables.values()]
    reference = a1.block(area.row, area.column, area.last_row, area.last_column)
    root = xml.parse(f'<table xmlns="{xml.MAIN}"/>'.encode())
    own_number = str(max(numbers, default=0) + 1)
    for key, value in (("id", own_number), ("name", name), ("displayName", name), ("ref", reference)):
        root.set(key, value)
    root.set("totalsRowShown", "0")
    etree.SubElement(root, main("autoFilter"), {"ref": reference})
    columns = range(area.column, area.last_column + 1)
    group = etree.SubElement(root, main("tableColumns"), {"count": str(len(columns))})
    for number, column in enumerate(columns, 1):
        cell = cells.get((area.row, column))
        header = str(cell.value) if cell else ""
        etree.SubElement(group, main("tableColumn"), {"id": str(number), "name": header.replace("\n", "_x000a_")})
    style = {"showFirstColumn": "0", "showLastColumn": "0", "showRowStripes": "1", "showColumnStripes": "0"}
    etree.SubElement(root, main("tableStyleInfo"), style)
    part = relations.free_name(package, _PART)
    package.add(part, xml.serialise(root))
    relations.set_content_type(package, part, _CONTENT)
    relation = relations.add_relation(package, sheet.part, "table", part)
    package.set(sheet.part, _with_part(package.read(sheet.part), relation))
    book.reload()


def follow_rows(book: Book, table: TablePart, last: int) -> None:
    """Let charts, PivotTables and names over all rows of a table follow it to another last row, before it changes."""
    package, title, rows = book.package, table.area.sheet, table.data_rows
    for part in [name for name in package.names if name.startswith(_FOLLOWING)]:
        old = package.read(part)

        new = _SERIES.sub(lambda m: m[1] + _in_sheet(markup.plain(m[2]), title, rows, last, m[2]), old)
        new = _SOURCE.sub(lambda m: _source(m[0], title, rows, last), new)
        if new != old:
            package.set(part, new)
    for element in book.defined_names():
        text = element.text or ""
        element.text = markup.plain(_in_sheet(text, title, rows, last, markup.quoted(text).encode()))
        if element.text != text:
            package.edited(book.part)


def follow_in_sheet(book: Book, table: TablePart, last: int) -> None:
    """Let formats by condition and checks of input over all rows of a table follow it to another last row."""
    sheet, rows = book.sheet(table.area.sheet), table.data_rows
    if sheet is None:
        return

    def reaching(match: re.Match[bytes]) -> bytes:
        areas = match[2].decode().split()
        return match[1] + " ".join(_reaching(area, rows, last) for area in areas).encode()

    old = book.package.read(sheet.part)
    behind = max(old.rfind(b"sheetData>"), 0)  # that is far shorter than the cells
    tail = _RULES.sub(reaching, old[behind:])
    if tail != old[behind:]:
        book.package.set(sheet.part, old[:behind] + tail)


_RULES = expression(
    rb"(<(?:\w+:)?(?:conditionalFormatting|dataValidation)\s(?:[^>]*?\s)?sqref=\"|<xm:sqref>)([^\"<]+)(?=[\"<])"
)
_FOLLOWING = ("xl/charts/chart", "xl/pivotCache/pivotCacheDefinition")
_SERIES = expression(rb"(<(?:\w+:)?f>)([^<]+)(?=</)")
_SOURCE = expression(rb"<(?:\w+:)?worksheetSource\s[^>]*>")
_AREA = expression(r"(\$?[A-Z]{1,3}\$?)(\d+):(\$?[A-Z]{1,3}\$?)(\d+)")


def _in_sheet(reference: str, title: str, rows: range, last: int, as_it_is: bytes) -> bytes:
    """A reference of a chart or a name that follows the rows of a sheet; any other as it is."""
    titled = formulas.split_title(reference)
    if titled is None or titled[0].casefold() != title.casefold():
        return as_it_is
    address = _reaching(titled[1], rows, last)
    if address == titled[1]:
        return as_it_is
    return markup.quoted(reference.removesuffix(titled[1]) + address).encode()


def _source(tag: bytes, title: str, rows: range, last: int) -> bytes:
    """The cells that a PivotTable is over."""
    sheet, address = (grid.attribute(tag, name) for name in (b"sheet", b"ref"))
    if sheet is None or address is None or markup.plain(sheet).casefold() != title.casefold():
        return tag
    return tag.replace(b'"%b"' % address, b'"%b"' % _reaching(address.decode(), rows, last).encode())


def _reaching(address: str, rows: range, last: int) -> str:
    """An address that covers all rows, with their header or without, down to another row."""
    match = _AREA.fullmatch(address)
    if match is None or int(match[2]) not in (rows[0], rows[0] - 1) or int(match[4]) != rows[-1]:
        return address
    return f"{match[1]}{match[2]}:{match[3]}{last}"


def _with_part(sheet: bytes, relation: str) -> bytes:
    """A sheet's XML with one table more."""
    one = f'<tablePart xmlns="{xml.MAIN}" xmlns:r="{xml.REL}" r:id="{relation}"/>'.encode()
    parts = _OPEN.search(sheet)
    if parts and not parts[2]:
        head = re.sub(rb'\bcount="(\d+)"', lambda m: b'count="%d"' % (int(m[1]) + 1), parts[0])
        return sheet[: parts.start()] + head + one + sheet[parts.end() :]
    if parts:
        sheet = sheet[: parts.start()] + sheet[parts.end() :]
    at = _behind_all(sheet)
    whole = f'<tableParts xmlns="{xml.MAIN}" count="1">'.encode() + one + b"</tableParts>"
    return sheet[:at] + whole + sheet[at:]


def _behind_all(sheet: bytes) -> int:
    """Where tables belong: before the extensions of the sheet itself, which are last, else at its end."""
    depth = start = 0
    for tag in _EXTENSION.finditer(sheet):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
            continue
        depth -= 1
        if not depth and _END.match(sheet, tag.end()):
            return start
    end = [found.start() for found in _END.finditer(sheet)]
    return end[-1]
