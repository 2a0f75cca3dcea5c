"""A year of daily sales as stores type them, and the slips of hands that are put into it.

Even seeds are for tuning the rule, odd ones for the figures that are printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.calendars import DayKind, work_calendar
from xlsales.core.doubts import Slip
from xlsales.core.level_jumps import TAXES
from xlsales.core.lunar import spring_festival
from xlsales.core.periods import Days, weekdays

Ints, Rng = NDArray[np.int64], np.random.Generator
YEAR = 2025
STEADY, EVEN, UNEVEN, ORDERS = "steady", "even", "uneven", "orders"
"""Luck of a day is 6 to 32 % of a store's own, 1 to 8 %, or 53 %; or a store has orders of very different sizes."""
_SWAPPED_LEAST = 0.8
_TOLD = 8.0
"""A jump is told if it is so many times what luck and drift make of so many days on each side."""
_FIRST_DAYS = 45
"""Days on each side of a jump by tax, and before the first slip."""


@dataclass
class Company:
    """Stores × days in full yuan and cents, NaN without a figure; `orders` are how many a figure sums, one if None.

    `spread` is how uneven each store is from day to day, `drift` how far its level wanders in a day (logarithms).
    """

    kind: str
    days: Days
    kinds: NDArray[np.int8]
    sums: Floats
    spread: Floats = field(default_factory=lambda: np.empty(0))
    drift: Floats = field(default_factory=lambda: np.empty(0))
    orders: NDArray[np.int64] | None = None

    @property
    def rows(self) -> NDArray[np.int64]:
        """How many rows of a table each figure is."""
        return (~np.isnan(self.sums)).astype(np.int64) if self.orders is None else self.orders

    @property
    def typed(self) -> Mask:
        """The figures that are one row each: all, unless there are orders."""
        return np.full(self.sums.shape, self.kind != ORDERS)


@dataclass(frozen=True)
class Planted:
    """A slip that was put in: of a store, from a day to another, the first figure as it was before."""

    kind: Slip
    name: str
    store: int
    first: int
    last: int
    meant: float


def company(seed: int, kind: str) -> Company:
    """Return a year of 1 to 30 stores.

    A day is weekday (of all and a store's own) × holiday × 春节 × month × campaigns of all and of a store × a drift of
    its own × luck. Some stores open within the year, are closed one weekday, over 春节 or for a renovation, and have
    days on which they shut at noon.
    """
    rng = np.random.default_rng([seed, (STEADY, UNEVEN, ORDERS, EVEN).index(kind)])
    days = np.arange(np.datetime64(f"{YEAR}-01-01"), np.datetime64(f"{YEAR + 1}-01-01"))
    calendar = work_calendar(days)
    n, m = len(days), int(rng.choice([1, 3, 6, 12, 30]))
    holiday = calendar.kinds == DayKind.HOLIDAY
    since = (days - np.datetime64(spring_festival(YEAR))).astype(np.int64)
    curve = rng.uniform(0.7, 1.4, 7)[weekdays(days)] * np.where(holiday, rng.uniform(0.8, 1.7), 1.0)
    curve *= np.where((since >= -20) & (since < 0), 1.4, np.where((since >= 0) & (since < 7), 0.5, 1.0))
    curve *= np.exp(rng.normal(0.0, 0.12, 12))[days.astype("datetime64[M]").astype(np.int64) % 12]
    for first in rng.integers(20, n - 20, 4):
        curve[first : first + 3] *= rng.uniform(1.3, 2.0)
    spread = np.full(m, 0.53)
    if kind in (STEADY, EVEN):
        spread = rng.uniform(0.06, 0.32, m) if kind == STEADY else rng.uniform(0.01, 0.08, m)
    own = np.exp(rng.normal(0.0, 0.1, (m, 7)))[:, weekdays(days)]
    wander = rng.choice([0.0, 0.002, 0.005], m)
    drift = np.cumsum(rng.normal(0.0, 1.0, (m, n)) * wander[:, None], axis=1)
    size = np.exp(rng.normal(8.5, 1.0, (m, 1)))
    expected = size * curve * own * np.exp(drift)
    for store in range(m):
        for first in rng.integers(10, n - 10, rng.integers(0, 4)):
            expected[store, first : first + rng.integers(1, 6)] *= rng.uniform(1.2, 2.2)
        for day in rng.integers(0, n, rng.integers(0, 3)):
            expected[store, day] *= rng.uniform(0.35, 0.7)
    if kind in (STEADY, EVEN):
        sums = expected * np.exp(rng.normal(0.0, 1.0, (m, n)) * spread[:, None])
    elif kind == UNEVEN:
        sums = expected * rng.gamma(4.0, 0.25, (m, n))
    else:
        counts = rng.poisson(rng.choice([0.5, 3.0, 20.0], (m, 1)), (m, n))
        sums = counts * np.exp(rng.normal(0.0, 1.0, (m, n))) * 300
        sums[counts == 0] = np.nan
    sums = np.round(sums, int(rng.choice([0, 0, 2])))
    sums[sums <= 0] = np.nan
    for store in range(m):
        if rng.random() < 0.15:
            sums[store, : rng.integers(40, 250)] = np.nan
        if rng.random() < 0.15:
            sums[store, weekdays(days) == rng.integers(0, 7)] = np.nan
        if rng.random() < 0.3:
            sums[store, (since >= -1) & (since < rng.integers(2, 7))] = np.nan
        if rng.random() < 0.05:
            first = int(rng.integers(30, n - 40))
            sums[store, first : first + 35] = np.nan
    orders = None if kind != ORDERS else np.where(np.isnan(sums), 0, counts)
    return Company(kind, days, calendar.kinds, sums, spread, wander, orders)


