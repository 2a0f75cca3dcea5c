"""Working days, statutory holidays and make-up days by the notices of the State Council.

The notices of past years come from `chinesecalendar` (MIT). A year that it does
not have is *unannounced*: Monday to Friday count as provisional working days,
and only their yearly number is known. Where tasks are planned by the day, the
holidays that the law names are off already (`by_law`); make-up days are never
guessed. A pasted notice (`core/notices.py`) or the rows of the calendar sheet close that gap.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property

import chinese_calendar
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.faults import Bilingual, Fault
from xlsales.core.lunar import of_lunar_day, qingming, spring_festival
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule


class UnknownDayKind(Fault):
    """A calendar row of a kind that does not exist."""

    zh = "日历里 {day} 的类型“{kind}”不认识。请选节假日、调休上班或休息。"
    en = 'The calendar calls {day} "{kind}". Choose holiday, make-up working day or rest.'


class BadDayFactor(Fault):
    """A campaign factor that is not a number of zero or more."""

    zh = "日历里 {day} 的活动系数是 {factor}。请填零或正数。"
    en = "The calendar gives {day} the factor {factor}. Enter zero or more."


class DayKind(IntEnum):
    """What a day is for those who work by the notice."""

    WORKING = 0
    REST = 1
    HOLIDAY = 2
    """Off by the notice: the statutory days and the rest days bridged to them."""
    MAKE_UP = 3
    """A rest day that is worked by the notice."""


_RULE_KINDS = {"holiday": DayKind.HOLIDAY, "make_up": DayKind.MAKE_UP, "rest": DayKind.REST}


class WorkCalendar(Struct, frozen=True, dict=True):
    """The kind and the campaign factor of each day; build it by `work_calendar`.

    `kinds` holds DayKind values. `unannounced` are the years with provisional working days.
    """

    days: Days
    kinds: NDArray[np.int8]
    factors: Floats
    unannounced: tuple[int, ...]

    @cached_property
    def working(self) -> Mask:
        """Which days are worked on."""
        working: Mask = (self.kinds == DayKind.WORKING) | (self.kinds == DayKind.MAKE_UP)
        return working


def work_calendar(days: Days, rules: Sequence[DayRule] = (), *, by_law: bool = False) -> WorkCalendar:
    """Return the kind and factor of each of `days` (in order, any years).

    `by_law`: in a year that is not announced, the holidays of `holidays_by_law` are off too.
    Of several rules for a day the last kind counts; factors multiply. A year is no longer
    unannounced if the rules name as many holidays as the law grants.
    Raises UnknownDayKind or BadDayFactor.
    """
    holidays, make_ups, first, last = _announced()
    kinds = np.where(weekdays(days) < 5, DayKind.WORKING, DayKind.REST).astype(np.int8)
    kinds[_among(days, holidays)] = DayKind.HOLIDAY
    kinds[_among(days, make_ups)] = DayKind.MAKE_UP
    years = sorted(set((days.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()))
    unknown = [year for year in years if not first <= year <= last]
    if by_law and unknown:
        named = np.array([day for year in unknown for day in holidays_by_law(year)], dtype="datetime64[D]")
        kinds[_among(days, named)] = DayKind.HOLIDAY
    factors = np.ones(len(days))
    holidays_of: dict[int, set[dt.date]] = {}
    for rule in rules:
        if rule.kind and rule.kind not in _RULE_KINDS:
            raise UnknownDayKind(day=rule.day, kind=rule.kind)
        if not (math.isfinite(rule.factor) and rule.factor >= 0):
            raise BadDayFactor(day=rule.day, factor=rule.factor)
        if rule.kind == "holiday":
            holidays_of.setdefault(rule.day.year, set()).add(rule.day)
        here = days == np.datetime64(rule.day)
        factors[here] *= rule.factor
        if rule.kind:
            kinds[here] = _RULE_KINDS[rule.kind]
    unannounced = tuple(year for year in unknown if len(holidays_of.get(year, ())) < statutory_days(year))
    return WorkCalendar(days, kinds, factors, unannounced)


def statutory_days(year: int) -> int:
    """The number of statutory holidays a year: 13 since 2025, 11 since 2008, 10 before."""
    return 13 if year >= 2025 else 11 if year >= 2008 else 10


def holidays_by_law(year: int) -> list[dt.date]:
    """Return the statutory holidays of a calendar year (1900-2199) in order, by the law of that year.

    A feast of the moon on another one is a single day off here: the notice says which day is off instead.
    """
    spring = spring_festival(year)
    holidays = {dt.date(year, 1, 1), *(dt.date(year, 10, day) for day in (1, 2, 3))}
    holidays |= {dt.date(year, 5, day) for day in ((1, 2) if year >= 2025 else (1,) if year >= 2008 else (1, 2, 3))}
    holidays |= {spring + dt.timedelta(days) for days in _spring_days(year)}
    if year >= 2008:
        holidays |= {qingming(year), of_lunar_day(year, 5, 5), of_lunar_day(year, 8, 15)}
    return sorted(holidays)


def _spring_days(year: int) -> range:
    """The statutory days of 春节, counted from 正月初一: 除夕 is one of them in 2008 to 2013 and since 2025."""
    return range(-1, 3) if year >= 2025 else range(-1, 2) if 2008 <= year <= 2013 else range(3)


def yearly_working_days(year: int, rules: Sequence[DayRule] = ()) -> tuple[int, bool]:
    """Return a calendar year's working days and whether the number is provisional.

    For an unannounced year: Monday to Friday minus the statutory holidays, because a
    weekday is off for each holiday on a weekend.
    """
    days = np.arange(np.datetime64(f"{year:04d}", "D"), np.datetime64(f"{year + 1:04d}", "D"))
    calendar = work_calendar(days, rules)
    if calendar.unannounced:
        return int((weekdays(days) < 5).sum()) - statutory_days(year), True
    return int(calendar.working.sum()), False


def working_days(calendar: WorkCalendar, first: dt.date, last: dt.date, rules: Sequence[DayRule] = ()) -> int:
    """Return the working days from `first` to `last`, both inside, as far as `calendar` has them.

    Of a whole year that is not announced it is the number by law. Of other days in such a year it is provisional.
    """
    begin, stop = np.searchsorted(calendar.days, [np.datetime64(first), np.datetime64(last) + 1])
    count = int(calendar.working[begin:stop].sum())
    for year in calendar.unannounced:
        if whole_year(year, first, last):
            begin, stop = np.searchsorted(calendar.days, [np.datetime64(f"{n:04d}", "D") for n in (year, year + 1)])
            count += yearly_working_days(year, rules)[0] - int(calendar.working[begin:stop].sum())
    return count


def whole_year(year: int, first: dt.date, last: dt.date) -> bool:
    """Whether all days of a calendar year are from `first` to `last`."""
    return first <= dt.date(year, 1, 1) and dt.date(year, 12, 31) <= last


def feast_of(day: dt.date) -> Bilingual | None:
    """Return the feast whose notice makes a day a holiday or a make-up day; None for other days."""
    name = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    return None if name is None else Bilingual(chinese_calendar.Holiday(name).chinese, name)


def _among(days: Days, some: Days) -> Mask:
    """Which days are among some others, which are in order."""
    among: Mask = some[np.minimum(np.searchsorted(some, days), len(some) - 1)] == days
    return among


@functools.cache
def _announced() -> tuple[Days, Days, int, int]:
    """All holidays and make-up days that chinesecalendar has, its first and its last year."""
    holidays = np.array(sorted(chinese_calendar.holidays), dtype="datetime64[D]")
    make_ups = np.array(sorted(chinese_calendar.workdays), dtype="datetime64[D]")
    return holidays, make_ups, holidays[0].item().year, holidays[-1].item().year
