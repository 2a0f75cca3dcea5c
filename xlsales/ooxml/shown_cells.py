"""Which cells of a sheet a person sees: hidden rows and columns, and the cells that a merged one covers."""

from __future__ import annotations

from msgspec import Struct

from xlsales.core.a1 import Address
from xlsales.core.expressions import expression
from xlsales.ooxml import grid
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.sheet_xml import SheetXml

_COLUMN = expression(rb"<(?:[\w.-]{1,255}:)?col\s([^<>]*)>")
_MERGED = expression(rb"<(?:[\w.-]{1,255}:)?mergeCell\s([^<>]*)>")
_YES = (b"1", b"true")


class ShownCells(Struct, frozen=True):
    """What is not shown of a sheet: hidden rows, spans of hidden columns, and merged blocks (ends included)."""

    rows: frozenset[int]
    columns: tuple[tuple[int, int], ...]
    merged: tuple[tuple[int, int, int, int], ...]

    def hides(self, at: Address) -> bool:
        """Whether a cell is in a hidden row or column, as a filter leaves it."""
        return at[0] in self.rows or any(first <= at[1] <= last for first, last in self.columns)

    def covers(self, at: Address) -> bool:
        """Whether a merged block covers a cell; its upper left cell is the block's own."""
        return any(
            top <= at[0] <= bottom and left <= at[1] <= right and at != (top, left)
            for top, left, bottom, right in self.merged
        )


def shown_cells(book: Book, sheet: SheetPart) -> ShownCells:
    """Return what a sheet hides."""
    with book.package.sound(sheet.title):
        xml = SheetXml(book.package.read(sheet.part))
        rows = frozenset(row.number for row in xml.rows() if _hidden(row.attributes))
        head, tail = xml.masked[: xml.data.start], xml.masked[xml.data.end :]
        columns = tuple(
            (_number(tag[1], b"min"), _number(tag[1], b"max")) for tag in _COLUMN.finditer(head) if _hidden(tag[1])
        )
        references = (grid.attribute(b" " + tag[1], b"ref") for tag in _MERGED.finditer(tail))
        blocks = (grid.parse_range(reference.decode()) for reference in references if reference)
    return ShownCells(rows, columns, tuple(block for block in blocks if block is not None))


def _hidden(attributes: bytes) -> bool:
    return grid.attribute(b" " + attributes, b"hidden") in _YES


def _number(attributes: bytes, name: bytes) -> int:
    return grid.whole(grid.attribute(b" " + attributes, name) or b"0")
