"""Splitting: one axis against `iteround`, two axes against the bar, and how the cost grows.

Run `python -m tests.benchmarks.split`.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.measure import Result, medians, report
from xlsales.core.allocation import allocate
from xlsales.core.matrix import allocate_matrix


def rows() -> list[Result]:
    """Return the figures of splitting."""
    return [one_axis(), *two_axes()]


def one_axis(size: int = 1_000_000) -> Result:
    """A million weights: ours against iteround's largest remainder on ready shares."""
    from iteround import saferound

    weights = np.random.default_rng(1).random(size)
    total = 10**9
    shares = (weights * (total / weights.sum())).tolist()
    ours, peer = medians(lambda: allocate(total, weights), lambda: saferound(shares, 0))
    return Result(f"{size:,} weights", ours, "iteround", peer, bar=50)


def two_axes(days: int = 365) -> list[Result]:
    """Stores × days with both margins exact, fit included."""
    sizes = (126, 500, 1000, 2000)
    cases = [table_of(stores, days) for stores in sizes]
    seconds = medians(*(lambda case=case: allocate_matrix(*case) for case in cases))
    per_row = seconds[1] / sizes[1]
    return [
        Result(f"{stores:,} × {days} cells", spent, note=f"{spent / stores / per_row:.2f} of the cost per row at 500")
        for stores, spent in zip(sizes, seconds, strict=True)
    ]


def table_of(stores: int, days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row totals, column totals and weights that are not separable."""
    rng = np.random.default_rng(2)
    total = stores * days * 500
    return (
        allocate(total, rng.random(stores) + 0.1),
        allocate(total, rng.random(days) + 0.1),
        rng.random((stores, days)),
    )


if __name__ == "__main__":
    report(rows())
