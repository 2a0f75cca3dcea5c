"""The plan's time: years, half-years, quarters, months, weeks and days, each cut to the plan.

A fiscal year carries the number of the calendar year in which it starts.
Months are calendar months, or fiscal months of whole weeks (4-4-5 and kin):
then the year starts on the Monday nearest to the 1st of its first month, and
a 53rd week goes to the last month. Weeks run Monday to Sunday; under
`WeekRule.CUT` they end with the month, under `WeekRule.ISO` they carry ISO
numbers and stand beside the months, not inside them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Lang
from xlsales.core.plan import MonthPattern, WeekRule
from xlsales.core.text import narrow

Days = NDArray[np.datetime64]
"""Days as `datetime64[D]`."""

FIRST_YEAR, LAST_YEAR = 1901, 2198
"""Years a plan or a reference may touch: the lunar calendar is known for them."""

_PATTERN_WEEKS = {
    MonthPattern.P445: (4, 4, 5),
    MonthPattern.P454: (4, 5, 4),
    MonthPattern.P544: (5, 4, 4),
}
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class EndBeforeStart(Fault):
    """The plan ends before it starts."""

    zh = "结束日期 {end} 早于开始日期 {start}。请改正其中一个。"
    en = "The end {end} is before the start {start}. Correct one of them."


class YearOutOfReach(Fault):
    """A date is so far away that it must be a typing slip."""

    zh = "{day} 不在 {first} 至 {last} 年之间。请检查年份。"
    en = "{day} is not between the years {first} and {last}. Check the year."


class BadFiscalMonth(Fault):
    """The first month of the fiscal year is not a month."""

    zh = "财年起始月是 {month},应为 1 至 12。"
    en = "The fiscal year starts in month {month}; enter 1 to 12."


class UnreadablePeriod(Fault):
    """A period that cannot be understood."""

    zh = "看不懂期间“{text}”。请写成 2026、2026H1、2026Q1、2026-03 或 2026-03-08 这样。"
    en = 'The period "{text}" cannot be read. Write it like 2026, 2026H1, 2026Q1, 2026-03 or 2026-03-08.'


class PeriodOutsidePlan(Fault):
    """A period of which no day is in the plan."""

    zh = "期间“{text}”不在计划 {start} 至 {end} 之内。请改期间,或改计划的起止日期。"
    en = 'The period "{text}" is not within the plan, {start} to {end}. Change the period or the plan\'s dates.'


class AmbiguousPeriod(Fault):
    """A period without a year, in a plan that has several such periods."""

    zh = "期间“{text}”在计划里不止一个:{found}。请写上年份。"
    en = 'The period "{text}" occurs more than once in the plan: {found}. Write the year with it.'


class FiscalMonthNeeded(Fault):
    """A calendar month in a plan with months of whole weeks."""

    zh = "计划按 {pattern} 财月划分,没有自然月“{text}”。请写成 2026-P03(第3财月)这样。"
    en = 'The plan has {pattern} months of whole weeks, no calendar month "{text}". Write it like 2026-P03.'


class Level(StrEnum):
    """The levels of time, from coarse to fine."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True)
