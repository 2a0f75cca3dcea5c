"""The plan's time: years, half-years, quarters, months, weeks and days, each cut to the plan.

`FiscalYear` says how. A fiscal year carries the number of the calendar year of
its first month. Months are calendar months, fiscal months that end on another
day of the month, or fiscal months of whole weeks (4-4-5 and kin): then the
year starts with the week that begins nearest to the 1st of its first month, or
with the last one that begins by it, and a 53rd week goes to the last month.
Weeks run Monday to Sunday, or from another weekday; under `WeekRule.CUT` they
end with the month, under `WeekRule.ISO` they carry ISO numbers (the year is
that of their fourth day) and are beside the months, not inside them.
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
from xlsales.core.plan import FiscalYear, MonthPattern, Plan, WeekRule, YearEnd

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
CALENDAR_YEAR = FiscalYear()
"""Calendar years, calendar months, weeks from Monday."""
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
    fiscal: FiscalYear
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
        edges = np.concatenate([month_starts(year, self.fiscal)[:-1] for year in years])
        month = np.searchsorted(edges, self.days, side="right") - 1
        return _Months(first, month, _week_of_month(self.days, edges[month], self.fiscal.week_start))

    @cached_property
    def _index(self) -> dict[Level, NDArray[np.intp]]:
        month, week = self._months.month, self._months.week
        whole_week = (self.days.astype(np.int64) + 3 - self.fiscal.week_start) // 7
        return {
            Level.YEAR: _runs(month // 12),
            Level.HALF: _runs(month // 6),
            Level.QUARTER: _runs(month // 3),
            Level.MONTH: _runs(month),
            Level.WEEK: _runs(whole_week if self.week_rule is WeekRule.ISO else month * 7 + week),
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
        key = self._key(level, day, year, number, int(months.week[first]))
        return Period(key, level, day, self.days[stop - 1].item())

    def _key(self, level: Level, day: dt.date, year: int, month: int, week: int) -> str:
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
            case Level.WEEK if self.week_rule is WeekRule.ISO:
                return _week_key(day, self.fiscal.week_start)
        if self.fiscal.pattern is MonthPattern.NATURAL:
            later, number = divmod(self.fiscal.month + month - 2, 12)
            key = f"{year + later:04}-{number + 1:02}"
        else:
            key = f"{year}-P{month:02d}"
        return f"{key}W{week}" if level is Level.WEEK else key


class _Months(NamedTuple):
    """The month and the week of each day: months are counted from the first of `first_year`."""

    first_year: int
    month: NDArray[np.intp]
    week: NDArray[np.int64]


def timeline(
    start: dt.date, end: dt.date, fiscal: FiscalYear = CALENDAR_YEAR, week_rule: WeekRule = WeekRule.CUT
) -> Timeline:
    """Lay out the days from `start` to `end` (both inside).

    Raises EndBeforeStart, YearOutOfReach or BadFiscalMonth.
    """
    check_fiscal_month(fiscal.month)
    for day in (start, end):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise YearOutOfReach(day=day, first=FIRST_YEAR, last=LAST_YEAR)
    if end < start:
        raise EndBeforeStart(start=start, end=end)
    return Timeline(start, end, fiscal, week_rule)


def timeline_of(plan: Plan) -> Timeline:
    """Lay out a plan's days as its settings say. Raises what `timeline` raises."""
    return timeline(plan.start, plan.end, plan.fiscal, plan.week_rule)


def month_starts(year: int, fiscal: FiscalYear) -> Days:
    """Return the 13 edges of a fiscal year's months: twelve first days and the next year's first day."""
    if fiscal.pattern is MonthPattern.NATURAL:
        before = np.datetime64(f"{year:04d}-{fiscal.month:02d}", "M") + np.arange(-1, 12)
        first, following = before.astype("datetime64[D]"), (before + 1).astype("datetime64[D]")
        return np.asarray(np.minimum(first + fiscal.month_end, following))
    weeks = np.array(_PATTERN_WEEKS[fiscal.pattern] * 4)
    edges = _first_day(year, fiscal) + 7 * np.concatenate([[0], np.cumsum(weeks)])
    edges[12] = _first_day(year + 1, fiscal)
    return edges


