"""Worksheet functions through xlwings' CallUDF, a call a block against one a cell.

The way is the one of Excel on Windows, over fakes of pywin32; what COM itself
costs per call (some tenths of a millisecond) comes on top, and the peer pays it
once per cell. Run `python -m tests.benchmarks.functions`.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from tests.fakes.pywin32 import install

xlwings = install()

from tests.benchmarks.measure import Result, medians, report, times  # noqa: E402
from tests.benchmarks.split import table_of  # noqa: E402
from tests.fakes.cells import Range, Workbook  # noqa: E402
from tests.hosts.excel.calling import OMITTED, call  # noqa: E402

PEER = "tests_benchmarks_per_cell"
SAMPLE = 1_000
"""Cells that the peer is timed over; its seconds are scaled to all, for each call costs the same."""


def rows() -> list[Result]:
    """Return the figures of the worksheet functions."""
    _define_peers()
    return [split_matrix(), target_progress()]


def split_matrix(stores: int = 500, days: int = 365) -> Result:
    """A table of stores × days with both margins exact, against a rounded share in each cell."""
    down, across, weights = table_of(stores, days)
    total = float(down.sum())
    page = Workbook().Worksheets(1)
    page.cells.put(2, 2, weights.tolist())
    page.cells.put(2, 1, [[float(v)] for v in down])
    page.cells.put(1, 2, [[float(v) for v in across]])
    left, top = Range(page, 2, 1, stores, 1), Range(page, 1, 2, 1, days)
    inner = Range(page, 2, 2, stores, days)

    def block() -> object:
        return call("SPLIT_MATRIX", left, top, inner, OMITTED)

    def cell(i: int) -> object:
        r, c = divmod(i, days)
        return _per_cell("SHARE", Range(page, 2 + r, 1), Range(page, 1, 2 + c), total)

    return _side_by_side(f"SPLIT_MATRIX, {stores} × {days}", block, cell, stores * days)


def target_progress(count: int = 20_000) -> Result:
    """Eight progress columns of many rows, against one attainment per cell."""
    page = Workbook().Worksheets(1)
    page.cells.put(1, 1, [[1000.0 + i % 97, float(i * 37 % 1100)] for i in range(count)])
    target, actual = Range(page, 1, 1, count, 1), Range(page, 1, 2, count, 1)

    def block() -> object:
        return call("TARGET_PROGRESS", target, actual, 0.5, 30.0, OMITTED)

    def cell(i: int) -> object:
        return _per_cell("ATTAINMENT", Range(page, 1 + i // 8, 1), Range(page, 1 + i // 8, 2))

    return _side_by_side(f"TARGET_PROGRESS, {count:,} rows", block, cell, count * 8)


def _side_by_side(what: str, block: Callable[[], object], cell: Callable[[int], object], cells: int) -> Result:
    def each() -> None:
        for i in range(SAMPLE):
            cell(i)

    ours, sample = medians(block, each)
    note = f"{cells:,} cells; the peer timed over {SAMPLE:,} and scaled"
    return times(what, ours, "a call per cell", sample * cells / SAMPLE, note=note)


def _define_peers() -> None:
    """The functions that people write: one number from a few cells."""
    module = types.ModuleType(PEER)
    module.__file__ = __file__

    @xlwings.func
    def SHARE(row_total: Any, column_total: Any, total: Any) -> Any:  # noqa: N802
        return round(row_total * column_total / total)

    @xlwings.func
    def ATTAINMENT(target: Any, actual: Any) -> Any:  # noqa: N802
        return actual / target if target else None

    vars(module).update(SHARE=SHARE, ATTAINMENT=ATTAINMENT)
    sys.modules[PEER] = module


def _per_cell(name: str, *arguments: Any) -> object:
    return call(name, *arguments, module=PEER)


if __name__ == "__main__":
    report(rows())
