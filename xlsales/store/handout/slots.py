"""A sheet cut at the cells that will change: constant pieces, and places for values between them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from xlsales.core.a1 import Address
from xlsales.ooxml import grid, markup
from xlsales.ooxml.sheet_xml import SheetXml

if TYPE_CHECKING:
    from xlsales.store.targets import Figure

_FORMS_KEPT = 8


class Slots:
    """The pieces of one sheet's XML. Cells keep their style and their formula; value and type are contents.

    `addresses` are (row, column) of the cells to fill, in the order of the values; column 0 is the row itself, and its
    value says whether the row is hidden. A cell that the sheet does not have raises KeyError.

    The first `fixed` of them, by default all, hold the same kind of value in every store or nearly so; the others may
    hold a number, a text or, as None, nothing.

    Filling is one joining of bytes: the pieces and, between them, the shortest texts of numbers that read back the
    same, or texts. The pieces are made once for each pattern of texts among the values.
    """

    def __init__(self, xml: bytes, addresses: Sequence[Address], fixed: int | None = None) -> None:
        sheet = SheetXml(xml)
        source, tags = sheet.source, sheet.tags
        self._prefix = tags.prefix
        positions = {address: i for i, address in enumerate(addresses)}
        rows = {row for row, _ in positions}
        self._pieces: list[bytes] = []
        self._order: list[int] = []  # positions in `addresses`, in the order of the sheet
        self._formulas: list[bytes] = []
        self._forms: dict[tuple[int, ...], list[bytes]] = {}
        self._hiding: set[int] = set()
        self._fixed = len(addresses) if fixed is None else fixed
        self._own: dict[int, bytes] = {}
        at = 0
        for raw in sheet.rows():
            if raw.number not in rows:
                continue
            hidden = positions.pop((raw.number, 0), None)
            if hidden is not None:
                attributes = grid.without_attributes(raw.attributes, b"hidden").rstrip(b" /")
                self._pieces.append(source[at : raw.start] + b"<%brow%b" % (self._prefix, attributes))
                self._order.append(hidden)
                self._formulas.append(b"")
                self._hiding.add(hidden)
                at = raw.inner_start - 1
            for cell in sheet.cells(raw):
                position = positions.pop((raw.number, cell.column), None)
                if position is None:
                    continue
                match = tags.formula.search(markup.mask(cell.inner))
                formula = cell.inner[match.start() : match.end()] if match else b""
                attributes = grid.without_attributes(cell.attributes, b"t", b"vm").rstrip(b" /")
                self._pieces.append(source[at : cell.start] + b"<%bc%b" % (self._prefix, attributes))
                self._order.append(position)
                self._formulas.append(formula)
                if position >= self._fixed:
                    self._own[position] = formula
                at = cell.end
        if positions:
            raise KeyError(next(iter(positions)))
        self._tail = source[at:]
        self._ordered = itemgetter(*self._order)

    def filled(self, values: Sequence[Figure | None]) -> bytes:
        """Return the sheet's XML with these values (two or more, numbers or text), in the order of the addresses."""
        texts = tuple(i for i, kind in enumerate(map(type, values[: self._fixed])) if kind is str)
        form = self._forms.get(texts)
        if form is None:
            if len(self._forms) >= _FORMS_KEPT:
                self._forms.clear()
            form = self._forms[texts] = self._form(frozenset(texts))
        numbers: list[object] = list(values)
        for i in (*texts, *self._hiding, *self._own):
            numbers[i] = 0
        contents = repr(numbers).encode()[1:-1].split(b", ")
        for i in texts:
            contents[i] = markup.escape(str(values[i])).encode()
        for i in self._hiding:
            contents[i] = b' hidden="1"' if values[i] else b""
        for i, formula in self._own.items():
            contents[i] = self._cell(values[i], formula)
        pieces = form.copy()
        pieces[1::2] = self._ordered(contents)
        return b"".join(pieces)

    def _cell(self, value: object, formula: bytes) -> bytes:
        """Return the end of a cell's XML, after its attributes."""
        p = self._prefix
        if value is None:
            return b"/>"
        if not isinstance(value, str):
            return b">%b<%bv>%a</%bv></%bc>" % (formula, p, value, p, p)
        return b' t="str">%b<%bv>%b</%bv></%bc>' % (formula, p, markup.escape(value).encode(), p, p)

    def _form(self, texts: frozenset[int]) -> list[bytes]:
        """Return the pieces for a pattern of texts, a place for a value after each but the last."""
        p, form, end = self._prefix, [], b""
        for piece, position, formula in zip(self._pieces, self._order, self._formulas, strict=True):
            if position in self._hiding or position >= self._fixed:
                before, after = b"", b""
            elif position not in texts:
                before, after = b">%b<%bv>" % (formula, p), b"</%bv></%bc>" % (p, p)
            elif formula:
                before, after = b' t="str">%b<%bv>' % (formula, p), b"</%bv></%bc>" % (p, p)
            else:
                before = b' t="inlineStr"><%bis><%bt xml:space="preserve">' % (p, p)
                after = b"</%bt></%bis></%bc>" % (p, p, p)
            form += [end + piece + before, b""]
            end = after
        return [*form, end + self._tail]
