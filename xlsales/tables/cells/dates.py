"""Dates as people type them, read as meant: days, months that mean their last day, Excel serials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.tables.cells.short_dates import Order as Order
from xlsales.tables.cells.short_dates import short_days
from xlsales.values.date_text import DateBounds as DateBounds
from xlsales.values.date_text import Stamp as Stamp
from xlsales.values.date_text import day_of, without_time
from xlsales.values.date_text import read_stamp as read_stamp

NOT_A_DATE = np.datetime64("NaT", "D")

SWAPPED = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_SWAPPED = expression(SWAPPED)
_ISO = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?)?$"
_CLOCK_TAIL = r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(\+0[1-9]:?\d{2})?$"


def read_days(
    texts: pl.Series, span: DateBounds, date1904: bool = False, order: Order | None = None
) -> NDArray[np.datetime64]:
    """Read a column of dates, of any kind: datetime64[D] per row, NaT if blank or not readable.

    `order`: the order of day and month in Column mapping.
    """
    if texts.dtype.is_temporal():
        if order == "swap":
            texts = _swap_back(texts.cast(pl.Date, strict=False))
        return texts.cast(pl.Date, strict=False).to_numpy().astype("datetime64[D]")
    if texts.dtype != pl.String:
        texts = texts.cast(pl.String).str.strip_suffix(".0")
    different = texts.unique().drop_nulls()
    if different.len() > 10_000:  # many clock times: a day's rows differ in nothing else
        texts = texts.str.replace(_CLOCK_TAIL, "")
        different = texts.unique().drop_nulls()
    iso = different.str.contains(_ISO)
    days = different.str.slice(0, 10).set(~iso, None).str.to_date("%Y-%m-%d", strict=False)
    odd = different.filter(days.is_null()).to_list()
    days = _swap_back(days) if order == "swap" else days
    odd_days = pl.Series([*_read_odd(odd, span, date1904, order)], dtype=pl.Date)
    reading = pl.concat([days.drop_nulls(), odd_days])
    readable = pl.concat([different.filter(days.is_not_null()), pl.Series(odd, dtype=pl.String)])
    if not readable.len():
        return np.full(texts.len(), NOT_A_DATE)
    rows = texts.replace_strict(readable, reading, default=None, return_dtype=pl.Date)
    return rows.to_numpy().astype("datetime64[D]")


def _swap_back(days: pl.Series) -> pl.Series:
    """Dates with day and month swapped back, if they can be."""
    day = pl.col("day")
    other = pl.date(day.dt.year(), pl.when(day.dt.day() <= 12).then(day.dt.day()), day.dt.month())
    return pl.DataFrame({"day": days}).select(pl.coalesce(other, day)).to_series()


def _read_odd(
    texts: list[str], span: DateBounds, date1904: bool, order: Order | None = None
) -> Iterable[dt.date | None]:
    """Read dates that are not plain ISO. `5/1/2026` is read if the column itself shows the order."""
    swapped = [_SWAPPED.fullmatch(without_time(text.strip())) for text in texts]
    parts = [(int(m[1]), int(m[2]), int(m[3])) for m in swapped if m]
    day_first, month_first = any(a > 12 for a, _, _ in parts), any(b > 12 for _, b, _ in parts)
    if order in ("dmy", "mdy"):
        day_first, month_first = order == "dmy", order == "mdy"
    short = short_days(texts, span, order)
    for text, match in zip(texts, swapped, strict=True):
        if text in short:
            yield short[text]
        elif match is None:
            stamp = read_stamp(text, date1904)
            yield stamp.date(span) if stamp else None
        elif day_first == month_first:
            yield None
        else:
            a, b, year = int(match[1]), int(match[2]), int(match[3])
            yield day_of(year, b, a) if day_first else day_of(year, a, b)
