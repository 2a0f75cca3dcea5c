"""One date as a person types it, read as meant: a day, a month that means its last day, an Excel serial."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.periods import CALENDAR_YEAR, days_of_month
from xlsales.core.plan import FiscalYear
from xlsales.core.text import narrow
from xlsales.values.serials import to_date
from xlsales.vocabulary.contract import WEEK_STARTS

_YEARS_OF_SERIALS = range(1950, 2100)
"""Bare numbers are taken as Excel days only of these years: 1 to 31 or a plain amount is no date."""

_MONTH_NAMES = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
MONTH_NAME = "(?:" + "|".join(sorted(_MONTH_NAMES, key=len, reverse=True)) + ")"
"""What a month is called in English, as an expression on text in lower case."""
_NAME = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))

_TIME = expression(
    r"(?:[\sT]+|(?<=[日号]))(上午|下午|早上|晚上|am|pm)?\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_ZULU = expression(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|\+00:?00)", re.IGNORECASE)
_CHINA = 8
"""A moment in universal time is of the day that it is in China, so many hours later: midnight is 16:00Z."""
_FIRST_MOMENT, _LAST_MOMENT = 946_684_800_000, 4_102_444_800_000
"""Milliseconds of the years 2000 to 2099."""
_WEEKDAY_NAME = (
    r"(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
WEEKDAY_WORDS: dict[str, tuple[str, ...]] = {
    str(i): (*(f"{week}{figure}" for week in ("周", "星期", "礼拜") for figure in figures), name[:3], name)
    for i, (figures, name) in enumerate((
        ("一", "Monday"), ("二", "Tuesday"), ("三", "Wednesday"), ("四", "Thursday"), ("五", "Friday"),
        ("六", "Saturday"), ("日天", "Sunday"),
    ))
}  # fmt: skip
"""The words of each weekday, Monday `0`."""
WEEK_START_WORDS = dict(zip(WEEK_STARTS, WEEKDAY_WORDS.values(), strict=True))
"""The same by the weekdays that weeks may start on, `mon`: a bare figure is none."""
_WEEKDAY = expression(rf"\s*[(]?(?<![a-z]){_WEEKDAY_NAME}[)]?\.?$|^[(]?{_WEEKDAY_NAME}[)]?(?![a-z])[,.]?\s*(?=.)")
_YMD = expression(r"(\d{4})(?:\s*[-/.年]\s*|\s+)(\d{1,2})(?:\s*[-/.月]\s*|\s+)(\d{1,2})\s*[日号]?")
_YM = expression(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?份?")
_MD = expression(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_M = expression(r"(\d{1,2})\s*月份?")
_NAMED_DMY = expression(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-\s/.]*({_NAME})\.?,?[-\s/.]*(\d{{4}}|(?<=[-\s/.])\d{{2}})")
_NAMED_MDY = expression(rf"({_NAME})\.?[-\s]*(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+|-)(\d{{4}})")
_NAMED_YMD = expression(rf"(\d{{4}})[-\s/.]*({_NAME})\.?[-\s/.]*(\d{{1,2}})")
_NAMED_APOSTROPHE = expression(rf"({_NAME})\.?\s*'(\d{{2}})")
_FIGURE_NAMED = expression(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[-\s/.]*({_NAME})\.?|({_NAME})\.?[-\s/.]*(\d{{1,2}})(?:st|nd|rd|th)?"
)
_SHORT_YMD = expression(r"(\d{2})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号]?)?")
_NAMED_MY = expression(rf"({_NAME})\.?[-\s/,]*(\d{{4}})?")


class DateBounds(Struct, frozen=True):
    """The first and last day that are asked for; None: any day. `fiscal` says which days a month has."""

    start: dt.date | None = None
    end: dt.date | None = None
    fiscal: FiscalYear = CALENDAR_YEAR

    def year_of(self, month: int, day: int | None = None) -> int | None:
        """The year that a month (or a day of it) without a year means; None when the span has none, or several."""
        if self.start is None or self.end is None:
            return None
        fitting = []
        beyond = 0 if self.fiscal.calendar_months else 1  # a fiscal month may have days of two years
        for year in range(self.start.year - beyond, self.end.year + beyond + 1):
            if not 1 <= month <= 12:
                return None
            if day is not None:
                one = day_of(year, month, day)
                if one is None:
                    continue
                first, last = one, one
            else:
                first, last = self.days_of(year, month)
            if last >= self.start and first <= self.end:
                fitting.append(year)
        if not fitting and self.start.year == self.end.year:
            return self.start.year
        return fitting[0] if len(fitting) == 1 else None

    def has_year_among_several(self, year: int) -> bool:
        """Whether the span goes over several years, and this is one of them."""
        if self.start is None or self.end is None or self.start.year == self.end.year:
            return False
        return self.start.year <= year <= self.end.year

    def month_end(self, year: int, month: int) -> dt.date | None:
        """The day a month's figure is dated at: its last day, or the span's last day if that cuts the month.

        A monthly figure is known when the month is over, so that progress as of that day holds all of it.
        """
        if not (1 <= month <= 12 and 1 <= year <= 9999):
            return None
        first, last = self.days_of(year, month)
        if self.end is not None and first <= self.end < last:
            return self.end
        return last

    def days_of(self, year: int, month: int) -> tuple[dt.date, dt.date]:
        """The first and last day of a month, whole."""
        if self.fiscal.calendar_months:
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return days_of_month(year, month, self.fiscal)


class Stamp(Struct, frozen=True):
    """The parts of a date in a text, each None if the text does not have it."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def date(self, span: DateBounds) -> dt.date | None:
        """The day meant: a missing year is the span's, a month without a day is dated at its end."""
        if self.month is None:
            return None
        year = self.year if self.year is not None else span.year_of(self.month, self.day)
        if year is None:
            return None
        return span.month_end(year, self.month) if self.day is None else day_of(year, self.month, self.day)


