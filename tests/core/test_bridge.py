"""A gap by driver: exact in its unit, symmetric in the order of drivers, nothing from what has not changed."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import permutations
from math import prod

import numpy as np
import pytest

from xlsales.core.bridge import DRIVERS, DaysSold, Part, bridge, days_sold, sells_daily, unit_of

pytestmark = pytest.mark.unit

CENT = 10_000
AS_PLANNED = DaysSold(30, 30, Fraction(1))
DAYS, CALENDAR, MIX, RATE = (DRIVERS.index(name) for name in ("days", "calendar", "mix", "rate"))


def random_months(luck: random.Random, count: int) -> list[DaysSold]:
    """Months in which some days are lost and some others sell."""
    months = []
    for _ in range(count):
        targets = np.array([luck.choice([0, 0, luck.randrange(1, 100)]) for _ in range(30)])
        actuals = np.array([luck.choice([0, 1, 2]) for _ in range(30)])
        months.append(days_sold(targets, actuals, daily=True))
    return months


def random_parts(luck: random.Random, months: int, unit: int) -> list[Part]:
    """Up to thirty parts, in one case of five with returns that outweigh sales."""
    least = -1_000_000 if luck.random() < 0.2 else 0

    def amounts(low: int) -> list[int]:
        return [
            luck.choice([0, luck.randrange(low, 1_000_000), luck.randrange(low, 1_000_000)]) * unit for _ in months_
        ]

    months_ = range(months)
    return [Part(f"成员{n}", amounts(0), amounts(least)) for n in range(luck.choice([1, 2, 3, 7, 30]))]


@pytest.mark.parametrize("seed", range(60))
def test_drivers_add_up_to_the_gap_on_both_margins(seed: int) -> None:
    """Each part's drivers are its gap, all parts' drivers those of the whole, in whole units, whatever the seed."""
    luck = random.Random(seed)
    unit, count = luck.choice([1, CENT, 1_000_000_000]), luck.choice([1, 3, 12])
    months, parts = random_months(luck, count), random_parts(luck, count, unit)
    found = bridge(months, parts, unit)
    assert sum(found.whole) == sum(part.gap for part in parts)
    assert [sum(line) for line in found.parts] == [part.gap for part in parts]
    assert tuple(map(sum, zip(*found.parts, strict=True))) == found.whole
    assert found.whole[MIX] == 0
    assert all(amount % unit == 0 for line in (found.whole, *found.parts) for amount in line)


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_members_changes_nothing(seed: int) -> None:
    """Each member has the same drivers, wherever it stands."""
    luck = random.Random(1000 + seed)
    months, parts = random_months(luck, 3), random_parts(luck, 3, CENT)
    other = luck.sample(parts, len(parts))
    found, again = bridge(months, parts, CENT), bridge(months, other, CENT)
    assert dict(zip([p.name for p in parts], found.parts, strict=True)) == dict(
        zip([p.name for p in other], again.parts, strict=True)
    )
    assert found.whole == again.whole


def by_all_orders(days: DaysSold, part: Part, target: int, actual: int) -> list[Fraction]:
    """The Shapley values of a part, from all 24 orders in which the factors may change."""
    rate = Fraction(actual, target) / (days.days * days.calendar)
    before = [Fraction(1), Fraction(1), Fraction(part.target[0], target), Fraction(1)]
    after = [days.days, days.calendar, Fraction(part.actual[0], actual), rate]
    values = [Fraction(0)] * 4
    for order in permutations(range(4)):
        state = list(before)
        for j in order:
            old = prod(state)
            state[j] = after[j]
            values[j] += (prod(state) - old) * target
    return [value / 24 for value in values]


@pytest.mark.parametrize("seed", range(40))
def test_each_driver_is_its_mean_over_all_orders(seed: int) -> None:
    """Within two units of what trying all orders gives: one of its own rounding, one of the whole's."""
    luck = random.Random(2000 + seed)
    (days,) = random_months(luck, 1)
    parts = [
        Part(f"{n}", [luck.randrange(1, 10**8) * CENT], [luck.randrange(1, 10**8) * CENT])
        for n in range(luck.randint(1, 9))
    ]
    target, actual = sum(part.target[0] for part in parts), sum(part.actual[0] for part in parts)
    found = bridge([days], parts, CENT)
    for part, line in zip(parts, found.parts, strict=True):
        for value, amount in zip(by_all_orders(days, part, target, actual), line, strict=True):
            assert abs(value - amount) < 2 * CENT


def test_two_drivers_that_change_alike_have_the_same() -> None:
    """Symmetry: half of the days at twice the rate of a day is the same as the other way round."""
    half = DaysSold(30, 15, Fraction(1, 2))
    lost = bridge([half], [Part("全", [1000], [1000])], 1)  # days × ½, rate × 2
    assert lost.whole[DAYS] == -lost.whole[RATE] == -750
    strong = bridge([DaysSold(30, 15, Fraction(1, 4))], [Part("全", [1600], [400])], 1)  # days × ½, calendar × ½
    assert strong.whole[DAYS] == strong.whole[CALENDAR] == -600
    assert strong.whole[RATE] == 0


