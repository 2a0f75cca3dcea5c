"""Some cells of a sheet, found by their addresses; the others are not read.

A row is found by its tags, a cell in it by its address. If a sheet does not name the addresses of its cells, or a row
is not what it seems, that row is read from its first cell on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property

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
        self._columns: set[int] = set()
        self._whole: set[int] = set()

    @cached_property
    def _rows(self) -> dict[int, grid.RawRow]:
        with self._sound():
            rows = list(self._sheet.rows())
            by_number = {row.number: row for row in rows}
            if len(by_number) < len(rows):  # a row is there twice
                self._sheet = SheetXml(grid.regular(self._sheet.source))
                return {row.number: row for row in self._sheet.rows()}
            return by_number

    @cached_property
    def _plain(self) -> bool:
        """Whether every cell begins with its address, as all known programs write it, and nothing is blotted out."""
        xml, start = self._sheet.source, self._sheet.data.inner_start
        if self._sheet.masked is not xml or self._sheet.tags.prefix:
            return False
        cells = xml.count(b"<c ", start) + xml.count(b"<c>", start)
        return cells == xml.count(b'<c r="', start) + xml.count(b"<c/>", start)

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows that are in the file, from top to bottom."""
        return list(self._rows)

    def get(self, at: Address) -> Cell | None:
        """Return the cell at (row, column); None if there is none."""
        row, column = at
        if column not in self._columns and row not in self._whole and column not in self._cells.get(row, _NONE):
            with self._sound():
                self._read_one(row, column)
        return self._cells.get(row, _NONE).get(column)

    def _read_one(self, number: int, column: int) -> None:
        row = self._rows.get(number)
        if row is None or row.inner_start == row.inner_end:
            return
        cell = self._find(number, row, column, a1.letters(column).encode())
        if isinstance(cell, grid.RawCell):
            self._take([(number, cell)])
        elif cell is _UNSURE:
            self.row(number)

    def value(self, row: int, column: int) -> Value:
        """Return the value at an address; `BLANK` if there is no cell."""
        cell = self.get((row, column))
        return BLANK if cell is None else cell.value

    def row(self, number: int) -> dict[int, Cell]:
        """Return every cell of a row, by column."""
        row = self._rows.get(number)
        if row is None:
            return {}
        if number not in self._whole:
            self._whole.add(number)
            with self._sound():
                self._take((number, cell) for cell in self._sheet.cells(row))
        return self._cells.get(number, _NONE)

    def load_below(self, number: int) -> None:
        """Read every cell of the rows below: one search among the shared strings for all."""
        below = [row for row in self._rows.values() if row.number > number and row.number not in self._whole]
        self._whole.update(row.number for row in below)
        with self._sound():
            self._take((row.number, cell) for row in below for cell in self._sheet.cells(row))

    def load(self, columns: Iterable[int]) -> None:
        """Read these columns of every row."""
        letters = {column: a1.letters(column).encode() for column in columns if column not in self._columns}
        if not letters:
            return
        with self._sound():
            self._load(letters)
        self._columns |= letters.keys()

    def _load(self, letters_of: dict[int, bytes]) -> None:
        if self._plain:
            self._load_plain({letters: column for column, letters in letters_of.items()})
            return
        cells_of_rows: list[tuple[int, grid.RawCell]] = []
        for number, row in self._rows.items():
            if number in self._whole or row.inner_start == row.inner_end:
                continue
            cells = [self._find(number, row, column, letters) for column, letters in letters_of.items()]
            if any(cell is _UNSURE for cell in cells):
                self.row(number)
                continue
            cells_of_rows += [(number, cell) for cell in cells if isinstance(cell, grid.RawCell)]
        self._take(cells_of_rows)

    def _load_plain(self, columns: dict[bytes, int]) -> None:
        """Read columns by one expression that passes over all other cells."""
        choice = b"|".join(sorted(columns))
        cell = re.compile(rb'<c r="(%b)(\d{1,7})"([^<>]*?)(?:/>|>(%b)</c>)' % (choice, grid.contents(b"c")))
        looks: dict[bytes, tuple[int, bytes]] = {}
        shared: list[tuple[int, int, int, int]] = []
        odd: list[tuple[int, grid.RawCell]] = []
        for match in self._sheet.matches(cell):
            letters, row, attributes, inner = match.groups()
            at, number = columns[letters], int(row)
            if attributes not in looks:
                style = grid.whole(grid.attribute(attributes, b"s") or b"0")
                looks[attributes] = style, grid.attribute(attributes, b"t") or b"n"
            style, kind = looks[attributes]
            if not inner:
                self._cells.setdefault(number, {})[at] = Cell(BLANK, False, style)
            elif inner.startswith(b"<v>") and inner.find(b"<", 3) == len(inner) - 4 and kind in (b"s", b"n"):
                if kind == b"s":
                    shared.append((number, at, style, grid.whole(inner[3:-4])))
                else:
                    self._cells.setdefault(number, {})[at] = Cell(
                        typed(kind, inner[3:-4].decode(), False), False, style
                    )
            else:
                odd.append((number, grid.RawCell(at, match.start(), match.end(), attributes, inner)))
        self._strings.find(index for *_, index in shared)
        for number, at, style, index in shared:
            self._cells.setdefault(number, {})[at] = Cell(self._strings[index], False, style)
        self._take(odd)

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
        row = self._rows.get(number)
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
        for number, row in self._rows.items():
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


_UNSURE = object()
_NONE: dict[int, Cell] = {}
