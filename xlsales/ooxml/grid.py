"""The places of rows and cells in the bytes of a sheet.

A sheet may hold eight million cells, and most of its bytes are to stay as they are. So it is scanned for tags, not
parsed. Every form that the format allows is read: any namespace prefix, rows and cells without their `r`, self-closing
tags, comments and CDATA. Rows and columns are 1-based.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml import markup

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384


class SheetError(Exception):
    """A part that is no worksheet with a sheetData element."""


class CutOff(SheetError):
    """A worksheet that does not end with its closing tag: what was behind is not in the file."""


def check_end(xml: bytes) -> None:
    """Raise CutOff if a worksheet, or the last part of one, has no closing tag; the last bytes show it."""
    if _CLOSED.search(xml, max(0, len(xml) - _TAIL)) is None:
        raise CutOff("the closing tag is missing")


_CLOSED, _TAIL = expression(rb"</(?:[\w.-]{1,255}:)?worksheet\s*>"), 4096


class RawRow(NamedTuple):
    """A row: its number and the byte spans of the whole, its attributes and its cells (empty if it is self-closing)."""

    number: int
    start: int
    end: int
    attributes: bytes
    inner_start: int
    inner_end: int


class RawCell(NamedTuple):
    """A cell: its column, its span, its attributes and what is inside."""

    column: int
    start: int
    end: int
    attributes: bytes
    inner: bytes


class Tags(Struct, frozen=True):
    """The regular expressions of one namespace prefix."""

    prefix: bytes
    row: re.Pattern[bytes]
    row_end: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    common: re.Pattern[bytes]
    any_cell: re.Pattern[bytes]
    value: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    text: re.Pattern[bytes]
    phonetic: re.Pattern[bytes]


ATTRIBUTES = rb"(?:\s[^<>]*?)?"
"""What may be in a tag. It ends before the next tag: a tag that never ends costs no more than its own length."""


def contents(name: bytes) -> bytes:
    """Return an expression for what an element of this (escaped) name holds: no tag of its own name.

    It matches a text in one way only. So elements without an end cost no more than their length together. Python
    before 3.11.5 loses cells by possessive repeats (`*+`): there is none here.
    """
    return rb"[^<]*(?:<(?!/?%b[\s/>])[^<]*)*" % name


@lru_cache(maxsize=8)
def tags_of(prefix: bytes) -> Tags:
    """Return the expressions for elements written as `<prefix…` (`b""` or `b"x:"`)."""
    p = re.escape(prefix)

    def element(tag: bytes) -> bytes:
        return rb"<%b(%b)(?:/>|>(%b)</%b\s*>)" % (p + tag, ATTRIBUTES, contents(p + tag), p + tag)

    def common(formula: bytes) -> bytes:
        return (
            rb'<%bc r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?:(?: t="([a-z]+)")?(?:/>|>%b<%bv>([^<&\x01\r]+)</%bv></%bc>)'
            rb'| t="inlineStr"><%bis><%bt>([^<&\x01\r]+)</%bt></%bis></%bc>)'
        ) % (p, formula, *(p,) * 8)

    formula = rb"((?:<%bf%b(?:/>|>[^<]*</%bf>))?)" % (p, ATTRIBUTES, p)
    return Tags(
        prefix,
        row=re.compile(rb"<%brow(%b)(/?)>" % (p, ATTRIBUTES)),
        row_end=re.compile(rb"</%brow\s*>" % p),
        cell=re.compile(element(b"c")),
        common=re.compile(common(b"")),
        any_cell=re.compile(rb"%b|<%bc%b(?:/>|>%b</%bc\s*>)" % (common(formula), p, ATTRIBUTES, contents(p + b"c"), p)),
        value=re.compile(element(b"v")),
        formula=re.compile(element(b"f")),
        text=re.compile(element(b"t")),
        phonetic=re.compile(element(b"rPh")),
    )


class SheetData(Struct, frozen=True):
    """The element that holds the rows: the span of the whole and of its contents, and how its tags are written.

    In a sheet that is still being read, both ends are -1.
    """

    start: int
    inner_start: int
    inner_end: int
    end: int
    tags: Tags


_SHEET_DATA = expression(rb"<((?:[\w.-]{1,255}:)?)sheetData(%b)(/?)>" % ATTRIBUTES)


def find_start(masked: bytes) -> SheetData | None:
    """Find where the rows begin; None if the bytes read so far do not show it."""
    match = _SHEET_DATA.search(masked)
    if match is None:
        return None
    end = match.end() if match[3] else -1
    return SheetData(match.start(), match.end(), end, end, tags_of(match[1]))


def sheet_data(masked: bytes) -> SheetData:
    """Find the rows of a (masked) sheet; `SheetError` if there are none to find."""
    data = find_start(masked)
    if data is None:
        raise SheetError("no sheetData")
    if data.end >= 0:
        return data
    closing = masked.rfind(b"</%bsheetData" % data.tags.prefix)
    if closing < 0:
        raise CutOff("sheetData does not end")
    return replace(data, inner_end=closing, end=masked.index(b">", closing) + 1)


def rows(masked: bytes, start: int, end: int, tags: Tags, last: int = 0) -> Iterator[RawRow]:
    """Yield the rows between two offsets; `last` is the number of the row before them."""
    at = start
    while (match := tags.row.search(masked, at, end)) is not None:
        number = attribute(match[1], b"r")
        last = whole(number, MAX_ROW) if number else last + 1
        if match[2]:
            inner_start = inner_end = at = match.end()
        else:
            closing = tags.row_end.search(masked, match.end(), end)
            if closing is None:
                raise SheetError(f"row {last} does not end")
            inner_start, inner_end, at = match.end(), closing.start(), closing.end()
        yield RawRow(last, match.start(), at, match[1], inner_start, inner_end)


def in_order(xml: bytes) -> bytes:
    """Return a sheet as `regular` does, the same object if its rows are in order already."""
    last = 0
    for match in _ROW_NUMBER.finditer(xml):
        number = int(match[1])
        if number <= last:
            return regular(xml)
        last = number
    return xml


_ROW_NUMBER = expression(rb"""<(?:[\w.-]{1,255}:)?row\s(?:[^<>]*?\s)?r\s*=\s*["'](\d{1,7})["']""")


def regular(xml: bytes) -> bytes:
    """Return a sheet with each row once, from top to bottom, and each cell of it once, from left to right.

    Some exporters write a row for each cell, or rows as they come. Of a cell that is there twice, the last counts.
    """
    masked = markup.mask(xml)
    data = sheet_data(masked)
    tag = data.tags.prefix + b"row"
    attributes: dict[int, bytes] = {}
    by_row: dict[int, dict[int, bytes]] = {}
    for row in rows(masked, data.inner_start, data.inner_end, data.tags):
        attributes.setdefault(row.number, without_attributes(row.attributes, b"r", b"spans").rstrip(b" /"))
        own = by_row.setdefault(row.number, {})
        for cell in cells(xml, masked, row, data.tags):
            address = a1.cell(row.number, cell.column).encode()
            others = without_attributes(cell.attributes, b"r")
            after = xml[cell.start + len(data.tags.prefix) + 2 + len(cell.attributes) : cell.end]
            own[cell.column] = b'<%bc r="%b"%b%b' % (data.tags.prefix, address, others, after)
    rows_in_order = [
        b'<%b r="%d"%b>%b</%b>' % (tag, n, attributes[n], b"".join(own[c] for c in sorted(own)), tag)
        for n, own in sorted(by_row.items())
    ]
    return b"".join([xml[: data.inner_start], *rows_in_order, xml[data.inner_end :]])


def cells(xml: bytes, masked: bytes, row: RawRow, tags: Tags) -> Iterator[RawCell]:
    """Yield the cells of a row in the order of the file."""
    column = 0
    for match in tags.cell.finditer(masked, row.inner_start, row.inner_end):
        cell = _raw(xml, match, column)
        column = cell.column
        yield cell


def cell_at(xml: bytes, masked: bytes, at: int, tags: Tags, last: int) -> RawCell:
    """Return the cell that begins at an offset; `last` is the column of the cell before it."""
    match = tags.cell.match(masked, at)
    assert match is not None  # it was found there
    return _raw(xml, match, last)


def _raw(xml: bytes, match: re.Match[bytes], last: int) -> RawCell:
    attributes = match[1]
    reference = _REFERENCE.search(attributes)
    column = column_number(reference[1]) if reference else last + 1
    if column > MAX_COLUMN:
        raise SheetError(f"column {column}")
    inner = xml[match.start(2) : match.end(2)] if match[2] else b""
    return RawCell(column, match.start(), match.end(), attributes, inner)


CommonCell = tuple[int, bytes | None, bytes | None, bytes | None]
"""Column, style, kind and text of a cell in the form that nearly all have: no formula, its value in plain text.

Text in the cell itself (`inlineStr`) is of kind `str`. There is one for each cell of a sheet: a class would cost more.
"""


def common_cell(match: re.Match[bytes]) -> CommonCell:
    """Return the cell that `Tags.common` has matched."""
    letters, style, kind, text, inline = match.groups()
    if inline is not None:
        kind, text = b"str", inline
    return column_number(letters), style, kind, text


_REFERENCE = expression(rb"""\sr=["']([A-Za-z]{1,3})""")


@lru_cache(maxsize=64)
def _attribute(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""\s%b\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name)


def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """Return the value of an attribute in a tag's text; None if it is absent."""
    match = _attribute(name).search(attributes)
    if match is None:
        return None
    return match[1] if match[1] is not None else match[2]


def whole(text: bytes, most: int = 2**31) -> int:
    """Return a whole, not negative number that a sheet names; `SheetError` if it is none, or beyond `most`."""
    number = int(text) if len(text) <= 10 and text.isdigit() else -1
    if not 0 <= number <= most:
        if text != text.strip():
            return whole(text.strip(), most)
        raise SheetError(f"{text[:20].decode(errors='replace')} is no such number")
    return number


def without_attributes(attributes: bytes, *names: bytes) -> bytes:
    """Return a tag's attributes without those named."""
    for name in names:
        attributes = _attribute(name).sub(b"", attributes)
    return attributes


def with_attribute(attributes: bytes, name: bytes, value: bytes) -> bytes:
    """Return a tag's attributes with one given anew, as the last."""
    return b'%b %b="%b"' % (without_attributes(attributes, name).rstrip(b" /"), name, value)


@lru_cache(maxsize=MAX_COLUMN)
def column_number(letters: bytes) -> int:
    """Return the 1-based column of its letters: A → 1, AA → 27; `SheetError` beyond the last, XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    if number > MAX_COLUMN:
        raise SheetError(f"column {letters.decode()}")
    return number


_LETTERS = expression("[A-Za-z]+")
_RANGE = expression(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")
_COLUMNS = expression(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = expression(r"\$?(\d+):\$?(\d+)")


def parse_range(text: str) -> tuple[int, int, int, int] | None:
    """Return (first row, first column, last row, last column) of `A1`, `A1:C5`, `A:C` or `1:5`; else None."""
    row, column, last_row, last_column = 1, 1, MAX_ROW, MAX_COLUMN
    if any(len(part) == 3 and part.upper() > "XFD" for part in _LETTERS.findall(text)):
        return None
    if match := _RANGE.fullmatch(text):
        row, column = int(match[2]), column_number(match[1].encode())
        last_row, last_column = (int(match[4]), column_number(match[3].encode())) if match[3] else (row, column)
    elif match := _COLUMNS.fullmatch(text):
        column, last_column = column_number(match[1].encode()), column_number(match[2].encode())
    elif match := _ROWS.fullmatch(text):
        row, last_row = int(match[1]), int(match[2])
    else:
        return None
    if not (1 <= row <= last_row <= MAX_ROW and 1 <= column <= last_column <= MAX_COLUMN):
        return None
    return row, column, last_row, last_column


def rich_text(fragment: bytes, tags: Tags) -> str:
    """Return the text of `<is>` or `<si>` contents: the runs joined, phonetic guides left out."""
    masked = markup.mask(fragment)
    if b"rPh" in masked:
        masked = tags.phonetic.sub(lambda m: b"\x01" * len(m[0]), masked)
    texts = [markup.plain(fragment[m.start(2) : m.end(2)]) for m in tags.text.finditer(masked) if m[2]]
    return markup.unescape("".join(texts))
