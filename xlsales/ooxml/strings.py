"""The shared strings of a workbook: only those that are asked for are decoded.

A workbook with a million pasted actuals has a million unique strings in one part. The few that the input sheets use are
found by counting items while the part is inflated. Inflating stops after the last of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlsales.core.expressions import expression
from xlsales.ooxml import grid, markup
from xlsales.ooxml.package import Package

_SMALL = 200_000
"""A table of up to so many bytes is decoded as a whole when it is first asked."""
LONGEST_ITEM = 1 << 26
"""Bytes without the end of a string, or of a row: no spreadsheet program writes one that comes near it."""
_ITEM = expression(rb"<si>(?:<t>((?:[^<&_\r]|_(?!x))+)</t></si>)?")
"""An item of a table, and its text if that is written plainly."""
_ROOT = expression(rb"<((?:[\w.-]+:)?)sst[\s/>]")


class SharedStrings:
    """The strings of one part by index; what was decoded once stays."""

    def __init__(self, package: Package, part: str | None) -> None:
        self._package = package
        self._part = part if part is not None and part in package else None
        self._texts: dict[int, str] = {}
        self._complete = False

    def __getitem__(self, index: int) -> str:
        if index not in self._texts:
            self.find((index,))
        return self._texts[index]

    def load(self) -> None:
        """Decode every string at once, to read a whole sheet."""
        if self._part is not None:
            data = self._package.read(self._part)
            self.find(range(sum(data.count(mark) for mark in (b"si>", b"si ", b"si/>"))))

    def find(self, indexes: Iterable[int]) -> None:
        """Decode the strings of these indexes in one pass; an index beyond the table reads as an empty string."""
        rest = sorted({index for index in indexes if index not in self._texts}, reverse=True)
        if not rest:
            return
        if self._part is not None and not self._complete:
            self._complete = self._is_small() and self._decode_all()
            rest = [index for index in rest if index not in self._texts]
        if self._part is not None and rest and not self._complete:
            rest = self._scan(rest)
        self._texts.update(dict.fromkeys(rest, ""))

    def _is_small(self) -> bool:
        size = getattr(self._package, "size", None)
        return size is not None and self._part is not None and size(self._part) <= _SMALL

    def _decode_all(self) -> bool:
        """Decode a whole small table at once; return False, and do nothing, if its items are not written plainly."""
        assert self._part is not None
        data = self._package.read(self._part)
        if b"<!" in data or b"<si/>" in data or b"<si " in data or b"<sst" not in data:
            return False
        texts = _ITEM.findall(data)
        self._texts = dict(enumerate(map(bytes.decode, texts)))
        if not all(texts):
            tags = grid.tags_of(b"")
            items = data.split(b"<si>")
            for index, text in enumerate(texts):
                if not text:
                    self._texts[index] = grid.rich_text(items[index + 1], tags)
        return True

    def _scan(self, rest: list[int]) -> list[int]:
        """Find the indexes of a descending list; return those that the table lacks."""
        assert self._part is not None
        count, pending, opening, tags = 0, b"", b"", grid.tags_of(b"")
        for piece in self._package.stream(self._part):
            if len(pending) > LONGEST_ITEM:
                raise grid.SheetError("a string without an end")
            pending += piece
            if not opening:
                root = _ROOT.search(pending)
                if root is None:
                    continue
                tags = grid.tags_of(root[1])
                opening = b"<%bsi" % root[1]
            if b"<!" in piece:  # comments and CDATA: items cannot be found by counting
                return self._scan_masked(rest, opening)
            cut = pending.rfind(opening)
            if cut <= 0:
                continue
            whole, pending = pending[:cut], pending[cut:]
            count = self._decode(whole, opening, count, rest, tags)
            if not rest:
                return rest
        self._decode(pending, opening or b"<si", count, rest, tags)
        return rest

    def _scan_masked(self, rest: list[int], opening: bytes) -> list[int]:
        assert self._part is not None
        data = self._package.read(self._part)
        starts = [m.start() for m in re.finditer(re.escape(opening) + rb"[\s/>]", markup.mask(data))]
        tags = grid.tags_of(opening[1:-2])
        while rest and rest[-1] < len(starts):
            index = rest.pop()
            end = starts[index + 1] if index + 1 < len(starts) else len(data)
            self._texts[index] = grid.rich_text(data[starts[index] : end], tags)
        return rest

    def _decode(self, whole: bytes, opening: bytes, count: int, rest: list[int], tags: grid.Tags) -> int:
        """Decode the strings of `rest` that are in a run of whole items; return how many items have been passed."""
        here = whole.count(opening)
        if rest and rest[-1] < count + here:
            starts = [m.start() for m in re.finditer(re.escape(opening), whole)] + [len(whole)]
            while rest and rest[-1] < count + here:
                index = rest.pop()
                item = whole[starts[index - count] : starts[index - count + 1]]
                self._texts[index] = grid.rich_text(item, tags)
        return count + here
