"""Some cells of a sheet, found by their addresses; the others are not read.

A row is found by its tags, a cell in it by its address. If a sheet does not name the addresses of its cells, or a row
is not what it seems, that row is read from its first cell on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, lru_cache

from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.ooxml import formulas, grid, markup
from xlsales.ooxml.cells import BLANK, Cell, Value, cell_of, typed
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.strings import SharedStrings


class LazyCells:
    """The cells of a sheet, read when they are asked for; `load` reads whole columns at once, which is cheaper."""

    def __init__(
        self, xml: bytes, strings: SharedStrings, sound: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        """`sound` is around all that is read later, and reports what is wrong inside the sheet as a fault."""
        self._sound = sound
        self._strings = strings
        self._sheet = SheetXml(xml)
        self._cells: dict[int, dict[int, Cell]] = {}
        self._columns: dict[int, dict[int, Cell]] = {}
        self._whole: set[int] = set()

    @cached_property
    def _rows(self) -> dict[int, grid.RawRow]:
        """Each row by its number, however rows are written."""
        rows = list(self._sheet.rows())
        by_number = {row.number: row for row in rows}
        if len(by_number) < len(rows):  # a row is there twice
            self._sheet = SheetXml(grid.regular(self._sheet.source))
            return {row.number: row for row in self._sheet.rows()}
        return by_number

    @cached_property
    def _plain(self) -> bool:
        """Whether every cell begins with its address, as all known programs write it, and nothing is blotted out."""
        xml, start, end = self._sheet.source, self._sheet.data.inner_start, self._sheet.data.inner_end
        if self._sheet.masked is not xml or self._sheet.tags.prefix:
            return False
        return xml.count(b"<c", start, end) == xml.count(b'<c r="', start, end)

    @cached_property
    def _plain_rows(self) -> dict[int, tuple[int, int]] | None:
        """The span of each row by its number; None unless all rows are written plainly, one behind the other."""
        if not self._plain:
            return None
        xml, at, end = self._sheet.source, self._sheet.data.inner_start, self._sheet.data.inner_end
        spans: dict[int, tuple[int, int]] = {}
        last = 0
        for row in xml[at:end].split(_ROW_END)[:-1]:
            number = _ROW_NUMBER.match(row)
            if number is None or not last < (last := int(number[1])) <= grid.MAX_ROW:
                return None
            spans[last] = at, at + len(row) + len(_ROW_END)
            at = spans[last][1]
        return spans if at == end and xml.count(b"<row", self._sheet.data.inner_start, end) == len(spans) else None

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows that are in the file, from top to bottom."""
        with self._sound():
            return list(self._rows if self._plain_rows is None else self._plain_rows)

    def _below(self, number: int = 0) -> list[grid.RawRow]:
        return [row for below in self.rows if below > number and (row := self._row(below)) is not None]

    def _row(self, number: int) -> grid.RawRow | None:
        """Return a row; None if there is none."""
        if self._plain_rows is None:
            with self._sound():
                return self._rows.get(number)
        if number not in self._plain_rows:
            return None
        start, end = self._plain_rows[number]
        inner_start = self._sheet.source.index(b">", start) + 1
        attributes = self._sheet.source[start + len(b"<row") : inner_start - 1]
        return grid.RawRow(number, start, end, attributes, inner_start, end - len(_ROW_END))

    def get(self, at: Address) -> Cell | None:
        """Return the cell at (row, column); None if there is none."""
        row, column = at
        if column in self._columns:
            return self._columns[column].get(row)
        if row not in self._whole and column not in self._cells.get(row, _NONE):
            with self._sound():
                self._read_one(row, column)
        return self._cells.get(row, _NONE).get(column)

    def _read_one(self, number: int, column: int) -> None:
        row = self._row(number)
        if row is None or row.inner_start == row.inner_end:
            return
        if self._plain_rows is not None and (plain := self._read_plain(number, row, column)):
            self._cells.setdefault(number, {})[column] = plain
            return
        cell = self._find(number, row, column, a1.letters(column).encode())
        if isinstance(cell, grid.RawCell):
            self._take([(number, cell)])
        elif cell is _UNSURE:
            self.row(number)

    def _read_plain(self, number: int, row: grid.RawRow, column: int) -> Cell | None:
        """Return a cell with a number or a shared string, written plainly; None for others."""
        match = _plain_cell(a1.letters(column).encode()).search(self._sheet.source, row.inner_start, row.inner_end)
        if match is None or match[4] is None or int(match[2]) != number:
            return None
        style, kind = (grid.attribute(match[3], name) for name in (b"s", b"t"))
        if kind == b"s" and match[4].isdigit():
            return Cell(self._strings[int(match[4])], False, grid.whole(style or b"0"))
        return Cell(float(match[4]), False, grid.whole(style or b"0")) if kind in (None, b"n") else None

    def value(self, row: int, column: int) -> Value:
        """Return the value at an address; `BLANK` if there is no cell."""
        cell = self.get((row, column))
        return BLANK if cell is None else cell.value

    def row(self, number: int) -> dict[int, Cell]:
        """Return every cell of a row, by column."""
        row = self._row(number)
        if row is None:
            return {}
        if number not in self._whole:
            self._whole.add(number)
            with self._sound():
                self._take((number, cell) for cell in self._sheet.cells(row))
        return self._cells.get(number, _NONE)

    def load_below(self, number: int) -> list[int]:
        """Read every cell of the rows below, and return those that hold anything.

        It is one search among the shared strings for all. In plainly written rows of no contents nothing is read.
        """
        filled = self._filled_below(number)
        below = [row for row in map(self._row, filled) if row is not None and row.number not in self._whole]
        self._whole.update(row.number for row in below)
        with self._sound():
            self._take((row.number, cell) for row in below for cell in self._sheet.cells(row))
        return filled

    def _filled_below(self, number: int) -> list[int]:
        """Return the rows below that hold anything; rows of empty elements hold nothing."""
        if self._plain_rows is None:
            return [row for row in self.rows if row > number]
        xml, spans = self._sheet.source, self._plain_rows
        return [row for row, (start, end) in spans.items() if row > number and xml.find(b"</", start, end) < end - 6]

    def load(self, columns: Iterable[int]) -> None:
        """Read these columns of every row."""
        letters = {column: a1.letters(column).encode() for column in columns if column not in self._columns}
        if not letters:
            return
        with self._sound():
            self._load(letters)

    def column(self, number: int) -> Mapping[int, Cell]:
        """Return every cell of a column, by row."""
        self.load([number])
        return self._columns[number]

    def _load(self, letters_of: dict[int, bytes]) -> None:
        if self._plain:
            self._load_plain({letters: column for column, letters in letters_of.items()})
            return
        cells_of_rows: list[tuple[int, grid.RawCell]] = []
        for row in self._below():
            number = row.number
            if number in self._whole or row.inner_start == row.inner_end:
                continue
            cells = [self._find(number, row, column, letters) for column, letters in letters_of.items()]
            if any(cell is _UNSURE for cell in cells):
                self.row(number)
                continue
            cells_of_rows += [(number, cell) for cell in cells if isinstance(cell, grid.RawCell)]
        self._take(cells_of_rows)
        for column in letters_of:
            self._columns[column] = {row: cells[column] for row, cells in self._cells.items() if column in cells}

    def _load_plain(self, columns: dict[bytes, int]) -> None:
        """Read columns by one expression that passes over all other cells."""
        choice = b"|".join(sorted(columns))
        cell = _plain_cell(choice)
        found: dict[bytes, dict[int, Cell]] = {letters: {} for letters in columns}
        looks: dict[bytes, tuple[int, bytes, Cell]] = {}
        shared: list[tuple[bytes, int, int, int]] = []
        for letters, row, attributes, number, text, inner in self._sheet.found(cell):
            if attributes not in looks:
                kind = grid.attribute(attributes, b"t") or b"n"
                style = grid.whole(grid.attribute(attributes, b"s") or b"0")
                looks[attributes] = style, kind, Cell(BLANK, False, style)
            style, kind, blank = looks[attributes]
            if number and kind == b"n":
                found[letters][int(row)] = Cell(float(number), False, style)
            elif number.isdigit() and kind == b"s":
                shared.append((letters, int(row), style, int(number)))
            elif not (number or text or inner):
                found[letters][int(row)] = blank
            else:
                raw = grid.RawCell(columns[letters], 0, 0, attributes, inner or b"<v>%b</v>" % (number or text))
                found[letters][int(row)] = cell_of(raw, self._sheet.tags, self._strings)
        self._strings.find({index for *_, index in shared})
        for letters, at, style, index in shared:
            found[letters][at] = Cell(self._strings[index], False, style)
        self._columns |= {columns[letters]: cells for letters, cells in found.items()}

    def constants(self, column: int) -> set[int]:
        """Return the rows that hold something in a column that is no formula."""
        if not self._plain:
            self.load([column])
            cells = ((row, self.get((row, column))) for row in self.rows)
            return {row for row, cell in cells if cell and not cell.formula and cell.value is not BLANK}
        letters = a1.letters(column).encode()
        cell = re.compile(rb'<c r="%b(\d{1,7})"[^<>]*(?<!/)>(?!<f[\s>/]|</c>)' % letters)
        return {int(match[1]) for match in self._sheet.matches(cell)}

    def formula(self, at: Address) -> str | None:
        """Return the formula of a cell, without =; None if it has none, or one that cannot be known."""
        number, column = at
        row = self._row(number)
        if row is None:
            return None
        with self._sound():
            cells = self._sheet.cells(row)
            cell = next((one for one in cells if one.column == column), None)
            match = self._sheet.tags.formula.search(cell.inner) if cell is not None else None
            if match is None:
                return None
            if match[2] and match[2].strip():
                return markup.plain(match[2])
            return self._shared_formula(grid.attribute(match[1], b"si"), number, column)

    def _shared_formula(self, index: bytes | None, number: int, column: int) -> str | None:
        """Return a formula that cells share, as it reads in a cell that does not hold its text."""
        master = self._shared.get(index or b"")
        return None if master is None else formulas.shift(master[2], number - master[0], column - master[1])

    @cached_property
    def _shared(self) -> dict[bytes, tuple[int, int, str]]:
        """Each formula that cells share, by its number: the row and column of its full text, and that text."""
        masters: dict[bytes, tuple[int, int, str]] = {}
        for row in self._below():
            number = row.number
            if self._sheet.source.find(b'"shared"', row.inner_start, row.inner_end) < 0:
                continue
            for cell in self._sheet.cells(row):
                formula = self._sheet.tags.formula.search(cell.inner)
                index = grid.attribute(formula[1], b"si") if formula is not None and formula[2] else None
                if formula is not None and index is not None:
                    masters.setdefault(index, (number, cell.column, markup.plain(formula[2])))
        return masters

    def _find(self, number: int, row: grid.RawRow, column: int, letters: bytes) -> grid.RawCell | object | None:
        """Find a cell by its address; None if the row has none, `_UNSURE` if the address does not show it."""
        tags, masked = self._sheet.tags, self._sheet.masked
        at = masked.find(b' r="%b%d"' % (letters, number), row.inner_start, row.inner_end)
        if at < 0:
            return None if masked.find(b' r="', row.inner_start, row.inner_end) >= 0 else _UNSURE
        start = masked.rfind(b"<%bc" % tags.prefix, row.inner_start, at)
        match = tags.cell.match(masked, start) if start >= 0 else None
        if match is None or not match.start(1) <= at < match.end(1):
            return _UNSURE
        inner = self._sheet.source[match.start(2) : match.end(2)] if match[2] else b""
        return grid.RawCell(column, start, match.end(), match[1], inner)

    def _take(self, raw_cells: Iterable[tuple[int, grid.RawCell]]) -> None:
        """Keep cells (row, cell), their shared strings looked up together."""
        shared: list[tuple[int, int, int]] = []
        tags, masked, common = self._sheet.tags, self._sheet.masked, self._sheet.tags.common.match
        for number, raw in raw_cells:
            cells = self._cells.setdefault(number, {})
            plain = common(masked, raw.start, raw.end)
            if plain is None:
                cells[raw.column] = cell_of(raw, tags, None)
                if raw.inner and grid.attribute(raw.attributes, b"t") == b"s":
                    index = tags.value.search(raw.inner)
                    if index is not None and index[2]:
                        shared.append((number, raw.column, grid.whole(index[2])))
                continue
            _, style, kind, text = grid.common_cell(plain)
            value: Value = BLANK
            if text is not None and kind == b"s":
                shared.append((number, raw.column, grid.whole(text)))
            elif text is not None:
                value = typed(kind or b"n", text.decode(), False)
            cells[raw.column] = Cell(value, False, grid.whole(style or b"0"))
        self._strings.find(index for _, _, index in shared)
        for number, column, index_of in shared:
            cell = self._cells[number][column]
            self._cells[number][column] = cell._replace(value=self._strings[index_of])


@lru_cache(maxsize=64)
def _plain_cell(letters: bytes) -> re.Pattern[bytes]:
    """Return an expression for cells of columns (`A|B`): letters, row, attributes; a number, a value, or all inside."""
    number = rb"-?\d{1,15}(?:\.\d{1,20})?"
    value = rb"/>|><v>(?:(%b)|([^<]+))</v></c>|>(%b)</c>" % (number, grid.contents(b"c"))
    return re.compile(rb'<c r="(%b)(\d{1,7})"([^<>]*?)(?:%b)' % (letters, value))


_ROW_END, _ROW_NUMBER = b"</row>", re.compile(rb'<row r="(\d{1,7})"[\s>]')
_UNSURE = object()
_NONE: dict[int, Cell] = {}
