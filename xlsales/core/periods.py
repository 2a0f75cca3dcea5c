"""The plan's time: years, half-years, quarters, months, weeks and days, each cut to the plan.

A fiscal year carries the number of the calendar year in which it starts.
Months are calendar months, or fiscal months of whole weeks (4-4-5 and kin):
then the year starts on the Monday nearest to the 1st of its first month, and
a 53rd week goes to the last month. Weeks run Monday to Sunday; under
`WeekRule.CUT` they end with the month, under `WeekRule.ISO` they carry ISO
numbers and are beside the months, not inside them.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Lang
from xlsales.core.plan import MonthPattern, WeekRule

Days = NDArray[np.datetime64]
"""Days as `datetime64[D]`."""

FIRST_YEAR, LAST_YEAR = 1901, 2198
"""Years a plan or a reference may touch: the lunar calendar is known for them."""

_PATTERN_WEEKS = {
    MonthPattern.P445: (4, 4, 5),
    MonthPattern.P454: (4, 5, 4),
    MonthPattern.P544: (5, 4, 4),
}
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class EndBeforeStart(Fault):
    """The plan ends before it starts."""

    zh = "结束日期 {end} 早于开始日期 {start}。请改正其中一个。"
    en = "The end {end} is before the start {start}. Correct one of them."


class YearOutOfReach(Fault):
    """A date is so far away that it must be a typing error."""

    zh = "{day} 不在 {first} 至 {last} 年之间。请检查年份。"
    en = "{day} is not between the years {first} and {last}. Check the year."


class BadFiscalMonth(Fault):
    """The first month of the fiscal year is not a month."""

    zh = "财年起始月是 {month},应为 1 至 12。"
    en = "The fiscal year starts in month {month}; enter 1 to 12."


class Level(StrEnum):
    """The levels of time, from coarse to fine."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


class Period(Struct, frozen=True):
    """A period of the plan: first and last day (both inside), cut to the plan.

    Keys: `2026`, `2026H1`, `2026Q1`, `2026-01` (fiscal months of weeks: `2026-P01`),
    `2026-01W1` (ISO weeks: `2026-W05`), `2026-01-05`.
    """

    key: str
    level: Level
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1


