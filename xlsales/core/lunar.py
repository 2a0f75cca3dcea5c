"""Spring Festival moves: how the days of one year pair with those of another.

The rule. Around 正月初一, from 20 days before to 22 days after, days pair by
their distance to it. The ordinary days before 15 March, outside this window,
pair in order. All days from 15 March on pair by date. So each day has one
partner, and pairing there and back gives the same day: the sum of a year does
not change if its days are re-dated. Only if one year has a leap day, one day
before 15 March shares the partner of its neighbour. Weekdays do not pair; the
weekday index covers them.

正月初一 falls on 21 January to 20 February: the window never leaves the year.
Dates of the feast come from `lunar_python` (MIT).
"""

from __future__ import annotations

import datetime as dt
import functools

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.periods import Days

BEFORE, AFTER = 20, 22
"""Days before and after 正月初一 that pair by their distance to it."""


def spring_festival(year: int) -> dt.date:
    """Return 正月初一 of a calendar year (1900-2199)."""
    return of_lunar_day(year, 1, 1)


@functools.cache
def of_lunar_day(year: int, month: int, day: int) -> dt.date:
    """Return the day of the sun's calendar that is a day of a month (no leap month) of a lunar year (1900-2199)."""
    from lunar_python import Lunar

    solar = Lunar.fromYmd(year, month, day).getSolar()
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


@functools.cache
def qingming(year: int) -> dt.date:
    """Return 清明 of a calendar year (1900-2199): 4, 5 or 6 April."""
    from lunar_python import Lunar

    solar = Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


class LunarDay(Struct, frozen=True):
    """A day of the lunar calendar: its year, which begins with 正月初一, its month 1 to 12, its day from 1.

    A `leap` month follows the month of its number. `text` is what people call the day: 正月初一, 闰六月初八.
    """

    year: int
    month: int
    day: int
    leap: bool
    text: str


@functools.lru_cache(maxsize=4096)
def lunar_day(day: dt.date) -> LunarDay:
    """Return a day (1900-2199) in the lunar calendar."""
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = lunar.getMonth()
    text = f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"
    return LunarDay(lunar.getYear(), abs(month), lunar.getDay(), month < 0, text)


def lunar_pair(days: Days, reference_year: int) -> Days:
    """Return for each day (any years, any order) its partner in `reference_year`.

    With the days of a past year and the plan's year, it re-dates history to the plan.
    """
    years = days.astype("datetime64[Y]")
    pairs = days.astype("datetime64[D]").copy()
    for year in np.unique(years):
        here = years == year
        of_year = (days[here] - year.astype("datetime64[D]")).astype(np.int64)
        number = int(year.astype(np.int64)) + 1970
        pairs[here] = np.datetime64(f"{reference_year:04d}", "D") + _partners(number, reference_year)[of_year]
    return pairs


@functools.lru_cache(maxsize=256)
def _partners(year: int, other: int) -> NDArray[np.int64]:
    """For each day of `year` (0 = 1 January) the day of `other` it pairs with."""
    feast, feast_other = _day_of_year(spring_festival(year)), _day_of_year(spring_festival(other))
    spring, spring_other = _day_of_year(dt.date(year, 3, 15)), _day_of_year(dt.date(other, 3, 15))
    partners = np.arange(_day_of_year(dt.date(year, 12, 31)) + 1) + spring_other - spring
    window = np.arange(-BEFORE, AFTER + 1)
    ordinary = np.setdiff1d(np.arange(spring), feast + window)
    ordinary_other = np.setdiff1d(np.arange(spring_other), feast_other + window)
    partners[feast + window] = feast_other + window
    partners[ordinary] = ordinary_other[np.minimum(np.arange(len(ordinary)), len(ordinary_other) - 1)]
    return partners


def _day_of_year(day: dt.date) -> int:
    """0 for 1 January."""
    return (day - dt.date(day.year, 1, 1)).days
