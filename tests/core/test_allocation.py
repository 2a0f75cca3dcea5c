from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.allocation import (
    GREATEST_TOTAL,
    AllWeightsZero,
    BadWeight,
    CrossedBounds,
    LockedAboveTotal,
    LockedBelowTotal,
    LockOutsideBounds,
    LowerAboveTotal,
    NoParts,
    NotAnAmount,
    NotWholeSteps,
    UpperBelowTotal,
    allocate,
)
from xlsales.core.faults import Fault

pytestmark = pytest.mark.unit

totals = st.integers(0, 10**9)
small_weights = st.lists(st.integers(0, 999), min_size=1, max_size=40).filter(any)
any_weights = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-6, 1e9), st.floats(1e-300, 1e300)), min_size=1, max_size=40
).filter(any)


def exact_shares(total: int, weights: list[float]) -> list[Fraction]:
    sum_ = sum(map(Fraction, weights))
    return [Fraction(w) * total / sum_ for w in weights]


def hamilton(total: int, weights: list[float]) -> list[int]:
    """The rule, slowly: round down, then one step each by remainder, later positions first."""
    shares = exact_shares(total, weights)
    parts = [math.floor(s) for s in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (shares[i] - parts[i], i), reverse=True)
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def water_filled(total: int, weights: list[float], low: list[int], high: list[int]) -> list[Fraction]:
    """The shares inside bounds, slowly: the one level at which clipped shares add up to the total."""

    def clipped(level: Fraction) -> list[Fraction]:
        return [
            min(max(level * Fraction(w), Fraction(a)), Fraction(b)) for w, a, b in zip(weights, low, high, strict=True)
        ]

    levels = sorted({Fraction(b) / Fraction(w) for w, *ab in zip(weights, low, high, strict=True) if w for b in ab})
    below, above = Fraction(0), levels[-1]
    for level in levels:
        if sum(clipped(level)) >= total:
            above = level
            break
        below = level
    least, most = sum(clipped(below)), sum(clipped(above))
    level = below if most == least else below + (above - below) * (total - least) / (most - least)
    return clipped(level)


def test_a_month_is_a_twelfth_and_the_quarter_closes() -> None:
    """250万 a quarter is 83.33, 83.33 and 83.34 a month."""
    assert allocate(25_000, [1, 1, 1]).tolist() == [8333, 8333, 8334]
    assert allocate(1000, [1, 1, 1]).tolist() == [333, 333, 334]


@pytest.mark.parametrize("weights", [[150, 200, 300, 250, 100], [15, 20, 30, 25, 10], [0.15, 0.2, 0.3, 0.25, 0.1]])
def test_regions_of_the_seed(weights: list[float]) -> None:
    """Regions 150, 200, 300, 250 and 100 of 1000 come out as they were typed."""
    assert allocate(1000, weights).tolist() == [150, 200, 300, 250, 100]


def test_quarters_of_the_stationery_shop() -> None:
    """100万 in quarters of 25, 30, 30 and 15 percent."""
    assert allocate(100, [25, 30, 30, 15]).tolist() == [25, 30, 30, 15]


def test_the_weekday_sales_of_the_slides_give_their_shares() -> None:
    """Weekday sales of 87000 give 11.1 … 19.1 percent, closing on 100.0."""
    sales = [9654, 9687, 11654, 10625, 11687, 17110, 16583]
    assert allocate(1000, sales).tolist() == [111, 111, 134, 122, 134, 197, 191]


@given(totals, small_weights)
def test_largest_remainder_as_the_slow_rule_has_it(total: int, weights: list[int]) -> None:
    """Parts are those of the plain largest-remainder rule, in exact fractions."""
    total %= 10**6
    assert allocate(total, weights).tolist() == hamilton(total, weights)


