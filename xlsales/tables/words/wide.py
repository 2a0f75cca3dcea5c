"""The days of headings and titles: months and days across, and the day of a table without dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Place
from xlsales.core.text import narrow
from xlsales.tables.cells.dates import DateBounds, Stamp, read_stamp
from xlsales.tables.words.fiscal import Fiscal, fiscal_title


class PeriodInDoubt(Fault):
    """A month or day across the top does not say which year or month it is of."""

    zh = (
        "{place} 的表头“{header}”没有写明是哪一年(或哪个月)。"
        "请写全(如 2025年1月、2025-01-05),或在表头上面一行写上年份(如 2025年)。"
    )
    en = (
        "Header '{header}' in {place} does not say of which year (or month) it is. "
        "Write it in full, like 2025-01 or 2025-01-05, or write the year in the row above."
    )


def dates_of(
    periods: Mapping[int, Stamp | int], headers: Sequence[str | None], span: DateBounds, titles: Sequence[str],
    fiscal: Fiscal, place: Callable[[int], Place],
) -> dict[int, dt.date]:  # fmt: skip
    """The day of each column with a period; a month is dated at its end (`DateBounds.month_end`).

    Days that are all the first of their month are months: Excel makes 2026-01-01 of a typed 2026年1月. Bare numbers are
    days if the span is one month, else months. `place` gives the cell of a column's heading. Raises `PeriodInDoubt`.
    """
    one_month = span.start is not None and span.end is not None and _month(span.start) == _month(span.end)
    firsts = all(isinstance(p, Stamp) and p.day == 1 and p.year is not None for p in periods.values())
    title_year, title_month = month_named(titles)
    years = fiscal_title(titles)
    most = max((period for period in periods.values() if isinstance(period, int)), default=0)
    dates: dict[int, dt.date] = {}
    for column, period in periods.items():
        stamp = period
        if isinstance(stamp, int):
            if one_month and span.start is not None:
                stamp = Stamp(span.start.year, span.start.month, stamp)
            elif title_month is not None:
                stamp = Stamp(None if years else title_year, title_month, stamp)
            else:
                stamp = Stamp(None, stamp if most <= 12 else None)
        if firsts:
            stamp = Stamp(stamp.year, stamp.month)
        if stamp.year is None and stamp.month is not None and years is not None:
            stamp = Stamp(fiscal.year(years, stamp.month), stamp.month, stamp.day)
        if stamp.year is None and title_year is not None:
            stamp = Stamp(title_year, stamp.month, stamp.day)
        day = stamp.date(span)
        if day is None:
            raise PeriodInDoubt(header=headers[column], place=place(column))
        dates[column] = day
    return dates


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


_PRINTED = expression(
    r"(打印|导出|制[表单]|生成|编制|填报|填表|查询|下载|上报)(时间|日期)|print|export|created|generated|as of",
    re.IGNORECASE,
)


def month_named(titles: Sequence[str]) -> tuple[int | None, int | None]:
    """The year and month that the title rows name, each if they name just one; dates of printing do not count."""
    titles = [title for title in titles if not _PRINTED.search(title)]
    years = {int(y) for title in titles for y in re.findall(r"(?<!\d)(20\d\d|19\d\d)(?:\s*年|(?!\d))", title)}
    months = {int(m) for title in titles for m in re.findall(r"(?<!\d)(\d{1,2})\s*月", title)}
    return (years.pop() if len(years) == 1 else None), (months.pop() if len(months) == 1 else None)


_DAY = (
    r"(?:20\d\d|19\d\d)(?:\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}(?!\d)\s*[日号]?)?"
    r"|\s*[-/.]\s*\d{1,2}(?:\s*[-/.]\s*\d{1,2}(?!\d))?(?!\d))"
)
_RANGE = expression(
    r"\d\s*[月日号]?\s*[-~—–至到]\s*\d{1,2}\s*[月日号]|@\s*[-~—–至到]\s*[@\d]|累计|ytd|季|半年|[qh][1-4]", re.IGNORECASE
)
"""In a title of more than one day or month; `@` is a day."""


def of_several(title: str) -> bool:
    """Whether a title, narrowed, is of more than one day or month."""
    return _RANGE.search(re.sub(_DAY, "@", title)) is not None


def month_of_days(titles: Sequence[str]) -> int | None:
    """The month of bare days below: the titles name one month, and neither a day of it nor several months."""
    texts = [narrow(title) for title in titles if not _PRINTED.search(title)]
    if any(of_several(text) or re.search(r"月\s*\d", text) for text in texts):
        return None
    return month_named(texts)[1]


def day_of_table(titles: Sequence[str], span: DateBounds) -> dt.date | None:
    """The day or month that the titles give a whole table, `2026年9月销售`, `截至2026-09-30`; None without one.

    A range of months and running totals are of no single day.
    """
    texts = [narrow(title) for title in titles]
    if any(map(of_several, texts)):
        return None
    stamps = {read_stamp(day.replace(".", "-")) for text in texts for day in re.findall(_DAY, text)}
    days = {stamp.date(span) for stamp in stamps if stamp is not None and stamp.month is not None}
    return days.pop() if len(days) == 1 else None
