"""Exact sums of records: whole micros, never through floats."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xlsales.tables.reading import Records


def by_day(records: Records, first: dt.date, n_days: int) -> NDArray[np.int64]:
    """Micros of each day from `first` on; records outside those days are left out."""
    at = _day_numbers(records, first)
    inside = (at >= 0) & (at < n_days)
    sums = np.zeros(n_days, np.int64)
    np.add.at(sums, at[inside], records.micros[inside])
    return sums


def by_member_period(
    records: Records, dimension: str, n_members: int, first: dt.date, period_of_day: NDArray[np.integer], n_periods: int
) -> NDArray[np.int64]:
    """Micros of each member (rows) in each period (columns).

    `period_of_day[i]` is the period of the i-th day from `first`, negative for none. Rows of no member are left out.
    """
    at = _day_numbers(records, first)
    inside = (at >= 0) & (at < len(period_of_day))
    periods = period_of_day[at[inside]]
    codes, micros = records.codes[dimension][inside], records.micros[inside]
    kept = (periods >= 0) & (codes >= 0)
    sums = np.zeros(n_members * n_periods, np.int64)
    np.add.at(sums, codes[kept].astype(np.int64) * n_periods + periods[kept], micros[kept])
    return sums.reshape(n_members, n_periods)


def _day_numbers(records: Records, first: dt.date) -> NDArray[np.int64]:
    return (records.day - np.datetime64(first, "D")).astype(np.int64)