@pytest.mark.parametrize(
    "weight",
    [
        lambda i: i * 7919 % 99_991 + 1,
        lambda i: 1,
        lambda i: 5 if i % 9 == 0 else 4,
        lambda i: 100_000 + i if i % 8 == 0 else i % 8,
        lambda i: i + 1,
    ],
    ids=["as by chance", "all equal", "two kinds", "every eighth is unlike the rest", "growing"],
)
@pytest.mark.parametrize("total", [1, 100_003, 10**9 + 7])
def test_many_weights_as_the_slow_rule_has_them(total: int, weight: Callable[[int], int]) -> None:
    """Of many weights a sample leads to the last step: the parts are the same, in whatever order the weights are."""
    weights = [weight(i) for i in range(140_000)]
    shares = [divmod(weight * total, sum_) for sum_ in [sum(weights)] for weight in weights]
    parts = [whole for whole, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i][1], i), reverse=True)
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    assert allocate(total, weights).tolist() == parts


@given(st.integers(0, GREATEST_TOTAL), any_weights)
def test_parts_close_within_one_step(total: int, weights: list[float]) -> None:
    """Parts add up to any total up to 2**53, each within one step of its share; zero gets zero."""
    parts = allocate(total, weights).tolist()
    assert sum(parts) == total
    for part, share, weight in zip(parts, exact_shares(total, weights), weights, strict=True):
        assert abs(part - share) < 1 + Fraction(1, 10**9)
        assert part == 0 or weight > 0


@given(totals, small_weights, st.integers(-300, 300))
def test_a_power_of_two_changes_nothing(total: int, weights: list[int], power: int) -> None:
    """Weights may be scaled by any power of two."""
    assert allocate(total, [w * 2.0**power for w in weights]).tolist() == allocate(total, weights).tolist()


@given(st.integers(0, 10**6), small_weights, st.sampled_from([0.01, 1 / 3, 1e-7, 0.7, 1e100, 12345.678]))
def test_any_factor_changes_nothing(total: int, weights: list[int], factor: float) -> None:
    """Weights may be percentages, fractions or amounts: ties stay ties."""
    assert allocate(total, [w * factor for w in weights]).tolist() == allocate(total, weights).tolist()


@given(totals, st.lists(st.integers(1, 10**6), min_size=1, max_size=20, unique=True), st.randoms())
def test_order_matters_only_among_equals(total: int, weights: list[int], random: object) -> None:
    """Parts follow their weights when the rows are sorted another way, unless remainders are equal."""
    shares = exact_shares(total, weights)
    if len({s - math.floor(s) for s in shares}) < len(shares):
        return
    order = list(range(len(weights)))
    random.shuffle(order)  # type: ignore[attr-defined]
    parts = allocate(total, weights)
    assert allocate(total, [weights[i] for i in order]).tolist() == parts[order].tolist()


@given(totals, any_weights)
def test_a_second_run_gives_the_same_cells(total: int, weights: list[float]) -> None:
    """The same input gives the same parts, also as a list, an array or a table."""
    parts = allocate(total, weights)
    assert (allocate(np.int64(total), np.array([weights]))[0] == parts).all()
    assert parts.dtype == np.int64


@st.composite
def bounded(draw: st.DrawFn) -> tuple[int, list[float], list[int | None], list[int], list[int]]:
    """A total, weights, locks and bounds that can close."""
    size = draw(st.integers(1, 15))
    lists = {"min_size": size, "max_size": size}
    weights = draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, 10.0, 0.1, 1e-3, 1e5]), **lists))
    low = draw(st.lists(st.sampled_from([0, 0, 0, 3, 50]), **lists))
    high = [a + b for a, b in zip(low, draw(st.lists(st.sampled_from([0, 1, 7, 100, 10**6]), **lists)), strict=True)]
    locks: list[int | None] = [
        draw(st.integers(a, b)) if draw(st.integers(0, 3)) == 0 else None for a, b in zip(low, high, strict=True)
    ]
    fixed = [a if lock is None else lock for a, lock in zip(low, locks, strict=True)]
    room = sum(b - a for w, a, b, k in zip(weights, low, high, locks, strict=True) if k is None and w > 0)
    total = sum(fixed) + draw(st.one_of(st.integers(0, room), st.integers(0, min(room, 200))))
    return total, weights, locks, low, high


