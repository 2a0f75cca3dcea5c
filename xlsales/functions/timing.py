"""SPLIT_TIME, WORKDAYS_CN, TIME_PROGRESS and WEEKDAY_INDEX: targets, days and sales on the calendar.

Working days follow the State Council's notices. Nothing is guessed for a year
without one: a function that needs it says so, and SPLIT_TIME, which needs no
working days unless it splits by them, writes 未公布 in their place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.calendars import DayKind, WorkCalendar, work_calendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.periods import Level, Period, Timeline, name_of, timeline
from xlsales.core.plan import Clock
from xlsales.core.progress import elapsed
from xlsales.core.weights import sum_days
from xlsales.core.weights import weekday_index as index_of
from xlsales.functions.amounts import read_step, read_total, told_in
from xlsales.functions.cell import BlankCell, Place, choice, date, number_or_blank
from xlsales.functions.cells import Block, CountsDiffer, Floats, cells
from xlsales.values.cell import is_blank
from xlsales.vocabulary.contract import CLOCKS, MONTH_METHODS, Word

NOT_ANNOUNCED = Word("未公布", "not announced")

_LEVELS: dict[str, tuple[str, ...]] = {
    "month": ("月", "month", "月度", "每月", "months", "monthly"),
    "year": ("年", "year", "年度", "每年", "years", "yearly"),
    "half": ("半年", "half-year", "半年度", "halves", "halfyears"),
    "quarter": ("季", "quarter", "季度", "每季", "quarters", "quarterly"),
    "week": ("周", "week", "星期", "每周", "weeks", "weekly"),
    "day": ("日", "day", "天", "每日", "每天", "days", "daily"),
}


def _known(words: dict[str, Word], *keys: str) -> dict[str, tuple[str, ...]]:
    return {key: (words[key].zh, words[key].en) for key in keys}


_BASES = _known(MONTH_METHODS, "equal", "calendar_days", "working_days")
_BASES["calendar_days"] += ("天数", "自然日", "days")
_CLOCKS = _known(CLOCKS, "calendar", "working_days")
_CLOCKS["calendar"] += ("天数", "自然日", "days")


class YearNotAnnounced(Fault):
    """A year whose holidays this program does not know."""

    zh = "{year}年放假安排未公布(或本程序还没有收录),算不出工作日。请改用日历天,或更新程序后再算。"
    en = "The holidays of {year} are not announced, or not known to this version. Use calendar days, or update it."


def split_time(
    total: Any,
    start: Any,
    finish: Any,
    level: Any = None,
    weights: Any = None,
    step_size: Any = None,
    basis: Any = None,
    *,
    lang: Lang = "zh",
) -> Block:
    """Return a row per period: label, first day, last day, working days, target; the targets add up to `total`.

    Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    line = _timeline(start, finish)
    fine = Level(_chosen("level", level, _LEVELS, "month"))
    periods = line.periods(fine)
    calendar = work_calendar(line.days)
    given = cells("weights", weights)
    if given.blank:
        weighed = _by_basis(_chosen("basis", basis, _BASES, "calendar_days"), line, fine, calendar)
    else:
        entered = [v for v, _ in given.line()]
        if len(entered) != len(periods):
            raise CountsDiffer(
                name="weights", count=len(entered), expected=len(periods), zh_other="期间", en_other="the periods"
            )
        weighed = given.numbers(low=0).ravel()
    part = ~np.isnan(weighed)
    positions = np.flatnonzero(part)
    with told_in(step, lambda p: given.place_at(int(positions[p]))):
        shared = iter(step.amounts(allocate(amount, weighed[part])).tolist())
    worked = sum_days(line, fine, calendar.working)
    return [
        [
            _label(period, line, lang),
            period.start,
            period.end,
            _working(period, days, calendar, lang),
            next(shared) if taking else None,
        ]
        for period, days, taking in zip(periods, worked.tolist(), part.tolist(), strict=True)
    ]


def workdays_cn(start: Any, finish: Any) -> Block:
    """Return the number of working days from `start` to `finish`, both inside. Raises Fault."""
    calendar = work_calendar(_timeline(start, finish).days)
    _check_announced(calendar)
    return [[float(calendar.working.sum())]]


