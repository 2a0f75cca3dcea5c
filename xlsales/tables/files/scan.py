"""What the bytes of a sheet hold, in one pass beside the loading: how many values, and what the loader misreads.

The pass competes with the loader for the machine, so its searches cost little if there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct, field
from msgspec.structs import asdict

from xlsales.core.expressions import expression
from xlsales.ooxml.cells import ErrorValue, Flaw, FormulaWithoutResult
from xlsales.ooxml.flaws import FlawSeeker, error_cells
from xlsales.ooxml.grid import column_number
from xlsales.ooxml.marks import Mark
from xlsales.ooxml.package import Package
from xlsales.tables.files.grids import Merged


class SheetScan(Struct):
    """What the bytes of a sheet hold, by one pass over them."""

    flaws: list[tuple[int, int, Flaw]] = field(default_factory=list)
    booleans: bool = False
    odd: bool = False
    fine: bool = False
    values: int = 0  # twice as many
    blank: int = 0
    hidden: int = 0
    merged: list[Merged] = field(default_factory=list)

    def agrees(self, cells: pl.DataFrame, head: Sequence[dict[int, str | None]]) -> bool:
        """Whether the loaded cells are as many as the bytes hold; values of no length may be there or not."""
        texts = cells.select(pl.col(pl.String)) if self.fine else pl.DataFrame()
        if any(column.str.contains(_ROUNDED).any() for column in texts):
            return False
        loaded = sum(column.count() for column in cells) + sum(map(len, head))
        full = self.values // 2 - sum(isinstance(flaw, ErrorValue) for *_, flaw in self.flaws)
        return not self.odd and full - self.blank <= loaded <= full

    def to_json(self) -> dict[str, Any]:
        """Return what another process can be told."""
        flaws = [(row, column, getattr(flaw, "code", None)) for row, column, flaw in self.flaws]
        return {**asdict(self), "flaws": flaws, "merged": [(m.first, m.last, m.column) for m in self.merged]}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> SheetScan:
        """Return what another process told by `to_json`."""
        flaws: list[tuple[int, int, Flaw]] = [
            (row, column, FormulaWithoutResult() if code is None else ErrorValue(code))
            for row, column, code in said["flaws"]
        ]
        return cls(**{**said, "flaws": flaws, "merged": [Merged(*places) for places in said["merged"]]})


_BOOLEAN = (Mark(b't="b"'), Mark(b"t='b'"))
_HIDING, _HIDDEN = Mark(b"hidden="), expression(rb"""<(?:\w+:)?row\s[^>]*\shidden=["'](?:1|true)""")
_MERGING = Mark(b"mergeCell")
_MERGED = expression(rb"""<(?:\w+:)?mergeCell\s[^>]*\bref=["']\$?([A-Z]{1,3})\$?(\d+):\$?[A-Z]{1,3}\$?(\d+)["']""")
_ODD = (Mark(b't="d"'), Mark(b"t='d'"), Mark(b"<!"))
"""The loader does not read ISO dates with an offset; nor comments and CDATA inside of cells."""
_FINE, _ROUNDED = expression(rb"\.\d{10}"), r"^-?\d+\.\d{9}$"
"""Among texts, the loader rounds a number to nine decimals."""
_VALUE, _PREFIXED_VALUE, _INLINE, _PREFIXED_INLINE = map(Mark, (b"</v>", b":v>", b"</is>", b":is>"))
_BLANK = (Mark(b"<v></v>"), Mark(b'"preserve"></v>'))
_BLANK_INLINE = (b"<is></is>", b"<t/></is>", b"<t></t></is>")
_ESCAPE = Mark(b"_x")
_ESCAPED = expression(
    rb"""t=["']str["'][^>]*>(?:<[^/v][^>]*/>|<[^/v][^>]*>[^<]*</[^>]*>)?<[^>/]*v[^>]*>[^<]*_x[0-9A-Fa-f]{4}_"""
)
"""An escaped character in the result of a formula, which the loader leaves as it is."""


def extent(data: bytes) -> tuple[int, int, int]:
    """Return how far to the right and down the cells of a sheet reach, and how many there are."""
    places = _PLACE.findall(data)
    columns, rows = {letters for letters, _ in places}, {row for _, row in places}
    return max(map(column_number, columns), default=0), max(map(int, rows), default=0), len(places)


def beyond_z(rows: bytes) -> bool:
    """Whether the cells of some rows may be in columns of more than one letter; False is sure."""
    letters = np.frombuffer(rows, np.uint8)
    capital = (letters - 65) < 26  # what is below A is far above Z, without a sign
    pairs = capital[1:-1] & capital[2:]
    quoted = bool(pairs.any()) and pairs & ((letters[:-2] == 34) | (letters[:-2] == 39))
    return bool(np.any(quoted))


_PLACE = expression(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")


def scan(package: Package, part: str) -> SheetScan:
    """Count, in one pass beside the loading, what the bytes of a sheet hold."""
    onlooker = ScanOnlooker()
    onlooker.result.flaws = error_cells(package, part, onlooker.through)
    return onlooker.result


class ScanOnlooker(FlawSeeker):
    """Counts what the bytes of a sheet hold while it is inflated for another purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.result = SheetScan(flaws=self.spots)

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a sheet as they are."""
        last = b""
        for piece in pieces:
            cut = piece.rfind(b">") + 1  # so that tags are whole
            whole, last = last + piece[:cut], piece[cut:]
            _look(whole, self.result)
            yield piece


def _look(whole: bytes, result: SheetScan) -> None:
    result.booleans = result.booleans or any(mark.within(whole) for mark in _BOOLEAN)
    result.odd = result.odd or any(mark.within(whole) for mark in _ODD)
    result.odd = result.odd or (_ESCAPE.within(whole) and _ESCAPED.search(whole) is not None)
    result.fine = result.fine or _FINE.search(whole) is not None
    result.values += 2 * _VALUE.count(whole)
    result.blank += sum(mark.count(whole) for mark in _BLANK)
    inline, prefixed = _INLINE.count(whole), _PREFIXED_INLINE.count(whole)
    if inline or prefixed:
        result.values += 2 * inline + prefixed
        result.blank += sum(whole.count(mark) for mark in _BLANK_INLINE)
    if b"<row" not in whole:  # with a prefix, both tags end so
        result.values += _PREFIXED_VALUE.count(whole)
    if _HIDING.within(whole):
        result.hidden += sum(1 for _ in _HIDDEN.finditer(whole))
    if _MERGING.within(whole):
        result.merged += [Merged(int(a), int(b), column_number(c)) for c, a, b in _MERGED.findall(whole)]
