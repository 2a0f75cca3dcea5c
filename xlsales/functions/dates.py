"""Arguments of functions over time: a level, a calendar, a fiscal year, a choice that may be left out.

Working days follow the State Council's notices, and the rows of a calendar that is given. For a year without a notice
nothing is guessed: a function that needs its working days says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsales.core.calendars import WorkCalendar, whole_year
from xlsales.core.faults import Fault
from xlsales.core.periods import CALENDAR_YEAR, Timeline, timeline
from xlsales.core.plan import LONGEST_MONTH, DayRule, FiscalYear, MonthPattern, YearEnd
from xlsales.functions.cell import BlankCell, choice, date, whole_number, words_of
from xlsales.functions.cells import cells
from xlsales.values.cell import is_blank
from xlsales.values.date_text import WEEK_START_WORDS
from xlsales.vocabulary.contract import DAY_KINDS, MONTH_PATTERNS, WEEK_STARTS, YEAR_ENDS, Word

NOT_ANNOUNCED = Word("未公布", "not announced")
LEVELS: dict[str, tuple[str, ...]] = {
    "month": ("月", "month", "月度", "每月", "months", "monthly"),
    "year": ("年", "year", "年度", "每年", "years", "yearly"),
    "half": ("半年", "half-year", "半年度", "halves", "halfyears"),
    "quarter": ("季", "quarter", "季度", "每季", "quarters", "quarterly"),
    "week": ("周", "week", "星期", "每周", "weeks", "weekly"),
    "day": ("日", "day", "天", "每日", "每天", "days", "daily"),
}
START, FINISH, AS_OF = Word("开始日期", "First day"), Word("结束日期", "Last day"), Word("截止日", "As of")
FISCAL_MONTH = Word("财年起始月,默认 1", "First month of years")
MONTH_END = Word("财月截止日,如 21:1月 = 12/22–1/21", "Months end on day")
WEEK_START = Word("周起始日,默认周一", "Weeks from, e.g. Sun")
CALENDAR = Word(
    "放假安排:计划里“日历”表的日期、类型两列,或一列节假日;省略 = 国务院已公布的",
    "Days off: date and kind, as in sheet Calendar, or a column of holidays; omitted = the notices",
)
"""Help texts that several functions have."""


class YearNotAnnounced(Fault):
    """The holidays of a year are not known to this program."""

    zh = "{year}年放假安排未公布(或本程序还没有收录),算不出工作日。请改用日历天,在 calendar 里给出放假安排,或更新程序。"
    en = (
        "The holidays of {year} are not announced, or not known to this version. Use calendar days, give the days off "
        "in calendar, or update it."
    )


def read_choice(name: str, value: Any, words: dict[str, tuple[str, ...]], otherwise: str) -> str:
    """Return the choice of an argument; `otherwise` if it is blank. Raises ErrorCell or ChoiceUnknown."""
    cell, place = cells(name, value).one()
    return otherwise if is_blank(cell) else choice(cell, place, words)


class NoMonthEnd(Fault):
    """A last day of months of whole weeks."""

    zh = "pattern 是 {pattern} 时,财月由整周组成,没有 month_end。请省略其中一个。"
    en = "Months of {pattern} are of whole weeks: they have no month_end. Omit one of them."


def read_fiscal_year(
    fiscal_month: Any, pattern: Any = None, month_end: Any = None, week_start: Any = None, year_end: Any = None
) -> FiscalYear:
    """Return how the arguments lay years, months and weeks over the days; blank ones as the calendar does.

    Raises NoMonthEnd, and what `whole_number` and `read_choice` raise.
    """
    months = MonthPattern(read_choice("pattern", pattern, words_of(MONTH_PATTERNS), MonthPattern.NATURAL))
    last_day = _read_whole("month_end", month_end, LONGEST_MONTH, LONGEST_MONTH)
    if months is not MonthPattern.NATURAL and last_day < LONGEST_MONTH:
        raise NoMonthEnd(pattern=months.value)
    year_ends = YearEnd(read_choice("year_end", year_end, words_of(YEAR_ENDS), YearEnd.NEAREST))
    weekday = list(WEEK_STARTS).index(read_choice("week_start", week_start, WEEK_START_WORDS, "mon"))
    return FiscalYear(_read_whole("fiscal_month", fiscal_month, 1, 12), months, last_day, year_ends, weekday)


def _read_whole(name: str, value: Any, otherwise: int, high: int) -> int:
    cell, place = cells(name, value).one()
    return otherwise if is_blank(cell) else whole_number(cell, place, low=1, high=high)


def read_timeline(start: Any, finish: Any, fiscal: FiscalYear = CALENDAR_YEAR) -> Timeline:
    """Return the days from the argument start to the argument finish, both inside."""
    first = date(*cells("start", start).one())
    return timeline(first, date(*cells("finish", finish).one(), last=True), fiscal)


def read_calendar(value: Any) -> list[DayRule]:
    """Return the rows of the argument calendar: a date and its kind, or a column of holidays.

    Rows without a date or a kind are left out. Raises BlankCell, ErrorCell, NotADate or ChoiceUnknown.
    """
    table, kinds = cells("calendar", value), words_of(DAY_KINDS)
    rules = []
    for i, row in enumerate(table.rows):
        blank = [is_blank(cell) for cell in row[:2]]
        if all(blank) or (len(blank) > 1 and blank[1]):
            continue
        if blank[0]:
            raise BlankCell(where=table.place(i, 0))
        kind = choice(row[1], table.place(i, 1), kinds) if len(blank) > 1 else "holiday"
        rules.append(DayRule(date(row[0], table.place(i, 0)), kind))
    return rules


def check_announced(calendar: WorkCalendar, first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Raise YearNotAnnounced for days in a year without a notice; from `first` to `last` it may be a whole year."""
    for year in calendar.unannounced:
        if first is None or last is None or not whole_year(year, first, last):
            raise YearNotAnnounced(year=year)
