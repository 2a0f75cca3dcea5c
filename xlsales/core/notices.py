"""Pasted notices of the State Council on the holidays of a year, read into the days that they take and give.

The notices are those of the General Office (国务院办公厅): one a year in November, and now and then one that changes a
feast of it (劳动节 2019) or makes it longer (春节 2020). A later notice counts before an earlier one of the same year.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.calendars import feast_of, work_calendar
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.plan import DayRule
from xlsales.core.text import narrow


class NoticeUnreadable(Fault):
    """A pasted notice without any holiday in it."""

    zh = "这段文字里没有放假安排。请粘贴国务院办公厅通知的正文,如“一、元旦:1月1日至3日放假调休,共3天。”。"
    en = 'No holidays found in this text. Paste the notice itself, as in "一、元旦:1月1日至3日放假调休,共3天。".'


class NoSuchDate(Fault):
    """A date that the calendar does not have."""

    zh = "“{feast}”里的 {day} 不存在。请核对粘贴的文字。"
    en = 'There is no {day}, which stands under "{feast}". Check the text that was pasted.'


class NoticeOfOtherYear(Fault):
    """A pasted notice that belongs to another year."""

    zh = "通知里 {day} 写作星期{found},而 {year} 年这天是星期{expected}。请核对年份。"
    en = "The notice calls {day} 星期{found}, but in {year} it is 星期{expected}. Check the year."


class WrongWeekday(Fault):
    """A date of a notice with a weekday that it does not have, among others that are right."""

    zh = "通知里 {day} 写作星期{found},而 {year} 年这天是星期{expected};别的日期大多对得上。请核对这一天的日期和星期。"
    en = (
        "The notice calls {day} 星期{found}, but in {year} it is 星期{expected}; most other dates are right. "
        "Check the date and the weekday of this day."
    )


class NoticeWithoutYear(Fault):
    """A pasted notice from which its year cannot be told."""

    zh = "看不出这是哪一年的通知。请连标题一起粘贴,如“国务院办公厅关于2027年部分节假日安排的通知”。"
    en = "The year of this notice cannot be told. Paste its title too: “国务院办公厅关于2027年部分节假日安排的通知”."


class NoticeDoesNotAddUp(Fault):
    """A feast with another number of days than the notice states."""

    zh = "通知写“{feast}”共 {stated} 天,读出来是 {found} 天。请检查粘贴的文字是否完整。"
    en = (
        'The notice states {stated:days} for "{feast}", but {found} {found:was|were} read. '
        "Check that the text is complete."
    )


class Feast(Struct, frozen=True):
    """What a notice says of one feast: the days off, weekends among them, and the weekend days to be worked.

    It is `whole`, unless a notice only makes longer what another one says.
    """

    name: str
    year: int
    off: tuple[dt.date, ...]
    make_up: tuple[dt.date, ...]
    whole: bool = True

    @property
    def dropped(self) -> Iterator[DayRule]:
        """The days that the known calendar takes or gives for this feast, and the notice does not, as ordinary ones."""
        if not self.whole:
            return
        span = np.arange(f"{self.year - 1}-12-01", f"{self.year}-12-01", dtype="datetime64[D]")
        named = {*self.off, *self.make_up}
        for day, works in zip(span.tolist(), work_calendar(span).working.tolist(), strict=True):
            feast = feast_of(day)
            if feast is None or day in named or works == (day.weekday() < _WEEKEND):
                continue
            if feast.zh.removesuffix("节") in self.name:
                yield DayRule(day, "rest" if works else "make_up", note=self.name)


class Notice(Struct, frozen=True):
    """What was read of pasted notices: their feasts in order, and the sentences with dates that say nothing known."""

    feasts: tuple[Feast, ...]
    unread: tuple[str, ...]

    @property
    def rules(self) -> tuple[DayRule, ...]:
        """A rule a day, in order, with the name of its feast as note; what comes later in the text counts.

        What a whole feast says replaces what the known calendar or an earlier text has for it.
        """
        rules = {rule.day: rule for feast in self.feasts for rule in feast.dropped}
        for i, feast in enumerate(self.feasts):
            if any(later.whole and _same(later, feast) for later in self.feasts[i + 1 :]):
                continue
            rules |= {day: DayRule(day, "holiday", note=feast.name) for day in feast.off}
            rules |= {day: DayRule(day, "make_up", note=feast.name) for day in feast.make_up}
        return tuple(rules[day] for day in sorted(rules))

    @property
    def differing(self) -> list[DayRule]:
        """Its rules that make another day of one than the known calendar does; none in a year that this has not."""
        rules = self.rules
        known = work_calendar(np.array([rule.day for rule in rules], dtype="datetime64[D]"))
        return [
            rule
            for rule, works in zip(rules, known.working.tolist(), strict=True)
            if rule.day.year not in known.unannounced and works != (rule.kind == "make_up")
        ]


def _same(one: Feast, other: Feast) -> bool:
    return (one.name, one.year) == (other.name, other.year)


_TITLE = expression(
    r"(?:\S{0,8}关于(?:调整|延长)?|\S{0,8}關於(?:調整|延長)?)?(\d{4})年[^。:\d]{0,24}(?:假日|假期)[^。:\d]{0,12}通知"
)
_NAMED = expression(r"年([^\d。\n:]{2,8}?)假期")
_NUMBER = r"(?:[-–—•·●]|\(?[一二三四五六七八九十\d]+[、.)])?"
_FEAST = expression(rf"(?:^|\n|。)\s*{_NUMBER}\s*([^\s。:,\d]{{2,20}}?)\s*:")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_TOKEN = expression(rf"{_DATE}(?:\s*(?:至|到|-|—|~)\s*{_DATE})?|(放假|补休|起正常上班|上班)|共(\d+)天")
_EXTENDED = expression(rf"延[长長](?:(\d{{4}})年)?([^\d。,]{{2,6}}?)假期至{_DATE}")
_SIGNED = expression(r"\s*\S{0,8}\s*\d{4}年\d{1,2}月\d{1,2}日\s*")
_DAY = expression(r"\d日")
_WEEKDAY = expression(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAY_NAMES = "一二三四五六日"
_WEEKEND = 5
"""Saturday, of weekdays from 0."""


def read_notices(text: str, years: Sequence[int] = ()) -> Notice:
    """Read pasted text: one notice or several, each with its title if possible.

    Without a title its year is the first of `years` in which the weekdays are as the text names them. Dates count if
    the same sentence goes on with 放假, 补休 or 上班. Weekdays and numbers of days in the text (共9天) are checked.
    Raises NoticeUnreadable, NoticeOfOtherYear, WrongWeekday, NoticeWithoutYear, NoticeDoesNotAddUp or NoSuchDate.
    """
    plain = narrow(text).replace("〔", "(").replace("〕", ")")
    titles = list(_TITLE.finditer(plain))
    reader = _Reader()
    if not titles:
        reader.read(plain, _year_of(plain, years), "")
    starts = [0, *(title.start() for title in titles[1:])]
    stops = [*starts[1:], len(plain)]
    for title, start, stop in zip(titles, starts, stops, strict=False):
        named = _NAMED.search(title.group())
        reader.read(plain[start:stop], int(title.group(1)), named.group(1) if named else "")
    if not any(feast.off for feast in reader.feasts):
        raise NoticeUnreadable()
    return Notice(tuple(reader.feasts), tuple(reader.unread))


def _year_of(text: str, years: Sequence[int]) -> int:
    """The first of some years in which a text without a title can be."""
    if not any(_WEEKDAY.search(token.group()) for token in _TOKEN.finditer(text)):
        if not _DAY.search(text):
            raise NoticeUnreadable()
        raise NoticeWithoutYear()
    other: NoticeOfOtherYear | None = None
    wrong: WrongWeekday | None = None
    for year in years:
        try:
            _Reader().read(text, year, "")
        except NoticeOfOtherYear as fault:
            other = other or fault
        except WrongWeekday as fault:
            wrong = wrong or fault
        else:
            return year
    raise wrong or other or NoticeWithoutYear()


class _Reader:
    """Gathers the feasts of notices, and the sentences of which nothing was taken."""

    def __init__(self) -> None:
        self.feasts: list[Feast] = []
        self.unread: list[str] = []
        self._dated: list[_Dated] = []

    def read(self, text: str, year: int, feast: str) -> None:
        """Read one notice of a year; `feast` is the one that its title names, for text that no feast is before."""
        starts = list(_FEAST.finditer(text))
        stops = [*(start.start() + 1 for start in starts), len(text)]
        self._dated = []
        self._section(feast, _after_title(text[: stops[0]]), year)
        for start, stop in zip(starts, stops[1:], strict=True):
            self._section(start.group(1), text[start.end() : stop], year)
        _check_weekdays(self._dated)

    def _section(self, name: str, text: str, year: int) -> None:
        """Read what stands under one feast."""
        days: dict[str, list[dt.date]] = {"holiday": [], "make_up": []}
        for sentence in text.replace("\n", "。").split("。"):
            extended = _EXTENDED.search(sentence)
            if extended:
                self._extend(extended.groups(), year)
                continue
            taken = 0
            for kind, day in _days(name, sentence, year, len(days["holiday"]), self._dated):
                days[kind].append(day)
                taken += 1
            if not taken and _DAY.search(sentence) and not _SIGNED.fullmatch(sentence):
                self.unread.append(sentence.strip())
        if any(days.values()):
            self.feasts.append(Feast(name, year, tuple(days["holiday"]), tuple(days["make_up"])))

    def _extend(self, parts: Sequence[str | None], year: int) -> None:
        """Take the days from the end of a feast that was read to the day to which it is made longer."""
        own_year, name, *date = parts
        of, month, day, remark = date
        last = _day(int(of or own_year or year), int(month or 1), int(day or 1), remark, name or "", self._dated)
        before = [feast.off[-1] for feast in self.feasts if feast.name == name and feast.off and feast.off[-1] < last]
        first = before[-1] + dt.timedelta(1) if before else last
        off = tuple(first + dt.timedelta(i) for i in range((last - first).days + 1))
        self.feasts.append(Feast(name or "", year, off, (), whole=False))


def _after_title(text: str) -> str:
    """What a text says after its title, if it has one; the first sentence of a notice only lists the feasts."""
    title = _TITLE.search(text)
    return text[title.end() :] if title else text


class _Dated(Struct, frozen=True):
    """A date whose weekday the text names, as it says both."""

    date: dt.date
    said: str
    weekday: str

    @property
    def expected(self) -> str:
        """The weekday that it has."""
        return _WEEKDAY_NAMES[self.date.weekday()]


def _check_weekdays(dated: Sequence[_Dated]) -> None:
    """Raise NoticeOfOtherYear if most weekdays of a text are not those of its dates, WrongWeekday if some are not."""
    wrong = [one for one in dated if one.weekday.replace("天", "日") != one.expected]
    if wrong:
        fault = NoticeOfOtherYear if 2 * len(wrong) > len(dated) else WrongWeekday
        one = wrong[0]
        raise fault(day=one.said, year=one.date.year, found=one.weekday, expected=one.expected)


def _days(feast: str, sentence: str, year: int, before: int, dated: list[_Dated]) -> Iterator[tuple[str, dt.date]]:
    """Yield the days off and the make-up days of a sentence; `before` days off were read of the feast already.

    Dates with weekdays are put into `dated`.
    A day from which on work is as usual (起正常上班) is neither.
    """
    counts = Counter({"holiday": before})
    pending: list[dt.date] = []
    month = 0
    for token in _TOKEN.finditer(sentence):
        y1, m1, d1, w1, y2, m2, d2, w2, verb, count = token.groups()
        if d1 and (m1 or month):
            month = int(m1 or month)
            first = _day(int(y1 or year), month, int(d1), w1, feast, dated)
            month = int(m2 or month)
            last = _day(int(y2 or first.year), month, int(d2), w2, feast, dated) if d2 else first
            pending += [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
        elif verb:
            kind = "make_up" if verb == "上班" else "holiday"
            days = [] if verb == "起正常上班" else pending
            counts[kind] += len(days)
            yield from ((kind, day) for day in days)
            pending = []
        elif count and counts["holiday"] != int(count):
            raise NoticeDoesNotAddUp(feast=feast, stated=int(count), found=counts["holiday"])


def _day(year: int, month: int, day: int, remark: str | None, feast: str, dated: list[_Dated]) -> dt.date:
    """A date of the notice; one with a weekday is put into `dated`."""
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise NoSuchDate(feast=feast, day=f"{month}月{day}日") from None
    weekday = _WEEKDAY.search(remark or "")
    if weekday:
        dated.append(_Dated(date, f"{month}月{day}日", weekday.group(1)))
    return date
