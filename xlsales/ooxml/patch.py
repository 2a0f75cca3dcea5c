"""Changes single cells in the XML of a sheet: every other byte stays as it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain

import numpy as np

from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.ooxml import formulas, grid, markup
from xlsales.ooxml.cells import BLANK, Blank, FormulaWithoutResult, Value, cell_of, typed
from xlsales.ooxml.changes import Change, Plain, Result, Typed
from xlsales.ooxml.grid import RawCell, RawRow
from xlsales.ooxml.rows import RowBlock, Todo
from xlsales.ooxml.sheet_xml import Piece, SheetXml, spliced
from xlsales.ooxml.strings import SharedStrings

MAX_TEXT = 32_767


class TextTooLong(Fault):
    """Text beyond what an Excel cell holds."""

    zh = "单元格 {cell} 的文字有 {length} 个字,超过 Excel 的上限 32767。请缩短。"
    en = "The text for cell {cell} has {length} characters; Excel allows 32767. Shorten it."


def patch_sheet(
    xml: bytes,
    changes: Mapping[Address, Change | Typed],
    *,
    styles: Mapping[Address, int] | None = None,
    strings: SharedStrings | None = None,
) -> bytes:
    """Return a sheet's XML with new values at (row, column), 1-based.

    An existing cell keeps its style; a missing one is put in its place, with the style index of `styles` if that
    names one (a blank one only then). A plain value replaces a formula, `Result` keeps it; `BLANK` empties a cell and
    keeps its format. Text is stored in the cell and is never a formula, whatever it looks like; `Typed` is one. A cell
    that already holds the value stays as it is (shared strings can be compared only with `strings`); if all do, the
    same object comes back. Faults: `TextTooLong`; `ValueError` for a number that is not finite.
    """
    pieces = patched(xml, changes, styles=styles, strings=strings)
    return xml if pieces is None else b"".join(pieces)


def patched(
    xml: bytes,
    changes: Mapping[Address, Change | Typed],
    *,
    styles: Mapping[Address, int] | None = None,
    strings: SharedStrings | None = None,
    rows: RowBlock | None = None,
    row_styles: Mapping[int, int] | None = None,
) -> Iterator[bytes | memoryview] | None:
    """Return what `patch_sheet` does, piece by piece; None if every cell holds its value already.

    `rows` are further values; if they are new rows, no more than one is held as XML at a time. A new cell that is
    not blank has the style index of `row_styles` by column if `styles` does not name it.
    """
    patcher = _Patcher(SheetXml(xml), styles or {}, strings, row_styles or {})
    try:
        pieces = patcher.patch(changes, rows)
    except _Irregular:
        patcher = _Patcher(SheetXml(grid.regular(patcher.sheet.source)), styles or {}, strings, row_styles or {})
        pieces = patcher.patch(changes, rows)
    if not pieces:
        return None
    new = spliced(patcher.sheet.source, pieces)
    return _adopted(b"".join(new), patcher.orphans) if patcher.orphans else new


class _Irregular(Exception):
    """Rows or cells are there twice, or not in their order."""


class _Patcher:
    """One pass over one sheet."""

    def __init__(
        self,
        sheet: SheetXml,
        styles: Mapping[Address, int],
        strings: SharedStrings | None,
        row_styles: Mapping[int, int],
    ) -> None:
        self.sheet, self._data, self._tags = sheet, sheet.data, sheet.tags
        self._styles = styles
        self._strings = strings
        self.orphans: dict[bytes, tuple[Address, str]] = {}  # shared formulas that lose their first cell
        self._row_styles = row_styles
        self._new: tuple[int, int, int, int] | None = None  # what new cells span: first and last row and column

    def patch(self, changes: Mapping[Address, Change | Typed], block: RowBlock | None) -> list[Piece]:
        todo, last = Todo(changes, block), 0
        pieces: list[Piece] = []
        for raw in self.sheet.rows():
            if raw.number <= last:
                raise _Irregular
            last = raw.number
            if row_changes := todo.take(raw.number):
                pieces += self._row(raw, row_changes)
        pieces += self._new_rows(todo, last)
        if self._new is not None:
            pieces += self._dimension(self._new)
        return pieces

    # --- rows ---

    def _row(self, raw: RawRow, todo: dict[int, Change | Typed]) -> list[Piece]:
        """Return a row's changed and new cells as one piece, and its tag if that changes."""
        source, masked = self.sheet.source, self.sheet.masked
        spans: list[tuple[int, int, bytes]] = []
        added: list[int] = []
        waiting, last = sorted(todo, reverse=True), 0
        for match in self._tags.any_cell.finditer(masked, raw.inner_start, raw.inner_end):
            other = None if match[1] else grid.cell_at(source, masked, match.start(), self._tags, last)
            column = grid.column_number(match[1]) if other is None else other.column
            if column <= last:
                raise _Irregular
            last = column
            while waiting and waiting[-1] < column:
                self._add(raw.number, waiting.pop(), todo, match.start(), spans, added)
            if waiting and waiting[-1] == column:
                change = todo[waiting.pop()]
                cell = other or match
                if (data := self._changed((raw.number, column), cell, change)) is not None:
                    spans.append((match.start(), match.end(), data))
        while waiting:
            self._add(raw.number, waiting.pop(), todo, raw.inner_end, spans, added)
        if not spans:
            return []
        attributes = _wider_spans(raw.attributes, added) if added else raw.attributes
        name = self._tags.prefix + b"row"
        if raw.inner_start == raw.inner_end == raw.end:  # self-closing
            inner = b"".join(data for *_, data in spans)
            return [Piece(raw.start, raw.end, b"<%b%b>%b</%b>" % (name, attributes.rstrip(b" /"), inner, name))]
        parts: list[bytes] = []
        at = spans[0][0]
        for start, end, data in spans:
            parts += source[at:start], data
            at = end
        cells = Piece(spans[0][0], at, b"".join(parts))
        if attributes == raw.attributes:
            return [cells]
        return [Piece(raw.start, raw.inner_start, b"<%b%b>" % (name, attributes)), cells]

    def _add(
        self,
        row: int,
        column: int,
        todo: Mapping[int, Change | Typed],
        at: int,
        spans: list[tuple[int, int, bytes]],
        added: list[int],
    ) -> None:
        """Note a cell that is not there yet, unless nothing is to be written."""
        if (data := self._cell(row, column, todo[column])) is not None:
            spans.append((at, at, data))
            added.append(column)

    def _new_rows(self, todo: Todo, last: int) -> list[Piece]:
        """Return rows that are missing; those of the block below the `last` row are made when their turn comes."""
        data, name = self._data, self._tags.prefix
        new = {number: row for number in sorted(todo.single) if (row := self._new_row(number, todo.take(number)))}
        block = todo.block_rest
        new |= {n: self._new_row(n, todo.take(n)) for n in block[: np.searchsorted(block, last)].tolist()}
        below = todo.block_rest
        if todo.columns and len(below):
            self._span(int(below[0]), min(todo.columns))
            self._span(int(below[-1]), max(todo.columns))

        def from_here(ready: Sequence[int]) -> Iterator[bytes]:
            for number in merge(ready, below.tolist()):
                yield new[number] if number in new else self._new_row(number, todo.take(number))

        if not new and not len(below):
            return []
        if data.start != data.inner_start and data.inner_start == data.end:  # <sheetData/>
            tag = self.sheet.source[data.start : data.end].rstrip(b"/> \t\r\n")
            body = chain((tag, b">"), from_here(sorted(new)), (b"</%bsheetData>" % name,))
            return [Piece(data.start, data.end, body)]
        between = sorted(number for number in new if number < last)
        places = [(raw.number, raw.start) for raw in self.sheet.rows()] if between else []
        pieces, ahead = [], 0
        for number in between:
            while places[ahead][0] < number:
                ahead += 1
            pieces.append(Piece(places[ahead][1], places[ahead][1], new[number]))
        rest = from_here(sorted(number for number in new if number > last))
        return [*pieces, Piece(data.inner_end, data.inner_end, rest)]

    def _new_row(self, number: int, todo: dict[int, Change | Typed]) -> bytes:
        """Return a row that is missing; empty if none of its cells is to be written."""
        name = self._tags.prefix
        cells = (self._cell(number, column, todo[column]) for column in sorted(todo))
        inner = b"".join(cell for cell in cells if cell is not None)
        return b'<%brow r="%d">%b</%brow>' % (name, number, inner, name) if inner else b""

    def _span(self, row: int, column: int) -> None:
        """Note a new cell."""
        first, left, final, right = self._new or (row, column, row, column)
        self._new = min(first, row), min(left, column), max(final, row), max(right, column)

    # --- cells ---

    def _cell(self, row: int, column: int, change: Change | Typed) -> bytes | None:
        """Return a new cell; None if nothing is to be written, as for a blank cell without a style."""
        typed_in = self._formula(change) if isinstance(change, Typed) else b""
        value = change.value if isinstance(change, Result) else BLANK if isinstance(change, Typed) else change
        style = self._styles.get((row, column))
        if value is BLANK and not style and not typed_in:
            return None
        style = self._row_styles.get(column) if style is None else style
        self._span(row, column)
        attributes = b' r="%b"' % a1.cell(row, column).encode()
        if style:
            attributes += b' s="%d"' % style
        return self._written(attributes, typed_in, value, (row, column))

    def _formula(self, change: Typed) -> bytes:
        return b"<%bf>%b</%bf>" % (self._tags.prefix, markup.escape(change.formula).encode(), self._tags.prefix)

    def _changed(self, at: Address, cell: RawCell | re.Match[bytes], change: Change | Typed) -> bytes | None:
        """Return an existing cell with its new value; None if it holds it already. A match is of the common form."""
        if isinstance(change, Typed):
            return self._retyped(at, cell, change)
        value = change.value if isinstance(change, Result) else change
        if isinstance(cell, re.Match):
            _, style, kind, formula, text, inline = cell.groups()
            if kind is not None or (formula and not isinstance(change, Result)):
                cell = grid.cell_at(self.sheet.source, self.sheet.masked, cell.start(), self._tags, 0)
            else:  # nearly every cell
                blank = BLANK if inline is None else markup.unescape(inline.decode())
                if _same(blank if text is None else typed(b"n", text.decode(), bool(formula)), value):
                    return None
                end = self.sheet.source.index(b'"', cell.end(2) if style else cell.end(1)) + 1
                attributes = self.sheet.source[cell.start() + len(self._tags.prefix) + 2 : end]
                formula = self.sheet.source[cell.start(4) : cell.end(4)] if formula else b""
                return self._written(attributes, formula, value, at)
        now = cell_of(cell, self._tags, self._strings)
        keep_formula = isinstance(change, Result) and now.formula
        shared = grid.attribute(cell.attributes, b"t") == b"s" and self._strings is None
        if (keep_formula or not now.formula) and not shared and _same(now.value, value):
            return None
        formula = b""
        match = self._tags.formula.search(markup.mask(cell.inner)) if now.formula else None
        if match is not None:
            formula = cell.inner[match.start() : match.end()]
            if not keep_formula:
                self._note_orphans(at, formula)
        attributes = grid.without_attributes(cell.attributes, b"t", b"vm").rstrip(b" /")
        if not keep_formula:
            attributes, formula = grid.without_attributes(attributes, b"cm"), b""
        return self._written(attributes, formula, value, at)

    def _retyped(self, at: Address, cell: RawCell | re.Match[bytes], change: Typed) -> bytes | None:
        """Return an existing cell with another formula; None if it has that one."""
        if isinstance(cell, re.Match):
            cell = grid.cell_at(self.sheet.source, self.sheet.masked, cell.start(), self._tags, 0)
        match = self._tags.formula.search(markup.mask(cell.inner))
        if match is not None:
            old = cell.inner[match.start() : match.end()]
            if not match[1] and markup.plain(match[2] or b"") == change.formula:
                return None
            self._note_orphans(at, old)
        attributes = grid.without_attributes(cell.attributes, b"t", b"vm", b"cm").rstrip(b" /")
        return self._written(attributes, self._formula(change), BLANK, at)

    def _written(self, attributes: bytes, formula: bytes, value: Plain, at: Address) -> bytes:
        p = self._tags.prefix
        if value is BLANK:
            return b"<%bc%b>%b</%bc>" % (p, attributes, formula, p) if formula else b"<%bc%b/>" % (p, attributes)
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise TextTooLong(cell=a1.cell(*at), length=len(value))
            text = markup.escape(value).encode()
            if formula:
                return b'<%bc%b t="str">%b<%bv>%b</%bv></%bc>' % (p, attributes, formula, p, text, p, p)
            space = b' xml:space="preserve"' if value != value.strip() or "\n" in value or "  " in value else b""
            return b'<%bc%b t="inlineStr"><%bis><%bt%b>%b</%bt></%bis></%bc>' % (
                p, attributes, p, p, space, text, p, p, p)  # fmt: skip
        if isinstance(value, bool):
            return b'<%bc%b t="b">%b<%bv>%d</%bv></%bc>' % (p, attributes, formula, p, value, p, p)
        return b"<%bc%b>%b<%bv>%b</%bv></%bc>" % (p, attributes, formula, p, number(value), p, p)

    # --- shared formulas ---

    def _note_orphans(self, at: Address, formula: bytes) -> None:
        match = self._tags.formula.match(formula)
        assert match is not None
        if grid.attribute(match[1], b"t") == b"shared" and match[2]:
            group = grid.attribute(match[1], b"si")
            if group is not None:
                self.orphans[group] = (at, markup.plain(match[2]))

    # --- the used range ---

    def _dimension(self, new: tuple[int, int, int, int]) -> list[Piece]:
        """Widen `<dimension ref>` if new cells lie outside of it."""
        tag = re.compile(rb"<%bdimension\s[^>]*?ref\s*=\s*[\"']([^\"']*)" % re.escape(self._tags.prefix))
        match = tag.search(self.sheet.masked, 0, self._data.start)
        area = grid.parse_range(match[1].decode()) if match else None
        if match is None or area is None:
            return []
        corners = [new[:2], new[2:], area[:2], area[2:]]
        if area == (1, 1, 1, 1) and self._data.inner_start == self._data.inner_end:  # A1 means an empty sheet
            corners = [new[:2], new[2:]]
        rows, columns = [r for r, _ in corners], [c for _, c in corners]
        wider = a1.area(min(rows), min(columns), max(rows), max(columns)).encode()
        return [] if wider == match[1] else [Piece(match.start(1), match.end(1), wider)]


