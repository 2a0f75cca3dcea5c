"""What actions bring to a gap: the rule by examples, and its law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.actions import ActionStatus, cover, gap_of, sums_upwards, to_come

pytestmark = pytest.mark.unit
NAN = math.nan


@pytest.mark.parametrize(
    ("expected", "reached", "status", "coming"),
    [
        (6, None, "open", 6),
        (6, 2, "running", 4),
        (6, 8, "running", 0),
        (6, 2, "done", 0),
        (6, None, "cancelled", 0),
        (0, None, "open", 0),
    ],
)
def test_what_is_still_to_come(expected: float, reached: float | None, status: str, coming: float) -> None:
    """Done is among the actuals already, cancelled does not count, and nothing is below 0."""
    assert to_come(expected, reached, ActionStatus(status)) == coming


@pytest.mark.parametrize(
    ("gap", "coming", "share", "left"),
    [
        (10.8, 9, 9 / 10.8, 1.8),  # the seed: 6 + 3 against 10.8 are 83 %
        (10.8, 12, 12 / 10.8, 0),
        (10.8, 0, 0, 10.8),
        (0, 3, NAN, 0),
        (NAN, 3, NAN, NAN),
    ],
)
def test_what_covers_a_gap(gap: float, coming: float, share: float, left: float) -> None:
    """No gap has no cover, an unknown one leaves all unknown."""
    assert cover(gap, coming) == pytest.approx((share, left), nan_ok=True)


def test_a_gap_is_what_the_forecast_lacks() -> None:
    """Of the target; a forecast above it leaves none, no forecast leaves it unknown."""
    assert [gap_of(120, 109.2), gap_of(120, 130)] == [10.8, 0]
    assert math.isnan(gap_of(120, NAN))


@given(st.data())
def test_an_action_counts_once_for_all_above_it(data: st.DataObject) -> None:
    """What the members of the first level have is what all actions bring; a parent has its own and its members'."""
    size = data.draw(st.integers(1, 12))
    parents = [data.draw(st.integers(-1, i - 1)) for i in range(size)]
    amounts = data.draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, 10**9)), max_size=20))
    sums = sums_upwards(parents, amounts)
    own = np.zeros(size)
    for position, amount in amounts:
        own[position] += amount
    assert sum(sums[i] for i in range(size) if parents[i] < 0) == sum(amount for _, amount in amounts)
    for i in range(size):
        assert sums[i] == own[i] + sum(sums[j] for j in range(size) if parents[j] == i)
