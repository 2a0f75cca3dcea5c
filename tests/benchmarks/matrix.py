"""How near rounding over two axes comes to the least sum of absolute errors.

Run `python -m tests.benchmarks.matrix`. The peer is that least sum: each cell is its fitted value rounded down or up,
both margins close, and the choice is a linear programme (as a flow of least cost is), solved by HiGHS of scipy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, kron, vstack

from tests.benchmarks.measure import SMALL, Result, report
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.matrix import allocate_matrix, fit

TABLES = 1_000 if SMALL else 10_000
LINES = (2, 12)
"""So many rows and columns a table has, at least and at most."""
AT_ONCE = 100
"""Tables that make one linear programme: starting each by itself would take most of the time."""
BAR_SHARE, BAR_EXCESS = 0.99, 0.01
"""At the optimum are at least so many of the tables, or the sums are on average at most so much above it."""
_EQUAL = 1e-6


class Table(NamedTuple):
    """Totals of rows and columns in whole steps, the weights, and the cells that fit both totals before rounding."""

    rows: Steps
    cols: Steps
    weights: Floats
    fitted: Floats


def rows() -> Iterator[Result]:
    """Yield the figures of all tables."""
    rng = np.random.default_rng(4)
    tables = [table_of(rng) for _ in range(TABLES)]
    started = time.perf_counter()
    cells = [allocate_matrix(table.rows, table.cols, table.weights) for table in tables]
    ours = time.perf_counter() - started
    errors = np.array([np.abs(own - table.fitted).sum() for own, table in zip(cells, tables, strict=True)])
    started = time.perf_counter()
    least = np.concatenate([least_errors(tables[n : n + AT_ONCE]) for n in range(0, TABLES, AT_ONCE)])
    spent = time.perf_counter() - started
    excess = errors / least - 1
    at_it = float((excess <= _EQUAL).mean())
    yield Result(
        f"rounding {TABLES:,} tables of {LINES[0]} to {LINES[1]} lines",
        ours,
        f"{spent:.4f} s least sum of absolute errors",
        f"{at_it:.1%} at it, {excess.mean():.1%} above",
        f"≥ {BAR_SHARE:.0%} or ≤ {BAR_EXCESS:.0%}",
        at_it >= BAR_SHARE or float(excess.mean()) <= BAR_EXCESS,
        note=f"{excess.max():.0%} above it at worst",
    )


def table_of(rng: np.random.Generator) -> Table:
    """Return a table of a random size: a few steps or many in a cell, a fifth of the tables with zeros."""
    n, m = rng.integers(LINES[0], LINES[1] + 1, 2)
    total = int(n * m * rng.choice([1, 5, 50, 500]))
    weights = rng.random((n, m)) + 0.05
    if rng.random() < 0.2:
        weights[rng.random((n, m)) < 0.2] = 0.0
        weights[np.arange(max(n, m)) % n, np.arange(max(n, m)) % m] = 1.0
    start = weights * total / weights.sum()
    down, across = allocate(total, start.sum(axis=1)), allocate(total, start.sum(axis=0))
    fitted, fits = fit(down, across, weights)
    return Table(down, across, weights, fitted) if fits else table_of(rng)


def least_errors(tables: list[Table]) -> Floats:
    """Return for each table the least sum of absolute errors that rounding down or up can reach."""
    low = [np.floor(table.fitted + 1e-9) for table in tables]
    rest = [table.fitted - floor for table, floor in zip(tables, low, strict=True)]
    part = [np.where(one > 1e-9, one, 0.0) for one in rest]
    sums = block_diag([_sums(*one.shape) for one in part], format="csr")
    needs = [
        np.concatenate([table.rows - floor.sum(axis=1), table.cols - floor.sum(axis=0)])
        for table, floor in zip(tables, low, strict=True)
    ]
    parts = np.concatenate([one.ravel() for one in part])
    bounds = np.column_stack([np.zeros(parts.size), parts > 0])
    found = linprog(1 - 2 * parts, A_eq=sums, b_eq=np.concatenate(needs), bounds=bounds, method="highs")
    assert found.status == 0, found.message
    up = np.split(np.rint(found.x), np.cumsum([one.size for one in part])[:-1])
    return np.array([np.abs(own - one.ravel()).sum() for own, one in zip(up, part, strict=True)])


def _sums(n: int, m: int) -> csr_array:
    """Return what adds up the cells of an n × m table by row, then by column."""
    return vstack([kron(np.eye(n), np.ones((1, m))), kron(np.ones((1, n)), np.eye(m))], format="csr")


if __name__ == "__main__":
    report(rows())