def plant(of: Company, seed: int) -> tuple[Company, list[Planted]]:
    """Put slips in: by turns each kind, at most three a store, none in the same month."""
    rng = np.random.default_rng([seed, 77])
    sums, planted = of.sums.copy(), []
    turn, month_of = int(rng.integers(0, 100)), of.days.astype("datetime64[M]").astype(np.int64) % 12
    for store in range(len(sums)):
        months = rng.permutation(np.arange(1, 12))[:3]
        for month in months.tolist():
            at = np.flatnonzero((month_of == month) & ~np.isnan(sums[store]))
            if len(at) < 15:
                continue
            turn += 1
            planted += list(_KINDS[turn % len(_KINDS)](sums, store, at, of, rng))
    return Company(of.kind, of.days, of.kinds, sums, of.spread, of.drift), planted


def plant_tax(of: Company, seed: int) -> tuple[Company, list[Planted]]:
    """Let a quarter of the stores type with tax from a day on, or without it: those even enough to be told."""
    rng = np.random.default_rng([seed, 78])
    sums, planted = of.sums.copy(), []
    for store in rng.permutation(len(sums))[: len(sums) // 3].tolist():
        at = np.flatnonzero(~np.isnan(sums[store]))
        factor = float(rng.choice(TAXES)) ** rng.choice([-1, 1])
        by_days = of.spread[store] ** 2 + 1.6 * float((of.spread**2).mean()) / len(sums)
        luck = np.sqrt(2 * by_days / _FIRST_DAYS + _FIRST_DAYS / 3 * of.drift[store] ** 2)
        if len(at) < 3 * _FIRST_DAYS or len(sums) < 6 or abs(np.log(factor)) < _TOLD * luck:
            continue
        first = int(rng.integers(_FIRST_DAYS, len(at) - _FIRST_DAYS))
        sums[store, at[first] :] = np.round(sums[store, at[first] :] * factor, 2)
        name = f"tax {max(factor, 1 / factor):.2f}"
        planted.append(Planted(Slip.TAX, name, store, int(at[first]), int(at[-1]), 0.0))
    return Company(of.kind, of.days, of.kinds, sums, of.spread, of.drift), planted


def _one(kind: Slip, name: str, sums: Floats, store: int, day: int, figure: float) -> Iterator[Planted]:
    before = float(sums[store, day])
    sums[store, day] = figure
    yield Planted(kind, name, store, day, day, before)


def _missing(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    like = [day for day in at.tolist() if of.kinds[day] != DayKind.HOLIDAY and of.kinds[day] != DayKind.MAKE_UP]
    yield from _one(Slip.MISSING, "left out", sums, store, int(rng.choice(like)), np.nan)


def _digit(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    day = int(rng.choice(at))
    text = str(int(sums[store, day]))
    if rng.random() < 0.5 and len(text) > 2:
        cut = int(rng.integers(1, len(text)))
        return _one(Slip.DROPPED, "digit dropped", sums, store, day, float(text[:cut] + text[cut + 1 :]))
    where = int(rng.integers(0, len(text)))
    twice, behind = text[: where + 1] + text[where:], text + str(rng.integers(0, 10))
    more = twice if rng.random() < 0.5 else behind
    return _one(Slip.ADDED, "digit added", sums, store, day, float(more))


def _swapped(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    """Two of the first digits, if the figure is then so far off that luck would not make it."""
    for day in rng.permutation(at).tolist():
        text = list(str(int(sums[store, day])))
        if len(text) < 3:
            continue
        i = int(rng.integers(0, 2))
        j = i + 1 if rng.random() < 0.7 else 2
        if i == j:
            continue
        text[i], text[j] = text[j], text[i]
        figure = float("".join(text))
        least = max(9 * of.spread[store], _SWAPPED_LEAST)
        if text[0] != "0" and abs(np.log(figure / sums[store, day])) > least:
            yield from _one(Slip.SWAPPED, "digits swapped", sums, store, day, figure)
            return


def _cumulative(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    first = int(rng.integers(4, len(at) - 6))
    last = first + int(rng.integers(3, 7))
    to_date = np.cumsum(sums[store, at])
    meant = float(sums[store, at[first]])
    sums[store, at[first : last + 1]] = to_date[first : last + 1]
    yield Planted(Slip.CUMULATIVE, "cumulative", store, int(at[first]), int(at[min(last, len(at) - 1)]), meant)


def _total_at_end(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    yield from _one(Slip.CUMULATIVE, "month's sum", sums, store, int(at[-1]), float(sums[store, at].sum()))


def _unit(sums: Floats, store: int, at: Ints, of: Company, rng: Rng) -> Iterator[Planted]:
    factor = float(rng.choice([1e4, 1e-4, 100, 1000]))
    first = int(rng.integers(0, len(at) - 5))
    several = at[first : first + int(rng.choice([1, 1, 5]))]
    meant = float(sums[store, several[0]])
    sums[store, several] = sums[store, several] * factor
    yield Planted(Slip.UNIT, f"× {factor:g}", store, int(several[0]), int(several[-1]), meant)


_KINDS = (_missing, _digit, _digit, _swapped, _cumulative, _total_at_end, _unit)
