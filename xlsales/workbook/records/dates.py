"""Dates as people type them, read as meant: days, months that stand for their last day, Excel serials."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.workbook.records.date_text import Span as Span
from xlsales.workbook.records.date_text import Stamp as Stamp
from xlsales.workbook.records.date_text import day_of, without_time
from xlsales.workbook.records.date_text import read_stamp as read_stamp

NOT_A_DATE = np.datetime64("NaT", "D")

Order = Literal["dmy", "mdy", "swap", "ymd"]
"""How people told a column's dates: day or month first in texts, or day and month swapped in true dates."""

SWAPPED = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
SHORT = r"(?:\d{1,2}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{1,2}|\d{1,2}\.\d{1,2}\.\d{1,2}|\d{1,2}[-/]\d{1,2})"
"""Dates whose year has two figures, or that have none: `26-1-11`, `1/20`."""
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})[-/](\d{1,2})")
_EARLIER, _ANY_YEARS = 5, (2016, 2035)
"""A year of two figures is so many years before the plan's first, at most; of these where there is no plan."""
_SWAPPED = re.compile(SWAPPED)
_ISO = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?)?$"
_CLOCK_TAIL = r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(\+0[1-9]:?\d{2})?$"


def read_days(
    texts: pl.Series, span: Span, date1904: bool = False, order: Order | None = None
) -> NDArray[np.datetime64]:
    """Read a column of dates, of any kind: datetime64[D] per row, NaT where blank or not readable.

    `order`: what people told of day and month.
    """
    if texts.dtype.is_temporal():
        if order == "swap":
            texts = _back(texts.cast(pl.Date, strict=False))
        return texts.cast(pl.Date, strict=False).to_numpy().astype("datetime64[D]")
    if texts.dtype != pl.String:
        texts = texts.cast(pl.String).str.strip_suffix(".0")
    known = texts.unique().drop_nulls()
    if known.len() > 10_000:  # many clock times: a day's rows differ in nothing else
        texts = texts.str.replace(_CLOCK_TAIL, "")
        known = texts.unique().drop_nulls()
    iso = known.str.contains(_ISO)
    days = known.str.slice(0, 10).set(~iso, None).str.to_date("%Y-%m-%d", strict=False)
    odd = known.filter(days.is_null()).to_list()
    days = _back(days) if order == "swap" else days
    told = pl.Series([*_read_odd(odd, span, date1904, order)], dtype=pl.Date)
    reading = pl.concat([days.drop_nulls(), told])
    found = pl.concat([known.filter(days.is_not_null()), pl.Series(odd, dtype=pl.String)])
    if not found.len():
        return np.full(texts.len(), NOT_A_DATE)
    rows = texts.replace_strict(found, reading, default=None, return_dtype=pl.Date)
    return rows.to_numpy().astype("datetime64[D]")


def _back(days: pl.Series) -> pl.Series:
    """Dates with day and month swapped back, where they can be."""
    day = pl.col("day")
    other = pl.date(day.dt.year(), pl.when(day.dt.day() <= 12).then(day.dt.day()), day.dt.month())
    return pl.DataFrame({"day": days}).select(pl.coalesce(other, day)).to_series()


def _read_odd(texts: list[str], span: Span, date1904: bool, order: Order | None = None) -> Iterable[dt.date | None]:
    """Read dates that are not plain ISO. `5/1/2026` is read where the column itself tells the order."""
    swapped = [_SWAPPED.fullmatch(without_time(text.strip())) for text in texts]
    parts = [(int(m[1]), int(m[2]), int(m[3])) for m in swapped if m]
    day_first, month_first = any(a > 12 for a, _, _ in parts), any(b > 12 for _, b, _ in parts)
    if order in ("dmy", "mdy"):
        day_first, month_first = order == "dmy", order == "mdy"
    short = {text: values for text in texts if (values := _short_parts(text)) is not None}
    meant = _short_days(short, span, order)
    for text, match in zip(texts, swapped, strict=True):
        if text in short:
            yield meant.get(text)
        elif match is None:
            stamp = read_stamp(text, date1904)
            yield stamp.date(span) if stamp else None
        elif day_first == month_first:
            yield None
        else:
            a, b, year = int(match[1]), int(match[2]), int(match[3])
            yield day_of(year, b, a) if day_first else day_of(year, a, b)


def _short_parts(text: str) -> tuple[int, ...] | None:
    found = _SHORT.fullmatch(without_time(text.strip().lstrip("'")))
    return tuple(int(part) for part in found.groups() if part and part.isdigit()) if found is not None else None


def _short_days(short: Mapping[str, tuple[int, ...]], span: Span, told: Order | None) -> dict[str, dt.date]:
    """Read dates whose year is short or not there, where just one order makes days of all of them, or one is told."""
    found: dict[str, dt.date] = {}
    known: tuple[tuple[int, tuple[str, ...]], ...] = ((3, ("ymd", "dmy", "mdy")), (2, ("md", "dm")))
    for size, orders in known:
        parts = {text: values for text, values in short.items() if len(values) == size}
        if told in ("dmy", "mdy", "ymd"):
            orders = (told,) if size == 3 else ("dm",) if told == "dmy" else ("md",)
        readings = [{text: _short_day(values, order, span) for text, values in parts.items()} for order in orders]
        whole = [days for days in readings if parts and all(day is not None for day in days.values())]
        if len(whole) == 1 or (whole and all(days == whole[0] for days in whole)):
            found |= {text: day for text, day in whole[0].items() if day is not None}
    return found


def _short_day(values: tuple[int, ...], order: str, span: Span) -> dt.date | None:
    of = dict(zip(order, values, strict=True))
    year = span.year_of(of["m"], of["d"]) if "y" not in of else 2000 + of["y"]
    if year is None:
        return None
    first, last = _ANY_YEARS
    if span.start is not None and span.end is not None:
        first, last = span.start.year - _EARLIER, span.end.year
    return day_of(year, of["m"], of["d"]) if first <= year <= last else None
