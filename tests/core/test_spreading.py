"""Spreading methods, by the names planners know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlsales.core.allocation import allocate
from xlsales.core.spreading import (
    NegativeWeight,
    NotEnough,
    NothingToFollow,
    PatternUnknown,
    TrendBelowZero,
    add,
    capacity,
    equal,
    equal_increment,
    growth,
    pattern,
    percent,
    populated_only,
    proportional,
    share_trend,
    straight_line,
    transfer,
    weighted_increment,
)

pytestmark = pytest.mark.unit

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@given(st.integers(1, 10**12), st.integers(1, 60), st.floats(-0.9, 2))
def test_growth_closes_on_the_total(total: int, n: int, rate: float) -> None:
    """Growth adds up to the total, before and after rounding, and each period grows by the rate."""
    curve = growth(total, n, rate)
    assert curve.sum() == pytest.approx(total)
    assert curve[1:] == pytest.approx(curve[:-1] * (1 + rate))
    assert allocate(total, curve).sum() == total


@given(st.integers(1, 10**12), st.integers(2, 60), st.floats(0, 2))
def test_a_straight_line_closes_on_the_total(total: int, n: int, part: float) -> None:
    """Given its first or last value, or its slope, the line adds up to the total and has even steps."""
    mean = total / n
    assume(part * mean <= 2 * mean)
    for line in (straight_line(total, n, first=part * mean), straight_line(total, n, last=part * mean)):
        assert line.sum() == pytest.approx(total)
        assert np.diff(line) == pytest.approx(np.full(n - 1, line[1] - line[0]), abs=mean * 1e-6)
        assert allocate(total, line).sum() == total
    assert straight_line(total, n, first=part * mean)[0] == pytest.approx(part * mean, abs=mean * 1e-6)
    assert straight_line(total, n, last=part * mean)[-1] == pytest.approx(part * mean, abs=mean * 1e-6)


def test_a_straight_line_by_slope() -> None:
    """1000 over four quarters, 100 more each: 100, 200, 300, 400."""
    assert straight_line(1000, 4, slope=100).tolist() == [100, 200, 300, 400]
    assert straight_line(1000, 4).tolist() == [250] * 4
    assert straight_line(1000, 1, first=5).tolist() == [1000]
    with pytest.raises(ValueError, match="one of"):
        straight_line(1000, 4, first=1, last=2)


def test_trends_below_zero_are_said() -> None:
    """A slope that leads below zero, or a fall by more than everything, is a fault."""
    with pytest.raises(TrendBelowZero, match="period 1"):
        straight_line(1000, 4, slope=200)
    with pytest.raises(TrendBelowZero):
        growth(1000, 4, -1.5)


def test_patterns() -> None:
    """4-4-5 over twelve months, 1-2-1 over four quarters, all on the first or the last."""
    assert pattern("4-4-5", 12).tolist() == [4, 4, 5] * 4
    assert pattern("1-2-1", 4).tolist() == [1, 2, 1, 1]
    assert pattern("first", 3).tolist() == [1, 0, 0]
    assert pattern("last", 3).tolist() == [0, 0, 1]
    for wrong in ("", "4-", "four", "-4"):
        with pytest.raises(PatternUnknown):
            pattern(wrong, 3)


def test_proportional_knows_blank_zero_and_negative() -> None:
    """Blank weighs nothing, all-zero is a fault that names the choices, a negative weight is named."""
    assert proportional([1, np.nan, 3]).tolist() == [1, 0, 3]
    with pytest.raises(NothingToFollow) as caught:
        proportional([0, np.nan])
    assert "均分" in caught.value.say("zh")
    with pytest.raises(NegativeWeight, match="Weight 2"):
        proportional([1, -1])


def test_populated_only_leaves_empty_parts_empty() -> None:
    """Only parts that hold something take a share."""
    assert populated_only([5, 0, np.nan, 7]).tolist() == [1, 0, 0, 1]


def test_share_trend_moves_the_base_month_as_last_year_moved() -> None:
    """November's categories: October this year, times how shares moved from October to November last year."""
    shares = share_trend([50, 30, 20], before=[40, 40, 20], after=[60, 20, 20])
    raw = np.array([0.5 * 1.5, 0.3 * 0.5, 0.2])
    assert shares == pytest.approx(raw / raw.sum())
    assert share_trend([50, 50], before=[10, 0], after=[10, 0]) == pytest.approx([0.5, 0.5])


@given(st.lists(st.tuples(*[st.integers(1, 10**6)] * 3), min_size=1, max_size=20))
def test_shares_of_a_trend_sum_to_one(rows: list[tuple[int, int, int]]) -> None:
    """Whatever the months, the shares are shares."""
    base, before, after = zip(*rows, strict=True)
    assert share_trend(base, before, after).sum() == pytest.approx(1)


def test_capacity_is_hands_times_ability() -> None:
    """Three newcomers at half strength carry less than two seniors."""
    assert capacity([3, 2], [0.5, 1.2]).tolist() == [1.5, 2.4]
    assert capacity([3, 2]).tolist() == [3, 2]
    assert equal(3).tolist() == [1, 1, 1]


def test_add_and_take_away() -> None:
    """Add to each, take from each; below zero is refused with the figures."""
    assert add([1, 2], 3).tolist() == [4, 5]
    assert add([4, 5], -3).tolist() == [1, 2]
    with pytest.raises(NotEnough, match="6 is to be taken away, but only 4"):
        add([4, 7], -6)
    assert add([], 1).tolist() == []


def test_percent_closes() -> None:
    """+10 % of 100 in three parts is 110, not three roundings; 0.1 is a tenth, not a binary neighbour."""
    assert percent([33, 33, 34], 0.1).sum() == 110
    assert percent([10**15], 0.1).tolist() == [11 * 10**14]
    assert percent([50, 50], -0.1).tolist() == [45, 45]
    assert percent([0, 0], 0.1).tolist() == [0, 0]


@given(amounts, st.integers(-(10**9), 10**9))
def test_increments_change_the_sum_by_exactly_that(parts: list[int], total: int) -> None:
    """Equal and weighted increments close to the step; nothing falls below zero."""
    for increment in (equal_increment, weighted_increment):
        if increment is weighted_increment:
            assume(sum(parts) > 0)
        try:
            after = increment(parts, total)
        except NotEnough:
            assert total < 0
            continue
        assert after.sum() == sum(parts) + total
        assert (after >= 0).all()


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=30), st.data())
def test_a_transfer_moves_and_nothing_else(parts: list[int], data: st.DataObject) -> None:
    """A → B: A has less, B more, the sum and the rest stay, the input is untouched."""
    amount = data.draw(st.integers(0, parts[0]))
    before = np.array(parts)
    after = transfer(before, 0, 1, amount)
    assert before.tolist() == parts
    assert (after - before).tolist() == [-amount, amount] + [0] * (len(parts) - 2)
    with pytest.raises(NotEnough):
        transfer(before, 0, 1, parts[0] + 1)
