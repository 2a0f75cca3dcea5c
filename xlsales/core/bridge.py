"""Why a period ended above or below its target: its gap by driver, for the whole and for each part of it.

The gap of a month is its actual less its target. The actual is the target times what has changed:

    actual of a part = target of all × days × calendar × rate × share of the part

days      The number of days that sold, of the number of days on which the plan's curve sells. Source: the days of the
          actuals, the days of the plan.
calendar  What the plan's curve expects of a day that sold, of what it expects of a planned day: above 1 if weak days
          were lost, or if sales moved to strong days. A day that sold although the curve gives it nothing counts as a
          planned day of the month does. Source: the plan's curve, with its holidays and weekdays.
rate      What the days brought of what the curve expects of them: the rest, without days and calendar.
share     The part's share of all: actual shares for target shares. Its driver is the mix, which only moves gap from
          one part to another: over all parts it is 0.

Each driver has its Shapley value: what it adds to the target on average, over all orders in which the four changes may
come. So the order of drivers does not matter, a driver that has not changed has 0, and all add up to the gap. A period
of several months has the sums of its months.

What cannot be told apart is left in the rate:

*   days and calendar, if the actuals of the month are a monthly sum, or if the plan's days do not sell daily
    (`sells_daily`);
*   the mix, if a month's parts cancel each other (returns of one, sales of another): then days and calendar go by the
    targets of the parts;
*   all of it, if target or actual of a month is not above 0. If nothing was sold on any day, all days are lost.

Drivers are whole units; those of the whole are rounded first, then those of the parts, so that both margins close: the
drivers of a part add up to its gap, those of all parts to that of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Steps
from xlsales.core.matrix import allocate_matrix
from xlsales.core.remainders import rounded

DRIVERS = ("days", "calendar", "mix", "rate")
"""The drivers in the order of the columns of a bridge."""
_DAYS, _CALENDAR, _MIX, _RATE = range(len(DRIVERS))
_ORDERS = factorial(len(DRIVERS))
_DAILY = Fraction(1, 2)
"""A plan sells daily if at least this part of its days sold."""
_MONTHLY_SUM = 2
"""So many days of a month at least must have sold if all of its sales are to be more than a monthly sum."""
_CANCEL = 2
"""Parts cancel each other if their amounts, without signs, are more than so many times their sum."""

Exact = list[Fraction]


class DaysSold(Struct, frozen=True):
    """The selling days of a month: as planned, as sold, and what the curve expects of these, of all it expects."""

    planned: int
    sold: int
    expected: Fraction

    @property
    def days(self) -> Fraction:
        """How many days sold, of those planned."""
        return Fraction(self.sold, self.planned) if self.planned else Fraction(1)

    @property
    def calendar(self) -> Fraction:
        """How strong a day that sold is, of a planned one; 1 if none sold."""
        return self.expected / self.days if self.sold and self.planned else Fraction(1)


class Part(Struct, frozen=True):
    """A member, or what nobody has: its targets and its actuals by month, in micro-yuan."""

    name: str
    target: Sequence[int]
    actual: Sequence[int]

    @property
    def gap(self) -> int:
        """What it is above its target, below zero if less."""
        return sum(self.actual) - sum(self.target)


class Bridge(Struct, frozen=True):
    """The drivers of the whole, and of each part in the order given (parts × drivers), in micro-yuan."""

    whole: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]


def sells_daily(targets: Steps, actuals: Steps) -> bool:
    """Return whether actuals come day by day: at least half of the days with a target sold something."""
    planned = targets > 0
    return bool(planned.any()) and Fraction(int((actuals[planned] > 0).sum()), int(planned.sum())) >= _DAILY


def days_sold(targets: Steps, actuals: Steps, *, daily: bool) -> DaysSold:
    """Return the selling days of a month, from its days' targets and actuals in any units.

    Without `daily`, or if the actuals are one sum for the month, the planned days count as sold.
    """
    planned, sold = targets > 0, actuals > 0
    count, total = int(planned.sum()), int(targets.sum())
    if not count or not daily or (sold.any() and sold.sum() < min(_MONTHLY_SUM, count)):
        return DaysSold(count, count, Fraction(1))
    besides = int((sold & ~planned).sum())
    expected = Fraction(int(targets[sold].sum()), total) + Fraction(besides, count)
    return DaysSold(count, int(sold.sum()), expected)


def bridge(months: Sequence[DaysSold], parts: Sequence[Part], unit: int) -> Bridge:
    """Return the drivers of the gap between the targets and the actuals of parts, each a whole number of `unit`.

    Targets and actuals are whole numbers of `unit` (`unit_of`). The order of the parts changes nothing.
    """
    order = sorted(range(len(parts)), key=lambda i: parts[i].name)
    lines = [parts[i] for i in order]
    whole: Exact = [Fraction(0)] * len(DRIVERS)
    cells = [list(whole) for _ in lines]
    for m, days in enumerate(months):
        target, actual = [part.target[m] for part in lines], [part.actual[m] for part in lines]
        of_all, of_parts = _month(days, target, actual)
        whole = [a + b for a, b in zip(whole, of_all, strict=True)]
        cells = [[a + b for a, b in zip(old, new, strict=True)] for old, new in zip(cells, of_parts, strict=True)]
    gap = sum(part.gap for part in lines) // unit
    of_whole = rounded(gap, [amount / unit for amount in whole])
    in_units = [[amount / unit for amount in line] for line in cells]
    closed = _closed(in_units, of_whole)
    by_part = dict(zip(order, closed, strict=True))
    return Bridge(
        tuple(amount * unit for amount in of_whole),
        tuple(tuple(amount * unit for amount in by_part[i]) for i in range(len(parts))),
    )


def unit_of(parts: Sequence[Part], *units: int) -> int:
    """Return the first of `units` of which all targets and actuals are whole numbers, else 1: all in micro-yuan."""
    amounts = [amount for part in parts for amount in (*part.target, *part.actual)]
    return next((unit for unit in units if not any(amount % unit for amount in amounts)), 1)


# --- one month, exactly -------------------------------------------------------------------


def _month(days: DaysSold, targets: Sequence[int], actuals: Sequence[int]) -> tuple[Exact, list[Exact]]:
    """Return the exact drivers of a month, of the whole and of each part."""
    target, actual = sum(targets), sum(actuals)
    gaps = [a - t for a, t in zip(actuals, targets, strict=True)]
    if target <= 0 or actual <= 0 or not days.sold:
        at = _DAYS if target > 0 and not days.sold and not any(actuals) else _RATE
        return _only(at, actual - target), [_only(at, gap) for gap in gaps]
    factors = {_DAYS: days.days, _CALENDAR: days.calendar}
    factors[_RATE] = Fraction(actual, target) / prod(factors.values())
    before = {j: _worth(j, factors, shares_first=False) for j in factors}  # the shares are those of the target
    after = {j: _worth(j, factors, shares_first=True) for j in factors}
    whole = [(before[j] + after[j]) * target if j in factors else Fraction(0) for j in range(len(DRIVERS))]
    if sum(map(abs, actuals)) > _CANCEL * actual:
        return whole, [_by_target(whole, Fraction(t, target), gap) for t, gap in zip(targets, gaps, strict=True)]
    to_actual = Fraction(target, actual)
    moved = sum((_weight(n) * prod(some) for n, some in _subsets(list(factors.values()))), Fraction(0))
    cells = []
    for t, a in zip(targets, actuals, strict=True):
        line = [before[j] * t + after[j] * a * to_actual if j in factors else Fraction(0) for j in range(len(DRIVERS))]
        line[_MIX] = moved * (a * to_actual - t)
        cells.append(line)
    return whole, cells


def _worth(driver: int, factors: dict[int, Fraction], *, shares_first: bool) -> Fraction:
    """What a factor adds to 1, weighted over the orders in which the shares change before it, or after it."""
    others = [factor for j, factor in factors.items() if j != driver]
    weights = ((_weight(n + shares_first), prod(some)) for n, some in _subsets(others))
    return sum((weight * product for weight, product in weights), Fraction(0)) * (factors[driver] - 1)


def _subsets(factors: Sequence[Fraction]) -> Iterator[tuple[int, tuple[Fraction, ...]]]:
    for n in range(len(factors) + 1):
        for some in combinations(factors, n):
            yield n, some


def _weight(before: int) -> Fraction:
    """The part of all orders in which a driver comes after just these others, of which there are so many."""
    return Fraction(factorial(before) * factorial(len(DRIVERS) - 1 - before), _ORDERS)


def _only(driver: int, amount: int) -> Exact:
    return [Fraction(amount if j == driver else 0) for j in range(len(DRIVERS))]


def _by_target(whole: Exact, share: Fraction, gap: int) -> Exact:
    """The drivers of a part if the mix cannot be told: days and calendar by its share of the target."""
    line = [amount * share for amount in whole]
    line[_RATE] = gap - line[_DAYS] - line[_CALENDAR]
    return line


# --- closing on both margins ------------------------------------------------------------------


def _closed(cells: list[Exact], whole: Sequence[int]) -> list[list[int]]:
    """Return cells rounded to whole units, rows still adding up to their sums and columns to `whole`.

    What the rounding of the whole has moved goes to all rows alike that have anything, then cells are rounded.
    """
    live = [i for i, line in enumerate(cells) if any(line)]
    if not live:
        return [[0] * len(whole) for _ in cells]
    off = [total - sum((line[j] for line in cells), Fraction(0)) for j, total in enumerate(whole)]
    for i in live:
        cells[i] = [amount + more / len(live) for amount, more in zip(cells[i], off, strict=True)]
    down = [[amount.numerator // amount.denominator for amount in line] for line in cells]
    parts = [[amount - low for amount, low in zip(*pair, strict=True)] for pair in zip(cells, down, strict=True)]
    rows = [int(sum(line, Fraction(0))) for line in parts]
    columns = [int(sum(column, Fraction(0))) for column in zip(*parts, strict=True)]
    if not any(rows):
        return down
    up = allocate_matrix(rows, columns, np.array(parts, dtype=np.float64)).tolist()
    return [[low + more for low, more in zip(*pair, strict=True)] for pair in zip(down, up, strict=True)]
