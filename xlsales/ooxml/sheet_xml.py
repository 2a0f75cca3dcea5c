"""The XML of a sheet, scanned, with new bytes in some places: every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from xlsales.core.a1 import Address
from xlsales.ooxml import grid, markup
from xlsales.ooxml.grid import RawCell, RawRow
from xlsales.ooxml.xml import utf8


class SheetXml:
    """A sheet's XML as UTF-8 (`source`), with comments and the like blotted out (`masked`), and the place of its rows.

    Raises `SheetError` if there are none to find, `XmlError` for an unknown encoding.
    """

    def __init__(self, xml: bytes) -> None:
        self.source = utf8(xml)
        self.masked = markup.mask(self.source)
        self.data = grid.sheet_data(self.masked)
        self.tags = self.data.tags

    def rows(self) -> Iterator[RawRow]:
        """Yield its rows in the order of the file."""
        return grid.rows(self.masked, self.data.inner_start, self.data.inner_end, self.tags)

    def cells(self, row: RawRow) -> Iterator[RawCell]:
        """Yield the cells of a row in the order of the file."""
        return grid.cells(self.source, self.masked, row, self.tags)

    def matches(self, expression: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
        """Yield the matches of an expression among the rows, whatever is blotted out."""
        return expression.finditer(self.source, self.data.inner_start, self.data.inner_end)

    def found(self, expression: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
        """Return the groups of every match of an expression among the rows."""
        return expression.findall(self.source, self.data.inner_start, self.data.inner_end)

    def retagged(self, tag: RawRow | RawCell, attributes: bytes) -> Piece:
        """Return what gives a row or a cell other attributes."""
        start = tag.start + len(self.tags.prefix) + (4 if isinstance(tag, RawRow) else 2)  # after `<row`, `<c`
        return Piece(start, start + len(tag.attributes), attributes)


class Piece(Struct, frozen=True):
    """Bytes that take the place of a span of the source; an empty span is an insertion."""

    start: int
    end: int
    data: bytes | Iterable[bytes]


def spliced(source: bytes, pieces: Iterable[Piece]) -> Iterator[bytes | memoryview]:
    """Yield the source with each piece in its place; the pieces do not overlap, and come in any order."""
    view, at = memoryview(source), 0
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        yield view[at : piece.start]
        if isinstance(piece.data, bytes):
            yield piece.data
        else:
            yield from piece.data
        at = piece.end
    yield view[at:]


def restyle(xml: bytes, styles: Mapping[Address, int]) -> bytes:
    """Return a sheet's XML with the style index of each cell named; a cell that is not in the file is passed over."""
    sheet, numbers = SheetXml(xml), {row for row, _ in styles}
    pieces = [
        sheet.retagged(cell, grid.with_attribute(cell.attributes, b"s", b"%d" % styles[row.number, cell.column]))
        for row in sheet.rows()
        if row.number in numbers
        for cell in sheet.cells(row)
        if (row.number, cell.column) in styles
    ]
    return b"".join(spliced(sheet.source, pieces)) if pieces else xml


def at_least(xml: bytes, heights: Mapping[int, float]) -> bytes:
    """Return a sheet's XML with rows of a set height at least so high (row → points); none becomes lower."""
    sheet = SheetXml(xml)
    pieces = [
        sheet.retagged(row, grid.with_attribute(row.attributes, b"ht", f"{heights[row.number]:g}".encode()))
        for row in sheet.rows()
        if row.number in heights
        and (height := grid.attribute(row.attributes, b"ht")) is not None
        and float(height) < heights[row.number]
    ]
    return b"".join(spliced(sheet.source, pieces)) if pieces else xml
