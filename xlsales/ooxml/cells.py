"""What the cells of a sheet hold: values of distinct types, and ways to read few or many of them.

A value is one of

- `float`: a number; dates and times are numbers, and the style shows which (`styles.Styles.is_date`);
- `str`: text, also text that looks like a number or a formula;
- `bool`;
- `ErrorValue`: `#N/A` and its kin;
- `FormulaWithoutResult`: a formula that no program has calculated yet;
- `BLANK`: nothing, or a cell that is only formatted.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Final, Literal, NamedTuple

from xlsales.core.a1 import Address
from xlsales.ooxml import grid
from xlsales.ooxml.marks import Mark
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.strings import LONGEST_ITEM, SharedStrings
from xlsales.ooxml.xml import utf8


class Blank(Enum):
    """The value of an empty cell."""

    BLANK = "blank"


BLANK: Final = Blank.BLANK


@dataclass(frozen=True)
class ErrorValue:
    """An error in a cell, by its code: `#DIV/0!`."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class FormulaWithoutResult:
    """A formula without its result in the file."""

    def __str__(self) -> str:
        return "="


Value = float | str | bool | ErrorValue | FormulaWithoutResult | Literal[Blank.BLANK]
Flaw = ErrorValue | FormulaWithoutResult


class Cell(NamedTuple):
    """A cell: its value, whether a formula gives it, and the index of its style."""

    value: Value
    formula: bool = False
    style: int = 0


class SheetCells(Mapping[Address, Cell]):
    """The cells of a sheet that exist in the file, by (row, column), 1-based."""

    def __init__(self, cells: dict[Address, Cell]) -> None:
        self._cells = cells

    @classmethod
    def read(cls, xml: bytes, strings: SharedStrings) -> SheetCells:
        """Read every cell of a sheet's XML (`SheetError`, `XmlError`)."""
        sheet = SheetXml(xml)
        return cls(_collect(sheet.source, sheet.masked, sheet.rows(), sheet.known, strings))

    def __getitem__(self, at: Address) -> Cell:
        return self._cells[at]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def value(self, row: int, column: int) -> Value:
        """Return the value at an address; `BLANK` if there is no cell."""
        cell = self._cells.get((row, column))
        return BLANK if cell is None else cell.value

    @cached_property
    def _by_row(self) -> dict[int, dict[int, Cell]]:
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self._cells.items()):
            by_row.setdefault(row, {})[column] = cell
        return by_row

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows with cells, from top to bottom."""
        return list(self._by_row)

    def row(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a row, by column, from left to right."""
        return self._by_row.get(number, {})

    @property
    def last_row(self) -> int:
        """The last row with a value; 0 for an empty sheet."""
        return max((row for (row, _), cell in self._cells.items() if cell.value is not BLANK), default=0)


def _collect(
    xml: bytes, masked: bytes, rows: Iterable[grid.RawRow], known: grid.Pattern, strings: SharedStrings
) -> dict[Address, Cell]:
    """Read the cells of some rows; shared strings are looked up together at the end."""
    cells: dict[Address, Cell] = {}
    shared: list[tuple[Address, int]] = []
    for row in rows:
        for raw in grid.quick_cells(xml, masked, row, known):
            at = row.number, raw.column
            if isinstance(raw, grid.CommonCell):
                style, index = grid.whole(raw.style or b"0"), raw.text if raw.kind == b"s" else None
                blank = raw.text is None or index is not None
                value = BLANK if blank else typed(raw.kind or b"n", (raw.text or b"").decode(), False)
                cells[at] = Cell(value, False, style)
            else:
                cells[at] = cell_of(raw, known, None)
                text = _stored(raw.inner, known) if grid.attribute(raw.attributes, b"t") == b"s" else None
                index = text.encode() if text else None
            if index is not None:
                shared.append((at, grid.whole(index)))
    strings.find(number for _, number in shared)
    for at, number in shared:
        cells[at] = cells[at]._replace(value=strings[number])
    return cells


