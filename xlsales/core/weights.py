"""The plan's weights in time: those of each day and each month, some from history.

A day's weight is its day index (weekday, statutory holiday) times the campaign
factor; a month's weight is equal, entered, taken from past months, summed
from its days, or by a trend or a pattern. Weights have no unit: only their ratio counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from xlsales.core.arrays import Floats, Steps
from xlsales.core.calendars import DayKind, WorkCalendar, work_calendar
from xlsales.core.faults import DateRange, Fault
from xlsales.core.lunar import lunar_pair
from xlsales.core.periods import (
    CALENDAR_YEAR,
    Days,
    Level,
    Period,
    Timeline,
    days_of_month,
    month_starts,
    months_of,
    weekdays,
)
from xlsales.core.plan import BY_REFERENCE, DayMethod, FiscalYear, MonthMethod, MonthPattern
from xlsales.core.spreading import NothingToFollow, growth, pattern, populated_only, straight_line

MonthShares = Mapping[int, float] | Mapping[tuple[int, int], float]
"""Weights by calendar month 1..12, or by (year, month) if years differ (lunar pairing)."""


class NoDayWeight(Fault):
    """No day of the plan may take a target."""

    zh = "日权重全是零:计划里没有一天可以分到目标。请把日方式改为均分,或检查日历、星期指数和活动系数。"
    en = "All days weigh zero: no day can take a target. Split days equally, or check calendar, index and factors."


class NoMonthWeight(Fault):
    """No month of the plan may take a target."""

    zh = "月权重全是零:没有一个月可以分到目标。请把月度方式改为均分或参照,或填写月权重。"
    en = "All months weigh zero: no month can take a target. Split months equally, by a reference, or enter weights."


class BadWeekdayIndex(Fault):
    """The weekday index is missing or is not seven numbers of zero or more."""

    zh = "按日指数分解需要周一至周日七个星期指数(零或正数)。请填满七格,粘贴历史,或把日方式改为均分。"
    en = (
        "The day index needs seven weekday indexes, zero or more. Fill all seven, paste history, or split days equally."
    )


class TooFewDays(Fault):
    """The history is too short for an index of weekdays."""

    zh = "历史里没有普通的{zh_day}(节假日和调休日不算),算不出星期指数。请粘贴更多历史,或填写星期指数。"
    en = "History has no ordinary {en_day} (holidays and make-up days aside). Paste more of it, or enter the index."


class ReferenceEmpty(Fault):
    """A reference period without sales."""

    zh = "参照期间 {span} 没有销售。请粘贴这段历史,或换一个参照期间。"
    en = "The reference period {span} has no sales. Paste its history, or choose another period."


class BadReferenceShare(Fault):
    """Reference shares that cannot be mixed."""

    zh = "参照占比是 {shares}。请填零或正数,且不能全为零。"
    en = "The reference shares are {shares}. Enter zero or more, not all zero."


class MonthMethodNeeds(Fault):
    """A month method without its figures."""

    zh = "月度方式是“自定义权重”、“参照”或“有数均分”,但没有可用的数字。请填写月权重、粘贴历史,或改为均分。"
    en = "Months follow weights or a reference, but none are given. Enter weights, paste history, or go equal."


_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


# --- from history ------------------------------------------------------------------


class WeekdaySales(Struct, frozen=True):
    """Past sales of ordinary days by weekday, Monday first, in the unit of their amounts.

    `counts` are days, none of them 0, and `sums` what was sold on them; `left_out` are the statutory holidays and
    make-up days between the first and the last day, which count for no weekday.
    """

    counts: Steps
    sums: Floats
    left_out: Days

    @property
    def means(self) -> Floats:
        """What is sold on such a day on average; net returns count as nothing."""
        return np.maximum(self.sums / self.counts, 0.0)

    @property
    def index(self) -> Floats:
        """The means, the weakest that sold anything = 1. Raises NothingToFollow if none did."""
        means = self.means
        if not means.any():
            raise NothingToFollow()
        return np.asarray(means / means[means > 0].min())


def weekday_sales(days: Days, amounts: ArrayLike, calendar: WorkCalendar | None = None) -> WeekdaySales:
    """Return past sales by weekday.

    `days` and `amounts` are records, many or none a day; a day between the first and last
    without records sold nothing. Statutory holidays and make-up days are left out: by the
    notices, and by `calendar` for the days it has. Raises TooFewDays, or NothingToFollow without records.
    """
    if not len(days):
        raise NothingToFollow()
    first = days.min()
    daily = np.bincount((days - first).astype(np.int64), np.asarray(amounts, dtype=np.float64))
    span = first + np.arange(len(daily))
    kinds = work_calendar(span).kinds
    if calendar is not None:
        _, here, there = np.intersect1d(span, calendar.days, return_indices=True)
        kinds[here] = calendar.kinds[there]
    ordinary = (kinds == DayKind.WORKING) | (kinds == DayKind.REST)
    weekday = weekdays(span)[ordinary]
    counts = np.bincount(weekday, minlength=7)
    if not counts.all():
        missing = int(np.argmin(counts))
        raise TooFewDays(zh_day=_WEEKDAYS_ZH[missing], en_day=_WEEKDAYS_EN[missing])
    return WeekdaySales(counts, np.bincount(weekday, daily[ordinary], 7).astype(np.float64), span[~ordinary])


def weekday_index(days: Days, amounts: ArrayLike, calendar: WorkCalendar | None = None) -> Floats:
    """Return the index of Monday to Sunday from past sales: mean sales of such a day, weakest = 1.

    A weekday that never sold stays 0. The rest is as in `weekday_sales`. Raises TooFewDays or NothingToFollow.
    """
    return weekday_sales(days, amounts, calendar).index


def reference_shares(
    days: Days,
    amounts: ArrayLike,
    references: Sequence[tuple[tuple[dt.date, dt.date], float]],
    *,
    lunar_year: int | None = None,
    groups: NDArray[np.intp] | None = None,
    n_groups: int = 0,
    fiscal: FiscalYear = CALENDAR_YEAR,
) -> Floats:
    """Return the shares of January to December in past sales, mixed from references.

    `days` and `amounts` are records; `references` are ((first day, last day), share). Each
    reference becomes shares before the mix, so shapes mix, not sizes. A month
    with net returns counts as zero. With `lunar_year`, days are first re-dated to that
    year around Spring Festival (`lunar_pair`), so its January and February come out.
    With `groups` (0..n_groups-1 per record), one row a group: references in which a group
    sold nothing drop out of its mix, a group that never sold has a row of zeros.
    Months are those of `fiscal`, by the calendar months that they are called after.
    Result: float[12] or float[n_groups, 12], rows summing to 1.
    Raises ReferenceEmpty (without groups) or BadReferenceShare.
    """
    shares = [share for _, share in references]
    if not references or min(shares) < 0 or not sum(shares) > 0:
        raise BadReferenceShare(shares=", ".join(f"{s:g}" for s in shares) or "-")
    values = np.asarray(amounts, dtype=np.float64)
    rows = n_groups if groups is not None else 1
    mixed = np.zeros((rows, 12))
    for (first, last), share in references:
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        dated = days[inside] if lunar_year is None else lunar_pair(days[inside], lunar_year)
        cell = _month_numbers(dated, fiscal) - 1
        if groups is not None:
            cell = cell + 12 * groups[inside]
        months = np.maximum(np.bincount(cell, values[inside], rows * 12).reshape(rows, 12), 0.0)
        totals = months.sum(axis=1, keepdims=True)
        if groups is None and share > 0 and not totals.any():
            raise ReferenceEmpty(span=DateRange(first, last))
        mixed += share * np.divide(months, totals, out=np.zeros_like(months), where=totals > 0)
    sums = mixed.sum(axis=1, keepdims=True)
    mixed = np.divide(mixed, sums, out=mixed, where=sums > 0)
    return mixed if groups is not None else np.asarray(mixed[0])


# --- of days and months ------------------------------------------------------------


def day_weights(
    timeline: Timeline,
    calendar: WorkCalendar,
    method: DayMethod,
    weekday_index: Sequence[float] | Floats | None = None,
    holiday_index: float | None = None,
) -> Floats:
    """Return the weight of each day in the plan (float[n_days]).

    equal: 1; working days: 1 for a working day; day index: the weekday's index, for a make-up day the
    mean of Monday to Friday, for a statutory holiday `holiday_index` (None: as a Sunday). Each
    times the campaign factor. Raises BadWeekdayIndex or NoDayWeight.
    """
    match method:
        case DayMethod.EQUAL:
            base = np.ones(timeline.n_days)
        case DayMethod.WORKING_DAYS:
            base = calendar.working.astype(np.float64)
        case DayMethod.DAY_INDEX:
            index = np.asarray([] if weekday_index is None else weekday_index, dtype=np.float64)
            if index.shape != (7,) or not np.isfinite(index).all() or (index < 0).any():
                raise BadWeekdayIndex()
            base = index[weekdays(timeline.days)]
            base[calendar.kinds == DayKind.MAKE_UP] = index[:5].mean()
            base[calendar.kinds == DayKind.HOLIDAY] = index[6] if holiday_index is None else holiday_index
    weights = base * calendar.factors
    if not weights.any():
        raise NoDayWeight()
    return weights


def month_weights(
    timeline: Timeline,
    method: MonthMethod,
    *,
    weights: Mapping[int, float] | None = None,
    periods: Mapping[str, float] | None = None,
    calendar: WorkCalendar | None = None,
    day_weights: Floats | None = None,
    reference_month_share: MonthShares | None = None,
    rise: float = 0.0,
) -> Floats:
    """Return the weight of each month in the plan (float[n_months]).

    A month that the plan's start or end cuts counts in proportion to its days. Fiscal
    months of whole weeks take the entered weight of the calendar month of their number
    (the first one: the fiscal year's first month); a reference is laid over their days.
    `periods` are entered weights by the key of a period; those of longer ones alone leave months equal.
    `calendar` is needed for working days, `day_weights` for the day index. `rise` is what each month of a straight
    line adds, as a share of the first, or a growth on the month before; 1-2-1 begins anew with each quarter of the
    fiscal year. Raises MonthMethodNeeds, NoMonthWeight, TrendBelowZero or GrowthTooSteep.
    """
    if method in BY_REFERENCE and not reference_month_share:
        raise MonthMethodNeeds()
    months = timeline.periods(Level.MONTH)
    n = len(months)
    match method:
        case MonthMethod.EQUAL:
            result = part_of_month(timeline)
        case MonthMethod.WEIGHTS:
            entered = entered_months(timeline, weights or {}, periods or {})
            if entered is None and not periods:
                raise MonthMethodNeeds()
            result = part_of_month(timeline) if entered is None else entered
        case MonthMethod.REFERENCE:
            result = sum_days(timeline, Level.MONTH, _reference_by_day(timeline, reference_month_share or {}))
        case MonthMethod.POPULATED:
            past = sum_days(timeline, Level.MONTH, _reference_by_day(timeline, reference_month_share or {}))
            result = (populated_only(past) if past.any() else past) * part_of_month(timeline)
        case MonthMethod.CALENDAR_DAYS:
            result = sum_days(timeline, Level.MONTH, np.ones(timeline.n_days))
        case MonthMethod.WORKING_DAYS:
            worked = (calendar or work_calendar(timeline.days)).working
            result = sum_days(timeline, Level.MONTH, worked)
        case MonthMethod.DAY_INDEX:
            if day_weights is None:
                raise ValueError("the day index needs day_weights")
            result = sum_days(timeline, Level.MONTH, day_weights)
        case MonthMethod.STRAIGHT_LINE:
            line = straight_line(n + rise * n * (n - 1) / 2, n, slope=rise)
            result = line * part_of_month(timeline)
        case MonthMethod.GROWTH:
            result = growth(1.0, n, rise) * part_of_month(timeline)
        case MonthMethod.ONE_TWO_ONE:
            in_quarter = [(_calendar_month(timeline, month) - timeline.fiscal.month) % 3 for month in months]
            result = pattern(method.value, 3)[in_quarter] * part_of_month(timeline)
        case MonthMethod.FIRST | MonthMethod.LAST:
            result = pattern(method.value, n)
    if not result.any():
        raise NoMonthWeight()
    return result


def typed_months(timeline: Timeline, weights: Mapping[int, float], periods: Mapping[str, float]) -> list[float | None]:
    """Return the entered weight of each month, None if it has none.

    One of a month of a year (`2026-03` in `periods`) goes before that of a calendar month.
    """
    months = timeline.periods(Level.MONTH)
    return [periods.get(month.key, weights.get(_calendar_month(timeline, month))) for month in months]


def entered_months(timeline: Timeline, weights: Mapping[int, float], periods: Mapping[str, float]) -> Floats | None:
    """Return the entered weight of each month, times its part in the plan; None if no month has one."""
    typed = typed_months(timeline, weights, periods)
    if not weights and all(weight is None for weight in typed):
        return None
    return np.array([weight or 0.0 for weight in typed]) * part_of_month(timeline)


def sum_days(timeline: Timeline, level: Level, per_day: ArrayLike) -> Floats:
    """Return the sum of a per-day array in each period of a level: days, working days, day indexes."""
    values = np.asarray(per_day, dtype=np.float64)
    return np.bincount(timeline.index_of_day(level), values, len(timeline.periods(level))).astype(np.float64)


def _reference_by_day(timeline: Timeline, shares: MonthShares) -> Floats:
    """Each day's part of the share of its month, as past sales have months."""
    table: dict[object, float] = dict(shares.items())
    fiscal = timeline.fiscal.of_past
    months, month_of_day = np.unique(months_of(timeline.days, fiscal), return_inverse=True)
    firsts: list[dt.date] = months.tolist()
    ends = [days_of_month(m.year, m.month, fiscal) for m in firsts]
    lengths = np.array([(last - first).days + 1 for first, last in ends])
    share = np.array([table.get((m.year, m.month), table.get(m.month, 0.0)) for m in firsts])
    return np.asarray((share / lengths)[month_of_day])


def part_of_month(timeline: Timeline) -> Floats:
    """Return days in the plan ÷ days in the whole month, for each month."""
    return np.array([p.days / _whole_month(timeline, p) for p in timeline.periods(Level.MONTH)])


def _whole_month(timeline: Timeline, month: Period) -> int:
    """The days of a month that the plan may have cut."""
    fiscal, year, number = timeline.fiscal, int(month.key[:4]), int(month.key[-2:])
    if fiscal.pattern is MonthPattern.NATURAL:
        first, last = days_of_month(year, number, fiscal)
        return (last - first).days + 1
    edges = month_starts(year, fiscal)
    return int((edges[number] - edges[number - 1]).astype(np.int64))


def _calendar_month(timeline: Timeline, month: Period) -> int:
    """The calendar month (1..12) with the weight of a month."""
    number, fiscal = int(month.key[-2:]), timeline.fiscal
    return number if fiscal.pattern is MonthPattern.NATURAL else (fiscal.month + number - 2) % 12 + 1


def _month_numbers(days: Days, fiscal: FiscalYear) -> NDArray[np.int64]:
    """1 for January."""
    return months_of(days, fiscal).astype(np.int64) % 12 + 1