class Period:
    """A stretch of the plan: first and last day (both inside), cut to the plan.

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


@dataclass(frozen=True)
class Timeline:
    """A plan's days and the periods they fall into; build it by `timeline`."""

    start: dt.date
    end: dt.date
    fiscal_month: int
    pattern: MonthPattern
    week_rule: WeekRule
    days: Days = field(compare=False, repr=False)
    _periods: Mapping[Level, tuple[Period, ...]] = field(compare=False, repr=False)
    _index: Mapping[Level, NDArray[np.intp]] = field(compare=False, repr=False)

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
        """The period's place in `days`; empty where it lies outside the plan."""
        first = max((period.start - self.start).days, 0)
        last = min((period.end - self.start).days + 1, self.n_days)
        return slice(first, max(first, last))

    def nested_levels(self) -> tuple[Level, ...]:
        """The levels that nest in each other; ISO weeks cross months and are left out."""
        return tuple(level for level in Level if level is not Level.WEEK or self.week_rule is WeekRule.CUT)

    def tree(self) -> tuple[tuple[int, Period], ...]:
        """(depth, period) in pre-order, years at depth 0: the rows of an outlined sheet."""
        rows = [(depth, p) for depth, level in enumerate(self.nested_levels()) for p in self.periods(level)]
        return tuple(sorted(rows, key=lambda row: (row[1].start, row[0])))


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
    days = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    years = range(start.year - 2, end.year + 2)
    edges = np.concatenate([month_starts(year, fiscal_month, pattern)[:-1] for year in years])
    month = np.searchsorted(edges, days, side="right") - 1
    week_of_month = _week_of_month(days, edges[month])
    iso_week = (days.astype(np.int64) + 3) // 7
    index = {
        Level.YEAR: _runs(month // 12),
        Level.HALF: _runs(month // 6),
        Level.QUARTER: _runs(month // 3),
        Level.MONTH: _runs(month),
        Level.WEEK: _runs(iso_week if week_rule is WeekRule.ISO else month * 7 + week_of_month),
        Level.DAY: np.arange(len(days)),
    }

    def key(level: Level, i: int) -> str:
        day: dt.date = days[i].item()
        year, m = years.start + int(month[i]) // 12, int(month[i]) % 12
        match level:
            case Level.YEAR:
                return f"{year}"
            case Level.HALF:
                return f"{year}H{m // 6 + 1}"
            case Level.QUARTER:
                return f"{year}Q{m // 3 + 1}"
            case Level.DAY:
                return day.isoformat()
            case Level.WEEK if week_rule is WeekRule.ISO:
                iso = day.isocalendar()
                return f"{iso.year}-W{iso.week:02d}"
        name = f"{day:%Y-%m}" if pattern is MonthPattern.NATURAL else f"{year}-P{m + 1:02d}"
        if level is Level.WEEK:
            name += f"W{int(week_of_month[i])}"
        return name

    periods = {
        level: tuple(
            Period(key(level, first), level, days[first].item(), days[stop - 1].item()) for first, stop in _bounds(run)
        )
        for level, run in index.items()
    }
    return Timeline(start, end, fiscal_month, pattern, week_rule, days, periods, index)


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
            return f"{start.month}月" if zh else _MONTHS_EN[start.month - 1]
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


def parse_period(text: object, timeline: Timeline) -> Period:
    """Find the period of the plan that a person means.

    `text` is a key, a name in Chinese or English (2026年第1季度, 上半年, 3月, Q1 2026), a date,
    or a whole number (2026). The year may be left out where only one such period is in the plan.
    Raises UnreadablePeriod, PeriodOutsidePlan, AmbiguousPeriod or FiscalMonthNeeded.
    """
    shown = _shown(text)
    key = shown.upper()
    for level in Level:
        for period in timeline.periods(level):
            if period.key == key:
                return period
    reading = _read(shown)
    if reading.level is Level.MONTH and reading.suffix[1] != "P" and timeline.pattern is not MonthPattern.NATURAL:
        raise FiscalMonthNeeded(text=shown, pattern=timeline.pattern)
    found = [p for p in timeline.periods(reading.level) if reading.names(p)]
    if not found:
        raise PeriodOutsidePlan(text=shown, start=timeline.start, end=timeline.end)
    if len(found) > 1:
        raise AmbiguousPeriod(text=shown, found=", ".join(p.key for p in found[:4]))
    return found[0]


def is_day(text: object) -> bool:
    """Whether a text means a day; a person's text may also mean no period at all."""
    try:
        return _read(_shown(text)).level is Level.DAY
    except UnreadablePeriod:
        return False


def parse_span(
    text: object, *, fiscal_month: int = 1, pattern: MonthPattern = MonthPattern.NATURAL
) -> tuple[dt.date, dt.date]:
    """Return the first and last day of any period with a year: 2025, 2025H2, 2025Q3, 2025-03, 2024~2025.

    Years, half-years and quarters are fiscal ones. Raises UnreadablePeriod or BadFiscalMonth.
    """
    check_fiscal_month(fiscal_month)
    shown = _shown(text)
    sides = [_read(side, whole=shown) for side in re.split(r"[~至到—–]+", shown)]
    if len(sides) > 2 or sides[0].year is None:
        raise UnreadablePeriod(text=shown)
    first = sides[0].span(sides[0].year, fiscal_month, pattern)
    last = sides[-1].span(sides[-1].year or sides[0].year, fiscal_month, pattern)
    if last[1] < first[0]:
        raise UnreadablePeriod(text=shown)
    return first[0], last[1]


@dataclass(frozen=True)
class _Reading:
    """What a text says: a level, a year where given, and the rest of the key."""

    level: Level
    year: int | None
    suffix: str

    def names(self, period: Period) -> bool:
        if self.year is None:
            return period.key[4:] == self.suffix
        return period.key == f"{self.year}{self.suffix}"

    def span(self, year: int, fiscal_month: int, pattern: MonthPattern) -> tuple[dt.date, dt.date]:
        if self.level is Level.DAY:
            day = dt.date.fromisoformat(f"{year}{self.suffix}")
            return day, day
        if self.level is Level.MONTH and self.suffix[1] != "P":
            edges, n, width = month_starts(year, 1, MonthPattern.NATURAL), int(self.suffix[1:]), 1
        else:
            edges = month_starts(year, fiscal_month, pattern)
            width = {Level.YEAR: 12, Level.HALF: 6, Level.QUARTER: 3}.get(self.level, 1)
            n = int(self.suffix.lstrip("HQ-P") or 1)
        first: dt.date = edges[(n - 1) * width].item()
        end: dt.date = (edges[n * width] - 1).item()
        return first, end


_CANONICAL: tuple[tuple[str, str], ...] = (
    (r"FY|\s", ""),
    (r"[/.]", "-"),
    (r"^(\D.*?)-?((?:19|20|21)\d\d)$", r"\2\1"),  # Q1 2026
    (r"^(\d{4})(\d\d)(\d\d)?$", r"\1-\2-\3"),  # 20260308, 202603
    (r"上半年?", "H1"),
    (r"下半年?", "H2"),
    (r"第?([1-4])季度?", r"Q\1"),
    (r"第?(\d{1,2})财月", r"P\1"),
    (r"(\d{1,2})月份?(?:(\d{1,2})[日号])?", r"M\1D\2"),
    *((rf"{name.upper()}[A-Z]*", f"M{i}D") for i, name in enumerate(_MONTHS_EN, 1)),
    (r"[财全]?年度?|日", "-"),
)
_READABLE = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)?-*(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|P(?P<fiscal>\d{1,2})"
    r"|M(?P<month>\d{1,2})D(?P<day>\d*)|(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?-*"
)


def _shown(text: object) -> str:
    """What a person typed, as text."""
    if isinstance(text, dt.datetime):
        return text.date().isoformat()
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    if isinstance(text, float):
        raise UnreadablePeriod(text=text)  # 2026.1 may be January or October
    return narrow(str(text))


def _read(text: str, whole: str | None = None) -> _Reading:
    """Understand a period's text; `whole` is shown in the fault."""
    canonical = text.upper().translate(str.maketrans("一二三四", "1234"))
    for found, put in _CANONICAL:
        canonical = re.sub(found, put, canonical)
    match = _READABLE.fullmatch(canonical)
    part = {k: int(v) for k, v in match.groupdict().items() if v} if match else {}
    year = part.get("year")
    month, day = part.get("month", part.get("m")), part.get("day", part.get("d"))
    if not part or (year is None and "m" in part):
        raise UnreadablePeriod(text=whole or text)
    if half := part.get("half"):
        return _Reading(Level.HALF, year, f"H{half}")
    if quarter := part.get("quarter"):
        return _Reading(Level.QUARTER, year, f"Q{quarter}")
    if "fiscal" in part and 1 <= part["fiscal"] <= 12:
        return _Reading(Level.MONTH, year, f"-P{part['fiscal']:02d}")
    if month is not None and day is not None:
        try:
            dt.date(year or 2000, month, day)
        except ValueError:
            raise UnreadablePeriod(text=whole or text) from None
        return _Reading(Level.DAY, year, f"-{month:02d}-{day:02d}")
    if month is not None and 1 <= month <= 12:
        return _Reading(Level.MONTH, year, f"-{month:02d}")
    if set(part) == {"year"}:
        return _Reading(Level.YEAR, year, "")
    raise UnreadablePeriod(text=whole or text)


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