def _stored(inner: bytes, known: grid.Pattern) -> str | None:
    """Return the text of `<v>`; None if there is no such element."""
    if inner.startswith(b"<v>") and inner.find(b"<", 3) == len(inner) - 4 and b"&" not in inner:
        return inner[3:-4].decode()  # nearly every cell
    match = known.value.search(grid.mask(inner))
    return None if match is None else grid.plain(inner[match.start(2) : match.end(2)]) if match[2] else ""


def cell_of(cell: grid.RawCell, known: grid.Pattern, strings: SharedStrings | None) -> Cell:
    """Return what a scanned cell holds; without `strings` a shared string reads as `BLANK`."""
    style = grid.whole(grid.attribute(cell.attributes, b"s") or b"0")
    if not cell.inner:
        return Cell(BLANK, False, style)
    kind = grid.attribute(cell.attributes, b"t") or b"n"
    formula = b"f" in cell.inner and known.formula.search(grid.mask(cell.inner)) is not None
    return Cell(_value(cell, kind, formula, known, strings), formula, style)


def _value(cell: grid.RawCell, kind: bytes, formula: bool, known: grid.Pattern, strings: SharedStrings | None) -> Value:
    if kind == b"inlineStr":
        return grid.rich_text(cell.inner, known)
    text = _stored(cell.inner, known)
    if text is not None and kind == b"s":
        return strings[grid.whole(text.encode())] if strings is not None and text.strip() else BLANK
    return (FormulaWithoutResult() if formula else BLANK) if text is None else typed(kind, text, formula)


def typed(kind: bytes, text: str, formula: bool) -> Value:
    """Return the value that `text` means in a cell of type `kind`."""
    if kind == b"str":
        return grid.unescape(text)
    if text.strip() == "":
        return FormulaWithoutResult() if formula else BLANK
    if kind == b"b":
        return text.strip() in ("1", "true")
    if kind == b"e":
        return ErrorValue(text.strip())
    if kind == b"d":
        return _serial(text.strip())
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) and "_" not in text else text  # 1e999, NaN: no number of a spreadsheet


def _serial(text: str) -> float | str:
    """Return the serial number of an ISO 8601 date, which a few writers store; text if it is none."""
    try:
        moment = dt.datetime.fromisoformat(text.replace("Z", ""))
    except ValueError:
        return text
    return (moment.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)


def peek_rows(package: Package, part: str, count: int, strings: SharedStrings) -> list[tuple[int, dict[int, Cell]]]:
    """Return the first `count` rows of a sheet as (row number, column → cell), inflating no more than they need."""
    with package.sound(part):
        rows = _peek(package, part, count, strings)
        gap = any(number != n for n, (number, _) in enumerate(rows, 1))
        if gap and package.size(part) <= _ORDERED:  # rows that are missing here may come below
            xml = package.read(part)
            if (ordered := grid.in_order(xml)) is not xml:
                return list(islice(_rows_of_whole(ordered, strings, 0), count))
        return rows


_ORDERED = 1 << 25
"""A sheet of more bytes is not searched for rows out of order."""


def _peek(package: Package, part: str, count: int, strings: SharedStrings) -> list[tuple[int, dict[int, Cell]]]:
    data = b""
    for piece in package.stream(part):
        data = _grown(data, piece)
        start = grid.find_start(data)
        if start is not None and data.count(b"</%brow>" % start.pattern.prefix) > count:
            break
    xml = utf8(data)
    masked = grid.mask(xml)
    start = grid.find_start(masked)
    if start is None:
        raise grid.SheetError("no sheetData")
    known = start.pattern
    end = masked.rfind(b"</%brow" % known.prefix)  # the last row may be cut off
    stop = max(masked.find(b">", end) + 1, start.inner_start)
    rows = list(islice(grid.rows(masked, start.inner_start, stop, known), count))
    return list(_by_row(xml, masked, rows, known, strings))


