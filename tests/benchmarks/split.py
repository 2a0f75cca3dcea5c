"""Splitting: one axis against `iteround`, two axes against the bar, and how the cost grows.

Run `python -m tests.benchmarks.split`.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.measure import SMALL, Result, growth, medians, report, times
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
    ours, peer = medians(lambda: allocate(total, weights), lambda: saferound(shares, 0), times=2 if SMALL else 5)
    return times(f"{size:,} weights", ours, "iteround", peer, at_least=150)


def two_axes(days: int = 365) -> list[Result]:
    """Stores × days with both margins exact, fit included."""
    sizes = (126, 500, 1000) if SMALL else (126, 500, 1000, 2000)
    cases = [table_of(stores, days) for stores in sizes]
    seconds = medians(*(lambda case=case: allocate_matrix(*case) for case in cases))
    figures = [Result(f"{stores:,} × {days} cells", spent) for stores, spent in zip(sizes, seconds, strict=True)]
    return [*figures, growth(f"growth: rows × {days} cells", sizes, seconds)]


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
