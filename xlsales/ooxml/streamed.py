"""Rows of a sheet while it is inflated: its first ones, or all of them, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from xlsales.core.expressions import expression
from xlsales.ooxml import grid, markup
from xlsales.ooxml.cells import Cell, cells_of_rows
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.strings import LONGEST_ITEM, SharedStrings
from xlsales.ooxml.xml import utf8


def peek_rows(package: Package, part: str, count: int, strings: SharedStrings) -> list[tuple[int, dict[int, Cell]]]:
    """Return the first `count` rows of a sheet as (row number, column → cell); no more is inflated than they need."""
    with package.sound(part):
        rows = _peek(package, part, count, strings)
        gap = any(number != n for n, (number, _) in enumerate(rows, 1))
        if gap and package.size(part) <= _ORDERED:  # rows that are missing here may come below
            xml = package.read(part)
            if (ordered := grid.in_order(xml)) is not xml:
                return list(islice(_rows_of_whole(ordered, strings, 0), count))
        return rows


def peek_first(package: Package, part: str, strings: SharedStrings) -> str | None:
    """Return the text of A1 if it is a shared string and begins the rows as nearly all programs write it; else None."""
    with package.sound(part):
        data = next(package.stream(part), b"")
        match = _FIRST_CELL.search(data)
        return strings[int(match[1])] if match is not None and data.find(b"<!", 0, match.end()) < 0 else None


_FIRST_CELL = expression(rb'<sheetData><row r="1"[^<>]*><c r="A1"(?: s="\d+")? t="s"><v>(\d{1,9})</v></c>')
_ORDERED = 1 << 25
"""A sheet of more bytes is not searched for rows out of order."""


def _peek(package: Package, part: str, count: int, strings: SharedStrings) -> list[tuple[int, dict[int, Cell]]]:
    data = b""
    for piece in package.stream(part):
        data = _grown(data, piece)
        start = grid.find_start(data)
        if start is not None and data.count(b"</%brow>" % start.tags.prefix) > count:
            break
    xml = utf8(data)
    masked = markup.mask(xml)
    start = grid.find_start(masked)
    if start is None:
        raise grid.SheetError("no sheetData")
    tags = start.tags
    end = masked.rfind(b"</%brow" % tags.prefix)  # the last row may be cut off
    stop = max(masked.find(b">", end) + 1, start.inner_start)
    rows = list(islice(grid.rows(masked, start.inner_start, stop, tags), count))
    return list(cells_of_rows(xml, masked, rows, tags, strings).items())


def read_rows(package: Package, part: str, strings: SharedStrings) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield the rows of a sheet as (row number, column → cell) while it is inflated, some thousands at a time."""
    with package.sound(part):
        yield from _read(package, part, strings)


def _read(package: Package, part: str, strings: SharedStrings) -> Iterator[tuple[int, dict[int, Cell]]]:
    strings.load()
    last = 0
    try:
        for run, tags in runs_of_rows(package.stream(part)):
            rows = list(grid.rows(run, 0, len(run), tags, last))
            last = rows[-1].number if rows else last
            yield from cells_of_rows(run, run, rows, tags, strings).items()
    except CommentsInside:
        yield from _rows_of_whole(package.read(part), strings, last)


class CommentsInside(Exception):
    """A sheet with comments or CDATA, or in UTF-16: its rows cannot be cut out one after another."""


def runs_of_rows(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, grid.Tags]]:
    """Yield the rows of a sheet, many whole ones at a time, while it is inflated.

    Raises `CommentsInside`, and `grid.CutOff` behind the last row.
    """
    rest, tags = b"", None
    for piece in pieces:
        rest = _grown(rest, piece)
        if rest[:2] in (b"\xff\xfe", b"\xfe\xff") or markup.holds(rest, b"!", b"<!"):
            raise CommentsInside
        if tags is None:
            start = grid.find_start(rest)
            if start is None:
                continue
            tags, rest = start.tags, rest[start.inner_start :]
        cut = rest.rfind(b"</%brow" % tags.prefix)
        cut = rest.find(b">", cut) + 1 if cut >= 0 else 0
        if cut:
            yield rest[:cut], tags
            rest = rest[cut:]
    if tags is not None:
        grid.check_end(rest)


def _grown(rest: bytes, piece: bytes) -> bytes:
    if len(rest) > LONGEST_ITEM:
        raise grid.SheetError("a row without an end")
    return rest + piece


def _rows_of_whole(xml: bytes, strings: SharedStrings, after: int) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield the rows below `after` of a sheet with comments and the like, which is read at once."""
    sheet = SheetXml(xml)
    rows = [row for row in sheet.rows() if row.number > after]
    yield from cells_of_rows(sheet.source, sheet.masked, rows, sheet.tags, strings).items()
