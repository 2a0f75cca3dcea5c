"""Cells as rectangles: spreadsheet programs are written to block by block, not cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from xlsales.book.edits import CellEdits
from xlsales.book.looks import Look
from xlsales.core.a1 import Address
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Plain, Result


class Block(Struct, frozen=True):
    """A rectangle of values; its upper left cell is (row, column), 1-based."""

    row: int
    column: int
    values: tuple[tuple[Plain, ...], ...]

    @property
    def last_row(self) -> int:
        """The last row."""
        return self.row + len(self.values) - 1

    @property
    def last_column(self) -> int:
        """The last column."""
        return self.column + len(self.values[0]) - 1


def blocks_of(edits: CellEdits) -> list[Block]:
    """Return the plain cells of `edits` as few rectangles, each with a cell that changes.

    Results of formulas are left out: the program that has the workbook open calculates them.
    """
    changed = {at: change for at, change in edits.cells.items() if not isinstance(change, Result)}
    values: dict[Address, Plain] = {**edits.same, **changed}
    blocks: list[Block] = []
    growing: dict[tuple[int, int], list[tuple[Plain, ...]]] = {}  # (first, last column) → rows so far
    above = 0
    for row, runs in _runs(values):
        if row != above + 1:
            blocks += _finished(growing, set(), above, changed)
        here = {(columns[0], columns[-1]): columns for columns in runs}
        blocks += _finished(growing, set(here), above, changed)
        for span, columns in here.items():
            growing.setdefault(span, []).append(tuple(values[row, column] for column in columns))
        above = row
    blocks += _finished(growing, set(), above, changed)
    return sorted(blocks, key=lambda block: (block.row, block.column))


def _runs(cells: Mapping[Address, Plain]) -> Iterator[tuple[int, list[list[int]]]]:
    """Yield each row with its runs of adjoining columns."""
    for row, in_row in groupby(sorted(cells), key=lambda at: at[0]):
        columns = [column for _, column in in_row]
        runs = [[c for _, c in run] for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0])]
        yield row, runs


def _finished(
    growing: dict[tuple[int, int], list[tuple[Plain, ...]]],
    going_on: set[tuple[int, int]],
    last_row: int,
    changed: Mapping[Address, Plain],
) -> Iterator[Block]:
    """Yield the rectangles that end at `last_row`, and stop growing them."""
    for span in [span for span in growing if span not in going_on]:
        rows = growing.pop(span)
        block = Block(last_row - len(rows) + 1, span[0], tuple(rows))
        if any((r, c) in changed for r in range(block.row, last_row + 1) for c in range(span[0], span[1] + 1)):
            yield block


def new_cells(edits: CellEdits) -> dict[tuple[Address | None, Look | None], list[Block]]:
    """Return the cells of `edits` that are not there yet, by the cell that gives them its format and by their look.

    Each list holds rectangles one column wide, for a program that formats many cells in one call; their values are
    blank.
    """
    alike: dict[tuple[Address | None, Look | None], list[Address]] = {}
    for at in (edits.like.keys() | edits.looks.keys()) & edits.cells.keys():
        alike.setdefault((edits.like.get(at), edits.looks.get(at)), []).append(at)
    runs: dict[tuple[Address | None, Look | None], list[Block]] = {}
    for key, cells in alike.items():
        in_order = sorted((column, row) for row, column in cells)
        grouped = groupby(enumerate(in_order), key=lambda pair: (pair[1][0], pair[1][1] - pair[0]))
        rows = [[at for _, at in run] for _, run in grouped]
        runs[key] = [Block(run[0][1], run[0][0], ((BLANK,),) * len(run)) for run in rows]
    return runs
