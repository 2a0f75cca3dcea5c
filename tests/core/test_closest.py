from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask
from xlsales.core.closest import closest
from xlsales.core.matrix import allocate_matrix, fit

pytestmark = pytest.mark.unit

_NOISE = 2e-6  # steps: costs are whole numbers of 2**-24, and a cell that stays is preferred by eight of them


def distance(part: Floats, up: Mask) -> float:
    return float(np.abs(part - up)[part > 0].sum())


def gain_left(part: Floats, up: Mask) -> float:
    """By how much the best cycle of exchanges still lowers the sum of distances; 0 if none does.

    A row lowers a cell of column a and raises one of column b. A rounding is a closest one if and only if no cycle
    of such exchanges gains (Floyd and Warshall find it). An exchange that gains less than the noise does not count.
    """
    lower = np.where(up, 2 * part - 1, np.inf)
    rise = np.where(~up & (part > 0), 1 - 2 * part, np.inf)
    ways = (lower[:, :, None] + rise[:, None, :]).min(axis=0) + _NOISE
    for middle in range(len(ways)):
        ways = np.minimum(ways, ways[:, [middle]] + ways[[middle], :])
    return float(-np.minimum(ways.diagonal(), 0.0).min(initial=0.0))


FEW = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1 / 3, 0.9])
ANY = st.floats(0.01, 0.99)


@st.composite
def roundings(
    draw: st.DrawFn, most: int = 8, values: tuple[st.SearchStrategy[float], ...] = (FEW, ANY)
) -> tuple[Floats, Mask]:
    """Parts of cells, often equal or whole, and any rounding of them."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    value = draw(st.sampled_from(values))
    part = np.array(draw(st.lists(value, min_size=n * m, max_size=n * m))).reshape(n, m)
    coins = np.array(draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))).reshape(n, m)
    return part, coins & (part > 0)


@given(roundings())
def test_no_exchange_of_steps_comes_closer(case: tuple[Floats, Mask]) -> None:
    """Rows and columns keep their number of cells, whole cells stay, and no cycle of exchanges gains."""
    part, up = case
    chosen = closest(part, up)
    assert (chosen.sum(axis=1) == up.sum(axis=1)).all()
    assert (chosen.sum(axis=0) == up.sum(axis=0)).all()
    assert not chosen[part == 0].any()
    assert gain_left(part, chosen) == 0
    assert (closest(part, chosen) == chosen).all()


@given(roundings(most=4))
def test_all_roundings_of_a_small_table_are_no_closer(case: tuple[Floats, Mask]) -> None:
    """Every rounding with the same sums is tried."""
    part, up = case
    lines = [
        [set(cells) for cells in combinations(np.flatnonzero(row > 0).tolist(), int(count))]
        for row, count in zip(part, up.sum(axis=1), strict=True)
    ]
    every = (np.array([[j in cells for j in range(up.shape[1])] for cells in rows]) for rows in product(*lines))
    least = min(distance(part, one) for one in every if (one.sum(axis=0) == up.sum(axis=0)).all())
    assert distance(part, closest(part, up)) == pytest.approx(least, abs=_NOISE)


@given(roundings(values=(FEW,)))
def test_a_rounding_that_is_a_closest_one_stays(case: tuple[Floats, Mask]) -> None:
    """Of equally close roundings the given one is kept: with equal weights, steps stay spread as they were."""
    part, up = case
    if gain_left(part, up) == 0:
        assert (closest(part, up) == up).all()


KINDS = {
    "uneven": lambda rng, n, m: rng.random((n, m)) + 0.05,
    "separable": lambda rng, n, m: np.outer(rng.random(n) + 0.1, rng.random(m) + 0.1),
    "three weights": lambda rng, n, m: rng.choice([1.0, 2.0, 3.0], (n, m)),
    "equal rows": lambda rng, n, m: np.ones((n, 1)) * (rng.random(m) + 0.1),
    "orders of magnitude": lambda rng, n, m: rng.lognormal(0, 2, (n, m)),
    "half without weight": lambda rng, n, m: (rng.random((n, m)) + 0.05) * (rng.random((n, m)) < 0.5) + np.eye(n, m),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(12, 12), (60, 40), (300, 12), (5, 90)])
def test_tables_of_plans_are_rounded_closest(kind: str, size: tuple[int, int]) -> None:
    """Fitted tables, whatever their weights: margins close, and no cycle of exchanges gains."""
    rng = np.random.default_rng(7)
    weights = KINDS[kind](rng, *size)
    shares = weights * (size[0] * size[1] * 50 + 7) / weights.sum()
    rows = allocate(round(shares.sum()), shares.sum(axis=1))
    cols = allocate(round(shares.sum()), shares.sum(axis=0))
    fitted, fits = fit(rows, cols, weights)
    assert fits
    cells = allocate_matrix(rows, cols, weights)
    assert (cells.sum(axis=1) == rows).all()
    assert (cells.sum(axis=0) == cols).all()
    low = np.floor(fitted + 1e-6)
    part = np.where(fitted - low > 1e-6, fitted - low, 0.0)
    assert gain_left(part, cells > low) == 0


def test_a_large_table_of_few_weights_closes_in_bounded_work() -> None:
    """Ten thousands of equal exchanges are not searched to the end; the rounding closes and is no worse than given."""
    rng = np.random.default_rng(1)
    part = rng.choice([0.25, 0.5, 0.75], (500, 365))
    up = part > 0.5
    shuffled = np.array([np.roll(row, shift) for shift, row in enumerate(up)])
    chosen = closest(part, shuffled)
    assert (chosen.sum(axis=1) == shuffled.sum(axis=1)).all()
    assert (chosen.sum(axis=0) == shuffled.sum(axis=0)).all()
    assert distance(part, chosen) <= distance(part, shuffled)


def test_a_worked_example() -> None:
    """Two by two: 0.6 and 0.4 crosswise are rounded up on the diagonal of 0.6, whatever was given."""
    part = np.array([[0.6, 0.4], [0.4, 0.6]])
    up = np.array([[False, True], [True, False]])
    assert closest(part, up).tolist() == [[True, False], [False, True]]
