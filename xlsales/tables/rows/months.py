"""Dates that mean whole months or quarters: Excel makes 2026-01-01 of a typed 2026年1月.

A monthly figure is known when its month is over. It is dated at the month's end, as the text 2026年1月 is.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.periods import month_of
from xlsales.core.plan import MonthPattern
from xlsales.tables.cells.dates import DateBounds
from xlsales.tables.words.header_words import MONTH_TIER, normal, tier_of

Days = NDArray[np.datetime64]
MONTHS_OF_DATES = 3
"""So many different months, not far apart, each by its first day alone, are monthly figures under any header."""
QUARTERS = 3
"""So many quarters, each by its first day alone, are figures of quarters."""
_QUARTERLY = frozenset({"季度", "季", "统计季度", "quarter"})


class MonthsOfWeeks(Fault):
    """Figures of months, in a plan with months of whole weeks: they count in the fiscal month of that number."""

    remark = True
    zh = "按月的金额计入同一序号的财月:{month} 计入 {first} 至 {last}。"
    en = "Figures of months count in the fiscal month of that number: {month} in {first} to {last}."


def months_of_weeks(days: Days, span: DateBounds, label: str) -> list[Problem]:
    """Return a remark if all days are ends of fiscal months of whole weeks, as figures of months are dated."""
    if span.fiscal.pattern is MonthPattern.NATURAL or not days.size:
        return []
    different: list[dt.date] = np.unique(days).tolist()
    if any(day != span.month_end(*month_of(day, span.fiscal)) for day in different):
        return []
    year, month = month_of(different[0], span.fiscal)
    first, last = span.days_of(year, month)
    fault = MonthsOfWeeks(month=f"{year}-{month:02}", first=first, last=last)
    return [Problem.note(Place(label), "", fault)]


def whole_periods(days: Days, header: str, span: DateBounds) -> tuple[Days, int]:
    """Date months and quarters at their ends; return the days and how many months each means (0: they are days).

    They are months if each is a first day, under a header that says month, or in several months. Days that happen to
    begin on the first of a month have others among them.
    """
    different_days = _different(days)
    if not different_days.size:
        return days, 0
    months = different_days.astype("datetime64[M]")
    first = different_days == months.astype("datetime64[D]")
    if not first.any():
        return days, 0
    called = normal(header)
    monthly = tier_of("date", header) == MONTH_TIER
    if not (first | (different_days == _ends(months, 1, span))).all() or not (monthly or first.all()):
        return days, 0
    different = np.unique(months)
    of_quarters = bool((different.astype(np.int64) % 3 == 0).all())
    if of_quarters and (called in _QUARTERLY or (len(different) >= QUARTERS and (np.diff(different) <= 3).all())):
        length = 3
    elif monthly or (len(different) >= MONTHS_OF_DATES and 2 * len(different) >= _months_from_first_to_last(different)):
        length = 1
    else:
        return days, 0
    dated = days.copy()
    of_day = np.searchsorted(different_days, days[~np.isnat(days)])
    dated[~np.isnat(days)] = np.where(first, _ends(months, length, span), different_days)[of_day]
    return dated, length


def _different(days: Days) -> Days:
    """The different days that are known, in order."""
    known_days = days[~np.isnat(days)]
    if not known_days.size:
        return known_days
    first = known_days.min()
    present = np.zeros(int((known_days.max() - first).astype(np.int64)) + 1, bool)
    present[(known_days - first).astype(np.int64)] = True
    different_days: Days = first + np.flatnonzero(present)
    return different_days


def _months_from_first_to_last(months: NDArray[np.datetime64]) -> int:
    """The number of months from the first to the last."""
    return int((months[-1] - months[0]).astype(np.int64)) + 1


def _ends(months: NDArray[np.datetime64], length: int, span: DateBounds) -> Days:
    """The last day of each month, or of the last of `length` months; the span's end if it cuts them."""
    if span.fiscal.calendar_months:
        first, last = months.astype("datetime64[D]"), (months + length).astype("datetime64[D]") - 1
    else:
        firsts: list[dt.date] = months.tolist()
        lasts: list[dt.date] = (months + length - 1).tolist()
        first = np.array([span.days_of(day.year, day.month)[0] for day in firsts], "datetime64[D]")
        last = np.array([span.days_of(day.year, day.month)[1] for day in lasts], "datetime64[D]")
    if span.end is not None:
        end = np.datetime64(span.end, "D")
        last = np.where((first <= end) & (last > end), end, last)
    return last
