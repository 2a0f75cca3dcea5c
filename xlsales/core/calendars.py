"""Working days, statutory holidays and make-up days by the notices of the State Council.

The notices of past years come from `chinesecalendar` (MIT). A year that it does
not have is *unannounced*: Monday to Friday count as provisional working days,
and only their yearly number is known. Where tasks are planned by the day, the
holidays that the law names are off already (`by_law`); make-up days are never
guessed. A pasted notice (`parse_notice`) or the rows of the calendar sheet close that gap.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cached_property

import chinese_calendar
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.expressions import expression
from xlsales.core.faults import Bilingual, Fault
from xlsales.core.lunar import of_lunar_day, qingming, spring_festival
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule
from xlsales.core.text import narrow


class UnknownDayKind(Fault):
    """A calendar row of a kind that does not exist."""

    zh = "日历里 {day} 的类型“{kind}”不认识。请选节假日、调休上班或休息。"
    en = 'The calendar calls {day} "{kind}". Choose holiday, make-up working day or rest.'


class BadDayFactor(Fault):
    """A campaign factor that is not a number of zero or more."""

    zh = "日历里 {day} 的活动系数是 {factor}。请填零或正数。"
    en = "The calendar gives {day} the factor {factor}. Enter zero or more."


class NoticeUnreadable(Fault):
    """A pasted notice without any holiday in it."""

    zh = "这段文字里没有放假安排。请粘贴国务院办公厅通知的正文,如“一、元旦:1月1日至3日放假调休,共3天。”。"
    en = 'No holidays found in this text. Paste the notice itself, as in "一、元旦:1月1日至3日放假调休,共3天。".'


class NoticeOfOtherYear(Fault):
    """A pasted notice that belongs to another year."""

    zh = "通知里 {day} 写作星期{found},而 {year} 年这天是星期{expected}。请核对年份。"
    en = "The notice calls {day} 星期{found}, but in {year} it is 星期{expected}. Check the year."


class NoticeDoesNotAddUp(Fault):
    """A feast with another number of days than the notice states."""

    zh = "通知写“{feast}”共 {stated} 天,读出来是 {found} 天。请检查粘贴的文字是否完整。"
    en = (
        'The notice states {stated:days} for "{feast}", but {found} {found:was|were} read. '
        "Check that the text is complete."
    )


class DayKind(IntEnum):
    """What a day is for those who work by the notice."""

    WORKING = 0
    REST = 1
    HOLIDAY = 2
    """Off by the notice: the statutory days and the rest days bridged to them."""
    MAKE_UP = 3
    """A rest day that is worked by the notice."""


_RULE_KINDS = {"holiday": DayKind.HOLIDAY, "make_up": DayKind.MAKE_UP, "rest": DayKind.REST}


class WorkCalendar(Struct, frozen=True, dict=True):
    """The kind and the campaign factor of each day; build it by `work_calendar`.

    `kinds` holds DayKind values. `unannounced` are the years with provisional working days.
    """

    days: Days
    kinds: NDArray[np.int8]
    factors: Floats
    unannounced: tuple[int, ...]

    @cached_property
    def working(self) -> Mask:
        """Which days are worked on."""
        working: Mask = (self.kinds == DayKind.WORKING) | (self.kinds == DayKind.MAKE_UP)
        return working


def work_calendar(days: Days, rules: Sequence[DayRule] = (), *, by_law: bool = False) -> WorkCalendar:
    """Return the kind and factor of each of `days` (in order, any years).

    `by_law`: in a year that is not announced, the holidays of `holidays_by_law` are off too.
    Of several rules for a day the last kind counts; factors multiply. A year is no longer
    unannounced if the rules name as many holidays as the law grants.
    Raises UnknownDayKind or BadDayFactor.
    """
    holidays, make_ups, first, last = _announced()
    kinds = np.where(weekdays(days) < 5, DayKind.WORKING, DayKind.REST).astype(np.int8)
    kinds[_among(days, holidays)] = DayKind.HOLIDAY
    kinds[_among(days, make_ups)] = DayKind.MAKE_UP
    years = sorted(set((days.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()))
    unknown = [year for year in years if not first <= year <= last]
    if by_law and unknown:
        named = np.array([day for year in unknown for day in holidays_by_law(year)], dtype="datetime64[D]")
        kinds[_among(days, named)] = DayKind.HOLIDAY
    factors = np.ones(len(days))
    holidays_of: dict[int, set[dt.date]] = {}
    for rule in rules:
        if rule.kind and rule.kind not in _RULE_KINDS:
            raise UnknownDayKind(day=rule.day, kind=rule.kind)
        if not (math.isfinite(rule.factor) and rule.factor >= 0):
            raise BadDayFactor(day=rule.day, factor=rule.factor)
        if rule.kind == "holiday":
            holidays_of.setdefault(rule.day.year, set()).add(rule.day)
        here = days == np.datetime64(rule.day)
        factors[here] *= rule.factor
        if rule.kind:
            kinds[here] = _RULE_KINDS[rule.kind]
    unannounced = tuple(year for year in unknown if len(holidays_of.get(year, ())) < statutory_days(year))
    return WorkCalendar(days, kinds, factors, unannounced)


def statutory_days(year: int) -> int:
    """The number of statutory holidays a year: 13 since 2025, 11 since 2008, 10 before."""
    return 13 if year >= 2025 else 11 if year >= 2008 else 10


def holidays_by_law(year: int) -> list[dt.date]:
    """Return the statutory holidays of a calendar year (1900-2199) in order, by the law of that year.

    A feast of the moon on another one is a single day off here: the notice says which day is off instead.
    """
    spring = spring_festival(year)
    holidays = {dt.date(year, 1, 1), *(dt.date(year, 10, day) for day in (1, 2, 3))}
    holidays |= {dt.date(year, 5, day) for day in ((1, 2) if year >= 2025 else (1,) if year >= 2008 else (1, 2, 3))}
    holidays |= {spring + dt.timedelta(days) for days in _spring_days(year)}
    if year >= 2008:
        holidays |= {qingming(year), of_lunar_day(year, 5, 5), of_lunar_day(year, 8, 15)}
    return sorted(holidays)


def _spring_days(year: int) -> range:
    """The statutory days of 春节, counted from 正月初一: 除夕 is one of them in 2008 to 2013 and since 2025."""
    return range(-1, 3) if year >= 2025 else range(-1, 2) if 2008 <= year <= 2013 else range(3)


def yearly_working_days(year: int, rules: Sequence[DayRule] = ()) -> tuple[int, bool]:
    """Return a calendar year's working days and whether the number is provisional.

    For an unannounced year: Monday to Friday minus the statutory holidays, because a
    weekday is off for each holiday on a weekend.
    """
    days = np.arange(np.datetime64(f"{year:04d}", "D"), np.datetime64(f"{year + 1:04d}", "D"))
    calendar = work_calendar(days, rules)
    if calendar.unannounced:
        return int((weekdays(days) < 5).sum()) - statutory_days(year), True
    return int(calendar.working.sum()), False


def working_days(calendar: WorkCalendar, first: dt.date, last: dt.date, rules: Sequence[DayRule] = ()) -> int:
    """Return the working days from `first` to `last`, both inside, as far as `calendar` has them.

    Of a whole year that is not announced it is the number by law. Of other days in such a year it is provisional.
    """
    begin, stop = np.searchsorted(calendar.days, [np.datetime64(first), np.datetime64(last) + 1])
    count = int(calendar.working[begin:stop].sum())
    for year in calendar.unannounced:
        if whole_year(year, first, last):
            begin, stop = np.searchsorted(calendar.days, [np.datetime64(f"{n:04d}", "D") for n in (year, year + 1)])
            count += yearly_working_days(year, rules)[0] - int(calendar.working[begin:stop].sum())
    return count


def whole_year(year: int, first: dt.date, last: dt.date) -> bool:
    """Whether all days of a calendar year are from `first` to `last`."""
    return first <= dt.date(year, 1, 1) and dt.date(year, 12, 31) <= last


def feast_of(day: dt.date) -> Bilingual | None:
    """Return the feast whose notice makes a day a holiday or a make-up day; None for other days."""
    name = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    return None if name is None else Bilingual(chinese_calendar.Holiday(name).chinese, name)


def _among(days: Days, some: Days) -> Mask:
    """Which days are among some others, which are in order."""
    among: Mask = some[np.minimum(np.searchsorted(some, days), len(some) - 1)] == days
    return among


@functools.cache
def _announced() -> tuple[Days, Days, int, int]:
    """All holidays and make-up days that chinesecalendar has, its first and its last year."""
    holidays = np.array(sorted(chinese_calendar.holidays), dtype="datetime64[D]")
    make_ups = np.array(sorted(chinese_calendar.workdays), dtype="datetime64[D]")
    return holidays, make_ups, holidays[0].item().year, holidays[-1].item().year


_FEAST = expression(r"(?:^|\n|。)\s*(?:\(?[一二三四五六七八九十\d]+[、.)]\s*)?([^\s。:,]{2,20}?)\s*:")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_TOKEN = expression(rf"{_DATE}(?:\s*(?:至|到|-|—|~)\s*{_DATE})?|(放假|补休|上班)|共(\d+)天")
_WEEKDAY = expression(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAY_NAMES = "一二三四五六日"


def parse_notice(text: str, year: int) -> list[DayRule]:
    """Read a pasted notice of the State Council on the holidays of `year` into calendar rows.

    Dates count if the same sentence goes on with 放假, 补休 or 上班; the notes have the feast's
    name. Weekdays and numbers of days in the text (共9天) are checked.
    Raises NoticeUnreadable, NoticeOfOtherYear or NoticeDoesNotAddUp.
    """
    plain = narrow(text).replace("〔", "(").replace("〕", ")")
    starts = list(_FEAST.finditer(plain))
    rules: dict[dt.date, DayRule] = {}
    stops = [*(m.start() + 1 for m in starts[1:]), len(plain)]
    for start, stop in zip(starts, stops, strict=False):
        feast = start.group(1)
        for kind, day in _feast_days(feast, plain[start.end() : stop], year):
            rules[day] = DayRule(day, kind, note=feast)
    if not any(r.kind == "holiday" for r in rules.values()):
        raise NoticeUnreadable()
    return [rules[day] for day in sorted(rules)]


def _feast_days(feast: str, text: str, year: int) -> Iterator[tuple[str, dt.date]]:
    """The days off and the make-up days of one feast."""
    counts: Counter[str] = Counter()
    for sentence in text.split("。"):
        pending: list[dt.date] = []
        month = 0
        for token in _TOKEN.finditer(sentence):
            y1, m1, d1, w1, y2, m2, d2, w2, verb, count = token.groups()
            if d1:
                month = int(m1 or month)
                first = _notice_day(int(y1 or year), month, int(d1), w1)
                month = int(m2 or month)
                last = _notice_day(int(y2 or first.year), month, int(d2), w2) if d2 else first
                pending += [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
            elif verb:
                kind = "make_up" if verb == "上班" else "holiday"
                counts[kind] += len(pending)
                yield from ((kind, day) for day in pending)
                pending = []
            elif counts["holiday"] != int(count):
                raise NoticeDoesNotAddUp(feast=feast, stated=int(count), found=counts["holiday"])


def _notice_day(year: int, month: int, day: int, remark: str | None) -> dt.date:
    """A date of the notice; if the notice names its weekday, that must be right."""
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise NoticeUnreadable() from None
    weekday = _WEEKDAY.search(remark or "")
    expected = _WEEKDAY_NAMES[date.weekday()]
    if weekday and weekday.group(1).replace("天", "日") != expected:
        raise NoticeOfOtherYear(day=f"{month}月{day}日", year=year, found=weekday.group(1), expected=expected)
    return date