def read_stamp(text: str, date1904: bool = False) -> Stamp | None:
    """Read one date or month; None if it is neither. `5/1/2026` is left to `read_days`, which sees the column."""
    plain = narrow(text).lstrip("'").casefold()
    zulu = _ZULU.fullmatch(plain)
    if zulu is not None:
        year, month, day, hour = map(int, zulu.groups())
        day_number = day_of(year, month, day)
        later = day_number + dt.timedelta(days=(hour + _CHINA) // 24) if day_number else None
        return Stamp(later.year, later.month, later.day) if later else None
    plain = _in_figures(_WEEKDAY.sub("", without_time(plain)).strip())
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return _read_number(plain, date1904)
    for pattern, order in (
        (_YMD, "ymd"), (_YM, "ym"), (_MD, "md"), (_M, "m"), (_NAMED_DMY, "dmy"), (_NAMED_MDY, "mdy"), (_NAMED_MY, "my"),
        (_NAMED_YMD, "ymd"), (_SHORT_YMD, "ymd"), (_NAMED_APOSTROPHE, "my"),
    ):  # fmt: skip
        match = pattern.fullmatch(plain)
        if match:
            parts = {part: _value(value) for part, value in zip(order, match.groups(), strict=True)}
            year_text = parts.get("y")
            return _valid(
                Stamp(
                    2000 + year_text if year_text is not None and year_text < 100 else year_text,
                    parts.get("m"),
                    parts.get("d"),
                )
            )
    return None


def month_number(name: str) -> int:
    """The number of a month by its English name in lower case."""
    return _MONTH_NAMES[name]


def named_figure(text: str) -> tuple[int, str] | None:
    """Read `5-Jan` and `Jan-26`: the month and the figure, which is a day, or may be a year; None for other texts."""
    match = _FIGURE_NAMED.fullmatch(_WEEKDAY.sub("", without_time(narrow(text).lstrip("'").casefold())).strip())
    if match is None:
        return None
    return _MONTH_NAMES[match[2] or match[3]], match[1] or match[4]


_DIGITS = {digit: str(i) for i, digits in enumerate(("〇零○", *"一二三四五六七八九")) for digit in digits}
_CHINESE_YEAR = expression(rf"[{''.join(_DIGITS)}]{{2,4}}(?=\s*年)")
_CHINESE_NUMBER = expression(
    r"([二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])(?=\s*[月日号])"
)


def _in_figures(text: str) -> str:
    """A date in Chinese numerals, `二〇二六年一月五日`, in figures."""
    if not ("月" in text and any(digit in text for digit in "一二三四五六七八九十廿")):
        return text
    text = _CHINESE_YEAR.sub(lambda m: "".join(_DIGITS[digit] for digit in m[0]), text)
    return _CHINESE_NUMBER.sub(lambda m: str(_number_of(m[0])), text)


def _number_of(text: str) -> int:
    text = text.replace("廿", "二十")
    tens, ten, ones = text.partition("十")
    value = {digit: int(figure) for digit, figure in _DIGITS.items()}
    return (value[tens] if tens else 1) * 10 + (value[ones] if ones else 0) if ten else value[text]


_MOST_DIGITS = 14
"""A date with its time has no more."""


def _read_number(plain: str, date1904: bool) -> Stamp | None:
    whole = plain.split(".")[0]
    if len(whole) > _MOST_DIGITS:
        return None
    if len(whole) == 13 and _FIRST_MOMENT <= int(whole) < _LAST_MOMENT:  # milliseconds, as programs for the web export
        day = dt.date(1970, 1, 1) + dt.timedelta(days=(int(whole) // 3_600_000 + _CHINA) // 24)
        return Stamp(day.year, day.month, day.day)
    if not plain[len(whole) :].strip(".0"):
        if len(whole) in (12, 14) and int(whole[8:10]) < 24 and int(whole[10:12]) < 60:  # 20260105083000
            whole = whole[:8]
        if len(whole) == 8:
            return _valid(Stamp(int(whole[:4]), int(whole[4:6]), int(whole[6:])))
        if len(whole) == 6 and "1950" <= whole[:4] <= "2099":
            return _valid(Stamp(int(whole[:4]), int(whole[4:])))
    date = None if whole.startswith("0") else to_date(int(whole), date1904)
    return Stamp(date.year, date.month, date.day) if date and date.year in _YEARS_OF_SERIALS else None


def _value(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else _MONTH_NAMES[text]


def _valid(stamp: Stamp) -> Stamp | None:
    year = 2024 if stamp.year is None else stamp.year  # a leap year: 29 February may be meant
    return stamp if stamp.month is not None and day_of(year, stamp.month, stamp.day or 1) else None


def without_time(text: str) -> str:
    """Return a date's text without the time of day behind it."""
    return _TIME.sub("", text)


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """Return a day of the calendar; None if there is no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
