"""Arguments of functions over time: a level, a calendar, a fiscal year, a choice that may be left out.

Working days follow the State Council's notices, and the rows of a calendar that is given. For a year without a notice
nothing is guessed: a function that needs its working days says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsales.core.calendars import WorkCalendar, whole_year
from xlsales.core.faults import Fault
from xlsales.core.periods import Timeline, timeline
from xlsales.core.plan import DayRule, MonthPattern
from xlsales.functions.cell import BlankCell, choice, date, whole_number, words_of
from xlsales.functions.cells import cells
from xlsales.values.cell import is_blank
from xlsales.vocabulary.contract import DAY_KINDS, MONTH_PATTERNS, Word

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
FISCAL_MONTH = Word("财年起始月,默认 1", "First month of fiscal years")
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


def read_fiscal_month(value: Any) -> int:
    """Return the argument fiscal_month, 1 if it is blank. Raises what `whole_number` raises."""
    cell, place = cells("fiscal_month", value).one()
    return 1 if is_blank(cell) else whole_number(cell, place, low=1, high=12)


def read_pattern(value: Any) -> MonthPattern:
    """Return the argument pattern; calendar months if it is blank. Raises ErrorCell or ChoiceUnknown."""
    return MonthPattern(read_choice("pattern", value, words_of(MONTH_PATTERNS), MonthPattern.NATURAL))


def read_timeline(start: Any, finish: Any, fiscal_month: int = 1) -> Timeline:
    """Return the days from the argument start to the argument finish, both inside."""
    first = date(*cells("start", start).one())
    return timeline(first, date(*cells("finish", finish).one(), last=True), fiscal_month=fiscal_month)


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