@given(bounded())
def test_locks_and_bounds_are_kept(
    case: tuple[int, list[float], list[int | None], list[int], list[int]],
) -> None:
    """Locks stand, bounds hold, the parts close, and each is within one step of its share inside the bounds."""
    total, weights, locks, low, high = case
    parts = allocate(total, weights, locked=locks, lower=low, upper=high).tolist()
    assert sum(parts) == total
    free = [i for i, lock in enumerate(locks) if lock is None and weights[i] > 0]
    for i, part in enumerate(parts):
        assert low[i] <= part <= high[i]
        if locks[i] is not None:
            assert part == locks[i]
        elif weights[i] == 0:
            assert part == low[i]
    if free:
        rest = sum(parts[i] for i in free)
        shares = water_filled(rest, [weights[i] for i in free], [low[i] for i in free], [high[i] for i in free])
        assert all(abs(parts[i] - share) < 1 for i, share in zip(free, shares, strict=True))


@given(totals, small_weights, st.data())
def test_a_lock_moves_only_its_siblings(total: int, weights: list[int], data: st.DataObject) -> None:
    """What a lock leaves is shared by the weights of the others."""
    position = data.draw(st.integers(0, len(weights) - 1))
    locked: list[int | None] = [None] * len(weights)
    locked[position] = data.draw(st.integers(0, total))
    others = weights[:position] + weights[position + 1 :]
    if not any(others):
        return
    parts = allocate(total, weights, locked=locked).tolist()
    assert parts.pop(position) == locked[position]
    assert parts == allocate(total - (locked[position] or 0), others).tolist()


def test_blank_locks_come_in_many_forms() -> None:
    """None, NaN and a mask all mean that a part is free."""
    expected = [10, 45, 45]
    assert allocate(100, [0, 1, 1], locked=[10, None, None]).tolist() == expected
    assert allocate(100, [0, 1, 1], locked=np.array([10, np.nan, np.nan])).tolist() == expected
    assert allocate(100, [0, 1, 1], locked=np.ma.array([10, 7, 7], mask=[0, 1, 1])).tolist() == expected
    assert allocate(100, [1, 1], upper=[math.inf, 30]).tolist() == [70, 30]


def test_nothing_to_share_is_zero() -> None:
    """A total of zero gives zeros, whatever the weights."""
    assert allocate(0, [0, 0]).tolist() == [0, 0]
    assert allocate(0, []).tolist() == []


