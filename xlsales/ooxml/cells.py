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
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeVar, overload

from msgspec import Struct

from xlsales.core.a1 import Address
from xlsales.ooxml import grid, markup
from xlsales.ooxml.rows_read import RowRead, RowsRead
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.strings import SharedStrings


class Blank(Enum):
    """The value of an empty cell."""

    BLANK = "blank"


BLANK: Final = Blank.BLANK


class ErrorValue(Struct, frozen=True):
    """An error in a cell, by its code: `#DIV/0!`."""

    code: str

    def __str__(self) -> str:
        return self.code


class FormulaWithoutResult(Struct, frozen=True):
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


T = TypeVar("T")


class SheetCells(Mapping[Address, Cell]):
    """The cells of a sheet that exist in the file, by (row, column), 1-based."""

    def __init__(self, cells: Mapping[Address, Cell]) -> None:
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in cells.items():
            by_row.setdefault(row, {})[column] = cell
        self._by_row = _in_order({row: _in_order(cells_of_row) for row, cells_of_row in by_row.items()})

    @classmethod
    def read(cls, xml: bytes, strings: SharedStrings) -> SheetCells:
        """Read every cell of a sheet's XML (`SheetError`, `XmlError`)."""
        sheet, whole = SheetXml(xml), cls({})
        known = ROWS if sheet.masked is sheet.source and not sheet.tags.prefix else None
        by_row = cells_of_rows(sheet.source, sheet.masked, sheet.rows(), sheet.tags, strings, known)
        whole._by_row = _in_order({row: cells for row, cells in by_row.items() if cells})
        return whole

    def __getitem__(self, at: Address) -> Cell:
        return self._by_row[at[0]][at[1]]

    def __iter__(self) -> Iterator[Address]:
        return ((row, column) for row, cells in self._by_row.items() for column in cells)

    def __len__(self) -> int:
        return sum(map(len, self._by_row.values()))

    @overload
    def get(self, at: Address, /) -> Cell | None: ...

    @overload
    def get(self, at: Address, default: Cell | T, /) -> Cell | T: ...

    def get(self, at: Address, default: object = None, /) -> object:
        """Return the cell at an address, else `default`: runs ask for each cell that they may write."""
        cells = self._by_row.get(at[0])
        return default if cells is None else cells.get(at[1], default)

    def value(self, row: int, column: int) -> Value:
        """Return the value at an address; `BLANK` if there is no cell."""
        cell = self.get((row, column))
        return BLANK if cell is None else cell.value

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows with cells, from top to bottom."""
        return list(self._by_row)

    def row(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a row, by column, from left to right."""
        return MappingProxyType(self._by_row.get(number, {}))

    def is_again(self, other: SheetCells) -> bool:
        """Return whether these are surely the cells of another reading: each row was the same, byte for byte."""
        one, two = self._by_row, other._by_row
        return list(one) == list(two) and all(cells is two[row] for row, cells in one.items())

    @property
    def last_row(self) -> int:
        """The last row with a value; 0 for an empty sheet."""
        below = reversed(self._by_row.items())
        return next((row for row, cells in below if any(cell.value is not BLANK for cell in cells.values())), 0)


def _in_order(numbered: dict[int, T]) -> dict[int, T]:
    """Return rows, or cells, by ascending numbers."""
    return numbered if list(numbered) == sorted(numbered) else dict(sorted(numbered.items()))


def cells_of_rows(
    xml: bytes, masked: bytes, rows: Iterable[grid.RawRow], tags: grid.Tags, strings: SharedStrings,
    known: RowsRead[Cell] | None = None,
) -> dict[int, dict[int, Cell]]:  # fmt: skip
    """Read rows, unless they are `known`: the cells by column. Shared strings are looked up together at the end."""
    read_rows: list[tuple[int, RowRead[Cell]]] = []
    for raw in rows:
        inner = xml[raw.inner_start : raw.inner_end] if known is not None else b""
        row = known.get(inner) if known is not None else None
        if row is None:
            row = _read_row(xml, masked, raw, tags)
            if known is not None:
                known.keep(inner, row)
        read_rows.append((raw.number, row))
    strings.find(index for _, row in read_rows for _, index in row.shared)
    by_row: dict[int, dict[int, Cell]] = {}
    for number, row in read_rows:
        texts = tuple(strings[index] for _, index in row.shared)
        cells = row.with_texts(texts, lambda cell, text: Cell(text, *cell[1:])) if texts else row.cells
        by_row[number] = _in_order(by_row[number] | cells) if number in by_row else cells
    return by_row


ROWS = RowsRead[Cell](6_000_000)  # of sheets that are read as a whole


def _read_row(xml: bytes, masked: bytes, row: grid.RawRow, tags: grid.Tags) -> RowRead[Cell]:
    """Read the cells of a row; of one that is there twice, the last counts."""
    matches = tags.any_cell.findall(masked, row.inner_start, row.inner_end)
    if not matches:
        return RowRead({}, ())
    letters, styles, kinds, *parts = zip(*matches, strict=True)
    columns, read = _columns(letters), _common(styles, kinds, *parts)
    if 0 in columns:
        both = zip(grid.cells(xml, masked, row, tags), columns, read, strict=True)
        cells = {raw.column: cell if column else _other(raw, tags) for raw, column, cell in both}
    else:
        cells = dict(zip(columns, read, strict=True))
    indexes = ((column, cell.value) for column, cell in cells.items()) if 0 in columns or b"s" in kinds else ()
    shared = tuple((column, int(index)) for column, index in indexes if isinstance(index, _Index))
    return RowRead(_in_order(cells), shared)