class Timeline(Struct, frozen=True, dict=True):
    """A plan's days and its periods; `timeline` makes it."""

    start: dt.date
    end: dt.date
    fiscal_month: int
    pattern: MonthPattern
    week_rule: WeekRule

    @cached_property
    def days(self) -> Days:
        """The days in order."""
        return np.arange(np.datetime64(self.start), np.datetime64(self.end) + 1)

    @property
    def n_days(self) -> int:
        """The number of days in the plan."""
        return len(self.days)

    def periods(self, level: Level) -> tuple[Period, ...]:
        """The periods of a level in order; together they are the plan, each day once."""
        return self._periods[level]

    def index_of_day(self, level: Level) -> NDArray[np.intp]:
        """For each day, the position of its period in `periods(level)`."""
        return self._index[level]

    def slice_of(self, period: Period) -> slice:
        """The period's place in `days`; empty if it is outside the plan."""
        first = max((period.start - self.start).days, 0)
        last = min((period.end - self.start).days + 1, self.n_days)
        return slice(first, max(first, last))

    def nested_levels(self) -> tuple[Level, ...]:
        """The levels that nest in each other: without ISO weeks, which cross months."""
        return tuple(level for level in Level if level is not Level.WEEK or self.week_rule is WeekRule.CUT)

    def tree(self) -> tuple[tuple[int, Period], ...]:
        """(depth, period) in pre-order, years at depth 0: the rows of an outlined sheet."""
        rows = [(depth, p) for depth, level in enumerate(self.nested_levels()) for p in self.periods(level)]
        return tuple(sorted(rows, key=lambda row: (row[1].start, row[0])))

    @cached_property
    def _months(self) -> _Months:
        """The month of each day, as its position from a year before the plan, and the week inside it."""
        first = self.start.year - 2
        years = range(first, self.end.year + 2)
        edges = np.concatenate([month_starts(year, self.fiscal_month, self.pattern)[:-1] for year in years])
        month = np.searchsorted(edges, self.days, side="right") - 1
        return _Months(first, month, _week_of_month(self.days, edges[month]))

    @cached_property
    def _index(self) -> dict[Level, NDArray[np.intp]]:
        month, week = self._months.month, self._months.week
        iso_week = (self.days.astype(np.int64) + 3) // 7
        return {
            Level.YEAR: _runs(month // 12),
            Level.HALF: _runs(month // 6),
            Level.QUARTER: _runs(month // 3),
            Level.MONTH: _runs(month),
            Level.WEEK: _runs(iso_week if self.week_rule is WeekRule.ISO else month * 7 + week),
            Level.DAY: np.arange(self.n_days),
        }

    @cached_property
    def _periods(self) -> dict[Level, tuple[Period, ...]]:
        return {
            level: tuple(self._period(level, *bounds) for bounds in _bounds(run)) for level, run in self._index.items()
        }

    def _period(self, level: Level, first: int, stop: int) -> Period:
        """The period of a level from one position of `days` up to before another."""
        months = self._months
        day: dt.date = self.days[first].item()
        year, number = months.first_year + int(months.month[first]) // 12, int(months.month[first]) % 12 + 1
        key = _key(level, day, year, number, int(months.week[first]), self.pattern, self.week_rule)
        return Period(key, level, day, self.days[stop - 1].item())


class _Months(NamedTuple):
    """The month and the week of each day: months are counted from the first of `first_year`."""

    first_year: int
    month: NDArray[np.intp]
    week: NDArray[np.int64]


def timeline(
    start: dt.date,
    end: dt.date,
    *,
    fiscal_month: int = 1,
    pattern: MonthPattern = MonthPattern.NATURAL,
    week_rule: WeekRule = WeekRule.CUT,
) -> Timeline:
    """Lay out the days from `start` to `end` (both inside).

    Raises EndBeforeStart, YearOutOfReach or BadFiscalMonth.
    """
    check_fiscal_month(fiscal_month)
    for day in (start, end):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise YearOutOfReach(day=day, first=FIRST_YEAR, last=LAST_YEAR)
    if end < start:
        raise EndBeforeStart(start=start, end=end)
    return Timeline(start, end, fiscal_month, pattern, week_rule)


def _key(
    level: Level, day: dt.date, year: int, month: int, week: int, pattern: MonthPattern, week_rule: WeekRule
) -> str:
    """The key of a period that begins on `day`, in a fiscal year, its month of that number and the month's week."""
    match level:
        case Level.YEAR:
            return f"{year}"
        case Level.HALF:
            return f"{year}H{(month + 5) // 6}"
        case Level.QUARTER:
            return f"{year}Q{(month + 2) // 3}"
        case Level.DAY:
            return day.isoformat()
        case Level.WEEK if week_rule is WeekRule.ISO:
            iso = day.isocalendar()
            return f"{iso.year}-W{iso.week:02d}"
    key = f"{day:%Y-%m}" if pattern is MonthPattern.NATURAL else f"{year}-P{month:02d}"
    return f"{key}W{week}" if level is Level.WEEK else key


def month_starts(year: int, fiscal_month: int, pattern: MonthPattern) -> Days:
    """Return the 13 edges of a fiscal year's months: twelve first days and the next year's first day."""
    if pattern is MonthPattern.NATURAL:
        first = np.datetime64(f"{year:04d}-{fiscal_month:02d}", "M")
        return (first + np.arange(13)).astype("datetime64[D]")
    weeks = np.array(_PATTERN_WEEKS[pattern] * 4)
    edges = _first_monday(year, fiscal_month) + 7 * np.concatenate([[0], np.cumsum(weeks)])
    edges[12] = _first_monday(year + 1, fiscal_month)
    return edges


def check_fiscal_month(month: int) -> None:
    """Raise BadFiscalMonth unless `month` is 1 to 12."""
    if not 1 <= month <= 12:
        raise BadFiscalMonth(month=month)


def weekdays(days: Days) -> NDArray[np.intp]:
    """Return each day's weekday, Monday = 0."""
    return ((days.astype("datetime64[D]").astype(np.int64) + 3) % 7).astype(np.intp)


def name_of(period: Period, lang: Lang) -> str:
    """Return what people call a period: 2026年, 2026上半年, 第1季度, 1月, 第1周(1/1–1/4), 1/5 周一."""
    zh, key, start = lang == "zh", period.key, period.start
    match period.level:
        case Level.YEAR:
            return f"{key}年" if zh else key
        case Level.HALF:
            year, half = key.split("H")
            return f"{year}{'上' if half == '1' else '下'}半年" if zh else f"{year} H{half}"
        case Level.QUARTER:
            return f"第{key[-1]}季度" if zh else f"Q{key[-1]}"
        case Level.MONTH if "P" in key:
            return f"第{int(key[-2:])}财月" if zh else key[-3:]
        case Level.MONTH:
            return f"{start.month}月" if zh else MONTHS_EN[start.month - 1]
        case Level.WEEK:
            number = int(key.rpartition("W")[2])
            end = period.end
            span = f"{start.month}/{start.day}"
            if end != start:  # a week may be cut at a month's end
                span += f"–{end.month}/{end.day}"
            return f"第{number}周({span})" if zh else f"Week {number} ({span})"
    weekday = start.weekday()
    day = f"{start.month}/{start.day}"
    return f"{day} 周{_WEEKDAYS_ZH[weekday]}" if zh else f"{day} {_WEEKDAYS_EN[weekday]}"


def _first_monday(year: int, month: int) -> np.datetime64:
    """The Monday nearest to the 1st of a month."""
    first = dt.date(year, month, 1)
    return np.datetime64(first + dt.timedelta(days=(3 - first.weekday()) % 7 - 3))


def _week_of_month(days: Days, starts: Days) -> NDArray[np.int64]:
    """The number, from 1, of each day's Monday-Sunday week in the month that began on `starts`."""
    numbers: NDArray[np.int64] = ((days - starts).astype(np.int64) + weekdays(starts)) // 7 + 1
    return numbers


def _runs(labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Number the runs of equal neighbours from 0."""
    steps = np.concatenate([[False], labels[1:] != labels[:-1]])
    return np.cumsum(steps).astype(np.intp)


def _bounds(run: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """First and one-past-last position of each run."""
    cuts = [0, *(np.flatnonzero(np.diff(run)) + 1).tolist(), len(run)]
    yield from itertools.pairwise(cuts)