def test_locks_above_the_total_name_the_smallest_release() -> None:
    """Locked 105 of 100: releasing 45 is enough, and it is one lock."""
    with pytest.raises(LockedAboveTotal) as caught:
        allocate(100, [1, 1, 1], locked=[60, 45, None])
    assert caught.value.facts["positions"] == (1,)
    assert caught.value.facts["steps"] == (45,)
    assert caught.value.say("zh").startswith("锁定合计 105 > 总目标 100,差 5。请放开 第 2 项 45")
    spoken = caught.value.named(["东北", "华北", "华东"]).say("zh", lambda s: f"{s}.00")
    assert spoken == "锁定合计 105.00 > 总目标 100.00,差 5.00。请放开 华北 45.00,或提高总目标。"


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(0, 399))
def test_the_release_is_enough_and_no_fewer_would_do(locks: list[int], total: int) -> None:
    """Releasing the named locks covers the excess; no smaller number of locks would."""
    excess = sum(locks) - total
    if excess <= 0:
        return
    with pytest.raises(LockedAboveTotal) as caught:
        allocate(total, [1] * len(locks), locked=locks)
    released = caught.value.facts["steps"]
    assert [locks[p] for p in caught.value.facts["positions"]] == list(released)
    assert sum(released) >= excess
    assert sum(sorted(locks, reverse=True)[: len(released) - 1]) < excess


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        (NotAnAmount, {"total": -1, "weights": [1]}),
        (NotAnAmount, {"total": 1.5, "weights": [1]}),
        (NotAnAmount, {"total": True, "weights": [1]}),
        (NotAnAmount, {"total": np.bool_(True), "weights": [1]}),
        (NotAnAmount, {"total": math.nan, "weights": [1]}),
        (NotAnAmount, {"total": math.inf, "weights": [1]}),
        (NotAnAmount, {"total": "7", "weights": [1]}),
        (NotAnAmount, {"total": 2**53 + 1, "weights": [1]}),
        (NoParts, {"total": 1, "weights": []}),
        (AllWeightsZero, {"total": 1, "weights": [0, 0]}),
        (AllWeightsZero, {"total": 9, "weights": [0, 0, 1], "locked": [None, None, 5]}),
        (AllWeightsZero, {"total": 9, "weights": [0, 0], "lower": [1, 1]}),
        (BadWeight, {"total": 1, "weights": [1, -1]}),
        (BadWeight, {"total": 1, "weights": [1, math.nan]}),
        (BadWeight, {"total": 1, "weights": [1, math.inf]}),
        (BadWeight, {"total": 1, "weights": [1, None]}),
        (NotWholeSteps, {"total": 1, "weights": [1, 1], "locked": [None, 0.5]}),
        (NotWholeSteps, {"total": 1, "weights": [1, 1], "locked": [None, -1]}),
        (NotWholeSteps, {"total": 1, "weights": [1, 1], "locked": [None, math.inf]}),
        (NotWholeSteps, {"total": 1, "weights": [1, 1], "lower": [None, 0.5]}),
        (NotWholeSteps, {"total": 1, "weights": [1, 1], "upper": [-2, None]}),
        (LockedAboveTotal, {"total": 4, "weights": [1, 1], "locked": [5, None]}),
        (LockedBelowTotal, {"total": 9, "weights": [1, 1], "locked": [5, 3]}),
        (LowerAboveTotal, {"total": 9, "weights": [1, 1], "lower": [5, 5]}),
        (LowerAboveTotal, {"total": 9, "weights": [1, 1], "lower": [5, 5], "locked": [5, None]}),
        (UpperBelowTotal, {"total": 9, "weights": [1, 1], "upper": [4, 4]}),
        (UpperBelowTotal, {"total": 9, "weights": [1, 1, 0], "upper": [4, 4, 9]}),
        (CrossedBounds, {"total": 9, "weights": [1, 1], "lower": [5, None], "upper": [4, None]}),
        (LockOutsideBounds, {"total": 9, "weights": [1, 1], "locked": [5, None], "upper": [4, None]}),
    ],
)
def test_what_cannot_be_done_is_explained(fault: type[Fault], arguments: dict[str, object]) -> None:
    """Each impossible request has its own fault, which can be said in both languages."""
    with pytest.raises(fault) as caught:
        allocate(**arguments)  # type: ignore[arg-type]
    assert type(caught.value) is fault
    for sentence in (caught.value.say("zh"), caught.value.say("en")):
        assert sentence
        assert "{" not in sentence


def test_bad_weights_are_named() -> None:
    """A bad weight is named by position, or by its member."""
    with pytest.raises(BadWeight) as caught:
        allocate(10, [1, -2.5, math.nan])
    assert caught.value.say("en").startswith("part 2 -2.5, part 3 nan:")
    assert caught.value.named(["a", "b", "c"]).say("en").startswith("b -2.5, c nan:")


def test_all_zero_weights_name_the_choices() -> None:
    """All-zero weights are never silently equal: the sentence names what may be chosen."""
    with pytest.raises(AllWeightsZero, match=r"equal.*reference.*lock"):
        allocate(10, [0, 0])


def test_everything_locked_carries_the_residual() -> None:
    """When all is locked the fault tells what is left over."""
    with pytest.raises(LockedBelowTotal) as caught:
        allocate(100, [1, 1], locked=[60, 30])
    assert caught.value.facts["residual"] == 10


def test_shapes_must_agree() -> None:
    """Locks of another shape are a programmer's error, not a person's."""
    with pytest.raises(ValueError, match="shape"):
        allocate(1, [1, 1], locked=[None])
