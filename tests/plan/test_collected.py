"""Collected rows on their way into 实际: as columns, so that thousands of stores take little memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from xlsales.core.plan import Dimension, Member
from xlsales.ooxml.patch import patched
from xlsales.plan.collected import plan_actuals
from xlsales.tables.rows.collected import Actuals, Batch
from xlsales.tables.rows.sold import SoldRows

pytestmark = pytest.mark.unit
BARE = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'


def batches(stores: int, days: int) -> list[Batch]:
    first, zeros = 739_617, np.zeros(days, np.int32)
    sold = SoldRows(np.arange(first, first + days, dtype=np.int32), np.full(days, 9_000_000_000), zeros, ((),))
    return [Batch(f"门店{n}", f"门店{n}.xlsx", sold) for n in range(stores)]


def peak_of(stores: int) -> int:
    """The most memory that planning and writing the rows of so many stores takes, a hundred days each."""
    names = [f"门店{n}" for n in range(stores)]
    members = tuple(Member(name) for name in names)
    dimension = Dimension("门店", members, (-1,) * stores, (1,) * stores)
    given = batches(stores, 100)
    tracemalloc.start()
    edits = plan_actuals(Actuals("实际", 1, {}, 1, False, 0, 0), given, dimension, [], "zh")
    (cells,) = edits.cells
    assert cells.rows is not None
    assert len(cells.rows.block) == stores * 100
    pieces = patched(BARE, cells.cells, rows=cells.rows.block)
    assert pieces is not None
    written = sum(piece.count(b"<row ") for piece in pieces if isinstance(piece, bytes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written == stores * 100 + 1
    return peak


def test_a_row_takes_few_bytes_until_it_is_written() -> None:
    """A further row takes no more than a hundred bytes, where a mapping of its cells took a thousand."""
    few, many = peak_of(50), peak_of(250)
    assert (many - few) / (200 * 100) < 100
