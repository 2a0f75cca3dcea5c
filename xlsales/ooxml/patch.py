"""Changes single cells in the XML of a sheet: every other byte stays as it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain, pairwise

import numpy as np

from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault
from xlsales.ooxml import formulas, grid, markup
from xlsales.ooxml.cells import BLANK, Blank, Cell, FormulaWithoutResult, cell_of
from xlsales.ooxml.changes import Change, Plain, Result
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
    changes: Mapping[Address, Change],
    *,
    styles: Mapping[Address, int] | None = None,
    strings: SharedStrings | None = None,
) -> bytes:
    """Return a sheet's XML with new values at (row, column), 1-based.

    An existing cell keeps its style; a missing one is put in its place, with the style index of `styles` if that
    names one (a blank one only then). A plain value replaces a formula, `Result` keeps it; `BLANK` empties a cell and
    keeps its format. Text is stored in the cell and is never a formula, whatever it looks like. A cell that already
    holds the value stays as it is (shared strings can be compared only with `strings`); if all do, the
    same object comes back. Faults: `TextTooLong`; `ValueError` for a number that is not finite.
    """
    pieces = patched(xml, changes, styles=styles, strings=strings)
    return xml if pieces is None else b"".join(pieces)


def patched(
    xml: bytes,
    changes: Mapping[Address, Change],
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
    sheet = SheetXml(xml)
    try:
        pieces = _Patcher(sheet, styles or {}, strings, row_styles or {}).patch(changes, rows)
    except _Irregular:
        sheet = SheetXml(grid.regular(sheet.source))
        pieces = _Patcher(sheet, styles or {}, strings, row_styles or {}).patch(changes, rows)
    return spliced(sheet.source, pieces) if pieces else None


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
        self._sheet, self._data, self._tags = sheet, sheet.data, sheet.tags
        self._styles = styles
        self._strings = strings
        self._orphans: dict[bytes, tuple[Address, str]] = {}  # shared formulas that lose their first cell
        self._row_styles = row_styles
        self._new: tuple[int, int, int, int] | None = None  # what new cells span: first and last row and column

    def patch(self, changes: Mapping[Address, Change], block: RowBlock | None) -> list[Piece]:
        todo, last = Todo(changes, block), 0
        pieces: list[Piece] = []
        for raw in self._sheet.rows():
            if raw.number <= last:
                raise _Irregular
            last = raw.number
            if row_changes := todo.take(raw.number):
                pieces += self._row(raw, row_changes)
        pieces += self._new_rows(todo, last)
        if pieces and self._orphans:
            pieces = self._adopt(pieces)
        if self._new is not None:
            pieces += self._dimension(self._new)
        return pieces

    # --- rows ---

    def _row(self, raw: RawRow, todo: dict[int, Change]) -> list[Piece]:
        pieces: list[Piece] = []
        cells = list(self._sheet.cells(raw))
        added: dict[int, bytes] = {}
        if any(cell.column >= following.column for cell, following in pairwise(cells)):
            raise _Irregular
        for cell in cells:
            if cell.column in todo:
                change = todo.pop(cell.column)
                if (data := self._changed(raw.number, cell, change)) is not None:
                    pieces.append(Piece(cell.start, cell.end, data))
        for column in sorted(todo):
            if (data := self._cell(raw.number, column, todo[column])) is None:
                continue
            at = next((c.start for c in cells if c.column > column), raw.inner_end)
            pieces.append(Piece(at, at, data))
            added[column] = data
        if not added:
            return pieces
        attributes = _wider_spans(raw.attributes, added)
        name = self._tags.prefix + b"row"
        if raw.inner_start == raw.inner_end == raw.end:  # self-closing
            whole = b"<%b%b>%b</%b>" % (name, attributes.rstrip(b" /"), b"".join(added.values()), name)
            return [Piece(raw.start, raw.end, whole)]
        if attributes != raw.attributes:
            pieces.append(Piece(raw.start, raw.inner_start, b"<%b%b>" % (name, attributes)))
        return pieces

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
            tag = self._sheet.source[data.start : data.end].rstrip(b"/> \t\r\n")
            body = chain((tag, b">"), from_here(sorted(new)), (b"</%bsheetData>" % name,))
            return [Piece(data.start, data.end, body)]
        between = sorted(number for number in new if number < last)
        places = [(raw.number, raw.start) for raw in self._sheet.rows()] if between else []
        pieces, ahead = [], 0
        for number in between:
            while places[ahead][0] < number:
                ahead += 1
            pieces.append(Piece(places[ahead][1], places[ahead][1], new[number]))
        rest = from_here(sorted(number for number in new if number > last))
        return [*pieces, Piece(data.inner_end, data.inner_end, rest)]

    def _new_row(self, number: int, todo: dict[int, Change]) -> bytes:
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

    def _cell(self, row: int, column: int, change: Change) -> bytes | None:
        """Return a new cell; None if nothing is to be written, as for a blank cell without a style."""
        value = change.value if isinstance(change, Result) else change
        style = self._styles.get((row, column))
        if value is BLANK and not style:
            return None
        style = self._row_styles.get(column) if style is None else style
        self._span(row, column)
        attributes = b' r="%b"' % a1.cell(row, column).encode()
        if style:
            attributes += b' s="%d"' % style
        return self._written(attributes, b"", value, (row, column))

    def _changed(self, row: int, raw: RawCell, change: Change) -> bytes | None:
        """Return an existing cell with its new value; None if it holds it already."""
        value = change.value if isinstance(change, Result) else change
        now = cell_of(raw, self._tags, self._strings)
        keep_formula = isinstance(change, Result) and now.formula
        shared = grid.attribute(raw.attributes, b"t") == b"s" and self._strings is None
        if (keep_formula or not now.formula) and not shared and _same(now, value):
            return None
        formula = b""
        match = self._tags.formula.search(markup.mask(raw.inner)) if now.formula else None
        if match is not None:
            formula = raw.inner[match.start() : match.end()]
            if not keep_formula:
                self._note_orphans((row, raw.column), formula)
        attributes = grid.without_attributes(raw.attributes, b"t", b"vm").rstrip(b" /")
        if not keep_formula:
            attributes, formula = grid.without_attributes(attributes, b"cm"), b""
        return self._written(attributes, formula, value, (row, raw.column))

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
                self._orphans[group] = (at, markup.plain(match[2]))

    def _adopt(self, pieces: list[Piece]) -> list[Piece]:
        """Give each cell that shared an overwritten formula its own copy of it."""
        tags = self._tags
        touched = {piece.start: n for n, piece in enumerate(pieces) if piece.end > piece.start}
        pieces = list(pieces)
        for row in self._sheet.rows():
            for cell in self._sheet.cells(row):
                match = tags.formula.search(cell.inner)
                if match is None or grid.attribute(match[1], b"t") != b"shared" or match[2]:
                    continue
                origin = self._orphans.get(grid.attribute(match[1], b"si") or b"")
                if origin is None:
                    continue
                (first_row, first_column), text = origin
                own = formulas.shift(text, row.number - first_row, cell.column - first_column)
                element = b"<%bf>%b</%bf>" % (tags.prefix, markup.escape(own).encode(), tags.prefix)
                if cell.start in touched:
                    piece = pieces[touched[cell.start]]
                    assert isinstance(piece.data, bytes)  # only rows that are missing come later
                    pieces[touched[cell.start]] = Piece(piece.start, piece.end, piece.data.replace(match[0], element))
                else:
                    at = self._sheet.source.index(match[0], cell.start, cell.end)
                    pieces.append(Piece(at, at + len(match[0]), element))
        return pieces

    # --- the used range ---

    def _dimension(self, new: tuple[int, int, int, int]) -> list[Piece]:
        """Widen `<dimension ref>` if new cells lie outside of it."""
        tag = re.compile(rb"<%bdimension\s[^>]*?ref\s*=\s*[\"']([^\"']*)" % re.escape(self._tags.prefix))
        match = tag.search(self._sheet.masked, 0, self._data.start)
        area = grid.parse_range(match[1].decode()) if match else None
        if match is None or area is None:
            return []
        corners = [new[:2], new[2:], area[:2], area[2:]]
        if area == (1, 1, 1, 1) and self._data.inner_start == self._data.inner_end:  # A1 means an empty sheet
            corners = [new[:2], new[2:]]
        rows, columns = [r for r, _ in corners], [c for _, c in corners]
        wider = a1.area(min(rows), min(columns), max(rows), max(columns)).encode()
        return [] if wider == match[1] else [Piece(match.start(1), match.end(1), wider)]


def number(value: float) -> bytes:
    """Return a number as a sheet stores it: the shortest text that reads back the same."""
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be stored in a cell")
    return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)).encode()


def _same(now: Cell, value: Plain) -> bool:
    if isinstance(now.value, FormulaWithoutResult):
        return value is BLANK
    if isinstance(value, bool) or isinstance(now.value, bool):
        return value is now.value
    if isinstance(value, str | Blank):
        return now.value == value
    return isinstance(now.value, float) and now.value == float(value)


_SPANS = re.compile(rb"""(\sspans\s*=\s*["'])(\d+):(\d+)""")


def _wider_spans(attributes: bytes, columns: Iterable[int]) -> bytes:
    """Return a row's attributes with its column span including new cells."""
    return _SPANS.sub(
        lambda m: b"%b%d:%d" % (m[1], min(int(m[2]), *columns), max(int(m[3]), *columns)), attributes, count=1
    )
