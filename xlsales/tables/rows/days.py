"""The day of each row: rows without a readable date and rows outside the period are set aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Place, Problem
from xlsales.tables import reasons
from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.columns.roles import Columns
from xlsales.tables.rows.day_order import mixed_dates, order_of, sift_undecided
from xlsales.tables.rows.months import whole_periods
from xlsales.tables.rows.rows import Bools
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.meaning_words import odd_values

Days = NDArray[np.datetime64]
BODY = 0.01
"""Rows of another year are a body of their own from so many of the rows in the period."""


def sift_days(
    sieve: Sieve, columns: Columns, span: DateBounds, date1904: bool, rules: Sequence[MappingRule]
) -> tuple[Days, list[Problem]]:
    """Return the day of each row and the remarks on dates that are months; set aside what has no day in the period."""
    if sieve.rows.days is not None:
        days, remarks = sieve.rows.days, list[Problem]()
        unread, year = np.isnat(days), columns.date_parts.year
        if year is not None and unread.any():
            texts = sieve.rows.texts[year].fill_null("")
            sieve.each(unread, year, texts, lambda value: reasons.YearUnreadable(value=value))
    else:
        days, remarks = _sift_dates(sieve, columns, span, date1904, rules)
    _sift_period(sieve, columns, days, span)
    return days, remarks


def _sift_dates(
    sieve: Sieve, columns: Columns, span: DateBounds, date1904: bool, rules: Sequence[MappingRule]
) -> tuple[Days, list[Problem]]:
    """Read the column of dates, and set aside the rows that have none or one that cannot be read."""
    rows, column = sieve.rows, columns.fields["date"]
    texts, header = rows.texts[column], rows.header(column)
    order = order_of(rules, header)
    days = read_days(texts, span, date1904, order)
    remarks = [] if order else mixed_dates(sieve, column, texts, days)
    days, length = whole_periods(days, header, span)
    if length:
        kind = reasons.MonthlyFigures if length == 1 else reasons.QuarterlyFigures
        place = Place(rows.label, columns.header_row + 1, column + rows.first_column)
        remarks.append(Problem.note(place, header, kind()))
    unread, blank = np.isnat(days), texts.is_null().to_numpy()
    sift_undecided(sieve, column, texts, unread, span)
    sieve.each(unread & ~blank, column, texts, lambda value: reasons.DateUnreadable(value=value))
    _sift_undated(sieve, columns, unread & blank)
    sieve.each(unread & blank, column, None, lambda _: reasons.DateBlank())
    return days, remarks


def _sift_undated(sieve: Sieve, columns: Columns, blank: Bools) -> None:
    """Set aside, as normal, rows without a date of orders that were closed or not paid, and those of zero."""
    rows, amounts, column = sieve.rows, sieve.amounts, columns.fields["date"]
    for at, kind in columns.meanings.items():
        if kind == "status" and (blank & sieve.kept).any():
            text = rows.texts[at]
            values = [(value, 1) for value in text.unique().drop_nulls().to_list()]
            dead = text.is_in(odd_values("status", values, rows.header(at))).fill_null(False).to_numpy()
            sieve.grouped(
                blank & dead, column, text, lambda v, n, _: reasons.ClosedUndated(value=v, count=n, cells=rows.wide)
            )
    zero = blank & amounts.readable & (amounts.micros == 0)
    sieve.as_one(zero, column, "", reasons.ZeroUndated, cells=rows.wide)


def _sift_period(sieve: Sieve, columns: Columns, days: Days, span: DateBounds) -> None:
    outside = np.zeros(len(days), bool)
    if span.start is not None:
        outside |= days < np.datetime64(span.start, "D")
    if span.end is not None:
        outside |= days > np.datetime64(span.end, "D")
    if not outside.any():
        return
    column = columns.fields.get("date", min(columns.cells, default=0))
    years = pl.Series(days.astype("datetime64[Y]").astype(np.int64) + 1970)
    start, end, cells = span.start, span.end, sieve.rows.wide
    usual = _years_of_a_ledger(years.filter(pl.Series(outside)), span, int((~outside & ~np.isnat(days)).sum()))

    def fault(year: str, count: int, _: int) -> Fault:
        kind = reasons.OtherYear if int(year) in usual else reasons.OutsidePeriod
        return kind(year=int(year), count=count, cells=cells, start=start, end=end)

    sieve.grouped(outside, column, years, fault, by_amount=False)


def _years_of_a_ledger(outside: pl.Series, span: DateBounds, inside: int) -> set[int]:
    """The years outside the period that a ledger of several years has beside it, without a gap; else a date is wrong.

    A few rows among very many are rather typed wrongly, as 2025 is in January.
    """
    if span.start is None or span.end is None or not inside:
        return set()
    counts = dict(zip(*outside.value_counts().get_columns(), strict=True))
    body = {year for year, count in counts.items() if count >= BODY * inside}
    usual: set[int] = set()
    for year, step in ((span.start.year, -1), (span.end.year, 1)):
        year += 0 if year in body else step
        while year in body:
            usual.add(year)
            year += step
    return usual
