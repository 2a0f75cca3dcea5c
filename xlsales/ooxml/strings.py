"""The shared strings of a workbook, of which only those asked for are ever decoded.

A workbook with a million pasted actuals keeps a million unique strings in one
part; the few that the input sheets use are found by counting items while the
part is inflated, and inflating stops after the last one wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlsales.ooxml import grid
from xlsales.ooxml.package import Package

_SMALL = 200_000
"""A table of up to so many bytes is decoded as a whole when it is first asked."""
LONGEST_ITEM = 1 << 26
"""Bytes without the end of a string, or of a row: no spreadsheet program writes one that comes near it."""
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)sst[\s/>]")


class SharedStrings:
    """The strings of one part by index; what was found once is kept."""

    def __init__(self, package: Package, part: str | None) -> None:
        self._package = package
        self._part = part if part is not None and part in package else None
        self._known: dict[int, str] = {}
        self._taken = False

    def __getitem__(self, index: int) -> str:
        if index not in self._known:
            self.find((index,))
        return self._known[index]

    def load(self) -> None:
        """Decode every string at once, to read a whole sheet."""
        if self._part is not None:
            data = self._package.read(self._part)
            self.find(range(sum(data.count(mark) for mark in (b"si>", b"si ", b"si/>"))))

    def find(self, wanted: Iterable[int]) -> None:
        """Decode the strings of these indexes in one pass; an index beyond the table reads as an empty string."""
        rest = sorted(set(wanted) - self._known.keys(), reverse=True)
        if not rest:
            return
        if self._part is not None and not self._taken:
            self._taken = self._is_small() and self._take_all()
            rest = [index for index in rest if index not in self._known]
        if self._part is not None and rest and not self._taken:
            rest = self._scan(rest)
        self._known.update(dict.fromkeys(rest, ""))

    def _is_small(self) -> bool:
        size = getattr(self._package, "size", None)
        return size is not None and self._part is not None and size(self._part) <= _SMALL

    def _take_all(self) -> bool:
        """Decode a whole small table at once; False, and nothing done, if its items are not written plainly."""
        assert self._part is not None
        data = self._package.read(self._part)
        if b"<!" in data or b"<si/>" in data or b"<si " in data or b"<sst" not in data:
            return False
        known = grid.pattern(b"")
        for index, item in enumerate(data.split(b"<si>")[1:]):
            end = item.find(b"</t></si>")
            plain = b"&" not in item and b"_x" not in item and b"\r" not in item
            if plain and item.startswith(b"<t>") and item.find(b"<", 3) == end:
                self._known[index] = item[3:end].decode()
            else:
                self._known[index] = grid.rich_text(item, known)
        return True

    def _scan(self, rest: list[int]) -> list[int]:
        """Find the indexes of a descending list; return those that the table lacks."""
        assert self._part is not None
        counted, kept, opening, known = 0, b"", b"", grid.pattern(b"")
        for piece in self._package.stream(self._part):
            if len(kept) > LONGEST_ITEM:
                raise grid.SheetError("a string without an end")
            kept += piece
            if not opening:
                root = _ROOT.search(kept)
                if root is None:
                    continue
                known = grid.pattern(root[1])
                opening = b"<%bsi" % root[1]
            if b"<!" in piece:  # comments and CDATA: items cannot be found by counting
                return self._scan_masked(rest, opening)
            cut = kept.rfind(opening)
            if cut <= 0:
                continue
            whole, kept = kept[:cut], kept[cut:]
            counted = self._take(whole, opening, counted, rest, known)
            if not rest:
                return rest
        self._take(kept, opening or b"<si", counted, rest, known)
        return rest

    def _scan_masked(self, rest: list[int], opening: bytes) -> list[int]:
        assert self._part is not None
        data = self._package.read(self._part)
        starts = [m.start() for m in re.finditer(re.escape(opening) + rb"[\s/>]", grid.mask(data))]
        known = grid.pattern(opening[1:-2])
        while rest and rest[-1] < len(starts):
            index = rest.pop()
            end = starts[index + 1] if index + 1 < len(starts) else len(data)
            self._known[index] = grid.rich_text(data[starts[index] : end], known)
        return rest

    def _take(self, whole: bytes, opening: bytes, counted: int, rest: list[int], known: grid.Pattern) -> int:
        """Decode what is wanted from a run of whole items; return how many items have been passed."""
        here = whole.count(opening)
        if rest and rest[-1] < counted + here:
            starts = [m.start() for m in re.finditer(re.escape(opening), whole)] + [len(whole)]
            while rest and rest[-1] < counted + here:
                index = rest.pop()
                item = whole[starts[index - counted] : starts[index - counted + 1]]
                self._known[index] = grid.rich_text(item, known)
        return counted + here
