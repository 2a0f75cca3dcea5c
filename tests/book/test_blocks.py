"""Cells as rectangles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.book.blocks import blocks_of
from xlsales.book.edits import CellEdits
from xlsales.ooxml.changes import Result

pytestmark = pytest.mark.unit
addresses = st.tuples(st.integers(1, 7), st.integers(1, 6))


@given(st.dictionaries(addresses, st.floats(0, 9)), st.dictionaries(addresses, st.floats(10, 19)))
def test_blocks_hold_every_change_once_and_nothing_foreign(
    changes: dict[tuple[int, int], float], same: dict[tuple[int, int], float]
) -> None:
    """Each changed cell is in one block with its value; other cells of a block are the program's own."""
    own = {at: value for at, value in same.items() if at not in changes}
    written: dict[tuple[int, int], object] = {}
    for block in blocks_of(CellEdits("表", changes, same=own)):
        cells = {
            (block.row + i, block.column + j): value
            for i, line in enumerate(block.values)
            for j, value in enumerate(line)
        }
        assert not written.keys() & cells.keys()
        assert cells.keys() & changes.keys()
        written |= cells
    assert {at: value for at, value in written.items() if at in changes} == changes
    assert all(own[at] == value for at, value in written.items() if at not in changes)


def test_results_of_formulas_are_left_to_the_program() -> None:
    """A program that has the workbook open calculates: results are not written over formulas."""
    assert blocks_of(CellEdits("表", {(1, 1): Result(3.0)})) == []


def test_a_full_rectangle_is_one_block() -> None:
    """A block of adjoining changes is written in one call."""
    (block,) = blocks_of(CellEdits("表", {(r, c): 1.0 for r in range(3, 6) for c in range(2, 9)}))
    assert (block.row, block.column, block.last_row, block.last_column) == (3, 2, 5, 8)
