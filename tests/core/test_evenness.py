"""How evenly a plan is laid: rank correlation beside scipy's, spread, Gini, and who has the last units."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from xlsales.core.allocation import allocate
from xlsales.core.evenness import gini, high_to_low, last_units, rank_correlation
from xlsales.core.matrix import allocate_matrix

pytestmark = pytest.mark.unit
NAN = float("nan")


@pytest.mark.parametrize("n", [5, 7, 8, 20, 60])
@pytest.mark.parametrize("tied", [False, True])
def test_rank_correlation_is_that_of_scipy(n: int, tied: bool) -> None:
    """The value is Spearman's; chance is near that of Student's t for many, and exact for few."""
    rng = np.random.default_rng(n)
    left, right = rng.normal(size=n), rng.normal(size=n)
    if tied:
        right = np.round(right)
    found, expected = rank_correlation(left, right), stats.spearmanr(left, right)
    assert found is not None
    assert found.value == pytest.approx(expected.statistic)
    assert found.chance == pytest.approx(expected.pvalue, abs=0.05)


def test_chance_is_told_rarely_and_order_plays_no_part() -> None:
    """Of 400 pairs that have nothing to do with each other few are told; a real link always is."""
    rng = np.random.default_rng(0)
    told = 0
    for _ in range(400):
        found = rank_correlation(rng.normal(size=12), rng.normal(size=12))
        assert found is not None
        told += found.is_told
    assert told <= 10
    left = np.arange(20.0)
    right = left + rng.normal(0, 3, 20)
    order = rng.permutation(20)
    found, mixed = rank_correlation(left, right), rank_correlation(left[order], right[order])
    assert found is not None
    assert found.is_told
    assert found == mixed


@pytest.mark.parametrize("left", [[1, 1, 1, 1], [NAN, NAN, 3, 4], []], ids=["all the same", "too few", "none"])
def test_without_an_order_there_is_no_correlation(left: list[float]) -> None:
    """Growth that is the same for all goes by nothing."""
    assert rank_correlation(np.array(left, dtype=float), np.arange(float(len(left)))) is None


@pytest.mark.parametrize(
    ("values", "times", "coefficient"),
    [
        ([1.1] * 8, 1.0, 0.0),
        ([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, NAN], 2.0, 0.1333),
        ([0, 0, 0, 8], NAN, 0.75),
        ([NAN], NAN, NAN),
    ],
    ids=["the same for all", "two have double", "one has all", "nothing known"],
)
def test_spread_and_gini(values: list[float], times: float, coefficient: float) -> None:
    """Worked out by hand."""
    amounts = np.array(values, dtype=float)
    assert high_to_low(amounts) == pytest.approx(times, abs=0.001, nan_ok=True)
    assert gini(amounts) == pytest.approx(coefficient, abs=0.001, nan_ok=True)


def exact(n: int, months: int, seed: int) -> np.ndarray:  # type: ignore[type-arg]
    """Exact shares in steps, whose rows and columns add up to whole steps."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.lognormal(0, 0.5, n), np.full(months, 1.0)
    total = n * months * 20
    whole_rows, whole_columns = allocate(total, rows), allocate(total, columns)
    return np.asarray(np.outer(whole_rows, whole_columns) / total)


@pytest.mark.parametrize("seed", range(10))
def test_our_rounding_favours_nobody(seed: int) -> None:
    """Rounded with both margins exact, nobody always gets the last units."""
    shares = exact(9, 12, seed)
    rows, columns = shares.sum(axis=1).round().astype(int), shares.sum(axis=0).round().astype(int)
    units = last_units(allocate_matrix(rows, columns, shares), shares, np.zeros(9, dtype=bool))
    assert units is not None
    assert not units.always.any()
    assert not units.never.any()


def test_whoever_gets_the_rest_of_every_month_is_named() -> None:
    """As in sheets made by hand: all are rounded down, and the last row gets what is left."""
    shares = exact(9, 12, 3) + 0.4
    months = np.floor(shares).astype(np.int64)
    months[8] += np.round(shares.sum(axis=0)).astype(np.int64) - months.sum(axis=0)
    units = last_units(months, shares, np.zeros(9, dtype=bool))
    assert units is not None
    assert units.always.tolist() == [False] * 8 + [True]
    held = np.array([*[False] * 8, True])
    without = last_units(months, shares, held)
    assert without is not None
    assert not without.always.any()


def test_targets_that_are_no_roundings_say_nothing() -> None:
    """Changed by hand, or by locks: nobody can tell."""
    shares = exact(9, 12, 3)
    assert last_units((shares * 1.5).astype(np.int64), shares, np.zeros(9, dtype=bool)) is None
