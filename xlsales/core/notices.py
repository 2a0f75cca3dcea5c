"""A pasted notice of the State Council on the holidays of a year, read into rows of the calendar."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.plan import DayRule
from xlsales.core.text import narrow


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