class _Index(float):
    """The index of a shared string, in a cell until the string is looked up."""


Parts = tuple[bytes, ...]
"""One part of each cell of a row, as `Tags.any_cell` finds it; of a cell that is not of the common form, empty."""


@lru_cache(maxsize=256)
def _columns(letters: Parts) -> tuple[int, ...]:
    """Return the columns of a row's cells, 0 of a cell that is not of the common form; rows are much alike."""
    return tuple(map(grid.column_number, letters))


@lru_cache(maxsize=256)
def _styles(written: Parts) -> tuple[int, ...]:
    return tuple(grid.whole(style or b"0") for style in written)


def _common(styles: Parts, kinds: Parts, formulas: Parts, texts: Parts, inlines: Parts) -> Iterable[Cell]:
    """Return the cells of a row; one that is not of the common form is blank."""
    values = (_NUMBERS.issuperset(kinds) and _numbers(texts)) or [
        typed(kind or b"n", text.decode(), bool(formula)) if text else BLANK
        for kind, formula, text in zip(kinds, formulas, texts, strict=True)
    ]
    if any(inlines):
        for at, inline in enumerate(inlines):
            if inline:
                values[at] = markup.unescape(inline.decode())
    if b"s" in kinds:
        for at, kind in enumerate(kinds):
            if kind == b"s" and texts[at]:
                values[at] = _Index(grid.whole(texts[at]))
    return map(_cell, zip(values, map(bool, formulas), _styles(styles), strict=True))


_NUMBERS = {b"", b"n", b"s"}
"""The kinds of cells that hold a number, be it that of a shared string."""
_cell = partial(tuple.__new__, Cell)


def _numbers(texts: Parts) -> list[Value] | None:
    """Return numbers; None if one of them is not plain digits."""
    if b"".join(texts).translate(None, b"0123456789.-"):
        return None
    try:
        return [float(text) if text else BLANK for text in texts]
    except ValueError:
        return None


def _other(cell: grid.RawCell, tags: grid.Tags) -> Cell:
    """Return a cell that is not of the common form."""
    text = _stored(cell.inner, tags) if grid.attribute(cell.attributes, b"t") == b"s" else None
    read = cell_of(cell, tags, None)
    return read._replace(value=_Index(grid.whole(text.encode()))) if text else read


def _stored(inner: bytes, tags: grid.Tags) -> str | None:
    """Return the text of `<v>`; None if there is no such element."""
    if inner.startswith(b"<v>") and inner.find(b"<", 3) == len(inner) - 4 and b"&" not in inner:
        return inner[3:-4].decode()  # nearly every cell
    match = tags.value.search(markup.mask(inner))
    return None if match is None else markup.plain(inner[match.start(2) : match.end(2)]) if match[2] else ""


def cell_of(cell: grid.RawCell, tags: grid.Tags, strings: SharedStrings | None) -> Cell:
    """Return what a scanned cell holds; without `strings` a shared string reads as `BLANK`."""
    style = grid.whole(grid.attribute(cell.attributes, b"s") or b"0")
    if not cell.inner:
        return Cell(BLANK, False, style)
    kind = grid.attribute(cell.attributes, b"t") or b"n"
    formula = b"f" in cell.inner and tags.formula.search(markup.mask(cell.inner)) is not None
    return Cell(_value(cell, kind, formula, tags, strings), formula, style)


def _value(cell: grid.RawCell, kind: bytes, formula: bool, tags: grid.Tags, strings: SharedStrings | None) -> Value:
    if kind == b"inlineStr":
        return grid.rich_text(cell.inner, tags)
    text = _stored(cell.inner, tags)
    if text is not None and kind == b"s":
        return strings[grid.whole(text.encode())] if strings is not None and text.strip() else BLANK
    return (FormulaWithoutResult() if formula else BLANK) if text is None else typed(kind, text, formula)


def typed(kind: bytes, text: str, formula: bool) -> Value:
    """Return the value that `text` means in a cell of type `kind`."""
    if kind == b"n" and (value := _number(text)) is not None:
        return value
    if kind == b"str":
        return markup.unescape(text)
    if text.strip() == "":
        return FormulaWithoutResult() if formula else BLANK
    if kind == b"b":
        return text.strip() in ("1", "true")
    if kind == b"e":
        return ErrorValue(text.strip())
    if kind == b"d":
        return _serial(text.strip())
    value = _number(text)
    return text if value is None else value


def _number(text: str) -> float | str | None:
    """Return a number; the text itself if it is one of Python, but of no spreadsheet (1e999, NaN); None for others."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else text


def _serial(text: str) -> float | str:
    """Return the serial number of an ISO 8601 date, which a few writers store; text if it is none."""
    try:
        moment = dt.datetime.fromisoformat(text.replace("Z", ""))
    except ValueError:
        return text
    return (moment.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