def _adopted(xml: bytes, orphans: Mapping[bytes, tuple[Address, str]]) -> Iterator[bytes | memoryview]:
    """Yield a sheet in which each cell that shared an overwritten formula has its own copy of it."""
    sheet, pieces = SheetXml(xml), []
    for row in sheet.rows():
        for cell in sheet.cells(row):
            match = sheet.tags.formula.search(cell.inner)
            if match is None or grid.attribute(match[1], b"t") != b"shared" or match[2]:
                continue
            origin = orphans.get(grid.attribute(match[1], b"si") or b"")
            if origin is None:
                continue
            (first_row, first_column), text = origin
            own = formulas.shift(text, row.number - first_row, cell.column - first_column)
            element = b"<%bf>%b</%bf>" % (sheet.tags.prefix, markup.escape(own).encode(), sheet.tags.prefix)
            at = sheet.source.index(match[0], cell.start, cell.end)
            pieces.append(Piece(at, at + len(match[0]), element))
    return spliced(sheet.source, pieces)


def number(value: float) -> bytes:
    """Return a number as a sheet stores it: the shortest text that reads back the same."""
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be stored in a cell")
    return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)).encode()


def _same(now: Value, value: Plain) -> bool:
    if isinstance(now, FormulaWithoutResult):
        return value is BLANK
    if isinstance(value, bool) or isinstance(now, bool):
        return value is now
    if isinstance(value, str | Blank):
        return now == value
    return isinstance(now, float) and now == float(value)


_SPANS = expression(rb"""(\sspans\s*=\s*["'])(\d+):(\d+)""")


def _wider_spans(attributes: bytes, columns: Iterable[int]) -> bytes:
    """Return a row's attributes with its column span including new cells."""
    return _SPANS.sub(
        lambda m: b"%b%d:%d" % (m[1], min(int(m[2]), *columns), max(int(m[3]), *columns)), attributes, count=1
    )