def read_rows(package: Package, part: str, strings: SharedStrings) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield the rows of a sheet as (row number, column → cell) while it is inflated, some thousands at a time."""
    with package.sound(part):
        yield from _read(package, part, strings)


def _read(package: Package, part: str, strings: SharedStrings) -> Iterator[tuple[int, dict[int, Cell]]]:
    strings.load()
    kept, last, known = b"", 0, None
    for piece in package.stream(part):
        kept = _grown(kept, piece)
        if kept[:2] in (b"\xff\xfe", b"\xfe\xff") or _holds(kept, b"!", b"<!"):
            yield from _rows_of_whole(package.read(part), strings, last)
            return
        if known is None:
            start = grid.find_start(kept)
            if start is None:
                continue
            known, kept = start.pattern, kept[start.inner_start :]
        cut = kept.rfind(b"</%brow" % known.prefix)
        cut = kept.find(b">", cut) + 1 if cut >= 0 else 0
        if not cut:
            continue
        whole, kept = kept[:cut], kept[cut:]
        rows = list(grid.rows(whole, 0, len(whole), known, last))
        last = rows[-1].number if rows else last
        yield from _by_row(whole, whole, rows, known, strings)


def _grown(kept: bytes, piece: bytes) -> bytes:
    if len(kept) > LONGEST_ITEM:
        raise grid.SheetError("a row without an end")
    return kept + piece


def _rows_of_whole(xml: bytes, strings: SharedStrings, after: int) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield the rows below `after` of a sheet with comments and the like, which is read at once."""
    sheet = SheetXml(xml)
    rows = [row for row in sheet.rows() if row.number > after]
    yield from _by_row(sheet.source, sheet.masked, rows, sheet.known, strings)


def _by_row(
    xml: bytes, masked: bytes, rows: list[grid.RawRow], known: grid.Pattern, strings: SharedStrings
) -> Iterator[tuple[int, dict[int, Cell]]]:
    by_row: dict[int, dict[int, Cell]] = {row.number: {} for row in rows}
    for (row, column), cell in _collect(xml, masked, rows, known, strings).items():
        by_row[row][column] = cell
    yield from by_row.items()


def error_cells(
    package: Package,
    part: str,
    columns: set[int] | None = None,
    through: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
) -> list[tuple[int, int, Flaw]]:
    """Return (row, column, flaw) of every error and every formula without a result, in the given columns or in all.

    `through` is handed the sheet's bytes on their way, if the caller wants to look at them in the same pass.

    The sheet is streamed; pieces without a suspicious byte sequence are passed over unread, so a clean sheet costs
    little more than inflating it.
    """
    with package.sound(part):
        return _errors(package, part, columns, through)


def _errors(
    package: Package, part: str, columns: set[int] | None, through: Callable[[Iterator[bytes]], Iterator[bytes]]
) -> list[tuple[int, int, Flaw]]:
    flaws: list[tuple[int, int, Flaw]] = []
    kept, last, known = b"", 0, None
    for piece in through(package.stream(part)):
        kept = _grown(kept, piece)
        if known is None:
            if kept[:2] in (b"\xff\xfe", b"\xfe\xff") or _holds(kept, b"!", b"<!"):
                return _flaws_of_whole(package, part, columns)
            start = grid.find_start(kept)
            if start is None:
                continue
            known, kept = start.pattern, kept[start.inner_start :]
        elif _holds(kept, b"!", b"<!"):
            return _flaws_of_whole(package, part, columns)
        cut = kept.rfind(b"</%brow" % known.prefix)
        cut = kept.find(b">", cut) + 1 if cut >= 0 else 0
        if not cut:
            continue
        whole, kept = kept[:cut], kept[cut:]
        last = _take_flaws(whole, last, known, columns, flaws)
    if known is not None:
        _take_flaws(kept, last, known, columns, flaws)
    return flaws


