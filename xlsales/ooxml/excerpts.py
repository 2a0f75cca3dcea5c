"""A large sheet cut into workbooks of some of its rows, so that a reader of workbooks holds few rows at a time.

An excerpt is stored, not deflated, and has what the cells need: the workbook's list of sheets, shared strings and
formats. Rows keep their numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from xlsales.ooxml import grid, relations
from xlsales.ooxml.archive import ArchiveWriter, Entry
from xlsales.ooxml.book import Book
from xlsales.ooxml.package import Package
from xlsales.ooxml.streamed import CommentsInside, runs_of_rows
from xlsales.ooxml.xml import MAIN

NEEDED = ("sharedStrings", "styles", "theme")
"""Kinds of parts without which a reader does not know what a cell shows."""
LEAST_BYTES = 1 << 19
"""Bytes of rows in an excerpt, or more if the other parts are long: each excerpt has them all."""
_TIMES_OTHERS = 8


class Undivided(Exception):
    """The rows of a sheet cannot be told apart: they have no numbers, or these do not rise, or comments are inside."""


class Excerpt(Struct, frozen=True):
    """Some rows of one sheet: the numbers of the first and the last, and whether no cell has a value."""

    first: int
    last: int
    blank: bool
    rows: bytes
    _part: str
    _others: _Others

    def workbook(self) -> bytes:
        """Return a workbook of these rows."""
        out = io.BytesIO(self._others.written)
        out.seek(0, io.SEEK_END)
        archive = ArchiveWriter(out, self._others.directory)
        sheet = b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (MAIN.encode(), self.rows)
        archive.store(Entry.new(self._part), sheet)
        archive.close()
        return out.getvalue()


class _Others(Struct, frozen=True):
    """The parts beside the sheet, as they begin every workbook of some rows."""

    written: bytes
    directory: Sequence[Entry]

    @classmethod
    def of(cls, package: Package, names: Iterable[str]) -> _Others:
        out = io.BytesIO()
        archive = ArchiveWriter(out)
        for name in names:
            archive.store(Entry.new(name), package.read(name))
        return cls(out.getvalue(), archive.directory)


def needed_parts(book: Book) -> tuple[str, ...]:
    """Return the names of the parts that every excerpt of a workbook has beside the sheet."""
    related = [book.related(kind) for kind in NEEDED]
    names = [relations.CONTENT_TYPES, relations.rels_name(""), book.part, relations.rels_name(book.part), *related]
    return tuple(name for name in names if name is not None and name in book.package)


class Onlooker(Protocol):
    """What looks at the bytes of a sheet while it is cut."""

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces in which the sheet is inflated as they are."""

    def look(self, run: bytes, tags: grid.Tags) -> None:
        """Take note of the next run of rows."""


def excerpts(package: Package, part: str, needed: Iterable[str], onlooker: Onlooker | None = None) -> Iterator[Excerpt]:
    """Yield the rows of a sheet, from its first on, in excerpts of about `LEAST_BYTES`. Raises `Undivided`."""
    others = _Others.of(package, needed)
    most = max(LEAST_BYTES, _TIMES_OTHERS * len(others.written))
    last = 0
    for rows, tags in _gathered(_runs(package.stream(part), onlooker), most):
        first, end = _number(rows, rows.find(b"<%brow" % tags.prefix), tags), _last_number(rows, tags)
        if not last < first <= end:
            raise Undivided
        blank = not any(b"</%b%b>" % (tags.prefix, tag) in rows for tag in (b"v", b"is"))
        yield Excerpt(first, end, blank, rows, part, others)
        last = end


def _runs(pieces: Iterator[bytes], onlooker: Onlooker | None) -> Iterator[tuple[bytes, grid.Tags]]:
    for run, tags in runs_of_rows(onlooker.through(pieces) if onlooker is not None else pieces):
        if onlooker is not None:
            onlooker.look(run, tags)
        yield run, tags


def _gathered(runs: Iterator[tuple[bytes, grid.Tags]], most: int) -> Iterator[tuple[bytes, grid.Tags]]:
    """Yield runs of rows joined to more than `most` bytes."""
    gathered: list[bytes] = []
    tags = None
    try:
        for run, tags in runs:
            gathered.append(run)
            if sum(map(len, gathered)) >= most:
                yield b"".join(gathered), tags
                gathered.clear()
    except CommentsInside:
        raise Undivided from None
    if tags is not None and gathered:
        yield b"".join(gathered), tags


def _last_number(rows: bytes, tags: grid.Tags) -> int:
    return _number(rows, rows.rfind(b"<%brow" % tags.prefix), tags)


def _number(rows: bytes, at: int, tags: grid.Tags) -> int:
    row = tags.row.match(rows, at) if at >= 0 else None
    number = grid.attribute(row[1], b"r") if row is not None else None
    if number is None:
        raise Undivided
    return grid.whole(number, grid.MAX_ROW)
