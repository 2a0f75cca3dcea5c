"""PERIOD_OF and TIME_PROGRESS: the period that a day is in, and how much of a time has gone by."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.periods import MONTHS_EN, Level, Period, Timeline, name_of, timeline
from xlsales.core.plan import Clock, FiscalYear
from xlsales.core.progress import elapsed
from xlsales.functions.cell import ArgumentCell, BlankCell, date, date_or_blank, words_of
from xlsales.functions.cells import ArgumentCells, Block, cells, each
from xlsales.functions.dates import (
    AS_OF,
    FINISH,
    FISCAL_MONTH,
    LEVELS,
    MONTH_END,
    START,
    WEEK_START,
    check_announced,
    read_choice,
    read_fiscal_year,
    read_timeline,
)
from xlsales.functions.worksheet import Example, argument, head, result, worksheet
from xlsales.vocabulary.contract import CLOCKS, Word

_CLOCKS = words_of(CLOCKS, "calendar", "working_days", "target_curve")
_CLOCKS["calendar"] += ("天数", "自然日", "days")
_CURVE_LEVELS = (Level.DAY, Level.WEEK, Level.MONTH, Level.QUARTER)


class CurveDoesNotFit(Fault):
    """A curve with another number of cells than the time has periods."""

    zh = (
        "curve 有 {count} 格,这段时间是 {days} 天、{weeks} 周、{months} 个月、{quarters} 个季度。"
        "请每天、每周、每月或每季一格。"
    )
    en = (
        "curve has {count:cells}; the time has {days:days}, {weeks:weeks}, {months:months}, {quarters:quarters}. "
        "Give a cell for each of one kind."
    )


@worksheet(
    Word(
        "日期属于哪个期间:2026年第1季度、2026年3月;与日期区域同形。",
        "The period of each day: Q1 2026, Mar 2026. Same shape as the dates.",
    ),
    Example(
        8,
        Word("财年从 4 月起,这天在第几季度", "The quarter of a fiscal year from April"),
        Word('=PERIOD_OF({dates},"季",4)', '=PERIOD_OF({dates},"quarter",4)'),
        (
            head(Word("日期", "Date"), Word("期间", "Period")),
            (
                argument("dates", dt.date(2026, 5, 20), "date"),
                result(Word("2026年第1季度", "Q1 2026"), "text"),
            ),
            (
                argument("dates", dt.date(2027, 2, 1), "date"),
                result(Word("2026年第4季度", "Q4 2026"), "text"),
            ),
        ),
    ),
    dates=Word("日期,一格或一片;空 = 空", "Dates; blank stays blank"),
    level=Word("年、半年、季、月、周、日,默认月", "year, half, quarter, month (default), week, day"),
    fiscal_month=FISCAL_MONTH,
    pattern=Word("自然月(默认),或 4-4-5、4-5-4、5-4-4", "calendar months (default), 4-4-5, 4-5-4, 5-4-4"),
    month_end=MONTH_END,
    week_start=WEEK_START,
    year_end=Word("4-4-5 等的财年止于离月底最近(默认)或最后的一周", "4-4-5 years end nearest (default) or last"),
)
def period_of(
    dates: Any,
    level: Any = None,
    fiscal_month: Any = None,
    pattern: Any = None,
    month_end: Any = None,
    week_start: Any = None,
    year_end: Any = None,
    *,
    lang: Lang = "zh",
) -> Block:
    """Return the name of the period that each day is in, with its year, in the shape of `dates`.

    The year of a fiscal year is the one in which it starts. Raises Fault.
    """
    fine = Level(read_choice("level", level, LEVELS, "month"))
    fiscal = read_fiscal_year(fiscal_month, pattern, month_end, week_start, year_end)

    def name(cell: tuple[Any, ArgumentCell]) -> str | None:
        day = date_or_blank(*cell)
        if day is None:
            return None
        line = _years_around(day.year, fiscal)
        position = int(line.index_of_day(fine)[(day - line.start).days])
        return label_of(line.periods(fine)[position], lang, True)

    return each(name, cells("dates", dates))


@lru_cache(64)
def _years_around(year: int, fiscal: FiscalYear) -> Timeline:
    """The days of a year, of the one before and of the one after: no period of the year is cut."""
    return timeline(dt.date(year - 1, 1, 1), dt.date(year + 1, 12, 31), fiscal)


def label_of(period: Period, lang: Lang, several: bool) -> str:
    """Return a period's name, with its year if there are several and the name has none.

    A week that is counted in its month is named with the month too.
    """
    name = name_of(period, lang)
    if not several or period.level in (Level.YEAR, Level.HALF):
        return name
    year, month = period.key[:4], period.key[5:].partition("W")[0] if period.level is Level.WEEK else ""
    if month:
        number = int(month.lstrip("P"))
        zh, en = (f"第{number}财月", month) if month.startswith("P") else (f"{number}月", MONTHS_EN[number - 1])
        return f"{year}年{zh}{name}" if lang == "zh" else f"{name} {en} {year}"
    return f"{year}年{name}" if lang == "zh" else f"{name} {year}"


@worksheet(
    Word(
        "时间进度:到截止日(含)过去的比例。",
        "Time progress: the share that has gone by at the end of the as-of date.",
    ),
    Example(
        4,
        Word("时间过去了多少;这里按工作日", "Time gone by, here by working days"),
        Word(
            '=TIME_PROGRESS({start},{finish},{as_of},"工作日")',
            '=TIME_PROGRESS({start},{finish},{as_of},"working days")',
        ),
        (
            head(START, FINISH, AS_OF, Word("时间进度", "Progress")),
            (
                argument("start", dt.date(2026, 10, 1), "date"),
                argument("finish", dt.date(2026, 10, 31), "date"),
                argument("as_of", dt.date(2026, 10, 15), "date"),
                result(7 / 18, "percent"),
            ),
        ),
    ),
    start=START,
    finish=FINISH,
    as_of=Word("截止日", "As-of date"),
    clock=Word(
        "日历天(默认)、工作日,或目标曲线",
        "calendar days (default), working days or target curve",
    ),
    curve=Word(
        "目标曲线:每天、每周、每月或每季一格;给了就按它算",
        "The target of each day, week, month or quarter; if it is given, it is the clock",
    ),
)
def time_progress(start: Any, finish: Any, as_of: Any, clock: Any = None, curve: Any = None) -> Block:
    """Return the elapsed share of the time from `start` to `finish` at the end of `as_of`.

    By the target curve it is the target up to `as_of` ÷ the whole; inside a period of the curve the target goes by
    calendar days. Blank if the clock has nothing to count, such as working days in the middle of a holiday.
    Raises Fault.
    """
    line = read_timeline(start, finish)
    today = date(*cells("as_of", as_of).one(), last=True)
    targets = cells("curve", curve)
    otherwise = Clock.CALENDAR if targets.blank else Clock.TARGET_CURVE
    by = Clock(read_choice("clock", clock, _CLOCKS, otherwise))
    calendar = work_calendar(line.days)
    if by is Clock.WORKING_DAYS:
        check_announced(calendar)
    days = _by_day(targets, line) if by is Clock.TARGET_CURVE else np.ones(line.n_days)
    whole = Period("", Level.YEAR, line.start, line.end)
    share = float(elapsed(by, line, calendar, days, today, [whole])[0])
    return [[share if np.isfinite(share) else None]]


def _by_day(curve: ArgumentCells, line: Timeline) -> Floats:
    """The target of each day; a curve has a cell for each day, or for each period of another level."""
    if curve.blank:
        raise BlankCell(where=ArgumentCell(curve.name))
    curve.line()
    targets = np.nan_to_num(curve.numbers(low=0, share=False).ravel())
    for level in _CURVE_LEVELS:
        if len(line.periods(level)) == targets.size:
            index = line.index_of_day(level)
            return np.asarray((targets / np.bincount(index))[index])
    counts = [len(line.periods(level)) for level in _CURVE_LEVELS]
    raise CurveDoesNotFit(count=targets.size, days=counts[0], weeks=counts[1], months=counts[2], quarters=counts[3])
