"""Wide tables: members down, months or days across, one amount per cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from xlsales.core.faults import Fault
from xlsales.core.text import narrow
from xlsales.workbook.records.dates import Span, Stamp, read_stamp
from xlsales.workbook.records.header_words import is_total
from xlsales.workbook.records.units import split_header

_DAY = re.compile(r"(\d{1,2})\s*[日号]?")


class PeriodInDoubt(Fault):
    """A month or day across the top does not say which year or month it is of."""

    zh = "表头“{header}”没有写明是哪一年(或哪个月)。请写全,例如 2026年1月 或 2026-01-05。"
    en = "Header '{header}' does not say of which year (or month) it is. Write it in full, e.g. 2026-01 or 2026-01-05."


def period_columns(headers: Sequence[str | None]) -> dict[int, Stamp | int]:
    """Columns whose headers are months or days, at least two: column → what it says, or a bare number."""
    stamps: dict[int, Stamp | int] = {}
    numbers: dict[int, int] = {}
    for column, header in enumerate(headers):
        if header is None:
            continue
        text = split_header(narrow(header))[0]
        number = _DAY.fullmatch(text)
        if number and 1 <= int(number[1]) <= 31:
            numbers[column] = int(number[1])
            continue
        stamp = read_stamp(text)
        if stamp is not None and stamp.month is not None:
            stamps[column] = stamp
    if len(stamps) >= 2:
        return stamps
    run = list(numbers.values())
    return dict(numbers) if len(run) >= 2 and run == list(range(run[0], run[0] + len(run))) else {}


def dates_of(
    periods: Mapping[int, Stamp | int], headers: Sequence[str | None], span: Span, titles: Sequence[str]
) -> dict[int, dt.date]:
    """The day that each period column stands for; a month is dated at its end (`Span.month_end`).

    Days that are all the first of their month are months: Excel makes 2026-01-01 of a typed 2026年1月.
    Bare numbers are days where the span is one month, else months. Raises `PeriodInDoubt`.
    """
    one_month = span.start is not None and span.end is not None and _month(span.start) == _month(span.end)
    firsts = all(isinstance(p, Stamp) and p.day == 1 and p.year is not None for p in periods.values())
    title_year, title_month = _title_month(titles)
    dates: dict[int, dt.date] = {}
    for column, period in periods.items():
        stamp = period
        if isinstance(stamp, int):
            if one_month and span.start is not None:
                stamp = Stamp(span.start.year, span.start.month, stamp)
            elif title_month is not None:
                stamp = Stamp(title_year, title_month, stamp)
            else:
                stamp = Stamp(None, stamp if max(_numbers(periods)) <= 12 else None)
        if firsts:
            stamp = Stamp(stamp.year, stamp.month)
        if stamp.year is None and title_year is not None:
            stamp = Stamp(title_year, stamp.month, stamp.day)
        day = stamp.date(span)
        if day is None:
            raise PeriodInDoubt(header=headers[column])
        dates[column] = day
    return dates


def total_columns(headers: Sequence[str | None], periods: Mapping[int, object]) -> list[int]:
    """Columns beside the periods that are sums of them."""
    return [i for i, header in enumerate(headers) if header is not None and i not in periods and is_total(header)]


def _numbers(periods: Mapping[int, Stamp | int]) -> list[int]:
    return [period for period in periods.values() if isinstance(period, int)]


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


def _title_month(titles: Sequence[str]) -> tuple[int | None, int | None]:
    """The year and month that the title rows name, each where they name just one."""
    years = {int(y) for title in titles for y in re.findall(r"(?<!\d)(20\d\d|19\d\d)(?:\s*年|(?!\d))", title)}
    months = {int(m) for title in titles for m in re.findall(r"(?<!\d)(\d{1,2})\s*月", title)}
    return (years.pop() if len(years) == 1 else None), (months.pop() if len(months) == 1 else None)
