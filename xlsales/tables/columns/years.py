"""Dates in several columns: 年份 beside 月份 (and 日), `Year Month Day`; a year beside months across.

A bare number is a month if its header says month. A row's own year goes before that of a title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.core.faults import Place, Problem
from xlsales.core.periods import month_of
from xlsales.core.text import narrow
from xlsales.tables.cells.short_dates import two_figures
from xlsales.tables.files.grids import Grid, Row, text_of
from xlsales.tables.words.fiscal import Fiscal, FiscalPeriods, Years, read_years, says_fiscal, says_periods
from xlsales.tables.words.header_words import MONTH_TIER, is_total, is_year_header, normal, tier_of
from xlsales.values.date_text import DateBounds, Stamp, day_of, named_figure, read_stamp

if TYPE_CHECKING:
    from xlsales.tables.columns.roles import Columns, DateParts

MOST = 0.5
"""From this share of its distinct values on a column with such a header holds years."""
_FISCAL = expression("会计|财|fiscal|^fy$")
_SHORT = frozenset({"年", "年份", "年度", "year", "yr", "fy", "fiscalyear", "财年", "财政年度", "会计年度", "会计年"})
"""Only below these headers `25` is a year."""
_TWO = expression(r"\d\d(\.0)?")
_DAY_HEADERS = frozenset({"日", "号", "几号", "day", "dd", "dayofmonth"})
_NUMBER = expression(r"(\d{1,2})(?:\.0)?\s*(?:[日号]|[日号]?\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?)?")
_OF_DAY = expression("[日号周期拜]")

_MOST_DATES = 50_000
"""A column of more different texts holds moments, not months."""


def year_column(headers: Row, sample: Sequence[set[str]], in_use: Collection[int]) -> int | None:
    """The column that is headed as years and holds them; None without one. Calendar years go before fiscal ones."""
    columns = []
    for i, header in enumerate(headers):
        if i in in_use or header is None or not is_year_header(header):
            continue
        values = [value for value in sample[i] if not is_total(value)]
        short = normal(header) in _SHORT
        years = sum(read_years(value) is not None and (short or not _TWO.fullmatch(value)) for value in values)
        if values and years >= MOST * len(values):
            columns.append(i)
    return min(columns, key=lambda i: holds_fiscal(headers[i], sample[i]), default=None)


def holds_fiscal(header: str | None, values: Collection[str]) -> bool:
    """Whether the years of a column are fiscal ones: by its header, or by most of its cells."""
    if _FISCAL.search(normal(header or "")):
        return True
    years = [value for value in values if read_years(value) is not None]
    return bool(years) and 2 * sum(map(says_fiscal, years)) > len(years)


def month_and_day(headers: Row, sample: Sequence[set[str]], dates: Sequence[int]) -> tuple[int, int] | None:
    """The columns of months and of days of the month, if the date is in both; else None."""
    months = [i for i, header in enumerate(headers) if header and tier_of("date", header) == MONTH_TIER]
    days = _day_columns(headers, sample)
    both = len(months) == len(days) == 1 and set(dates) <= {*months, *days}
    return (months[0], days[0]) if both else None


def day_column(headers: Row, sample: Sequence[set[str]]) -> list[int]:
    """The column of the days of a month that the titles name; empty unless there is just one."""
    days = _day_columns(headers, sample)
    return days if len(days) == 1 else []


def _day_columns(headers: Row, sample: Sequence[set[str]]) -> list[int]:
    days = [i for i, header in enumerate(headers) if header and normal(header) in _DAY_HEADERS and sample[i]]
    return [i for i in days if all(_bare(value, 31) or is_total(value) for value in sample[i])]


def _bare(text: str, most: int) -> int | None:
    match = _NUMBER.fullmatch(narrow(text).strip())
    return int(match[1]) if match and 1 <= int(match[1]) <= most else None


def whole_dates(grid: Grid, columns: Columns, label: str) -> Grid:
    """Complete the texts of the column of dates by the year and the day that are elsewhere.

    A cell that names its year stays as it is. If the year is blank or no year, the date becomes a text that shows
    this and cannot be read.
    """
    at = columns.fields.get("date")
    if at is None:
        return grid
    body, parts, header = grid.below(columns.header_row), columns.date_parts, columns.headers[at] or ""
    day = parts.day if parts.day != at else None
    monthly = tier_of("date", header) == MONTH_TIER
    incomplete = monthly or any(part is not None for part in (parts.year, day, parts.title, parts.month))
    if not incomplete or body[:, at].dtype.is_temporal():
        return grid
    keys = _join(body, (at, parts.year, day))
    distinct = keys.unique().sort()
    if distinct.len() > _MOST_DATES:
        return grid
    texts = {key: tuple(text.strip() for text in key.split("\0")) for key in distinct}
    whole = _whole(parts, header, {date for date, _, _ in texts.values()}, monthly=monthly)
    dates = {key: whole.read(*of_key) for key, of_key in texts.items()}
    if all(date == texts[key][0] for key, date in dates.items()):
        return grid
    column = keys.replace_strict(list(dates), [date or None for date in dates.values()], return_dtype=pl.String)
    notes = grid.notes
    if whole.shifts_periods and any(_bare(date, 12) for date, _, _ in texts.values()):
        place = Place(label, columns.header_row + 1, at + grid.first_column)
        month = parts.fiscal.start if parts.fiscal is not None else 1
        notes += (Problem.note(place, header, FiscalPeriods(header=header, month=month)),)
    return replace(grid.with_columns(columns.header_row, {at: column}), notes=notes)


def _join(body: pl.DataFrame, columns: Sequence[int | None]) -> pl.Series:
    """The texts of several columns in one, with a null character between them; blank for a column that is None."""
    blank = pl.Series([""]).new_from_index(0, body.height)
    texts = [blank if i is None else text_of(body[:, i]).fill_null("") for i in columns]
    cells = pl.DataFrame({str(n): text for n, text in enumerate(texts)})
    return cells.select(pl.concat_str(pl.all(), separator="\0")).to_series()


class _Whole(Struct, frozen=True):
    """How one date is made of its parts; `periods`: the header of bare numbers that count periods of a fiscal year.

    Bare numbers are `months`, or else days of `month`, which the titles name. `short`: dates of two figures.
    """

    has_year: bool
    title: Years | None
    fiscal: Fiscal | None
    periods: str | None
    short: Mapping[str, tuple[int, ...]]
    months: bool
    month: int | None

    @property
    def shifts_periods(self) -> bool:
        """Whether bare numbers count periods, and the first of these is not January."""
        return self.periods is not None and self.fiscal is not None and self.fiscal.month(1, self.periods, (0, 1)) != 1

    def read(self, date: str, year: str, day: str) -> str:
        """Return one date as a text."""
        of_title = _bare(date, 31) if self.month is not None and not self.has_year else None
        if of_title is not None:
            return f"{self.title[0]}-{self.month:02}-{of_title:02}" if self.title else f"{self.month}月{of_title}日"
        bare = _bare(date, 12) if self.months and not _OF_DAY.search(date) else None
        stamp = Stamp(None, bare) if bare is not None else read_stamp(date)
        knows_year = self.has_year or self.title is not None
        if stamp is None and knows_year:
            if date in self.short:
                return self._with_year(date, year, self.short[date])
            figure = named_figure(date)
            stamp = Stamp(None, figure[0], int(figure[1])) if figure is not None else None
        if stamp is None or stamp.month is None or stamp.year is not None or (stamp.day is not None and not knows_year):
            return date
        return self._of_parts(stamp.month, _bare(day, 31) if day else stamp.day, date, year, day, bare=bare is not None)

    def _of_parts(self, month: int, of_month: int | None, date: str, year: str, day: str, *, bare: bool) -> str:
        """The date of a month and a day of it; `bare`: the month is a bare number."""
        if day and of_month is None:
            return f"{date} {day}"
        years = self._years(year)
        if self.has_year and years is None:
            return f"{year or '?'}年{month}月" if not year or year.isdigit() else f"{year} {date}"
        if bare and self.periods is not None and self.fiscal is not None:
            month = self.fiscal.month(month, self.periods, years)
        if years is None:
            return f"{month}月" + (f"{of_month}日" if of_month else "")
        of_year = self.fiscal.year(years, month) if self.fiscal is not None else years[0]
        return f"{of_year}-{month:02}" + (f"-{of_month:02}" if of_month else "")

    def _years(self, year: str) -> Years | None:
        return read_years(year) if self.has_year else self.title

    def _with_year(self, date: str, year: str, two: tuple[int, ...]) -> str:
        """`1/20` with its year; the column shows which figure is the day. A date that may lack a zero is not read."""
        years = self._years(year)
        if self.month in two and years is not None:  # `3/6` and `6/3` of March
            return f"{years[0]}-{self.month:02}-{two[1] if two[0] == self.month else two[0]:02}"
        if years is None or self.fiscal is not None or two == (0, 0):
            return f"{date} ({year or (years[0] if years else '?')})"
        return f"{two[0]}/{two[1]}/{years[0]}"


def _whole(parts: DateParts, header: str, dates: Collection[str], *, monthly: bool) -> _Whole:
    """How the `dates` of a column with this header become whole; `monthly`: the header says month."""
    alone = parts.year is None and parts.title is None
    periods = header if parts.fiscal is not None and says_periods(header, alone=alone) else None
    months = monthly or periods is not None or parts.year is not None
    month = None if months else parts.month
    return _Whole(parts.year is not None, parts.title, parts.fiscal, periods, two_figures(dates), months, month)


def in_years(
    days: NDArray[np.datetime64], texts: pl.Series, span: DateBounds, fiscal: Fiscal | None
) -> NDArray[np.datetime64]:
    """Put each day into the year of its row, NaT if the row has none; months stay dated at their ends."""
    distinct: list[dt.date] = np.unique(days).astype(object).tolist()
    cut = {span.end} if span.end is not None else set()
    months = {day: month_of(day, span.fiscal) for day in distinct}
    monthly = all(day in cut or day == span.days_of(*months[day])[1] for day in distinct)
    dated = np.full(len(days), np.datetime64("NaT", "D"))
    text = text_of(texts)
    for value in text.unique().drop_nulls().sort().to_list():
        years = read_years(value)
        if years is None:
            continue
        rows = (text == value).fill_null(False).to_numpy()
        for day in distinct:
            at = rows & (days == np.datetime64(day, "D"))
            if not at.any():
                continue
            month = months[day][1] if monthly else day.month
            year = fiscal.year(years, month) if fiscal is not None else years[0]
            placed = span.month_end(year, month) if monthly else day_of(year, month, day.day)
            if placed is not None:
                dated[at] = np.datetime64(placed, "D")
    return dated
