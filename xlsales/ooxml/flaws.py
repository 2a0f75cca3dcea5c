"""The cells of a sheet that hold an error, or a formula without a result, found while the sheet is inflated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from xlsales.core.expressions import expression
from xlsales.ooxml import grid, markup
from xlsales.ooxml.cells import ErrorValue, Flaw, FormulaWithoutResult, cell_of
from xlsales.ooxml.marks import Mark
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.streamed import CommentsInside, runs_of_rows

Spot = tuple[int, int, Flaw]
"""Row, column, and what is wrong there."""


def error_cells(
    package: Package, part: str, through: Callable[[Iterator[bytes]], Iterator[bytes]] = iter
) -> list[Spot]:
    """Return every error and every formula without a result in a sheet.

    `through` gets the sheet's bytes on their way, if the caller looks at them in the same pass. Pieces without a
    suspicious byte sequence are not read, so a clean sheet costs little more than inflating it.
    """
    with package.sound(part):
        seeker = FlawSeeker()
        try:
            for run, tags in runs_of_rows(through(package.stream(part))):
                seeker.look(run, tags)
        except CommentsInside:
            sheet = SheetXml(package.read(part))
            return [spot for row in sheet.rows() for spot in _in_cells(row.number, sheet.cells(row), sheet.tags)]
        return seeker.spots


class FlawSeeker:
    """Seeks errors and formulas without a result in the runs of rows of a sheet, one after another."""

    def __init__(self) -> None:
        self.spots: list[Spot] = []
        self._last = 0

    def look(self, run: bytes, tags: grid.Tags) -> None:
        """Add what is wrong in the next run."""
        new, self._last = _in_run(run, self._last, tags)
        self.spots += new


def _in_run(run: bytes, last: int, tags: grid.Tags) -> tuple[list[Spot], int]:
    """Return what is wrong in a run of whole rows after row `last`, and the number of its last row.

    Only suspicious cells are read, so that a flaw costs its cell and not the whole run.
    """
    spots: list[Spot] = []
    for at in _suspicions(run, tags):
        start = run.rfind(b"<%bc" % tags.prefix, 0, at)
        cell = tags.cell.match(run, start) if start >= 0 else None
        address = _ADDRESS.search(cell[1]) if cell is not None else None
        if cell is None or address is None:  # only the cells before it show if it is one
            rows = list(grid.rows(run, 0, len(run), tags, last))
            every = [spot for row in rows for spot in _in_cells(row.number, grid.cells(run, run, row, tags), tags)]
            return every, rows[-1].number if rows else last
        raw = grid.RawCell(grid.column_number(address[1]), start, cell.end(), cell[1], cell[2] or b"")
        value = cell_of(raw, tags, None).value
        if isinstance(value, ErrorValue | FormulaWithoutResult):
            spots.append((grid.whole(address[2], grid.MAX_ROW), raw.column, value))
    return spots, _last_number(run, last, tags)


_ADDRESS = expression(rb"""\sr=["']([A-Za-z]{1,3})(\d+)["']""")


def _in_cells(row: int, cells: Iterable[grid.RawCell], tags: grid.Tags) -> Iterator[Spot]:
    """Yield what is wrong in the cells of a row."""
    for cell in cells:
        if b"e" in cell.attributes or b"<%bf" % tags.prefix in cell.inner:
            value = cell_of(cell, tags, None).value
            if isinstance(value, ErrorValue | FormulaWithoutResult):
                yield row, cell.column, value


def _last_number(run: bytes, last: int, tags: grid.Tags) -> int:
    """Return the number of the last row of a run without walking it if rows are numbered."""
    at = run.rfind(b"<%brow" % tags.prefix)
    row = tags.row.match(run, at) if at >= 0 else None
    if row is not None and (number := grid.attribute(row[1], b"r")):
        return grid.whole(number, grid.MAX_ROW)
    for raw in grid.rows(run, 0, len(run), tags, last):
        last = raw.number
    return last


_CALC_ERROR = Mark(b"Err:")  # Calc writes Err:522


def _suspicions(run: bytes, tags: grid.Tags) -> list[int]:
    """Return the places, in order, at which a cell is marked as an error, or a formula ends without a result."""
    spots = []
    if b"#" in run or _CALC_ERROR.within(run):
        spots += [match.start() for mark in (rb'"e"', rb"'e'") for match in re.finditer(mark, run)]
    if markup.holds(run, b"f", b"<%bf" % tags.prefix):
        p = re.escape(tags.prefix)
        nothing = rb"\s*(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc" % (p, p, p, p)
        # two expressions, each with a literal beginning, are searched many times faster than one with a choice
        ends = (rb"</%bf>" % p + nothing, rb"<%bf\s[^>]*/>" % p + nothing)
        spots += [match.start() for end in ends for match in re.finditer(end, run)]
    return sorted(spots)
