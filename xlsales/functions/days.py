"""Days on the calendar: working days, holidays and the lunar date, for cells and ranges of dates.

A blank date gives a blank. In ranges a date of a year without a notice gives 未公布 in its own cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from xlsales.core.calendars import DayKind, WorkCalendar, feast_of, work_calendar, working_days
from xlsales.core.faults import Lang
from xlsales.core.lunar import lunar_day
from xlsales.core.plan import DayRule
from xlsales.functions.cell import ArgumentCell, date_or_blank, number_or_blank
from xlsales.functions.cells import Block, cells, each
from xlsales.functions.dates import (
    CALENDAR,
    FINISH,
    NOT_ANNOUNCED,
    START,
    check_announced,
    read_calendar,
    read_timeline,
)
from xlsales.functions.worksheet import Example, argument, head, result, same, worksheet
from xlsales.values.cell import CellFault, in_bounds, whole
from xlsales.vocabulary.contract import DAY_KINDS, Word

_MOST_DAYS = 10_000
_DATES = Word("日期,一格或一片;空 = 空", "Dates, one or a range; blank stays blank")
_DATE = Word("日期", "Date")


class NoDaysToAdd(CellFault):
    """A number of working days that is zero."""

    zh = "{where}是 0。往后数请填 1 或以上(开始日期是工作日就算第 1 天),往前数请填负数。"
    en = "{where} is 0. Enter 1 or more; a first day that is worked counts as the first. Negative counts back."


@worksheet(
    Word(
        "两个日期之间的工作日天数,含调休,按国务院放假安排。",
        "Working days between two dates by the State Council's notices, make-up days included.",
    ),
    Example(
        4,
        Word("国务院安排,含调休", "By the State Council's notices"),
        same("=WORKDAYS_CN({start},{finish})"),
        (
            head(START, FINISH, Word("工作日", "Working days")),
            (
                argument("start", dt.date(2026, 10, 1), "date"),
                argument("finish", dt.date(2026, 10, 31), "date"),
                result(18.0),
            ),
        ),
    ),
    start=START,
    finish=FINISH,
    calendar=CALENDAR,
)
def workdays_cn(start: Any, finish: Any, calendar: Any = None) -> Block:
    """Return the number of working days from `start` to `finish`, both inside.

    Of a whole year that is not announced it is the number by law, as in the plan. Raises Fault.
    """
    line, rules = read_timeline(start, finish), read_calendar(calendar)
    known = work_calendar(line.days, rules)
    check_announced(known, line.start, line.end)
    return [[float(working_days(known, line.start, line.end, rules))]]


@worksheet(
    Word(
        "是不是工作日:1 = 上班(含调休),0 = 休息,按国务院放假安排;与日期区域同形。",
        "Whether days are worked by the State Council's notices: 1 yes, 0 no. Same shape as the dates.",
    ),
    Example(
        6,
        Word("周六调休要上班", "A Saturday worked as make-up day"),
        same("=IS_WORKDAY_CN({dates})"),
        (
            head(_DATE, Word("上班", "Worked")),
            (argument("dates", dt.date(2026, 10, 9), "date"), result(1.0)),
            (argument("dates", dt.date(2026, 10, 10), "date"), result(1.0)),
            (argument("dates", dt.date(2026, 10, 11), "date"), result(0.0)),
        ),
    ),
    dates=_DATES,
    calendar=CALENDAR,
)
def is_workday_cn(dates: Any, calendar: Any = None, *, lang: Lang = "zh") -> Block:
    """Return 1 for a day that is worked and 0 for one that is not, in the shape of `dates`.

    未公布 for a day of a year without a notice. Raises Fault.
    """
    worked = (DayKind.WORKING, DayKind.MAKE_UP)
    return _by_kind(dates, calendar, lang, lambda day, kind: float(kind in worked))


@worksheet(
    Word(
        "假日名称:国庆节、春节等,调休日写“调休上班”,其余日子为空;与日期区域同形。",
        "The holiday of each day, make-up days by that word, blank for others. Same shape as the dates.",
    ),
    Example(
        6,
        Word("这天是什么假", "Which holiday it is"),
        same("=HOLIDAY_CN({dates})"),
        (
            head(_DATE, Word("假日", "Holiday")),
            (
                argument("dates", dt.date(2026, 10, 1), "date"),
                result(Word("国庆节", "National Day"), "text"),
            ),
            (argument("dates", dt.date(2026, 10, 9), "date"), result(None, "text")),
            (
                argument("dates", dt.date(2026, 2, 17), "date"),
                result(Word("春节", "Spring Festival"), "text"),
            ),
        ),
    ),
    dates=_DATES,
    calendar=CALENDAR,
)
def holiday_cn(dates: Any, calendar: Any = None, *, lang: Lang = "zh") -> Block:
    """Return the name of each day's holiday, in the shape of `dates`; blank for an ordinary day.

    未公布 for a day of a year without a notice. Raises Fault.
    """

    def name(day: dt.date, kind: DayKind) -> str | None:
        if kind is DayKind.HOLIDAY:
            return (feast_of(day) or DAY_KINDS["holiday"])[lang]
        return DAY_KINDS["make_up"][lang] if kind is DayKind.MAKE_UP else None

    return _by_kind(dates, calendar, lang, name)


@worksheet(
    Word(
        "从开始日期数到第几个工作日的日期:开始日期是工作日就算第 1 天;负数往前数。",
        "The date of the nth working day, the first day counted if it is worked; a negative number counts back.",
    ),
    Example(
        7,
        Word("国庆前开工的三天活,节后完工", "Three days of work around a holiday"),
        same("=WORKDAY_ADD_CN({start},{days})"),
        (
            head(START, Word("工作日", "Working days"), FINISH),
            (
                argument("start", dt.date(2026, 9, 30), "date"),
                argument("days", 3.0),
                result(dt.date(2026, 10, 9), "date"),
            ),
        ),
    ),
    start=Word("开始日期,一格或一片", "First day, one or a range"),
    days=Word("第几个工作日,一格或一片", "Number of working days, one or a range"),
    calendar=CALENDAR,
)
def workday_add_cn(start: Any, days: Any, calendar: Any = None, *, lang: Lang = "zh") -> Block:
    """Return the last of so many working days, of which the first is `start` or the next day that is worked.

    Blank if one is blank; 未公布 if the days touch a year without a notice. Raises Fault.
    """
    rules = read_calendar(calendar)

    def last(first: tuple[Any, ArgumentCell], count: tuple[Any, ArgumentCell]) -> dt.date | str | None:
        day, number = date_or_blank(*first), number_or_blank(*count, share=False)
        if day is None or number is None:
            return None
        found = _nth_working_day(day, _day_count(number, count[1]), rules)
        return NOT_ANNOUNCED[lang] if found is None else found

    return each(last, cells("start", start), cells("days", days))


@worksheet(
    Word(
        "农历日期:正月初一、闰六月初八;与日期区域同形。",
        "The lunar date: month and day, a leap month so named. Same shape as the dates.",
    ),
    Example(
        7,
        Word("农历的这一天", "The day in the lunar calendar"),
        same("=LUNAR_DATE({dates})"),
        (
            head(_DATE, Word("农历", "Lunar date")),
            (
                argument("dates", dt.date(2026, 2, 17), "date"),
                result(Word("正月初一", "month 1 day 1"), "text"),
            ),
        ),
    ),
    dates=_DATES,
)
def lunar_date(dates: Any, *, lang: Lang = "zh") -> Block:
    """Return each day's lunar month and day, in the shape of `dates`. Raises Fault."""

    def text(cell: tuple[Any, ArgumentCell]) -> str | None:
        day = date_or_blank(*cell)
        if day is None:
            return None
        lunar = lunar_day(day)
        return lunar.text if lang == "zh" else f"{'leap ' * lunar.leap}month {lunar.month} day {lunar.day}"

    return each(text, cells("dates", dates))