def time_progress(start: Any, finish: Any, as_of: Any, clock: Any = None) -> Block:
    """Return the share of the time from `start` to `finish` that has gone by at the end of `as_of`.

    Blank where the clock has nothing to count: by working days, in the middle of a holiday. Raises Fault.
    """
    line = _timeline(start, finish)
    today = date(*cells("as_of", as_of).one(), last=True)
    chosen = Clock(_chosen("clock", clock, _CLOCKS, "calendar"))
    calendar = work_calendar(line.days)
    if chosen is Clock.WORKING_DAYS:
        _check_announced(calendar)
    whole = Period("", Level.YEAR, line.start, line.end)
    share = float(elapsed(chosen, line, calendar, np.ones(line.n_days), today, [whole])[0])
    return [[None if np.isnan(share) else share]]


def weekday_index(dates: Any, amounts: Any) -> Block:
    """Return a column of seven indexes, Monday to Sunday, the weakest 1.

    A row with a blank amount is left out; a day that is not listed sold nothing. Raises Fault.
    """
    days, sold, unknown = _records(dates, amounts)
    span = np.arange(days.min(), days.max() + 1) if days.size else days
    _check_announced(work_calendar(span))
    aside = np.unique(unknown)
    kinds = np.full(aside.size, DayKind.HOLIDAY, dtype=np.int8)
    calendar = WorkCalendar(aside, kinds, np.ones(aside.size), ())
    with np.errstate(over="ignore", invalid="ignore"):
        found = index_of(days, sold, calendar)
    return [[v] for v in np.round(found, 12).tolist()]


def _records(dates: Any, amounts: Any) -> tuple[Any, Floats, Any]:
    """Days and amounts of the rows that have both, and the days whose amount is blank."""
    when, what = cells("dates", dates), cells("amounts", amounts)
    day_cells, amount_cells = when.line(), what.line()
    if len(day_cells) != len(amount_cells):
        raise CountsDiffer(
            name="amounts", count=len(amount_cells), expected=len(day_cells), zh_other=" dates ", en_other="dates"
        )
    days: list[dt.date] = []
    sold: list[float] = []
    unknown: list[dt.date] = []
    for (day, day_place), (amount, place) in zip(day_cells, amount_cells, strict=True):
        read = number_or_blank(amount, place)
        if is_blank(day) and read is None:
            continue
        if read is None:
            unknown.append(date(day, day_place))
        else:
            days.append(date(day, day_place))
            sold.append(float(read))
    if not days:
        raise BlankCell(where=Place("amounts"))
    return np.array(days, "datetime64[D]"), np.array(sold), np.array(unknown, "datetime64[D]")


def _timeline(start: Any, finish: Any) -> Timeline:
    first = date(*cells("start", start).one())
    return timeline(first, date(*cells("finish", finish).one(), last=True))


def _chosen(name: str, value: Any, words: dict[str, tuple[str, ...]], otherwise: str) -> str:
    """The choice of an argument; `otherwise` where it is blank."""
    cell, place = cells(name, value).one()
    return otherwise if is_blank(cell) else choice(cell, place, words)


def _by_basis(basis: str, line: Timeline, level: Level, calendar: WorkCalendar) -> Floats:
    if basis == "equal":
        return np.ones(len(line.periods(level)))
    if basis == "calendar_days":
        return sum_days(line, level, np.ones(line.n_days))
    _check_announced(calendar)
    return sum_days(line, level, calendar.working)


def _check_announced(calendar: WorkCalendar) -> None:
    if calendar.unannounced:
        raise YearNotAnnounced(year=calendar.unannounced[0])


def _working(period: Period, days: float, calendar: WorkCalendar, lang: Lang) -> float | str:
    """A period's working days, or the word that its year is not announced."""
    known = not any(year in calendar.unannounced for year in range(period.start.year, period.end.year + 1))
    return days if known else NOT_ANNOUNCED[lang]


def _label(period: Period, line: Timeline, lang: Lang) -> str:
    """A period's name, with its year where the plan has several and the name has none."""
    name = name_of(period, lang)
    if line.start.year == line.end.year or period.level in (Level.YEAR, Level.HALF):
        return name
    year = period.start.year
    return f"{year}年{name}" if lang == "zh" else f"{name} {year}"
