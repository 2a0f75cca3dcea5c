"""Titles of a stretch of time, `1-3月累计`, `YTD Sep`, above a table of one day or without dates.

Such figures belong to no single day or month. People are asked about a table without dates. A table of a single period
is dated at its end, and a note says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.text import narrow
from xlsales.values.date_text import MONTH_NAME, DateBounds, Stamp, day_of, month_number

_TO = r"\s*(?:[-~—–至到]|to|through|thru)\s*"
_CUMULATIVE = expression(
    r"(?<![本当]月)累[计積]|年初[至到]|年初以来|\bytd|ytd\b|year[\s-]*to[\s-]*date|cumulative|running total"
)
_UNTIL = expression(r"截[至止]|\bas (?:of|at)\b|\bthrough\b|\bup to\b")
_DAYS = r"(?:(20\d\d)\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?![\d.])\s*[日号]?"
_PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("days", expression(rf"(?<![\d.]){_DAYS}{_TO}{_DAYS}")),
    ("days of a month", expression(rf"(?:(20\d\d)\s*年\s*)?(\d\d?)\s*月\s*\d\d?\s*[日号]?{_TO}(\d\d?)\s*[日号]")),
    (
        "months of a year",
        expression(rf"(20\d\d)\s*[/.年]\s*\d\d?\s*月?{_TO}(?:(20\d\d)\s*[/.年]\s*)?(\d\d?)(?![\d日号])"),
    ),
    ("months of a year", expression(r"(20\d\d)-\d\d?(?:\s*(?:[~—–至到]|to)\s*|\s+-\s+)(?:(20\d\d)-)?(\d\d?)(?![-\d])")),
    ("months", expression(rf"(?<![\d.])\d{{1,2}}\s*月?份?{_TO}(\d{{1,2}})\s*月(?!饼)")),
    ("names", expression(rf"\b{MONTH_NAME}\.?{_TO}({MONTH_NAME})\b")),
    ("quarters", expression(r"前\s*([二两三])\s*个?季")),
    ("quarter", expression(r"第?\s*([一二三四1-4])\s*季度?|\bq([1-4])\b|\b([1-4])q\b")),
    ("half", expression(r"([上下])半年|\bh([12])\b")),
)  # fmt: skip
"""Periods of more than a day or a month, the longer patterns first."""
_YEAR = expression(r"(?<!\d)(20\d\d)(?!\d)")
_ENDS = (
    expression(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"),
    expression(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})(?!\d)"),
    expression(r"(?<!\d)()(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]"),
    expression(r"(?<!\d)()(\d{1,2})\s*月"),
)


class TitleOfPeriod(Fault):
    """A table without dates; its title says that its figures are of a stretch of time."""

    zh = (
        "“{label}”的标题“{title}”说的是一段时间的合计,表里没有日期,分不到各月、各天。整张表都计到最后一天,"
        "请在“列对应”里填写:字段 日期,值 {end};要按月看,请换成每月一列的发生额。"
    )
    en = (
        "Title '{title}' of '{label}' speaks of a stretch of time, and the table has no dates: its figures are of no "
        "single month or day. To count all of it on the last day, enter in table Column mapping field date and value "
        "{end}; to see months, give each month a column."
    )


class CountedAtEnd(Fault):
    """Figures of a stretch of time that were dated at its end."""

    zh = "标题“{title}”说的是一段时间的合计,金额全部计到 {end}:到这天的累计对,这个月、这一天的不只是当期的。"
    en = (
        "Title '{title}' speaks of a stretch of time: all was counted on {end}. Totals up to that day are right; that "
        "month and that day have more than their own."
    )
    remark = True


class TitlePeriod(Struct, frozen=True):
    """A title of a stretch of time: the title, its last day if it is known, and whether it names running totals.

    `until`: the title only says up to which day the figures are complete.
    """

    title: str
    end: dt.date | None
    cumulative: bool
    until: bool


def period_of_titles(titles: Sequence[str], span: DateBounds) -> TitlePeriod | None:
    """The stretch of time that the titles name; None if they name a day, a month or nothing."""
    texts = [(title, narrow(title).casefold()) for title in titles]
    years = {int(year) for _, text in texts for year in _YEAR.findall(text)}
    year = years.pop() if len(years) == 1 else None
    for title, text in texts:
        cumulative, until = bool(_CUMULATIVE.search(text)), bool(_UNTIL.search(text))
        stamp = _last_of(text)
        if stamp is None and not cumulative and not until:
            continue
        if stamp is None:
            stamp = _last_day(text)
        if until and not cumulative and stamp is None:
            continue
        end = _day(stamp, year, span) if stamp is not None else None
        return TitlePeriod(title, end, cumulative, until)
    return None


def _last_of(text: str) -> Stamp | None:
    """The last day or month of a range, a quarter or a half; None without one."""
    for kind, pattern in _PERIODS:
        match = pattern.search(text)
        if match is None:
            continue
        parts = [part for part in match.groups() if part is not None]
        if kind == "days":
            year = int(match[4] or match[1]) if match[4] or match[1] else None
            return Stamp(year, int(match[5]), int(match[6]))
        if kind == "days of a month":
            return Stamp(int(match[1]) if match[1] else None, int(match[2]), int(match[3]))
        if kind == "months of a year":
            return Stamp(int(match[2] or match[1]), int(match[3]))
        if kind == "months":
            return Stamp(None, int(match[1]))
        if kind == "names":
            return Stamp(None, month_number(match[1]))
        number = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "上": 1, "下": 2}.get(parts[0]) or int(parts[0])
        return Stamp(None, number * (6 if kind == "half" else 3))
    return None


def _last_day(text: str) -> Stamp | None:
    """The last day or month that a text names."""
    for pattern in _ENDS:
        if days := pattern.findall(text):
            year, month, *day = days[-1]
            return Stamp(int(year) if year else None, int(month), int(day[0]) if day else None)
    names = re.findall(rf"\b({MONTH_NAME})\b", text)
    return Stamp(None, month_number(names[-1])) if names else None


def _day(stamp: Stamp, year: int | None, span: DateBounds) -> dt.date | None:
    """The last day of a stamp; `year`: that of the titles."""
    month = stamp.month or 0
    if not 1 <= month <= 12:
        return None
    of = stamp.year or year or span.year_of(month, stamp.day)
    if of is None:
        return None
    return day_of(of, month, stamp.day) if stamp.day else span.days_of(of, month)[1]


def note_of_end(above: TitlePeriod | None, days: NDArray[np.datetime64], dated: bool, label: str) -> list[Problem]:
    """A note if the figures of a stretch of time were all counted on one day; `dated`: by dates of the rows."""
    if above is None or not len(days) or (days != days[0]).any():
        return []
    day = dt.date.fromisoformat(str(days[0]))
    if dated and not above.cumulative and (above.until or above.end != day):
        return []
    return [Problem.note(Place(label), above.title, CountedAtEnd(title=above.title, end=day))]