def _by_kind(dates: Any, calendar: Any, lang: Lang, value: Callable[[dt.date, DayKind], Any]) -> Block:
    """The value of each day by its kind, in the shape of the dates."""
    days = each(lambda cell: date_or_blank(*cell), cells("dates", dates))
    order = sorted({day for row in days for day in row if day is not None})
    known = work_calendar(np.array(order, "datetime64[D]"), read_calendar(calendar))
    kinds = {day: DayKind(kind) for day, kind in zip(order, known.kinds.tolist(), strict=True)}

    def shown(day: dt.date | None) -> Any:
        if day is None:
            return None
        return NOT_ANNOUNCED[lang] if day.year in known.unannounced else value(day, kinds[day])

    return [[shown(day) for day in row] for row in days]


def _day_count(number: Decimal, place: ArgumentCell) -> int:
    count = whole(in_bounds(number, place, -_MOST_DAYS, _MOST_DAYS), place)
    if not count:
        raise NoDaysToAdd(where=place)
    return count


def _nth_working_day(first: dt.date, count: int, rules: Sequence[DayRule]) -> dt.date | None:
    """The nth working day from a day on, or back from it; None if a year on the way is not announced."""
    way = 1 if count > 0 else -1
    length = 2 * abs(count) + 40 + len(rules)  # half of all days are worked, but for feasts and what rules take off
    steps = way * np.arange(length)
    days = np.datetime64(first) + (steps if way > 0 else steps[::-1])
    known: WorkCalendar = work_calendar(days, rules)
    worked = known.days[known.working][::way]
    if len(worked) < abs(count):
        return None
    last: dt.date = worked[abs(count) - 1].item()
    touched = range(min(first, last).year, max(first, last).year + 1)
    return None if any(year in known.unannounced for year in touched) else last