def _flaws_of_whole(package: Package, part: str, columns: set[int] | None) -> list[tuple[int, int, Flaw]]:
    sheet = SheetXml(package.read(part))
    flaws: list[tuple[int, int, Flaw]] = []
    for row in sheet.rows():
        _flaws_of_row(sheet.source, sheet.masked, row, sheet.known, columns, flaws)
    return flaws


def _take_flaws(
    whole: bytes, last: int, known: grid.Pattern, columns: set[int] | None, flaws: list[tuple[int, int, Flaw]]
) -> int:
    """Collect the flaws of a run of whole rows after row `last`; return the number of its last row.

    Only suspicious cells are read, so that a flaw costs its cell and not the whole run.
    """
    before = len(flaws)
    for at in _suspicions(whole, known):
        start = whole.rfind(b"<%bc" % known.prefix, 0, at)
        cell = known.cell.match(whole, start) if start >= 0 else None
        address = _ADDRESS.search(cell[1]) if cell is not None else None
        if cell is None or address is None:  # only the cells before it show if it is
            del flaws[before:]
            for row in grid.rows(whole, 0, len(whole), known, last):
                last = row.number
                _flaws_of_row(whole, whole, row, known, columns, flaws)
            return last
        column = grid.column_number(address[1])
        if columns is None or column in columns:
            value = cell_of(grid.RawCell(column, start, cell.end(), cell[1], cell[2] or b""), known, None).value
            if isinstance(value, ErrorValue | FormulaWithoutResult):
                flaws.append((grid.whole(address[2], grid.MAX_ROW), column, value))
    return _last_number(whole, last, known)


_ADDRESS = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d+)["']""")


def _last_number(whole: bytes, last: int, known: grid.Pattern) -> int:
    """Return the number of the last row of a run without walking it if rows are numbered."""
    at = whole.rfind(b"<%brow" % known.prefix)
    row = known.row.match(whole, at) if at >= 0 else None
    if row is not None and (number := grid.attribute(row[1], b"r")):
        return grid.whole(number, grid.MAX_ROW)
    for raw in grid.rows(whole, 0, len(whole), known, last):
        last = raw.number
    return last


def _holds(data: bytes, rare: bytes, sought: bytes) -> bool:
    """Return whether `data` holds `sought`, which has the byte `rare` in it: that is found much faster."""
    return rare in data and sought in data


_CALC_ERROR = Mark(b"Err:")  # Calc writes Err:522


def _suspicions(whole: bytes, known: grid.Pattern) -> list[int]:
    """Return where, in order, a cell is marked as an error, or a formula ends without a result."""
    spots = []
    if b"#" in whole or _CALC_ERROR.within(whole):
        spots += [match.start() for mark in (rb'"e"', rb"'e'") for match in re.finditer(mark, whole)]
    if _holds(whole, b"f", b"<%bf" % known.prefix):
        p = re.escape(known.prefix)
        nothing = rb"\s*(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc" % (p, p, p, p)
        # two expressions, each with a literal beginning, are searched many times faster than one with a choice
        ends = (rb"</%bf>" % p + nothing, rb"<%bf\s[^>]*/>" % p + nothing)
        spots += [match.start() for end in ends for match in re.finditer(end, whole)]
    return sorted(spots)


def _flaws_of_row(
    xml: bytes,
    masked: bytes,
    row: grid.RawRow,
    known: grid.Pattern,
    columns: set[int] | None,
    flaws: list[tuple[int, int, Flaw]],
) -> None:
    for cell in grid.cells(xml, masked, row, known):
        if columns is not None and cell.column not in columns:
            continue
        if b"e" not in cell.attributes and b"<%bf" % known.prefix not in cell.inner:
            continue
        value = cell_of(cell, known, None).value
        if isinstance(value, ErrorValue | FormulaWithoutResult):
            flaws.append((row.number, cell.column, value))