def days_of_month(year: int, month: int, fiscal: FiscalYear) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the fiscal month that people call by a calendar month, such as 2026-01.

    Of months of whole weeks it is the one of that number: in a year from February, January is the twelfth.
    """
    number = (month - fiscal.month) % 12
    edges = month_starts(year if month >= fiscal.month else year - 1, fiscal)
    first: dt.date = edges[number].item()
    return first, edges[number + 1].item() - dt.timedelta(1)


def months_of(days: Days, fiscal: FiscalYear) -> NDArray[np.datetime64]:
    """Return the month that each day is in (`datetime64[M]`), by the calendar month that it is called after."""
    months = days.astype("datetime64[M]")
    if fiscal.calendar_months:
        return np.asarray(months)
    if fiscal.pattern is MonthPattern.NATURAL:
        day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        return np.asarray(months + (day_of_month > fiscal.month_end).astype(np.int64))
    known = days[~np.isnat(days)]
    if not known.size:
        return months
    first, last = (int(day.astype("datetime64[Y]").astype(np.int64)) + 1970 for day in (known.min(), known.max()))
    edges = np.concatenate([month_starts(year, fiscal)[:-1] for year in range(first - 2, last + 2)])
    number = np.searchsorted(edges, days, side="right") - 1
    called = np.datetime64(f"{first - 2:04}-{fiscal.month:02}", "M") + number
    return np.where(np.isnat(days), months, called)


def month_of(day: dt.date, fiscal: FiscalYear) -> tuple[int, int]:
    """Return year and number of the calendar month that the month of a day is called after."""
    month: dt.date = months_of(np.array([day], "datetime64[D]"), fiscal)[0].item()
    return month.year, month.month


def whole_years(line: Timeline) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the whole fiscal years nearest to a plan; its own if it is of whole years."""
    years = [int(year.key) for year in line.periods(Level.YEAR)]
    edges: list[dt.date] = [month_starts(year, line.fiscal)[0].item() for year in range(years[0], years[-1] + 3)]
    first = min(edges, key=lambda edge: abs(edge - line.start))
    behind = line.end + dt.timedelta(1)
    last = min((edge for edge in edges if edge > first), key=lambda edge: abs(edge - behind))
    return first, last - dt.timedelta(1)


def cut_months(line: Timeline) -> tuple[Period, ...]:
    """Return the months of which a plan has only a part of the days: the first, the last, or none."""
    months = dict.fromkeys(line.periods(Level.MONTH)[i] for i in (0, -1))
    whole = {month: days_of_month(*month_of(month.start, line.fiscal), line.fiscal) for month in months}
    return tuple(month for month in months if whole[month] != (month.start, month.end))


def months_inside(line: Timeline, start: dt.date, end: dt.date) -> list[int]:
    """Return the positions of the months that have any of these days."""
    return [i for i, month in enumerate(line.periods(Level.MONTH)) if month.start <= end and start <= month.end]


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
            number = int(key[-2:])
            return f"{number}月" if zh else MONTHS_EN[number - 1]
        case Level.WEEK:
            number = int(key.rpartition("W")[2])
            return f"第{number}周({days_named(period)})" if zh else f"Week {number} ({days_named(period)})"
    weekday = start.weekday()
    day = f"{start.month}/{start.day}"
    return f"{day} 周{_WEEKDAYS_ZH[weekday]}" if zh else f"{day} {_WEEKDAYS_EN[weekday]}"


def days_named(period: Period) -> str:
    """Return the first and last day of a period: 1/5–1/11, or 1/5 of one day."""
    start, end = period.start, period.end
    first = f"{start.month}/{start.day}"
    return first if start == end else f"{first}–{end.month}/{end.day}"


def _first_day(year: int, fiscal: FiscalYear) -> np.datetime64:
    """The first day of a fiscal year of whole weeks: nearest to the 1st of its first month, or the last one by it."""
    first = dt.date(year, fiscal.month, 1)
    before = (first.weekday() - fiscal.week_start) % 7
    nearer_behind = before > 3 and fiscal.year_end is not YearEnd.LAST
    return np.datetime64(first - dt.timedelta(before - 7 if nearer_behind else before))


def _week_key(day: dt.date, week_start: int) -> str:
    """The key of the whole week of a day: numbered as ISO does, in the year of its fourth day."""
    fourth = day + dt.timedelta(3 - (day.weekday() - week_start) % 7)
    return f"{fourth.year}-W{(fourth.timetuple().tm_yday + 6) // 7:02d}"


def _week_of_month(days: Days, starts: Days, week_start: int) -> NDArray[np.int64]:
    """The number, from 1, of each day's week in the month that began on `starts`."""
    numbers: NDArray[np.int64] = ((days - starts).astype(np.int64) + (weekdays(starts) - week_start) % 7) // 7 + 1
    return numbers


def _runs(labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Number the runs of equal neighbours from 0."""
    steps = np.concatenate([[False], labels[1:] != labels[:-1]])
    return np.cumsum(steps).astype(np.intp)


def _bounds(run: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """First and one-past-last position of each run."""
    cuts = [0, *(np.flatnonzero(np.diff(run)) + 1).tolist(), len(run)]
    yield from itertools.pairwise(cuts)
