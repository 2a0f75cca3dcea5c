"""Dates that stand in several columns: 年份 beside 月份 (and 日), `Year Month Day`; a year beside months across.

Months as bare numbers under a header that says month are months. A row's own year precedes that of a title.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Place, Problem
from xlsales.core.text import narrow
from xlsales.tables.cells.short_dates import two_figures
from xlsales.tables.files.grids import Grid, text_of
from xlsales.tables.words.fiscal import Fiscal, FiscalPeriods, Said, said_of, says_fiscal, says_periods
from xlsales.tables.words.header_words import MONTH_TIER, is_total, is_year_header, normal, tier_of
from xlsales.values.date_text import DateBounds, Stamp, day_of, named_figure, read_stamp

if TYPE_CHECKING:
    from xlsales.tables.columns.roles import Columns

MOST = 0.5
"""From this share of its distinct values on a column that is called so holds years; other values are no years."""
_FISCAL = re.compile("会计|财|fiscal|^fy$")
_SHORT = frozenset({"年", "年份", "年度", "year", "yr", "fy", "fiscalyear", "财年", "财政年度", "会计年度", "会计年"})
"""Under these headers alone, `25` is a year."""
_TWO = re.compile(r"\d\d(\.0)?")
_DAY_HEADERS = frozenset({"日", "号", "几号", "day", "dd", "dayofmonth"})
_NUMBER = re.compile(r"(\d{1,2})(?:\.0)?\s*(?:[日号]|[日号]?\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?)?")
_OF_DAY = re.compile("[日号周期拜]")

Row = Sequence[str | None]


def year_column(headers: Row, sample: Sequence[set[str]], taken: Collection[int]) -> int | None:
    """The column of the years; None where none is called so and holds them. Calendar years precede fiscal ones."""
    found = []
    for i, header in enumerate(headers):
        if i in taken or header is None or not is_year_header(header) or not sample[i]:
            continue
        values = [value for value in sample[i] if not is_total(value)]
        short = normal(header) in _SHORT
        years = sum(said_of(value) is not None and (short or not _TWO.fullmatch(value)) for value in values)
        if values and years >= MOST * len(values):
            found.append(i)
    return min(found, key=lambda i: holds_fiscal(headers[i], sample[i]), default=None)


def holds_fiscal(header: str | None, values: Collection[str]) -> bool:
    """Whether the years of a column are fiscal ones: by its header, or by what most of its cells say."""
    if _FISCAL.search(normal(header or "")):
        return True
    years = [value for value in values if said_of(value) is not None]
    return bool(years) and 2 * sum(map(says_fiscal, years)) > len(years)


def month_and_day(headers: Row, sample: Sequence[set[str]], dates: Sequence[int]) -> tuple[int, int] | None:
    """The columns of months and of days of the month where the date stands in both; None where it does not."""
    named = {i: header for i, header in enumerate(headers) if header is not None}
    months = [i for i, header in named.items() if tier_of("date", header) == MONTH_TIER]
    days = [i for i, header in named.items() if normal(header) in _DAY_HEADERS and sample[i]]
    days = [i for i in days if all(_bare(value, 31) or is_total(value) for value in sample[i])]
    both = len(months) == len(days) == 1 and set(dates) <= {*months, *days}
    return (months[0], days[0]) if both else None


def day_column(headers: Row, sample: Sequence[set[str]]) -> list[int]:
    """The column of the days of a month that the titles name, where there is just one."""
    days = [i for i, header in enumerate(headers) if header is not None and normal(header) in _DAY_HEADERS]
    days = [i for i in days if sample[i] and all(_bare(value, 31) or is_total(value) for value in sample[i])]
    return days if len(days) == 1 else []


def _bare(text: str, most: int) -> int | None:
    found = _NUMBER.fullmatch(narrow(text).strip())
    return int(found[1]) if found and 1 <= int(found[1]) <= most else None


def whole_dates(grid: Grid, columns: Columns, label: str) -> Grid:
    """Complete the texts of the column of dates by the year and the day that stand elsewhere.

    A cell that names its year stays as it is. Where the year is blank or no year, the date becomes a text that shows
    so and cannot be read.
    """
    at = columns.fields.get("date")
    if at is None:
        return grid
    body = grid.below(columns.header_row)
    parts = columns.date_parts
    year, day = parts.year, parts.day if parts.day != at else None
    monthly = tier_of("date", columns.headers[at] or "") == MONTH_TIER
    if year is None and day is None and parts.title is None and parts.month is None and not monthly:
        return grid
    if body[:, at].dtype.is_temporal():
        return grid
    texts = [text_of(body[:, i]) if i is not None else None for i in (at, year, day)]
    blank = pl.Series([""]).new_from_index(0, body.height)
    whole = pl.DataFrame(
        {name: blank if text is None else text.fill_null("") for name, text in zip("ymd", texts, strict=True)}
    ).select(pl.concat_str(pl.all(), separator="\0"))
    keys = whole.to_series()
    known = keys.unique()
    if known.len() > _MOST_DATES:
        return grid
    header = columns.headers[at] or ""
    fiscal = parts.fiscal
    counted = fiscal is not None and says_periods(header, alone=year is None and parts.title is None)
    short = two_figures({key.split("\0")[0].strip() for key in known})
    months = monthly or counted or year is not None
    whole_of = _Whole(
        year is not None,
        parts.title,
        fiscal,
        header if counted else None,
        short,
        months,
        None if months else parts.month,
    )
    read = {key: whole_of.read(*key.split("\0")) for key in known.sort()}
    if all(text == key.split("\0")[0].strip() for key, text in read.items()):
        return grid
    new = keys.replace_strict(list(read), [text or None for text in read.values()], return_dtype=pl.String)
    shown = [new.alias(name) if i == at else body[:, i] for i, name in enumerate(body.columns)]
    notes = grid.notes
    if (
        counted
        and fiscal is not None
        and fiscal.month(1, header, (0, 1)) != 1
        and any(_bare(k.split("\0")[0].strip(), 12) for k in known)
    ):
        place = Place(label, columns.header_row + 1, at + grid.first_column)
        notes += (Problem.note(place, header, FiscalPeriods(header=header, month=fiscal.start)),)
    return replace(grid, head=tuple(grid.top(columns.header_row + 1)), body=pl.DataFrame(shown), notes=notes)


_MOST_DATES = 50_000
"""A column of more different texts holds moments, not months."""


@dataclass(frozen=True)
class _Whole:
    """How one date is made of its parts; `periods`: the header of bare numbers that count periods of a fiscal year.

    Bare numbers are `months`, or else days of `month`, which the titles name.
    """

    has_year: bool
    title: Said | None
    fiscal: Fiscal | None
    periods: str | None
    short: Mapping[str, tuple[int, ...]]
    months: bool
    month: int | None

    def read(self, date: str, year: str, day: str) -> str:
        """One date from its parts."""
        date, year, day = date.strip(), year.strip(), day.strip()
        if self.month is not None and not self.has_year and (of_title := _bare(date, 31)):
            return f"{self.title[0]}-{self.month:02}-{of_title:02}" if self.title else f"{self.month}月{of_title}日"
        month = bare = _bare(date, 12) if self.months and not _OF_DAY.search(date) else None
        stamp = read_stamp(date) if month is None else None
        if stamp is None and month is None and (self.has_year or self.title is not None):
            figure, two = named_figure(date), self.short.get(date)
            if two is not None:
                return self._with_year(date, year, two)
            stamp = Stamp(None, figure[0], int(figure[1])) if figure is not None else None
        if stamp is not None:
            if stamp.year is not None or (stamp.day is not None and not self.has_year and self.title is None):
                return date
            month = stamp.month
        if month is None:
            return date
        of_month = _bare(day, 31) if day else stamp.day if stamp is not None else None
        if day and of_month is None:
            return f"{date} {day}"
        known = said_of(year) if self.has_year else self.title
        if self.has_year and known is None:
            return f"{year or '?'}年{month}月" if not year or year.isdigit() else f"{year} {date}"
        if bare is not None and self.periods is not None and self.fiscal is not None:
            month = self.fiscal.month(bare, self.periods, known)
        if known is not None:
            of_year = self.fiscal.year(known, month) if self.fiscal is not None else known[0]
            return f"{of_year}-{month:02}" + (f"-{of_month:02}" if of_month else "")
        return f"{month}月" + (f"{of_month}日" if of_month else "")

    def _with_year(self, date: str, year: str, two: tuple[int, ...]) -> str:
        """`1/20` with its year; the column tells which figure is the day. What may have lost a zero is not read."""
        known = said_of(year) if self.has_year else self.title
        if self.month in two and known is not None:  # `3/6` and `6/3` of March
            return f"{known[0]}-{self.month:02}-{two[1] if two[0] == self.month else two[0]:02}"
        if known is None or self.fiscal is not None or two == (0, 0):
            return f"{date} ({year or (known[0] if known else '?')})"
        return f"{two[0]}/{two[1]}/{known[0]}"


def in_years(
    days: NDArray[np.datetime64], texts: pl.Series, span: DateBounds, fiscal: Fiscal | None
) -> NDArray[np.datetime64]:
    """Put each day into the year of its row, NaT where the row has none; months stay dated at their ends."""
    known: list[dt.date] = np.unique(days).astype(object).tolist()
    cut = {span.end} if span.end is not None else set()
    monthly = all((day + dt.timedelta(days=1)).day == 1 or day in cut for day in known)
    found = np.full(len(days), np.datetime64("NaT", "D"))
    text = text_of(texts)
    for value in text.unique().drop_nulls().sort().to_list():
        said = said_of(value)
        if said is None:
            continue
        mine = (text == value).fill_null(False).to_numpy()
        for day in known:
            at = mine & (days == np.datetime64(day, "D"))
            if not at.any():
                continue
            year = fiscal.year(said, day.month) if fiscal is not None else said[0]
            placed = span.month_end(year, day.month) if monthly else day_of(year, day.month, day.day)
            if placed is not None:
                found[at] = np.datetime64(placed, "D")
    return found