@pytest.mark.parametrize("seed", range(20))
def test_what_has_not_changed_has_no_part(seed: int) -> None:
    """Dummy: days as planned give 0 for days and calendar; shares as planned give 0 for the mix."""
    luck = random.Random(3000 + seed)
    parts = random_parts(luck, 1, CENT)
    for line in bridge([AS_PLANNED], parts, CENT).parts:
        assert (line[DAYS], line[CALENDAR]) == (0, 0)
    alike = [Part(part.name, part.target, [3 * part.target[0]]) for part in parts]
    for line in bridge(random_months(luck, 1), alike, CENT).parts:
        assert line[MIX] == 0


def test_a_member_without_anything_has_nothing() -> None:
    """No step of rounding goes to it."""
    parts = [Part("甲", [100], [71]), Part("空", [0], [0]), Part("乙", [7], [13])]
    assert bridge([DaysSold(7, 5, Fraction(2, 3))], parts, 1).parts[1] == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("target", "actual", "days", "driver"),
    [
        (0, 500, AS_PLANNED, RATE),  # no target
        (500, 0, DaysSold(30, 0, Fraction(0)), DAYS),  # nothing sold on any day
        (500, -20, DaysSold(30, 0, Fraction(0)), RATE),  # returns alone
        (500, 0, AS_PLANNED, RATE),  # sales and returns cancel
        (0, 0, DaysSold(0, 0, Fraction(1)), RATE),
    ],
)
def test_what_cannot_be_told_apart_is_one_driver(target: int, actual: int, days: DaysSold, driver: int) -> None:
    """It is exact all the same."""
    found = bridge([days], [Part("全", [target], [actual])], 1)
    assert found.whole[driver] == actual - target
    assert sum(map(abs, found.whole)) == abs(actual - target)


def test_members_that_cancel_each_other_have_no_mix() -> None:
    """Shares of 1100 % and of −1000 % are no shares: days and calendar go by targets."""
    days = DaysSold(30, 15, Fraction(1, 2))
    found = bridge([days], [Part("卖", [600], [1100]), Part("退", [400], [-1000])], 1)
    assert [line[MIX] for line in found.parts] == [0, 0]
    assert [line[DAYS] for line in found.parts] == [round(found.whole[DAYS] * share) for share in (0.6, 0.4)]


@pytest.mark.parametrize(
    ("targets", "actuals", "daily", "expected"),
    [
        ([1, 1, 2, 0], [5, 0, 5, 0], True, DaysSold(3, 2, Fraction(3, 4))),  # a weak day is lost
        ([1, 1, 2, 0], [5, 5, 0, 5], True, DaysSold(3, 3, Fraction(1, 2) + Fraction(1, 3))),  # a strong one moved
        ([1, 1, 2, 0], [0, 0, 20, 0], True, DaysSold(3, 3, Fraction(1))),  # a monthly sum
        ([1, 1, 2, 0], [0, 0, 0, 0], True, DaysSold(3, 0, Fraction(0))),  # closed
        ([1, 1, 2, 0], [5, 0, 5, -5], True, DaysSold(3, 2, Fraction(3, 4))),  # a day of returns sells nothing
        ([1, 1, 2, 0], [5, 0, 0, 0], False, DaysSold(3, 3, Fraction(1))),
        ([0, 0], [5, 5], True, DaysSold(0, 0, Fraction(1))),  # no target
        ([3], [5], True, DaysSold(1, 1, Fraction(1))),  # a month of one day
    ],
)
def test_selling_days(targets: list[int], actuals: list[int], daily: bool, expected: DaysSold) -> None:
    """The days of a month that sold, and what the curve expects of them."""
    assert days_sold(np.array(targets), np.array(actuals), daily=daily) == expected


def test_daily_sales_and_monthly_sums_are_told_apart() -> None:
    """Half of the planned days must have sold."""
    planned = np.array([1, 1, 1, 1, 0])
    assert sells_daily(planned, np.array([5, 5, 0, 0, 0]))
    assert not sells_daily(planned, np.array([5, 0, 0, 0, 9]))
    assert not sells_daily(np.array([0, 0]), np.array([1, 1]))


def test_the_unit_is_the_coarsest_of_which_all_are_whole_numbers() -> None:
    """The plan's step if actuals are so round, else a cent, else a micro-yuan."""
    step = 1000 * 1_000_000
    assert unit_of([Part("a", [2 * step], [step])], step, CENT) == step
    assert unit_of([Part("a", [2 * step], [step + CENT])], step, CENT) == CENT
    assert unit_of([Part("a", [2 * step], [step + 1])], step, CENT) == 1
